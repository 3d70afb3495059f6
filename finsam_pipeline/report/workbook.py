"""A document's tables as a workbook: one sheet a table, figures as figures.

Belongs here: sheets, headings, number formats. Does not: a figure of its own, running text beyond captions and notes. The same
document gives the same bytes; nothing is written to a temporary folder. Text is never a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import textwrap
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import xlsxwriter
import xlsxwriter.format
import xlsxwriter.worksheet

from finsam_pipeline.report.document import Figure, Format, RowKind, Table
from finsam_pipeline.report.identity import particulars
from finsam_pipeline.report.paper import beside_figures, breadth, cell_texts

if TYPE_CHECKING:
    from finsam_pipeline.report.document import Document, Row, Value

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CONTENTS = "Innehåll"
_SHEET_NAME = 31
_HEAD_ROW = 2  # caption, an empty row, then the headings
_WIDEST = 48
_HEADING = 16  # a heading this long stands on one line
_BOLDER = 1.15  # how much wider bold letters are
_LINE = 15.5  # points
_NO_DAY = dt.date(2000, 1, 1)
# Excel writes the thousands and the decimal mark of the reader's own country; [$-41D] asks other programs for Sweden's.
_NUMBERS = {
    Format.COUNT: "[$-41D]#,##0;\u2212#,##0",
    Format.AMOUNT: "[$-41D]#,##0;\u2212#,##0",
    Format.PERCENT: "[$-41D]0;\u22120",
    Format.PERCENT_1: "[$-41D]0.0;\u22120.0",
    Format.DECIMAL: "[$-41D]#,##0.##;\u2212#,##0.##",
}
_BOLD = (RowKind.SECTION, RowKind.SUBTOTAL, RowKind.TOTAL, RowKind.RESULT)


@dataclass(frozen=True)
class _Sheet:
    """A table with the name of its sheet and how its caption is written."""

    name: str
    caption: str
    table: Table


class _Book:
    """The workbook with the formats it has made so far."""

    def __init__(self, book: xlsxwriter.Workbook, document: Document) -> None:
        self.book = book
        self.document = document
        self.palette = document.identity.palette
        self._made: dict[tuple[Format, RowKind, bool, int], xlsxwriter.format.Format] = {}

    @cached_property
    def caption(self) -> xlsxwriter.format.Format:
        return self.book.add_format({"bold": True, "font_size": 13, "font_color": self.palette.accent})

    @cached_property
    def label(self) -> xlsxwriter.format.Format:
        return self.book.add_format({"font_color": self.palette.soft})

    @cached_property
    def note(self) -> xlsxwriter.format.Format:
        return self.book.add_format({"font_color": self.palette.soft, "italic": True})

    @cached_property
    def link(self) -> xlsxwriter.format.Format:
        return self.book.add_format({"font_color": self.palette.accent, "underline": 1})

    def head(self, *, numeric: bool, indent: int = 0) -> xlsxwriter.format.Format:
        looks = {
            "bold": True,
            "text_wrap": True,
            "valign": "bottom",
            "bg_color": self.palette.wash,
            "font_color": self.palette.soft,
        }
        edges = {"top": 1, "bottom": 1, "border_color": self.palette.accent}
        return self.book.add_format(
            {**looks, **edges, "align": "right" if numeric else "left", "indent": 0 if numeric else indent}
        )

    def cell(self, style: Format, kind: RowKind, *, right: bool, indent: int) -> xlsxwriter.format.Format:
        key = (style, kind, right, indent)
        if key not in self._made:
            looks: dict[str, object] = {"bold": kind in _BOLD, "valign": "top", "align": "right" if right else "left"}
            if indent:
                looks["indent"] = indent
            if style in _NUMBERS:
                looks["num_format"] = _NUMBERS[style]
            if kind in (RowKind.TOTAL, RowKind.RESULT):
                looks |= {"top": 1, "bottom": 6 if kind is RowKind.RESULT else 1, "bg_color": self.palette.wash}
            if kind is RowKind.SECTION:
                looks["font_color"] = self.palette.accent
            self._made[key] = self.book.add_format(looks)
        return self._made[key]


def render_xlsx(document: Document) -> bytes:
    """The whole file: a sheet of contents, then the tables and the numbers of the figures in reading order."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as workbook:
        day = dt.datetime.combine(document.as_of or _NO_DAY, dt.time())
        about = {"title": f"{document.title} {document.period_words}", "author": document.association, "created": day}
        workbook.set_properties(about)
        book = _Book(workbook, document)
        sheets = _sheets(document)
        _contents(book, sheets)
        for sheet in sheets:
            _write(book, sheet)
    return out.getvalue()


def _sheets(document: Document) -> list[_Sheet]:
    found = []
    taken = {_CONTENTS.lower()}
    for block in document.blocks():
        if isinstance(block, (Table, Figure)):
            table = block.table if isinstance(block, Figure) else block
            caption = f"{block.label}. {block.caption}" if block.label else block.caption
            found.append(_Sheet(_name(block.label or block.caption, taken), caption, table))
    return found


def _name(wanted: str, taken: set[str]) -> str:
    """A sheet's name: at most 31 characters, none that Excel forbids, no two alike in any case of letters."""
    whole = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip("' ")
    if len(whole) > _SHEET_NAME and " " in whole[: _SHEET_NAME + 1]:
        whole = whole[: _SHEET_NAME + 1].rpartition(" ")[0].rstrip(" ,:–")  # no word is cut
    name, number = whole[:_SHEET_NAME].rstrip(), 1
    while name.lower() in taken:
        number += 1
        name = f"{whole[: _SHEET_NAME - len(str(number)) - 1].rstrip()} {number}"
    taken.add(name.lower())
    return name


def _contents(book: _Book, sheets: list[_Sheet]) -> None:
    document = book.document
    sheet = book.book.add_worksheet(_CONTENTS)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 70)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, f"{document.title} {document.period_words}", book.caption)
    lines = [("Förbund", document.association), *particulars(document), ("Kontakt", ", ".join(document.identity.contact))]
    if document.draft:
        lines.insert(1, ("Ställning", "Utkast"))
    row = 1
    for row, (label, value) in enumerate((line for line in lines if line[1]), start=2):
        sheet.write_string(row, 0, label, book.label)
        sheet.write_string(row, 1, value)
    top = row + 2
    for column, text in enumerate(("Blad", "Innehåll")):
        sheet.write_string(top, column, text, book.head(numeric=False))
    for n, entry in enumerate(sheets, start=top + 1):
        sheet.write_url(n, 0, f"internal:'{entry.name.replace(chr(39), chr(39) * 2)}'!A1", book.link, entry.name)
        sheet.write_string(n, 1, entry.caption)
    if document.identity.logo:
        size = {"object_position": 3, "x_scale": 0.3, "y_scale": 0.3, "image_data": io.BytesIO(document.identity.logo)}
        sheet.insert_image(0, 2, "logotyp", size | {"description": f"Logotyp för {document.association}"})


def _write(book: _Book, entry: _Sheet) -> None:
    sheet, table = book.book.add_worksheet(entry.name), entry.table
    sheet.write_string(0, 0, entry.caption, book.caption)
    lines = 1
    for n, column in enumerate(table.columns):
        text = f"{column.heading} ({column.unit})" if column.unit else column.heading
        lines = max(lines, len(textwrap.wrap(text, int(_width(table, n) / _BOLDER))))
        sheet.write_string(_HEAD_ROW, n, text, book.head(numeric=column.numeric, indent=int(beside_figures(table, n))))
        sheet.set_column(n, n, _width(table, n))
    sheet.set_row(_HEAD_ROW, _LINE * lines)  # not every program makes room for a heading over several lines by itself
    for number, row in enumerate(table.rows, start=_HEAD_ROW + 1):
        _row(book, sheet, number, table, row)
    for n, note in enumerate(table.notes, start=_HEAD_ROW + 2 + len(table.rows)):
        sheet.write_string(n, 0, note, book.note)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if len(table.columns) > 6:  # noqa: PLR2004 - what A4 holds upright
        sheet.set_landscape()
    sheet.set_footer(f"&L{_plain(book.document.association)} · {book.document.title} {book.document.period_words}&R&P (&N)")


def _row(book: _Book, sheet: xlsxwriter.worksheet.Worksheet, number: int, table: Table, row: Row) -> None:
    for n, (column, value) in enumerate(zip(table.columns, row.cells, strict=True)):
        looks = book.cell(column.format, row.kind, right=column.numeric, indent=int(beside_figures(table, n)))
        _cell(sheet, (number, n), value, row.blank, looks)


def _cell(
    sheet: xlsxwriter.worksheet.Worksheet, place: tuple[int, int], value: Value, blank: str, looks: xlsxwriter.format.Format
) -> None:
    """A figure as a figure; all else as text, a masked figure and "no figure" too: a sum over the column passes text by."""
    if isinstance(value, (int, Decimal)):
        sheet.write_number(*place, value, looks)
    elif text := blank if value is None else value:
        sheet.write_string(*place, text, looks)
    else:
        sheet.write_blank(*place, None, looks)


def _width(table: Table, n: int) -> float:
    """As wide as the longest cell, up to a limit; a heading is broken over lines."""
    column = table.columns[n]
    cells = [breadth(cell_texts(table, row)[n]) for row in table.rows if row.kind is not RowKind.SECTION]
    words = [breadth(word) for word in (*column.heading.split(" "), f"({column.unit})")]
    return min(max(10.0, min(breadth(column.heading), _HEADING), *words, *cells) + 2, _WIDEST)


def _plain(text: str) -> str:
    return text.replace("&", "&&")
