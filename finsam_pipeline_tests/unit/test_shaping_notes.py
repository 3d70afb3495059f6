"""What stands below a table: notes are counted, rows someone has begun are rows."""

from __future__ import annotations

import pytest

from finsam_pipeline_tests.shaping_tables import PERSON, shaped, table

HEAD = "Löpnummer;Insats;Kön;Startdatum;Slutdatum\n1;Team Norr;k;2025-01-05;\n"
NOTES = (
    "Uppgifterna är hämtade ur SUS den 14 mars",
    "Källa: projektledarna",
    "* preliminärt",
    "*preliminärt",
    "Anmärkningar:",
    "Källa: SUS 2025",
    "Uppdaterad 2025-03-14",
    "Obs! 3 personer saknar uppgift",
    "Kontakta kansliet, 08-123 45 67",
)
IDS = (
    "17",
    "A-17",
    "MGT 17",
    "MGT Norr 17",
    "Deltagare 7",
    "Nr. 12",
    "D 12b",
    "Anna",
    "2025 014",
    "A 17/2025",
    "Team Norr",
    "17 18",
)


@pytest.mark.parametrize("text", NOTES)
def test_a_text_below_the_rows_is_a_note(text: str):
    out = shaped("deltagaruppfoljning", table(f"{HEAD}Summa;1;;;\n\n{text};;;;"))
    assert out.rows["row"].tolist() == [2]
    assert out.facts["not_data"] == {"note": 1, "total": 1}


@pytest.mark.parametrize("text", IDS)
def test_a_participation_of_which_only_the_id_is_known_is_a_row(text: str):
    assert shaped("deltagaruppfoljning", table(f"{HEAD}{text};;;;")).rows["row"].tolist() == [2, 3]


def test_a_text_between_rows_is_a_row():
    assert shaped("deltagaruppfoljning", table(f"{HEAD}två personer saknas;;;;\n2;Team Norr;k;2025-01-05;")).physical_rows == 3


def test_a_text_in_another_column_or_with_a_second_cell_is_a_row():
    assert shaped("deltagaruppfoljning", table(f"{HEAD};;;;två ord här")).physical_rows == 2
    assert shaped("deltagaruppfoljning", table(f"{HEAD}två ord här;;k;;")).physical_rows == 2


def test_a_note_with_a_personnummer_is_a_row_so_that_it_is_found():
    out = shaped("deltagaruppfoljning", table(f"{HEAD}Fråga efter {PERSON} i receptionen;;;;")).rows
    assert out["personnummer_in"].tolist()[-1] == "participant"


def test_each_part_of_a_sheet_may_end_with_notes():
    part = "1;;k;2025-01-05;\nbara de som gett samtycke;;;;\n"
    out = shaped("deltagaruppfoljning", table(f"{HEAD}Insats: Team Norr;;;;\n{part}Insats: Team Norr;;;;\n{part}"))
    assert out.facts["not_data"] == {"note": 2, "title": 2}
    assert out.physical_rows == 3


def test_a_table_with_nothing_but_a_note():
    out = shaped("deltagaruppfoljning", table("Löpnummer;Insats;Kön;Startdatum;Slutdatum\nInga deltagare i år;;;;"))
    assert out.physical_rows == 0


def test_a_budget_may_end_with_a_note():
    out = shaped("budget", table("Version;Period;Rad;Belopp\nB;2025;Hyra;5\nBeslutad av styrelsen i december;;;"))
    assert out.physical_rows == 1
