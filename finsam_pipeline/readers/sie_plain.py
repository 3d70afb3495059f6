r"""Plainly written SIE vouchers, a block of lines at a time, split by Arrow instead of record by record.

A voucher is plain when it is a #VER line, a line with `{`, #TRANS lines and a line with `}`, each of the one form nearly all
programs write: an object list behind the account, no `\`, no brace in a bare word, amounts and dates as the format asks. Every
other line goes to the tokenizer (sie_tokens), which stays the truth: this module reads nothing that would come out otherwise
there. Belongs here: which vouchers are plain, and their columns. Does not: remarks, balances, sums.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.readers.sie_tokens import CLOSE, OPEN, list_words
from finsam_pipeline.readers.sie_values import date_of, date_text, objects_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from finsam_pipeline.readers.sie_lines import Block

_FIELD = '(?:"[^"\\\\]*"|[^ \\t"{}\\\\\x1a\xa0]+)'
_GAP = r"[ \t]+"
# Each character decides how the expression goes on, and no more than four groups are asked for: then RE2 needs one pass, a third of
# the time.
_ROW = rf"^#TRANS{_GAP}(?P<account>{_FIELD}){_GAP}\{{(?P<objects>[^{{}}\\]*)\}}{_GAP}(?P<amount>{_FIELD})(?:{_GAP}(?P<rest>[^ \t].*))?$"
_REST = rf"^(?P<date>{_FIELD})(?:{_GAP}(?P<text>{_FIELD})(?:{_GAP}{_FIELD})*)?$"
_HEAD = (
    rf"^#VER{_GAP}(?P<series>{_FIELD}){_GAP}(?P<number>{_FIELD}){_GAP}(?P<date>{_FIELD})"
    rf"(?:{_GAP}(?P<text>{_FIELD})(?:{_GAP}{_FIELD})*)?$"
)
_LIST = re.compile(rf"[ \t]*(?:{_FIELD}(?:{_GAP}{_FIELD})*[ \t]*)?")
_WORDS = r'[ \t\r\n]*(?:"([^"]*)"|([^ \t\r\n"{}]+)|[{}])[ \t\r\n]*'
_AMOUNT = r"^-?[0-9]{1,16}(?:\.[0-9]{1,2})?$"
_IN_FULL = r"^(?:-?[1-9][0-9]{0,15}\.[0-9]{2}|0\.[0-9]{2}|-0\.(?:0[1-9]|[1-9][0-9]))$"  # two decimals, no needless zero
_MINUS_NOTHING = r"^-0+(?:\.0*)?$"  # its sign would be lost
_MONEY = pa.decimal128(18, 2)
_TEXT = pa.large_string()
_NO_LINE_ENDS = {ord("\r"): None, ord("\n"): None}
_BLANK, _VER, _BEGINS, _TRANS, _ENDS, _OTHER = range(6)


class Run(NamedTuple):
    """Plain vouchers that follow each other: their lines, start..stop-1 of the block, and which of its plain vouchers they are."""

    start: int
    stop: int
    vouchers: slice


class PlainVouchers:
    """The plain vouchers of one block of lines: where they stand, and their rows."""

    def __init__(self, block: Block) -> None:
        self._block = block
        lines = pc.ascii_trim(block.lines, characters=" \t\r\n")
        head_lines, heads = _heads(lines)
        row_lines, rows = _rows(lines)
        kinds = _kinds(lines)
        kinds[head_lines], kinds[row_lines] = _VER, _TRANS
        self._begins, self._ends = _whole(kinds)
        owner = np.searchsorted(self._begins, row_lines, side="right") - 1
        inside = owner >= 0
        inside[inside] = row_lines[inside] < self._ends[owner[inside]]
        self._row_lines, self._owner = row_lines[inside], pa.array(owner[inside])
        self._rows = rows if inside.all() else rows.filter(pa.array(inside))
        self._heads = heads.take(pa.array(np.searchsorted(head_lines, self._begins)))
        self._filled = np.cumsum(kinds != _BLANK)

    def __len__(self) -> int:
        return len(self._begins)

    def runs(self) -> list[Run]:
        """The vouchers in runs with nothing but blank lines between, in order."""
        if not len(self):
            return []
        apart = np.flatnonzero(self._filled[self._begins[1:]] - self._filled[self._ends[:-1]] != 1) + 1
        firsts, lasts = [0, *apart.tolist()], [*apart.tolist(), len(self)]
        return [
            Run(int(self._begins[first]), int(self._ends[last - 1]) + 1, slice(first, last))
            for first, last in zip(firsts, lasts, strict=True)
        ]

    def rows(self, numbers: np.ndarray) -> pa.Table:
        """The #TRANS rows: `row` (the line), and the columns of the reader's table `vouchers`.

        Args:
            numbers: the running number in the file of each plain voucher.
        """
        head = {name: self._heads.column(name).take(self._owner) for name in self._heads.column_names}
        own = {name: self._rows.column(name) for name in self._rows.column_names}
        return pa.table(
            {
                "row": pa.array(self._row_lines + self._block.first, pa.int64()),
                "account": own["account"],
                "amount": own["amount"],
                "date": _first_given(own["date"], head["date"]),
                "voucher_date": head["date"],
                "number": head["number"],
                "series": head["series"],
                "objects": own["objects"],
                "text": _first_given(own["text"], head["text"]),
                "block": pc.cast(pa.array(numbers), _TEXT).take(self._owner),
            }
        )

    def words(self, run: Run) -> str:
        """The labels and words of a run's records one after another, as a checksum is taken over."""
        lines = self._block.lines[run.start : run.stop]
        return "".join(pc.replace_substring_regex(lines, _WORDS, r"\1\2").to_pylist()).translate(_NO_LINE_ENDS)


def _kinds(lines: pa.Array) -> np.ndarray:
    """What each line is, as far as it needs no looking into."""
    kinds = np.full(len(lines), _OTHER, dtype=np.int8)
    for mark, kind in (("", _BLANK), (OPEN, _BEGINS), (CLOSE, _ENDS)):
        kinds[_flags(pc.equal(lines, mark))] = kind
    return kinds


def _whole(kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first and last lines of the vouchers that are plain in every line; blank lines do not count."""
    filled = np.flatnonzero(kinds != _BLANK)
    kinds = kinds[filled]
    begins, ends = np.flatnonzero(kinds == _VER), np.flatnonzero(kinds == _ENDS)
    following = np.searchsorted(ends, begins)
    begins = begins[following < len(ends)]
    ends = ends[following[following < len(ends)]]
    rows = np.concatenate([[0], np.cumsum(kinds == _TRANS)])
    plain = (kinds[begins + 1] == _BEGINS) & (rows[ends] - rows[begins] == ends - begins - 2)
    return filled[begins[plain]], filled[ends[plain]]


def _heads(lines: pa.Array) -> tuple[np.ndarray, pa.Table]:
    """Where the plainly written #VER lines stand, and their columns."""
    at, found = _starting(lines, "#VER")
    fields = pc.extract_regex(found, _HEAD)
    date, strict = _by_unique(_bare(fields, "date"), _day)
    columns = {name: _bare(fields, name) for name in ("series", "number", "text")}
    return _sound(at, columns | {"date": date}, strict)


def _rows(lines: pa.Array) -> tuple[np.ndarray, pa.Table]:
    """Where the plainly written #TRANS lines stand, and their columns."""
    at, found = _starting(lines, "#TRANS")
    fields = pc.extract_regex(found, _ROW)
    objects, listed = _by_unique(pc.struct_field(fields, "objects"), _objects)
    rest = pc.dictionary_encode(pc.struct_field(fields, "rest"))
    behind = pc.extract_regex(pc.if_else(pc.equal(rest.dictionary, ""), '""', rest.dictionary), _REST)
    date, strict = _by_unique(_bare(behind, "date"), _day)
    amount = _bare(fields, "amount")
    in_full = pc.match_substring_regex(amount, _IN_FULL)
    is_usual = bool(pc.all(in_full).as_py())
    columns = {
        "account": _bare(fields, "account"),
        "amount": amount,
        "objects": objects,
        "date": date.take(rest.indices),
        "text": _bare(behind, "text").take(rest.indices),
    }
    exact = in_full if is_usual else _exact(amount)
    at, rows = _sound(at, columns, pc.and_(pc.and_(listed, exact), strict.take(rest.indices)))
    if is_usual:
        return at, rows
    kronor = pc.cast(pc.cast(rows.column("amount"), _MONEY), _TEXT)
    return at, rows.set_column(rows.column_names.index("amount"), "amount", kronor)


def _exact(amount: pa.Array) -> pa.Array:
    return pc.and_(pc.match_substring_regex(amount, _AMOUNT), pc.invert(pc.match_substring_regex(amount, _MINUS_NOTHING)))


def _starting(lines: pa.Array, label: str) -> tuple[np.ndarray, pa.Array]:
    starts = pc.starts_with(lines, label)
    return np.flatnonzero(_flags(starts)), lines.filter(starts)


def _sound(at: np.ndarray, columns: dict[str, pa.Array], sound: pa.Array) -> tuple[np.ndarray, pa.Table]:
    """The lines for which everything asked holds."""
    table, flags = pa.table(columns), _flags(pc.fill_null(sound, fill_value=False))
    return (at, table) if flags.all() else (at[flags], table.filter(pa.array(flags)))


def _bare(fields: pa.Array, name: str) -> pa.Array:
    """A field without its quotes; the plain form has none inside."""
    field = pc.struct_field(fields, name)
    return pc.ascii_trim(field, characters='"') if pc.any(pc.starts_with(field, '"')).as_py() else field


def _by_unique(text: pa.Array, read: Callable[[str], tuple[str, bool]]) -> tuple[pa.Array, pa.Array]:
    """(value, whether it is plainly written) of each text, each unique one read once; null stays null."""
    coded = pc.dictionary_encode(text)
    pairs = [read(unique) for unique in coded.dictionary.to_pylist()]
    values, plain = pa.array([value for value, _ in pairs], _TEXT), pa.array([is_plain for _, is_plain in pairs], pa.bool_())
    return values.take(coded.indices), plain.take(coded.indices)


def _objects(inside: str) -> tuple[str, bool]:
    text, even = objects_text(list_words(inside))
    return text, even and bool(_LIST.fullmatch(inside))


def _day(raw: str) -> tuple[str, bool]:
    return date_text(raw), not raw or date_of(raw)[1]


def _first_given(first: Any, then: Any) -> Any:  # noqa: ANN401 - chunked or not
    return pc.if_else(pc.equal(first, ""), then, first)


def _flags(values: pa.Array) -> np.ndarray:
    flags: np.ndarray = values.to_numpy(zero_copy_only=False)
    return flags
