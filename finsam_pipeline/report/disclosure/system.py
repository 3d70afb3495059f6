"""What a reader can add and subtract: the published figures as one linear system over base cells.

Belongs here: cells → rows and columns, made small without losing anything. Does not: which row is hidden (suppression.py),
reports, marts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from finsam_pipeline.report.traced import Terms, value_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Column = tuple[tuple[int, int], ...]  # (row, coefficient) of one base cell


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure this report would print. `weight`: what hiding it costs; `persons`: a count, not a difference between counts."""

    weight: float = 1.0
    persons: bool = True


@dataclass
class Published:
    """All that a reader has at hand, and what must not follow from it.

    `values` are the true counts of the base cells; `cells` may be shown or hidden now; `shown` stands for good (earlier editions,
    identities); `masked` was hidden in an earlier edition, `protected` those of them that are small; `floors` are sums that are
    known not to be below 0; `barred` cells are hidden whatever they hold.
    """

    values: Mapping[str, int] = field(repr=False)
    cells: dict[Terms, Cell] = field(default_factory=dict, repr=False)
    shown: set[Terms] = field(default_factory=set, repr=False)
    masked: set[Terms] = field(default_factory=set, repr=False)
    protected: set[Terms] = field(default_factory=set, repr=False)
    floors: set[Terms] = field(default_factory=set, repr=False)
    barred: set[Terms] = field(default_factory=set, repr=False)

    def value(self, terms: Terms) -> int:
        """The true value of a sum."""
        return value_of(terms, self.values)


@dataclass(frozen=True)
class Rows:
    """The same, as a matrix of whole numbers: row r of `matrix` times `base` is the figure `value[r]`.

    `of` says which row a sum became; sums that differ only in base cells known to be 0 share one. `hideable` rows are cells of
    this report, `unprinted` ones stand in none; `least` is what a reader knows a hidden row to be at least.
    """

    matrix: NDArray[np.int64]
    base: NDArray[np.int64]
    value: NDArray[np.int64]
    weight: NDArray[np.float64]
    hideable: NDArray[np.bool_]
    unprinted: NDArray[np.bool_]  # in no edition
    least: NDArray[np.float64]
    of: Mapping[Terms, int]


def rows_of(published: Published, smallest: int) -> Rows:
    """The system in rows. `smallest`: the least count a mark can stand for; with 1, every zero is shown and known."""
    known = _known_zeros(published) if smallest else set()
    wanted = [*published.cells, *published.shown, *published.masked, *published.floors, *published.protected]
    reduced = {terms: frozenset((c, n) for c, n in terms if c not in known) for terms in wanted}
    order = {terms: r for r, terms in enumerate(dict.fromkeys(t for t in reduced.values() if t))}
    of = {terms: order[small] for terms, small in reduced.items() if small}
    columns = _columns(order, published.values)
    matrix = np.zeros((len(order), len(columns)), dtype=np.int64)
    for n, column in enumerate(columns):
        for row, count in column:
            matrix[row, n] = count
    base = np.fromiter(columns.values(), dtype=np.int64, count=len(columns))
    return _described(published, smallest, of, matrix, base)


def _described(
    published: Published, smallest: int, of: Mapping[Terms, int], matrix: NDArray[np.int64], base: NDArray[np.int64]
) -> Rows:
    value = matrix @ base
    size = len(value)
    hideable, weight, signed = np.zeros(size, bool), np.zeros(size), np.zeros(size, bool)
    for terms, cell in published.cells.items():
        if terms in of:
            hideable[of[terms]] = True
            weight[of[terms]] += cell.weight
            signed[of[terms]] |= not cell.persons
    hideable &= signed | (value != 0) | (smallest == 0)
    for terms in published.shown & of.keys():
        hideable[of[terms]] = False
    masked, shown, printed = (_among(of, terms, size) for terms in (published.masked, published.shown, published.cells))
    # What is printed nowhere, now or earlier, is known by its least value alone.
    unprinted = ~(hideable | shown | printed)
    least = np.where(signed | (value < 0), -np.inf, np.where(unprinted & ~masked, 0.0, np.minimum(smallest, value)))
    return Rows(matrix, base, value, weight, hideable, unprinted, least, of)


def _among(of: Mapping[Terms, int], terms: Iterable[Terms], size: int) -> NDArray[np.bool_]:
    found = np.zeros(size, bool)
    found[[of[t] for t in terms if t in of]] = True
    return found


def _known_zeros(published: Published) -> set[str]:
    """Base cells in a shown sum that is 0 and has nothing to subtract."""
    counts = (t for t, cell in published.cells.items() if cell.persons and t not in published.barred)
    printed: Iterable[Terms] = (*counts, *published.shown)
    zeros = (t for t in printed if all(n > 0 for _, n in t) and not published.value(t))
    return {cell for terms in zeros for cell, _ in terms}


def _columns(order: Mapping[Terms, int], values: Mapping[str, int]) -> dict[Column, int]:
    """Base cells that stand in the same rows, as often, are one: nobody can tell them apart, or needs to."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for terms, row in order.items():
        for cell, count in terms:
            places[cell].append((row, count))
    merged: dict[Column, int] = defaultdict(int)
    for cell in sorted(places):
        merged[tuple(places[cell])] += values[cell]
    return merged
