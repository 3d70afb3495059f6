"""Small files and a small register for the tests of shaping."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers.table import ReadResult, TextTable
from finsam_pipeline.register.model import Code, Intervention, LineRule, PeriodKind, Register, ReportLine
from finsam_pipeline.shaping import Corrections, DeliveryRef, Shaped, shape

PERSON = "640823-3234"  # Skatteverket's published example
KEY = b"a key of sixteen bytes or more"


def intervention(identity: str, name: str, *objects: str) -> Intervention:
    return Intervention(identity, name, "", (), "individual", False, False, "interval", None, None, objects, 1)


def register() -> Register:
    lines = (
        ReportLine(dt.date(2000, 1, 1), 1, "hyra", "Hyra och lokal", "line", "office", ()),
        ReportLine(dt.date(2000, 1, 1), 2, "summa", "Summa", "total", "office", ((1, "hyra"),)),
    )
    rules = (LineRule(1, "hyra", "5010", "5010", ("1:910",), "", None, None, None),)
    codes = {"exit_reason": (Code("exit_reason", "arbete", "Arbete", (), "", 1),)}
    interventions = (
        intervention("norr", "Team Norr", "6:1001"),
        intervention("syd", "Insats för personer med långvarig smärta"),
    )
    return Register("a", "A", "", PeriodKind.HALF_YEAR, "bas", (), interventions, (), lines, rules, codes, (), {}, (), {})


def table(text: str, sheet: str | None = None, first_row: int = 1) -> TextTable:
    """A text table of `;`-separated lines; blank lines leave a gap in the row numbers as a reader does."""
    lines = [(n, line.split(";")) for n, line in enumerate(text.strip("\n").split("\n"), first_row) if line.strip(" ;")]
    width = max((len(cells) for _, cells in lines), default=1)
    rows = [[cell if cell.strip() else None for cell in cells] + [None] * (width - len(cells)) for _, cells in lines]
    return TextTable(sheet, pd.DataFrame(rows, index=[n for n, _ in lines], columns=range(width), dtype="str"))


def shaped(source: str, *tables: TextTable, delivered_on: str = "2025-09-15", corrections: Corrections | None = None) -> Shaped:
    ref = DeliveryRef("a", source, f"landing/a/{source}/x", "0" * 64, dt.date.fromisoformat(delivered_on))
    return shape(ReadResult(list(tables)), SOURCES[source], register(), ref, Pseudonymiser(KEY), corrections)


def cells(frame: pd.DataFrame, column: str) -> list[object]:
    """A column as a list with None for null."""
    return [None if pd.isna(value) else value for value in frame[column]]
