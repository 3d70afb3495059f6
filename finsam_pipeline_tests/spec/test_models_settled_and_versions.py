"""What the marts make of settled interventions, several budgets, and lines that change over the years (interface 3 and 7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from finsam_pipeline import models
from finsam_pipeline.models import Built
from finsam_pipeline.register.model import PeriodKind, Target
from finsam_pipeline_tests.model_tables import (
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
HALF = {"period": "2025H1"}
TWO = (intervention("one"), intervention("through", settled=True, orientation="structural"))
PASSED = (
    *LINES,
    line(10, "passed_in", "income"),
    line(11, "passed_out", "activities"),
    line(12, "all_in", "income", "total", "income|passed_in"),
    line(13, "all_out", "cost", "total", "costs|passed_out"),
    line(14, "rest", "result", "result", "all_in|-all_out"),
)
PASSED_RULES = (rule(1, "passed_in", "3", "3", settled=True), rule(2, "passed_out", "4", "7", settled=True), *RULES)
LEDGER = table(
    "huvudbok",
    booked("2025-01-15", "3100", "-900"),
    booked("2025-02-01", "3900", "-500", "through"),
    booked("2025-02-01", "4010", "500", "through"),
    booked("2025-02-01", "4010", "300", "one"),
)


def statement(result: Built, **where: object) -> dict[str, tuple[Decimal | None, ...]]:
    """line_id -> outcome, budget, difference."""
    return {r[0]: r[1:] for r in rows(result, "economy/income_statement", "line_id", *CELLS, **(where or HALF))}


def test_settled_income_and_cost_are_in_every_total_and_result_and_in_no_difference():
    budget = table("budget", budgeted("2025-01-01", "2025-06-30", "grant", "1000"))
    with built(register(*TWO, report_lines=PASSED, line_rules=PASSED_RULES), LEDGER, budget) as result:
        cells = statement(result)
    assert cells["passed_in"] == cells["passed_out"] == (KR(500), KR(0), None)
    assert cells["all_in"] == (KR(1400), KR(1000), KR(-100))
    assert cells["all_out"] == (KR(800), KR(0), KR(300))
    assert cells["rest"] == (KR(600), KR(1000), KR(-400))


def test_what_is_budgeted_on_a_line_for_settled_interventions_is_left_out_of_the_difference_too():
    budget = table(
        "budget",
        budgeted("2025-01-01", "2025-06-30", "passed_out", "0"),  # no object says whose it is
        budgeted("2025-01-01", "2025-06-30", "passed_in", "450", "through"),
        budgeted("2025-01-01", "2025-06-30", "projects", "350", "one"),
    )
    with built(register(*TWO, report_lines=PASSED, line_rules=PASSED_RULES), LEDGER, budget) as result:
        cells = statement(result)
    assert cells["passed_out"] == (KR(500), KR(0), None)
    assert cells["passed_in"] == (KR(500), KR(450), None)
    assert cells["all_out"] == (KR(800), KR(350), KR(-50))
    assert cells["all_in"] == (KR(1400), KR(450), KR(900))


def test_on_a_line_it_shares_a_settled_intervention_is_left_out_of_the_difference_alone():
    shared = (rule(1, "projects", "4", "7", objects=("6:one", "6:through")), *RULES)
    budget = table("budget", budgeted("2025-01-01", "2025-06-30", "projects", "350", "one"))
    with built(register(*TWO, line_rules=shared), LEDGER, budget) as result:
        assert statement(result)["projects"] == (KR(800), KR(350), KR(-50))


def test_a_line_with_nothing_but_settled_rows_has_no_difference_even_where_its_rules_do_not_say_settled():
    alone = (rule(1, "office", "4", "7", objects=("6:through",)), *RULES)
    budget = table("budget", budgeted("2025-01-01", "2025-06-30", "projects", "350", "one"))
    with built(register(*TWO, line_rules=alone), LEDGER, budget) as result:
        assert statement(result)["office"] == (KR(500), KR(0), None)


def test_a_settled_structural_intervention_is_in_no_category_of_cost():
    forecast = table("prognos", {"period": "2025H1", "line_order": 1, "label": "So far", "kind": "outcome"})
    with built(register(*TWO, report_lines=PASSED, line_rules=PASSED_RULES), LEDGER, forecast) as result:
        costs = rows(result, "economy/cost_distribution", "category", "cost_kr", **HALF)
        assert costs == [("individual", KR(300)), ("office", KR(0)), ("structural", KR(0))]
        assert rows(result, "economy/full_year_forecast", "kind", "amount_tkr")[0] == ("outcome", 0)
        money = rows(result, "economy/intervention_budget", "intervention_id", *CELLS, **HALF)
    assert money == [("one", KR(300), None, None), ("through", KR(500), None, None)]


def test_each_table_may_name_its_own_version_and_one_without_a_name_takes_the_latest_decided():
    budget = table(
        "budget",
        budgeted("2025-01-01", "2025-12-31", "projects", "1200", "one", version="plan", decided_on=dt.date(2024, 12, 1)),
        budgeted("2025-01-01", "2025-12-31", "projects", "2400", "one", version="revised", decided_on=dt.date(2025, 6, 30)),
        budgeted("2025-01-01", "2025-12-31", "projects", "9600", "one", version="late", decided_on=dt.date(2025, 7, 1)),
    )
    named = {"2025H1": {"income_statement": "plan"}, "2025H2": {"intervention_budget": "plan"}}
    with built(register(budget_versions=named), budget) as result:
        in_statement = dict(rows(result, "economy/income_statement", "period", "budget_kr", line_id="projects"))
        in_table = dict(rows(result, "economy/intervention_budget", "period", "budget_kr"))
    assert in_statement == {"2025H1": KR(600), "2025H2": KR(4800), "2025": KR(9600)}
    assert in_table == {"2025H1": KR(1200), "2025H2": KR(600), "2025": KR(9600)}


def test_budgets_by_account_of_a_year_a_half_and_a_month_add_up_on_the_line_of_their_account_and_project():
    def given(first: str, last: str, account: str, kr: str, project: str | None = None) -> dict[str, object]:
        return budgeted(first, last, "", kr, project, line_id=None, account=account)

    budget = table(
        "budget",
        given("2025-01-01", "2025-12-31", "4010", "1200", "one"),
        given("2025-01-01", "2025-06-30", "5010", "60", "one"),
        given("2025-05-01", "2025-05-31", "4010", "7", "one"),
        given("2025-07-01", "2025-07-31", "4010", "70", "one"),
        given("2025-01-01", "2025-12-31", "3150", "2000"),
        given("2025-01-01", "2025-12-31", "4010", "400", "through"),
    )
    with built(register(*TWO, report_lines=PASSED, line_rules=PASSED_RULES), budget) as result:
        first, second = statement(result), statement(result, period="2025H2")
        money = rows(result, "economy/intervention_budget", "intervention_id", "budget_kr", **HALF)
    assert (first["projects"][1], second["projects"][1]) == (KR(667), KR(670))
    assert first["grant"][1] == KR(1000)  # an income is positive as it is printed
    assert first["passed_out"] == (KR(0), KR(200), None)
    assert first["all_out"] == (KR(0), KR(867), KR(-667))
    assert money == [("one", KR(667)), ("through", KR(200))]


NEWER = tuple(
    replace(x, valid_from=dt.date(2026, 1, 1), label=f"New {x.label}")
    for x in (
        line(1, "grant", "income"),
        line(2, "work", "activities"),
        line(3, "office", "office"),
        line(4, "result", "result", "result", "grant|-work|-office"),
    )
)
BOTH_YEARS = (
    *(replace(r, valid_to=dt.date(2025, 12, 31)) for r in RULES),
    rule(60, "grant", "3", "3", valid_from=dt.date(2026, 1, 1)),
    rule(70, "work", "4", "7", orientation="individual", valid_from=dt.date(2026, 1, 1)),
    rule(80, "office", "4", "8", valid_from=dt.date(2026, 1, 1)),
)
TWO_YEARS = table(
    "huvudbok",
    *(booked(f"{year}-02-01", account, kr, project) for year in (2025, 2026) for account, kr, project in (
        ("3100", "-1000", ""), ("3900", "-40", ""), ("4010", "300", "one"), ("6010", "50", ""))),
)  # fmt: skip


def test_each_year_has_its_own_lines_from_the_same_accounts():
    config = register(report_lines=(*LINES, *NEWER), line_rules=BOTH_YEARS)
    with built(config, TWO_YEARS, years=(2025, 2026)) as result:
        older, newer = statement(result), statement(result, period="2026H1")
        results = dict(rows(result, "economy/equity", "period", "result_kr"))
        labels = rows(result, "economy/income_statement", "label", period="2026H1")
        assert all(t.passed for t in models.run_tests(result))
    assert list(older) == [x.line_id for x in LINES]
    assert {name: cells[0] for name, cells in newer.items()} == {"grant": 1040, "work": 300, "office": 50, "result": 690}
    assert older["grant"][0] == KR(1000)
    assert older["result"][0] == newer["result"][0] == results["2025H1"] == results["2026H1"] == KR(690)
    assert labels == [("New Grant",), ("New Work",), ("New Office",), ("New Result",)]


def test_a_row_on_a_line_its_own_periods_statement_lacks_holds_the_economy_back_and_nothing_else():
    config = register(report_lines=(*LINES, *NEWER), line_rules=RULES)  # nothing tells 2026 from 2025
    with built(config, TWO_YEARS, years=(2025, 2026)) as result:
        failed = [t for t in models.run_tests(result) if not t.passed]
        assert [(t.test, result.project.model(t.model).family) for t in failed] == [("mapped_lines_are_printed", "economy")]


def test_lines_that_change_within_a_year_hold_nothing_back():
    first = dt.date(2025, 7, 1)
    newer = tuple(replace(x, valid_from=first) for x in NEWER)
    rules = tuple(replace(r, valid_from=first) if r.valid_from else replace(r, valid_to=dt.date(2025, 6, 30)) for r in BOTH_YEARS)
    ledger = table("huvudbok", booked("2025-02-01", "3900", "-40"), booked("2025-08-01", "3900", "-60"))
    with built(register(report_lines=(*LINES, *newer), line_rules=rules), ledger) as result:
        assert all(t.passed for t in models.run_tests(result))
        assert statement(result)["fees"][0] == KR(40)
        assert statement(result, period="2025H2")["grant"][0] == KR(60)


def test_opening_balances_that_do_not_sum_to_zero_are_in_the_equity_and_not_in_the_memo_line():
    ledger = table("huvudbok", opening(2025, "2010", "-700"), opening(2025, "1930", "950"), opening(2025, "2440", "-30"))
    for chart in ("bas", "kommun-bas"):
        with built(register(chart_of_accounts=chart), ledger) as result:
            assert statement(result)["equity"] == (KR(700), None, None)
            assert rows(result, "economy/equity", "opening_kr", **HALF) == [(KR(920),)]  # 700 and the 220 not yet booked


def test_anonymous_participants_stand_in_every_period_of_whatever_kind_and_in_the_year():
    counts = table(
        "sus_insatser",
        {"intervention_id": "one", "year": 2025, "registration": "anonymous", "women": 3, "men": 1},  # no total given
        {"intervention_id": "one", "year": 2025, "registration": "anonymous", "total": 2},
    )
    config = register(intervention("one"), period_kind=PeriodKind.TERTIAL, targets=(Target(2025, "one", "participants", 9),))
    with built(config, counts, table("sus_deltagare", stay("2025-02-01"))) as result:
        flow = dict(rows(result, "participants/participant_flow", "period", "participants", gender="anonymous"))
        assert flow == dict.fromkeys(("2025", "2025T1", "2025T2", "2025T3"), 6)
        assert {a for (a,) in rows(result, "participants/targets", "actual")} == {7}


@pytest.mark.parametrize(("basis", "participants", "reasons"), [("interval", 2, 2), ("event", 1, 2), ("started", 1, 0)])
def test_the_basis_of_counting_goes_for_targets_and_exit_reasons_alike(basis: str, participants: int, reasons: int):
    config = register(intervention("one", count_basis=basis), targets=(Target(2025, "one", "participants", 9),))
    sus = table("sus_deltagare", stay("2024-11-01", "2025-03-01"), stay("2025-02-01", "2025-03-01"))
    with built(config, sus) as result:
        assert rows(result, "participants/targets", "actual", **HALF) == [(participants,)]
        ended = rows(result, "participants/exit_reasons", "ended", exit_reason="uppgift_saknas", gender="woman", **HALF)
        assert ended == [(reasons,)]
