"""The rules of ledger and budget: a table in, the findings out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.validation import judge
from finsam_pipeline_tests.typed_tables import batch_rows, failing, rows_of, typed_rows

LEDGER, BUDGET = "huvudbok", "budget"


def _voucher(number: int, *amounts: str, **cells: str) -> list[dict[str, Any]]:
    return [{"voucher": f"2025|A|{number}", "number_int": number, "amount": Decimal(a), **cells} for a in amounts]


def test_a_sound_ledger_has_no_findings() -> None:
    rows = typed_rows(LEDGER, *_voucher(1, "100.10", "-50.05", "-50.05"), *_voucher(2, "7", "-7"))
    assert all(r.passed for r in judge({"rows": rows}, LEDGER))


def test_l001_a_voucher_sums_to_exactly_nothing() -> None:
    assert failing(LEDGER, "L001", *_voucher(1, "100.00", "-99.99"), *_voucher(2, "5", "-5")) == [1, 2]


def test_l001_is_exact_where_floating_point_is_not() -> None:
    assert failing(LEDGER, "L001", *_voucher(1, "0.10", "0.20", "-0.30")) == []
    assert failing(LEDGER, "L001", *_voucher(1, "1000000000000000.01", "-1000000000000000.00")) == [1, 2]


def test_l001_a_row_of_nothing_is_a_whole_voucher() -> None:
    assert failing(LEDGER, "L001", *_voucher(1, "0")) == []


def test_l001_the_rest_of_a_voucher_goes_with_a_quarantined_row() -> None:
    rows = typed_rows(LEDGER, *_voucher(1, "5", "-5"), {**_voucher(1, "0")[0], "account": None}, *_voucher(2, "1", "-1"))
    results = judge({"rows": rows}, LEDGER)
    assert rows_of(results, "L004") == [3]
    assert rows_of(results, "L001") == [1, 2]


def test_l001_a_row_without_an_amount_takes_its_voucher_along() -> None:
    rows = (*_voucher(1, "5", "-5"), {**_voucher(1, "0")[0], "amount": None, "amount_state": "unreadable"})
    assert failing(LEDGER, "L001", *rows) == [1, 2]
    assert failing(LEDGER, "L002", *rows) == [3]


def test_l001_a_waived_row_no_longer_takes_its_voucher_along() -> None:
    late = {"date": "2026-01-02"}
    rows = typed_rows(LEDGER, *_voucher(1, "5"), *_voucher(1, "-5", **late))
    assert rows_of(judge({"rows": rows}, LEDGER), "L001") == [1]
    assert rows_of(judge({"rows": rows}, LEDGER, waived={"L003": [2]}), "L001") == []


def test_l001_opening_balances_are_no_voucher() -> None:
    assert failing(LEDGER, "L001", {"kind": "opening", "voucher": None, "amount": Decimal(9)}) == []


def test_l001_rows_without_a_voucher_number_must_balance_among_themselves() -> None:
    assert failing(LEDGER, "L001", *({"voucher": None, "amount": Decimal(a)} for a in (4, -4))) == []
    assert failing(LEDGER, "L001", *({"voucher": None, "amount": Decimal(a)} for a in (4, -3))) == [1, 2]


def test_l002_the_amount_must_be_stated_once() -> None:
    states = ["ok", "missing", "unreadable", "ambiguous", "both"]
    assert failing(LEDGER, "L002", *({"amount_state": s} for s in states)) == [2, 3, 4, 5]


def test_l002_an_amount_whose_state_is_not_known_is_not_trusted() -> None:
    assert failing(LEDGER, "L002", {"amount_state": None}, {"amount": None}) == [1, 2]


def test_l003_the_date_lies_in_the_fiscal_year() -> None:
    dates = ["2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", None]
    assert failing(LEDGER, "L003", *({"date": d} for d in dates)) == [1, 4, 5]


def test_l003_a_broken_fiscal_year_is_a_year() -> None:
    broken = {"year_from": "2024-07-01", "year_to": "2025-06-30"}
    assert failing(LEDGER, "L003", {"date": "2024-07-01", **broken}, {"date": "2025-07-01", **broken}) == [2]


def test_l004_the_account_must_be_there() -> None:
    assert failing(LEDGER, "L004", {}, {"account": None, "account_given": True}) == [2]


def test_l005_tells_the_first_row_after_a_gap() -> None:
    rows = (*_voucher(1, "0"), *_voucher(2, "0"), *_voucher(5, "3", "-3"), *_voucher(6, "0"))
    assert failing(LEDGER, "L005", *rows) == [3]


def test_l005_counts_each_series_and_year_for_itself() -> None:
    rows = (
        {"number_int": 1},
        {"number_int": 4, "series": "B"},
        {"number_int": 9, "fiscal_year": 2024},
        {"number_int": 3, "series": None},
        {"number_int": 6, "series": None},
        {"number_int": None},
        {"number_int": 40, "kind": "opening"},
    )
    assert failing(LEDGER, "L005", *rows) == [5]


def test_l005_does_not_depend_on_the_order_in_the_file() -> None:
    assert failing(LEDGER, "L005", *_voucher(3, "0"), *_voucher(1, "0"), *_voucher(2, "0")) == []


def test_l006_a_changed_voucher_is_told() -> None:
    assert failing(LEDGER, "L006", {}, {"redelivered_changed": True}) == [2]


def test_l007_a_control_total_must_match_to_the_ore() -> None:
    rows = (
        {"declared": Decimal("10.00"), "actual": Decimal("10.00"), "judged": True},
        {"declared": Decimal("10.00"), "actual": Decimal("10.01"), "judged": True},
        {"declared": Decimal("10.00"), "actual": Decimal("99.00"), "judged": False},
        {"declared": None, "actual": Decimal("0.00"), "judged": True},
    )
    results = judge({"controls": batch_rows("controls", *rows)}, LEDGER)
    assert [(r.rule, r.severity, r.row_ids) for r in results] == [("L007", Severity.BLOCKING, (2, 4))]


def test_l008_an_unmapped_row_blocks() -> None:
    results = judge({"lines": batch_rows("lines", {"line_id": "staff"}, {"line_id": None})}, LEDGER)
    assert [(r.rule, r.severity, r.row_ids) for r in results] == [("L008", Severity.BLOCKING, (2,))]


def test_l010_contributions_may_differ_by_a_krona() -> None:
    outcomes = ["100.00", "101.00", "99.00", "101.01", "98.99"]
    rows = [{"outcome_kr": Decimal(o), "expected_kr": Decimal(100)} for o in outcomes]
    assert failing(LEDGER, "L010", *rows, batch="financing") == [4, 5]
    assert failing(LEDGER, "L010", {"outcome_kr": Decimal(7), "expected_kr": None}, batch="financing") == []


def test_l011_a_file_of_balances_whose_year_has_no_vouchers() -> None:
    assert failing(LEDGER, "L011", *({"vouchers": n} for n in (0, 1, 250)), batch="ledgers") == [1]


def test_p012_a_personnummer_in_a_ledger_row_takes_its_voucher_along() -> None:
    rows = typed_rows(
        LEDGER, *_voucher(1, "5", "-5"), {**_voucher(1, "0")[0], "personnummer_in": "text"}, *_voucher(2, "1", "-1")
    )
    results = judge({"rows": rows}, LEDGER)
    assert (rows_of(results, "P012"), rows_of(results, "L001")) == ([3], [1, 2])


def _placed(period: str, outcome: str | None, budget: str | None) -> dict[str, Any]:
    return {"period": period, "outcome_kr": outcome and Decimal(outcome), "budget_kr": budget and Decimal(budget)}


def test_g002_outcome_and_budget_under_different_interventions() -> None:
    rows = (
        _placed("2025H1", "100.00", "0.00"),
        _placed("2025H1", "0.00", "100.00"),
        _placed("2025H1", "100.00", "90.00"),
        _placed("2025H1", "0.00", "0.00"),
        _placed("2024H2", "100.00", "0.00"),  # no other waits for an outcome there
        _placed("2024H2", "7.00", "7.00"),
        _placed("2024H1", "0.00", "100.00"),
    )
    assert failing(BUDGET, "G002", *rows, batch="placements") == [1, 2]
    assert [r.severity for r in judge({"placements": batch_rows("placements", *rows)}, BUDGET)] == [Severity.WARNING]


def test_g003_two_tables_follow_budgets_that_differ_by_more_than_rounding() -> None:
    rows = [
        {"income_statement_kr": Decimal(15_186_000), "intervention_budget_kr": Decimal(other), "lines": 4}
        for other in ("15186000", "15188000", "15184000", "15188000.01", "15200500")
    ]
    rows.append({"income_statement_kr": None, "intervention_budget_kr": Decimal(1), "lines": 4})
    assert failing(BUDGET, "G003", *rows, batch="versions") == [4, 5]


def test_g001_names_the_column_that_cannot_be_placed_or_read() -> None:
    faults: list[tuple[str, dict[str, Any]]] = [
        ("version", {"version": None}),
        ("period", {"period": None, "period_given": True}),
        ("amount", {"amount": None, "amount_given": True}),
        ("line_id", {"line_known": False}),
        ("line_id", {"line_id": None, "line_known": False}),
        ("account", {"account_given": True}),
        ("account", {"line_id": None, "line_known": False, "account": "4010"}),
        ("object", {"object": "x"}),
        ("decided_on", {"decided_on_given": True}),
    ]
    results = judge({"rows": typed_rows(BUDGET, *(cells for _, cells in faults), {})}, BUDGET)
    assert {r.rule for r in results if not r.passed} == {"G001"}
    found = {(row, r.column) for r in results for row in r.row_ids}
    assert found == {(n, column) for n, (column, _) in enumerate(faults, 1)}


def test_g001_a_row_may_be_placed_by_account_or_by_line() -> None:
    by_account = {"line_id": None, "line_known": True, "account": "4010"}
    by_project = {"object": "100", "object_known": True, "decided_on": "2024-12-01"}
    assert failing(BUDGET, "G001", by_account, by_project) == []
