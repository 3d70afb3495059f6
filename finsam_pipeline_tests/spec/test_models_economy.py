"""How the economy marts come about (interface 7, Money)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from finsam_pipeline import models
from finsam_pipeline.models.inputs import ACCEPTED
from finsam_pipeline_tests.model_tables import (
    DAY,
    KR,
    LINES,
    RULES,
    booked,
    budgeted,
    built,
    intervention,
    line,
    opening,
    register,
    rows,
    rule,
    stay,
    table,
)

CELLS = ("outcome_kr", "budget_kr", "difference_kr")


def test_income_is_minus_its_voucher_rows_costs_are_plus_and_sums_follow_their_lines_down():
    ledger = table(
        "huvudbok",
        booked("2025-02-01", "3100", "-1000.10"),
        booked("2025-02-02", "3900", "-0.40"),
        booked("2025-06-30", "4010", "300", "one"),
        booked("2025-06-30", "6010", "-50"),
        booked("2025-07-01", "6010", "7000"),
    )
    with built(register(), ledger) as result:
        lines = rows(result, "economy/income_statement", "line_id", "outcome_kr", period="2025H1")
    assert lines == [
        ("heading", None),
        ("grant", KR("1000.10")),
        ("fees", KR("0.40")),
        ("income", KR("1000.50")),
        ("projects", KR("300")),
        ("office", KR("-50")),
        ("costs", KR("250")),
        ("result", KR("750.50")),
        ("equity", None),
    ]


def test_each_cell_is_rounded_half_up_on_its_own_and_never_from_rounded_cells():
    ledger = table(
        "huvudbok",
        booked("2025-02-01", "3100", "-1500"),
        booked("2025-02-01", "3900", "-2500"),
        booked("2025-02-01", "6010", "-1500"),
    )
    budget = table("budget", budgeted("2025-01-01", "2025-06-30", "grant", "0.01"))
    with built(register(), ledger, budget) as result:
        tkr = {
            r[0]: r[1:]
            for r in rows(result, "economy/income_statement", "line_id", "outcome_tkr", "difference_tkr", period="2025H1")
        }
    assert tkr["grant"] == (2, 1)  # 1 500 kr is 2 tkr, 1 499.99 kr is 1
    assert tkr["fees"] == (3, 3)
    assert tkr["income"] == (4, 4)  # not 2 + 3
    assert tkr["office"] == (-2, -2)  # a tie goes away from zero


def test_a_memo_line_is_minus_the_years_opening_balance_and_has_no_budget():
    ledger = table(
        "huvudbok", opening(2025, "2010", "-700.25"), opening(2025, "1930", "700.25"), booked("2025-03-01", "2010", "-5")
    )
    budget = table("budget", budgeted("2025-01-01", "2025-12-31", "equity", "99"))
    with built(register(), ledger, budget) as result:
        memo = rows(result, "economy/income_statement", "period", *CELLS, line_id="equity")
    assert memo == [(p, KR("700.25"), None, None) for p in ("2025", "2025H1", "2025H2")]


def test_the_lines_of_the_latest_version_not_after_the_periods_end_apply():
    newer = tuple(replace(x, valid_from=dt.date(2025, 7, 1), label="New") for x in LINES[:3])
    with built(register(report_lines=(*LINES, *newer)), table("huvudbok", booked("2025-02-01", "3100", "-1"))) as result:
        assert len(rows(result, "economy/income_statement", "label", period="2025H1")) == len(LINES)
        assert rows(result, "economy/income_statement", "label", period="2025H2") == [("New",)] * 3


def test_a_budget_amount_is_spread_over_its_own_months_and_rounded_once_half_up():
    budget = table(
        "budget",
        budgeted("2025-01-01", "2025-12-31", "office", "0.01"),
        budgeted("2025-06-01", "2025-08-31", "fees", "100"),
        budgeted("2025-02-01", "2025-02-28", "fees", "0.25"),
    )
    with built(register(), budget) as result:
        half = {r[0]: r[1] for r in rows(result, "economy/income_statement", "line_id", "budget_kr", period="2025H1")}
    assert half["office"] == KR("0.01")  # half an öre
    assert half["fees"] == KR("33.58")  # a third of 100, and 0.25
    assert half["grant"] == KR("0")  # absent from the version
    assert half["result"] == KR("33.57")


def test_a_period_without_a_budget_has_no_budget_and_no_difference():
    ledger = table("huvudbok", booked("2025-02-01", "3100", "-1"), booked("2025-08-01", "3100", "-1"))
    budget = table("budget", budgeted("2025-07-01", "2025-12-31", "grant", "5"))
    with built(register(), ledger, budget) as result:
        assert rows(result, "economy/income_statement", *CELLS, period="2025H1", line_id="grant") == [(KR(1), None, None)]
        assert rows(result, "economy/income_statement", *CELLS, period="2025H2", line_id="grant") == [(KR(1), KR(5), KR(-4))]


def test_the_latest_version_decided_by_the_periods_end_counts_unless_one_is_named():
    budget = table(
        "budget",
        budgeted("2025-01-01", "2025-12-31", "office", "12", version="first", decided_on=dt.date(2024, 11, 1)),
        budgeted("2025-01-01", "2025-12-31", "office", "24", version="second", decided_on=dt.date(2025, 8, 1)),
        budgeted("2025-01-01", "2025-12-31", "office", "48", version="undated", decided_on=None),
    )
    named = {"2025": {"income_statement": "undated"}}
    with built(register(budget_versions=named), budget) as result:
        office = rows(result, "economy/income_statement", "period", "budget_kr", line_id="office")
    assert office == [("2025", KR(48)), ("2025H1", KR(6)), ("2025H2", KR(12))]


def test_a_budget_by_account_lands_on_the_line_of_its_account_and_project():
    budget = table(
        "budget",
        budgeted("2025-01-01", "2025-06-30", "", "10", "one", line_id=None, account="5010"),
        budgeted("2025-01-01", "2025-06-30", "", "3", line_id=None, account="5010"),
    )
    with built(register(), budget) as result:
        half = {r[0]: r[1] for r in rows(result, "economy/income_statement", "line_id", "budget_kr", period="2025H1")}
        assert (half["projects"], half["office"]) == (KR(10), KR(3))
        assert rows(result, "economy/intervention_budget", *CELLS, period="2025H1") == [(KR(0), KR(10), KR(-10))]


def test_a_settled_intervention_is_shown_gross_but_is_in_no_difference_distribution_or_forecast():
    config = register(
        intervention("one"),
        intervention("through", settled=True),
        report_lines=(*LINES, line(10, "passed", "activities"), line(11, "all", "cost", "total", "costs|passed")),
        line_rules=(rule(1, "passed", "4000", "7999", settled=True), *RULES),
    )
    ledger = table("huvudbok", booked("2025-02-01", "4010", "100000", "one"), booked("2025-02-01", "4010", "900000", "through"))
    budget = table("budget", budgeted("2025-01-01", "2025-06-30", "projects", "150000", "one"))
    forecast = table(
        "prognos",
        {"period": "2025H1", "line_order": 1, "label": "So far", "kind": "outcome"},
        {"period": "2025H1", "line_order": 2, "label": "Rest", "kind": "cost", "amount_tkr": 5},
    )
    with built(config, ledger, budget, forecast) as result:
        cells = {r[0]: r[1:] for r in rows(result, "economy/income_statement", "line_id", *CELLS, period="2025H1")}
        assert cells["passed"] == (KR(900000), KR(0), None)
        assert cells["all"] == (KR(1000000), KR(150000), KR(-50000))
        assert rows(result, "economy/intervention_budget", "intervention_id", *CELLS, period="2025H1") == [
            ("one", KR(100000), KR(150000), KR(-50000)),
            ("through", KR(900000), KR(0), None),
        ]
        assert rows(result, "economy/cost_distribution", "category", "cost_kr", "share_percent", period="2025H1") == [
            ("individual", KR(100000), Decimal("100.0")),
            ("office", KR(0), Decimal("0.0")),
            ("structural", KR(0), Decimal("0.0")),
        ]
        assert rows(result, "economy/full_year_forecast", "kind", "amount_tkr")[:3] == [
            ("outcome", 100),
            ("cost", 5),
            ("total", 105),
        ]


def test_a_forecast_adds_its_sums_from_the_printed_tkr_and_keeps_the_files_order():
    forecast = table(
        "prognos",
        {"period": "2025H1", "line_order": 9, "label": "Income", "kind": "income", "amount_tkr": 100},
        {"period": "2025H1", "line_order": 3, "label": "So far", "kind": "outcome"},
        {"period": "2025H1", "line_order": 5, "label": "Rest", "kind": "cost", "amount_tkr": 40},
    )
    ledger = table(
        "huvudbok", booked("2025-02-01", "6010", "1500"), opening(2025, "2010", "-7400"), opening(2025, "1930", "7400")
    )
    with built(register(), ledger, forecast) as result:
        printed = rows(result, "economy/full_year_forecast", "line_order", "kind", "amount_tkr")
    assert printed == [
        (1, "outcome", 2),
        (2, "cost", 40),
        (3, "total", 42),
        (4, "income", 100),
        (5, "result", 58),
        (6, "equity", 65),
    ]


def test_equity_opens_with_20xx_the_unbooked_prior_result_and_the_years_earlier_months():
    ledger = table(
        "huvudbok",
        opening(2025, "2010", "-100"),
        opening(2025, "2440", "-30"),
        opening(2025, "1930", "150"),  # 20 more than is booked: last year's result
        booked("2025-01-01", "3100", "-60"),
        booked("2025-07-01", "6010", "10"),
    )
    with built(register(), ledger, years=(2025, 2026)) as result:
        equity = rows(
            result, "economy/equity", "period", "opening_kr", "result_kr", "closing_kr", "share_of_member_funds_percent"
        )
    assert equity == [
        ("2025", KR(120), KR(50), KR(170), Decimal("283.3")),
        ("2025H1", KR(120), KR(60), KR(180), Decimal("150.0")),
        ("2025H2", KR(180), KR(-10), KR(170), None),
    ]


def test_closing_accounts_are_left_out_by_chart():
    ledger = table("huvudbok", booked("2025-12-31", "8999", "500"), booked("2025-12-31", "8910", "70"))
    for chart, result_kr in (("bas", KR(-70)), ("kommun-bas", KR(0))):
        with built(register(chart_of_accounts=chart), ledger) as result:
            assert rows(result, "economy/equity", "result_kr", period="2025") == [(result_kr,)]


@pytest.mark.parametrize(
    ("account", "project", "day", "expected"),
    [
        ("4010", "one", "2025-01-01", "projects"),
        ("4010", "", "2025-01-01", "office"),
        ("31", "", "2025-01-01", "grant"),
        ("3199", "", "2025-01-01", "grant"),  # a bound of two digits holds all that begins so
        ("319999", "", "2025-01-01", "grant"),
        ("3200", "", "2025-01-01", "fees"),
        ("8500", "", "2025-01-01", None),  # nothing matches
        ("8500", "", "2025-05-01", "fees"),  # a rule that begins in May
        ("8500", "one", "2025-05-01", "grant"),  # any of its objects, before the next priority
    ],
)
def test_the_first_matching_line_rule_wins_and_what_nothing_matches_is_unmapped(
    account: str, project: str, day: str, expected: str | None
):
    late = (
        rule(60, "grant", "8500", "8599", objects=("1:9", "6:one"), valid_from=dt.date(2025, 5, 1)),
        rule(70, "fees", "8500", "8599", valid_from=dt.date(2025, 5, 1), valid_to=dt.date(2025, 5, 1)),
    )
    with built(register(line_rules=(*RULES, *late)), table("huvudbok", booked(day, account, "1", project))) as result:
        (found,) = result.table("int_ledger_lines").select(["path", "row", "account", "objects", "line_id"]).to_pylist()
    assert found == {
        "path": "huvudbok.csv",
        "row": 2,
        "account": account,
        "objects": f"|6:{project}|" if project else "",
        "line_id": expected,
    }


def test_an_interventions_cost_leaves_its_income_out_and_is_divided_by_those_who_took_part():
    ledger = table("huvudbok", booked("2025-02-01", "4010", "100", "one"), booked("2025-02-01", "3900", "-40", "one"))
    stays = [
        stay("2025-02-01", "2025-03-01", exit_reason="work"),
        stay("2025-02-01", "2025-03-01", exit_reason="moved"),
        stay("2025-02-01"),
    ]
    with built(register(), ledger, table("deltagaruppfoljning", *stays)) as result:
        columns = ("outcome_kr", "participants", "ended", "work_or_study", "cost_per_participant_kr", "cost_per_work_or_study_kr")
        assert rows(result, "economy/cost_per_participant", *columns, period="2025H1") == [
            (KR(100), 3, 2, 1, KR("33.33"), KR(100))
        ]
        assert rows(result, "economy/cost_per_participant", *columns, period="2025H2") == [(KR(0), 1, 0, 0, KR(0), None)]


def test_the_ledger_by_month_holds_every_voucher_row_with_the_ledgers_sign():
    ledger = table(
        "huvudbok", booked("2025-03-31", "3100", "-5"), booked("2025-03-01", "3100", "-6"), booked("2025-03-01", "1930", "11")
    )
    with built(register(), ledger) as result:
        months = rows(result, "economy/ledger_month", "month", "account", "line_id", "amount_kr", "rows")
    assert months == [("2025-03", "1930", None, KR(11), 1), ("2025-03", "3100", "grant", KR(-11), 2)]


def test_a_year_without_ledger_or_budget_has_no_economy():
    with built(register(), table("huvudbok", booked("2025-03-31", "3100", "-5")), years=(2024, 2026)) as result:
        assert {p for (p,) in rows(result, "economy/income_statement", "period")} == {"2025", "2025H1", "2025H2"}


def delivered(**facts: object) -> dict[str, object]:
    counts = {"rows": 1, "accepted": 1, "quarantined": 0, "superseded": 0, "status": "accepted", "sha256": "f" * 64}
    return {"source": "huvudbok", "path": "huvudbok.csv", **counts, **facts}


@pytest.mark.parametrize(
    ("covers_to", "days", "complete"),
    [
        (None, ["2025-06-02"], True),  # a voucher in the last month
        (None, ["2025-05-31"], False),
        (None, ["2025-05-31", "2025-07-01"], False),  # the last month itself is empty
        (dt.date(2025, 6, 30), ["2025-01-01"], True),  # the ledger says so
        (dt.date(2025, 6, 29), ["2025-06-30"], False),
    ],
)
def test_a_period_is_complete_when_the_ledger_reaches_its_end(covers_to: dt.date | None, days: list[str], complete: bool):
    inputs = models.register_tables(register(), DAY, 2025, 2025)
    inputs["accepted.huvudbok"] = table("huvudbok", *(booked(day, "3100", "-1") for day in days))
    deliveries = [{"association": "north", "delivered_on": DAY, "covers_to": covers_to, **delivered()}]
    inputs["accepted.deliveries"] = pa.Table.from_pylist(deliveries, schema=ACCEPTED["deliveries"])
    with models.build(inputs, threads=1) as result:
        assert rows(result, "reference/periods", "complete", period="2025H1") == [(complete,)]
        ((through,),) = rows(result, "reference/periods", "ledger_through", period="2025H1")
    assert (through >= dt.date(2025, 6, 30)) is complete


@pytest.mark.parametrize("covers_to", [None, dt.date(2025, 8, 31)])
def test_a_ledger_reaches_only_into_its_own_fiscal_year(covers_to: dt.date | None):
    inputs = models.register_tables(register(), DAY, 2024, 2025)
    inputs["accepted.huvudbok"] = table("huvudbok", booked("2025-08-20", "3100", "-1"), booked("2025-06-20", "3100", "-1"))
    deliveries = [{"association": "north", "delivered_on": DAY, "covers_to": covers_to, **delivered()}]
    inputs["accepted.deliveries"] = pa.Table.from_pylist(deliveries, schema=ACCEPTED["deliveries"])
    with models.build(inputs, threads=1) as result:
        found = rows(result, "reference/periods", "period", "ledger_through", "complete")
    assert found == [
        ("2024", None, False),
        ("2024H1", None, False),
        ("2024H2", None, False),
        ("2025", dt.date(2025, 8, 31), False),
        ("2025H1", dt.date(2025, 8, 31), True),
        ("2025H2", dt.date(2025, 8, 31), False),
    ]
