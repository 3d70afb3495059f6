"""The report's part on money: income statement, outcome against budget, cost distribution, forecast, contributions.

Every printed cell is one mart cell, or an exact sum of kronor where no mart holds the sum, rounded on its own; nothing is
added up from rounded figures. Columns, their order, the sign of the difference and the unit follow the register's layouts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import sentences, wording
from finsam_pipeline.report.document import (
    Block,
    ChartKind,
    Column,
    Figure,
    Format,
    Note,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
)
from finsam_pipeline.report.numbers import kr, tkr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from finsam_pipeline.register.model import TableLayout
    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering

_FORECAST_KINDS = {"total": RowKind.TOTAL, "result": RowKind.RESULT, "equity": RowKind.MEMO}
_HEADINGS = {"outcome": "Utfall", "budget": "Budget"}
_FORMULAS = {"outcome_minus_budget": "utfall − budget", "budget_minus_outcome": "budget − utfall"}


@dataclass(frozen=True)
class Economy:
    """The economy marts of one report."""

    facts: Facts

    @cached_property
    def statement(self) -> list[dict[str, Any]]:
        """economy/income_statement in line order."""
        return sorted(self.facts.rows("economy/income_statement"), key=lambda r: r["line_order"])

    @cached_property
    def interventions(self) -> list[dict[str, Any]]:
        """economy/intervention_budget in the register's order."""
        order = {i: n for n, i in enumerate(self.facts.interventions)}
        rows = self.facts.rows("economy/intervention_budget")
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
        return exact_sum(r["outcome_kr"] for r in self.facts.rows("economy/financing"))

    @cached_property
    def settled(self) -> frozenset[str]:
        """Settled interventions: gross in every outcome of the statement, in no difference."""
        return frozenset(i.id for i in self.facts.interventions.values() if i.settled)

    @cached_property
    def settled_kr(self) -> dict[str, Decimal]:
        """line_id -> the outcome of settled interventions on it in kronor, with the statement's sign."""
        out: dict[str, Decimal] = {}
        blocks = {r["line_id"]: r["block"] for r in self.statement}
        months = {f"{m:%Y-%m}" for m in self.facts.period.month_starts()}
        for r in self.facts.rows("economy/ledger_month"):
            line = r["line_id"]
            if r["intervention_id"] in self.settled and line in blocks and r["month"] in months:
                out[line] = out.get(line, Decimal(0)) + (-r["amount_kr"] if blocks[line] == "income" else r["amount_kr"])
        return out

    def settled_in(self, line_id: str) -> Decimal:
        """The outcome of settled interventions in one line of the statement, sums followed down to their lines."""
        line = self.facts.report_lines().get(line_id)
        parts = line.sum_of if line else ()
        return sum((sign * self.settled_in(part) for sign, part in parts), self.settled_kr.get(line_id, Decimal(0)))

    def line(self, kind: str, block: str = "") -> dict[str, Any] | None:
        """The last line of that kind (and block): the grand total where there are several."""
        found = [r for r in self.statement if r["kind"] == kind and block in ("", r["block"])]
        return found[-1] if found else None


def section(facts: Facts, numbering: Numbering) -> Section:
    """The whole part; a note in its place when no economy mart has the period."""
    money = Economy(facts)
    if not (money.statement or money.interventions or money.distribution):
        return Section("ekonomi", "Ekonomi", (Note(f"Det finns inga ekonomiska uppgifter för {facts.words}.", attention=True),))
    parts = (_outcome(money, numbering), _per_intervention(money, numbering), _costs(money, numbering), _forecast(money))
    return Section("ekonomi", "Ekonomi", (), tuple(part for part in parts if not part.empty))


def summary(facts: Facts) -> list[str]:
    """The part's sentences for the summary."""
    money = Economy(facts)
    if not money.statement:
        return [f"Ekonomiska uppgifter saknas för {facts.words}."]
    equity = money.equity or {}
    out = _result(money)
    if money.contributed is not None:
        out.append(sentences.contributions(money.contributed))
    out.append(sentences.equity(equity.get("opening_kr"), equity.get("closing_kr"), wording.day(facts.period.last)))
    return [sentence for sentence in out if sentence]


def exact_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are figures; None when none is."""
    given = [v for v in values if v is not None]
    return sum(given, Decimal(0)) if given else None


def _result(money: Economy) -> list[str]:
    none: dict[str, Decimal | None] = {}
    income, cost, result = (money.line(*which) or none for which in (("total", "income"), ("total", "cost"), ("result",)))
    return sentences.result(income.get("outcome_kr"), cost.get("outcome_kr"), result.get("outcome_kr"), result.get("budget_kr"))


def _outcome(money: Economy, numbering: Numbering) -> Section:
    facts = money.facts
    if not money.statement:
        return Section("utfall", "Utfall")
    layout = facts.income_layout
    rows = tuple(Row((r["label"], *_statement_cells(r, layout)), RowKind(r["kind"]), _blank(r["kind"])) for r in money.statement)
    columns = (Column("Post", Format.TEXT), *_columns(layout, "Differens", facts))
    caption = f"Resultaträkning, {facts.words}"
    notes = (f"Differens = {_FORMULAS[layout.difference]}. Varje tal är avrundat för sig från kronor.", *_settled_note(facts))
    table = Table("resultatrakning", caption, columns, rows, numbering.table(), notes)
    return Section(
        "utfall", f"Resultat {facts.words}", (Paragraph(" ".join(_result(money))), table) if _result(money) else (table,)
    )


def _statement_cells(row: dict[str, Any], layout: TableLayout) -> tuple[int | None, ...]:
    sign = 1 if layout.difference == "outcome_minus_budget" else -1

    def cell(column: str) -> int | None:
        value = row[f"{column}_tkr"] if layout.unit == "tkr" else kr(row[f"{column}_kr"])
        return value if value is None or column != "difference" else sign * value

    return tuple(cell(column) for column in layout.columns)


def _blank(kind: str) -> str:
    """Headings and memo lines have no figures to miss; a dash would say there should be one."""
    return "" if kind in {"section", "memo"} else "–"


def _columns(layout: TableLayout, difference: str, facts: Facts) -> tuple[Column, ...]:
    months = wording.months(facts.period)
    return tuple(
        Column(difference, Format.AMOUNT, layout.unit)
        if c == "difference"
        else Column(f"{_HEADINGS[c]} {months}", Format.AMOUNT, layout.unit)
        for c in layout.columns
    )


def _settled_note(facts: Facts) -> tuple[str, ...]:
    names = facts.settled_names
    return (f"Avräknas och ingår därför i utfallet men inte i differensen: {wording.listed(names)}.",) if names else ()


def _per_intervention(money: Economy, numbering: Numbering) -> Section:
    facts, layout = money.facts, money.facts.intervention_layout
    if not money.interventions:
        return Section("per-insats", "Utfall per insats")
    rows: list[Row] = []
    for orientation, heading in wording.ORIENTATIONS.items():
        own = [r for r in money.interventions if r["orientation"] == orientation]
        if own:
            rows.append(Row((heading, *[None] * len(layout.columns)), RowKind.SECTION, ""))
            rows += [Row((facts.name(r["intervention_id"]), *_money_cells([r], layout))) for r in own]
            rows.append(Row((f"Summa {heading.lower()}", *_money_cells(own, layout)), RowKind.SUBTOTAL))
    rows.append(Row(("Summa", *_money_cells(money.interventions, layout)), RowKind.TOTAL))
    columns = (Column("Insats", Format.TEXT), *_columns(layout, "Avvikelse", facts))
    notes = (
        f"Avvikelse = {_FORMULAS[layout.difference]}. Summorna är räknade på öre och därefter avrundade.",
        *_settled_note(facts),
    )
    caption = f"Utfall mot budget per insats, {facts.words}"
    table = Table("insatsbudget", caption, columns, tuple(rows), numbering.table(), notes)
    return Section("per-insats", "Utfall per insats", (*_deviations(money), table))


def _money_cells(rows: list[dict[str, Any]], layout: TableLayout) -> tuple[int | None, ...]:
    """One printed row over mart rows: exact kronor summed, then rounded once; a settled row has no difference to add."""
    sign = 1 if layout.difference == "outcome_minus_budget" else -1
    unit: Callable[[Decimal | None], int | None] = kr if layout.unit == "kr" else tkr

    def cell(column: str) -> int | None:
        value = exact_sum(r[f"{column}_kr"] for r in rows)
        return unit(value if value is None or column != "difference" else sign * value)

    return tuple(cell(column) for column in layout.columns)


def _deviations(money: Economy) -> tuple[Block, ...]:
    own = [
        (money.facts.name(r["intervention_id"]), r["difference_kr"])
        for r in money.interventions
        if r["difference_kr"] is not None
    ]
    total = sentences.against_budget(exact_sum(d for _, d in own), "insatserna tillsammans")
    text = " ".join(filter(None, (total, sentences.largest_deviations(own))))
    return (Paragraph(text),) if text else ()


def _costs(money: Economy, numbering: Numbering) -> Section:
    rows = [r for r in money.distribution if r["cost_kr"] is not None]
    total = exact_sum(r["cost_kr"] for r in rows)
    if not rows or total is None:
        return Section("kostnader", "Kostnadsfördelning")
    words = money.facts.words
    caption = f"Kostnadernas fördelning, {words}"
    columns = (
        Column("Kostnad", Format.TEXT),
        Column("Utfall", Format.AMOUNT, "tkr"),
        Column("Andel", Format.PERCENT_1, "procent"),
    )
    lines = tuple(Row((wording.CATEGORIES[r["category"]], tkr(r["cost_kr"]), r["share_percent"])) for r in rows)
    table = Table("kostnadsfordelning-tal", caption, columns, lines)
    alt = f"Liggande stapeldiagram över {sentences.in_tkr(total)} i {len(rows)} delar, med belopp och andel i procent."
    figure = Figure("kostnadsfordelning", caption, alt, ChartKind.SHARES, table, numbering.figure())
    settled = (
        f" Avräknade insatser ({wording.listed(money.facts.settled_names)}) ingår inte." if money.facts.settled_names else ""
    )
    return Section(
        "kostnader",
        "Kostnadsfördelning",
        (Paragraph(f"Fördelningen gäller kostnader på {sentences.in_tkr(total)}.{settled}"), figure),
    )


def _forecast(money: Economy) -> Section:
    facts = money.facts
    if not money.forecast:
        return Section("prognos", "Helårsprognos")
    rows = tuple(Row((r["label"], r["amount_tkr"]), _FORECAST_KINDS.get(r["kind"], RowKind.LINE)) for r in money.forecast)
    columns = (Column("Post", Format.TEXT), Column("Belopp", Format.AMOUNT, "tkr"))
    caption = f"Prognos för 12 månader, helåret {facts.period.first.year}"
    return Section(
        "prognos",
        f"Helårsprognos {facts.period.first.year}",
        (*_forecast_text(money), Table("prognos-tabell", caption, columns, rows)),
    )


def _forecast_text(money: Economy) -> tuple[Block, ...]:
    by_kind = {r["kind"]: r["amount_tkr"] for r in money.forecast}
    result, closing = by_kind.get("result"), by_kind.get("equity")
    out = []
    if result is not None:
        out.append(f"Enligt prognosen blir årets resultat {sentences.surplus(Decimal(result) * 1000)}.")
    if closing is not None:
        out.append(f"Det egna kapitalet blir då {sentences.in_tkr(Decimal(closing) * 1000)} vid årets slut.")
    return (Paragraph(" ".join(out)),) if out else ()
