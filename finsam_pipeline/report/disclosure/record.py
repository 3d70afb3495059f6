"""What an edition has told its readers: kept with its frozen figures, so that later editions do not tell the rest.

Belongs here: its form, JSON. Does not: where it is kept. It holds the counts behind hidden figures and stays inside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from finsam_pipeline.report.disclosure.system import Published
from finsam_pipeline.report.traced import Terms

FILE_NAME = "disclosure.json"
_VERSION = 1
_SUMS = ("shown", "masked", "protected", "floors")


@dataclass(frozen=True)
class Record:
    """One edition as a reader has it. `values`: its base cells; the rest as in `Published`."""

    period: str
    edition: str = ""
    values: dict[str, int] = field(default_factory=dict, repr=False)
    shown: frozenset[Terms] = frozenset()
    masked: frozenset[Terms] = frozenset()
    protected: frozenset[Terms] = frozenset()
    floors: frozenset[Terms] = frozenset()

    def bytes(self) -> bytes:
        """As a file; the same record has the same bytes."""
        place = {cell: n for n, cell in enumerate(sorted(self.values))}
        sums = {name: _written(getattr(self, name), place) for name in _SUMS}
        said = {"version": _VERSION, "period": self.period, "cells": [[cell, self.values[cell]] for cell in place], **sums}
        return (json.dumps(said, ensure_ascii=False) + "\n").encode()


def read_record(content: bytes, edition: str) -> Record:
    """The record of a file. ValueError or KeyError when it is none."""
    said = json.loads(content)
    if said["version"] != _VERSION:
        raise ValueError("a record of what an edition shows, of an unknown version")
    cells = [str(cell) for cell, _ in said["cells"]]
    sums = {name: _read(said[name], cells) for name in _SUMS}
    return Record(said["period"], edition, {str(cell): int(value) for cell, value in said["cells"]}, **sums)


def together(now: Published, earlier: tuple[Record, ...]) -> Published:
    """The figures of now beside all that was told before.

    A base cell is the same in two editions when its count is; one that has changed since is another. So whoever has both editions
    and knows which figures changed is the reader that is reckoned with.
    """
    values: dict[str, int] = {}
    system = Published(values)
    for name in (*_SUMS, "barred"):
        getattr(system, name).update(_told(getattr(now, name), now.values, values))
    system.cells.update({of: cell for terms, cell in now.cells.items() for of in _told((terms,), now.values, values)})
    for record in earlier:
        for name in _SUMS:
            getattr(system, name).update(_told(getattr(record, name), record.values, values))
    system.masked -= system.shown
    return system


def as_told(terms: Terms, values: Mapping[str, int]) -> Terms:
    """The sum with each base cell named by its count as well."""
    return frozenset((f"{cell}\t={values[cell]}", count) for cell, count in terms)


def _told(sums: Iterable[Terms], of: Mapping[str, int], into: dict[str, int]) -> list[Terms]:
    for terms in sums:
        into.update({f"{cell}\t={of[cell]}": of[cell] for cell, _ in terms})
    return [as_told(terms, of) for terms in sums]


def _written(sums: Iterable[Terms], place: Mapping[str, int]) -> list[list[list[int]]]:
    return sorted(sorted([place[cell], count] for cell, count in terms) for terms in sums)


def _read(written: list[list[list[int]]], cells: list[str]) -> frozenset[Terms]:
    return frozenset(frozenset((cells[n], count) for n, count in terms) for terms in written)
