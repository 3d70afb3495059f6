"""When a delivery is late."""

from __future__ import annotations

import datetime as dt

import pytest

from finsam_pipeline.pipeline.lateness import late
from finsam_pipeline.pipeline.outcomes import DeliveryOutcome

HALF_YEARS = {"huvudbok": ["01-31", "07-31"]}
YEARLY = {"huvudbok": ["07-15"]}


def due(expected: dict[str, list[str]], today: str, *came: str, status: str = "accepted") -> list[str]:
    days = [dt.date.fromisoformat(day) for day in came]
    deliveries = [DeliveryOutcome("norr", "huvudbok", "landing/x.csv", "0" * 64, day, status) for day in days]
    return [str(x.due) for x in late("norr", expected, deliveries, dt.date.fromisoformat(today))]


def test_what_came_before_its_day_is_not_late():
    assert due(HALF_YEARS, "2025-09-01", "2025-07-20") == []


def test_what_never_came_is_late_from_the_day_after():
    assert due(HALF_YEARS, "2025-07-31", "2025-01-20") == []
    assert due(HALF_YEARS, "2025-08-01", "2025-01-20") == ["2025-07-31"]
    assert due(HALF_YEARS, "2025-08-01") == ["2025-07-31"]


def test_only_the_latest_day_is_told_of():
    assert due(HALF_YEARS, "2026-03-01", "2024-01-30") == ["2026-01-31"]


@pytest.mark.parametrize("came", ["2025-08-10", "2025-10-01"])
def test_last_times_late_delivery_is_not_taken_for_this_times(came: str):
    assert due(HALF_YEARS, "2026-02-01", came) == ["2026-01-31"]


def test_a_delivery_nearer_to_this_times_day_is_this_times():
    assert due(HALF_YEARS, "2026-02-01", "2025-12-20") == []


def test_a_late_delivery_is_late_no_more_once_it_has_come():
    assert due(HALF_YEARS, "2025-09-01", "2025-08-20") == []


def test_once_a_year_before_this_years_day():
    assert due(YEARLY, "2026-03-01", "2024-07-10") == ["2025-07-15"]
    assert due(YEARLY, "2026-03-01", "2025-07-20") == []
    assert due(YEARLY, "2026-07-16", "2025-07-20") == ["2026-07-15"]


def test_a_rejected_file_is_no_delivery():
    assert due(YEARLY, "2025-08-01", "2025-07-10", status="rejected") == ["2025-07-15"]


def test_the_last_of_february_in_any_year():
    assert due({"huvudbok": ["02-29"]}, "2025-03-01", "2024-02-20") == ["2025-02-28"]


def test_another_associations_delivery_does_not_count():
    other = DeliveryOutcome("soder", "huvudbok", "landing/x.csv", "0" * 64, dt.date(2025, 7, 1), "accepted")
    assert late("norr", YEARLY, [other], dt.date(2025, 8, 1))[0].last is None


def test_no_days_no_lateness():
    assert due({"huvudbok": []}, "2025-08-01") == []
