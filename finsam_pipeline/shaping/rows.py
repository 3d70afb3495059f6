"""What each line under a header is: data, a total, a repeated header, a title, a page footer.

Belongs here: the classes of every source and the totals of participant lists. Does not: the ledger's own lines (layouts.py).
A line is data unless it is known to be something else: rather a row in quarantine than a row lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from finsam_pipeline.contracts.folding import fold, fold_header
from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.shaping.arrow import constant, filled_cells, first_cell, matches
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.headers import Header, title_in

if TYPE_CHECKING:
    from collections.abc import Callable


class Line(StrEnum):
    """What a line is. Only DATA and OPENING lines become rows; the rest are counted."""

    DATA = "data"
    OPENING = "opening"  # an opening balance of a ledger
    TOTAL = "total"  # Summa, Totalt, Omslutning
    CLOSING = "closing"  # a closing balance of a ledger
    HEADER = "header"  # the header once more
    TITLE = "title"  # `Insats: X` between two parts of a sheet
    FOOTER = "footer"  # page numbers, print dates
    SECTION = "section"  # an account's heading in a ledger
    VOUCHER = "voucher"  # a voucher's heading in a ledger
    NOTE = "note"  # free text below a table; a ledger line without account, date, number and amount
    BLANK = "blank"  # dashes only


_KINDS = pd.CategoricalDtype([str(kind) for kind in Line])
_PLACES = {kind: place for place, kind in enumerate(Line)}
TOTAL_WORDS = r"(?i)^(?:summa|summor|totalt|total|totalsumma|delsumma|delsummor|s:a|omslutning)(?:[^\pL]|$)"
_TOTALS_BEGIN = "sStTdDoO"
PLAIN_TOTAL = (
    r"(?i)^(?:del|total)?(?:summa|summor|totalt|total|s:a|omslutning)(?: (?:konto|debet|kredit|period\pL*|ver\pL*))?[ :]*[0-9]*$"
)
_FOOTER = (
    r"(?i)^(?:(?:sida|sidan|sid\.?|page)\s*:?\s*\d+.*|\d+\s*\(\d+\)|\d+ av \d+|utskriv(?:en|et|ven|vet)\b.*|utskriftsdatum.*)$"
)
_ROWS_COUNTED = re.compile(
    r"(?:summa|totalt?|totalsumma)\s*(?:antal|deltagare|deltaganden?|rader|personer)?\s*[:=]?\s*(\d+)?\s*(?:st|deltagare|personer)?\.?",
    re.IGNORECASE,
)
_INTEGER = re.compile(r"\d{1,3}(?:[ \u00a0]?\d{3})*", re.ASCII)
_NUMERIC = re.compile(r"[\d\s.,%()−-]+(?:kr|st|tkr)?\.?", re.ASCII)
_NUMBER_KINDS = (Kind.INTEGER, Kind.AMOUNT, Kind.DECIMAL, Kind.IGNORED)
_FEW = 2  # a footer or a title has no more cells than this


@dataclass(frozen=True, slots=True)
class Classified:
    """`line`: the class of each line below the header, on its index, categorical over `Line`.

    `titles`: the title row in force, null before one.
    """

    line: pd.Series
    titles: pd.Series


def classify(cells: pd.DataFrame, header: Header, contract: SourceContract, context: CellContext) -> Classified:
    """The class of each line below the header.

    Args:
        cells: tidy text below the header, columns 0..n-1.
        header: the sheet's header.
        contract: which columns show that a line is data.
        context: register and epoch, to see whether a cell of a would-be total line is a real value.
    """
    first, filled = first_cell(cells), filled_cells(cells)
    line = all_data(cells.index)
    line[filled == 0] = str(Line.BLANK)
    line[_among(filled <= _FEW, first, _FOOTER)] = str(Line.FOOTER)
    line[_repeats_header(cells, header)] = str(Line.HEADER)
    totals = _where(
        matches(first, TOTAL_WORDS, begins=_TOTALS_BEGIN), lambda n: _is_total(cells.iloc[n], header, contract, context)
    )
    line[totals] = str(Line.TOTAL)
    titles = constant(header.title, cells.index)
    for position in _few_cells(filled, first):
        if (title := title_in(list(cells.iloc[position].dropna()))) is not None:
            line.iloc[position] = str(Line.TITLE)
            titles.iloc[position:] = title
    return Classified(line, titles)


def all_data(index: pd.Index) -> pd.Series:
    """Lines that are data all, on that index; of few kinds, so a byte a line."""
    return pd.Series(pd.Categorical.from_codes(np.zeros(len(index), dtype=np.int8), dtype=_KINDS), index=index)


def are(line: pd.Series, *kinds: Line) -> pd.Series:
    """Which lines are of these kinds."""
    codes = np.asarray(line.cat.codes)
    found = np.zeros(len(line), dtype=bool)
    for kind in kinds:
        found |= codes == _PLACES[kind]
    return pd.Series(found, index=line.index)


def rows_declared(cells: pd.Series) -> int | None:
    """How many rows a `Summa` line of a participant list says there are.

    The number in the label itself, else the first whole number to the right of it; None when the line says none or counts
    something else (`Summa kvinnor`).
    """
    texts = list(cells.dropna())
    label = _ROWS_COUNTED.fullmatch(texts[0]) if texts else None
    if label is None:
        return None
    numbers = [text for text in texts[1:] if _INTEGER.fullmatch(text)]
    number = label[1] or (numbers[0] if numbers else None)
    return None if number is None else int(re.sub(r"\D", "", number))


def _where(candidates: pd.Series, test: Callable[[int], bool]) -> pd.Series:
    """The candidates that pass an exact test; the test sees positions."""
    passed = candidates.to_numpy(dtype=bool, copy=True)
    for position in candidates.to_numpy().nonzero()[0]:
        passed[position] = test(int(position))
    return pd.Series(passed, index=candidates.index)


def _repeats_header(cells: pd.DataFrame, header: Header) -> pd.Series:
    """Lines whose every cell is the header's own text in that column; the first header's column picks the candidates."""
    labels = {n: fold_header(text) for n, text in header.labels.items()}
    leading = min(labels)
    text = header.labels[leading].strip()

    def same(position: int) -> bool:
        found = {n: cell for n, cell in enumerate(cells.iloc[position]) if pd.notna(cell)}
        return len(found) >= min(_FEW, len(labels)) and all(fold_header(cell) == labels.get(n) for n, cell in found.items())

    return _where(matches(cells[leading], f"(?i)^{re.escape(text)}$"), same)


def _few_cells(filled: pd.Series, first: pd.Series) -> list[int]:
    candidates = _among((filled > 0) & (filled <= _FEW), first, r"(?i)^insats")
    return [int(n) for n in candidates.nonzero()[0]]


def _among(some: pd.Series, text: pd.Series, pattern: str) -> np.ndarray:
    """Which lines match among some of them; the others are not looked at."""
    found = some.to_numpy(dtype=bool, copy=True)
    if found.any():
        found[found] = matches(text[some], pattern).to_numpy()
    return found


def _is_total(cells: pd.Series, header: Header, contract: SourceContract, context: CellContext) -> bool:
    """Whether a line that begins with `Summa` or the like is a total: no other cell in it is a value only data has."""
    label = next(n for n in cells.index if pd.notna(cells[n]))
    if not contract.personal and label in header.columns.get("intervention_id", []):
        return fold(cells[label]) not in context.register.intervention_by_name()
    for column in contract.columns:
        if column.kind in _NUMBER_KINDS:
            continue
        for n in header.columns.get(column.name, []):
            if n != label and pd.notna(cells[n]) and _is_value(column.kind, cells[n], contract, column.name, context):
                return False
    account = [n for n in header.columns.get("account", []) if n != label and pd.notna(cells[n])]
    return not account or bool(matches(cells[[label]], PLAIN_TOTAL).all())  # `Summa hyror` with an account is a text


def _is_value(kind: Kind, text: str, contract: SourceContract, name: str, context: CellContext) -> bool:
    if kind in (Kind.TEXT, Kind.PARTICIPANT):
        return not _NUMERIC.fullmatch(text)
    if kind is not Kind.DATE and _NUMERIC.fullmatch(text):
        return False
    typed = type_column(contract.column(name), pd.Series([text], dtype="str"), context).values
    return bool(typed.notna().iloc[0])
