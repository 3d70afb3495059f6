"""Rows of pieces to tables: how many columns there are, and which way of reading each row fits the others.

Belongs here: the decision, by counting how many rows bear a relation between columns out. Does not: lines, files.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from finsam_pipeline.proofread.grids import row_of, table_of
from finsam_pipeline.proofread.model import HIDDEN, Cell, Role, Row, Spot, Table
from finsam_pipeline.proofread.pieces import Piece, Way, fewest, most, ways
from finsam_pipeline.proofread.relations import Relation, hypotheses
from finsam_pipeline.proofread.vocabulary import roles_in

_WIDEST = 14
_ODD = 0.6  # powers of ten a column may be off, on average, for a reading to be taken that nothing else bears out
_APART = 1.5  # powers of ten that part the best reading from the next
_NEVER = 3.0  # for a figure in a column that holds none
_FEWEST_ROWS = 2
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class Logical:
    """A label with its pieces, or a label alone. `cellwise`: every cell stood on a line of its own."""

    label: str
    pieces: tuple[Piece, ...]
    spot: Spot
    cellwise: bool = False


def tables_of(rows: Sequence[Logical]) -> list[Table]:
    """The tables in a region of rows, without captions."""
    return [_table(part) for part in _parts(rows) if sum(1 for r in part if r.pieces) >= _FEWEST_ROWS]


def _parts(rows: Sequence[Logical]) -> list[list[Logical]]:
    """A new table starts where new headings stand between rows of figures."""
    parts: list[list[Logical]] = [[]]
    labels: list[Logical] = []
    for row in rows:
        if not row.pieces:
            labels.append(row)
            continue
        if any(r.pieces for r in parts[-1]) and _headings(labels):
            parts.append([])
        parts[-1] += [*labels, row]
        labels = []
    parts[-1] += labels
    return parts


def _headings(labels: Sequence[Logical]) -> bool:
    return len({role for role, _ in roles_in(" ".join(r.label for r in labels))}) > 1


def _table(rows: Sequence[Logical]) -> Table:
    first = next(i for i, r in enumerate(rows) if r.pieces)
    head, body = rows[:first], rows[first:]
    named = roles_in(" ".join(r.label for r in head))
    figures = [r.pieces for r in body if r.pieces]
    width = len(named) if _bears_out(figures, named) else _width(figures, len(named))
    roles, headings = _columns(named, width)
    cells = _chosen([ways(own, width) for own in figures], roles)
    placed = iter(cells)
    sections = [row_of(r.label, (), r.spot) for r in head if not roles_in(r.label)][-2:]
    own: list[Row] = list(sections)
    for r in body:
        if not r.pieces:
            own.append(row_of(r.label, (), r.spot))
            continue
        chosen, certain = next(placed)
        own.append(row_of(r.label, chosen, r.spot, certain=certain))
    about = " ".join(r.label for r in head)
    return table_of("", "", headings, roles, own, about=about, spot=rows[first].spot)


def _bears_out(pieces: Sequence[Sequence[Piece]], named: Sequence[tuple[Role, str]]) -> bool:
    """Whether nearly all rows can be read as the columns the headings name, and so read hang together as the headings say."""
    width = len(named)
    can = [own for own in pieces if fewest(own) <= width <= most(own)]
    if not 1 < width <= _WIDEST or len(can) < _NEARLY_ALL * len(pieces):
        return False
    relation = _common([ways(own, width) for own in can], [role for role, _ in named])
    return relation is not None and relation.declared


def _width(pieces: Sequence[Sequence[Piece]], named: int) -> int:
    """How many columns: what most rows have when read plainly, what the others can be read as, what the headings name."""

    def score(width: int) -> float:
        total = 0.0
        for own in pieces:
            least, top = fewest(own), most(own)
            total += 1.0 if least == width else 0.7 if least < width <= top else 0.25 if width > top else 0.0
        return total + (0.45 * len(pieces) if width == named else 0.0)

    widest = min(max(map(most, pieces)), _WIDEST)
    return max(range(1, widest + 1), key=lambda width: (score(width), -width))


def _columns(named: Sequence[tuple[Role, str]], width: int) -> tuple[tuple[Role, ...], tuple[str, ...]]:
    """Roles and headings of the columns. Where fewer are named than there are, only the last is known, and not as just anything."""
    if len(named) >= width:
        kept = named[-width:]
        return tuple(role for role, _ in kept), tuple(" ".join(word.split()) for _, word in kept)
    roles, headings = [Role.UNKNOWN] * width, [""] * width
    if named and width > 1 and named[-1][0] in {Role.TOTAL, Role.DIFFERENCE, Role.SHARE}:
        roles[-1], headings[-1] = named[-1][0], named[-1][1]
    return tuple(roles), tuple(headings)


def _chosen(choices: Sequence[Sequence[Way]], roles: Sequence[Role]) -> list[tuple[tuple[Cell, ...], bool]]:
    """For every row the way of reading that fits the relation most rows can bear out; sure when there is no other as good."""
    if all(len(own) == 1 for own in choices):
        return [(own[0][0], True) for own in choices]
    relation = _common(choices, roles)
    sizes = _sizes(choices, len(roles))
    out = []
    for own in choices:
        if not own:
            out.append((tuple([HIDDEN] * len(roles)), False))
            continue
        ranked = sorted(own, key=lambda way: (_misfit(way[0], relation), way[1] // 10, way[1] + _oddness(way[0], sizes)))
        best = ranked[0][0]
        fits = relation is not None and relation.speaks(best) and not relation.gap(best)
        out.append((best, len(own) == 1 or fits or (ranked[0][1] < 10 and _clear([w[0] for w in ranked], sizes))))  # noqa: PLR2004
    return out


def _clear(ranked: Sequence[Sequence[Cell]], sizes: Sequence[float | None]) -> bool:
    """Whether the first reading is like the other rows, or much more so than any other reading is."""
    first = _oddness(ranked[0], sizes)
    return first <= _ODD * len(sizes) or all(_oddness(other, sizes) - first >= _APART for other in ranked[1:])


def _common(choices: Sequence[Sequence[Way]], roles: Sequence[Role]) -> Relation | None:
    """The relation that most rows can be read to bear out; None when it is no more than a few."""

    def bears(relation: Relation, own: Sequence[Way]) -> bool:
        return any(relation.speaks(cells) and not relation.gap(cells) for cells, _ in own)

    best, most_rows = None, 0.0
    for relation in hypotheses(roles):
        count = sum(1 for own in choices if bears(relation, own)) + (0.5 if relation.declared else 0.0)
        if count > most_rows:
            best, most_rows = relation, count
    return best if most_rows >= max(2, 0.4 * len(choices)) else None


def _misfit(cells: Sequence[Cell], relation: Relation | None) -> int:
    """0 when it holds, 1 when rounding could explain it or it says nothing, 2 when it does not hold."""
    if relation is None or not relation.speaks(cells):
        return 1
    gap = abs(relation.gap(cells))
    return 0 if not gap else 1 if gap < relation.slack(cells) else 2


def _sizes(choices: Sequence[Sequence[Way]], width: int) -> list[float | None]:
    """How large the figures of each column usually are; None where there are none."""
    plain = [own[0][0] for own in choices if len(own) == 1] or [own[0][0] for own in choices if own]
    given = [[_size(cells[j]) for cells in plain if cells[j].given] for j in range(width)]
    return [statistics.median(own) if own else None for own in given]


def _size(cell: Cell) -> float:
    return math.log10(abs(float(cell.value)) + 1)


def _oddness(cells: Sequence[Cell], sizes: Sequence[float | None]) -> float:
    """How unlike the others a row is, its being larger or smaller as a whole aside: sums are."""
    off = [_size(c) - s for c, s in zip(cells, sizes, strict=True) if c.value and s is not None]
    usual = statistics.median(off) if off else 0.0
    return sum(abs(o - usual) for o in off) + _NEVER * sum(1 for c, s in zip(cells, sizes, strict=True) if c.value and s is None)
