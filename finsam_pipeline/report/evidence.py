"""The report's last part: what the figures say about themselves.

What was delivered and what was held back, where two sources disagree, where a flow does not close and where printed figures
do not add up. Findings are stated with both figures; nothing is explained away. No value of a row, no file name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.report import arithmetic, wording
from finsam_pipeline.report.counts import Participants
from finsam_pipeline.report.document import Block, Bullets, Column, Format, Note, Paragraph, Row, RowKind, Section, Table
from finsam_pipeline.report.money import Economy
from finsam_pipeline.report.numbers import number, percent, tkr
from finsam_pipeline.report.origin import Origins, by_measure, origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    import datetime as dt

    from finsam_pipeline.report.facts import Facts

_SEVERITIES = {"E": "Raden hålls kvar", "W": "Räknas med", "B": "Stoppar publicering"}
_FAMILIES = {"participants": "Deltagaruppgifterna", "economy": "De ekonomiska uppgifterna"}
_COMPARED = ("intervention_id", "left_source", "right_source", "gender")
_DELIVERIES, _FILES = "quality/deliveries", "antal leveranser"
_COUNTED = ("rows", "accepted", "quarantined", "superseded")


def section(facts: Facts) -> Section:
    """The whole part."""
    parts = (_deliveries(facts), _reconciliation(facts), _flows(facts), _sums(facts), _shares(facts))
    return Section(
        "uppgifterna", "Vad uppgifterna säger om sig själva", tuple(stale(facts)), tuple(p for p in parts if not p.empty)
    )


def stale(facts: Facts) -> list[Note]:
    """One remark for every slice of this association that was held back in this snapshot."""
    slices = facts.marts.manifest.get("slices") or []
    entries = slices.values() if isinstance(slices, Mapping) else slices
    return [_stale(s) for s in entries if s.get("association") == facts.register.id and (s.get("stale") or s.get("missing"))]


def _stale(entry: Mapping[str, Any]) -> Note:
    what = _FAMILIES.get(str(entry.get("family")), "Uppgifterna")
    if entry.get("missing"):
        return Note(f"{what} har hållits inne och finns inte i någon tidigare version.", attention=True)
    return Note(f"{what} har hållits inne vid den senaste körningen. Här visas den senaste godkända versionen.", attention=True)


def _deliveries(facts: Facts) -> Section:
    rows = facts.rows("quality/deliveries")
    if not rows:
        return Section("underlag", "Underlaget", (Paragraph("Det finns inga uppgifter om leveranser."),))
    own: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        own[row["source"]].append(row)
    lines = [
        Row((_source(s), len(d), _newest(d), *(sum(r[c] or 0 for r in d) for c in _COUNTED)), origins=_delivered(source=s))
        for s, d in own.items()
    ]
    sums = [sum(r[c] or 0 for r in rows) for c in _COUNTED]
    lines.append(Row(("Totalt", len(rows), "", *sums), RowKind.TOTAL, origins=_delivered()))
    columns = (
        Column("Källa", Format.TEXT), Column("Filer"), Column("Senast lämnad", Format.TEXT),
        Column("Lästa rader"), Column("Godkända"), Column("I karantän"), Column("Ersatta"),
    )  # fmt: skip
    table = Table("leveranser", "Lämnade filer och vad som blev av deras rader", columns, tuple(lines))
    return Section("underlag", "Underlaget", (Paragraph(_held(rows, sums)), table, *_rules(facts)))


def _delivered(**where: object) -> Origins:
    _, *counted = by_measure(_DELIVERIES, _COUNTED, **where)
    return (None, origin(_DELIVERIES, "sha256", how=_FILES, **where), None, *counted)


def _held(rows: list[dict[str, Any]], sums: list[int]) -> str:
    read, _, quarantined, _ = (known(Decimal(n), origin(_DELIVERIES, c)) for n, c in zip(sums, _COUNTED, strict=True))
    files = known(Decimal(len(rows)), origin(_DELIVERIES, "sha256", how=_FILES))
    rejected = sum(r["status"] == "rejected" for r in rows)
    text = f"{wording.plural(read, 'rad', 'rader')} har lästs ur {wording.plural(files, 'fil', 'filer')}."
    held = (
        f"{number(quarantined)} står i karantän och räknas inte förrän de är rättade."
        if quarantined
        else "Ingen står i karantän."
    )
    unread = f"{wording.plural(rejected, 'fil', 'filer')} kunde inte läsas." if rejected else ""
    return " ".join(filter(None, (text, held, unread)))


def _rules(facts: Facts) -> tuple[Block, ...]:
    rows = [r for r in facts.rows("quality/rules") if r["failed_rows"]]
    if not rows:
        return (Paragraph("Ingen rad föll på någon regel."),)
    rows.sort(key=lambda r: ("EBW".find(r["severity"]), r["rule"], r["source"]))
    lines = tuple(
        Row(
            (
                r["rule"],
                RULES[r["rule"]].title_sv if r["rule"] in RULES else "–",
                _source(r["source"]),
                _SEVERITIES.get(r["severity"], r["severity"]),
                r["failed_rows"],
            ),
            origins=(*[None] * 4, origin("quality/rules", "failed_rows", source=r["source"], rule=r["rule"])),
        )
        for r in rows
    )
    columns = (
        Column("Regel", Format.TEXT),
        Column("Innebörd", Format.TEXT),
        Column("Källa", Format.TEXT),
        Column("Följd", Format.TEXT),
        Column("Rader"),
    )
    return (Table("regler", "Regler som rader har fallit på", columns, lines),)


def _source(name: str) -> str:
    return SOURCES[name].title_sv if name in SOURCES else wording.capital(name)


def _newest(rows: list[dict[str, Any]]) -> str:
    days: list[dt.date] = [r["delivered_on"] for r in rows if r["delivered_on"] is not None]
    return wording.day(max(days)) if days else "–"


def _reconciliation(facts: Facts) -> Section:
    rows = [r for r in facts.rows("participants/reconciliation") if r["gender"] == "total" or r["difference"]]
    if not rows:
        return Section("avstamning", "Avstämning")
    order = {i: n for n, i in enumerate(facts.interventions)}
    genders = list(wording.GENDER_HEADINGS)
    rows.sort(key=lambda r: (order.get(r["intervention_id"], len(order)), genders.index(r["gender"])))
    left, right = (wording.listed(sorted({_source(r[side]) for r in rows})) for side in ("left_source", "right_source"))
    values = ("left_value", "right_value", "difference")
    lines = tuple(
        Row(
            (facts.name(r["intervention_id"]), wording.GENDER_HEADINGS[r["gender"]], *(r[v] for v in values)),
            origins=(None, *by_measure("participants/reconciliation", values, **{k: r[k] for k in _COMPARED})),
        )
        for r in rows
    )
    columns = (Column("Insats", Format.TEXT), Column("Kön", Format.TEXT), Column(left), Column(right), Column("Skillnad"))
    note = f"Skillnad = {left} − {right}. Per kön visas bara rader som skiljer sig."
    table = Table("avstamning-tabell", f"Antal deltagare i två källor, {facts.words}", columns, lines, "", (note,))
    text = f"Antalet deltagare står både i {left} och i {right}. {_agreement(rows)}"
    return Section("avstamning", "Avstämning mellan källorna", (Paragraph(text), table))


def _agreement(rows: list[dict[str, Any]]) -> str:
    compared = {r["intervention_id"] for r in rows if r["difference"] is not None}
    differing = {r["intervention_id"] for r in rows if r["difference"]}
    if not compared:
        return "Ingen insats finns i båda."
    among = f"{wording.small(len(compared))} {'insats' if len(compared) == 1 else 'insatser'}"
    return f"De skiljer sig i {wording.small(len(differing))} av {among}." if differing else f"De stämmer överens i {among}."


def _flows(facts: Facts) -> Section:
    people = Participants(facts)
    if not people.shown:
        return Section("floden", "Flöden")
    found = (*arithmetic.flows(people), *arithmetic.exits(people))
    closed = Paragraph("Flödet går jämnt ut i varje insats och för varje kön.")
    return Section("floden", "Flöden", (Bullets(found) if found else closed,))


def _sums(facts: Facts) -> Section:
    money = Economy(facts)
    tried, deviations = arithmetic.statement(money)
    if not tried:
        return Section("summor", "Summor")
    text = f"{number(tried)} summor och differenser i resultaträkningen har räknats om från de tryckta talen."
    tables = (_deviating(deviations, facts.income_layout.unit),) if deviations else ()
    notes = (Note(text) for text in arithmetic.between_tables(money))
    return Section("summor", "Summor och avrundning", (Paragraph(f"{text} {_verdict(deviations)}"), *tables, *notes))


def _deviating(deviations: list[arithmetic.Deviation], unit: str) -> Table:
    columns = (
        Column("Rad", Format.TEXT),
        Column("Kolumn", Format.TEXT),
        Column("Tryckt", Format.AMOUNT, unit),
        Column("Av delarna", Format.AMOUNT, unit),
        Column("I kronor", Format.TEXT),
    )
    lines = tuple(
        Row(
            (d.row, d.column, d.printed, d.of_parts, "Stämmer" if d.rounding else "Skiljer sig"),
            origins=(None, None, d.printed_from, d.parts_from, None),
        )
        for d in deviations
    )
    note = "Där talen stämmer i kronor kommer skillnaden av att varje tal är avrundat för sig. Differens är här utfall − budget."
    return Table("summor-tabell", "Tryckta tal som inte följer av sina tryckta delar", columns, lines, "", (note,))


def _verdict(deviations: list[arithmetic.Deviation]) -> str:
    real = sum(not d.rounding for d in deviations)
    if not deviations:
        return "Alla stämmer."
    rounded = f"{number(len(deviations) - real)} skiljer sig genom avrundning"
    return f"{rounded} och {number(real)} även i kronor." if real else f"{rounded}; i kronor stämmer alla."


def _shares(facts: Facts) -> Section:
    members = arithmetic.shares(Economy(facts))
    if not members:
        return Section("bidrag", "Bidrag")
    total = sum(m.paid for m in members)
    lines = tuple(
        Row(
            (m.name, tkr(m.paid), percent(m.paid, total, 1), percent(m.agreed_share, 1, 1), tkr(m.paid - m.agreed)),
            origins=_contributed(m.id),
        )
        for m in members
    )
    columns = (
        Column("Medlem", Format.TEXT), Column("Bidrag", Format.AMOUNT, "tkr"), Column("Andel", Format.PERCENT_1, "procent"),
        Column("Avtalad andel", Format.PERCENT_1, "procent"), Column("Skillnad", Format.AMOUNT, "tkr"),
    )  # fmt: skip
    deviating = [m.name for m in members if m.deviates]
    verdict = (
        f"Bidraget avviker från avtalad andel för {wording.listed(deviating)}."
        if deviating
        else "Bidragen följer de avtalade andelarna (på en krona när)."
    )
    table = Table("bidrag-tabell", f"Medlemmarnas bidrag och avtalade andelar, {facts.words}", columns, lines)
    return Section("bidrag", "Medlemmarnas bidrag", (Paragraph(verdict), table))


def _contributed(member: str) -> Origins:
    mart, agreed = "economy/financing", "utfall − avtalad andel av alla bidrag, avrundat till tkr"
    return (
        None,
        origin(mart, "outcome_kr", how="avrundat till tkr", member_id=member),
        *(origin(mart, measure, member_id=member) for measure in ("share_percent", "agreed_share_percent")),
        origin(mart, "outcome_kr", "agreed_share_percent", how=agreed, member_id=member),
    )
