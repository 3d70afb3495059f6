from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.review.items import Found, Item, item_of
from finsam_pipeline.review.workbook_export import CLEARED, DECISION_HEADS, export
from finsam_pipeline.review.workbook_import import Problem, WorkbookError, parse
from finsam_pipeline.store.quarantine import read_quarantine, write_quarantine
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

SOURCE = "deltagaruppfoljning"
PATH = "landing/a/deltagaruppfoljning/x.xlsx"


def _item(row: int, rule: str = "P005", severity: str = "E") -> Item:
    found = Found("a", SOURCE, PATH, "5" * 64, "Blad1", row, rule, severity, "end_date", f"c{row}")
    return item_of(found, b"k" * 32)


ITEMS = [_item(5), _item(7), _item(9, "P014", "B")]
HELD = {
    ("a", SOURCE): pd.DataFrame(
        {
            "path": PATH,
            "sheet": "Blad1",
            "row": [5, 7],
            "participant": ["=cmd|x", "007"],
            "start_date": pd.to_datetime(["2025-01-02", None]),
            "age": pd.array([30, None], dtype="Int64"),
            "raw_end_date": ["i går", None],
            "end_date": pd.to_datetime([None, "2024-01-01"]),
        }
    )
}


def _filled(rows: Mapping[int, Mapping[str, object]], data: bytes | None = None) -> bytes:
    """The exported workbook as a person saves it: sheet row -> heading -> cell."""
    book = openpyxl.load_workbook(io.BytesIO(data or export(ITEMS, HELD)))
    sheet = book[SOURCE]
    at = _columns(sheet)
    for number, cells in rows.items():
        for head, value in cells.items():
            sheet.cell(number, at[head]).value = value  # type: ignore[assignment]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _columns(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


def _sheet() -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(export(ITEMS, HELD)))[SOURCE]


def test_a_row_shows_where_it_stands_what_is_wrong_and_its_values():
    sheet = _sheet()
    at = _columns(sheet)
    shown = {head: sheet.cell(2, column).value for head, column in at.items()}
    assert (shown["Fil"], shown["Blad"], shown["Rad"], shown["Regel"]) == ("x.xlsx", "Blad1", "5", "P005")
    assert shown["Fel"] == f"{RULES['P005'].title_sv} (Slutdatum)"
    assert shown["Var rättas det?"] == RULES["P005"].remedy_sv
    assert (shown["Startdatum"], shown["Ålder"], shown["Slutdatum"]) == ("2025-01-02", "30", "i går")
    assert [sheet.cell(3, at[h]).value for h in ("Startdatum", "Ålder", "Slutdatum")] == [None, None, "2024-01-01"]
    assert all(shown[h] is None for h in DECISION_HEADS)
    assert sheet.cell(2, at["Ålder"]).data_type == "s"


def test_the_wrong_cell_is_marked_and_a_pseudonym_is_not_shown():
    sheet = _sheet()
    at = _columns(sheet)
    marked = {head for head, column in at.items() if sheet.cell(2, column).fill.fgColor.rgb == "FFF8D9D3"}
    assert marked == {"Slutdatum"}
    assert sheet.cell(2, at["Löpnummer"]).value == "(står i filen)"
    raw = HELD["a", SOURCE].assign(raw_participant=["=cmd|x", "007"])
    shown = openpyxl.load_workbook(io.BytesIO(export(ITEMS, {("a", SOURCE): raw})))[SOURCE]
    assert (shown.cell(2, at["Löpnummer"]).value, shown.cell(2, at["Löpnummer"]).data_type) == ("=cmd|x", "s")


def test_a_row_is_as_high_as_its_longest_text_and_the_sheet_fits_a_page():
    sheet = _sheet()
    assert sheet.row_dimensions[2].height == 2 * 15  # what to do about P005 takes two lines
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$1:$1"


def test_the_first_page_says_how_much_found_no_place():
    guide = openpyxl.load_workbook(io.BytesIO(export(ITEMS, HELD, left_out=7)))["Läs mig"]
    assert any(str(row[0].value).startswith("7 poster till väntar") for row in guide.iter_rows())


def test_values_from_the_vault_are_shown_as_a_person_writes_them(tmp_path: Path):
    workspace = Workspace(tmp_path).ensure()
    write_quarantine(workspace, "a", SOURCE, HELD["a", SOURCE])
    kept = {("a", SOURCE): read_quarantine(workspace, "a", SOURCE)}
    assert export(ITEMS, kept) == export(ITEMS, HELD)


def test_a_person_can_only_write_where_decisions_go():
    sheet = _sheet()
    at = _columns(sheet)
    assert sheet.protection.sheet
    assert [h for h, c in at.items() if not sheet.cell(2, c).protection.locked] == list(DECISION_HEADS)
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes == "F2"  # the place stays in sight
    assert sheet.auto_filter.ref is not None


def test_the_drop_down_offers_what_the_severity_allows():
    rules = {str(v.sqref): v.formula1 for v in _sheet().data_validations.dataValidation}
    offered = [f for f in rules.values() if f and "godkänn" in f]
    assert sorted(offered) == ['"godkänn"', '"rätta,godkänn,stryk"']


def test_the_same_items_give_the_same_bytes_and_none_gives_a_guide():
    assert export(ITEMS, HELD) == export(ITEMS, HELD)
    book = openpyxl.load_workbook(io.BytesIO(export([], {})))
    assert "Inga poster" in " ".join(str(c.value) for c in book["Läs mig"]["A"])
    assert parse(export([], {})) == []


def test_an_untouched_workbook_holds_no_decision():
    assert parse(export(ITEMS, HELD), by="Anna") == []


def test_decisions_come_back_as_they_were_filled_in():
    data = _filled(
        {
            2: {
                "Beslut": "Rätta",
                "Kolumn": "Slutdatum",
                "Nytt värde": "2025-03-01",
                "Skäl": "Skrivfel i underlaget",
                "Vem": "Anna",
            },
            3: {"Beslut": "stryk", "Skäl": "ringt och frågat"},
            4: {"Beslut": "godkänn", "Skäl": "Känd och avsiktlig ändring", "Giltigt till": dt.datetime(2025, 12, 31)},  # noqa: DTZ001
        }
    )
    correct, drop, accept = parse(data, by="Bo")
    assert (correct.item_id, correct.kind, correct.column, correct.value) == (ITEMS[0].id, "correct", "Slutdatum", "2025-03-01")
    assert (correct.reason_code, correct.reason, correct.by) == ("misspelled", "", "Anna")
    assert (drop.item_id, drop.kind, drop.reason_code, drop.reason, drop.by) == (
        ITEMS[1].id,
        "drop",
        "other",
        "ringt och frågat",
        "Bo",
    )
    assert (accept.kind, accept.expires_on, accept.reason_code) == ("accept", dt.date(2025, 12, 31), "known_change")
    assert (drop.sheet, drop.row) == (SOURCE, 3)


def test_cells_excel_has_made_into_numbers_and_days_are_read_as_text():
    cells = {"Beslut": "rätta", "Skäl": "x", "Vem": "A"}
    data = _filled(
        {
            2: cells | {"Kolumn": "Löpnummer", "Nytt värde": 17},
            3: cells | {"Kolumn": "Slutdatum", "Nytt värde": dt.datetime(2025, 3, 1)},  # noqa: DTZ001
        }
    )
    assert [d.value for d in parse(data)] == ["17", "2025-03-01"]


def test_a_cell_is_cleared_by_a_word_and_not_by_forgetting():
    cells = {"Beslut": "rätta", "Kolumn": "Avslutsorsak", "Skäl": "x", "Vem": "A"}
    assert [d.value for d in parse(_filled({2: cells | {"Nytt värde": CLEARED}}))] == [""]
    with pytest.raises(WorkbookError, match="Nytt värde"):
        parse(_filled({2: cells}))


def test_every_problem_is_told_by_sheet_row_and_column_and_nothing_is_taken_in():
    data = _filled(
        {
            2: {"Beslut": "kanske", "Skäl": "hemlig text", "Vem": "A"},
            3: {"Skäl": "glömt beslutet"},
            4: {"Beslut": "godkänn", "Giltigt till": "snart"},
        }
    )
    with pytest.raises(WorkbookError) as refused:
        parse(data)
    assert {(p.sheet, p.row, p.column) for p in refused.value.problems} == {
        (SOURCE, 2, "Beslut"),
        (SOURCE, 3, "Beslut"),
        (SOURCE, 4, "Vem"),
        (SOURCE, 4, "Skäl"),
        (SOURCE, 4, "Giltigt till"),
    }
    assert not any(text in str(refused.value) for text in ("hemlig", "kanske", "snart"))


def test_columns_may_have_been_moved_but_not_removed():
    book = openpyxl.load_workbook(io.BytesIO(_filled({2: {"Beslut": "stryk", "Skäl": "x", "Vem": "A"}})))
    sheet = book[SOURCE]
    sheet.insert_cols(3)
    moved = io.BytesIO()
    book.save(moved)
    assert [d.kind for d in parse(moved.getvalue())] == ["drop"]
    sheet.delete_cols(_columns(sheet)["Vem"])
    cut = io.BytesIO()
    book.save(cut)
    with pytest.raises(WorkbookError, match="Vem"):
        parse(cut.getvalue())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a workbook", b"a;b\n1;2\n"])
def test_another_file_is_refused(data: bytes):
    with pytest.raises(WorkbookError) as refused:
        parse(data)
    assert refused.value.problems == (Problem("", None, "", "Filen går inte att läsa som en Excelbok (.xlsx)."),)
