"""The first and last byte of every cell of a column: they tell cheaply which few cells need a closer look.

Most cells of an export are plain. Trimming or comparing all of them would copy the column; one look at both ends does not.
Belongs here: finding the cells. Does not: what becomes of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

_Letters = npt.NDArray[np.uint8]
_Marks = npt.NDArray[np.bool_]
_INT64 = 8  # bytes
_PIECE = 1 << 15  # cells
_FIRST, _VISIBLE = ord("!"), ord("~") - ord("!")  # the first visible ASCII character, and how far the last one lies from it


def begins_blank(column: pa.LargeStringArray) -> pa.Array:
    """Which cells are empty or may begin with a blank; never a null."""
    return _where(column, _blank_or_foreign)


def begins_with(column: pa.LargeStringArray, characters: str) -> pa.Array:
    """Which cells begin with one of these ASCII characters; never a null."""
    wanted = np.isin(np.arange(256), list(characters.encode()))
    return _where(column, wanted.take, empty=False)


def may_be_untidy(column: pa.LargeStringArray) -> pa.Array:
    """Which cells are empty, begin with a dash, or may begin or end with a blank; never a null."""
    return _where(column, _dash_blank_or_foreign, _blank_or_foreign)


def _blank_or_foreign(letters: _Letters) -> _Marks:
    """Which bytes are no visible ASCII character: every blank of Unicode begins and ends with one of these."""
    marks: _Marks = (letters - np.uint8(_FIRST)) > _VISIBLE  # a smaller byte wraps to a large one
    return marks


def _dash_blank_or_foreign(letters: _Letters) -> _Marks:
    marks: _Marks = _blank_or_foreign(letters) | (letters == ord("-"))
    return marks


def _where(
    column: pa.LargeStringArray,
    first: Callable[[_Letters], _Marks],
    last: Callable[[_Letters], _Marks] | None = None,
    *,
    empty: bool = True,
) -> pa.Array:
    """Which cells begin with a marked byte or end with one; whether an empty cell counts.

    In pieces small enough to stay near the processor.
    """
    _, offsets, text = column.buffers()
    found = np.full(len(column), empty)
    if text is not None and text.size:
        places = np.frombuffer(offsets, dtype=np.int64, count=len(column) + 1, offset=_INT64 * column.offset)
        letters = np.frombuffer(text, dtype=np.uint8)
        for start in range(0, len(column), _PIECE):
            begin, end = places[start : start + _PIECE + 1][:-1], places[start + 1 : start + _PIECE + 1]
            marked = first(letters.take(begin, mode="clip"))
            if last is not None:
                marked |= last(letters.take(end - 1, mode="clip"))
            np.logical_or(marked, begin == end, out=marked) if empty else np.logical_and(marked, begin != end, out=marked)
            found[start : start + _PIECE] = marked
    marks = pa.array(found)
    return pc.and_(column.is_valid(), marks) if column.null_count else marks
