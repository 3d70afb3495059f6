"""The period beside something else: the same period a year before, and the goals of the year.

Belongs here: these tables and a sentence each. Does not: why anything has changed. What the year before was is what the deliveries
that count today say of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import wording
from finsam_pipeline.report.document import Column, Format, Paragraph, Row, RowKind, Section, Table, Value
from finsam_pipeline.report.numbers import NBSP, kr, number, percent
from finsam_pipeline.report.origin import by_measure, origin
from finsam_pipeline.report.traced import HIDDEN_IN_TABLE, known, marked

if TYPE_CHECKING:
    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering

PARTICIPANTS, STATEMENT, GOALS = "participants/period_comparison", "economy/period_comparison", "participants/goals"
_KINDS = {kind.value: kind for kind in RowKind}


def year_before(facts: Facts, numbering: Numbering) -> Section:
    """participants/period_comparison over all interventions and genders."""
    before = wording.period_words(facts.period.year_before)
    title = f"Deltagare jämfört med {before}"
    own = {r["measure"]: r for r in facts.rows(PARTICIPANTS) if r["intervention_id"] is None and r["gender"] == "total"}
    rows = [own[m] for m in wording.OUTCOMES if m in own and own[m]["value_year_before"] is not None]
    if not rows:
        return Section("aret-fore", title)
    columns = (
        Column("Mått", Format.TEXT),
        Column(wording.capital(facts.words)),
        Column(wording.capital(before)),
        Column("Förändring"),
        Column("Förändring", Format.PERCENT, "procent"),
    )
    notes = (
        f"Förändring i procent: av talet för {before}, som är räknat ur de listor som gäller nu.",
        "Saknas där de som avslutade då är det talet för lågt.",
    )
    caption = f"Deltagare {facts.words} och {before}"
    lines = tuple(_compared(r) for r in rows)
    table = Table("aret-fore-tabell", caption, columns, lines, numbering.table(), notes)
    return Section("aret-fore", title, (*_told(facts, own, before), table))


def _compared(row: dict[str, Any]) -> Row:
    change = row["value"] - row["value_year_before"]
    cells = (wording.OUTCOMES[row["measure"]], row["value"], row["value_year_before"], change)
    share = percent(change, row["value_year_before"])
    where = {"intervention_id": "", "gender": "total", "measure": row["measure"]}
    origins = by_measure(PARTICIPANTS, ("value", "value_year_before", "change"), **where)
    of_before = origin(PARTICIPANTS, "change", "value_year_before", how="förändring ÷ året före, i procent", **where)
    return Row((*cells, share), origins=(*origins, of_before))


def _told(facts: Facts, own: dict[str, dict[str, Any]], before: str) -> tuple[Paragraph, ...]:
    row = own.get("participants")
    if row is None or row["value_year_before"] is None:
        return ()
    now, then = (
        known(row[m], origin(PARTICIPANTS, m, intervention_id="", gender="total", measure="participants"))
        for m in ("value", "value_year_before")
    )
    text = f"Under {facts.words} räknades {number(now)} deltagare, mot {number(then)} under {before}."
    return (Paragraph(text),)


def goals(facts: Facts, numbering: Numbering) -> Section:
    """participants/goals of the period's year, as they stand at the period's end."""
    order = {"": -1} | {i: n for n, i in enumerate(facts.interventions)}
    measures = list(wording.GOALS)
    rows = sorted(
        facts.rows(GOALS),
        key=lambda r: (order.get(r["intervention_id"] or "", len(order)), measures.index(r["measure"])),
    )
    year, until = facts.period.first.year, wording.day(facts.period.last)
    title = "Måluppfyllelse"
    if not rows:
        return Section("maluppfyllelse", title)
    shares = any(r["unit"] == "percent" for r in rows)
    columns = (
        Column("Insats", Format.TEXT),
        Column("Mål", Format.TEXT),
        Column("Årets mål"),
        Column("Utfall", Format.DECIMAL),
        *([Column("Räknat på", Format.TEXT)] if shares else ()),
        Column("Del av målet", Format.PERCENT_1, "procent"),
        Column("Läge", Format.TEXT),
    )
    over = facts.period.last.month == 12  # noqa: PLR2004 - the year has ended
    lines = tuple(_goal(facts, r, over=over, shares=shares) for r in rows)
    notes = (
        f"Målen gäller hela {year}. Utfallet är räknat från den 1{NBSP}januari till och med den {until}.",
        *(["Ett mål som är en andel står i procent, och bredvid utfallet de tal det är räknat på."] if shares else ()),
    )
    caption = f"Mål för {year} och hur långt de är nådda till och med den {until}"
    return Section("maluppfyllelse", title, (Table("mal-tabell", caption, columns, lines, numbering.table(), notes),))


def _goal(facts: Facts, row: dict[str, Any], *, over: bool, shares: bool) -> Row:
    """One goal; `over`: the year is; `shares`: the table has a column for what a share is made of."""
    share, status = row["unit"] == "percent", wording.status(row["status"], over=over)
    counts = (_of(row["numerator"], row["denominator"]) if share else "",) if shares else ()
    cells: tuple[Value, ...] = (
        facts.name(row["intervention_id"]) if row["intervention_id"] else "Alla individinriktade insatser",
        wording.GOALS[row["measure"]],
        row["target"],
        row["outcome_percent"] if share else row["numerator"],
        *counts,
        row["of_target_percent"],
        # What is said of a figure that is hidden would tell on which side of the target it is.
        marked(row["of_target_percent"], status, HIDDEN_IN_TABLE) if status else "–",
    )
    where = {"year": row["year"], "intervention_id": row["intervention_id"] or "", "measure": row["measure"]}
    _, target, outcome, part = by_measure(
        GOALS, ("target", "outcome_percent" if share else "numerator", "of_target_percent"), **where
    )
    return Row(cells, origins=(None, None, target, outcome, *(None for _ in counts), part, None))


def _of(numerator: int, denominator: int) -> str:
    """`38 av 190`; a hidden one as it is in a table."""
    return f"{numerator:,} av {denominator:,}".replace(",", NBSP)


def statement_year_before(facts: Facts, numbering: Numbering) -> Section:
    """economy/period_comparison in the income statement's unit."""
    before = facts.period.year_before
    title = f"Resultaträkning jämförd med {wording.period_words(before)}"
    rows = sorted(facts.rows(STATEMENT), key=lambda r: r["line_order"])
    if not any(r["year_before_kr"] is not None for r in rows):
        return Section("resultat-aret-fore", title)
    unit = facts.income_layout.unit
    measures = ("outcome", "year_before", "change")
    columns = (
        Column("Post", Format.TEXT),
        Column(f"{wording.capital(wording.months(facts.period))} {facts.period.first.year}", Format.AMOUNT, unit),
        Column(f"{wording.capital(wording.months(before))} {before.first.year}", Format.AMOUNT, unit),
        Column("Förändring", Format.AMOUNT, unit),
    )

    def cell(row: dict[str, Any], measure: str) -> int | None:
        value: int | None = row[f"{measure}_tkr"] if unit == "tkr" else kr(row[f"{measure}_kr"])
        return value

    lines = tuple(
        Row(
            (r["label"], *(cell(r, m) for m in measures)),
            _KINDS.get(r["kind"], RowKind.LINE),
            origins=by_measure(STATEMENT, [f"{m}_{unit}" for m in measures], line_id=r["line_id"]),
        )
        for r in rows
    )
    caption = f"Utfall {facts.words} och {wording.period_words(before)}"
    note = "Varje tal är avrundat för sig från kronor."
    return Section(
        "resultat-aret-fore", title, (Table("resultat-aret-fore-tabell", caption, columns, lines, numbering.table(), (note,)),)
    )
