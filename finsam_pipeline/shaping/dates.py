"""Dates and periods as they are written in exports and workbooks (interface 4).

Belongs here: the text of one cell to a day or a period name. Does not: columns and frames. Swedish order, day before
month; a two-digit year only in ledgers, where the century is never in doubt.
"""

from __future__ import annotations

import datetime as dt
import re

from finsam_pipeline.register.periods import parse_period

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+\d{1,2}[:.]\d{2}.*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})(?: +\d{1,2}[:.]\d{2}.*)?", re.ASCII)
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])", re.ASCII)
_FIRST_OF_MONTH = re.compile(r"(\d{4}-\d{2})-01", re.ASCII)


def parse_date(text: str, serial_epoch: dt.date | None = None, *, short_years: bool = False) -> dt.date | None:
    """The day a cell says, or None.

    Args:
        text: ISO with or without time, `YYYYMMDD`, `DD.MM.YYYY`, `D/M/YYYY`.
        serial_epoch: day 0 of the workbook's serial dates; without it five digits are no date.
        short_years: `YYMMDD` means 20YY-MM-DD (ledgers).
    """
    text = text.strip()
    if (found := _YEAR_FIRST.fullmatch(text)) is not None:
        return _day(found[1], found[3], found[4])
    if (found := _COMPACT.fullmatch(text)) is not None:
        return _day(found[1], found[2], found[3])
    if (found := _DAY_FIRST.fullmatch(text)) is not None:
        return _day(found[4], found[3], found[1])
    if short_years and (found := _SHORT.fullmatch(text)) is not None:
        return _day("20" + found[1], found[2], found[3])
    if serial_epoch is not None and (found := _SERIAL.fullmatch(text)) is not None:
        return serial_epoch + dt.timedelta(days=int(found[1]))
    return None


def parse_period_name(text: str, serial_epoch: dt.date | None = None) -> str | None:
    """`2025H1`, `2025T1`, `2025Q1`, `2025-03` or `2025`; None for anything else.

    A workbook turns a typed `2025-03` into the first day of that month, so there (with an epoch) that day is the month.
    """
    name = re.sub(r"\s+", "", text).upper()
    if (compact := _MONTH.fullmatch(name)) is not None:
        name = f"{compact[1]}-{compact[2]}"
    if serial_epoch is not None and (first := _FIRST_OF_MONTH.fullmatch(name)) is not None:
        name = first[1]
    try:
        return parse_period(name).name
    except ValueError:
        return None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
