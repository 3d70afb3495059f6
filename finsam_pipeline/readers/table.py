"""What every reader gives: tables of text with true row numbers, or a rejection.

Belongs here: the types readers share. Does not: what a column means.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pandas as pd


class Rejected(Exception):  # noqa: N818 - a rejection is an outcome, not a fault
    """The file cannot be read as its source; it is rejected whole.

    `reason` is a stable English code (`undecodable`, `encrypted`, `oversized`, `no_header`, `missing_column`,
    `wrong_source`, `sie5`, `macro`, `truncated`, `not_a_table`, `empty`), `message_sv` says what to do. Neither ever holds a
    cell's value; a column name of a contract, a sheet name (masked) or a row number may stand in it.
    """

    def __init__(self, reason: str, message_sv: str) -> None:
        super().__init__(f"{reason}: {message_sv}")
        self.reason = reason
        self.message_sv = message_sv


@dataclass(frozen=True, slots=True)
class TextTable:
    """One table of text.

    `frame`: pandas DataFrame, dtype `str` (nullable), one row per physical line that holds anything; the index is the row
    number as the user sees it (1 = first line of the file or sheet; SIE: the line of the record). Columns are 0..n-1, all rows
    padded to the widest, or canonical column names when `named`.
    `serial_epoch`: day 0 of Excel serial dates in this workbook (1899-12-30 or 1904-01-01), None for text files. Cells the
    workbook marks as dates already come as ISO text.
    `name`: which table of the file it is, where a file holds several kinds (SIE: `vouchers`, `balances`), else empty.
    """

    sheet: str | None
    frame: pd.DataFrame
    named: bool = False
    serial_epoch: dt.date | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A total the file states about itself (SIE #UB, #RES, #KSUMMA ...): checked against the rows read.

    `declared` and `actual` are kr with sign as in the ledger. `judged` is False when it cannot be judged (partial file).
    """

    label: str
    row: int
    declared: Decimal
    actual: Decimal
    judged: bool = True


@dataclass(frozen=True, slots=True)
class ReadResult:
    """All tables of one file, what it states about itself, and what the reader noticed.

    `facts` may hold: `format` (csv, xlsx, sie), `encoding`, `delimiter`, `sie_type` (1-4), `covers_to` (date of #OMFATTN),
    `fiscal_years` ({0: (date, date), -1: ...}), `chart` (#KPTYP). `remarks` are (row or None, code) pairs about deviations read
    leniently (docs/sie-checks.md); never a value.
    """

    tables: list[TextTable]
    controls: list[Control] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    remarks: list[tuple[int | None, str]] = field(default_factory=list)
