"""Numbers as people and systems write them, to exact decimals (domain note on ledgers, 4.3).

Belongs here: blanks, signs, thousands marks and the decimal mark. Does not: what a column means. Nothing passes through
float. The decimal mark is decided per column: `1,234` alone may be one thousand or one and a bit, so a column in which no
cell decides leaves it ambiguous rather than guess. Everything is vectorised over Arrow text.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.shaping.arrow import glued

OK, MISSING, UNREADABLE, AMBIGUOUS = "ok", "missing", "unreadable", "ambiguous"

_BLANKS = "[\\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+"
_DASHES = "[\u2010-\u2015\u2212]"
KRONOR = ("kr", "kronor", "sek", ":-")  # `tkr` is not among them: it would be read a thousand times too small
_SIGNED = r"^(?:\+|(?P<lead>- ?)|(?P<open>\())?(?P<body>[0-9][0-9 .,]*?)(?P<close>\))?(?P<trail> ?-)?$"
_WHOLE = r"(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)"  # digits, or groups of three with blanks
_EITHER = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"  # a thousands mark or a decimal mark: the column decides
_SAMPLE = 10_000  # cells
_MAX_DIGITS = 15  # kr with two decimals in a decimal128(18, 2), one digit to spare for a difference


@dataclass(frozen=True, slots=True)
class Numbers:
    """One parsed column: `values` decimal128(18, scale), null unless its `state` is `ok`.

    `state`: ok | missing | unreadable | ambiguous, a string array of the same length.
    """

    values: pa.Array
    state: pa.Array


def parse_numbers(text: pa.Array, scale: int = 2, mark: str = "", units: tuple[str, ...] = KRONOR) -> Numbers:
    """Parse one column of number cells.

    Args:
        text: string array; null or blank or a lone dash is no value.
        scale: decimals kept; a cell with more of them (other than zeros) is unreadable, never rounded.
        mark: the decimal mark when the format itself fixes it (`.` in SIE).
        units: words that may follow the number and are read past.
    """
    text = pc.cast(text, pa.large_string())
    if _seldom_repeat(text):
        return _parse_unique(text, scale, mark, units)
    coded = pc.dictionary_encode(text, null_encoding="encode")  # mostly amounts repeat: each is parsed once
    unique = _parse_unique(coded.dictionary, scale, mark, units)
    return Numbers(unique.values.take(coded.indices), unique.state.take(coded.indices))


def _seldom_repeat(text: pa.Array) -> bool:
    """Whether most cells of a large column are met once, by its first ones: a dictionary of them would be as large as the column."""
    sample = text[:_SAMPLE]
    return len(text) > _SAMPLE and len(pc.unique(sample)) > _SAMPLE // 2


def _parse_unique(text: pa.Array, scale: int, mark: str, units: tuple[str, ...]) -> Numbers:
    """The plain cells by a short way, the others by the long one, which the plain ones tell the column's mark."""
    is_plain = pc.fill_null(pc.match_substring_regex(text, _plain(scale)), fill_value=False)
    cells = text.filter(is_plain)
    amounts = pc.cast(pc.replace_substring(cells, ",", "."), pa.decimal128(18, scale))
    plain = Numbers(amounts, pa.repeat(pa.scalar(OK, pa.large_string()), len(cells)))
    if len(cells) == len(text):
        return plain
    marks = {m for m in ",." if pc.any(pc.match_substring(cells, m)).as_py()}
    others = _parse_any(text.filter(pc.invert(is_plain)), scale, mark, units, marks)
    place = pc.sort_indices(pc.array_sort_indices(is_plain, order="descending"))
    return Numbers(
        *(pa.concat_arrays([a, b]).take(place) for a, b in ((plain.values, others.values), (plain.state, others.state)))
    )


def _plain(scale: int) -> str:
    """The usual cell: digits, a point or comma with no more decimals than are kept, and a minus before them."""
    return rf"^-?[0-9]{{1,{_MAX_DIGITS}}}(?:[.,][0-9]{{1,{min(scale, 2)}}})?$"


def _parse_any(text: pa.Array, scale: int, mark: str, units: tuple[str, ...], marks: set[str]) -> Numbers:
    tidy = _tidy(text, units)
    missing = pc.fill_null(pc.match_substring_regex(tidy, r"^-?$"), fill_value=True)
    sign, body = _sign_and_body(tidy)
    either = pc.fill_null(pc.match_substring_regex(body, _EITHER), fill_value=False)
    evident = _self_evident(body)
    decided = mark or _decimal_mark(body.filter(pc.and_(pc.is_valid(evident), pc.invert(either))), marks)
    plain = pc.if_else(either, _undo_thousands(body, decided), evident)
    limits = rf"^[0-9]{{1,{_MAX_DIGITS}}}(?:\.[0-9]{{1,{scale}}}0*)?$"
    readable = pc.fill_null(pc.match_substring_regex(plain, limits), fill_value=False)
    kept = pc.replace_substring_regex(plain, rf"(\.[0-9]{{{scale}}})0+$", r"\1")
    written = pc.if_else(readable, glued(sign, kept, ""), pa.scalar(None, pa.large_string()))
    ambiguous = pc.and_(either, not decided)
    state = pc.case_when(pc.make_struct(missing, ambiguous, readable), MISSING, AMBIGUOUS, OK, UNREADABLE)
    values = pc.cast(pc.if_else(pc.equal(state, OK), written, pa.scalar(None, pa.large_string())), pa.decimal128(18, scale))
    return Numbers(values, state.cast(pa.large_string()))


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


def _decimal_mark(evident: pa.Array, seen: set[str]) -> str:
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
