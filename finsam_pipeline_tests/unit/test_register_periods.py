"""Periods by their names."""

from __future__ import annotations

import datetime as dt

import pytest

from finsam_pipeline.register.model import PeriodKind
from finsam_pipeline.register.periods import parse_period, periods_of


@pytest.mark.parametrize(
    ("name", "first", "last", "months", "previous", "year_before"),
    [
        ("2025H1", "2025-01-01", "2025-06-30", 6, "2024H2", "2024H1"),
        ("2025H2", "2025-07-01", "2025-12-31", 6, "2025H1", "2024H2"),
        ("2025T1", "2025-01-01", "2025-04-30", 4, "2024T3", "2024T1"),
        ("2025T3", "2025-09-01", "2025-12-31", 4, "2025T2", "2024T3"),
        ("2025Q1", "2025-01-01", "2025-03-31", 3, "2024Q4", "2024Q1"),
        ("2024-02", "2024-02-01", "2024-02-29", 1, "2024-01", "2023-02"),
        ("2025-01", "2025-01-01", "2025-01-31", 1, "2024-12", "2024-01"),
        ("2025", "2025-01-01", "2025-12-31", 12, "2024", "2024"),
    ],
)
def test_period(name: str, first: str, last: str, months: int, previous: str, year_before: str) -> None:
    period = parse_period(name)
    assert (period.first, period.last) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert (period.months, period.previous.name, period.year_before.name) == (months, previous, year_before)
    assert period.previous.last + dt.timedelta(days=1) == period.first


@pytest.mark.parametrize("name", ["", "25H1", "2025H3", "2025T0", "2025Q5", "2025-13", "2025-1", "2025 H1", "H1 2025", "1025"])
def test_other_names_are_no_periods(name: str) -> None:
    with pytest.raises(ValueError, match="a period is written"):
        parse_period(name)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (PeriodKind.HALF_YEAR, ["2024H1", "2024H2", "2024"]),
        (PeriodKind.TERTIAL, ["2024T1", "2024T2", "2024T3", "2024"]),
        (PeriodKind.QUARTER, ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024"]),
        (PeriodKind.YEAR, ["2024"]),
    ],
)
def test_periods_of_a_kind_and_the_whole_year(kind: PeriodKind, names: list[str]) -> None:
    assert [p.name for p in periods_of(kind, 2024, 2024)] == names
    assert [p.name for p in periods_of(kind, 2024, 2025)] == names + [n.replace("2024", "2025") for n in names]
