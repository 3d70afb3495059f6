"""Participants through a period: carried in, started, took part, ended, carried out.

More cannot end than took part, and what came in and went out must agree. Does not belong here: sums of tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from finsam_pipeline.proofread.amounts import written
from finsam_pipeline.proofread.facts import Passage
from finsam_pipeline.proofread.model import (
    GENDER_ROLES,
    Finding,
    Kind,
    Measure,
    Printed,
    Role,
    Row,
    RowKind,
    Sureness,
    Table,
    Unit,
)
from finsam_pipeline.proofread.places import cell_place, text_place
from finsam_pipeline.proofread.vocabulary import folded, measure_in

_ROLES = (*GENDER_ROLES, Role.TOTAL)
_LABEL = 6  # letters two labels have to begin alike with, where one goes on
_BARE = re.compile(r"(?<![\w,.:/§-])(\d{1,3}(?:[ \u00a0]\d{3})*|\d+)(?![\w,.:/%-]| ?(?:procent|tkr|kr|mkr))")
_YEAR = re.compile(r"^(?:19|20)\d\d$")


def more_than_took_part(tables: Sequence[Table]) -> Iterator[Finding]:
    """Rows in which more started or ended than took part."""
    taking_part = [t for t in tables if t.measure is Measure.PARTICIPANTS and _counted(t)]
    for table in (t for t in tables if t.measure in {Measure.STARTED, Measure.ENDED} and _counted(t)):
        for own in taking_part:
            if _comparable(own, table):
                yield from _exceeding(table, own)
                break


def flow_findings(passages: Sequence[Passage]) -> Iterator[Finding]:
    """Sentences that state a whole flow: carried in + started − ended = carried out."""
    for passage in passages:
        for n in range(len(passage.sentences)):
            text = f"{passage.sentence(n)} {passage.sentence(n + 1)}"
            stated = _stated(text)
            if len(stated) == 4 and _stated_here(stated, passage.sentence(n)):  # noqa: PLR2004
                yield from _flow(stated, text_place(passage.spot))
                break


def flow_table_findings(tables: Sequence[Table]) -> Iterator[Finding]:
    """Tables with a row for each step of the flow."""
    for table in tables:
        rows = {m: r for r in table.rows if r.cells and (m := _step(r.label))}
        if not {Measure.CARRIED_IN, Measure.STARTED, Measure.ENDED, Measure.CARRIED_OUT} <= set(rows):
            continue
        for j in range(table.width):
            cells = {m: r.cells[j] for m, r in rows.items()}
            if all(cells[m].known for m in cells) and cells[Measure.CARRIED_OUT].given:
                stated = {m: c.value for m, c in cells.items()}
                yield from _flow(stated, cell_place(table, rows[Measure.CARRIED_OUT], j))


def _step(label: str) -> Measure | None:
    return measure_in(label)


def _counted(table: Table) -> bool:
    return table.unit in {Unit.PERSONS, None} and any(r in GENDER_ROLES for r in table.roles)


def _comparable(one: Table, other: Table) -> bool:
    """Whether most rows of one are in the other too."""
    labels = [folded(r.label) for r in one.rows if r.kind is RowKind.LINE and r.cells]
    same = [r for r in other.rows if r.kind is RowKind.LINE and r.cells and any(_same(folded(r.label), name) for name in labels)]
    return len(same) > 1 and 2 * len(same) >= len(labels)


def _same(one: str, other: str) -> bool:
    return one == other or (len(min(one, other, key=len)) >= _LABEL and (one.startswith(other) or other.startswith(one)))


def _exceeding(table: Table, whole: Table) -> Iterator[Finding]:
    for row in (r for r in table.rows if r.cells and r.certain):
        match = _row_like(whole, row)
        if match is None:
            continue
        for role in _ROLES:
            own, other = table.column(role), whole.column(role)
            if own is None or other is None or not row.cells[own].given or not match.cells[other].known or not match.certain:
                continue
            if row.cells[own].value > match.cells[other].value:
                yield Finding(
                    kind=Kind.FLOW,
                    sureness=Sureness.SURE,
                    printed=Printed(f"{written(row.cells[own].value)} {table.measure}", cell_place(table, row, own)),
                    other=Printed(f"{written(match.cells[other].value)} deltagare", cell_place(whole, match, other)),
                    gap=written(row.cells[own].value - match.cells[other].value),
                    advice="Fler än som deltog. Räknas deltagare och avslut på olika sätt i insatsen, skriv det under tabellen.",
                )


def _row_like(table: Table, row: Row) -> Row | None:
    own = folded(row.label)
    exact = [r for r in table.rows if r.cells and folded(r.label) == own]
    loose = [r for r in table.rows if r.cells and r.kind is row.kind and _same(folded(r.label), own)]
    found = exact or loose
    return found[0] if len(found) == 1 else None


def _stated(text: str) -> dict[Measure, Decimal]:
    """The steps of the flow in a text: each bare number with the measure of the words up to the next."""
    found: dict[Measure, Decimal] = {}
    numbers = [m for m in _BARE.finditer(text) if not _YEAR.match(m[1])]
    for i, match in enumerate(numbers):
        end = numbers[i + 1].start() if i + 1 < len(numbers) else len(text)
        measure = measure_in(re.split(r"[.;]", text[match.end() : end])[0])
        if measure is not None and measure is not Measure.PARTICIPANTS and measure not in found:
            found[measure] = Decimal(match[1].replace(" ", "").replace("\u00a0", ""))
    return found


def _stated_here(stated: dict[Measure, Decimal], sentence: str) -> bool:
    """Whether the flow begins in this sentence, not only in the one read with it."""
    return written(stated.get(Measure.CARRIED_IN, Decimal(-1))) in sentence.replace(" ", "\u00a0")


def _flow(stated: dict[Measure, Decimal], place: str) -> Iterator[Finding]:
    came, went = stated[Measure.CARRIED_IN] + stated[Measure.STARTED], stated[Measure.ENDED] + stated[Measure.CARRIED_OUT]
    if came == went:
        return
    left = came - stated[Measure.ENDED]
    sum_text = f"{written(stated[Measure.CARRIED_IN])} + {written(stated[Measure.STARTED])} − {written(stated[Measure.ENDED])}"
    yield Finding(
        kind=Kind.FLOW,
        sureness=Sureness.SURE,
        printed=Printed(f"{written(stated[Measure.CARRIED_OUT])} kvar", place),
        other=Printed(written(left), f"samma ställe: {sum_text}"),
        gap=written(stated[Measure.CARRIED_OUT] - left),
        advice="Ingående antal + började − avslutade ska bli antalet som är kvar. Kontrollera de fyra talen.",
    )
