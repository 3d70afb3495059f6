"""What stands behind a figure: the rows that made it, and nothing else (interface 2, `finsam explain`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from finsam_pipeline import models
from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models import Built
from finsam_pipeline.models.explain import Contribution, Figure, combined, explain, explained_marts, measures, uses
from finsam_pipeline.models.generate import model_name
from finsam_pipeline.models.inputs import ACCEPTED
from finsam_pipeline.register.model import Target
from finsam_pipeline_tests.explained import contributions, unequal
from finsam_pipeline_tests.model_tables import (
    HOME,
    KR,
    booked,
    budgeted,
    intervention,
    opening,
    register,
    stay,
    table,
)

DAY = dt.date(2025, 7, 10)
CONFIG = replace(
    register(
        intervention("one"),
        intervention("gate", count_basis="event"),
        intervention("passed", settled=True),
        intervention("net", orientation="structural"),
    ),
    targets=(
        Target(2025, "one", "participants", 12),
        Target(2025, "gate", "ended", 3),
        Target(2025, "one", "work_share", 40),
        Target(2025, "", "ended_share", 50),
    ),
)
STAYS = (
    stay("2024-11-01", "2025-02-03", exit_reason="work", age=30),
    stay("2025-01-15", None, gender="man", age_group="20-29"),
    stay("2025-03-01", "2025-08-01", exit_reason="moved"),
    stay("2025-04-01", "2025-05-01", "gate", exit_reason="work"),
    stay("2024-04-01", "2025-05-02", "gate"),
)
REGISTERED = (stay("2025-01-01", "2025-02-01", "passed", months_in_public_support=13), stay("2025-01-01"))
LEDGER = (
    opening(2025, "2010", "-700.50"),
    opening(2025, "2010", "-99.75"),
    opening(2025, "1930", "1480"),
    booked("2025-01-31", "3100", "-800.40"),
    booked("2025-02-28", "3000", "-1200.10"),
    booked("2025-03-31", "4010", "600.55", "one"),
    booked("2025-04-30", "4010", "77.45", "gate"),
    booked("2025-05-31", "4010", "50", "passed"),
    booked("2025-05-31", "6010", "301.01"),
    booked("2025-08-31", "6010", "499.50"),
    booked("2025-08-31", "1930", "-499.50"),
    booked("2025-09-30", "3000", "-10", "gate"),
)
BUDGET = (
    budgeted("2025-01-01", "2025-12-31", "grant", "1000"),
    budgeted("2025-01-01", "2025-12-31", "projects", "100.01", "one"),
    budgeted("2025-01-01", "2025-12-31", "projects", "80", "passed"),
    budgeted("2025-02-01", "2025-02-28", "office", "33.33"),
)
FORECAST = (
    {"period": "2025H1", "line_order": 1, "label": "Grant", "kind": "income", "amount_tkr": 9},
    {"period": "2025H1", "line_order": 2, "label": "So far", "kind": "outcome"},
    {"period": "2025H1", "line_order": 3, "label": "Later", "kind": "cost", "amount_tkr": 4},
)
REPORTED = {"intervention_id": "one", "period_from": dt.date(2025, 1, 1), "period_to": dt.date(2025, 6, 30)}


HISTORY = [
    {"association": HOME, "source": "deltagaruppfoljning", "path": "old.csv", "row": n, "valid_from": dt.date(2025, 3, 1), **s}
    for n, s in enumerate(STAYS, 2)
]
HISTORY[2]["valid_to"] = dt.date(2025, 6, 1)
HISTORY.append({**HISTORY[0], "source": "sus_deltagare", "row": 99})  # the other source, which does not count
TABLES = (
    table("deltagaruppfoljning", *STAYS),
    table("sus_deltagare", *REGISTERED),
    table("huvudbok", *LEDGER),
    table("budget", *BUDGET),
    table("prognos", *FORECAST),
    table("uppfoljning_finsam", {**REPORTED, "women": 2, "men": 1, "total": 3}, {**REPORTED, "women": 1, "total": 1}),
    table(
        "sus_insatser",
        {"intervention_id": "one", "year": 2025, "registration": "anonymous", "women": 2, "men": 3},
        {"intervention_id": "one", "year": 2025, "registration": "anonymous", "total": 4},
        {"intervention_id": "net", "year": 2025, "registration": "volume", "women": 20, "total": 33},
        {"intervention_id": "net", "year": 2025, "registration": "anonymous", "total": 2},
    ),
    table("aktiviteter", {"date": dt.date(2025, 5, 5), "type": "lunch", "attendees": 40}),
    table("programtrohet", {"date": DAY, "intervention_id": "one", "points": KR(95), "max_points": KR(125)}),
    table("nyckeltal", {"period": "2025H1", "key": "queue", "value": KR("7.5"), "unit": "people"}),
)


@pytest.fixture(scope="module")
def whole() -> Iterator[Built]:
    """Something in every mart."""
    inputs = {f"accepted.{t.column('source')[0].as_py()}": t for t in TABLES}
    inputs["accepted.participation_history"] = pa.Table.from_pylist(HISTORY, schema=ACCEPTED["participation_history"])
    with models.build(inputs | models.register_tables(CONFIG, DAY, 2024, 2025), threads=1) as result:
        yield result


def figure(whole: Built, mart: str, column: str, **where: object) -> Figure:
    """One figure of the one row with these values."""
    (row,) = [r for r in whole.table(mart.partition("/")[2]).to_pylist() if all(r[k] == v for k, v in where.items())]
    (found,) = explain(whole, mart, row, [c for c in measures(MARTS[mart]) if c.name == column])
    return found


def places(found: Figure) -> list[tuple[str, int | None, Decimal]]:
    return sorted((c.path, c.row, c.amount) for c in found.contributions)


def test_every_figure_of_every_mart_is_what_its_contributions_come_to(whole: Built):
    wrong, counted = unequal(whole)
    assert wrong == []
    assert [m for m in explained_marts() if not counted.get(m)] == []


def test_every_contribution_names_a_file_and_a_row_or_the_configuration(whole: Built):
    for mart in explained_marts():
        for found in contributions(whole, mart).values():
            assert all(c.path and (c.row is not None or c.path.startswith("config/")) for c in found), mart


def test_a_count_is_its_participations_and_nothing_is_said_of_them_but_their_place(whole: Built):
    found = figure(whole, "participants/participant_flow", "participants", period="2025H1", intervention_id="one", gender="woman")
    assert places(found) == [("deltagaruppfoljning.csv", 2, 1), ("deltagaruppfoljning.csv", 4, 1)]
    assert set(Contribution.__slots__) == {"term", "role", "amount", "source", "path", "sheet", "row"}


def test_anonymous_participants_are_the_rows_of_their_year(whole: Built):
    found = figure(
        whole, "participants/participant_flow", "participants", period="2025H2", intervention_id="one", gender="anonymous"
    )
    assert places(found) == [("sus_insatser.csv", 2, 5), ("sus_insatser.csv", 3, 4)]


def test_a_participation_that_comes_and_goes_in_the_period_leaves_nothing_behind(whole: Built):
    found = figure(whole, "participants/participant_flow", "carried_out", period="2025H1", intervention_id="gate", gender="woman")
    assert (places(found), found.holds) == ([("deltagaruppfoljning.csv", 6, -1)], True)


def test_a_lagging_figure_counts_the_rows_as_they_stood_that_day(whole: Built):
    where = {"period": "2025H1", "measure": "started"}
    before = figure(whole, "participants/registration_lag", "value", **where, delivered_on=dt.date(2025, 3, 1))
    after = figure(whole, "participants/registration_lag", "value", **where, delivered_on=dt.date(2025, 6, 1))
    assert set(places(before)) - set(places(after)) == {("old.csv", 4, 1)}


def test_a_difference_is_the_outcome_less_the_budget_without_settled_interventions(whole: Built):
    found = figure(whole, "economy/income_statement", "difference_kr", period="2025H1", line_id="projects")
    assert places(found) == [("budget.csv", 3, KR("-50.01")), ("huvudbok.csv", 7, KR("600.55")), ("huvudbok.csv", 8, KR("77.45"))]
    assert found.parts == {("sum", "budget"): KR("-50.01"), ("sum", "outcome"): KR("678")}
    settled = figure(whole, "economy/intervention_budget", "difference_kr", period="2025H1", intervention_id="passed")
    assert (settled.value, settled.contributions, settled.total, settled.holds) == (None, (), None, True)


def test_a_result_holds_income_and_costs_with_their_sign_and_tkr_are_rounded_once(whole: Built):
    kr = figure(whole, "economy/income_statement", "outcome_kr", period="2025H1", line_id="result")
    tkr = figure(whole, "economy/income_statement", "outcome_tkr", period="2025H1", line_id="result")
    assert [(c.row, c.amount) for c in kr.contributions] == [
        (5, KR("800.40")), (6, KR("1200.10")), (7, KR("-600.55")), (8, KR("-77.45")), (9, KR("-50")), (10, KR("-301.01")),
    ]  # fmt: skip
    assert (kr.total, tkr.total) == (KR("971.49"), 1)


def test_a_share_is_a_numerator_over_a_denominator(whole: Built):
    found = figure(whole, "economy/financing", "share_percent", period="2025H1", member_id="grant")
    assert found.parts == {("numerator", "outcome"): KR("800.40"), ("denominator", "outcome"): KR("2000.50")}
    assert (found.value, found.total) == (KR("40.0"), KR("40.0"))


def test_equity_over_member_funds_takes_the_funds_as_those_of_a_whole_year(whole: Built):
    closing = figure(whole, "economy/equity", "closing_kr", period="2025H2")
    assert closing.parts == {
        ("sum", "opening"): KR("800.25"),
        ("sum", "unbooked"): KR("679.75"),
        ("sum", "earlier"): KR("971.49"),
        ("sum", "result"): KR("-489.50"),
    }
    first = figure(whole, "economy/equity", "share_of_member_funds_percent", period="2025H1")
    assert first.parts["denominator", "member_funds"] == KR("4001")


def test_a_forecast_adds_printed_lines(whole: Built):
    found = figure(whole, "economy/full_year_forecast", "amount_tkr", period="2025H1", kind="result")
    assert found.parts == {("line 1", "income"): 9, ("line 2", "outcome"): KR("-0.97901"), ("line 3", "cost"): -4}
    assert (found.value, found.total) == (4, 4)


def test_a_target_stands_in_the_configuration(whole: Built):
    found = figure(whole, "participants/targets", "target", period="2025H1", intervention_id="one")
    assert places(found) == [(f"config/{HOME}/targets.csv", None, 12)]


def test_a_tie_goes_away_from_zero():
    (tkr,) = [c for c in measures(MARTS["economy/income_statement"]) if c.name == "outcome_tkr"]
    half = Contribution("sum", "outcome", KR("0.5"), "huvudbok", "a.csv", None, 2)
    assert combined(tkr, [half]) == 1
    assert combined(tkr, [replace(half, amount=KR("-1.5"))]) == -2
    assert combined(tkr, [half, replace(half, amount=KR("0.49999"))]) == 1
    assert combined(tkr, [half, replace(half, term="line 2")]) == 2


def test_back_from_a_row_to_the_figures_it_is_in(whole: Built):
    found = uses(whole, "aktiviteter.csv", 2)
    assert [(u.mart, dict(u.key)["period"], u.column.name, u.amount) for u in found] == [
        ("participants/activities", "2025", "attendees", 40),
        ("participants/activities", "2025", "events", 1),
        ("participants/activities", "2025H1", "attendees", 40),
        ("participants/activities", "2025H1", "events", 1),
    ]


def test_both_ways_name_the_same_contributions(whole: Built):
    there: set[tuple[object, ...]] = set()
    for mart in explained_marts():
        shown = published(whole, mart)
        for key, found in contributions(whole, mart).items():
            if key in shown:
                named = (mart, tuple("" if k is None else str(k) for k in key))
                there |= {(*named, c.term, c.role, c.path, c.row) for c in found if c.row is not None}
    sources = {(path, row) for path, row in dict(sorted(place[-2:] for place in there)).items()}  # the last row of each file
    back = {
        (u.mart, (*(v for _, v in u.key), u.column.name), u.term, u.role, path, row)
        for path, row in sources
        for u in uses(whole, path, row)
    }
    assert back == {place for place in there if place[-2:] in sources}


def published(whole: Built, mart: str) -> set[tuple[object, ...]]:
    """Key and measure of every figure of the mart that is not empty."""
    contract = MARTS[mart]
    return {
        (*(row[k] for k in contract.key), c.name)
        for row in whole.table(model_name(contract)).to_pylist()
        for c in measures(contract)
        if row[c.name] is not None
    }
