"""The report's part on money: income statement, outcome against budget, cost distribution, forecast, contributions.

Every printed cell is one mart cell, or an exact sum of kronor where no mart holds the sum, rounded on its own; nothing is
added up from rounded figures. Columns, their order, the sign of the difference and the unit follow the register's layouts.

Belongs here: the whole part, its sentences for the summary, the statement. Does not: its other sections (`intervention_costs`,
`spending`), how the marts are read (`money`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import intervention_costs, sentences, spending, wording
from finsam_pipeline.report.document import Column, Format, Note, Paragraph, Row, RowKind, Section, Table
from finsam_pipeline.report.money import FORMULAS, IN_TKR, STATEMENT, Economy, amount_columns, cell_origins, line_key
from finsam_pipeline.report.numbers import kr
from finsam_pipeline.report.origin import Origins, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from finsam_pipeline.register.model import TableLayout
    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering


def section(facts: Facts, numbering: Numbering) -> Section:
    """The whole part; a note in its place when no economy mart has the period."""
    money = Economy(facts)
    if not (money.statement or money.interventions or money.distribution):
        return Section("ekonomi", "Ekonomi", (Note(f"Det finns inga ekonomiska uppgifter för {facts.words}.", attention=True),))
    parts = (
        _outcome(money, numbering),
        intervention_costs.section(money, numbering),
        spending.costs(money, numbering),
        spending.forecast(money),
    )
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
        known((money.equity or {}).get(measure), origin("economy/equity", measure, how=IN_TKR))
        for measure in ("opening_kr", "closing_kr")
    )
    out.append(sentences.equity(opening, closing, wording.day(facts.period.last)))
    return [sentence for sentence in out if sentence]


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
    columns = (Column("Post", Format.TEXT), *amount_columns(layout, "Differens", facts))
    caption = f"Resultaträkning, {facts.words}"
    notes = (f"Differens = {FORMULAS[layout.difference]}. Varje tal är avrundat för sig från kronor.", *_settled_note(facts))
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
    return cell_origins(STATEMENT, layout, layout.unit, **line_key(row))


def _blank(kind: str) -> str:
    """Headings and memo lines have no figures to miss; a dash would say there should be one."""
    return "" if kind in {"section", "memo"} else "–"


def _settled_note(facts: Facts) -> tuple[str, ...]:
    names = facts.settled_names
    return (f"Avräknas och ingår därför i utfallet men inte i differensen: {wording.listed(names)}.",) if names else ()
