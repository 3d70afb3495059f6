"""Free text below a table: remarks, sources, whom to ask. Why it is told from data as it is stands in docs/adr/0006.

Belongs here: which last lines of a sheet are such notes. Does not: totals, footers, titles (rows.py), a ledger's notes (layouts.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.contracts.types import Kind
from finsam_pipeline.privacy import contains_personnummer
from finsam_pipeline.shaping.arrow import first_cell, matches
from finsam_pipeline.shaping.rows import Line

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import SourceContract
    from finsam_pipeline.register.model import Register
    from finsam_pipeline.shaping.sheets import Sheet

_WORDS = r"\pL{2}.*[\s\pZ][^\s\pZ]*\pL{2}"  # two words with letters
_ID = r"^(?:[^\s\pZ]+[\s\pZ]+){0,2}[^\s\pZ]*\d[^\s\pZ]*$"  # `MGT Norr 17`: three words at most, a number last
_MARKED = r"^\*|^\pL{2,}:|\pL{2}:$|\pL{2}.*[\s\pZ]\d{4}-\d\d-\d\d$"


def without_notes(sheet: Sheet, contract: SourceContract, register: Register) -> Sheet:
    """The sheet with the notes below its tables classified as such.

    A note is a line below the last row of its table (the end of the sheet, or the next title) whose one cell stands in the first
    column or an id's and reads as a text: two words or more, or marked with `*`, a colon or a date. The name of an intervention is no
    note, nor is a text with a personnummer, which must be found (P012).
    """
    line, cells = sheet.classified.line, sheet.cells
    alone = (line == Line.DATA) & (cells.notna().sum(axis=1) == 1)
    if not alone.any():
        return sheet
    text = first_cell(cells)
    leading = cells[_leading(sheet, contract)].notna().any(axis=1)
    wordy = matches(text, _MARKED) | (matches(text, _WORDS) & ~matches(text, _ID))
    candidates = alone & leading & wordy & _below_the_rows(line, alone)
    names = register.intervention_by_name()
    notes = [label for label in line.index[candidates] if _is_free(str(text[label]), names)]
    if not notes:
        return sheet
    told = line.copy()
    told.loc[notes] = str(Line.NOTE)
    return sheet.with_lines(told)


def _leading(sheet: Sheet, contract: SourceContract) -> list[int]:
    """The table's first column and those of the id: where a note is typed, or stays when its cells are merged."""
    ids = [n for column in contract.columns if column.kind is Kind.PARTICIPANT for n in sheet.header.columns.get(column.name, [])]
    return sorted({0, min(sheet.header.labels), *ids})


def _below_the_rows(line: pd.Series, alone: pd.Series) -> pd.Series:
    """Which lines have no row of several cells below them before the next title."""
    part = (line == Line.TITLE).cumsum()
    is_row = (line == Line.DATA) & ~alone
    rows_left = is_row[::-1].groupby(part[::-1]).cumsum()[::-1]
    return rows_left == 0


def _is_free(text: str, names: dict[str, str]) -> bool:
    return fold(text) not in names and not contains_personnummer(text)
