"""The marts of one association and one period, as the report's builders ask for them.

Belongs here: filtering, labels and order from the register. Does not: sums, sentences, tables. A mart that is not there is
an empty one, so a report can always be made and says what it lacks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.contracts.types import NO_EXIT_REASON
from finsam_pipeline.register.model import Code, Intervention, Register, ReportLayout, ReportLine, TableLayout
from finsam_pipeline.register.periods import Period, parse_period
from finsam_pipeline.report import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_INCOME_STATEMENT = TableLayout(("outcome", "budget", "difference"), "outcome_minus_budget", "tkr")
_INTERVENTION_BUDGET = TableLayout(("outcome", "budget", "difference"), "outcome_minus_budget", "kr")


class Marts(Protocol):
    """One snapshot, however it is kept."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The snapshot's manifest.json."""

    def table(self, mart: str) -> pa.Table:
        """A mart by its path (`participants/participant_flow`), all associations. KeyError or FileNotFoundError when absent."""


@dataclass(frozen=True)
class Facts:
    """What one report may read: the marts cut to `register.id` and `period`, and the register's labels.

    `seen` is what every row goes through before anybody reads it: where small counts are to be hidden, it traces them.
    """

    marts: Marts
    register: Register
    period: Period
    seen: Callable[[str, list[dict[str, Any]]], list[dict[str, Any]]] | None = None

    @classmethod
    def of(cls, marts: Marts, register: Register, period: str) -> Facts:
        """The facts of the period of that name. ValueError when it is no period."""
        return cls(marts, register, parse_period(period))

    def rows(self, mart: str, *, every_period: bool = False) -> list[dict[str, Any]]:
        """The association's rows of a mart, in its order; those of the period only unless `every_period`."""
        try:
            table = self.marts.table(mart)
        except (KeyError, FileNotFoundError):
            return []
        keep = pc.equal(table["association"], self.register.id)
        if not every_period and "period" in table.column_names:
            keep = pc.and_(keep, pc.equal(table["period"], self.period.name))
        rows: list[dict[str, Any]] = table.filter(keep).to_pylist()
        return self.seen(mart, rows) if self.seen else rows

    @property
    def words(self) -> str:
        """The period in words."""
        return wording.period_words(self.period)

    @cached_property
    def interventions(self) -> dict[str, Intervention]:
        """The register by id, in its own order."""
        return {i.id: i for i in sorted(self.register.interventions, key=lambda i: (i.order, i.id))}

    def individual(self) -> list[Intervention]:
        """The individual interventions active in the period, in the register's order."""
        active = (i for i in self.interventions.values() if i.active_in(self.period.first, self.period.last))
        return [i for i in active if i.orientation == "individual"]

    def name(self, intervention_id: str | None) -> str:
        """An intervention's name, its id when the register no longer has it, a dash when there is none."""
        known = self.interventions.get(intervention_id or "")
        return known.name if known else intervention_id or "–"

    def short_name(self, intervention_id: str) -> str:
        """An intervention's short name, its name where it has none."""
        known = self.interventions.get(intervention_id)
        return (known.short_name or known.name) if known else intervention_id

    def exit_reasons(self, met: Iterable[str]) -> list[Code]:
        """The code list in its order, then what `met` holds besides: "Uppgift saknas", and codes the list has lost."""
        listed = sorted(self.register.codes.get("exit_reason", ()), key=lambda c: (c.order, c.code))
        labels = {NO_EXIT_REASON: wording.NO_EXIT_REASON}
        besides = sorted(set(met) - {c.code for c in listed})
        return listed + [Code("exit_reason", code, labels.get(code, code), (), "", 0) for code in besides]

    def labels(self, code_list: str) -> dict[str, str]:
        """Code -> label of a code list, in its order, and last what is stated of nobody."""
        codes = sorted(self.register.codes.get(code_list, ()), key=lambda c: (c.order, c.code))
        return {c.code: c.label for c in codes} | {"unknown": wording.STATES["unknown"]}

    def report_lines(self) -> dict[str, ReportLine]:
        """The lines in force at the period's end by line_id, in order."""
        past = [line for line in self.register.report_lines if line.valid_from <= self.period.last]
        newest = max((line.valid_from for line in past), default=None)
        return {line.line_id: line for line in sorted(past, key=lambda line: line.order) if line.valid_from == newest}

    def _layout(self) -> ReportLayout | None:
        past = [layout for layout in self.register.report_layouts if layout.valid_from <= self.period.last]
        return max(past, key=lambda layout: layout.valid_from, default=None)

    @property
    def income_layout(self) -> TableLayout:
        """The income statement's layout in force at the period's end."""
        layout = self._layout()
        return layout.income_statement if layout else _INCOME_STATEMENT

    @property
    def intervention_layout(self) -> TableLayout:
        """The intervention table's layout in force at the period's end."""
        layout = self._layout()
        return layout.intervention_budget if layout else _INTERVENTION_BUDGET

    @property
    def as_of(self) -> dt.date | None:
        """The day the association's figures stand for; the whole snapshot's where the manifest has none of its own."""
        own = (self.marts.manifest.get("associations") or {}).get(self.register.id) or {}
        text = own.get("as_of") or self.marts.manifest.get("as_of")
        return dt.date.fromisoformat(str(text)[:10]) if text else None

    @property
    def settled_names(self) -> tuple[str, ...]:
        """Settled interventions active in the period: gross in every outcome, left out of every difference."""
        active = (i for i in self.interventions.values() if i.active_in(self.period.first, self.period.last))
        return tuple(i.name for i in active if i.settled)
