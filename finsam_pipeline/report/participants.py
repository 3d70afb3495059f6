"""The report's part on participants: who took part, began and ended, why they ended, and how that stands to the targets.

Belongs here: the tables, figures and their order. Does not: the sums (counts.py), the sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.types import NO_EXIT_REASON
from finsam_pipeline.register.reporting import report_settings
from finsam_pipeline.report import sentences, wording
from finsam_pipeline.report.counts import EXITS_MART, FLOW, FLOW_MART, TARGETS_MART, Participants
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
from finsam_pipeline.report.numbers import NBSP, percent
from finsam_pipeline.report.origin import Origins, by_key, by_measure, origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering


def section(facts: Facts, numbering: Numbering) -> Section:
    """The whole part; a note in its place when no participant mart has the period."""
    people = Participants(facts)
    if not people.flow or not people.shown:
        note = Note(f"Det finns inga uppgifter om deltagare i individinriktade insatser för {facts.words}.", attention=True)
        return Section("deltagare", "Individinriktade insatser", (note,))
    # The chosen table of goals says all that the usual one says, and more.
    targets = () if "goals" in report_settings(facts.register.settings).chosen else (_targets(people),)
    parts = (_took_part(people, numbering), _began(people, numbering), _ended(people, numbering), *targets)
    return Section("deltagare", "Individinriktade insatser", (), tuple(part for part in parts if not part.empty))


def summary(facts: Facts) -> list[str]:
    """The part's sentences for the summary."""
    people = Participants(facts)
    if not people.shown:
        return [f"Uppgifter om deltagare saknas för {facts.words}."]
    return [
        sentences.took_part(people.of_gender("participants"), people.attended, facts.words),
        sentences.began(people.of_gender("started")),
        sentences.ended(people.of_gender("ended")),
        *_reasons_text(people)[:1],
    ]


def _took_part(people: Participants, numbering: Numbering) -> Section:
    words = people.facts.words
    counts = people.of_gender("participants")
    flow = _flow(people, numbering)
    table = _per_intervention(people, "participants", f"Deltagare per insats och kön, {words}", numbering)
    figure = _gender_figure(table, numbering)
    several = "Den som deltar i flera insatser räknas i var och en av dem." if len(people.shown) > 1 else ""
    text = (sentences.took_part(counts, people.attended, words), sentences.composition(counts), several)
    blocks: tuple[Block, ...] = (Paragraph(" ".join(filter(None, text))), *flow, table, figure)
    return Section("tog-del", f"Deltagare under {words}", blocks)


def _flow(people: Participants, numbering: Numbering) -> tuple[Block, ...]:
    before, words = wording.period_words(people.facts.period.previous), people.facts.words
    measures = {measure: people.total(measure) for measure in FLOW}
    labels = (f"Kvar från {before}", "Började", "Avslutade", f"Kvar efter {words}")
    caption = f"Flödet av deltagare under {words}"
    ids = [i.id for i in people.shown]
    rows = tuple(
        Row(pair, origins=(None, origin(FLOW_MART, measure, intervention_id=ids, gender=people.genders_of(measure))))
        for pair, measure in zip(zip(labels, measures.values(), strict=True), FLOW, strict=True)
    )
    table = Table("flode-tal", caption, (Column("Flöde", Format.TEXT), Column("Deltagare")), rows)
    sentence = sentences.flow(measures, before, words)
    figure = Figure("flode", caption, f"Stapeldiagram. {sentence}", ChartKind.FLOW, table, numbering.figure())
    return Paragraph(sentence), figure


def _began(people: Participants, numbering: Numbering) -> Section:
    words = people.facts.words
    table = _per_intervention(people, "started", f"Deltagare som började i en insats, per insats och kön, {words}", numbering)
    figure = _gender_figure(table, numbering)
    return Section("borjade", f"Började under {words}", (Paragraph(sentences.began(people.of_gender("started"))), table, figure))


def _ended(people: Participants, numbering: Numbering) -> Section:
    words = people.facts.words
    table = _per_intervention(people, "ended", f"Deltagare som avslutade en insats, per insats och kön, {words}", numbering)
    blocks: list[Block] = [Paragraph(sentences.ended(people.of_gender("ended"))), table]
    if people.exits and people.total("ended"):
        blocks.append(Paragraph(" ".join(_reasons_text(people))))
        if people.without_reason < people.total("ended"):  # a table of nothing but "Uppgift saknas" says less than the sentence
            blocks += [_reasons(people, numbering), _reason_figure(people, numbering)]
    return Section("avslutade", f"Avslutade under {words}", tuple(blocks))


def _reasons_text(people: Participants) -> list[str]:
    """What is known of the exits; nothing about work or study where no reason was given to anybody."""
    total, missing = people.total("ended"), people.without_reason
    if missing == total:
        return [sentences.without_reason(missing, total)] if total else []
    known = [(c.label, people.ended_by(c.code)) for c in people.reasons if c.code != NO_EXIT_REASON]
    text = (
        sentences.to_work_or_study(*people.reached(), people.of_gender("ended")),
        sentences.without_reason(missing, total),
        sentences.commonest(known, total),
    )
    return [sentence for sentence in text if sentence]


def _reasons(people: Participants, numbering: Numbering) -> Table:
    ids = [i.id for i in people.shown]
    counts = people.ended_for("intervention_id")
    columns = (Column("Avslutsorsak", Format.TEXT), *(Column(people.facts.short_name(i)) for i in ids), Column("Totalt"))

    def origins(**where: object) -> Origins:
        return by_key(EXITS_MART, "ended", "intervention_id", ids, **where)

    rows = [
        Row((c.label, *_with_sum(counts[c.code, i] for i in ids)), origins=origins(exit_reason=c.code)) for c in people.reasons
    ]
    sums = [sum(counts[c.code, i] for c in people.reasons) for i in ids]
    rows.append(Row(("Totalt avslutade", *_with_sum(sums)), RowKind.TOTAL, origins=origins()))
    return Table("avslutsorsaker", f"Avslutsorsaker per insats, {people.facts.words}", columns, tuple(rows), numbering.table())


def _reason_figure(people: Participants, numbering: Numbering) -> Figure:
    counts = people.ended_for("gender")
    genders, ids = people.genders_of("ended"), [i.id for i in people.shown]
    rows = tuple(
        Row(
            (c.label, *_with_sum(counts[c.code, g] for g in genders)),
            origins=by_key(EXITS_MART, "ended", "gender", genders, exit_reason=c.code, intervention_id=ids),
        )
        for c in people.reasons
    )
    caption = f"Avslutsorsaker totalt och per kön, {people.facts.words}"
    table = Table(
        "avslutsorsaker-kon-tal", caption, (Column("Avslutsorsak", Format.TEXT), *_gender_columns(people, "ended")), rows
    )
    total = people.total("ended")
    alt = f"Liggande stapeldiagram över {total} avslut, en rad för varje avslutsorsak: till vänster totalt, till höger per kön."
    return Figure("avslutsorsaker-kon", caption, alt, ChartKind.TOTAL_AND_PARTS, table, numbering.figure())


def _targets(people: Participants) -> Section:
    facts = people.facts
    order = {i: n for n, i in enumerate(facts.interventions)}
    rows = sorted(people.targets, key=lambda r: (order.get(r["intervention_id"], len(order)), r["measure"]))
    if not rows:
        return Section("mal", "Mål")
    columns = (
        Column("Insats", Format.TEXT),
        Column("Mått", Format.TEXT),
        Column("Mål"),
        Column("Utfall"),
        Column("Andel av målet", Format.PERCENT, "procent"),
    )
    lines = tuple(_target(facts.name(r["intervention_id"]), r) for r in rows)
    year, until = facts.period.first.year, wording.day(facts.period.last)
    note = f"Målet gäller hela {year}. Utfallet är räknat från den 1{NBSP}januari till och med den {until}."
    table = Table("mal-utfall", f"Mål för {year} och utfall till och med {facts.words}", columns, lines, "", (note,))
    return Section("mal", "Mål och utfall", (table,))


def _target(name: str, row: dict[str, Any]) -> Row:
    target, actual = row["target"], row["actual"] or 0
    where = {"year": row["year"], "intervention_id": row["intervention_id"], "measure": row["measure"]}
    share = origin(TARGETS_MART, "actual", "target", how="utfall ÷ mål, i procent", **where)
    origins = (None, *by_measure(TARGETS_MART, ("target", "actual"), **where), share)
    return Row(
        (name, wording.MEASURES.get(row["measure"], row["measure"]), target, actual, percent(actual, target)), origins=origins
    )


def _per_intervention(people: Participants, measure: str, caption: str, numbering: Numbering) -> Table:
    def count(intervention: str) -> tuple[int, ...]:
        return _with_sum(people.total(measure, intervention=intervention, gender=g) for g in people.genders_of(measure))

    def origins(intervention: object) -> Origins:
        return by_key(FLOW_MART, measure, "gender", people.genders_of(measure), intervention_id=intervention)

    rows = [Row((i.name, *count(i.id)), origins=origins(i.id)) for i in people.shown]
    sums = [sum(column) for column in zip(*(count(i.id) for i in people.shown), strict=True)]
    rows.append(Row(("Totalt", *sums), RowKind.TOTAL, origins=origins([i.id for i in people.shown])))
    columns = (Column("Insats", Format.TEXT), *_gender_columns(people, measure))
    silent = wording.listed(i.name for i in people.silent) if measure == "participants" else ""
    notes = (f"Utan deltagare under perioden: {silent}.",) if silent else ()
    return Table(f"per-insats-{measure}", caption, columns, tuple(rows), numbering.table(), notes)


def _gender_figure(table: Table, numbering: Numbering) -> Figure:
    """A drawing of the table's lines, its totals left out."""
    rows = tuple(Row(row.cells[:-1], origins=row.origins[:-1]) for row in table.rows if row.kind is RowKind.LINE)
    data = Table(f"{table.id}-tal", table.caption, table.columns[:-1], rows)
    genders = wording.listed(c.heading.lower().replace("id", "ID") for c in data.columns[1:])
    alt = f"Liggande stapeldiagram med {genders} i var och en av {len(rows)} insatser; samma tal som i {table.label}."
    return Figure(f"{table.id}-figur", table.caption, alt, ChartKind.GROUPED, data, numbering.figure())


def _gender_columns(people: Participants, measure: str) -> tuple[Column, ...]:
    return tuple(Column(wording.GENDER_HEADINGS[g]) for g in (*people.genders_of(measure), "total"))


def _with_sum(values: Iterable[int]) -> tuple[int, ...]:
    cells = tuple(values)
    return (*cells, sum(cells))
