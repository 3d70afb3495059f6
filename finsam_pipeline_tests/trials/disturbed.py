"""The night the trials disturb: a workspace that stands published, and into which new files of every kind of consequence came.

In the new delivery rows are replaced, added and held back, a voucher comes again changed, the budget gets a version, and a steward's
workbook answers what waited. So the run has to write in every room: archive, ledger of deliveries, decisions, findings, quarantine,
snapshot, drafts.
"""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import load_workbook

from finsam_pipeline_tests.workspaces import BUDGET, LATER, LEDGER, PEOPLE, Office, budget, ledger, people

FAULTY = "7;Verkstan;qvinna;2025-02-10;;"
MORE = ("8;Slussen;man;2025-07-02;;", "9;Slussen;kvinna;2025-05-05;;Annat")


def prepared(home: Path) -> Office:
    """The workspace as the night finds it."""
    office = Office.start(home).hand_over()
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE, FAULTY))
    assert office.run().status == 3
    answered = _answered(office, home.parent / "granskning.xlsx")
    office.put("beslut", "granskning.xlsx", answered, LATER)
    office.put("deltagaruppfoljning", "slussen.csv", people(*PEOPLE[3:], *MORE), LATER)
    changed = ("A2;2025-03-31;5010;11;60000,00;", "A2;2025-03-31;1930;;;60000,00")
    office.put("huvudbok", "huvudbok.csv", ledger(*LEDGER[:4], *changed), LATER)
    office.put("budget", "budget.csv", budget(*BUDGET, "B26;2025-06-01;2026;kansli;;30000"), LATER)
    return office


def _answered(office: Office, file: Path) -> bytes:
    """The steward's workbook: the row that waits is never to be counted."""
    assert office.finsam("review", "export", file).status == 0
    book = load_workbook(file)
    sheet = book["deltagaruppfoljning"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for title, value in {"Beslut": "stryk", "Vem": "Ada", "Skäl": "prövat"}.items():
        sheet.cell(2, columns[title], value)
    filled = io.BytesIO()
    book.save(filled)
    return filled.getvalue()
