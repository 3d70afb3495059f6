"""The workbook: figures one can go on reckoning with."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from finsam_pipeline.report.document import Column, Document, Figure, Format, Row, RowKind, Section, Table
from finsam_pipeline.report.formats import render
from finsam_pipeline_tests.report_settings import report

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


@pytest.fixture(scope="module")
def document() -> Document:
    return report()


def opened(document: Document) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render(document, ["xlsx"])["xlsx"]))


@pytest.fixture(scope="module")
def book(document: Document) -> Workbook:
    return opened(document)


def shown(document: Document) -> list[tuple[str, Table]]:
    """Caption and table of every table and figure."""
    blocks = [b for b in document.blocks() if isinstance(b, (Table, Figure))]
    return [(f"{b.label}. {b.caption}" if b.label else b.caption, b.table if isinstance(b, Figure) else b) for b in blocks]


def test_a_sheet_a_table_with_caption_head_cells_and_notes(book: Workbook, document: Document):
    sheets = book.worksheets[1:]
    assert len(sheets) == len(shown(document))
    for sheet, (caption, table) in zip(sheets, shown(document), strict=True):
        assert sheet["A1"].value == caption
        lines = list(sheet.iter_rows(min_row=3, max_col=len(table.columns)))
        assert [c.value for c in lines[0]] == [f"{c.heading} ({c.unit})" if c.unit else c.heading for c in table.columns]
        for line, row in zip(lines[1:], table.rows, strict=False):
            for cell, value in zip(line, row.cells, strict=True):
                wanted = row.blank if value is None else value
                if isinstance(wanted, (int, Decimal)):
                    assert (cell.data_type, Decimal(str(cell.value))) == ("n", wanted)
                else:
                    assert cell.value == (wanted or None)
        below = [c.value for c in sheet["A"][3 + len(table.rows) :] if c.value]
        assert below == list(table.notes)


def test_heads_are_frozen_and_figures_look_swedish(book: Workbook):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B4"
    sheet = book["Tabell 4"] if "Resultat" in book["Tabell 4"]["A1"].value else book["Tabell 5"]
    assert sheet["B5"].number_format == "[$-41D]#,##0;\u2212#,##0"


def test_the_contents_name_every_sheet_and_lead_to_it(book: Workbook, document: Document):
    contents = book.worksheets[0]
    texts = [[c.value for c in row] for row in contents.iter_rows(max_col=2)]
    assert ["Diarienummer", "FS 2031/0017"] in texts
    assert ["Styrelsens beslut", "12\u00a0september\u00a02031"] in texts
    assert ["Kontakt", "Kansliet & co, 08-123, kansli@exempel.se"] in texts
    listed = [row for row in texts[texts.index(["Blad", "Innehåll"]) + 1 :] if row[0]]
    assert listed == [[s.title, caption] for s, (caption, _) in zip(book.worksheets[1:], shown(document), strict=True)]
    links = [c.hyperlink.location for c in contents["A"] if c.hyperlink]
    assert links == [f"'{s.title}'!A1" for s in book.worksheets[1:]]


def with_table(document: Document, *captions: str) -> Document:
    columns = (Column("Insats", Format.TEXT), Column("Antal"), Column("Enhet", Format.TEXT))
    rows = (Row(("=1+1", 3, "@SUM(A1)")), Row(("http://exempel.se", "··", "+46")), Row(("Summa", None, ""), RowKind.TOTAL))
    tables = tuple(Table(f"t{n}", caption, columns, rows) for n, caption in enumerate(captions))
    return replace(document, sections=(Section("s", "S", tables),))


def test_text_is_never_a_formula_a_link_or_a_number(document: Document):
    sheet = opened(with_table(document, "Farlig")).worksheets[1]
    assert [c.data_type for c in sheet[4]] == ["s", "n", "s"]
    assert sheet["A4"].value == "=1+1"
    assert sheet["A5"].hyperlink is None
    assert sheet["B5"].value == "··"  # a masked figure is text, not 0
    assert sheet["B6"].value == "–"


def test_names_of_sheets_are_short_lawful_and_never_alike(document: Document):
    long = "Deltagare per insats: kön/ålder [alla] under första halvåret"
    names = opened(with_table(document, long, long.upper(), long, "Innehåll", "'Citat'")).sheetnames
    assert len({n.lower() for n in names}) == len(names) == 6
    assert names[1] == "Deltagare per insats  kön ålder"  # cut between words
    assert all(len(n) <= 31 and not set(n) & set("[]:*?/\\") and n == n.strip("'") for n in names)


def test_the_same_document_gives_the_same_bytes(document: Document):
    assert render(document, ["xlsx"]) == render(document, ["xlsx"])
