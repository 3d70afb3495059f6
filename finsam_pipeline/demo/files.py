"""Tables as the bytes of a workbook or a text file: the same bytes for the same cells, wherever and whenever.

Belongs here: file formats. Does not: what stands in the cells.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

Cell = str | int | dt.date | None
# A workbook states when it was made; a fixed day keeps two runs alike.
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and rows of cells; dates become Excel dates."""

    name: str
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX file with fixed document properties and archive timestamps."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _MADE, "author": "Exempel", "title": "Exempeldata, inga verkliga personer"})
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.set_column(0, 0, 14)
        for row_number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(row_number, column, dt.datetime(cell.year, cell.month, cell.day), day_format)  # noqa: DTZ001
                elif isinstance(cell, int):
                    page.write_number(row_number, column, cell)
                elif cell:
                    page.write_string(row_number, column, cell)
    book.close()
    return buffer.getvalue()


def text(rows: Iterable[Sequence[Cell]], *, encoding: str = "utf-8", end: str = "\n", delimiter: str = ";") -> bytes:
    """A delimited text file; dates are written YYYY-MM-DD."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(
        ["" if cell is None else str(cell) for cell in row] for row in rows
    )
    return buffer.getvalue().encode(encoding)


def kronor(ore: int) -> str:
    """Öre as kr with decimal comma and no-break spaces between thousands, as a Swedish spreadsheet shows them."""
    whole, part = divmod(abs(ore), 100)
    grouped = f"{whole:,}".replace(",", "\xa0")
    return f"{'-' if ore < 0 else ''}{grouped},{part:02d}"
