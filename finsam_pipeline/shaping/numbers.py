"""Numbers as people and systems write them, to exact decimals (domain note on ledgers, 4.3).

Belongs here: blanks, signs, thousands marks and the decimal mark. Does not: what a column means. Nothing passes through
float. The decimal mark is decided per column: `1,234` alone may be one thousand or one and a bit, so a column in which no
cell decides leaves it ambiguous rather than guess. Everything is vectorised over Arrow text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.shaping.arrow import glued, repeated
from finsam_pipeline.shaping.digits import Plain, decimals, most_digits, plain_numbers, units_of

if TYPE_CHECKING:
    import numpy.typing as npt

STATES = ("ok", "missing", "unreadable", "ambiguous", "both")  # both: debit and credit (postings.py)
OK, MISSING, UNREADABLE, AMBIGUOUS, BOTH = range(len(STATES))
_STATES = pa.array(STATES, pa.large_string())

_BLANKS = "[\\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+"
_A_BLANK = "[ \u00a0\u2009\u202f]"
_THOUSANDS = f"^[-\u2212]?[0-9]{{1,3}}(?:{_A_BLANK}[0-9]{{3}})*(?:[.,][0-9]{{1,2}})?$"
_DASHES = "[\u2010-\u2015\u2212]"
KRONOR = ("kr", "kronor", "sek", ":-")  # `tkr` is not among them: it would be read a thousand times too small
_SIGNED = r"^(?:\+|(?P<lead>- ?)|(?P<open>\())?(?P<body>[0-9][0-9 .,]*?)(?P<close>\))?(?P<trail> ?-)?$"
_WHOLE = r"(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)"  # digits, or groups of three with blanks
_EITHER = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"  # a thousands mark or a decimal mark: the column decides


@dataclass(frozen=True)
class Numbers:
    """One parsed column, a number of the smallest unit kept (value × 10^scale) and a code a cell.

    `units`: the value where the cell's state is `ok` or `both`; elsewhere it says nothing (parsed cells have 0). `codes`: places in STATES.
    """

    units: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int8]
    scale: int = 2

    @cached_property
    def values(self) -> pa.Array:
        """The values as decimal128(18, scale), null unless the cell's state is `ok` (or `both`)."""
        return decimals(self.units, (self.codes == OK) | (self.codes == BOTH), self.scale)

    @property
    def state(self) -> pa.Array | pa.ChunkedArray:
        """The state of each cell, one of STATES; a column of one state stands in memory once."""
        if len(self.codes) and (self.codes == self.codes[0]).all():
            return repeated(STATES[self.codes[0]], len(self.codes))
        return _STATES.take(pa.array(self.codes))


def parse_numbers(text: pa.Array, scale: int = 2, mark: str = "", units: tuple[str, ...] = KRONOR) -> Numbers:
    """Parse one column of number cells.

    Args:
        text: string array; null or blank or a lone dash is no value.
        scale: decimals kept; a cell with more of them (other than zeros) is unreadable, never rounded.
        mark: the decimal mark when the format itself fixes it (`.` in SIE).
        units: words that may follow the number and are read past.
    """
    text = pc.cast(text, pa.large_string())
    plain = plain_numbers(text, scale)
    codes = np.where(plain.found, np.int8(OK), np.int8(MISSING))
    left, marks = np.flatnonzero(~plain.found & text.is_valid().to_numpy(zero_copy_only=False)), plain.marks
    if len(left):
        parted = _in_thousands(text.take(pa.array(left)), scale)
        plain.units[left], marks = parted.units, marks | parted.marks
        codes[left[parted.found]] = OK
        left = left[~parted.found]
    if len(left):  # what repeats is parsed once; the plain cells tell the column's mark
        coded = pc.dictionary_encode(text.take(pa.array(left)))
        unique, places = _parse_any(coded.dictionary, scale, mark, units, marks), coded.indices.to_numpy()
        plain.units[left], codes[left] = unique.units[places], unique.codes[places]
    return Numbers(plain.units, codes, scale)


def _in_thousands(cells: pa.Array, scale: int) -> Plain:
    """The cells that are plain but for single blanks between thousands and a true minus sign: the next usual way to write."""
    written_so = pc.match_substring_regex(cells, _THOUSANDS)
    bare = pc.replace_substring_regex(cells.filter(written_so), _A_BLANK, "")
    read, found = plain_numbers(pc.replace_substring(bare, "\u2212", "-"), scale), _flags(written_so).copy()
    units = np.zeros(len(cells), dtype=np.int64)
    units[found] = read.units
    found[found] = read.found
    return Plain(units, found, read.marks)


def _parse_any(text: pa.Array, scale: int, mark: str, units: tuple[str, ...], marks: frozenset[str]) -> Numbers:
    tidy = _tidy(text, units)
    missing = pc.fill_null(pc.match_substring_regex(tidy, r"^-?$"), fill_value=True)
    sign, body = _sign_and_body(tidy)
    either = pc.fill_null(pc.match_substring_regex(body, _EITHER), fill_value=False)
    evident = _self_evident(body)
    decided = mark or _decimal_mark(body.filter(pc.and_(pc.is_valid(evident), pc.invert(either))), marks)
    plain = pc.if_else(either, _undo_thousands(body, decided), evident)
    limits = rf"^[0-9]{{1,{most_digits(scale)}}}(?:\.[0-9]{{1,{scale}}}0*)?$"
    readable = pc.fill_null(pc.match_substring_regex(plain, limits), fill_value=False)
    kept = pc.replace_substring_regex(plain, rf"(\.[0-9]{{{scale}}})0+$", r"\1")
    written = pc.if_else(readable, glued(sign, kept, ""), pa.scalar(None, pa.large_string()))
    values = pc.cast(written, pa.decimal128(18, scale))
    codes = np.full(len(text), UNREADABLE, dtype=np.int8)
    codes[_flags(readable)] = OK
    if not decided:
        codes[_flags(either)] = AMBIGUOUS
    codes[_flags(missing)] = MISSING
    return Numbers(units_of(values), codes, scale)


def _flags(marks: pa.Array) -> npt.NDArray[np.bool_]:
    flags: npt.NDArray[np.bool_] = marks.to_numpy(zero_copy_only=False)
    return flags


def _tidy(text: pa.Array, units: tuple[str, ...]) -> pa.Array:
    """One kind of blank, one kind of dash, no unit, no outer blanks."""
    out = pc.replace_substring_regex(text, _BLANKS, " ")
    out = pc.replace_substring_regex(out, _DASHES, "-")
    out = pc.utf8_trim_whitespace(out)
    return pc.replace_substring_regex(out, rf"(?i)\s*(?:{'|'.join(units)})\.?$", "")


def _sign_and_body(tidy: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The sign (`-` or empty) and the unsigned rest; null where the cell is no number or has two signs."""
    parts = pc.extract_regex(tidy, _SIGNED)
    lead, opened, body, closed, trail = (pc.struct_field(parts, name) for name in ("lead", "open", "body", "close", "trail"))
    given = [pc.not_equal(part, "") for part in (lead, opened, trail)]
    signs = pc.add(pc.add(*(pc.cast(part, pa.int8()) for part in given[:2])), pc.cast(given[2], pa.int8()))
    sound = pc.and_(pc.less_equal(signs, 1), pc.equal(pc.not_equal(closed, ""), given[1]))
    body = pc.if_else(pc.fill_null(sound, fill_value=False), body, pa.scalar(None, pa.large_string()))
    return pc.if_else(pc.equal(signs, 1), "-", ""), body


def _self_evident(body: pa.Array) -> pa.Array:
    """Cells that read one way only, as digits with a point; null for the rest.

    One mark that cannot separate thousands is the decimal mark; of two kinds the last one is; one kind repeated
    separates thousands.
    """
    out = _written(body, rf"^(?P<w>{_WHOLE})(?:[.,](?P<d>[0-9]+))?$", " ")
    if out.null_count == body.null_count:  # the usual column: no thousands marks but blanks
        return out
    forms = (
        (r"^(?P<w>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<d>[0-9]+)$", "."),
        (r"^(?P<w>[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<d>[0-9]+)$", ","),
        (r"^(?P<w>[0-9]{1,3}(?:\.[0-9]{3}){2,})(?P<d>)$", "."),
        (r"^(?P<w>[0-9]{1,3}(?:,[0-9]{3}){2,})(?P<d>)$", ","),
    )
    return pc.coalesce(out, *(_written(body, pattern, thousands) for pattern, thousands in forms))


def _written(body: pa.Array, pattern: str, thousands: str) -> pa.Array:
    parts = pc.extract_regex(body, pattern)
    whole = pc.replace_substring(pc.struct_field(parts, "w"), thousands, "")
    decimals = pc.struct_field(parts, "d")
    return pc.if_else(pc.equal(decimals, ""), whole, glued(whole, decimals, "."))


def _decimal_mark(evident: pa.Array, seen: frozenset[str]) -> str:
    """The column's decimal mark by the cells that read one way only; empty when none decides or they disagree.

    `seen`: decimal marks already found in other cells of the column.
    """
    comma = r"^[^,]*,[^,.]*$|^[0-9]+(?:\.[0-9]{3}){2,}$"
    point = r"^[^.]*\.[^,.]*$|^[0-9]+(?:,[0-9]{3}){2,}$"
    marks = seen | {
        mark for mark, form in ((",", comma), (".", point)) if pc.any(pc.match_substring_regex(evident, form)).as_py()
    }
    return next(iter(marks)) if len(marks) == 1 else ""


def _undo_thousands(body: pa.Array, decided: str) -> pa.Array:
    """`1,234` read with the column's decimal mark; null where the column did not decide."""
    if not decided:
        return pc.if_else(pc.is_valid(body), pa.scalar(None, pa.large_string()), body)
    thousands = "," if decided == "." else "."
    return pc.replace_substring(pc.replace_substring(body, thousands, ""), decided, ".")
