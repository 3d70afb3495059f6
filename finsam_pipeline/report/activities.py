"""The report's part on structural work and on how faithfully interventions follow their method."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import sentences, wording
from finsam_pipeline.report.document import Column, Format, Paragraph, Row, RowKind, Section, Table
from finsam_pipeline.report.origin import by_measure, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from finsam_pipeline.report.facts import Facts

_MART, _MEASURES = "participants/activities", ("events", "attendees")


def section(facts: Facts) -> Section:
    """Activities, programme fidelity and hand-kept figures; empty when the period has none of them."""
    parts = (_activities(facts), _fidelity(facts), _key_figures(facts))
    return Section("verksamhet", "Verksamhetsutveckling och strukturella insatser", (), tuple(p for p in parts if not p.empty))


def summary(facts: Facts) -> list[str]:
    """The part's sentence for the summary."""
    rows = facts.rows(_MART)
    return [_sentence(rows)] if rows else []


def _sentence(rows: list[dict[str, Any]]) -> str:
    types = [r["type"] for r in rows]
    events, attendees = (known(Decimal(sum(r[m] for r in rows)), origin(_MART, m, type=types)) for m in _MEASURES)
    return sentences.events(events, attendees)


def _activities(facts: Facts) -> Section:
    rows = facts.rows(_MART)
    if not rows:
        return Section("aktiviteter", "Aktiviteter")
    lines = [
        Row((wording.capital(r["type"]), r["events"], r["attendees"]), origins=by_measure(_MART, _MEASURES, type=r["type"]))
        for r in rows
    ]
    sums = (sum(r[measure] for r in rows) for measure in _MEASURES)
    lines.append(Row(("Totalt", *sums), RowKind.TOTAL, origins=by_measure(_MART, _MEASURES, type=[r["type"] for r in rows])))
    columns = (Column("Typ", Format.TEXT), Column("Aktiviteter"), Column("Deltagare"))
    note = "Deltagare räknas per tillfälle: den som kommit flera gånger räknas varje gång."
    table = Table("aktiviteter-tabell", f"Strukturella aktiviteter, {facts.words}", columns, tuple(lines), "", (note,))
    return Section("aktiviteter", "Aktiviteter", (Paragraph(_sentence(rows)), table))


def _fidelity(facts: Facts) -> Section:
    """Every measurement up to the period's end, so that the newest stands beside those before it."""
    rows = [r for r in facts.rows("participants/programme_fidelity", every_period=True) if r["date"] <= facts.period.last]
    if not rows:
        return Section("programtrohet", "Programtrohet")
    order = {i: n for n, i in enumerate(facts.interventions)}
    rows.sort(key=lambda r: (order.get(r["intervention_id"], len(order)), r["date"]))
    columns = (
        Column("Insats", Format.TEXT),
        Column("Mätning", Format.TEXT),
        Column("Poäng", Format.DECIMAL),
        Column("Högsta möjliga", Format.DECIMAL),
        Column("Gräns", Format.DECIMAL),
        Column("Andel i aktivitet", Format.DECIMAL, "procent"),
    )
    measures = ("points", "max_points", "threshold", "active_share")
    lines = tuple(
        Row(
            (facts.name(r["intervention_id"]), wording.day(r["date"]), *(r[m] for m in measures)),
            origins=(
                None,
                *by_measure("participants/programme_fidelity", measures, date=r["date"], intervention_id=r["intervention_id"]),
            ),
        )
        for r in rows
    )
    caption = f"Mätningar av programtrohet till och med {facts.words}"
    return Section("programtrohet", "Programtrohet", (Table("programtrohet-tabell", caption, columns, lines),))


def _key_figures(facts: Facts) -> Section:
    rows = facts.rows("participants/key_figures")
    if not rows:
        return Section("nyckeltal", "Nyckeltal")
    columns = (
        Column("Nyckeltal", Format.TEXT),
        Column("Insats", Format.TEXT),
        Column("Värde", Format.DECIMAL),
        Column("Enhet", Format.TEXT),
    )
    lines = tuple(
        Row(
            (r["key"], facts.name(r["intervention_id"]), r["value"], r["unit"]),
            origins=(
                None,
                None,
                origin("participants/key_figures", "value", intervention_id=r["intervention_id"] or "", key=r["key"]),
                None,
            ),
        )
        for r in rows
    )
    return Section("nyckeltal", "Nyckeltal", (Table("nyckeltal-tabell", f"Handförda nyckeltal, {facts.words}", columns, lines),))
