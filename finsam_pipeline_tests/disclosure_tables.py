"""Random tables of few persons, with their margins, alone and linked, as sums of base cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from finsam_pipeline_tests.attacker import Sum


def base(random: np.random.Generator, *shape: int, name: str = "") -> dict[str, int]:
    """Counts as in small registers: many zeros, many below five, a few large."""
    mean = random.choice([1.0, 3.0, 8.0, 25.0])
    counts = random.negative_binomial(random.choice([0.5, 1, 3]), 1 / (1 + mean), shape)
    return {f"{name}{place}": int(n) for place, n in np.ndenumerate(counts)}


def margins(cells: dict[str, int], *shape: int, name: str = "") -> Iterator[Sum]:
    """Every cell, every total over some of the dimensions, and the grand total."""
    for kept in itertools.product((True, False), repeat=len(shape)):
        for place in itertools.product(*(range(n) if keep else (None,) for n, keep in zip(shape, kept, strict=True))):
            yield tuple(
                (cell, 1)
                for cell in (f"{name}{p}" for p in itertools.product(*(
                    range(n) if at is None else (at,) for n, at in zip(shape, place, strict=True))))
                if cell in cells
            )  # fmt: skip


def one_table(random: np.random.Generator) -> tuple[dict[str, int], list[Sum]]:
    """A table of two dimensions."""
    shape = tuple(int(n) for n in random.integers(2, 6, 2))
    cells = base(random, *shape)
    return cells, list(margins(cells, *shape))


def cube(random: np.random.Generator) -> tuple[dict[str, int], list[Sum]]:
    """Three dimensions, every margin printed, the cells themselves not."""
    shape = tuple(int(n) for n in random.integers(2, 5, 3))
    cells = base(random, *shape)
    return cells, [s for s in margins(cells, *shape) if len(s) > 1]


def linked(random: np.random.Generator) -> tuple[dict[str, int], list[Sum]]:
    """A flow by intervention and gender, whose ended are split by reason elsewhere, and whose rest is printed as well."""
    n, genders, reasons = int(random.integers(2, 5)), 3, int(random.integers(2, 5))
    come = base(random, n, genders, name="in") | base(random, n, genders, name="new")
    gone = base(random, n, genders, reasons, name="out")
    for i, g in itertools.product(range(n), range(genders)):  # nobody leaves who was not there
        left = sum(gone[f"out{(i, g, r)}"] for r in range(reasons))
        come[f"in{(i, g)}"] += max(0, left - come[f"in{(i, g)}"] - come[f"new{(i, g)}"])
    present = [
        _both(a, b) for a, b in zip(margins(come, n, genders, name="in"), margins(come, n, genders, name="new"), strict=True)
    ]
    ended = [s for s in margins(gone, n, genders, reasons, name="out") if not _by_all(s)]
    over_reasons = [tuple((f"out{(i, g, r)}", 1) for r in range(reasons)) for i in range(n) for g in range(genders)]
    rest = [_both(present_of, tuple((c, -1) for c, _ in out)) for present_of, out in zip(
        (p for p in present if len(p) == 2), over_reasons, strict=True)]  # fmt: skip
    new = list(margins(come, n, genders, name="new"))
    return come | gone, [*present, *new, *ended, *over_reasons, *rest]


def _both(one: Sum, other: Sum) -> Sum:
    return (*one, *other)


def _by_all(terms: Sum) -> bool:
    return len(terms) == 1
