"""What the accounts alone say: kinds of cost, the balance sheet, and the statement beside the year before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from finsam_pipeline import models
from finsam_pipeline.register import ConfigurationErrors, load_register, write_template
from finsam_pipeline.register.model import BalanceLine, CostKind
from finsam_pipeline_tests.model_tables import (
    KR,
    LINES,
    booked,
    built,
    intervention,
    line,
    opening,
    register,
    rows,
    table,
)

CONFIG = register(intervention("one"), intervention("passed", settled=True))
BOOKS = (
    opening(2025, "1930", "1000"),
    opening(2025, "2010", "-700"),
    opening(2025, "2440", "-300"),
    booked("2025-02-01", "1930", "500"),
    booked("2025-02-01", "3100", "-500"),
    booked("2025-03-01", "5010", "120", "one"),
    booked("2025-03-01", "2440", "-120"),
    booked("2025-08-01", "6500", "80.50"),
    booked("2025-08-01", "1930", "-80.50"),
)


def kinds(config: object, *ledger: dict[str, object]) -> list[tuple[object, ...]]:
    with built(config, table("huvudbok", *ledger)) as result:  # type: ignore[arg-type]
        return rows(result, "economy/cost_kinds", "intervention_id", "kind", "outcome_kr", period="2025H1")


def balance(*ledger: dict[str, object], period: str = "2025H1", **facts: object) -> dict[str, tuple[object, ...]]:
    with built(replace(CONFIG, **facts), table("huvudbok", *ledger)) as result:  # type: ignore[arg-type]
        found = rows(result, "economy/balance_sheet", "line_id", "opening_kr", "change_kr", "closing_kr", period=period)
    return {str(f[0]): f[1:] for f in found if any(f[1:])}


def test_costs_stand_by_kind_inside_each_intervention_and_outside_all():
    ledger = [
        booked("2025-01-10", "5010", "100.25", "one"),
        booked("2025-06-30", "5090", "10", "one"),
        booked("2025-02-01", "7010", "-3", "passed"),
        booked("2025-02-01", "7010", "40"),
        booked("2025-07-01", "7010", "40"),
        booked("2025-02-01", "3100", "-500"),
    ]
    assert kinds(CONFIG, *ledger) == [
        ("one", "premises", KR("110.25")),
        ("passed", "personnel", KR("-3")),
        (None, "personnel", KR("40")),
    ]
    other_chart = replace(CONFIG, chart_of_accounts="kommun-bas")
    assert [k[1] for k in kinds(other_chart, *ledger)] == ["personnel", "travel_information", "travel_information"]


def test_the_first_range_of_the_associations_own_kinds_decides_and_nothing_is_lost():
    own = (CostKind("rent", "Hyra", "501", "501"), CostKind("house", "Hus", "50", "50"))
    ledger = [booked("2025-01-10", a, "1") for a in ("5010", "5020", "6000")]
    assert kinds(replace(CONFIG, cost_kinds=own), *ledger) == [
        (None, "rent", KR(1)),
        (None, "house", KR(1)),
        (None, "unsorted", KR(1)),
    ]


def test_a_line_of_the_balance_sheet_opens_moves_and_closes():
    first, second = balance(*BOOKS), balance(*BOOKS, period="2025H2")
    assert first == {
        "cash": (KR(1000), KR(500), KR(1500)),
        "equity": (KR(700), KR(0), KR(700)),
        "current_liabilities": (KR(300), KR(120), KR(420)),
        "result": (KR(0), KR(380), KR(380)),
    }
    assert second["cash"] == (KR(1500), KR("-80.50"), KR("1419.50"))
    assert second["result"] == (KR(380), KR("-80.50"), KR("299.50"))
    assert balance(*BOOKS, period="2025")["result"] == (KR(0), KR("299.50"), KR("299.50"))


def test_a_result_that_is_booked_is_equity_and_one_that_is_not_yet_is_shown():
    closed = (*BOOKS, booked("2025-12-31", "8999", "299.50"), booked("2025-12-31", "2010", "-299.50"))
    assert balance(*closed, period="2025")["equity"] == (KR(700), KR("299.50"), KR("999.50"))
    assert "result" not in balance(*closed, period="2025")
    unbooked = (opening(2025, "1930", "900"), opening(2025, "2010", "-700"))
    assert balance(*unbooked) == {
        "cash": (KR(900), KR(0), KR(900)),
        "equity": (KR(700), KR(0), KR(700)),
        "prior_result": (KR(200), KR(0), KR(200)),
    }


def test_accounts_no_line_takes_are_shown_and_without_opening_balances_there_is_no_balance_sheet():
    own = (BalanceLine("bank", "Bank", "asset", "193", "193"),)
    found = balance(*BOOKS, booked("2025-02-02", "1510", "5"), booked("2025-02-02", "1930", "-5"), balance_lines=own)
    assert found["bank"] == (KR(1000), KR(495), KR(1495))
    assert found["unsorted_assets"] == (KR(0), KR(5), KR(5))
    assert found["unsorted_liabilities"] == (KR(1000), KR(120), KR(1120))
    assert balance(*BOOKS[3:]) == {}


def test_books_that_do_not_balance_in_a_period_are_a_warning_and_hold_nothing_back():
    torn = (*BOOKS, booked("2025-06-30", "1930", "7"), booked("2025-07-01", "3100", "-7"))  # one voucher, two periods
    with built(CONFIG, table("huvudbok", *BOOKS)) as result:
        assert [t for t in models.run_tests(result) if not t.passed] == []
    with built(CONFIG, table("huvudbok", *torn)) as result:
        (failed,) = [t for t in models.run_tests(result) if not t.passed]
    assert (failed.test, failed.severity, failed.failing_rows) == ("balance_sheet_balances", "warn", 2)


def test_the_statement_stands_beside_the_year_before():
    lines = (*LINES, line(10, "new", "office"))
    ledger = (booked("2024-06-01", "6010", "100.50"), booked("2025-02-01", "6010", "250"))
    with built(replace(CONFIG, report_lines=lines), table("huvudbok", *ledger), years=(2024, 2025)) as result:
        columns = ("period", "outcome_kr", "year_before_kr", "change_kr", "change_tkr")
        assert rows(result, "economy/period_comparison", *columns, line_id="office") == [
            ("2024", KR("100.50"), None, None, None),
            ("2024H1", KR("100.50"), None, None, None),
            ("2024H2", KR(0), None, None, None),
            ("2025", KR(250), None, None, None),  # the ledger of 2024 does not reach its end
            ("2025H1", KR(250), KR("100.50"), KR("149.50"), 0),
            ("2025H2", KR(0), None, None, None),
        ]
        assert [t.test for t in models.run_tests(result) if not t.passed] == []
        for broken, test in (
            ("update cost_kinds set outcome_kr = outcome_kr + 1", "cost_kinds_add_up"),
            ("update economy_period_comparison set outcome_kr = outcome_kr + 1", "statement_comparisons_agree"),
        ):
            result.connection.execute("begin")
            result.connection.execute(broken)
            assert test in {t.test for t in models.run_tests(result) if not t.passed}
            result.connection.execute("rollback")


def test_a_share_of_next_to_nothing_is_empty_instead_of_stopping_the_run():
    ledger = (opening(2025, "1930", "99000000"), opening(2025, "2010", "-99000000"), booked("2025-02-01", "3100", "-0.01"))
    with built(CONFIG, table("huvudbok", *ledger)) as result:
        assert rows(result, "economy/equity", "closing_kr", "share_of_member_funds_percent", period="2025H1") == [
            (KR("99000000.01"), None)
        ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cost_kinds.csv", "kind;label\na;A\na;B\n", "annan text"),
        ("cost_kinds.csv", "kind;label;account_from\na;A;5x\n", "siffror"),
        ("balance_lines.csv", "line_id;label;side\na;A;left\n", "asset eller equity eller liability"),
        ("balance_lines.csv", "line_id;label;side\nresult;A;asset\n", "pipelinen"),
    ],
)
def test_faults_in_the_optional_files_are_told(tmp_path: Path, name: str, text: str, said: str):
    folder = write_template(tmp_path, "prov")
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationErrors, match=said):
        load_register(folder)


def test_the_optional_files_are_read_and_belong_to_the_identity(tmp_path: Path):
    folder = write_template(tmp_path, "prov")
    before = load_register(folder)
    (folder / "cost_kinds.csv").write_text("kind;label;account_from;account_to\nrent;Hyra;501;501\n", encoding="utf-8")
    after = load_register(folder)
    assert (before.cost_kinds, after.cost_kinds) == ((), (CostKind("rent", "Hyra", "501", "501"),))
    assert before.fingerprint != after.fingerprint
