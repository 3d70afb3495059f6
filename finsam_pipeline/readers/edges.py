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

_Bytes = npt.NDArray[np.uint8]
_Marks = npt.NDArray[np.bool_]
_INT64 = 8  # bytes
_PIECE = 1 << 15  # cells
_BYTES = np.arange(256)
_BLANK_OR_FOREIGN = ~np.isin(_BYTES, range(ord("!"), ord("~") + 1))  # every blank of Unicode is among these


def begins_blank(column: pa.LargeStringArray) -> pa.Array:
    """Which cells are empty or may begin with a blank; never a null."""
    return _where(column, lambda first, _: _BLANK_OR_FOREIGN[first])


def begins_with(column: pa.LargeStringArray, characters: str) -> pa.Array:
    """Which cells begin with one of these ASCII characters; never a null."""
    wanted = np.isin(_BYTES, list(characters.encode()))
    return _where(column, lambda first, _: wanted[first], empty=False)


def may_be_untidy(column: pa.LargeStringArray) -> pa.Array:
    """Which cells are empty, begin with a dash, or may begin or end with a blank; never a null."""
    return _where(column, lambda first, last: _BLANK_OR_FOREIGN[first] | _BLANK_OR_FOREIGN[last] | (first == ord("-")))


def _where(column: pa.LargeStringArray, test: Callable[[_Bytes, _Bytes], _Marks], *, empty: bool = True) -> pa.Array:
    """The test of each cell's two ends, in pieces small enough to stay near the processor; an empty cell has no ends."""
    _, offsets, text = column.buffers()
    found = np.full(len(column), empty)
    if text is not None and text.size:
        places = np.frombuffer(offsets, dtype=np.int64, count=len(column) + 1, offset=_INT64 * column.offset)
        letters = np.frombuffer(text, dtype=np.uint8)
        for start in range(0, len(column), _PIECE):
            begin, end = places[start : start + _PIECE + 1][:-1], places[start + 1 : start + _PIECE + 1]
            first, last = letters[np.minimum(begin, text.size - 1)], letters[np.maximum(end - 1, 0)]
            found[start : start + _PIECE] = np.where(begin == end, empty, test(first, last))
    return pc.and_(pc.is_valid(column), pa.array(found))
