"""Every figure of a published report comes out of the marts: on the project's own example and, where it stands beside the
repository, on the shared one. One test a table."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from finsam_pipeline.store.reader import Snapshot
from finsam_pipeline_tests.acceptance import published_2025 as printed

GENDERS = ("woman", "man", "other")
Rows = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def rows(published: Snapshot) -> Rows:
    """The period's rows of a mart."""
    return lambda mart: [r for r in published.table(mart).to_pylist() if r.get("period", printed.PERIOD) == printed.PERIOD]


def by_gender(rows: Rows, measure: str) -> dict[str, tuple[int, ...]]:
    flow = {(r["intervention_id"], r["gender"]): r[measure] for r in rows("participants/participant_flow")}
    return {i: tuple(flow[i, g] for g in GENDERS) for i in printed.INDIVIDUAL}


def test_table_1_participants_by_intervention_and_gender(rows: Rows):
    assert by_gender(rows, "participants") == printed.PARTICIPANTS


def test_table_2_started(rows: Rows):
    assert by_gender(rows, "started") == printed.STARTED


def test_table_3_ended(rows: Rows):
    assert by_gender(rows, "ended") == printed.ENDED


def test_figure_1_flow(rows: Rows):
    flow = rows("participants/participant_flow")
    assert {m: sum(r[m] for r in flow) for m in printed.FLOW} == printed.FLOW


def test_table_4_exit_reasons_by_intervention(rows: Rows, published: Snapshot):
    label = {r["code"]: r["label"] for r in published.table("reference/codes").to_pylist() if r["list"] == "exit_reason"}
    found: dict[tuple[str, str], int] = {}
    for r in rows("participants/exit_reasons"):
        key = (label.get(r["exit_reason"], r["exit_reason"]), r["intervention_id"])
        found[key] = found.get(key, 0) + r["ended"]
    wanted = {
        (reason, i): n for reason, counts in printed.EXIT_REASONS.items() for i, n in zip(printed.INDIVIDUAL, counts, strict=True)
    }
    assert {k: found[k] for k in wanted} == wanted
    assert sum(found.values()) == sum(wanted.values()), "an exit stands outside the printed reasons"


def test_figure_4_exit_reasons_by_gender_where_the_text_states_them(rows: Rows, published: Snapshot):
    label = {r["code"]: r["label"] for r in published.table("reference/codes").to_pylist() if r["list"] == "exit_reason"}
    for labels, (women, men) in printed.EXIT_REASONS_BY_GENDER.items():
        own = [r for r in rows("participants/exit_reasons") if label.get(r["exit_reason"]) in labels]
        assert sum(r["ended"] for r in own if r["gender"] == "woman") == women
        assert sum(r["ended"] for r in own if r["gender"] == "man") == men


def test_targets_and_what_was_reached(rows: Rows):
    reached = {
        i: sum(getattr(printed, "STARTED" if m == "started" else "PARTICIPANTS")[i]) for i, (m, _) in printed.TARGETS.items()
    }
    found = {r["intervention_id"]: (r["measure"], r["target"], r["actual"]) for r in rows("participants/targets")}
    assert found == {i: (measure, target, reached[i]) for i, (measure, target) in printed.TARGETS.items()}


def test_table_5_income_statement_cell_by_cell(rows: Rows):
    statement = {r["label"]: r for r in rows("economy/income_statement")}
    found = {
        label: tuple(statement[label][c] for c in ("outcome_tkr", "budget_tkr", "difference_tkr"))
        for label in printed.INCOME_STATEMENT
    }
    assert found == printed.INCOME_STATEMENT
    memo = next(r for r in statement.values() if r["kind"] == "memo")
    assert memo["outcome_tkr"] == printed.OPENING_EQUITY_TKR
    assert all(r["outcome_kr"] is None for r in statement.values() if r["kind"] == "section")


def test_table_6_budget_against_outcome_per_intervention(rows: Rows, published: Snapshot):
    name = {r["intervention_id"]: r["name"] for r in published.table("reference/interventions").to_pylist()}
    found = {
        name[r["intervention_id"]]: tuple(r[c] for c in ("outcome_kr", "budget_kr", "difference_kr"))
        for r in rows("economy/intervention_budget")
    }
    wanted = {label: tuple(Decimal(n) for n in cells) for label, cells in printed.INTERVENTION_BUDGET.items()}
    assert {label: found[label] for label in wanted} == wanted


def test_figure_5_cost_distribution(rows: Rows):
    def tkr(kr: Decimal) -> int:
        return int((kr / 1000).quantize(Decimal(1), ROUND_HALF_UP))

    found = {r["category"]: (tkr(r["cost_kr"]), str(r["share_percent"])) for r in rows("economy/cost_distribution")}
    assert found == printed.COST_DISTRIBUTION


def test_twelve_month_forecast(rows: Rows):
    lines = sorted(rows("economy/full_year_forecast"), key=lambda r: r["line_order"])
    assert [(r["kind"], r["amount_tkr"]) for r in lines if r["kind"] != "income"] == printed.FORECAST
    assert sum(r["amount_tkr"] for r in lines if r["kind"] == "income") == printed.FORECAST_INCOME


def test_equity_opens_as_printed_and_closes_with_the_result(rows: Rows):
    (equity,) = rows("economy/equity")
    assert equity["opening_kr"] == printed.OPENING_EQUITY_TKR * 1000
    assert equity["closing_kr"] == equity["opening_kr"] + equity["result_kr"]
