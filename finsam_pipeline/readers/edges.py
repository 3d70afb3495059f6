"""The first and last byte of every cell of a column: they tell cheaply which few cells need a closer look.

Most cells of an export are plain. Trimming or comparing all of them would copy the column; one look at both ends does not.
Belongs here: finding the cells. Does not: what becomes of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_Marks = npt.NDArray[np.bool_]
_INT64 = 8  # bytes
_PIECE = 1 << 15  # cells
_BYTES = np.arange(256)
_BLANK_OR_FOREIGN = ~np.isin(_BYTES, range(ord("!"), ord("~") + 1))  # every blank of Unicode is among these


def begins_blank(column: pa.LargeStringArray) -> pa.Array:
    """Which cells are empty or may begin with a blank; never a null."""
    return _where(column, _BLANK_OR_FOREIGN)


def begins_with(column: pa.LargeStringArray, characters: str) -> pa.Array:
    """Which cells begin with one of these ASCII characters; never a null."""
    return _where(column, np.isin(_BYTES, list(characters.encode())), empty=False)


def may_be_untidy(column: pa.LargeStringArray) -> pa.Array:
    """Which cells are empty, begin with a dash, or may begin or end with a blank; never a null."""
    return _where(column, _BLANK_OR_FOREIGN | np.isin(_BYTES, [ord("-")]), _BLANK_OR_FOREIGN)


def _where(column: pa.LargeStringArray, first: _Marks, last: _Marks | None = None, *, empty: bool = True) -> pa.Array:
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
            marked = first.take(letters.take(begin, mode="clip"))
            if last is not None:
                marked |= last.take(letters.take(end - 1, mode="clip"))
            np.logical_or(marked, begin == end, out=marked) if empty else np.logical_and(marked, begin != end, out=marked)
            found[start : start + _PIECE] = marked
    return pc.and_(pc.is_valid(column), pa.array(found))
