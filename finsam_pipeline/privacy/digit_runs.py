"""Which cells of a column hold digits enough for a personnummer, seen by the byte.

A ledger of a million rows has none, yet every cell of it must be looked at; an expression over all of them took a tenth of the time of
taking it in. Belongs here: that first look, which may let through too much and never too little. Does not: what a number is
(personnummer.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

_INT64 = 8  # bytes
_PIECE = 1 << 14  # cells: what is worked on stays near the processor
_ZERO, _TEN = ord("0"), 10
_DATE, _LAST = 6, 4  # digits before and after the mark
_LONGEST_MARK = 3  # bytes of a dash or blank in UTF-8


def cells_with_digits_enough(text: pa.LargeStringArray) -> Iterator[int]:
    """The cells with six digits in a row and four more right after them or after one character, in order; each once."""
    _, offsets, buffer = text.buffers()
    if buffer is None or not buffer.size:
        return
    places = np.frombuffer(offsets, dtype=np.int64, count=len(text) + 1, offset=_INT64 * text.offset)
    letters = np.frombuffer(buffer, dtype=np.uint8)
    for start in range(0, len(text), _PIECE):
        piece = places[start : start + _PIECE + 1]
        if int(np.diff(piece).max()) >= _DATE + _LAST:
            found = _found(letters[int(piece[0]) : int(piece[-1])], piece - piece[0])
            yield from (found + start).tolist()


def _found(letters: npt.NDArray[np.uint8], places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The cells, given their bytes and where each begins and ends."""
    digits = (letters - np.uint8(_ZERO)) < _TEN
    two = digits[1:] & digits[:-1]
    inner = places[(places > 0) & (places < len(letters))]
    two[inner - 1] = False  # the last byte of a cell and the first of the next are no neighbours
    three = two[1:] & two[:-1]
    four, six = three[:-1] & two[2:], three[:-3] & three[3:] & two[2:-2]
    begins = np.flatnonzero(six)
    reached = begins[:, None] + np.arange(_DATE, _DATE + _LONGEST_MARK + 1)
    begins = begins[(four.take(reached, mode="clip") & (reached < len(four))).any(axis=1)]
    owner = np.searchsorted(places, begins, side="right") - 1
    return np.unique(owner[begins + _DATE + _LAST <= places[owner + 1]])
