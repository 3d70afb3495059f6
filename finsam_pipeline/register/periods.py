"""Periods by their names: 2025H1, 2025T1, 2025Q1, 2025-03, 2025.

Pure arithmetic on names and dates; nothing reads the clock.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from finsam_pipeline.register.model import PeriodKind

_NAME = re.compile(r"^(\d{4})(?:(H[12])|(T[123])|(Q[1-4])|-(0[1-9]|1[0-2]))?$")
_MONTHS = {"H": 6, "T": 4, "Q": 3}
_LETTER = {PeriodKind.HALF_YEAR: "H", PeriodKind.TERTIAL: "T", PeriodKind.QUARTER: "Q"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A named period; `first` and `last` are its days, both included."""

    first: dt.date
    last: dt.date
    name: str

    @property
    def months(self) -> int:
        """Whole months in the period."""
        return self.last.month - self.first.month + 1

    @property
    def previous(self) -> Period:
        """The period of the same kind just before."""
        return _of_months(self.first - dt.timedelta(days=1), self.months, self.name)

    @property
    def year_before(self) -> Period:
        """The same period a year before."""
        return parse_period(f"{self.first.year - 1:04d}{self.name[4:]}")


def parse_period(name: str) -> Period:
    """The period of that name. ValueError when it is none."""
    match = _NAME.match(name.strip())
    if not match:
        raise ValueError("a period is written 2025H1, 2025T1, 2025Q1, 2025-03 or 2025")
    year, part = int(match[1]), match[2] or match[3] or match[4]
    if year < 1900:  # noqa: PLR2004 - no ledger is older
        raise ValueError("a period is written 2025H1, 2025T1, 2025Q1, 2025-03 or 2025")
    if match[5]:
        month, length = int(match[5]), 1
    elif part:
        length = _MONTHS[part[0]]
        month = (int(part[1]) - 1) * length + 1
    else:
        month, length = 1, 12
    return Period(dt.date(year, month, 1), _month_end(year, month + length - 1), name.strip())


def periods_of(kind: PeriodKind, first_year: int, last_year: int) -> list[Period]:
    """Every period of the kind and every whole year, in order of first day, the year after its parts."""
    out: list[Period] = []
    for year in range(first_year, last_year + 1):
        if kind is not PeriodKind.YEAR:
            letter = _LETTER[kind]
            out += [parse_period(f"{year}{letter}{n}") for n in range(1, 12 // _MONTHS[letter] + 1)]
        out.append(parse_period(f"{year}"))
    return out


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _of_months(last: dt.date, months: int, like: str) -> Period:
    month = last.month - months + 1
    if months == 12:  # noqa: PLR2004
        return parse_period(f"{last.year}")
    if "-" in like:
        return parse_period(f"{last.year}-{last.month:02d}")
    return parse_period(f"{last.year}{like[4]}{(month - 1) // months + 1}")
