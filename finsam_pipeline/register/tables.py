"""The configuration's CSV files as rows of text, and their cells as values.

Belongs here: encoding, delimiter, header, the kinds of cells. Does not: what a file's columns mean together.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from finsam_pipeline.register.errors import Problems

_YES_NO = {"yes": True, "ja": True, "no": False, "nej": False}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OBJECT = re.compile(r"0*(\d+)\s*:\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Columns:
    """The header a file must have: `needed` must be there, `optional` may be."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


class Row:
    """One data row; its getters note a fault and give a harmless value, so that every cell is looked at."""

    def __init__(self, file: str, line: int, cells: dict[str, str], problems: Problems) -> None:
        self.file = file
        self.line = line
        self._cells = cells
        self._problems = problems

    def fault(self, message_sv: str) -> None:
        """Notes a fault in this row."""
        self._problems.add(self.file, self.line, message_sv)

    def text(self, column: str, default: str = "") -> str:
        """The cell, stripped."""
        return self._cells.get(column, "") or default

    def needed(self, column: str) -> str:
        """The cell, which may not be empty."""
        if not (text := self.text(column)):
            self.fault(f"kolumnen {column} är tom: fyll i den.")
        return text

    def one_of(self, column: str, allowed: Sequence[str], default: str | None = None) -> str:
        """The cell as one of the allowed words; empty gives the default, or a fault without one."""
        text = self.text(column).casefold()
        if text in allowed or (not text and default is not None):
            return text or str(default)
        self.fault(f"kolumnen {column} ska vara {' eller '.join(allowed)}; det står ”{self.text(column)}”.")
        return allowed[0]

    def yes_no(self, column: str) -> bool | None:
        """Yes or no (ja, nej); None when empty."""
        text = self.text(column).casefold()
        if text and text not in _YES_NO:
            self.fault(f"kolumnen {column} ska vara yes eller no; det står ”{self.text(column)}”.")
        return _YES_NO.get(text)

    def integer(self, column: str, default: int | None = None) -> int:
        """The cell as a whole number; empty gives the default, or a fault without one."""
        text = self.text(column)
        if not text and default is not None:
            return default
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            self.fault(f"kolumnen {column} ska vara ett heltal; det står ”{text}”.")
            return 0
        return int(text)

    def day(self, column: str) -> dt.date | None:
        """The cell as a date written YYYY-MM-DD; None when empty or, with a fault, unreadable."""
        if not (text := self.text(column)):
            return None
        try:
            if _ISO_DAY.fullmatch(text):
                return dt.date.fromisoformat(text)
        except ValueError:
            pass
        self.fault(f"kolumnen {column} ska vara ett datum skrivet ÅÅÅÅ-MM-DD; det står ”{text}”.")
        return None

    def digits(self, column: str) -> str:
        """The cell as an account bound: digits only; empty matches anything."""
        text = self.text(column)
        if text and not re.fullmatch(r"[0-9]{1,6}", text):
            self.fault(f"kolumnen {column} ska vara 1–6 siffror; det står ”{text}”.")
            return ""
        return text

    def values(self, column: str) -> tuple[str, ...]:
        """The cell's values, separated by `|`."""
        return tuple(part for raw in self.text(column).split("|") if (part := raw.strip()))

    def objects(self, column: str) -> tuple[str, ...]:
        """The cell's ledger objects as `dimension:object`, the dimension without leading zeros."""
        found = []
        for value in self.values(column):
            if match := _OBJECT.fullmatch(value):
                found.append(f"{match[1]}:{match[2]}")
            else:
                self.fault(f"kolumnen {column}: skriv dimension:objekt, till exempel 6:123; det står ”{value}”.")
        return tuple(found)


def read_table(path: Path, name: str, columns: Columns, problems: Problems) -> list[Row]:
    """The file's data rows, with faults noted for a missing file, encoding, header or overlong rows.

    `name` is the file's path relative to the association's folder. Lines are those the user sees (1 = header).
    """
    if not path.is_file():
        problems.add(name, None, "filen saknas: lägg den i förbundets konfigurationsmapp.")
        return []
    text = read_text(path, name, problems)
    if text is None:
        return []
    records = _records(text, name, problems)
    if not records:
        problems.add(name, 1, f"filen är tom: första raden ska vara {';'.join((*columns.needed, *columns.optional))}.")
        return []
    header = [cell.casefold() for cell in records[0][1]]
    if not _header_holds(header, name, records[0][0], columns, problems):
        return []
    return [_row(name, line, header, cells, problems) for line, cells in records[1:]]


def read_text(path: Path, name: str, problems: Problems) -> str | None:
    """The file's text, UTF-8 with or without BOM; None with a fault noted when it is something else."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.add(name, line, "filen är inte UTF-8: spara om den med teckenkodningen UTF-8 (i Excel: CSV UTF-8).")
        return None


def _records(text: str, name: str, problems: Problems) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    records = []
    first = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                records.append((first, stripped))
            first = reader.line_num + 1
    except csv.Error:
        problems.add(name, first, "raden går inte att dela i kolumner: kontrollera citattecknen.")
    return records


def _header_holds(header: list[str], name: str, line: int, columns: Columns, problems: Problems) -> bool:
    known = (*columns.needed, *columns.optional)
    missing = [c for c in columns.needed if c not in header]
    unknown = [c for c in header if c and c not in known]
    twice = sorted({c for c in header if c and header.count(c) > 1})
    for found, message in (
        (missing, "saknar kolumnen {}: lägg till den i första raden (kolumner skiljs med semikolon)."),
        (unknown, "okänd kolumn {}: rätta stavningen eller ta bort den. Kända: " + ", ".join(known) + "."),
        (twice, "kolumnen {} står två gånger: ta bort den ena."),
    ):
        for column in found:
            problems.add(name, line, message.format(column))
    return not (missing or twice)


def _row(name: str, line: int, header: list[str], cells: list[str], problems: Problems) -> Row:
    row = Row(name, line, {c: v for c, v in zip(header, cells, strict=False) if c}, problems)
    named = [value for column, value in zip(header, cells, strict=False) if not column]
    if any(named) or any(cells[len(header) :]):
        row.fault("raden har fler värden än rubriker: ta bort överflödiga semikolon eller sätt texten inom citattecken.")
    return row
