"""Which line rule is in force on a day: spans of days in which an association's rules do not change."""

from __future__ import annotations

import datetime as dt

from finsam_pipeline_tests.model_tables import booked, budgeted, built, opening, register, rows, rule, table

SPRING = (dt.date(2025, 3, 1), dt.date(2025, 5, 31))
RULES = (
    rule(10, "fees", "3", "3", valid_from=SPRING[0], valid_to=SPRING[1]),
    rule(20, "grant", "3", "3"),
    rule(30, "office", "4", "7", valid_from=SPRING[1]),
    rule(40, "equity", "20", "20", valid_to=dt.date(2025, 1, 1)),
)


def test_a_rule_is_in_force_from_its_first_to_its_last_day_both_included():
    days = ("2025-02-28", "2025-03-01", "2025-05-31", "2025-06-01")
    with built(register(line_rules=RULES), table("huvudbok", *(booked(day, "3000", "-1") for day in days))) as result:
        landed = {str(r["booked_on"]): r["line_id"] for r in result.table("int_ledger_lines").to_pylist()}
    assert landed == dict(zip(days, ("grant", "fees", "fees", "grant"), strict=True))


def test_a_row_before_its_only_rule_is_unmapped():
    ledger = table("huvudbok", booked("2025-05-30", "5000", "1"), booked("2025-05-31", "5000", "1"))
    with built(register(line_rules=RULES), ledger) as result:
        landed = [r["line_id"] for r in sorted(result.table("int_ledger_lines").to_pylist(), key=lambda r: r["booked_on"])]
    assert landed == [None, "office"]


def test_openings_go_by_the_years_first_day_and_budgets_by_the_first_day_of_their_period():
    budget = table(
        "budget",
        budgeted("2025-03-01", "2025-05-31", "", "9", line_id=None, account="3000"),
        budgeted("2025-02-01", "2025-05-31", "", "4", line_id=None, account="3000"),
    )
    ledger = table("huvudbok", opening(2025, "2010", "-7"), opening(2026, "2010", "-8"))
    with built(register(line_rules=RULES), ledger, budget, years=(2025, 2026)) as result:
        half = {r[0]: r[1] for r in rows(result, "economy/income_statement", "line_id", "budget_kr", period="2025H1")}
        equity = dict(rows(result, "economy/income_statement", "period", "outcome_kr", line_id="equity"))
    assert (half["fees"], half["grant"]) == (9, 4)
    assert (equity["2025"], equity["2026"]) == (7, 0)


def test_no_day_stands_in_two_spans():
    with built(register(line_rules=RULES)) as result:
        counted = result.connection.execute(
            "select count(*) from int_rule_spans as a, int_rule_spans as b"
            " where a.first_day < b.first_day and b.first_day <= a.last_day"
        ).fetchall()
    assert counted == [(0,)]
