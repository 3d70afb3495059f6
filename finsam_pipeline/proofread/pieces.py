"""The figures at the end of a line, and every way of reading them as so many columns.

`250 242 8` is three figures or two; `145 377 512 000 -366 623` three in more than one way. Belongs here: the ways. Does not: which one
is right, which the rest of the table tells.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from finsam_pipeline.proofread.amounts import DASHES, HARD_BLANKS, MINUSES, read_cell
from finsam_pipeline.proofread.model import EMPTY, Cell, State

_MONTH = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)\w*\.?"
_DATE = re.compile(rf"\b\d{{1,2}}[ {HARD_BLANKS}]{_MONTH}[ {HARD_BLANKS}]\d{{4}}\b|\b(?:19|20)\d\d-\d\d-\d\d\b", re.IGNORECASE)
DATE = "…"  # stands for a date: a cell that is no figure
_PIECE = re.compile(
    rf"^(?:[{MINUSES}+]?\d+(?:[{HARD_BLANKS}]\d{{3}})*(?:[.,]\d+)?%?|\(\d[\d{HARD_BLANKS}]*\)|[{DASHES}]|…|[.·]{{2,3}}|\*+|[<≤]\d+|%)$"
)
_UNIT_PIECE = re.compile(r"^(?:tkr|kkr|mkr|kr|%|procent|st)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"^\d{3}(?:,\d+)?%?$")
_LEADING = re.compile(rf"^[{MINUSES}+]?[1-9]\d{{0,2}}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_BEFORE_YEAR = re.compile(
    r"(?:halvår|\bår|helår|tertial|kvartal|jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec|från|under|till|för|vår|höst)\w*$",
    re.IGNORECASE,
)
_MOST_WAYS = 400


class Gap(IntEnum):
    """What parts a piece from the one before."""

    BLANK = 0  # one blank: between thousands or between figures
    WIDE = 1  # a tab or several blanks: between cells
    LINE = 2  # a line end: between cells, or a figure broken in two


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of signs without blanks, and what parts it from the piece before."""

    text: str
    gap: Gap

    def joins(self, before: Piece, at: int) -> bool:
        """Whether it can go on with the thousands of the piece before, the `at`-th of its figure."""
        if self.gap is Gap.WIDE or not _THOUSANDS.match(self.text):
            return False
        return bool(_LEADING.match(before.text)) if at == 0 else bool(re.fullmatch(r"\d{3}", before.text))


Way = tuple[tuple[Cell, ...], int]  # cells, and how far-fetched the reading is


def tail(text: str) -> tuple[str, tuple[Piece, ...]]:
    """A line's label and the pieces of figures at its end. A lone year is part of the label."""
    words = re.split(r"([ \t]+)", _DATE.sub(DATE, text.strip(" \t")))
    found: list[Piece] = []
    end = len(words)
    while end > 0 and (_PIECE.match(words[end - 1]) or (_UNIT_PIECE.match(words[end - 1]) and end > 1)):
        separator = words[end - 2] if end > 1 else " "
        if not _UNIT_PIECE.match(words[end - 1]):
            found.insert(0, Piece(words[end - 1], Gap.WIDE if "\t" in separator or len(separator) > 1 else Gap.BLANK))
        end -= 2
    label = "".join(words[: max(end, 0)]).strip(" \t")
    if len(found) > 1 and _YEAR.match(found[0].text) and found[0].gap is Gap.BLANK and _BEFORE_YEAR.search(label):
        label = f"{label} {found.pop(0).text}"
    if len(found) == 1 and (_YEAR.match(found[0].text) or found[0].text in DASHES) and label and found[0].gap is not Gap.WIDE:
        return text.strip(" \t"), ()
    return label, tuple(found)


def fewest(pieces: Sequence[Piece]) -> int:
    """How many figures there are when all that can join does, line ends aside."""
    return len(_greedy(pieces))


def most(pieces: Sequence[Piece]) -> int:
    """How many figures there can be at most: a piece that starts with 0 has to join."""
    return sum(1 for i, p in enumerate(pieces) if i == 0 or not re.match(r"^0\d", p.text))


def ways(pieces: Sequence[Piece], width: int) -> list[Way]:
    """Every way to read the pieces as `width` columns, the plainest first.

    Fewer figures than columns: the empty ones are tried everywhere. More: the first pieces belong to the label.
    """
    found: list[Way] = []
    for cells, cost in itertools.islice(_groupings(pieces), _MOST_WAYS):
        if len(cells) == width:
            found.append((cells, cost))
        elif len(cells) < width:
            found.extend((placed, cost + 10 + shift) for placed, shift in _placed(cells, width))
        elif len(cells) == width + 1:
            found.append((cells[1:], cost + 30))
            if pieces[-1].gap is Gap.LINE:
                found.append((cells[:-1], cost + 31))  # the number of the page
    full = [way for way in found if way[1] < 10]  # noqa: PLR2004 - every column filled, nothing left over
    chosen = full or found
    return sorted(chosen, key=lambda way: way[1])[:_MOST_WAYS]


def _groupings(pieces: Sequence[Piece]) -> Iterator[tuple[tuple[Cell, ...], int]]:
    """The ways to join pieces to figures. Joining over a line end is far-fetched."""
    can = [i for i in range(1, len(pieces)) if _may_join(pieces, i)]
    for joined in itertools.product((True, False), repeat=min(len(can), 12)):
        chosen = {i for i, yes in zip(can, joined, strict=False) if yes}
        groups = _grouped(pieces, chosen)
        if groups is None:
            continue
        cells = tuple(read_cell(" ".join(p.text for p in group)) for group in groups)
        if any(c.state is State.HIDDEN and re.match(r"^0\d", g[0].text) for c, g in zip(cells, groups, strict=True)):
            continue
        yield cells, sum(2 for i in chosen if pieces[i].gap is Gap.LINE)


def _may_join(pieces: Sequence[Piece], i: int) -> bool:
    return pieces[i].joins(pieces[i - 1], 0) or pieces[i].joins(pieces[i - 1], 1)


def _grouped(pieces: Sequence[Piece], joined: set[int]) -> list[list[Piece]] | None:
    groups: list[list[Piece]] = []
    for i, piece in enumerate(pieces):
        if i in joined and groups:
            if not piece.joins(groups[-1][-1], len(groups[-1]) - 1):
                return None
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _greedy(pieces: Sequence[Piece]) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and piece.gap is Gap.BLANK and piece.joins(groups[-1][-1], len(groups[-1]) - 1):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _placed(cells: tuple[Cell, ...], width: int) -> Iterator[tuple[tuple[Cell, ...], int]]:
    """Fewer figures than columns: every choice of empty ones, those at the end first."""
    for order, places in enumerate(itertools.combinations(range(width), len(cells))):
        row = [EMPTY] * width
        for j, cell in zip(places, cells, strict=True):
            row[j] = cell
        yield tuple(row), min(order, 9)
