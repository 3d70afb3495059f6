"""A delivered file without some of its rows: the same bytes' meaning, the same row numbers, those rows empty.

Belongs here: how a row is emptied, and a number made unreadable, in each kind of file the readers read. Does not: which ones.
Emptied rows are passed over by the readers like any empty row, so nothing else in the file moves.
"""

from __future__ import annotations

import codecs
import io
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell

from finsam_pipeline.readers.decoding import decode_delimited, decode_sie
from finsam_pipeline.readers.sniff import FileKind, sniff
from finsam_pipeline.readers.table import ReadResult

Rows = Mapping[str | None, AbstractSet[int]]  # sheet as the file calls it (None: a text file) -> row numbers
Mask = Callable[[str], str]

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)")
_BOMS = {"utf-16-le-bom": codecs.BOM_UTF16_LE, "utf-16-be-bom": codecs.BOM_UTF16_BE, "utf-8-bom": codecs.BOM_UTF8}


def blanked(data: bytes, name: str, read: ReadResult, rows: Rows, mask: Mask | None = None) -> bytes:
    """The file with `rows` empty.

    Args:
        data: the file.
        name: its name, used only where bytes cannot tell.
        read: what the readers made of it: where each row begins.
        rows: which ones.
        mask: what every other cell or line is passed through, to make a number in it unreadable.
    """
    kind = sniff(data, name)
    if kind is FileKind.WORKBOOK:
        return _workbook(data, rows, mask)
    text, encoding = (decode_sie if kind is FileKind.SIE else decode_delimited)(data)
    begins = sorted({int(row) for table in read.tables for row in table.frame.index})
    left = _without(text, rows.get(None, frozenset()), begins)
    return _encoded(mask(left) if mask else left, encoding)


def _without(text: str, rows: AbstractSet[int], begins: list[int]) -> str:
    """The text with the lines of each row's record, up to the next record, emptied of all but their line ends."""
    lines = _LINES.findall(text)
    for row in rows:
        after = bisect_right(begins, row)
        last = begins[after] - 1 if after < len(begins) else len(lines)
        for number in range(row, last + 1):
            line = lines[number - 1]
            lines[number - 1] = line[len(line.rstrip("\r\n")) :]
    return "".join(lines)


def _encoded(text: str, encoding: str) -> bytes:
    return _BOMS.get(encoding, b"") + text.encode(encoding.removesuffix("-bom"))


def _workbook(data: bytes, rows: Rows, mask: Mask | None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        gone = rows.get(sheet.title, frozenset())
        for line in sheet.iter_rows():
            for cell in line:
                if cell.row in gone:
                    _empty(cell)
                elif mask:
                    _masked(cell, mask)
        if mask:
            sheet.title = mask(sheet.title)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _empty(cell: Cell | MergedCell) -> None:
    if isinstance(cell, Cell):  # a merged cell's covered parts hold nothing
        cell.value = cell.comment = cell.hyperlink = None


def _masked(cell: Cell | MergedCell, mask: Mask) -> None:
    if isinstance(cell, MergedCell):
        return
    if isinstance(cell.value, str | int | float) and not isinstance(cell.value, bool):
        said = str(cell.value)
        if (masked := mask(said)) != said:
            cell.value = masked
    if cell.comment is not None:
        cell.comment.text = mask(cell.comment.text)
