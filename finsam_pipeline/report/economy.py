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
from finsam_pipeline.report.origin import Origins, by_measure, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from finsam_pipeline.register.model import TableLayout
    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering

STATEMENT, PER_INTERVENTION = "economy/income_statement", "economy/intervention_budget"
_IN_TKR = "avrundat till tkr"
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
        return known(paid, origin("economy/financing", "outcome_kr", how=_IN_TKR))

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
        how = f"utan avräknade insatser, {_IN_TKR}"
        return known(outcome - self.settled_in(line["line_id"]), origin(STATEMENT, "outcome_kr", how=how, **_line(line)))

    def printed(self, line: Mapping[str, Any] | None, column: str) -> Decimal | None:
        """An amount of a line in kronor, with the origin of the same in tkr."""
        return known(line[f"{column}_kr"], origin(STATEMENT, f"{column}_tkr", **_line(line))) if line else None

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
    out = _result(money)
    if money.contributed is not None:
        out.append(sentences.contributions(money.contributed))
    opening, closing = (
        known((money.equity or {}).get(measure), origin("economy/equity", measure, how=_IN_TKR))
        for measure in ("opening_kr", "closing_kr")
    )
    out.append(sentences.equity(opening, closing, wording.day(facts.period.last)))
    return [sentence for sentence in out if sentence]


def exact_sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are figures; None when none is."""
    given = [v for v in values if v is not None]
    return sum(given, Decimal(0)) if given else None


def _result(money: Economy) -> list[str]:
    income, cost, result = (money.line(*which) for which in (("total", "income"), ("total", "cost"), ("result",)))
    text = sentences.result(
        *(money.printed(line, "outcome") for line in (income, cost)), *(money.printed(result, c) for c in ("outcome", "budget"))
    )
    settled = [money.facts.name(i) for i in money.settled_ids] if money.settled_kr else []
    more = (
        sentences.beside_budget(*(money.printed(line, "difference") for line in (income, cost))),
        sentences.without_settled(settled, money.net(income or {}), money.net(cost or {})),
    )
    return [*text, *filter(None, more)]


def _outcome(money: Economy, numbering: Numbering) -> Section:
    facts = money.facts
    if not money.statement:
        return Section("utfall", "Utfall")
    layout = facts.income_layout
    rows = tuple(
        Row(
            (r["label"], *_statement_cells(r, layout)),
            RowKind(r["kind"]),
            _blank(r["kind"]),
            _statement_origins(r, layout),
        )
        for r in money.statement
    )
    columns = (Column("Post", Format.TEXT), *_columns(layout, "Differens", facts))
    caption = f"Resultaträkning, {facts.words}"
    notes = (f"Differens = {_FORMULAS[layout.difference]}. Varje tal är avrundat för sig från kronor.", *_settled_note(facts))
    table = Table("resultatrakning", caption, columns, rows, numbering.table(), notes)
    return Section(
        "utfall", f"Resultat {facts.words}", (Paragraph(" ".join(_result(money))), table) if _result(money) else (table,)
    )


def _statement_cells(row: dict[str, Any], layout: TableLayout) -> tuple[int | None, ...]:
    sign = 1 if layout.difference == "outcome_minus_budget" else -1
    unplanned = row["kind"] == "line" and row["difference_kr"] is None and not row["budget_kr"]  # settled: a dash, not 0

    def cell(column: str) -> int | None:
        if column == "budget" and unplanned:
            return None
        value = row[f"{column}_tkr"] if layout.unit == "tkr" else kr(row[f"{column}_kr"])
        return value if value is None or column != "difference" else sign * value

    return tuple(cell(column) for column in layout.columns)


def _statement_origins(row: dict[str, Any], layout: TableLayout) -> Origins:
    return _origins(STATEMENT, layout, layout.unit, **_line(row))


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"line_order": row["line_order"], "line_id": row["line_id"]}


def _origins(mart: str, layout: TableLayout, unit: str, **where: object) -> Origins:
    turned = "med omvänt tecken: " + _FORMULAS[layout.difference] if layout.difference != "outcome_minus_budget" else ""
    rounded = f"avrundat till {layout.unit}" if (unit, layout.unit) != ("tkr", "tkr") else ""

    def how(column: str) -> str:
        return ", ".join(filter(None, (turned if column == "difference" else "", rounded)))

    return (None, *(origin(mart, f"{c}_{unit}", how=how(c), **where) for c in layout.columns))


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
    columns = (Column("Insats", Format.TEXT), *_columns(layout, "Avvikelse", facts))
    how = f"Avvikelse = {_FORMULAS[layout.difference]}. Summorna är räknade på öre och därefter avrundade."
    notes = (how, *_other_version(facts), *_silent(money))
    caption = f"Utfall mot budget per insats, {facts.words}"
    table = Table("insatsbudget", caption, columns, tuple(_intervention_rows(money, layout)), numbering.table(), notes)
    return Section("per-insats", "Utfall per insats", (*_deviations(money), table))


def _intervention_rows(money: Economy, layout: TableLayout) -> Iterator[Row]:
    """Rows and sums by orientation; settled interventions stand below the sum, which they would make unlike its difference."""

    def heading(text: str) -> Row:
        return Row((text, *[None] * len(layout.columns)), RowKind.SECTION, "")

    def line(row: dict[str, Any]) -> Row:
        return Row((money.facts.name(row["intervention_id"]), *_money_cells([row], layout)), origins=origins([row]))

    def origins(rows: list[dict[str, Any]]) -> Origins:
        ids = [r["intervention_id"] for r in rows]
        return _origins(PER_INTERVENTION, layout, "kr", orientation=_orientations(rows), intervention_id=ids)

    shown = [r for r in money.interventions if r["outcome_kr"] or r["budget_kr"]]
    borne = [r for r in shown if r["intervention_id"] not in money.settled_ids]
    settled = [r for r in shown if r["intervention_id"] in money.settled_ids]
    for orientation, words in wording.ORIENTATIONS.items():
        if own := [r for r in borne if r["orientation"] == orientation]:
            yield heading(words)
            yield from map(line, own)
            yield Row((f"Summa {words.lower()}", *_money_cells(own, layout)), RowKind.SUBTOTAL, origins=origins(own))
    yield Row(("Summa", *_money_cells(borne, layout)), RowKind.TOTAL, origins=origins(borne))
    if settled:
        yield heading("Avräknade insatser")
        yield from map(line, settled)
        both = [{**r, "difference_kr": None} for r in shown]
        yield Row(("Summa med avräknade insatser", *_money_cells(both, layout)), RowKind.SUBTOTAL, origins=origins(both))


def _orientations(rows: list[dict[str, Any]]) -> list[str]:
    return sorted({r["orientation"] for r in rows})


def _silent(money: Economy) -> tuple[str, ...]:
    """The interventions left out of the table because they have neither."""
    names = [money.facts.name(r["intervention_id"]) for r in money.interventions if not (r["outcome_kr"] or r["budget_kr"])]
    return (f"Utan utfall och budget under perioden: {wording.listed(names)}.",) if names else ()


def _other_version(facts: Facts) -> tuple[str, ...]:
    """That the two tables follow different versions of the budget, so that their budgets do not agree."""
    chosen = facts.register.budget_versions.get(facts.period.name, {})
    return ("Tabellen följer en annan budgetversion än resultaträkningen.",) if len(set(chosen.values())) > 1 else ()


def _money_cells(rows: list[dict[str, Any]], layout: TableLayout) -> tuple[int | None, ...]:
    """One printed row over mart rows: exact kronor summed, then rounded once; a settled row has no difference and no budget of 0."""
    sign = 1 if layout.difference == "outcome_minus_budget" else -1
    planned = any(r["difference_kr"] is not None or r["budget_kr"] for r in rows)
    unit: Callable[[Decimal | None], int | None] = kr if layout.unit == "kr" else tkr

    def cell(column: str) -> int | None:
        if column == "budget" and not planned:
            return None
        value = exact_sum(r[f"{column}_kr"] for r in rows)
        return unit(value if value is None or column != "difference" else sign * value)

    return tuple(cell(column) for column in layout.columns)


def _deviations(money: Economy) -> tuple[Block, ...]:
    rows = [r for r in money.interventions if r["difference_kr"] is not None]
    own = [(money.facts.name(r["intervention_id"]), _deviation([r])) for r in rows]
    if len(own) == 1:
        return (Paragraph(sentences.against_budget(own[0][1], own[0][0])),)
    total = sentences.against_budget(_deviation(rows), "insatserna tillsammans") if rows else ""
    text = " ".join(filter(None, (total, sentences.largest_deviations(own))))
    return (Paragraph(text),) if text else ()


def _deviation(rows: list[dict[str, Any]]) -> Decimal:
    """What interventions cost more than their budget, in kronor."""
    ids = [r["intervention_id"] for r in rows]
    where = origin(PER_INTERVENTION, "difference_kr", how=_IN_TKR, orientation=_orientations(rows), intervention_id=ids)
    return known(sum((r["difference_kr"] for r in rows), Decimal(0)), where)


def _costs(money: Economy, numbering: Numbering) -> Section:
    rows = [r for r in money.distribution if r["cost_kr"] is not None]
    total = known(exact_sum(r["cost_kr"] for r in rows), origin("economy/cost_distribution", "cost_kr", how=_IN_TKR))
    if not rows or total is None:
        return Section("kostnader", "Kostnadsfördelning")
    words = money.facts.words
    caption = f"Kostnadernas fördelning, {words}"
    columns = (
        Column("Kostnad", Format.TEXT),
        Column("Utfall", Format.AMOUNT, "tkr"),
        Column("Andel", Format.PERCENT_1, "procent"),
    )
    lines = tuple(
        Row(
            (wording.CATEGORIES[r["category"]], tkr(r["cost_kr"]), r["share_percent"]),
            origins=(
                None,
                origin("economy/cost_distribution", "cost_kr", how=_IN_TKR, category=r["category"]),
                origin("economy/cost_distribution", "share_percent", category=r["category"]),
            ),
        )
        for r in rows
    )
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
    rows = tuple(
        Row(
            (r["label"], r["amount_tkr"]),
            _FORECAST_KINDS.get(r["kind"], RowKind.LINE),
            origins=by_measure("economy/full_year_forecast", ("amount_tkr",), line_order=r["line_order"]),
        )
        for r in money.forecast
    )
    columns = (Column("Post", Format.TEXT), Column("Belopp", Format.AMOUNT, "tkr"))
    caption = f"Prognos för 12 månader, helåret {facts.period.first.year}"
    return Section(
        "prognos",
        f"Helårsprognos {facts.period.first.year}",
        (*_forecast_text(money), Table("prognos-tabell", caption, columns, rows)),
    )


def _forecast_text(money: Economy) -> tuple[Block, ...]:
    result, closing = (_forecast_amount(money, kind) for kind in ("result", "equity"))
    out = []
    if result is not None:
        out.append(f"Enligt prognosen blir årets resultat {sentences.surplus(result)}.")
    if closing is not None:
        out.append(f"Det egna kapitalet blir då {sentences.in_tkr(closing)} vid årets slut.")
    return (Paragraph(" ".join(out)),) if out else ()


def _forecast_amount(money: Economy, kind: str) -> Decimal | None:
    """The last line of a kind, in kronor."""
    found = [r for r in money.forecast if r["kind"] == kind and r["amount_tkr"] is not None]
    if not found:
        return None
    where = origin("economy/full_year_forecast", "amount_tkr", line_order=found[-1]["line_order"])
    return known(Decimal(found[-1]["amount_tkr"]) * 1000, where)
