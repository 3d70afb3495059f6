"""Counts of persons parted by gender: `381 deltagare (191 kvinnor, 185 män och 5 annan köns-ID)`.

Checks that the parts make the whole, that the same split stands alike everywhere, and that the splits of the interventions make the
total. Does not belong here: shares in percent.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from finsam_pipeline.proofread.amounts import written
from finsam_pipeline.proofread.facts import Fact, Passage
from finsam_pipeline.proofread.model import Finding, Kind, Measure, Printed, Role, RowKind, Sureness, Table, Unit
from finsam_pipeline.proofread.places import cell_place, text_place
from finsam_pipeline.proofread.vocabulary import NUMBER_WORDS, measure_in

GENDERS = (Unit.WOMEN, Unit.MEN, Unit.OTHER, Unit.ANONYMOUS)
_ROLES = {Unit.WOMEN: Role.WOMEN, Unit.MEN: Role.MEN, Unit.OTHER: Role.OTHER, Unit.ANONYMOUS: Role.ANONYMOUS}
_REACH, _STEP = 110, 40  # signs from the whole to its first part, and from one part to the next
_LARGE = 10
_FEWEST, _MOST_CHOICES = 3, 4096
_STATED = re.compile(rf"\b(\d+|{'|'.join(NUMBER_WORDS)})\s+(?:\w+\s+)?individ\w+\s+insatser", re.IGNORECASE)
_LINK = re.compile(
    r"^[\s,;:.()]*(?:(?:och|samt|varav|därav|av dessa|av dem|var|är|varit|med)\b[\s,]*)*(?:\([^()]*\)[\s,]*)?$", re.IGNORECASE
)
_PARTED = re.compile(r"varav|fördela|av dessa|av dem|\bav (?:de|deltag)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Split:
    """A whole and its parts by gender, in text or in a table's total row."""

    whole: Decimal
    parts: tuple[tuple[Unit, Decimal], ...]
    measure: Measure | None
    place: str
    heading: str
    text: str
    position: tuple[int, int]  # passage, sign; (-1, -1) in a table
    grand: bool = False  # a table's total row

    @property
    def summed(self) -> Decimal:
        """What the parts make."""
        return sum((n for _, n in self.parts), Decimal(0))

    def of(self, unit: Unit) -> Decimal:
        """The part of one gender; 0 when it is not named."""
        return dict(self.parts).get(unit, Decimal(0))


def splits_in_text(passages: Sequence[Passage]) -> list[Split]:
    """Every split in running text."""
    return [s for i, p in enumerate(passages) for s in _splits(p, i)]


def splits_in_tables(tables: Sequence[Table]) -> list[Split]:
    """The total rows of tables that count by gender."""
    found = []
    for table in tables:
        total = table.column(Role.TOTAL)
        columns = [(u, j) for u, role in _ROLES.items() if (j := table.column(role)) is not None]
        if total is None or len(columns) < 2:  # noqa: PLR2004
            continue
        for row in table.rows:
            if row.kind is RowKind.TOTAL and row.cells and all(c.known for c in row.cells):
                parts = tuple((u, row.cells[j].value) for u, j in columns)
                place = cell_place(table, row, total)
                text = written(row.cells[total].value)
                found.append(Split(row.cells[total].value, parts, table.measure, place, "", text, (-1, -1), grand=True))
    return found


def split_findings(in_text: Sequence[Split]) -> Iterator[Finding]:
    """Splits whose parts do not make the whole."""
    for own in in_text:
        if own.whole != own.summed:
            yield Finding(
                kind=Kind.PARTS,
                sureness=Sureness.SURE,
                printed=Printed(f"{written(own.whole)} deltagare", own.place),
                other=Printed(written(own.summed), f"samma mening: {' + '.join(written(n) for _, n in own.parts)}"),
                gap=written(own.whole - own.summed),
                advice="Antalet och uppdelningen på kön går inte ihop. Kontrollera båda mot underlaget.",
            )


def unlike_findings(in_text: Sequence[Split], in_tables: Sequence[Split]) -> Iterator[Finding]:
    """Splits of the same measure that are the same but for a figure or two."""
    told: set[tuple[str, str]] = set()
    for one, other in itertools.combinations([*in_tables, *in_text], 2):
        if one.measure is not other.measure or not _nearly_same(one, other) or one.place == other.place:
            continue
        if (one.text, other.text) in told or any(s.whole != s.summed for s in (one, other)):
            continue
        told.add((one.text, other.text))
        yield Finding(
            kind=Kind.REPEATED,
            sureness=Sureness.LIKELY,
            printed=Printed(_shown(other), other.place),
            other=Printed(_shown(one), one.place),
            gap=written(other.whole - one.whole),
            advice="Samma uppgift står med olika tal på två ställen. Kontrollera vilket som är rätt.",
        )


def total_findings(in_text: Sequence[Split], passages: Sequence[Passage]) -> Iterator[Finding]:
    """The interventions' splits, one under each heading, against the total they should make.

    Told only where the text says of how many interventions it speaks and so many have a split: then every one is there.
    """
    stated = {_number(m[1]) for p in passages for m in _STATED.finditer(p.text)}
    whole = max((s for s in in_text if s.measure is Measure.PARTICIPANTS), key=lambda s: s.whole, default=None)
    if whole is None:
        return
    groups = _by_heading(in_text, whole)
    if len(groups) < _FEWEST or Decimal(len(groups)) not in stated:
        return
    choices = list(itertools.islice(itertools.product(*groups.values()), _MOST_CHOICES))
    sums = [sum((s.whole for s in own), Decimal(0)) for own in choices]
    if whole.whole in sums:
        return
    best = choices[min(range(len(sums)), key=lambda i: abs(sums[i] - whole.whole))]
    for unit in (None, *(u for u, _ in whole.parts)):
        printed = whole.whole if unit is None else whole.of(unit)
        summed = sum((s.whole if unit is None else s.of(unit) for s in best), Decimal(0))
        if printed != summed:
            yield Finding(
                kind=Kind.PARTS,
                sureness=Sureness.LIKELY if unit is None else Sureness.POSSIBLE,
                printed=Printed(f"{written(printed)} {'deltagare' if unit is None else unit}", whole.place),
                other=Printed(
                    written(summed), f"summan av {len(best)} insatser i texten, ”{best[0].heading}” till ”{best[-1].heading}”"
                ),
                gap=written(printed - summed),
                advice="Insatsernas antal summerar inte till totalen. Skriv vad som saknas, till exempel anonyma deltagare.",
            )


def _by_heading(in_text: Sequence[Split], whole: Split) -> dict[str, list[Split]]:
    groups: dict[str, list[Split]] = {}
    for own in in_text:
        if own.heading and own.heading != whole.heading and own.measure in {Measure.PARTICIPANTS, Measure.STARTED, None}:
            groups.setdefault(own.heading, []).append(own)
    return {h: [s for s in own if s.measure is not Measure.STARTED] or own for h, own in groups.items()}


def _splits(passage: Passage, at: int) -> Iterator[Split]:
    """Runs of two or more counts by gender, with the count of persons before them."""
    ended = 0
    for run in _runs(passage):
        whole = _whole(passage, run[0], ended)
        if whole is not None:
            before = passage.text[max(ended, passage.sentences[whole.sentence][0]) : run[0].start]
            after = _rest(passage, run[-1])
            measure = measure_in(before)
            if measure in {None, Measure.PARTICIPANTS}:
                later = measure_in(after)
                measure = later if later in {Measure.STARTED, Measure.ENDED} else measure or later
            parts = tuple((f.unit, f.value) for f in run)
            place, heading = text_place(whole.spot), whole.spot.heading
            yield Split(whole.value, parts, measure, place, heading, whole.text, (at, whole.start))
        ended = run[-1].end


def _runs(passage: Passage) -> Iterator[list[Fact]]:
    run: list[Fact] = []
    for before, fact in pairwise((None, *passage.facts)):
        if fact is None or fact.unit not in GENDERS:
            if len(run) > 1 and (fact is None or fact.unit not in GENDERS):
                yield run
            run = []
            continue
        apart = before is None or not run or fact.start - run[-1].end > _STEP or fact.unit in {f.unit for f in run}
        if apart and len(run) > 1:
            yield run
        run = [fact] if apart else [*run, fact]
    if len(run) > 1:
        yield run


def _whole(passage: Passage, first: Fact, since: int) -> Fact | None:
    """The count of persons a run parts: the nearest before it, with no other sentence between unless one links back."""
    found = [
        f for f in passage.facts if f.unit is Unit.PERSONS and since <= f.start < first.start and first.start - f.end <= _REACH
    ]
    if not found or found[-1].hedge:
        return None
    whole, between = found[-1], passage.text[found[-1].end : first.start]
    if whole.sentence != first.sentence and not re.search(r"[.:]\s*(?:Av (?:dessa|dem|deltagarna)|Varav|Därav)", between):
        return None
    if "(" not in between and not _LINK.match(between) and not _PARTED.search(between):
        return None
    return whole


def _rest(passage: Passage, last: Fact) -> str:
    """What follows a split, up to the next figure or the sentence's end."""
    end = passage.sentences[last.sentence][1]
    following = [f.start for f in passage.facts if f.start >= last.end]
    return passage.text[last.end : min([end, *following])]


def _nearly_same(one: Split, other: Split) -> bool:
    """Unlike, yet with two figures alike that are too large to be so by chance."""
    if one.whole == other.whole and all(one.of(u) == other.of(u) for u in GENDERS):
        return False
    pairs = [(one.whole, other.whole), *((one.of(u), other.of(u)) for u in GENDERS)]
    same = [a for a, b in pairs if a == b and a >= _LARGE]
    unlike = [(a, b) for a, b in pairs if a != b]
    return len(same) > 1 or (len(same) == 1 and len(unlike) == 2 and all(abs(a - b) <= max(a, b) / 20 for a, b in unlike))  # noqa: PLR2004


def _shown(split: Split) -> str:
    return f"{written(split.whole)} ({', '.join(f'{written(n)} {u}' for u, n in split.parts)})"


def _number(text: str) -> Decimal:
    return NUMBER_WORDS.get(text.lower(), Decimal(text) if text.isdigit() else Decimal(-1))
