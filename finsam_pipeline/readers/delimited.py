"""Delimited text (`;`, tab or `,`) to one table of text.

Two ways through, equal to the cell: where a line is a row (no quote marks, or plain ones around whole cells) Arrow splits the bytes;
else Python's csv module reads the text, and every record that spans lines is looked at twice, because a stray quote swallows rows
without a sound.
Belongs here: lines, quotes, delimiters. Does not: which row is the header, what a cell means.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from finsam_pipeline.readers.decoding import decode_delimited, may_be_misread, misread_lines
from finsam_pipeline.readers.frames import oversized, text_frame
from finsam_pipeline.readers.lines import QUOTE, around_cells_only, ragged_columns, uniform_columns
from finsam_pipeline.readers.table import ReadResult, Rejected, TextTable

if TYPE_CHECKING:
    import pandas as pd

    from finsam_pipeline.readers.limits import Limits

    _Read = tuple[pd.DataFrame, dict[str, Any], list[tuple[int | None, str]]]

DELIMITERS = (";", "\t", ",")  # in the order they are preferred
_PREFERENCE = 2  # a later delimiter must explain more than this many times as many cells to win
_SAMPLE_RECORDS = 400
_SAMPLE_CHARACTERS = 1 << 18
_SEPARATOR_LINE = re.compile(r"^sep=([;,\t])[ \t]*\r?(?:\n|$)", re.IGNORECASE)
_UTF8_BYTES = 4  # of one character at most
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SUB = b"\x1a"  # end-of-file mark of old systems
_BATCH = (
    20_000  # records turned into Arrow at a time: a million small lists would cost more in garbage collection than in parsing
)
_LINE_END = re.compile(r"\r\n|\n|\r")
# From these widths on a line of a text, or its halves with what stands beside them, are unlikely to be as wide as the table by chance.
_TELLING_WIDTH = {";": 3, "\t": 3, ",": 4}
_TELLING_HALVES = {";": 3, "\t": 3, ",": 6}
_FEW = 3  # columns of the narrowest table in which two such lines in one cell are told from a text


def read_delimited(data: bytes, limits: Limits) -> ReadResult:
    """One table, sheet None, of a delimited file; facts `format`, `encoding`, `delimiter`.

    Raises:
        Rejected: `undecodable`, `truncated` (a quoted cell that never ends), `oversized`, `empty`.
    """
    frame, facts, remarks = _plain(data, limits) or _any(data, limits)
    if frame.empty:
        raise Rejected("empty", "Filen har inga rader. Exportera den på nytt och lämna den igen.")
    return ReadResult(tables=[TextTable(sheet=None, frame=frame)], facts={"format": "csv", **facts}, remarks=remarks)


def _plain(data: bytes, limits: Limits) -> _Read | None:
    """A UTF-8 file, every line a row as wide as the first ones: its bytes go to Arrow as they are, which sees to both.

    None when it is anything else, or when only a closer look can tell.
    """
    if b"\0" in data or data.startswith(_BOMS) or data.endswith(_SUB):
        return None
    try:
        head = codecs.getincrementaldecoder("utf-8")().decode(data[: _UTF8_BYTES * _SAMPLE_CHARACTERS])
    except UnicodeDecodeError:
        return None
    delimiter = sniff_delimiter(head)
    columns = uniform_columns(data, delimiter.encode(), limits)
    if columns is None:
        return None
    remarks = _suspects(data.decode()) if may_be_misread(data) else []
    return _frame(columns), {"encoding": "ascii" if data.isascii() else "utf-8", "delimiter": delimiter}, remarks


def _any(data: bytes, limits: Limits) -> _Read:
    """Any file, by way of its text."""
    text, encoding = decode_delimited(data)
    delimiter, remarks = sniff_delimiter(text), _suspects(text)
    facts = {"encoding": encoding, "delimiter": delimiter}
    body = text.encode()
    if QUOTE in body and not around_cells_only(body, delimiter.encode()):
        del body
        return parse_careful(text, delimiter, limits), facts, remarks
    del text  # the table needs its room
    return parse_fast(body, delimiter, limits), facts, remarks


def _suspects(text: str) -> list[tuple[int | None, str]]:
    return [(line, "suspect_letters") for line in misread_lines(text)]


def sniff_delimiter(text: str) -> str:
    """The delimiter under which most cells line up.

    Each candidate is judged on the first records by the width above 1 that explains most: (width - 1) × records of that width,
    so that title rows and texts with commas count little. `;` stands before tab before `,` unless a later one explains more than
    twice as much, since decimal commas make lines of a `;` file look delimited by commas too. Excel's own `sep=;` line is obeyed.
    """
    if stated := _SEPARATOR_LINE.match(text):
        return stated[1]
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    best = max(scores.values())
    return next(delimiter for delimiter in DELIMITERS if scores[delimiter] * _PREFERENCE >= best)


def _score(text: str, delimiter: str) -> int:
    records = csv.reader(io.StringIO(text[:_SAMPLE_CHARACTERS], newline=""), delimiter=delimiter)
    try:
        widths = Counter(len(record) for record in islice(records, _SAMPLE_RECORDS) if any(record))
    except csv.Error:
        return 0
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def parse_fast(body: bytes, delimiter: str, limits: Limits) -> pd.DataFrame:
    """The cells of a UTF-8 text in which every physical line is a row: no quote marks, or only those around whole cells.

    Raises:
        Rejected: `oversized`.
    """
    mark = delimiter.encode()
    return _frame(uniform_columns(body, mark, limits) or ragged_columns(body, mark, limits))


def _frame(columns: list[pa.ChunkedArray]) -> pd.DataFrame:
    return text_frame(columns, np.arange(1, len(columns[0]) + 1))


def parse_careful(text: str, delimiter: str, limits: Limits) -> pd.DataFrame:
    """The cells of any text, quoted cells with delimiters, line ends and doubled quotes included.

    A quote mark inside a cell that does not begin with one is data. The row number is the physical line the record begins on.

    Raises:
        Rejected: `truncated` when a quoted cell never ends or has swallowed rows; `oversized`.
    """
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter)
    batches: list[list[pa.Array]] = []
    ends = [0]  # the last line of each record
    widths: Counter[int] = Counter()
    try:
        while batch := list(islice(((reader.line_num, record) for record in reader), _BATCH)):
            ends += (end for end, _ in batch)
            widths.update(len(record) for _, record in batch)
            if (len(ends) - 1) * max(widths) > limits.cells:
                raise oversized((len(ends) - 1) * max(widths), limits.cells)
            columns = zip_longest(*(record for _, record in batch), fillvalue="")
            batches.append([pa.array(column, type=pa.large_string()) for column in columns] or [_empty(len(batch))])
    except csv.Error:
        raise _swallowed(ends[-1] + 1) from None
    starts = np.asarray(ends[:-1], dtype=np.int64) + 1
    _check_quotes(lines, starts, np.asarray(ends[1:], dtype=np.int64), delimiter, widths)
    return text_frame(_joined(batches), starts)


def _joined(batches: list[list[pa.Array]]) -> list[pa.ChunkedArray]:
    """The columns of all batches; a batch without a column has it empty."""
    width = max(map(len, batches), default=1)
    return [
        pa.chunked_array([batch[at] if at < len(batch) else _empty(len(batch[0])) for batch in batches], type=pa.large_string())
        for at in range(width)
    ]


def _empty(length: int) -> pa.Array:
    return pa.array([""] * length, type=pa.large_string())


def _check_quotes(lines: list[str], starts: np.ndarray, ends: np.ndarray, delimiter: str, widths: Counter[int]) -> None:
    """Rejects what only a stray quote explains: no end, an end in the middle of a cell, whole rows inside a cell."""
    if len(starts) and _unclosed(lines[starts[-1] - 1 :], delimiter):
        raise _swallowed(int(starts[-1]))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    for first, last in zip(starts[ends > starts].tolist(), ends[ends > starts].tolist(), strict=True):
        cells = _strictly(lines[first - 1 : last], delimiter)
        if cells is None or _holds_rows(cells, delimiter, usual):
            raise _swallowed(first)


def _strictly(raw: list[str], delimiter: str) -> list[str] | None:
    """The cells of one record; None when a quoted cell goes on after its end quote."""
    try:
        return next(csv.reader(raw, delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _holds_rows(cells: list[str], delimiter: str, usual: int) -> bool:
    """Whether a line within one cell, or both halves of a cell with what stands beside them, are as wide as the table is."""
    whole, halves = usual >= _TELLING_WIDTH[delimiter], usual >= _TELLING_HALVES[delimiter]
    for place, cell in enumerate(cells):
        counts = [line.count(delimiter) for line in _LINE_END.split(cell)]
        ends = (place + counts[0], len(cells) - 1 - place + counts[-1])
        inside = counts[1:-1].count(usual - 1)
        if (
            (whole and inside)
            or (usual >= _FEW and inside > 1)
            or (halves and len(counts) > 1 and ends == (usual - 1, usual - 1))
        ):
            return True
    return False


def _unclosed(raw: list[str], delimiter: str) -> bool:
    """Whether the last record still waits for its end quote: then a line after it would belong to it."""
    return len(list(csv.reader([*raw, "\n", "x"], delimiter=delimiter))) == 1


def _swallowed(line: int) -> Rejected:
    return Rejected(
        "truncated",
        f"Ett citattecken som börjar på rad {line} saknar sitt slut, eller så är filen avhuggen. "
        "Rätta citattecknet eller exportera filen på nytt.",
    )
