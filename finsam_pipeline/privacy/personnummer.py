"""Finding and masking personnummer and samordningsnummer in text (rule P012).

Belongs here: what counts as such a number. Does not: what happens to a row that holds one, or how an id is replaced
(pseudonym.py). The form follows Skatteverket: ten or twelve digits, an optional mark before the last four, a real date (a
samordningsnummer has 60 added to the day) and the Luhn check digit over the last ten digits. Example numbers printed in
libraries' manuals often fail the check digit; only numbers that pass it count.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa

from finsam_pipeline.privacy.digit_runs import cells_with_digits_enough

MASK = "[personnummer]"

_MARK = "[-+‐‑–−\\s]"  # the hyphens and blanks people type before the last four digits
_CANDIDATE = re.compile(rf"(?<![0-9])((?:[0-9]{{2}})?[0-9]{{6}}){_MARK}?([0-9]{{4}})(?![0-9])")
_CENTURIES = (18, 19, 20)
_COORDINATION = 60
_MONTHS = 12
_ONE_DIGIT = 9


def contains_personnummer(text: str) -> bool:
    """Whether a personnummer or samordningsnummer stands anywhere in the text."""
    return any(_is_valid(*match.groups()) for match in _CANDIDATE.finditer(text))


def mask(text: str, tag: Callable[[str], str] | None = None) -> str:
    """The text with every personnummer replaced by `[personnummer]`: for names of files, sheets and headers that are shown.

    Args:
        text: what is to be shown.
        tag: a number as written -> what tells it from others, for names that must stay apart: `[personnummer-<tag>]`.
    """

    def masked(match: re.Match[str]) -> str:
        if not _is_valid(*match.groups()):
            return match[0]
        return MASK if tag is None else f"{MASK[:-1]}-{tag(match[0])}]"

    return _CANDIDATE.sub(masked, text)


def struck_out(text: str, number: str) -> str:
    """The text with one number, in whatever notation it stands, struck out: an `X` a character.

    Args:
        text: what may hold it.
        number: its ten digits, as `ten_digits` gives them.
    """
    return _CANDIDATE.sub(lambda m: "X" * len(m[0]) if m[1][-6:] + m[2] == number else m[0], text)


def ten_digits(text: str) -> str | None:
    """The last ten digits when the whole text is one valid number, else None. All notations of a number give the same."""
    match = _CANDIDATE.fullmatch(text.strip())
    if match is None or not _is_valid(*match.groups()):
        return None
    return match[1][-6:] + match[2]


def rows_with_personnummer(frame: pd.DataFrame) -> pd.Series:
    """The first column of each row that holds a personnummer.

    Args:
        frame: columns of nullable text; the column labels are what is returned.

    Returns:
        A `str` series on the frame's index: the label of the column, null where no cell holds a number. Never a value.
    """
    columns = np.full(len(frame), -1)  # most rows hold none
    for position in reversed(range(frame.shape[1])):
        columns[_rows_of(frame.iloc[:, position])] = position
    labels = pa.array([str(label) for label in frame.columns], pa.large_string())
    found = labels.take(pa.array(columns, mask=columns < 0))
    return pd.Series(pd.array(found, dtype="str"), index=frame.index)


def _rows_of(cells: pd.Series) -> list[int]:
    """Positions of the cells that hold a number: a quick look at the bytes first, the exact test on what is left."""
    text = pa.array(cells, pa.large_string(), from_pandas=True)
    found, before = [], 0
    for chunk in text.chunks if isinstance(text, pa.ChunkedArray) else [text]:
        hits = [*cells_with_digits_enough(chunk)]
        written = chunk.take(pa.array(hits, pa.int64())).to_pylist()
        found += [before + row for row, cell in zip(hits, written, strict=True) if cell and contains_personnummer(cell)]
        before += len(chunk)
    return found


def _is_valid(date: str, last_four: str) -> bool:
    return _luhn(date[-6:] + last_four) and _is_date(date)


def _is_date(digits: str) -> bool:
    """Whether six (any century) or eight digits are a day; day + 60 is a samordningsnummer's."""
    short, month, day = int(digits[-6:-4]), int(digits[-4:-2]), int(digits[-2:])
    centuries = (int(digits[:2]),) if len(digits) > len("YYMMDD") else _CENTURIES
    day -= _COORDINATION if day > _COORDINATION else 0
    return any(_day_exists(century * 100 + short, month, day) for century in centuries if century in _CENTURIES)


def _day_exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= _MONTHS and 1 <= day <= calendar.monthrange(year, month)[1]


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(digits):
        product = int(digit) * (2 - place % 2)
        total += product - 9 if product > _ONE_DIGIT else product
    return total % 10 == 0
