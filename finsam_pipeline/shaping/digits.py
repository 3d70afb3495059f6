"""The usual cells of a number column, read eight bytes at a time: digits, a decimal mark, a minus before them.

Most amounts of an export are written so. Expressions, dictionaries and casts over each of a million such cells would cost several times
what is done here with whole numbers on whole columns. Belongs here: which cells are plain, and their value in the smallest unit kept.
Does not: any other way to write a number (numbers.py), what a mark means that may separate thousands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]
    Words = npt.NDArray[np.uint64]
    Flags = npt.NDArray[np.bool_]

_DIGITS = 18  # of a value with its decimals: what decimal128(18, scale) holds, and a whole number of 64 bits
_SPARE = 1  # digit of an amount in kr and öre, for a difference
_INT64 = 8  # bytes
_WORD = 8  # bytes read at a time
_PIECE = 1 << 14  # cells: what is worked on stays near the processor
_MINUS, _COMMA, _POINT, _ZERO = (ord(sign) for sign in "-,.0")


class Plain(NamedTuple):
    """`units`: the value × 10^scale, 0 where `found` is not set. `marks`: the decimal marks met in plain cells."""

    units: Integers
    found: Flags
    marks: frozenset[str]


def most_digits(scale: int) -> int:
    """How many digits a number may have before its mark."""
    return min(_DIGITS - scale, _DIGITS - 2 - _SPARE)


def plain_numbers(text: pa.LargeStringArray, scale: int) -> Plain:
    """The cells of the form `-?[0-9]+([.,][0-9]{1,2})?` with no more digits than `most_digits`; no other cell is looked into.

    Args:
        text: the column; null is not plain.
        scale: decimals kept, two or more.
    """
    units, found = np.zeros(len(text), dtype=np.int64), np.zeros(len(text), dtype=bool)
    marks: set[str] = set()
    _, offsets, buffer = text.buffers()
    if buffer is not None and buffer.size and text.null_count < len(text):
        places = np.frombuffer(offsets, dtype=np.int64, count=len(text) + 1, offset=_INT64 * text.offset)
        letters = np.frombuffer(buffer, dtype=np.uint8)
        for start in range(0, len(text), _PIECE):
            here = slice(start, start + _PIECE)
            marks |= _piece(letters, places[start : start + _PIECE + 1], scale, units[here], found[here])
        if text.null_count:
            found &= text.is_valid().to_numpy(zero_copy_only=False)
            units[~found] = 0
    return Plain(units, found, frozenset(marks))


def decimals(units: Integers, found: Flags, scale: int) -> pa.Array:
    """Whole numbers of the smallest unit as decimal128(18, scale), null where `found` is not set."""
    if not found.any():
        return pa.nulls(len(units), pa.decimal128(18, scale))
    words = np.empty((len(units), 2), dtype=np.int64)
    for start in range(0, len(units), _PIECE):
        here = slice(start, start + _PIECE)
        words[here, 0] = units[here]
        np.right_shift(units[here], 63, out=words[here, 1])  # the sign fills the upper half
    valid = None if found.all() else pa.py_buffer(np.packbits(found, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(18, scale), len(units), [valid, pa.py_buffer(words)])


def units_of(values: pa.Array) -> Integers:
    """The whole numbers behind decimals of at most eighteen digits, 0 for null."""
    words = np.frombuffer(values.buffers()[1], dtype=np.int64).reshape(-1, 2)[values.offset : values.offset + len(values), 0]
    return words if not values.null_count else np.where(values.is_valid().to_numpy(zero_copy_only=False), words, 0)


def _piece(letters: npt.NDArray[np.uint8], places: Integers, scale: int, units: Integers, found: Flags) -> set[str]:
    """Fills units and found for the cells between these places; the decimal marks met."""
    first = int(places[0])
    near = np.concatenate([np.zeros(2 * _WORD, np.uint8), letters[first : int(places[-1])]])  # room before the first cell
    end = places[1:] - (first - 2 * _WORD)
    begin = places[:-1] - (first - 2 * _WORD)
    negative = (near.take(begin, mode="clip") == _MINUS) & (begin < end)
    begin = begin + negative
    decided, mark = _decimals(near, begin, end)
    stop = end - decided - (decided > 0)
    digits = stop - begin
    whole, sound = _whole(near, stop, digits)
    sound &= (digits >= 1) & (digits <= most_digits(scale))
    cents, exact = _fraction(near, end, decided)
    sound &= exact
    value = whole * 10**scale + cents * 10 ** (scale - 2)
    np.copyto(units, np.where(negative, -value, value), where=sound)
    found[:] = sound
    met = mark[sound & (decided > 0)]
    return {sign for sign in ",." if (met == ord(sign)).any()}


def _decimals(near: npt.NDArray[np.uint8], begin: Integers, end: Integers) -> tuple[Integers, npt.NDArray[np.uint8]]:
    """How many decimals each cell has (0, 1, 2) by where its mark stands, and the mark."""
    decided, mark = np.zeros(len(end), dtype=np.int64), np.zeros(len(end), dtype=np.uint8)
    for count in (1, 2):
        sign = near.take(end - count - 1)
        stands = ((sign == _COMMA) | (sign == _POINT)) & (end - begin > count + 1)
        decided[stands] = count
        mark[stands] = sign[stands]
    return decided, mark


def _fraction(near: npt.NDArray[np.uint8], end: Integers, decided: Integers) -> tuple[Integers, Flags]:
    """The decimals as hundredths, and whether they are digits."""
    last, before = (near.take(end - place) - np.uint8(_ZERO) for place in (1, 2))  # a smaller byte wraps to a large one
    tens = np.where(decided == 1, last, before)
    ones = np.where(decided == 1, np.uint8(0), last)
    sound = (decided == 0) | ((tens <= 9) & (ones <= 9))  # noqa: PLR2004 - digits
    return np.where(decided == 0, 0, tens.astype(np.int64) * 10 + ones), sound


def _whole(near: npt.NDArray[np.uint8], stop: Integers, digits: Integers) -> tuple[Integers, Flags]:
    """The number in so many bytes (at most 16) before each place, and whether they are digits."""
    value, sound = _eight(near, stop, np.clip(digits, 0, _WORD))
    if bool((sound & (digits > _WORD)).any()):
        high, is_high = _eight(near, np.maximum(stop - _WORD, _WORD), np.clip(digits - _WORD, 0, _WORD))
        value, sound = value + high * 10**_WORD, sound & is_high
    return value, sound


def _eight(near: npt.NDArray[np.uint8], stop: Integers, digits: Integers) -> tuple[Integers, Flags]:
    """The number in the last `digits` (0-8) bytes before each place, and whether all of them are digits.

    The eight bytes are one word, its lowest byte the first; bytes before the number are made zeros. Then neighbouring digits are put
    together to pairs, pairs to fours, fours to eight, in all places of the word at once.
    """
    windows: Words = np.ndarray((len(near) - _WORD + 1,), dtype="<u8", buffer=near, strides=(1,))
    word = windows[stop - _WORD]
    own = _OWN.take(digits)
    word = ((word & own) | (_ZEROS & ~own)) ^ _ZEROS
    sound = ((word | (word + _TO_SIXTEEN)) & _HIGH_HALVES) == 0
    pairs = word * np.uint64(10) + (word >> np.uint64(8))
    fours = (pairs & _PAIRS) * np.uint64(1 + (100 << 16)) >> np.uint64(16)
    fours &= _FOURS
    eight = fours * np.uint64(1 + (10_000 << 32)) >> np.uint64(32)
    return eight.view(np.int64), sound


_ZEROS = np.uint64(0x3030303030303030)
_TO_SIXTEEN = np.uint64(0x0606060606060606)  # lifts 10..15 into the upper half of its byte
_HIGH_HALVES = np.uint64(0xF0F0F0F0F0F0F0F0)
_PAIRS = np.uint64(0x00FF00FF00FF00FF)
_FOURS = np.uint64(0x0000FFFF0000FFFF)
_OWN: Words = np.array([(2**64 - 1) & ~((1 << 8 * (_WORD - count)) - 1) for count in range(_WORD + 1)], dtype=np.uint64)
