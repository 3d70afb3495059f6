"""Who the participants of the period are: age, education, time in public support, and who referred them.

Belongs here: a table for each, and a figure of the ages. Counts are summed from participants/background, which has every class, so
that a class with nobody in it is a zero and no gap.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import wording
from finsam_pipeline.report.counts import Participants
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
from finsam_pipeline.report.origin import Origins, by_key, origin
from finsam_pipeline.report.traced import known as known_from
from finsam_pipeline.report.wording import GENDER_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering

MART, SHARES = "participants/background", "participants/background_shares"
_UNKNOWN = "unknown"
_TITLES = {
    "age_group": ("Åldersgrupp", "Deltagare per åldersgrupp och kön", "ålder"),
    "education": ("Utbildning", "Deltagare per utbildningsnivå och kön", "utbildning"),
    "months_in_public_support": (
        "Tid i offentlig försörjning", "Deltagare per tid i offentlig försörjning och kön", "tid i offentlig försörjning"
    ),
    "referrer": ("Anmälande part", "Deltagare per anmälande part och insats", "anmälande part"),
}  # fmt: skip


def section(facts: Facts, numbering: Numbering) -> Section:
    """A table for each of the four; a sentence in its place where it is known of nobody."""
    people = Participants(facts)
    ids = [i.id for i in people.shown]
    rows = [r for r in facts.rows(MART) if r["intervention_id"] in ids]
    blocks: list[Block] = []
    for dimension in _TITLES:
        own = [r for r in rows if r["dimension"] == dimension]
        blocks += _dimension(people, dimension, own, numbering) if any(r["participants"] for r in own) else ()
    return Section("bakgrund", "Deltagarnas bakgrund", tuple(blocks))


def _dimension(people: Participants, dimension: str, rows: list[dict[str, Any]], numbering: Numbering) -> list[Block]:
    by_intervention = dimension == "referrer"
    heading, caption, what = _TITLES[dimension]
    key = "intervention_id" if by_intervention else "gender"
    across = [i.id for i in people.shown] if by_intervention else list(people.genders)
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts[row["value"], row[key]] += row["participants"]
    whole, known = sum(counts.values()), sum(n for (value, _), n in counts.items() if value != _UNKNOWN)
    everybody = by_key(MART, "participants", key, across, dimension=dimension)
    if not known:
        return [Paragraph(f"Uppgift om {what} saknas för alla {number(known_from(whole, everybody[-1]))} deltagare.")]
    # One column an insats is as much as a page holds.
    share = () if by_intervention else (Column("Andel", Format.PERCENT_1, "procent"),)
    columns = (
        Column(heading, Format.TEXT),
        *(Column(people.facts.short_name(a) if by_intervention else GENDER_HEADINGS[a]) for a in across),
        Column("Totalt"),
        *share,
    )
    labels = _labels(people.facts, dimension, {value for value, _ in counts})
    # What is unknown of nobody stands there as well: a row left out would be a zero that only the reader knows of.
    lines = []
    for value, label in labels.items():
        own = [counts[value, a] for a in across]
        part = [percent(sum(own), whole, 1) for _ in share]
        lines.append(Row((label, *own, sum(own), *part), origins=_origins(dimension, value, key, across, len(part))))
    sums = [sum(counts[value, a] for value in labels) for a in across]
    lines.append(Row(("Totalt", *sums, whole, *(None for _ in share)), RowKind.TOTAL, "", (*everybody, *(None for _ in share))))
    table = Table(
        f"bakgrund-{dimension}",
        f"{caption}, {people.facts.words}",
        columns,
        tuple(lines),
        numbering.table(),
        (_note(whole, known, shares=bool(share)),),
    )
    return [table, _figure(table, numbering)] if dimension == "age_group" else [table]


def _note(whole: int, known: int, *, shares: bool) -> str:
    """What the shares are of; said of the known in any case, since silence would say that it is everybody."""
    known_of = f"Uppgift finns för {number(known)} av {number(whole)} deltagare."
    return f"Andel: av alla {number(whole)} deltagare. {known_of}" if shares else known_of


def _labels(facts: Facts, dimension: str, met: set[str]) -> dict[str, str]:
    """Value -> how it is written, in order, what is unknown last."""
    if dimension == "age_group":
        known = {value: wording.years(value) for value in sorted(met - {_UNKNOWN})}
    elif dimension == "months_in_public_support":
        known = {value: wording.month_class(value) for value in sorted(met - {_UNKNOWN}, key=lambda v: int(v.split("-")[0]))}
    else:
        listed = facts.labels(dimension)
        known = {value: listed.get(value, value) for value in (*(v for v in listed if v in met), *sorted(met - listed.keys()))}
    known.pop(_UNKNOWN, None)
    return known | {_UNKNOWN: wording.STATES[_UNKNOWN]}


def _origins(dimension: str, value: str, key: str, across: Sequence[str], shares: int) -> Origins:
    where = {"dimension": dimension, "value": value}
    share = origin(SHARES, "share_percent", intervention_id="", gender="total", **where)
    return (*by_key(MART, "participants", key, across, **where), *[share] * shares)


def _figure(table: Table, numbering: Numbering) -> Figure:
    """The genders side by side, the totals left out."""
    rows = tuple(Row(row.cells[:-2], origins=row.origins[:-2]) for row in table.rows if row.kind is RowKind.LINE)
    data = Table(f"{table.id}-tal", table.caption, table.columns[:-2], rows)
    genders = wording.listed(c.heading.lower().replace("id", "ID") for c in data.columns[1:])
    alt = f"Liggande stapeldiagram med {genders} i var och en av {len(rows)} åldersgrupper; samma tal som i {table.label}."
    return Figure(f"{table.id}-figur", table.caption, alt, ChartKind.GROUPED, data, numbering.figure())
