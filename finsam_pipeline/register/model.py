"""One association's configuration as typed values.

Belongs here: what the configuration says. Does not: reading files (load.py), any data.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from finsam_pipeline.contracts.folding import fold


class PeriodKind(StrEnum):
    """How often the association reports."""

    HALF_YEAR = "half_year"
    TERTIAL = "tertial"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Member:
    """A member and its agreed share of the contributions (0-1). `id` is the line_id of its contribution line."""

    id: str
    name: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How one printed table looks: column order, sign of the difference, unit."""

    columns: tuple[str, ...]  # outcome | budget | difference in order
    difference: str  # outcome_minus_budget | budget_minus_outcome
    unit: str  # tkr | kr


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """The layouts in force from `valid_from`."""

    valid_from: dt.date
    income_statement: TableLayout
    intervention_budget: TableLayout


@dataclass(frozen=True, slots=True)
class Intervention:
    """One insats of the register. `ledger_objects` are `dimension:object`."""

    id: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    orientation: str  # individual | structural
    esf: bool
    settled: bool
    count_basis: str  # interval | event | started
    starts_on: dt.date | None
    ends_on: dt.date | None
    ledger_objects: tuple[str, ...]
    order: int

    def active_in(self, first: dt.date, last: dt.date) -> bool:
        """Whether starts_on-ends_on overlaps the days first-last, both included."""
        return (self.starts_on is None or self.starts_on <= last) and (self.ends_on is None or self.ends_on >= first)


@dataclass(frozen=True, slots=True)
class Target:
    """A year's target of one measure, in one intervention or (intervention_id empty) in all individual ones together.

    A target is a count, or percent where the measure is a share (`load.SHARES`).
    """

    year: int
    intervention_id: str
    measure: str
    target: int


@dataclass(frozen=True, slots=True)
class Goals:
    """From how many percent of its target a goal is met, and from how many it is near."""

    met: int = 100
    near: int = 90


@dataclass(frozen=True, slots=True)
class CostKind:
    """A range of accounts that is one kind of cost; the first range that holds an account decides."""

    kind: str
    label: str
    account_from: str
    account_to: str


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A range of accounts that stands on one line of the balance sheet; the first range that holds an account decides."""

    line_id: str
    label: str
    side: str  # asset | equity | liability
    account_from: str
    account_to: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A row of the income statement; `sum_of` holds (sign, line_id)."""

    valid_from: dt.date
    order: int
    line_id: str
    label: str
    kind: str  # section | line | subtotal | total | result | memo
    block: str
    sum_of: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class LineRule:
    """Which voucher rows land on which line; None or empty matches anything."""

    priority: int
    line_id: str
    account_from: str
    account_to: str
    objects: tuple[str, ...]
    orientation: str
    settled: bool | None
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    list: str
    code: str
    label: str
    aliases: tuple[str, ...]
    group: str
    order: int


@dataclass(frozen=True, slots=True)
class Register:
    """All of one association's configuration. `fingerprint` is the SHA-256 over its files' names and bytes."""

    id: str
    name: str
    organisation_number: str
    period_kind: PeriodKind
    chart_of_accounts: str  # bas | kommun-bas
    members: tuple[Member, ...]
    interventions: tuple[Intervention, ...]
    targets: tuple[Target, ...]
    report_lines: tuple[ReportLine, ...]
    line_rules: tuple[LineRule, ...]
    codes: dict[str, tuple[Code, ...]]
    report_layouts: tuple[ReportLayout, ...]
    budget_versions: dict[str, dict[str, str]]  # period -> {income_statement: V, intervention_budget: V}
    counts_from: tuple[str, ...]
    coverage: dict[str, str]  # source -> "year"
    goals: Goals = Goals()
    cost_kinds: tuple[CostKind, ...] = ()  # empty: those of the chart of accounts
    balance_lines: tuple[BalanceLine, ...] = ()  # empty: those of the chart of accounts
    settings: dict[str, Any] = field(default_factory=dict)  # expected, retention, archive, disclosure, report, alerts
    logo: bytes = field(default=b"", repr=False)  # the file that report.logo names: PNG or JPEG
    fingerprint: str = ""

    def intervention_by_name(self) -> dict[str, str]:
        """Folded id, name, short_name and aliases -> intervention_id."""
        return {fold(text): i.id for i in self.interventions for text in (i.id, i.name, i.short_name, *i.aliases) if text}

    def code_by_name(self, code_list: str) -> dict[str, str]:
        """Folded code, label and aliases of one list -> code. Empty when the association has no such list."""
        return {fold(text): c.code for c in self.codes.get(code_list, ()) for text in (c.code, c.label, *c.aliases) if text}

    def intervention_by_object(self) -> dict[str, str]:
        """`dimension:object` -> intervention_id."""
        return {o: i.id for i in self.interventions for o in i.ledger_objects}
