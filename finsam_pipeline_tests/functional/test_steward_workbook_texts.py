"""The stewards' workbook says what stands in a cell that could not be read, and offers what may stand there instead."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from finsam_pipeline.demo import files
from finsam_pipeline.demo.files import Sheet
from finsam_pipeline.pipeline import stewards
from finsam_pipeline.review.workbook_export import VALUES
from finsam_pipeline.store.archive import original
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.workspaces import DAY, Office, csv_text

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

pytestmark = pytest.mark.usefixtures("states_alone")
SOURCE = "deltagaruppfoljning"
NUMBER = "19640823-3234"  # Skatteverket's own example person
HEAD = "Löpnummer;Insats;Kön;Startdatum;Slutdatum;Avslutsorsak;Ålder"
ROWS = (
    "7;Verkstan;kvinna;i våras;;;31",
    "8;Slussen;okänt;2025-02-03;2025-03-03;hoppade av;trettio",
    "9;Ateljén;man;2025-02-04;;;40",
    f"10;Verkstan;man;ring {NUMBER};;;40",
)


@pytest.fixture(scope="module")
def run_with_faults(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Four rows wait, every file of a run stands; not to be changed."""
    office = run_office.copy_to(tmp_path_factory.mktemp("texts") / "home")
    office.put(SOURCE, "fel.csv", csv_text(HEAD, *ROWS))
    assert office.run().status == 3
    return office


@pytest.fixture
def waiting(run_with_faults: Office, tmp_path: Path) -> Office:
    return run_with_faults.copy_to(tmp_path / "home")


def book(office: Office) -> openpyxl.Workbook:
    return openpyxl.load_workbook(Workspace(office.home).review_workbook(office.association))


def rows_of(sheet: Worksheet) -> dict[tuple[str, str], dict[str, Any]]:
    """(row in the file, rule) → heading → cell."""
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    return {(row["Rad"], row["Regel"]): row for row in rows}


def test_a_cell_that_could_not_be_read_says_what_stands_in_it(waiting: Office) -> None:
    rows = rows_of(book(waiting)[SOURCE])
    assert rows["2", "P004"]["Startdatum"] == "i våras"
    assert rows["3", "P003"]["Kön"] == "okänt"
    assert rows["3", "P008"]["Avslutsorsak"] == "hoppade av"
    assert rows["3", "P003"]["Ålder"] == "trettio"
    assert rows["4", "P002"]["Insats"] == "Ateljén"
    assert (rows["3", "P003"]["Startdatum"], rows["4", "P002"]["Kön"]) == ("2025-02-03", "man")
    assert {row["Löpnummer"] for row in rows.values()} == {"(står i filen)"}


def test_a_participants_number_is_shown_where_it_is_what_is_wrong(office: Office) -> None:
    office.put(SOURCE, "fel.csv", csv_text(HEAD, "77;Verkstan;kvinna;2025-02-03;;;31", "77;Verkstan;kvinna;2025-02-03;;;32"))
    assert office.run().status == 3
    rows = rows_of(book(office)[SOURCE])
    assert [rows[row, "P009"]["Löpnummer"] for row in ("2", "3")] == ["77", "77"]


def test_a_personnummer_is_masked_there_too(waiting: Office) -> None:
    rows = rows_of(book(waiting)[SOURCE])
    assert rows["5", "P004"]["Startdatum"] == "ring [personnummer]"
    data = Workspace(waiting.home).review_workbook(waiting.association).read_bytes()
    texts = [str(c.value) for s in openpyxl.load_workbook(io.BytesIO(data)) for row in s.iter_rows() for c in row]
    assert not any(NUMBER in text for text in texts)


def test_the_texts_stand_in_no_other_file_of_the_workspace(waiting: Office) -> None:
    outside = [p for p in waiting.home.rglob("*") if p.is_file() and p.parts[len(waiting.home.parts)] not in ("vault", "landing")]
    assert outside
    assert not any(b"hoppade av" in p.read_bytes() for p in outside)
    assert "i våras" not in str(waiting.items())


def test_a_large_or_missing_original_leaves_a_note_instead(waiting: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stewards, "READ_AGAIN", 10)
    waiting.put(SOURCE, "mer.csv", csv_text(HEAD, "70;Verkstan;?;2025-02-02;;;31"))
    assert waiting.run().status == 3
    assert rows_of(book(waiting)[SOURCE])["3", "P008"]["Avslutsorsak"] == "(står i filen)"
    whole = waiting.home.parent / "alla.xlsx"
    assert waiting.finsam("review", "export", whole).status == 0
    assert rows_of(openpyxl.load_workbook(whole)[SOURCE])["3", "P008"]["Avslutsorsak"] == "hoppade av"
    workspace = Workspace(waiting.home)
    for path in (waiting.home / "landing").rglob("fel.csv"):
        original(workspace, hashlib.sha256(path.read_bytes()).hexdigest()).unlink()
    assert waiting.finsam("review", "export", whole).status == 0
    assert rows_of(openpyxl.load_workbook(whole)[SOURCE])["3", "P008"]["Avslutsorsak"] == "(står i filen)"


def test_workbooks_and_sie_files_are_read_again_by_sheet_and_line(office: Office) -> None:
    head = HEAD.split(";")
    named = Sheet(f"Verkstan {NUMBER}", [head, ["7", "Verkstan", "kvinna", "vet ej", "", "", "31"]])
    other = Sheet("Slussen", [["Insats: Slussen"], [], head, ["7", "", "?", "2025-01-02", "", "", "31"]])
    office.put(SOURCE, "blad.xlsx", files.workbook([named, other]))
    sie = ["#FLAGGA 0", "#SIETYP 4", "#RAR 0 20250101 20251231", "#VER Z 1 20250303", "{",
           "#TRANS 6110 {} sju", "#TRANS 1930 {} -7.00", "}", ""]  # fmt: skip
    office.put("huvudbok", "z.se", "\r\n".join(sie).encode("cp437"))
    assert office.run().status == 3
    opened = book(office)
    people, ledger = rows_of(opened[SOURCE]), rows_of(opened["huvudbok"])
    assert people["2", "P004"]["Startdatum"] == "vet ej"
    assert people["4", "P003"]["Kön"] == "?"
    assert ledger["6", "L002"]["Belopp"] == "sju"


def test_the_new_value_is_offered_by_association_and_column(waiting: Office) -> None:
    opened = book(waiting)
    lists = opened[VALUES]
    assert lists.sheet_state == "hidden"
    offered = {column[0].value: [c.value for c in column[2 : 2 + int(str(column[1].value))]] for column in lists.iter_cols()}
    assert offered["dalen|deltagaruppfoljning|Kön"] == ["kvinna", "man", "annan köns-ID"]
    assert offered["dalen|deltagaruppfoljning|Avslutsorsak"] == ["Arbete", "Annat"]
    assert offered["dalen|deltagaruppfoljning|Insats"] == ["Verkstan", "Slussen", "Nätverket"]
    assert "dalen|deltagaruppfoljning|Startdatum" not in offered
    sheet = opened[SOURCE]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    (rule,) = (v for v in sheet.data_validations.dataValidation if str(v.sqref).startswith(f"{heads['Nytt värde']}2"))
    assert f'$B2&"|{SOURCE}|"&${heads["Kolumn"]}2' in rule.formula1
    assert not rule.showErrorMessage  # another text may be written
    assert len(rule.formula1) <= 255


def test_what_is_chosen_from_the_lists_can_be_read(waiting: Office) -> None:
    opened = book(waiting)
    sheet = opened[SOURCE]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        column = {"P003": ("Kön", "annan köns-ID"), "P008": ("Avslutsorsak", "Annat"), "P002": ("Insats", "Nätverket")}.get(
            str(row[at["Regel"] - 1].value)
        )
        if column:
            decision = {
                "Beslut": "rätta",
                "Kolumn": column[0],
                "Nytt värde": column[1],
                "Skäl": "Skrivfel i underlaget",
                "Vem": "Ada",
            }
            for head, text in decision.items():
                sheet.cell(row[0].row, at[head]).value = text
    out = io.BytesIO()
    opened.save(out)
    waiting.put("beslut", "granskning.xlsx", out.getvalue(), DAY)
    assert waiting.run().status == 3
    assert {(i["row"], i["rule"]) for i in waiting.items()} == {(2, "P004"), (5, "P004"), (5, "P012")}
