"""Secondary suppression: which more figures are hidden, so that none of the small ones can be worked out.

A small figure is protected when there are two worlds, each a table of whole persons that prints every shown figure as it is,
in which that figure differs by the width the policy asks for. Such worlds are found with linear programmes: as far as the figures
hidden already allow, and where that is not enough by hiding the cheapest more. Each world is checked in whole numbers, so what
the solver says is never taken on trust.

Belongs here: the search. Does not: which figures are small by policy, what a figure says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from finsam_pipeline.report.disclosure.system import Published, Rows, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from finsam_pipeline.register.disclosure import DisclosurePolicy
    from finsam_pipeline.report.traced import Terms

    World = NDArray[np.int64]  # the value of every row

_TRIFLE = 1e-4  # a cost that decides only between worlds that are as good
_NODES = 2_000  # of a search for whole persons: a bound on work that is the same on every machine


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is hidden: `small` by the policy itself, `others` with it.

    `exposed` are small ones that follow from what stands in print already.
    """

    small: frozenset[Terms]
    others: frozenset[Terms]
    exposed: frozenset[Terms]

    @property
    def hidden(self) -> frozenset[Terms]:
        """All that is hidden."""
        return self.small | self.others


def suppress(published: Published, policy: DisclosurePolicy) -> Suppression:
    """Choose what is hidden. The same figures give the same choice."""
    small = {t for t, cell in published.cells.items() if cell.persons and is_small(published.value(t), policy)} | published.barred
    rows = rows_of(published, policy.smallest)
    guarded = sorted({rows.of[t] for t in (small - published.barred) | published.protected if t in rows.of})
    search = _Search(rows, guarded, {rows.of[t] for t in small if t in rows.of}, policy.width)
    search.run()
    hidden = {t for t in published.cells if t in rows.of and rows.of[t] in search.hidden}
    exposed = {t for t in small | published.protected if t in rows.of and rows.of[t] in search.exposed}
    return Suppression(frozenset(small), frozenset(hidden - small), frozenset(exposed))


def is_small(value: int, policy: DisclosurePolicy) -> bool:
    """Whether a count of persons is hidden by the policy itself."""
    return policy.smallest <= value < policy.below


@dataclass
class _Search:
    rows: Rows
    guarded: list[int]
    hidden: set[int]
    width: int
    narrowed: dict[int, int] = field(default_factory=dict)  # row -> the range it is left with, less than the width
    worlds: list[World] = field(default_factory=list)

    def run(self) -> None:
        self.small = frozenset(self.hidden)
        self.worlds = [self.rows.value]
        if not self.guarded:
            return
        self._as_they_are()
        # The smallest ranges first: what they need hidden often protects the others too.
        while missing := self._missing():
            self._protect(min(missing, key=lambda r: (self._range(r), self.rows.value[r], r)))
            self._as_they_are()
        self._show_again()

    @cached_property
    def _programme(self) -> _Programme:
        return _Programme(self.rows)

    @property
    def exposed(self) -> set[int]:
        """The rows that can be told exactly, whatever is hidden now."""
        return {row for row, left in self.narrowed.items() if not left}

    def _needs(self, row: int) -> int:
        return self.narrowed.get(row, self.width)

    def _missing(self) -> list[int]:
        return [row for row in self.guarded if self._range(row) < self._needs(row)]

    def _seen(self, row: int) -> NDArray[np.int64]:
        return np.fromiter((w[row] for w in self.worlds), np.int64, len(self.worlds))

    def _range(self, row: int) -> int:
        seen = self._seen(row)
        return int(seen.max() - seen.min())

    def _as_they_are(self) -> None:
        """Worlds that need nothing more hidden: as many guarded figures as possible up, then as many down."""
        for sign in (1, -1):
            while missing := self._missing():
                before = sum(self._range(r) for r in missing)
                self._add(self._programme.moved(self.hidden, missing, sign, self.width))
                if sum(self._range(r) for r in missing) <= before:
                    break

    def _protect(self, row: int) -> None:
        """Hide the cheapest that lets one figure range far enough: upwards, or downwards where it cannot rise."""
        seen = self._seen(row)
        programme, least, most = self._programme, int(seen.min()), int(seen.max())
        for low, high in ((least + self.width, None), (None, most - self.width)):
            if self._add(programme.cheapest(self.hidden, row, low, high)) and self._range(row) >= self.width:
                return
        # What stands in print already allows less: as far down, and as far up, as anything does.
        for sign in (-1, 1):
            self._add(programme.furthest(self.hidden, row, sign, self.width))
        self.narrowed[row] = self._range(row)

    def _add(self, world: World | None) -> bool:
        if world is None:
            return False
        self.worlds.append(world)
        moved = np.flatnonzero((world != self.rows.value) & self.rows.hideable)
        self.hidden |= {int(r) for r in moved}
        return True

    def _show_again(self) -> None:
        """What turns out not to be needed is shown: the dearest first, together with the worlds it was hidden for."""
        worlds = np.array(self.worlds)
        needs = np.array([self._needs(r) for r in self.guarded])
        for row in sorted(self.hidden - self.small, key=lambda r: (-self.rows.weight[r], r)):
            kept = worlds[worlds[:, row] == self.rows.value[row]]
            if (np.ptp(kept[:, self.guarded], axis=0) >= needs).all():
                worlds = kept
                self.hidden.discard(row)


class _Programme:
    """The linear programmes over one system: base cells x ≥ 0, and for every row how far it may move (up − down)."""

    def __init__(self, rows: Rows) -> None:
        from scipy import sparse  # noqa: PLC0415 - half a second, and only where something is hidden

        self.rows = rows
        size, self.cells = rows.matrix.shape
        self.steps = np.flatnonzero(rows.hideable)
        step = sparse.csc_array(
            (np.ones(len(self.steps)), (self.steps, np.arange(len(self.steps)))), shape=(size, len(self.steps))
        )
        self.matrix = sparse.hstack([sparse.csc_array(rows.matrix.astype(float)), -step, step], format="csc")

    def moved(self, hidden: Iterable[int], which: list[int], sign: int, width: int) -> World | None:
        """A world with the figures `which` as high (sign 1) or low (−1) as can be, the shown ones as they are."""
        low, high = self._bounds(hidden)
        high[which] = np.minimum(high[which], self.rows.value[which] + width)
        return self._solved(self._towards(which, sign), low, high, np.zeros(len(self.steps)))

    def cheapest(self, hidden: Iterable[int], row: int, least: int | None, most: int | None) -> World | None:
        """The world that moves `row` into the bounds and changes the cheapest shown figures."""
        low, high = self._bounds(hidden)
        if least is not None:
            low[row] = max(low[row], least)
        if most is not None:
            high[row] = min(high[row], most)
        return None if (low > high).any() else self._solved(self._costs(), low, high, self._room(hidden))

    def furthest(self, hidden: Iterable[int], row: int, sign: int, width: int) -> World | None:
        """The world that moves `row` as far up (sign 1) or down (−1) as anything allows, up to the width."""
        low, high = self._bounds(hidden)
        high[row] = min(high[row], self.rows.value[row] + width)
        return self._solved(self._towards([row], sign) + _TRIFLE * self._costs(), low, high, self._room(hidden))

    def _room(self, hidden: Iterable[int]) -> NDArray[np.float64]:
        """How far the rows that can be hidden may step off their printed value: those hidden already have no printed one."""
        return np.where(np.isin(self.steps, list(hidden)), 0.0, np.inf)

    def _costs(self) -> NDArray[np.float64]:
        return np.concatenate([np.zeros(self.cells), np.tile(self.rows.weight[self.steps], 2)])

    def _bounds(self, hidden: Iterable[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        low, high = self.rows.value.astype(float), self.rows.value.astype(float)
        loose = np.array([*hidden, *np.flatnonzero(self.rows.unprinted)], dtype=int)
        loose = loose[self.rows.hideable[loose] | self.rows.unprinted[loose]]
        low[loose], high[loose] = self.rows.least[loose], np.inf
        return low, high

    def _towards(self, which: list[int], sign: int) -> NDArray[np.float64]:
        cost = np.zeros(self.matrix.shape[1])
        cost[: self.cells] = -sign * self.rows.matrix[which].sum(axis=0)
        return cost

    def _solved(
        self, cost: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], room: NDArray[np.float64]
    ) -> World | None:
        """Whole persons: the plain programme nearly always gives them, else they are asked for."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - as above

        down = np.minimum(room, np.maximum(self.rows.value[self.steps] - self.rows.least[self.steps], 0))
        bounds = Bounds(np.zeros(self.matrix.shape[1]), np.concatenate([np.full(self.cells, np.inf), room, down]))
        for whole in (0, 1):
            integral = np.zeros(self.matrix.shape[1])
            integral[: self.cells] = whole
            found = milp(cost, integrality=integral, bounds=bounds, constraints=LinearConstraint(self.matrix, low, high),
                         options={"node_limit": _NODES} if whole else {})  # fmt: skip
            if found.x is None:
                return None
            world = self._checked(found, low, high, room > 0)
            if world is not None:
                return world
        return None

    def _checked(self, found: Any, low: NDArray[np.float64], high: NDArray[np.float64], free: NDArray[np.bool_]) -> World | None:  # noqa: ANN401 - scipy's own result
        """The world in whole numbers, if it holds exactly."""
        base = np.rint(found.x[: self.cells]).astype(np.int64)
        world: World = self.rows.matrix @ base
        within = (world >= low) & (world <= high)
        within[self.steps[free]] = (world >= self.rows.least)[self.steps[free]]
        return world if within.all() and (base >= 0).all() else None
