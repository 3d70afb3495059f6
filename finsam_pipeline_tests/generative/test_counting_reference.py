"""The counting rules once more in plain Python (interface 7, Counting), against the SQL on random participations."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finsam_pipeline.contracts.types import GENDERS
from finsam_pipeline.register.periods import Period, periods_of
from finsam_pipeline_tests.model_tables import built, intervention, register, rows, table

BASES = {"steady": "interval", "meeting": "event", "door": "started"}
SOURCES = ("deltagaruppfoljning", "sus_deltagare")
FIRST, LAST = dt.date(2023, 10, 1), dt.date(2026, 3, 1)
# Days around the turns of periods are drawn as often as all others together: that is where counting goes wrong.
TURNS = [
    p.first + dt.timedelta(days=n)
    for year in (2024, 2025)
    for p in periods_of(register().period_kind, year, year)
    for n in (-1, 0, 1)
]
DAYS = st.one_of(st.sampled_from(TURNS), st.dates(FIRST, LAST))


@st.composite
def participations(draw: st.DrawFn) -> dict[str, Any]:
    start, end = sorted((draw(DAYS), draw(DAYS)))
    end = draw(st.sampled_from([None, start, end, end, end]))
    return {
        "source": draw(st.sampled_from(SOURCES)),
        "intervention_id": draw(st.sampled_from(sorted(BASES))),
        "gender": draw(st.sampled_from(GENDERS)),
        "start_date": start,
        "end_date": end,
        "exit_cause": draw(st.sampled_from([None, None, None, "misregistered"])),
    }


def measures(row: dict[str, Any], period: Period) -> tuple[int, int, int, int, int]:
    """carried_in, started, participants, ended, carried_out of one participation in one period."""
    basis, start, end = BASES[row["intervention_id"]], row["start_date"], row["end_date"]
    started = period.first <= start <= period.last
    still_in = end is None or end >= period.first
    carried_in = basis == "interval" and start < period.first and still_in
    ended = basis != "started" and end is not None and period.first <= end <= period.last
    participants = carried_in + started
    return int(carried_in), int(started), participants, int(ended), 0 if basis == "started" else participants - ended


def reference(stays: list[dict[str, Any]], period: Period) -> Counter[tuple[str, str, int]]:
    """(intervention, gender, place of the measure) -> count, from the first source with a participation in the period."""
    counted: Counter[tuple[str, str, int]] = Counter()
    for name in BASES:
        for source in SOURCES:
            here = [
                r
                for r in stays
                if (r["intervention_id"], r["source"]) == (name, source)
                and (source == SOURCES[0] or r["exit_cause"] is None)
                and r["start_date"] <= period.last
                and (r["end_date"] is None or r["end_date"] >= period.first)
            ]
            for row in here:
                counted.update({(name, row["gender"], place): n for place, n in enumerate(measures(row, period))})
            if here:
                break
    return counted


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(participations(), min_size=40, max_size=80))  # long lists: one build costs more than forty rows
def test_sql_counts_as_the_rules_do(stays: list[dict[str, Any]]):
    config = register(*(intervention(name, count_basis=basis) for name, basis in BASES.items()))
    tables = [
        table(s, *({k: v for k, v in r.items() if k != "exit_cause" or s == SOURCES[1]} for r in stays if r["source"] == s))
        for s in SOURCES
    ]
    columns = ("period", "intervention_id", "gender", "carried_in", "started", "participants", "ended", "carried_out")
    with built(config, *tables, years=(2024, 2025)) as result:
        flow = rows(result, "participants/participant_flow", *columns)
    wanted = {p.name: reference(stays, p) for p in periods_of(config.period_kind, 2024, 2025)}
    for period, name, gender, *found in flow:
        assert found == [wanted[period][name, gender, place] for place in range(5)], (period, name, gender)
    assert len(flow) == len(wanted) * len(BASES) * 4
