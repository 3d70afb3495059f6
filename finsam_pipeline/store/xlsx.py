"""marts.xlsx: the marts for a person with a spreadsheet.

Belongs here: sheets, headings, number formats. Does not: a figure of its own. The same tables give the same bytes; nothing is
written to a temporary folder.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import xlsxwriter
import xlsxwriter.format
import xlsxwriter.worksheet

from finsam_pipeline.contracts.marts import MARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from finsam_pipeline.contracts.types import MartColumn, MartContract

ROWS_WHOLE = 2_000  # a larger mart is a full grid, most of it zeros nobody scrolls through
ROWS_SHOWN = 20_000  # beyond this a sheet would take longer than everything else together
_SHEET_NAME = 31
_NUMBER_FORMATS = {
    "int64": "#,##0",
    "money": "#,##0.00",
    "percent": "0.0",
    "share": "0.0000",
    "points": "#,##0.00",
    "date": "yyyy-mm-dd",
}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp; a clock would change the bytes
_YES_NO = {True: "ja", False: "nej"}


def marts_workbook(tables: Mapping[str, pa.Table], snapshot_id: str) -> bytes:
    """An XLSX with an index sheet and a sheet a mart.

    Row 1 holds what each column is in Swedish, row 2 its name and unit, data follow. Numbers are numbers, text is never a
    formula. Of a mart with more than ROWS_WHOLE rows those with zeros only are left out, of what then is more than ROWS_SHOWN the
    first ones are shown; the index says so.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": "Marts", "comments": f"Ögonblicksbild {snapshot_id}", "created": _CREATED})
        formats = _Formats(book)
        names = sheet_names(list(tables))
        _index(book.add_worksheet("Innehåll"), tables, names, snapshot_id, formats)
        for path, table in sorted(tables.items()):
            _sheet(book.add_worksheet(names[path]), MARTS[path], table, formats)
    return out.getvalue()


def sheet_names(paths: list[str]) -> dict[str, str]:
    """Mart path -> a sheet name of at most 31 characters that no other sheet has (Excel compares without regard to case)."""
    taken = {"innehåll"}
    names = {}
    for path in sorted(paths):
        whole = path.rpartition("/")[2]
        name, number = whole[:_SHEET_NAME], 1
        while name.lower() in taken:
            number += 1
            name = f"{whole[: _SHEET_NAME - len(str(number)) - 1]}_{number}"
        taken.add(name.lower())
        names[path] = name
    return names


class _Formats:
    """The few cell formats of the workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4ECEA", "bottom": 1})
        self.unit = book.add_format({"italic": True, "font_color": "#444444", "bg_color": "#F3F6F5"})
        self.link = book.add_format({"font_color": "#0B4F6C", "underline": 1})
        self.numbers = {kind: book.add_format({"num_format": code}) for kind, code in _NUMBER_FORMATS.items()}


def _index(
    sheet: xlsxwriter.worksheet.Worksheet,
    tables: Mapping[str, pa.Table],
    names: Mapping[str, str],
    snapshot_id: str,
    formats: _Formats,
) -> None:
    sheet.write_string(0, 0, "Marts", formats.title)
    sheet.write_string(1, 0, f"Ögonblicksbild {snapshot_id}. Intern: små tal står omaskerade.")
    for column, (head, width) in enumerate(
        (("Blad", 32), ("Område", 16), ("Vad", 34), ("En rad är", 60), ("Rader", 10), ("Anmärkning", 40))
    ):
        sheet.write_string(3, column, head, formats.head)
        sheet.set_column(column, column, width)
    for row, (path, table) in enumerate(sorted(tables.items()), start=4):
        contract = MARTS[path]
        sheet.write_url(row, 0, f"internal:'{names[path]}'!A1", formats.link, names[path])
        for column, text in enumerate((contract.family, contract.title_sv, contract.row_sv), start=1):
            sheet.write_string(row, column, text)
        sheet.write_number(row, 4, table.num_rows, formats.numbers["int64"])
        if (there := shown(contract, table).num_rows) < table.num_rows:
            sheet.write_string(row, 5, f"Bladet visar {there} rader, inte dem med bara nollor; alla finns i {path}.parquet")
    sheet.freeze_panes(4, 1)


def _sheet(sheet: xlsxwriter.worksheet.Worksheet, contract: MartContract, table: pa.Table, formats: _Formats) -> None:
    rows = shown(contract, table)
    for number, column in enumerate(contract.columns):
        values = rows[column.name].to_pylist()
        sheet.write_string(0, number, column.description_sv, formats.head)
        sheet.write_string(1, number, f"{column.name} ({column.unit})" if column.unit else column.name, formats.unit)
        _column(sheet, number, column, values, formats)
        sheet.set_column(number, number, _width(column, values))
    sheet.set_row(0, 45)
    sheet.freeze_panes(2, 0)
    if contract.columns:
        sheet.autofilter(1, 0, 1 + rows.num_rows, len(contract.columns) - 1)


def shown(contract: MartContract, table: pa.Table) -> pa.Table:
    """The rows of a mart that its sheet holds."""
    measures = [
        c.name for c in contract.columns if c.name not in contract.key and c.arrow in _NUMBER_FORMATS and c.arrow != "date"
    ]
    if table.num_rows > ROWS_WHOLE and measures:
        zeros = [pc.fill_null(pc.equal(table[name], 0), fill_value=True) for name in measures]
        table = table.filter(pc.invert(functools.reduce(pc.and_, zeros)))
    return table.slice(0, ROWS_SHOWN)


def _column(sheet: xlsxwriter.worksheet.Worksheet, number: int, column: MartColumn, values: list[Any], formats: _Formats) -> None:
    cell_format = formats.numbers.get(column.arrow)
    for row, value in enumerate(values, start=2):
        if isinstance(value, bool):
            sheet.write_string(row, number, _YES_NO[value])
        elif isinstance(value, (int, Decimal)):
            sheet.write_number(row, number, value, cell_format)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, number, value, cell_format)
        elif value is not None:
            sheet.write_string(row, number, value)


def _width(column: MartColumn, values: list[Any]) -> int:
    longest = max((len(str(v)) for v in values[:200] if v is not None), default=0)
    return min(max(longest, len(column.name) + len(column.unit) + 3, 10) + 2, 60)
