"""Workbooks: what a cell's text is, row numbers, sheets, and what is turned away before it costs memory."""

from __future__ import annotations

import datetime as dt
import io
import resource
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from finsam_pipeline.readers import Limits, Rejected, read
from finsam_pipeline.readers.cells import EPOCH_1900, EPOCH_1904, Format, format_of, number_text, serial_text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package(sheet: str, *, strings: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    """A hand-made workbook of one sheet, for what no library writes."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": "<Relationships>"
        f'<Relationship Id="a" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{LINKS}">'
        '<x:sheets><x:sheet name="Blad" r:id="b"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f'<Relationship Id="b" Type="{LINKS}/worksheet" Target="/xl/worksheets/s.xml"/>'
        f'<Relationship Id="c" Type="{LINKS}/sharedStrings" Target="strings.xml"/></Relationships>',
        "xl/worksheets/s.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:dimension ref="A1:XFD1048576"/>'
        f"<x:sheetData>{sheet}</x:sheetData></x:worksheet>",
        "xl/strings.xml": f"<sst>{strings}</sst>",
    } | (extra or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def cells(data: bytes) -> list[list[str | None]]:
    frame = read(data, "x.xlsx").tables[0].frame
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()]


def reason(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Rejected) as caught:
        read(data, "x.xlsx", limits or Limits())
    assert caught.value.message_sv.rstrip().endswith(".")
    return caught.value.reason


def test_every_kind_of_cell_has_the_text_a_person_would_type():
    book = openpyxl.Workbook()
    sheet = book.active
    values = [" Vägen ", 36, 1234.5, 0.1 + 0.2, 1e-7, 198001011234, True, False, "#N/A", dt.date(2025, 6, 13)]
    values += [dt.datetime(2025, 6, 13, 14, 30), dt.time(8, 5), dt.timedelta(hours=26, minutes=5)]  # noqa: DTZ001
    for column, value in enumerate(values, start=1):
        sheet.cell(1, column, value)
    assert cells(saved(book)) == [
        [
            " Vägen ",
            "36",
            "1234.5",
            "0.3",
            "0.0000001",
            "198001011234",
            "ja",
            "nej",
            "#N/A",
            "2025-06-13",
            "2025-06-13 14:30:00",
            "08:05:00",
            "26:05:00",
        ]
    ]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_right_in_both_calendars(epoch: dt.datetime | None):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    book.active["A1"] = dt.date(2025, 6, 13)
    book.active["B1"] = dt.date(1998, 2, 28)
    table = read(saved(book), "x.xlsx").tables[0]
    assert table.frame.to_numpy().tolist() == [["2025-06-13", "1998-02-28"]]
    assert table.serial_epoch == (EPOCH_1904 if epoch else EPOCH_1900)


def test_row_numbers_are_excels_whatever_is_empty_around():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C5"], sheet["E5"], sheet["C9"] = "Lnr", "Kön", " "
    sheet["E12"] = "Man"
    sheet.row_dimensions[12].hidden = True
    sheet.merge_cells("C20:E20")
    sheet["C20"] = "Summa"
    frame = read(saved(book), "x.xlsx").tables[0].frame
    assert frame.index.tolist() == [5, 12, 20]
    assert frame.fillna("").to_numpy().tolist() == [["Lnr", "Kön"], ["", "Man"], ["Summa", ""]]
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "str"]


def test_sheets_stand_in_order_hidden_ones_too_and_empty_ones_not():
    book = openpyxl.Workbook()
    book.active.title = "Vägen"
    book.active["A1"] = 1
    for name, state in (("Tom", "visible"), ("Dold", "hidden"), ("Mycket dold", "veryHidden")):
        book.create_sheet(name).sheet_state = state
        if name != "Tom":
            book[name]["B2"] = 2
    result = read(saved(book), "x.xlsx")
    assert [table.sheet for table in result.tables] == ["Vägen", "Dold", "Mycket dold"]
    assert result.facts["hidden_sheets"] == ["Dold", "Mycket dold"]


def test_prefixes_rich_text_phonetics_escapes_and_missing_references():
    sheet = (
        '<x:row><x:c t="s"><x:v>0</x:v></x:c>'
        '<x:c t="inlineStr"><x:is><x:t>in</x:t><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c></x:row>'
        '<x:row r="7"><x:c r="B7" t="str"><x:f>A1</x:f><x:v>rad_x000A_ny</x:v></x:c><x:c t="e"><x:v>#REF!</x:v></x:c>'
        '<x:c t="d"><x:v>2025-06-13T00:00:00</x:v></x:c></x:row><x:row><x:c/><x:c><x:v>1E+3</x:v></x:c></x:row>'
    )
    strings = "<si><r><t>Väg</t></r><r><t xml:space='preserve'>en </t></r><rPh><t>no</t></rPh></si>"
    frame = read(package(sheet, strings=strings), "x.xlsx").tables[0].frame
    assert frame.index.tolist() == [1, 7, 8]
    assert frame.fillna("").to_numpy().tolist() == [
        ["Vägen ", "in", "", ""],
        ["", "rad\nny", "#REF!", "2025-06-13"],
        ["", "1000", "", ""],
    ]


def test_a_stray_cell_in_the_far_corner_costs_nothing():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sheet = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="1048576"><x:c r="XFD1048576"><x:v>2</x:v></x:c></x:row>'
    frame = read(package(sheet), "x.xlsx").tables[0].frame
    assert (frame.index.tolist(), frame.shape) == ([1, 1_048_576], (2, 2))
    empty = "".join(f'<x:row r="{number}" spans="1:16384" s="1"/>' for number in range(2, 300_000))
    assert read(package(f'<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>{empty}'), "x.xlsx").tables[0].frame.shape == (1, 1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"xl/vbaProject.bin": b"x"}, "macro"),
        ({"xl/workbook.bin": b"x"}, "not_a_table"),
        ({"xl/worksheets/s.xml": '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'}, "not_a_table"),
        (
            {"xl/worksheets/s.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><worksheet/>'.encode("utf-16")},
            "not_a_table",
        ),
        ({"xl/worksheets/s.xml": "<worksheet><sheetData>"}, "truncated"),
        ({"xl/worksheets/s.xml": '<worksheet><row><c t="s"><v>3</v></c></row></worksheet>'}, "truncated"),
        ({"xl/worksheets/s.xml": "<worksheet/>"}, "empty"),
        ({"xl/media/a.bin": b"0" * 60_000_000}, "oversized"),
    ],
)
def test_what_is_turned_away(extra: dict[str, str | bytes], expected: str):
    assert reason(package('<x:row><x:c r="A1"><x:v>1</x:v></x:c></x:row>', extra=extra)) == expected


def test_limits_of_a_workbook():
    wide = "".join(f'<x:row r="{n}"><x:c r="{chr(64 + n)}{n}"><x:v>1</x:v></x:c></x:row>' for n in range(1, 21))
    assert reason(package(wide), Limits(cells=399)) == "oversized"
    assert len(cells(package(wide))) == 20
    assert reason(package(wide), Limits(entries=5)) == "oversized"
    assert reason(package(wide), Limits(inflated=500)) == "oversized"
    endless = "<x:c/>" * 200_000
    assert reason(package(f"<x:row>{endless}</x:row>"), Limits(row_bytes=500_000)) == "oversized"


def test_a_damaged_or_encrypted_or_foreign_package():
    whole = package("<x:row/>")
    assert reason(whole[: len(whole) // 2]) == "truncated"
    broken = bytearray(package('<x:row><x:c r="A1"><x:v>1</x:v></x:c></x:row>'))
    at = bytes(broken).find(b"xl/worksheets/s.xml") + len("xl/worksheets/s.xml") + 8
    broken[at] ^= 0xFF
    assert reason(bytes(broken)) == "truncated"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert reason(out.getvalue()) == "not_a_table"
    locked = bytearray(whole)
    entry = bytes(locked).find(b"PK\x01\x02")
    locked[entry + 8] |= 1
    assert reason(bytes(locked)) == "encrypted"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("45000", "45000"),
        ("5.0", "5"),
        ("1.10", "1.1"),
        ("0.30000000000000004", "0.3"),
        ("-1.5E-3", "-0.0015"),
        ("12345678901234567890", "12345678901234600000"),
        ("1e5", "100000"),
        ("1E999999999", "1E999999999"),
        ("x", "x"),
    ],
)
def test_numbers_are_exact_without_exponent(raw: str, text: str):
    assert number_text(raw) == text


@pytest.mark.parametrize(
    ("code", "shown_as"),
    [
        ("yyyy-mm-dd", Format.DATE),
        ("[$-41D]d mmmm yyyy", Format.DATE),
        ("mmm", Format.DATE),
        ("hh:mm", Format.TIME),
        ("[h]:mm", Format.DURATION),
        ("General", Format.NUMBER),
        ('#,##0.00\\ "kr/dag"', Format.NUMBER),
        ("[Red]-0", Format.NUMBER),
        ("_-* #,##0_d", Format.NUMBER),
        ("0.00E+00", Format.NUMBER),
        ("h:mm AM/PM", Format.TIME),
        ("@", Format.NUMBER),
        ("m/d/yy h:mm", Format.DATE),
        ("mm:ss", Format.TIME),
    ],
)
def test_a_number_format_is_a_date_by_its_fields(code: str | None, shown_as: Format):
    assert format_of(164, code) == shown_as


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("45821", "2025-06-13"),
        ("1", "1900-01-01"),
        ("59", "1900-02-28"),
        ("60", "60"),
        ("61", "1900-03-01"),
        ("-1", "-1"),
        ("3000000", "3000000"),
        ("45821.999999999", "2025-06-14"),
        ("45821.5", "2025-06-13 12:00:00"),
    ],
)
def test_serial_dates_of_the_1900_calendar(raw: str, text: str):
    assert serial_text(raw, Format.DATE, EPOCH_1900) == text
