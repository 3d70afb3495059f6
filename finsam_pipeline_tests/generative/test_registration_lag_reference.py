"""registration_lag once more in plain Python, row by row and day by day, against the running sums of the SQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finsam_pipeline import models
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.periods import Period, periods_of
from finsam_pipeline_tests.generative.test_counting_reference import BASES, DAYS, SOURCES, measures, participations
from finsam_pipeline_tests.model_tables import asked, intervention, register, rows, table

FIRST_YEAR, LAST_YEAR = 2023, 2026
MOST = 12  # participations of an example, each in up to five deliveries
Row = dict[str, Any]


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """One participation as one delivery after another gave it; its end may become known, change or be taken back."""
    row = draw(participations())
    days = sorted(draw(st.sets(DAYS, min_size=1, max_size=5)))
    gone = draw(st.booleans())  # the last delivery is one in which it no longer stands
    until: list[dt.date | None] = [*days[1:], None]
    told = zip(days[:-1], until, strict=False) if gone and len(days) > 1 else zip(days, until, strict=True)
    ends = st.sampled_from([None, row["end_date"], row["start_date"]])
    return [{**row, "end_date": draw(ends), "valid_from": first, "valid_to": last} for first, last in told]


def expected(told: list[Row], config: Register) -> list[tuple[str, dt.date, str, int]]:
    """(period, day, measure, value) in order."""
    kept = [row for row in told if row["exit_cause"] != "misregistered"]
    days = sorted({day for row in kept for day in (row["valid_from"], row["valid_to"]) if day})
    periods = periods_of(config.period_kind, FIRST_YEAR, LAST_YEAR)
    found = []
    for period in periods:
        for day in (d for d in days if period.first <= d):
            standing = [r for r in kept if r["valid_from"] <= day and (r["valid_to"] is None or day < r["valid_to"])]
            counted = [measures(row, period) for name in BASES for row in _counting(standing, name, period)]
            totals = {n: sum(m[place] for m in counted) for n, place in (("started", 1), ("participants", 2), ("ended", 3))}
            found += [(period.name, day, measure, value) for measure, value in totals.items()]
    return sorted(found)


def _counting(standing: list[Row], name: str, period: Period) -> list[Row]:
    """The rows of the first source that has any for the intervention in the period."""
    for source in SOURCES:
        own = [r for r in standing if r["source"] == source and r["intervention_id"] == name and _touches(r, period)]
        if own:
            return own
    return []


def _touches(row: Row, period: Period) -> bool:
    return bool(row["start_date"] <= period.last and (row["end_date"] is None or row["end_date"] >= period.first))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(histories(), max_size=MOST))
def test_what_stood_after_each_day_is_what_counting_the_rows_of_that_day_gives(told: list[list[Row]]) -> None:
    versions = [row for one in told for row in one]
    config = register(*(intervention(name, count_basis=basis) for name, basis in BASES.items()))
    hypothesis.target(float(len({row["valid_from"] for row in versions})), label="days of delivery")
    inputs = models.register_tables(config, dt.date(LAST_YEAR, 12, 31), FIRST_YEAR, LAST_YEAR)
    inputs |= {"accepted.participation_history": table("participation_history", *versions)}
    with asked(inputs) as result:
        lag = rows(result, "participants/registration_lag", "period", "delivered_on", "measure", "value")
    assert sorted(lag) == expected(versions, config)
