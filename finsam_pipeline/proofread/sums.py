"""Sum and result rows that do not follow from the rows they add up.

Which rows those are is nowhere said: every plain reading is tried (the lines since the sum before, all lines, a section, the sums above,
income less cost), and the one that holds in most columns is taken. Does not belong here: sums along a row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.amounts import alike, written
from finsam_pipeline.proofread.counting import counts, shown, slack
from finsam_pipeline.proofread.model import Cell, Finding, Kind, Printed, Role, Row, RowKind, Sureness, Table
from finsam_pipeline.proofread.places import cell_place

_CLOSING = re.compile(r"\butgående\b|\bslut\b", re.IGNORECASE)
_OPENING = re.compile(r"\bingående\b|\bbörjan\b", re.IGNORECASE)
_APART = re.compile(r"\bunika\b|\bolika (?:individer|personer)\b|\bgenomsnitt\b|\bsnitt\b", re.IGNORECASE)
_COST, _INCOME = re.compile(r"kostnad", re.IGNORECASE), re.compile(r"intäkt|\bbidrag", re.IGNORECASE)
_PAIRED = 12  # rows above a result that are tried in pairs
_CLEAR = 10  # a sum says something about rounding only when it is so many times what rounding can make
_FAR = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sum row may be the sum of: rows and the sign they go in with."""

    parts: tuple[tuple[int, int], ...]

    def cells(self, table: Table, column: int) -> list[tuple[Cell, int]]:
        """Their cells in one column."""
        return [(table.rows[i].cells[column], sign) for i, sign in self.parts]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One column of a sum row under a reading."""

    column: int
    computed: Decimal
    gap: Decimal
    slack: Decimal
    parts: int

    @property
    def weight(self) -> float:
        """1 when it holds, less when rounding explains the gap, 0 when it does not."""
        if not self.gap:
            return 1.0
        return 0.7 if abs(self.gap) < self.slack and abs(self.computed) > _CLEAR * self.slack else 0.0


def sum_findings(table: Table) -> Iterator[Finding]:
    """Columns in which a sum row breaks the reading that its other columns bear out."""
    for i, row in enumerate(table.rows):
        if not row.cells or not row.certain or row.kind not in {RowKind.TOTAL, RowKind.RESULT, RowKind.MEMO}:
            continue
        judged = [_judge(table, i, reading) for reading in readings(table, i)]
        judged = [own for own in judged if own[1]]
        if not judged:
            continue
        best = max(judged, key=lambda own: (sum(j.weight for j in own[1]), len(own[1]), -_badness(own[1])))
        yield from _broken(table, row, best, alone=_alone(table, i, judged))


def readings(table: Table, at: int) -> list[Reading]:
    """Every plain reading of the sum row at an index."""
    rows = table.rows
    if rows[at].kind is RowKind.MEMO:
        return _closing(rows, at)
    lines = [i for i in range(at) if rows[i].kind is RowKind.LINE and rows[i].cells]
    sums = [i for i in range(at) if rows[i].kind is RowKind.TOTAL and rows[i].cells]
    if rows[at].kind is RowKind.RESULT:
        return _unique(_results(rows, at, lines, sums))
    last = sums[-1] if sums else -1
    sections = [i for i in range(at) if rows[i].kind is RowKind.SECTION]
    since = [i for i in lines if i > last]
    found = [since, lines, *([i for i in lines if i > s] for s in reversed(sections))]
    found += [sums[-n:] for n in range(2, len(sums) + 1)]
    found += [sums[-n:] + since for n in range(1, len(sums) + 1) if since]
    found += [_without_subtotals(rows, at, lines, sums)]
    if _COST.search(rows[at].label):  # a single line of income above the costs has no sum of its own that would part them
        found.append([i for i in since if not _INCOME.search(rows[i].label)])
    if not since:
        found.append(_below(rows, at))
    return _unique([[(i, 1) for i in own] for own in found])


def _results(rows: Sequence[Row], at: int, lines: list[int], sums: list[int]) -> list[list[tuple[int, int]]]:
    """Income less cost, whichever rows they are; a result before, and the lines since."""
    earlier = [i for i in range(at) if rows[i].kind is RowKind.RESULT and rows[i].cells]
    grand = sums or lines
    pairs = list(itertools.combinations([i for i in range(at) if i in {*grand, *lines[-_PAIRED:], *earlier}][-2 * _PAIRED :], 2))
    found = [[(a, 1), (b, -1)] for a, b in pairs] + [[(b, 1), (a, -1)] for a, b in pairs] + [[(a, 1), (b, 1)] for a, b in pairs]
    if sums:
        since = [i for i in lines if i > sums[0]]
        found.append([(sums[0], 1), *((i, -1) for i in since)])
        found += [[(sums[0], 1), *((i, -1) for i in sums[1 : 1 + n])] for n in range(2, len(sums))]
    if earlier:
        found += [[(earlier[-1], 1), *((i, sign) for i in lines if i > earlier[-1])] for sign in (1, -1)]
    if len(lines) > 1:
        found += [[(i, 1) for i in lines], [(lines[0], 1), *((i, -1) for i in lines[1:])]]
    return found


def _closing(rows: Sequence[Row], at: int) -> list[Reading]:
    """Closing equity = opening equity + result."""
    if not _CLOSING.search(rows[at].label):
        return []
    opening = [i for i in range(len(rows)) if rows[i].kind is RowKind.MEMO and rows[i].cells and _OPENING.search(rows[i].label)]
    result = [i for i in range(len(rows)) if rows[i].kind is RowKind.RESULT and rows[i].cells]
    return _unique([[(opening[0], 1), (result[-1], 1)]]) if opening and result else []


def _without_subtotals(rows: Sequence[Row], at: int, lines: list[int], sums: list[int]) -> list[int]:
    """Lines that stand between sums and in none of them, with the sums: a sum over parts of both kinds."""
    loose = [i for i in lines if not any(i < s for s in sums)]
    return [*sums, *loose] if rows[at].kind is RowKind.TOTAL else []


def _below(rows: Sequence[Row], at: int) -> list[int]:
    """The lines under a sum that stands first."""
    found = []
    for i in range(at + 1, len(rows)):
        if rows[i].kind in {RowKind.TOTAL, RowKind.RESULT}:
            break
        if rows[i].kind is RowKind.LINE and rows[i].cells:
            found.append(i)
    return found


def _unique(found: Sequence[Sequence[tuple[int, int]]]) -> list[Reading]:
    return [Reading(parts) for parts in dict.fromkeys(tuple(own) for own in found) if len(parts) > 1]


def _judge(table: Table, at: int, reading: Reading) -> tuple[Reading, list[_Judged]]:
    return reading, [own for j in range(table.width) if (own := _column(table, at, reading, j)) is not None]


def _column(table: Table, at: int, reading: Reading, column: int) -> _Judged | None:
    """How one column stands to a reading; None when it says nothing."""
    total, parts = table.rows[at].cells[column], reading.cells(table, column)
    if not total.given or not all(c.known for c, _ in parts) or any(not table.rows[i].certain for i, _ in reading.parts):
        return None
    if sum(1 for c, _ in parts if c.value) < 2 and not (total.value and any(c.value for c, _ in parts)):  # noqa: PLR2004
        return None
    computed = sum((c.value * sign for c, sign in parts), Decimal(0))
    if sum(1 for c, _ in parts if c.value) < 2 and computed == total.value:  # noqa: PLR2004 - one part that is the whole says nothing
        return None
    if table.roles[column] is Role.SHARE and abs(total.value - 100) > 1:
        return None
    whole = counts(table) and table.roles[column] is not Role.SHARE  # shares of counts are rounded
    loose = Decimal(0) if whole else slack([total, *(c for c, _ in parts)])
    return _Judged(column, computed, total.value - computed, loose, len(parts))


def _badness(judged: Sequence[_Judged]) -> Decimal:
    return sum((abs(j.gap) / max(abs(j.computed), Decimal(1)) for j in judged), Decimal(0))


def _alone(table: Table, at: int, judged: Sequence[tuple[Reading, list[_Judged]]]) -> bool:
    """Whether no other sum row makes the reading of this one doubtful."""
    if _APART.search(table.rows[at].label) or _APART.search(table.caption):
        return False
    others = [r for i, r in enumerate(table.rows) if i != at and r.kind is RowKind.TOTAL and r.cells]
    return not others and table.rows[at].kind is RowKind.TOTAL and len(judged) > 0


def _broken(table: Table, row: Row, best: tuple[Reading, list[_Judged]], *, alone: bool) -> Iterator[Finding]:
    reading, columns = best
    holding = [j for j in columns if j.weight]
    for own in columns:
        if not own.gap or (not holding and not (alone and _near(own, row))):
            continue
        rounding = abs(own.gap) < own.slack
        if not rounding and _no_sum(table, row, reading, own):
            continue
        yield _finding(table, row, reading, own, _sureness(len(holding), len(columns), rounding=rounding))


def _near(own: _Judged, row: Row) -> bool:
    printed = row.cells[own.column].value
    return alike(printed, own.computed) or abs(own.gap) <= _FAR * max(abs(printed), abs(own.computed))


def _no_sum(table: Table, row: Row, reading: Reading, own: _Judged) -> bool:
    """A column that is not added up at all, such as an average: its total is no larger than its largest part."""
    values = [c.value * sign for c, sign in reading.cells(table, own.column)]
    printed = row.cells[own.column].value
    plain = all(v >= 0 for v in values) and printed >= 0
    return plain and printed <= max(values) and not alike(printed, own.computed)


def _sureness(holding: int, columns: int, *, rounding: bool) -> Sureness:
    if rounding or holding * 2 >= columns:
        return Sureness.SURE
    return Sureness.LIKELY if holding or columns == 1 else Sureness.POSSIBLE


def _finding(table: Table, row: Row, reading: Reading, own: _Judged, sureness: Sureness) -> Finding:
    rounding = abs(own.gap) < own.slack
    cells = reading.cells(table, own.column)
    return Finding(
        kind=Kind.RESULT if any(sign < 0 for _, sign in reading.parts) else Kind.SUM,
        sureness=sureness,
        printed=Printed(shown(row.cells[own.column].value, table.unit), cell_place(table, row, own.column)),
        other=Printed(shown(own.computed, table.unit), _parts(table, reading)),
        gap=written(own.gap),
        advice=(
            "Talen är avrundade var för sig. Räkna på kronor, eller skriv under tabellen att avrundning gör att de inte summerar."
            if rounding
            else "Kontrollera summan och raderna den räknas av; ett av talen är fel."
        ),
        rounding=rounding,
        roundings=sum(1 for c, _ in cells if c.given and c.value) + 1 if rounding else 0,
    )


def _parts(table: Table, reading: Reading) -> str:
    labels = [(table.rows[i].label, sign) for i, sign in reading.parts]
    if len(labels) == 2:  # noqa: PLR2004
        (a, sa), (b, sb) = labels
        return f"”{a}” {'−' if sb < 0 else '+'} ”{b}”" if sa > 0 else f"”{b}” − ”{a}”"
    return f"summan av {len(labels)} rader, ”{labels[0][0]}” till ”{labels[-1][0]}”"
