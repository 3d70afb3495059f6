"""The report's table of outcome against budget by intervention, and what it says in words.

Settled interventions stand below the sum. Belongs here: that section. Does not: the statement (`economy`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import sentences, wording
from finsam_pipeline.report.document import Block, Column, Format, Paragraph, Row, RowKind, Section, Table
from finsam_pipeline.report.money import FORMULAS, IN_TKR, PER_INTERVENTION, Economy, amount_columns, cell_origins, exact_sum
from finsam_pipeline.report.numbers import kr, tkr
from finsam_pipeline.report.origin import Origins, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from finsam_pipeline.register.model import TableLayout
    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering


def section(money: Economy, numbering: Numbering) -> Section:
    """Outcome and budget of every intervention that has either; empty without a mart."""
    facts, layout = money.facts, money.facts.intervention_layout
    if not money.interventions:
        return Section("per-insats", "Utfall per insats")
    columns = (Column("Insats", Format.TEXT), *amount_columns(layout, "Avvikelse", facts))
    how = f"Avvikelse = {FORMULAS[layout.difference]}. Summorna är räknade på öre och därefter avrundade."
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
        return cell_origins(PER_INTERVENTION, layout, "kr", orientation=_orientations(rows), intervention_id=ids)

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
    where = origin(PER_INTERVENTION, "difference_kr", how=IN_TKR, orientation=_orientations(rows), intervention_id=ids)
    return known(sum((r["difference_kr"] for r in rows), Decimal(0)), where)
