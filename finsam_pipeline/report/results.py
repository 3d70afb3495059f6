"""What the exits of the period led to: results, throughput, time in the intervention, the states before and after.

Every share stands beside the two counts it is made of, and says what it is a share of. Belongs here: tables and figures. Does not:
what counts as a result (the SQL's), explanations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import wording
from finsam_pipeline.report.document import (
    Block,
    ChartKind,
    Column,
    Figure,
    Format,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
)
from finsam_pipeline.report.numbers import number, percent
from finsam_pipeline.report.origin import Origins, by_key, by_measure, origin
from finsam_pipeline.report.traced import known, only_if_shown
from finsam_pipeline.report.wording import GENDER_HEADINGS

if TYPE_CHECKING:
    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering

RESULTS, THROUGHPUT, DURATION = "participants/results", "participants/throughput", "participants/duration"
BEFORE_AND_AFTER = "participants/before_and_after"
_BASIS = {
    "exit_reason": "Resultatet bedöms på avslutsorsaken.",
    "occupation": "Resultatet bedöms på sysselsättningen vid start och avslut: arbete eller studier som har påbörjats eller ökat.",
    "mixed": "Resultatet bedöms i några insatser på avslutsorsaken och i andra på sysselsättningen vid start och avslut.",
}
_CLOSER = "Närmare arbete: avslutade till en annan lösning närmare arbete."
_STATES = ("work", "study", "work_or_study", "job_seeking", "other", "unknown")
_TO = ("work", "study", "work_or_study")
_TO_COLUMNS = (
    Column("Avslutade"),
    Column("Arbete"),
    Column("Studier"),
    Column("Arbete eller studier"),
    Column("Andel", Format.PERCENT_1, "procent"),
)


def by_gender(facts: Facts, numbering: Numbering) -> Section:
    """participants/results over all interventions, by gender."""
    rows = _of_all(facts, RESULTS)
    if not _total(rows).get("ended"):
        return Section("resultat", "Resultat för avslutade")
    whole = _total(rows)
    closer = _closer(whole)
    columns = (
        Column("Kön", Format.TEXT),
        *_TO_COLUMNS,
        Column("Könets del", Format.PERCENT_1, "procent"),
        *closer,
    )
    lines = tuple(_result_of_gender(gender, rows[gender], len(closer)) for gender in GENDER_HEADINGS if gender in rows)
    notes = (
        "Andel: till arbete eller studier av dem av samma kön som avslutade.",
        f"Könets del: av alla {number(whole['work_or_study'])} som avslutade till arbete eller studier.",
        *(_CLOSER for _ in closer),
    )
    table = Table("resultat-tabell", f"Resultat för avslutade, {facts.words}", columns, lines, numbering.table(), notes)
    return Section("resultat", "Resultat för avslutade", (*_basis(whole), table))


def _closer(whole: dict[str, Any]) -> tuple[Column, ...]:
    """The column of other solutions, which exit reasons tell and occupations do not."""
    return () if whole["basis"] == "occupation" else (Column("Närmare arbete"),)


def _result_of_gender(gender: str, row: dict[str, Any], closer: int) -> Row:
    share, part = (
        percent(row["work_or_study"], row["ended"], 1),
        percent(row["work_or_study"], row["work_or_study_all_genders"], 1),
    )
    cells = (GENDER_HEADINGS[gender], row["ended"], *(row[m] for m in _TO), share, part, *[row["positive_other"]] * closer)
    measures = ("ended", *_TO, "share_of_ended_percent", "gender_split_percent", *["positive_other"] * closer)
    origins = by_measure(RESULTS, measures, intervention_id="", gender=gender)
    return Row(cells, RowKind.TOTAL if gender == "total" else RowKind.LINE, origins=origins)


def _basis(row: dict[str, Any]) -> tuple[Block, ...]:
    text = _BASIS.get(row.get("basis") or "", "")
    return (Paragraph(text),) if text else ()


def by_intervention(facts: Facts, numbering: Numbering) -> Section:
    """participants/results of all genders, one intervention a row."""
    rows = _in_order(facts, RESULTS, "ended")
    if not rows:
        return Section("resultat-insats", "Resultat per insats")
    whole = _total(_of_all(facts, RESULTS))
    closer = _closer(whole)
    measures = ("ended", *_TO, "share_of_ended_percent", *("positive_other" for _ in closer))
    columns = (Column("Insats", Format.TEXT), *_TO_COLUMNS, *closer)

    def line(name: str, row: dict[str, Any], kind: RowKind = RowKind.LINE) -> Row:
        share = percent(row["work_or_study"], row["ended"], 1)
        # Where an insats is judged by occupation, nobody has said whether there was another solution.
        other = None if row["basis"] == "occupation" else row["positive_other"]
        cells = (name, row["ended"], *(row[m] for m in _TO), share, *(other for _ in closer))
        return Row(cells, kind, origins=_origins(RESULTS, measures, row))

    lines = [line(facts.name(r["intervention_id"]), r) for r in rows]
    lines.append(line("Totalt", whole, RowKind.TOTAL))
    notes = ("Andel: till arbete eller studier av alla som avslutade insatsen.", *(_CLOSER for _ in closer))
    caption = f"Resultat för avslutade per insats, {facts.words}"
    table = Table("resultat-insats-tabell", caption, columns, tuple(lines), numbering.table(), notes)
    return Section("resultat-insats", "Resultat per insats", (table,))


def throughput(facts: Facts, numbering: Numbering) -> Section:
    """participants/throughput of all genders, one intervention a row."""
    rows = _in_order(facts, THROUGHPUT, "participants")
    if not rows:
        return Section("genomstromning", "Genomströmning")

    def line(name: str, row: dict[str, Any], kind: RowKind = RowKind.LINE) -> Row:
        cells = (name, row["ended"], row["participants"], percent(row["ended"], row["participants"], 1))
        return Row(cells, kind, origins=_origins(THROUGHPUT, ("ended", "participants", "ended_percent"), row))

    lines = [line(facts.name(r["intervention_id"]), r) for r in rows]
    lines.append(line("Totalt", _total(_of_all(facts, THROUGHPUT)), RowKind.TOTAL))
    columns = (
        Column("Insats", Format.TEXT),
        Column("Avslutade"),
        Column("Deltagare"),
        Column("Andel avslutade", Format.PERCENT_1, "procent"),
    )
    events = [i.name for i in facts.individual() if i.count_basis == "event"]
    over = f"I {wording.listed(events)} räknas de som började som deltagare, så andelen kan vara över 100 procent."
    notes = ("Andel avslutade: avslutade under perioden av deltagarna under perioden.", *([over] if events else []))
    caption = f"Avslutade av deltagarna per insats, {facts.words}"
    table = Table("genomstromning-tabell", caption, columns, tuple(lines), numbering.table(), notes)
    return Section("genomstromning", "Genomströmning", (table,))


def duration(facts: Facts, numbering: Numbering) -> Section:
    """participants/duration over all interventions: time classes by gender, and the mean time."""
    rows = [r for r in facts.rows(DURATION) if r["intervention_id"] is None]
    own = {(r["class_order"], r["gender"]): r for r in rows}
    genders = [g for g in GENDER_HEADINGS if any(gender == g for _, gender in own)]
    if not rows:
        return Section("tid", "Tid i insatsen")
    columns = (
        Column("Tid i insatsen", Format.TEXT),
        *(Column(GENDER_HEADINGS[g]) for g in genders),
        Column("Andel av avslutade", Format.PERCENT_1, "procent"),
    )
    lines = []
    for order, days in sorted({(r["class_order"], r["days_class"]) for r in rows}):
        whole = own[order, "total"]
        cells = (wording.days(days), *(own[order, g]["ended"] for g in genders), percent(whole["ended"], whole["of_ended"], 1))
        where = {"intervention_id": "", "class_order": order, "days_class": days}
        origins = (None, *(by_measure(DURATION, ("ended",), gender=g, **where)[1] for g in genders),
                   by_measure(DURATION, ("share_percent",), gender="total", **where)[1])  # fmt: skip
        lines.append(Row(cells, origins=origins))
    ended = {r["gender"]: r for r in rows}
    everybody = by_key(DURATION, "ended", "gender", genders, intervention_id="")[:-1]
    lines.append(Row(("Alla avslutade", *(ended[g]["of_ended"] for g in genders), None), RowKind.TOTAL, "", (*everybody, None)))
    caption = f"Tid i insatsen för avslutade, {facts.words}"
    note = "Första och sista dagen är medräknade. Andel av avslutade: av alla som avslutade under perioden, alla kön."
    table = Table("tid-tabell", caption, columns, tuple(lines), numbering.table(), (note,))
    return Section("tid", "Tid i insatsen", (Paragraph(_mean(ended)), table))


def _mean(ended: dict[str, dict[str, Any]]) -> str:
    whole = only_if_shown(f"Medeltiden för avslutade var {_days(ended, 'total')} dagar.", ended["total"]["of_ended"])
    if not {"woman", "man"} <= ended.keys():
        return whole
    own = f" För kvinnor var den {_days(ended, 'woman')} dagar och för män {_days(ended, 'man')} dagar."
    return whole + only_if_shown(own, ended["woman"]["of_ended"], ended["man"]["of_ended"])


def _days(ended: dict[str, dict[str, Any]], gender: str) -> str:
    row = ended[gender]
    where = {"intervention_id": "", "gender": gender, "class_order": row["class_order"], "days_class": row["days_class"]}
    same = origin(DURATION, "mean_days_of_ended", how="samma tal på alla gruppens rader", **where)
    return number(known(row["mean_days_of_ended"], same))


def before_and_after(facts: Facts, numbering: Numbering) -> Section:
    """participants/before_and_after over all interventions and genders: SUS's groups of occupation, and income."""
    blocks = (
        *_states(facts, numbering, "occupation_status", "Sysselsättning"),
        *_states(facts, numbering, "income", "Försörjning"),
    )
    return Section("fore-efter", "Läge vid start och avslut", blocks)


def _states(facts: Facts, numbering: Numbering, dimension: str, title: str) -> tuple[Block, ...]:
    rows = [
        r
        for r in facts.rows(BEFORE_AND_AFTER)
        if (r["intervention_id"], r["gender"], r["dimension"]) == (None, "total", dimension)
    ]
    if not rows:
        return ()
    labels = {s: wording.STATES[s] for s in _STATES} if dimension == "occupation_status" else facts.labels("income")
    order = list(labels)
    rows.sort(key=lambda r: (order.index(r["value"]) if r["value"] in labels else len(order), r["value"]))
    everybody = by_measure(BEFORE_AND_AFTER, ("at_start", "at_end"), intervention_id="", gender="total", dimension=dimension)
    if [r["value"] for r in rows] == ["unknown"]:
        ended = number(known(rows[0]["of_ended"], everybody[-1]))
        return (Paragraph(f"Uppgift om {title.lower()} vid start och avslut saknas för alla {ended} avslutade."),)
    columns = (
        Column(title, Format.TEXT), Column("Vid start"), Column("Vid avslut"), Column("Förändring"),
        Column("Andel vid start", Format.PERCENT_1, "procent"), Column("Andel vid avslut", Format.PERCENT_1, "procent"),
    )  # fmt: skip
    lines = [_state(labels.get(r["value"], r["value"]), r) for r in rows]
    whole = rows[0]["of_ended"]
    lines.append(Row(("Alla avslutade", whole, whole, None, None, None), RowKind.TOTAL, "", (*everybody, None, None, None)))
    caption = f"{title} vid start och avslut för avslutade, {facts.words}"
    note = f"Andelarna är av alla {number(whole)} avslutade."
    table = Table(f"fore-efter-{dimension}", caption, columns, tuple(lines), numbering.table(), (note,))
    return table, _state_figure(table, numbering)


def _state(label: str, row: dict[str, Any]) -> Row:
    shares = (percent(row[side], row["of_ended"], 1) for side in ("at_start", "at_end"))
    measures = ("at_start", "at_end", "change", "at_start_percent", "at_end_percent")
    where = {"intervention_id": "", "gender": "total", "dimension": row["dimension"], "value": row["value"]}
    cells = (label, row["at_start"], row["at_end"], row["at_end"] - row["at_start"], *shares)
    return Row(cells, origins=by_measure(BEFORE_AND_AFTER, measures, **where))


def _state_figure(table: Table, numbering: Numbering) -> Figure:
    rows = tuple(Row(row.cells[:3], origins=row.origins[:3]) for row in table.rows if row.kind is RowKind.LINE)
    data = Table(f"{table.id}-tal", table.caption, table.columns[:3], rows)
    alt = f"Liggande stapeldiagram med antal vid start och vid avslut, en rad för varje läge; samma tal som i {table.label}."
    return Figure(f"{table.id}-figur", table.caption, alt, ChartKind.GROUPED, data, numbering.figure())


def _of_all(facts: Facts, mart: str) -> dict[str, dict[str, Any]]:
    """By gender the row over all interventions."""
    return {r["gender"]: r for r in facts.rows(mart) if r["intervention_id"] is None}


def _total(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return rows.get("total", {})


def _in_order(facts: Facts, mart: str, measure: str) -> list[dict[str, Any]]:
    """The rows of all genders in the register's order, of the interventions that have any of the measure."""
    order = {i: n for n, i in enumerate(facts.interventions)}
    rows = [r for r in facts.rows(mart) if r["intervention_id"] is not None and r["gender"] == "total" and r[measure]]
    return sorted(rows, key=lambda r: order.get(r["intervention_id"], len(order)))


def _origins(mart: str, measures: tuple[str, ...], row: dict[str, Any]) -> Origins:
    return by_measure(mart, measures, intervention_id=row["intervention_id"] or "", gender="total")
