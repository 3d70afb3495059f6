"""Lines that are rows: the bytes of a delimited text, split by Arrow into columns of text.

Belongs here: when a line is a row for every reader, and how Arrow is told so. Does not: encodings, delimiters, quoted cells that hold
line ends or quote marks (delimited.py).
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from finsam_pipeline.readers.frames import oversized
from finsam_pipeline.readers.table import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from finsam_pipeline.readers.limits import Limits

_BLOCK = 1 << 22
_HEAD, _FIRST_LINES = 1 << 16, 50  # by these bytes and lines a table's width is guessed
_LINE_ENDS = re.compile(rb"\r\n|\n|\r")
_LINE_FEED, _RETURN = b"\n\r"
_NEAR = 1 << 15  # bytes: what is worked on stays near the processor
QUOTE = b'"'


def uniform_columns(body: bytes, mark: bytes, limits: Limits) -> list[pa.ChunkedArray] | None:
    """The columns when every line is a row as wide as the first ones, as exports are; None when some line is not.

    Arrow takes no line of another width, so that nothing is counted beforehand. It knows the same line ends.

    Args:
        body: UTF-8 to be, which Arrow sees to.
        mark: the delimiter.
        limits: how many cells a table may have.

    Raises:
        Rejected: `oversized`.
    """
    quoted = QUOTE in body
    widths = {_width(line, mark, quoted=quoted) for line in _LINE_ENDS.split(body[:_HEAD])[:-1][:_FIRST_LINES]}
    if len(widths) != 1 or widths == {1} or (quoted and not around_cells_only(body, mark)):
        return None
    width = widths.pop()
    if _most_lines(body) * width > limits.cells:
        _require_room(max(body.count(b"\n"), body.count(b"\r")), width, limits)
    try:
        table = _split(body, mark, width, _BLOCK, quoted=quoted)
    except pa.ArrowInvalid:  # its text quotes the line
        return None
    _require_room(table.num_rows, width, limits)
    return [*table.columns]  # the list alone holds them


def ragged_columns(body: bytes, mark: bytes, limits: Limits) -> list[pa.ChunkedArray]:
    """The columns of lines of any width, every line a row: counted first, and the shorter ones filled up to the widest.

    Args and Raises: as `uniform_columns`.
    """
    body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in body else body
    body = body if body.endswith(b"\n") else body + b"\n"
    raw = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(raw == _LINE_FEED)
    counts = np.diff(np.searchsorted(_between_cells(raw, mark), ends), prepend=0)
    width = int(counts.max()) + 1
    _require_room(len(ends), width, limits)
    if int(counts.min()) + 1 < width:
        body = _padded(body, mark, ends, width - 1 - counts)
    longest = int(np.diff(ends, prepend=-1).max()) + width
    table = _split(body, mark, width, max(_BLOCK, 2 * longest), quoted=QUOTE in body)
    if table.num_rows != len(ends):  # pragma: no cover - a guard: rows in = rows out
        raise Rejected("truncated", "Filens rader kunde inte räknas. Exportera den på nytt.")
    return [*table.columns]


def _width(line: bytes, mark: bytes, *, quoted: bool) -> int:
    """How many cells a line has."""
    if not quoted:
        return line.count(mark) + 1
    return len(next(csv.reader([line.decode(errors="replace")], delimiter=mark.decode()), [])) or 1


def _between_cells(raw: np.ndarray, mark: bytes) -> np.ndarray:
    """Where the delimiters stand that no pair of quote marks is around."""
    marks, quotes = np.flatnonzero(raw == mark[0]), np.flatnonzero(raw == QUOTE[0])
    return marks[np.searchsorted(quotes, marks) % 2 == 0] if len(quotes) else marks


def around_cells_only(body: bytes, mark: bytes) -> bool:
    """Whether quote marks stand in pairs, each around one whole cell of one line: then no two readers can differ on them."""
    raw = np.frombuffer(body, dtype=np.uint8)
    quotes = _places(raw, lambda piece: piece == QUOTE[0])
    opening, closing = quotes[::2], quotes[1::2]
    if len(opening) != len(closing):
        return False
    beside = np.concatenate(
        [raw[np.maximum(opening - 1, 0)][opening > 0], raw[np.minimum(closing + 1, len(raw) - 1)][closing < len(raw) - 1]]
    )
    if not ((beside == mark[0]) | (beside == _LINE_FEED) | (beside == _RETURN)).all():
        return False
    ends = _places(raw, lambda piece: (piece == _LINE_FEED) | (piece == _RETURN))
    return bool((np.searchsorted(ends, opening) == np.searchsorted(ends, closing)).all())


def _places(raw: np.ndarray, wanted: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Where the wanted bytes stand."""
    found = [np.flatnonzero(wanted(raw[start : start + _NEAR])) + start for start in range(0, len(raw), _NEAR)]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _split(body: bytes, mark: bytes, width: int, block: int, *, quoted: bool = False) -> pa.Table:
    """Arrow's table of text; empty cells are null."""
    names = [str(number) for number in range(width)]
    return pacsv.read_csv(
        pa.py_buffer(body),
        read_options=pacsv.ReadOptions(column_names=names, block_size=block),
        parse_options=pacsv.ParseOptions(
            delimiter=mark.decode(),
            quote_char='"' if quoted else False,
            double_quote=False,
            escape_char=False,
            ignore_empty_lines=False,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=True, null_values=[""]
        ),
    )


def _require_room(rows: int, width: int, limits: Limits) -> None:
    if rows * width > limits.cells:
        raise oversized(rows * width, limits.cells)


def _most_lines(body: bytes) -> int:
    """No fewer lines than there are: CR and line feed are counted apart. In pieces that stay near the processor."""
    raw = np.frombuffer(body, dtype=np.uint8)
    pieces = (raw[start : start + _NEAR] for start in range(0, len(raw), _NEAR))
    return sum(int(np.count_nonzero((piece - np.uint8(_LINE_FEED)) <= _RETURN - _LINE_FEED)) for piece in pieces)


def _padded(body: bytes, mark: bytes, ends: np.ndarray, missing: np.ndarray) -> bytes:
    """The body with the delimiters that short lines lack put before their line ends."""
    pieces: list[bytes] = []
    done = 0
    for end, lacking in zip(ends[missing > 0].tolist(), missing[missing > 0].tolist(), strict=True):
        pieces += (body[done:end], mark * lacking)
        done = end
    return b"".join([*pieces, body[done:]])
