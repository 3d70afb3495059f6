"""A reader with pencil, paper and a linear programme, who tries to work hidden figures out.

Written from the published side alone: shown figures, hidden places, what everybody knows. Shares no code with the product.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

Sum = tuple[tuple[str, int], ...]


@dataclass
class Attacker:
    """`equations`: sums whose value is printed; `at_least`: sums known not to be below a value. Unknowns are counts, never negative."""

    equations: list[tuple[Sum, int]] = field(default_factory=list)
    at_least: list[tuple[Sum, int]] = field(default_factory=list)

    def range_of(self, wanted: Sum) -> tuple[int, float]:
        """The least and the greatest whole number the sum can be, fractions of persons allowed on the way."""
        names = sorted({n for s, _ in (*self.equations, *self.at_least, (wanted, 0)) for n, _ in s})
        place = {n: i for i, n in enumerate(names)}

        def matrix(sums: Iterable[tuple[Sum, int]], sign: int) -> np.ndarray:
            rows = np.zeros((len(list(sums)), len(names)))
            for row, (terms, _) in zip(rows, sums, strict=True):
                for name, count in terms:
                    row[place[name]] += sign * count
            return rows

        cost = np.zeros(len(names))
        for name, count in wanted:
            cost[place[name]] += count
        known = {
            "A_eq": matrix(self.equations, 1) if self.equations else None,
            "b_eq": [v for _, v in self.equations] or None,
            "A_ub": matrix(self.at_least, -1) if self.at_least else None,
            "b_ub": [-v for _, v in self.at_least] or None,
        }
        low, high = (linprog(sign * cost, bounds=(0, None), method="highs", **known) for sign in (1, -1))
        assert low.status == 0, "what is published contradicts itself"
        most = math.inf if high.status in (3, 4) else math.floor(-high.fun + 1e-6)
        return math.ceil(low.fun - 1e-6), most


def recovered(attacker: Attacker, secrets: Mapping[Sum, int], width: int) -> list[tuple[Sum, int, float]]:
    """Secrets that can be told more closely than `width`, and how closely."""
    out = []
    for wanted, value in secrets.items():
        low, high = attacker.range_of(wanted)
        assert low <= value <= high
        if high - low < width:
            out.append((wanted, low, high))
    return out
