"""Stewards' corrections, put in the place of cells before anything is typed.

Belongs here: which row a correction belongs to, and the cells after it. Does not: who decided what (review), what a cell means.
A row keeps the content hash of the cells as delivered: it is what the decision stands on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.shaping.arrow import constant, first_of, tidy

if TYPE_CHECKING:
    from finsam_pipeline.shaping.sheets import Sheet

Corrections = Mapping[tuple[str, int], Mapping[str, str]]
"""(content, occurrence in the file from 1) -> canonical column -> the text that replaces the cell, empty for a blank cell."""

Changes = dict[int, Mapping[str, str]]
"""Row label -> canonical column -> text."""

_SIDES = ("debit", "credit")


class Replacements:
    """The corrections of one file, found row by row in the order of its rows."""

    def __init__(self, corrections: Corrections | None) -> None:
        self._corrections = corrections or {}
        self._wanted = {content for content, _ in self._corrections}
        self._seen: Counter[str] = Counter()

    def __bool__(self) -> bool:
        """Whether there are any at all."""
        return bool(self._wanted)

    def of(self, contents: pd.Series) -> Changes:
        """What changes in the next rows of the file, by their labels."""
        found: Changes = {}
        if not self._wanted:
            return found
        for label, content in contents[contents.isin(self._wanted)].items():
            self._seen[content] += 1
            if cells := self._corrections.get((content, self._seen[content])):
                found[int(str(label))] = cells
        return found


def by_column(changes: Changes) -> dict[str, list[int]]:
    """Canonical column -> labels of the rows in which it was corrected."""
    out: dict[str, list[int]] = {}
    for label, cells in changes.items():
        for name in cells:
            out.setdefault(name, []).append(label)
    return out


def one_amount(changes: Changes) -> Changes:
    """The changes of a ledger: a corrected single amount stands alone, so it empties debit and credit of its row."""
    blank = dict.fromkeys(_SIDES, "")
    return {
        label: blank | dict(cells) if "amount" in cells and not cells.keys() & set(_SIDES) else cells
        for label, cells in changes.items()
    }  # fmt: skip


def replaced(text: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """The text by canonical column with the corrected cells in it; a column the frame lacks is added."""
    out = text.copy()
    for name, labels in by_column(changes).items():
        if name not in out.columns:
            out[name] = constant(None, out.index)
        out.loc[labels, name] = tidy(pd.Series([changes[label][name] for label in labels], dtype="str")).to_numpy()
    return out


def corrected(sheet: Sheet, changes: Changes) -> Sheet:
    """The sheet with corrected cells in the columns they belong to; a column the sheet lacks stands beyond its last."""
    raw, columns, labels = sheet.raw.copy(), dict(sheet.header.columns), dict(sheet.header.labels)
    cells, text = sheet.cells.copy(), sheet.text.copy()
    for name, rows in by_column(changes).items():
        if name not in columns:
            columns[name] = [raw.shape[1]]
            labels[raw.shape[1]] = name
            raw[raw.shape[1]] = cells[raw.shape[1]] = constant(None, raw.index)
        first, *others = columns[name]
        raw.loc[rows, [first, *others]] = None
        raw.loc[rows, first] = [changes[row][name] for row in rows]
        for n in (first, *others):
            cells[n] = tidy(raw[n])
        text[name] = first_of([cells[n] for n in columns[name]], cells.index)
    return replace(sheet, raw=raw, cells=cells, text=text, header=replace(sheet.header, columns=columns, labels=labels))
