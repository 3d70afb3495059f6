"""The economy marts of one report, and what its tables of outcome and budget have in common.

Belongs here: rows in the report's order, exact sums, columns and origins as the register's layouts ask. Does not: a section of the
report.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import wording
from finsam_pipeline.report.document import Column, Format
from finsam_pipeline.report.origin import Origins, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from finsam_pipeline.register.model import TableLayout
    from finsam_pipeline.report.facts import Facts

STATEMENT, PER_INTERVENTION = "economy/income_statement", "economy/intervention_budget"
IN_TKR = "avrundat till tkr"
FORMULAS = {"outcome_minus_budget": "utfall − budget", "budget_minus_outcome": "budget − utfall"}
_HEADINGS = {"outcome": "Utfall", "budget": "Budget"}


@dataclass(frozen=True)
class Economy:
    """The economy marts of one report."""

    facts: Facts

    @cached_property
    def statement(self) -> list[dict[str, Any]]:
        """economy/income_statement in line order."""
        return sorted(self.facts.rows(STATEMENT), key=lambda r: r["line_order"])

    @cached_property
    def interventions(self) -> list[dict[str, Any]]:
        """economy/intervention_budget in the register's order."""
        order = {i: n for n, i in enumerate(self.facts.interventions)}
        rows = self.facts.rows(PER_INTERVENTION)
        return sorted(rows, key=lambda r: (order.get(r["intervention_id"], len(order)), r["intervention_id"]))

    @cached_property
    def distribution(self) -> list[dict[str, Any]]:
        """economy/cost_distribution: individual, structural, office."""
        order = list(wording.CATEGORIES)
        return sorted(self.facts.rows("economy/cost_distribution"), key=lambda r: order.index(r["category"]))

    @cached_property
    def equity(self) -> dict[str, Any] | None:
        """The row of economy/equity."""
        rows = self.facts.rows("economy/equity")
        return rows[0] if rows else None

    @cached_property
    def forecast(self) -> list[dict[str, Any]]:
        """economy/full_year_forecast in line order."""
        return sorted(self.facts.rows("economy/full_year_forecast"), key=lambda r: r["line_order"])

    @property
    def contributed(self) -> Decimal | None:
        """The members' contributions in kronor, exact."""
        paid = exact_sum(r["outcome_kr"] for r in self.facts.rows("economy/financing"))
        return known(paid, origin("economy/financing", "outcome_kr", how=IN_TKR))

    @cached_property
    def settled_ids(self) -> tuple[str, ...]:
        """Settled interventions: gross in every outcome of the statement, in no difference."""
        return tuple(i.id for i in self.facts.interventions.values() if i.settled)

    @cached_property
    def settled_kr(self) -> dict[str, Decimal]:
        """line_id -> the outcome of settled interventions on it in kronor, with the statement's sign."""
        out: dict[str, Decimal] = {}
        blocks = {r["line_id"]: r["block"] for r in self.statement}
        first, last = (f"{day:%Y-%m}" for day in (self.facts.period.first, self.facts.period.last))
        for r in self.facts.rows("economy/ledger_month") if self.settled_ids else ():
            line = r["line_id"]
            if r["intervention_id"] in self.settled_ids and line in blocks and first <= r["month"] <= last:
                out[line] = out.get(line, Decimal(0)) + (-r["amount_kr"] if blocks[line] == "income" else r["amount_kr"])
        return out

    def settled_in(self, line_id: str) -> Decimal:
        """The outcome of settled interventions in one line of the statement, sums followed down to their lines."""
        line = self.facts.report_lines().get(line_id)
        parts = line.sum_of if line else ()
        return sum((sign * self.settled_in(part) for sign, part in parts), self.settled_kr.get(line_id, Decimal(0)))

    def net(self, line: Mapping[str, Any]) -> Decimal | None:
        """A line's outcome in kronor without settled interventions."""
        outcome: Decimal | None = line.get("outcome_kr")
        if outcome is None:
            return None
        how = f"utan avräknade insatser, {IN_TKR}"
        return known(outcome - self.settled_in(line["line_id"]), origin(STATEMENT, "outcome_kr", how=how, **line_key(line)))

    def printed(self, line: Mapping[str, Any] | None, column: str) -> Decimal | None:
        """An amount of a line in kronor, with the origin of the same in tkr."""
        return known(line[f"{column}_kr"], origin(STATEMENT, f"{column}_tkr", **line_key(line))) if line else None

    def line(self, kind: str, block: str = "") -> dict[str, Any] | None:
        """The last line of that kind (and block): the grand total where there are several."""
        found = [r for r in self.statement if r["kind"] == kind and block in ("", r["block"])]
        return found[-1] if found else None


def exact_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are figures; None when none is."""
    given = [v for v in values if v is not None]
    return sum(given, Decimal(0)) if given else None


def line_key(row: Mapping[str, Any]) -> dict[str, Any]:
    """The key of a statement line, as an origin names it."""
    return {"line_order": row["line_order"], "line_id": row["line_id"]}


def cell_origins(mart: str, layout: TableLayout, unit: str, **where: object) -> Origins:
    """Where the cells of a row come from, in the layout's columns; the first cell is a text."""
    turned = "med omvänt tecken: " + FORMULAS[layout.difference] if layout.difference != "outcome_minus_budget" else ""
    rounded = f"avrundat till {layout.unit}" if (unit, layout.unit) != ("tkr", "tkr") else ""

    def how(column: str) -> str:
        return ", ".join(filter(None, (turned if column == "difference" else "", rounded)))

    return (None, *(origin(mart, f"{c}_{unit}", how=how(c), **where) for c in layout.columns))


def amount_columns(layout: TableLayout, difference: str, facts: Facts) -> tuple[Column, ...]:
    """The layout's columns after the first: outcome and budget of the period, and what the difference is called."""
    months = wording.months(facts.period)
    return tuple(
        Column(difference, Format.AMOUNT, layout.unit)
        if c == "difference"
        else Column(f"{_HEADINGS[c]} {months}", Format.AMOUNT, layout.unit)
        for c in layout.columns
    )
