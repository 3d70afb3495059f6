"""Where the money went and where the year ends: the report's cost distribution and full-year forecast.

Belongs here: those two sections. Does not: the outcome (`economy`, `intervention_costs`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from finsam_pipeline.report import sentences, wording
from finsam_pipeline.report.document import Block, ChartKind, Column, Figure, Format, Paragraph, Row, RowKind, Section, Table
from finsam_pipeline.report.money import IN_TKR, Economy, exact_sum
from finsam_pipeline.report.numbers import tkr
from finsam_pipeline.report.origin import by_measure, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from finsam_pipeline.report.numbering import Numbering

_FORECAST_KINDS = {"total": RowKind.TOTAL, "result": RowKind.RESULT, "equity": RowKind.MEMO}


def costs(money: Economy, numbering: Numbering) -> Section:
    """The cost distribution as text and figure; empty without a mart."""
    rows = [r for r in money.distribution if r["cost_kr"] is not None]
    total = known(exact_sum(r["cost_kr"] for r in rows), origin("economy/cost_distribution", "cost_kr", how=IN_TKR))
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
                origin("economy/cost_distribution", "cost_kr", how=IN_TKR, category=r["category"]),
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


def forecast(money: Economy) -> Section:
    """The forecast of the whole year; empty without a mart."""
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
