"""Workbooks (.xlsx, .xlsm without macros) to one table of text a sheet.

The parts are read with expat, a cell at a time, for what ready-made readers do not give: numbers as the digits stored (no float),
error cells as their text, row numbers as Excel shows them, and a cost that follows the cells there are. (calamine allocates the
whole rectangle and ends the process on two cells in opposite corners; openpyxl takes some ten times as long.)

Hidden and very hidden sheets are read like the others and named in `facts["hidden_sheets"]`: a delivery hides nothing, and what
is personal must be found where it stands. Hidden rows are rows. A merged cell has its value in its top left cell only, as stored.
Belongs here: the book and its sheets. Does not: what they share (parts), one cell's text (cells), what it means.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from finsam_pipeline.readers.cells import EPOCH_1900, EPOCH_1904, Format, iso_text, number_text, serial_text, unescaped
from finsam_pipeline.readers.frames import oversized, text_frame
from finsam_pipeline.readers.package import Package, truncated
from finsam_pipeline.readers.parts import SharedStrings, Styles, parse, targets, whole
from finsam_pipeline.readers.table import ReadResult, Rejected, TextTable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from finsam_pipeline.readers.limits import Limits

_RELATIONSHIP_ID = "r:id"
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_YES_NO = {"1": "ja", "true": "ja", "0": "nej", "false": "nej"}


def read_workbook(data: bytes, limits: Limits) -> ReadResult:
    """One table for every sheet that holds anything, in the workbook's order, `sheet` its name.

    Dates come as ISO text, numbers with at most 15 significant digits, booleans as `ja`/`nej`, errors as `#N/A`. Columns in which
    no cell holds anything are left out, so that a stray cell far to the right costs nothing.

    Raises:
        Rejected: `encrypted`, `macro`, `truncated`, `oversized`, `not_a_table`, `empty`.
    """
    package = Package(data, limits)
    book = _Book(package, limits)
    tables = []
    for name, part in book.sheets:
        frame = _Sheet(book, limits).read(package.chunks(part))
        if not frame.empty:
            tables.append(TextTable(sheet=name, frame=frame, serial_epoch=book.epoch))
    if not tables:
        raise Rejected("empty", "Arbetsboken har inga ifyllda celler. Kontrollera filen och lämna den på nytt.")
    return ReadResult(tables=tables, facts={"format": "xlsx", "hidden_sheets": book.hidden})


class _Book:
    """What sheets share: their names and parts, shared strings, number formats, epoch of dates."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self.epoch: dt.date = EPOCH_1900
        self.sheets: list[tuple[str, str]] = []
        self.hidden: list[str] = []
        self.strings: list[str] = []
        self.formats: list[Format] = []
        root = targets(package, "_rels/.rels", "")
        main = next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")
        if main not in package:
            raise Rejected("not_a_table", "Filen är ingen Excel-arbetsbok. Spara den som .xlsx och lämna den på nytt.")
        folder = posixpath.dirname(main)
        parts = targets(package, f"{folder}/_rels/{posixpath.basename(main)}.rels", folder)
        self._read_main(package, main, parts)
        for kind, target in parts.values():
            if target in package and kind == "sharedStrings":
                self.strings = SharedStrings(limits).read(package.chunks(target))
            elif target in package and kind == "styles":
                self.formats = Styles().read(package.chunks(target))

    def _read_main(self, package: Package, main: str, parts: dict[str, tuple[str, str]]) -> None:
        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "workbookPr" and attributes.get("date1904", "0").lower() in {"1", "true", "on"}:
                self.epoch = EPOCH_1904
            elif tag == "sheet":
                key = next((value for name, value in attributes.items() if name == _RELATIONSHIP_ID or name.endswith(":id")), "")
                kind, target = parts.get(key, ("", ""))
                if kind == "worksheet" and target in package:
                    self.sheets.append((attributes.get("name", ""), target))
                    if attributes.get("state", "visible") != "visible":
                        self.hidden.append(attributes.get("name", ""))

        parse(package.chunks(main), start)


class _Sheet:
    """The cells of one sheet that hold anything, by row and column."""

    def __init__(self, book: _Book, limits: Limits) -> None:
        self._book = book
        self._limits = limits
        self._rows: list[int] = []  # Excel's row number of each kept row
        self._at: list[int] = []  # position in _rows of each cell
        self._columns: list[int] = []
        self._values: list[str] = []
        self._row = self._column = 0
        self._type, self._style = "n", 0
        self._pieces: list[str] = []
        self._collecting = self._phonetic = False
        self._letters: dict[str, int] = {}
        self._days: dict[tuple[str, Format], str] = {}
        self._bytes_since_row = 0

    def read(self, chunks: Iterable[bytes]) -> pd.DataFrame:
        """The frame: index = Excel's row numbers, columns 0..n-1 of those that hold anything."""
        parse(self._measured(chunks), self._start, self._end, self._text, as_written=True)
        if not self._values:
            return pd.DataFrame()
        used, places = np.unique(np.asarray(self._columns), return_inverse=True)
        if len(used) * len(self._rows) > self._limits.cells:
            raise oversized(len(used) * len(self._rows), self._limits.cells)
        grid = np.full((len(used), len(self._rows)), None, dtype=object)
        grid[places, np.asarray(self._at)] = np.asarray(self._values, dtype=object)
        order = np.argsort(np.asarray(self._rows), kind="stable")
        columns = [pa.array(column[order], type=pa.large_string()) for column in grid]
        return text_frame(columns, np.asarray(self._rows)[order])

    def _measured(self, chunks: Iterable[bytes]) -> Iterable[bytes]:
        for chunk in chunks:
            self._bytes_since_row += len(chunk)
            if self._bytes_since_row > self._limits.row_bytes:
                raise Rejected("oversized", f"En rad efter rad {self._row} är orimligt stor. Rensa bladet eller spara om det.")
            yield chunk

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._column = self._column_of(attributes.get("r"))
            self._type = attributes.get("t", "n")
            self._style = whole(attributes["s"]) if "s" in attributes else 0
        elif tag == "v":
            self._collecting = True
        elif tag == "t":
            self._collecting = self._type == "inlineStr" and not self._phonetic
        elif tag == "row":
            self._row = whole(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
            self._bytes_since_row = 0
            if not 1 <= self._row <= _MOST_ROWS:
                raise truncated()
        elif tag == "rPh":
            self._phonetic = True
        elif ":" in tag:  # seldom: the usual file has no prefixes, and most tags of a sheet are cells
            self._start(tag.rpartition(":")[2], attributes)

    def _end(self, tag: str) -> None:
        if tag == "c":
            if self._pieces:
                self._keep(self._cell_text("".join(self._pieces)))
                self._pieces.clear()
        elif tag in {"v", "t"}:
            self._collecting = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "sheetData":
            self._bytes_since_row = -self._limits.inflated  # what follows the rows is no row
        elif ":" in tag:
            self._end(tag.rpartition(":")[2])

    def _text(self, text: str) -> None:
        if self._collecting:
            self._pieces.append(text)

    def _column_of(self, reference: str | None) -> int:
        """0-based column of `AB12`; a cell without a reference stands after the one before it."""
        if reference is None:
            return self._column + 1
        letters = reference.rstrip("0123456789").replace("$", "")
        if letters not in self._letters:
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - ord("A") + 1
                if not 1 <= number <= _MOST_COLUMNS:
                    raise truncated()
            self._letters[letters] = number - 1
        return self._letters[letters]

    def _keep(self, text: str) -> None:
        if not text or text.isspace():
            return
        if not self._rows or self._rows[-1] != self._row:
            self._rows.append(self._row)
        self._at.append(len(self._rows) - 1)
        self._columns.append(self._column)
        self._values.append(text)
        if len(self._values) > self._limits.cells:
            raise oversized(len(self._values), self._limits.cells)

    def _day(self, raw: str, shown_as: Format) -> str:
        """A serial number as text; a list has the same few days over and over."""
        if (raw, shown_as) not in self._days:
            self._days[raw, shown_as] = serial_text(raw, shown_as, self._book.epoch)
        return self._days[raw, shown_as]

    def _cell_text(self, raw: str) -> str:
        kind = self._type
        if kind == "s":
            place = whole(raw)
            if place >= len(self._book.strings):
                raise truncated()
            return self._book.strings[place]
        if kind == "n":
            formats = self._book.formats
            shown_as = formats[self._style] if self._style < len(formats) else Format.NUMBER
            return number_text(raw.strip()) if shown_as is Format.NUMBER else self._day(raw.strip(), shown_as)
        if kind == "b":
            return _YES_NO.get(raw.strip().lower(), raw)
        return iso_text(raw.strip()) if kind == "d" else unescaped(raw)
