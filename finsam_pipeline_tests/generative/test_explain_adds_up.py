"""Whatever is delivered, the contributions come to the figure: random rows of every source, against every mart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finsam_pipeline import models
from finsam_pipeline.models.inputs import ACCEPTED
from finsam_pipeline.register.load import MEASURES
from finsam_pipeline.register.model import Target
from finsam_pipeline_tests.explained import unequal
from finsam_pipeline_tests.model_tables import CODES, HOME, intervention, register, table

NAMES = ("one", "gate", "door", "passed", "net")
CONFIG = replace(
    register(
        intervention("one"),
        intervention("gate", count_basis="event"),
        intervention("door", count_basis="started", starts_on=dt.date(2025, 2, 1)),
        intervention("passed", settled=True),
        intervention("net", orientation="structural"),
    ),
    targets=tuple(Target(2025, name, measure, 5) for name in (*NAMES[:3], "") for measure in MEASURES),
    codes=CODES,
)
DAYS = st.dates(dt.date(2024, 6, 1), dt.date(2025, 12, 31))
MAYBE = st.none() | st.integers(0, 9)
ORE = st.integers(-999_999, 999_999).map(lambda n: Decimal(n) / 100)
COUNT = st.integers(0, 30)


@st.composite
def stays(draw: st.DrawFn) -> dict[str, Any]:
    start, end = sorted((draw(DAYS), draw(DAYS)))
    return {
        "source": draw(st.sampled_from(["deltagaruppfoljning", "sus_deltagare"])),
        "intervention_id": draw(st.sampled_from(NAMES)),
        "gender": draw(st.sampled_from(["woman", "man", "other"])),
        "start_date": start,
        "end_date": draw(st.sampled_from([None, end])),
        "exit_reason": draw(st.sampled_from([None, *(c.code for c in CODES["exit_reason"])])),
        **{
            f"{what}_{when}": draw(st.sampled_from([None, *(c.code for c in CODES[what])]))
            for what in ("occupation", "income")
            for when in ("before", "after")
        },
    }


@st.composite
def history(draw: st.DrawFn) -> dict[str, Any]:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    until = draw(st.sampled_from([None, last])) if first < last else None
    return {**draw(stays()), "association": HOME, "path": "old.csv", "row": 2, "valid_from": first, "valid_to": until}


@st.composite
def ledger_rows(draw: st.DrawFn) -> dict[str, Any]:
    day = draw(DAYS)
    project = draw(st.sampled_from(["", *NAMES]))
    said = {"account": draw(st.sampled_from(["2010", "1930", "3100", "3000", "4010", "6010", "8999"])), "amount": draw(ORE)}
    if draw(st.integers(0, 3)) == 0:
        first = dt.date(day.year, 1, 1)
        return {**said, "kind": "opening", "fiscal_year": day.year, "year_from": first, "date": first}
    year = {"year_from": dt.date(day.year, 1, 1), "year_to": dt.date(day.year, 12, 31)}
    return {**said, **year, "kind": "transaction", "date": day, "objects": f"|6:{project}|" if project else ""}


@st.composite
def budget_rows(draw: st.DrawFn) -> dict[str, Any]:
    first, months, project = draw(st.integers(1, 12)), draw(st.sampled_from([1, 3, 12])), draw(st.sampled_from([None, *NAMES]))
    first, last = (first, first) if months == 1 else (1, months)
    end = dt.date(2025, last % 12 + 1, 1) if last < 12 else dt.date(2026, 1, 1)
    return {
        "version": draw(st.sampled_from(["v1", "v2"])),
        "decided_on": dt.date(2025, 1, 1),
        "period_from": dt.date(2025, first, 1),
        "period_to": end - dt.timedelta(days=1),
        "line_id": draw(st.sampled_from(["grant", "fees", "projects", "office"])),
        "object": project,
        "intervention_id": project,
        "amount": draw(ORE),
    }


FORECASTS = st.lists(st.tuples(st.sampled_from(["cost", "income", "outcome"]), st.integers(-99, 99)), max_size=6).map(
    lambda lines: [
        {
            "period": "2025H1",
            "line_order": n,
            "label": f"line {n}",
            "kind": kind,
            "amount_tkr": None if kind == "outcome" else tkr,
        }
        for n, (kind, tkr) in enumerate(lines)
    ]
)
COUNTS = st.fixed_dictionaries(
    {
        "intervention_id": st.sampled_from(NAMES),
        "year": st.sampled_from([2024, 2025]),
        "registration": st.sampled_from(["anonymous", "volume"]),
        "women": MAYBE,
        "men": MAYBE,
        "total": MAYBE,
    }
)
REPORTS = st.fixed_dictionaries(
    {
        "intervention_id": st.sampled_from(NAMES),
        "period_from": st.just(dt.date(2025, 1, 1)),
        "period_to": st.sampled_from([dt.date(2025, 6, 30), dt.date(2025, 12, 31)]),
        "women": MAYBE,
        "men": MAYBE,
        "other": MAYBE,
        "total": COUNT,
    }
)
EVENTS = st.fixed_dictionaries({"date": DAYS, "type": st.sampled_from(["a", "b"]), "attendees": st.none() | COUNT})


OTHERS = st.fixed_dictionaries(
    {
        "huvudbok": st.lists(ledger_rows(), max_size=25),
        "budget": st.lists(budget_rows(), max_size=12),
        "prognos": FORECASTS,
        "sus_insatser": st.lists(COUNTS, max_size=6),
        "uppfoljning_finsam": st.lists(REPORTS, max_size=4),
        "aktiviteter": st.lists(EVENTS, max_size=4),
    }
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(stays(), max_size=25), st.lists(history(), max_size=10), OTHERS)
def test_contributions_come_to_the_figure(
    lived: list[dict[str, Any]], known: list[dict[str, Any]], others: dict[str, list[dict[str, Any]]]
):
    inputs = {f"accepted.{source}": table(source, *rows) for source, rows in others.items()}
    for source in ("deltagaruppfoljning", "sus_deltagare"):
        inputs[f"accepted.{source}"] = table(source, *(r for r in lived if r["source"] == source))
    inputs["accepted.participation_history"] = pa.Table.from_pylist(known, schema=ACCEPTED["participation_history"])
    with models.build(inputs | models.register_tables(CONFIG, dt.date(2025, 12, 31), 2024, 2025), threads=1) as result:
        wrong, _ = unequal(result)
    assert wrong == []
