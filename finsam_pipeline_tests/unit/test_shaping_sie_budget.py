"""The budgets a SIE file holds: each krona once, by project as far as the file says, with the signs a report prints."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.register.model import LineRule, Register, ReportLine
from finsam_pipeline.shaping import DeliveryRef, Shaped, shape
from finsam_pipeline_tests.shaping_tables import KEY, cells, register

HEAD = "#FLAGGA 0\n#SIETYP 4\n#GEN 20250815\n#RAR 0 20250101 20251231\n#RAR -1 20240101 20241231\n"
Rows = list[tuple[object, ...]]


def budget(text: str, known: Register | None = None) -> Shaped:
    ref = DeliveryRef("a", "budget", "x.se", "0" * 64, dt.date(2025, 9, 15))
    return shape(read((HEAD + text).encode(), "x.se"), SOURCES["budget"], known or register(), ref, Pseudonymiser(KEY))


def rows(out: Shaped, *columns: str) -> Rows:
    return list(zip(*(cells(out.rows, column) for column in columns), strict=True))


def test_a_month_of_an_account():
    out = budget("#PBUDGET 0 202503 5010 {} 1000.00\n#PBUDGET -1 202412 3010 {} -500\n#PBUDGET 0 202503 1930 {} 7\n")
    assert rows(out, "row", "version", "decided_on", "period", "account", "object", "amount") == [
        (6, "SIE 2025", None, "2025-03", "5010", None, Decimal(1000)),
        (7, "SIE 2024", None, "2024-12", "3010", None, Decimal(500)),
    ]
    assert out.facts["not_data"] == {"balance_budget": 1}


def test_a_whole_and_its_parts_count_once():
    whole = "#PBUDGET 0 202503 5010 {} 1000\n"
    projects = '#PBUDGET 0 202503 5010 {"6" "1001"} 600\n#PBUDGET 0 202503 5010 {6 1002} 100.50\n'
    other = '#PBUDGET 0 202503 5010 {"1" "910"} 1000\n'
    pairs = '#PBUDGET 0 202503 5010 {"1" "910" "6" "1001"} 600\n'
    out = budget(whole + projects + other + pairs)
    assert rows(out, "object", "amount") == [(None, Decimal("299.50")), ("1001", Decimal(600)), ("1002", Decimal("100.50"))]
    assert out.rows["intervention_id"].tolist()[1] == "norr"
    assert out.facts["not_data"] == {"part": 2}
    assert rows(budget(whole + other), "object", "amount") == [(None, Decimal(1000))]
    assert rows(budget(whole + other + pairs), "object", "amount") == [(None, Decimal(400)), ("1001", Decimal(600))]
    assert rows(budget(projects), "amount") == [(Decimal(600),), (Decimal("100.50"),)]


def test_where_the_balances_show_that_only_the_rest_is_untagged_all_records_count():
    balances = '#RES 0 5010 30\n#PSALDO 0 202503 5010 {} 10\n#PSALDO 0 202503 5010 {"6" "1001"} 20\n'
    budgets = '#PBUDGET 0 202503 5010 {} 1\n#PBUDGET 0 202503 5010 {"6" "1001"} 2\n#PBUDGET 0 202503 5010 {"1" "x"} 4\n'
    assert rows(budget(balances + budgets), "amount") == [(Decimal(1),), (Decimal(2),), (Decimal(4),)]
    refused = balances.replace("RES 0 5010 30", "RES 0 5010 31")
    assert rows(budget(refused + budgets), "amount") == [(Decimal(1),)]


def test_an_amount_that_cannot_be_read_is_a_row_and_breaks_no_other():
    out = budget("#PBUDGET 0 202503 5010 {} 1000\n#PBUDGET 0 202503 5010 {6 1001} 1,234\n#PBUDGET 0 202504 5010 {} 5\n")
    assert rows(out, "row", "amount") == [(6, Decimal(1000)), (7, None), (8, Decimal(5))]
    assert out.rows["amount_given"].tolist() == [True, True, True]


def test_the_sign_follows_the_lines_an_account_stands_on():
    def rule(line: str, account: str) -> LineRule:
        return LineRule(1, line, account, account, (), "", None, None, None)

    def line(identity: str, block: str) -> ReportLine:
        return ReportLine(dt.date(2000, 1, 1), 1, identity, identity, "line", block, ())

    rules = (rule("ranta", "83"), rule("bidrag", "84"), rule("kostnad", "39"), rule("bidrag", "35"), rule("kostnad", "359"))
    lines = (line("ranta", "office"), line("bidrag", "income"), line("kostnad", "activities"))
    known = dataclasses.replace(register(), report_lines=lines, line_rules=rules)
    accounts = {"8310": -1, "8410": 1, "3980": -1, "3510": 1, "3590": 1, "3010": 1, "7010": -1}
    out = budget("".join(f"#PBUDGET 0 202503 {account} {{}} -1\n" for account in accounts), known)
    assert rows(out, "account", "amount") == [(account, Decimal(sign)) for account, sign in accounts.items()]


def test_a_year_or_period_nobody_can_read_is_a_row_that_fails():
    out = budget("#PBUDGET x 202503 5010 {} 1\n#PBUDGET 0 20255 5010 {} 1\n")
    assert cells(out.rows, "period") == ["2025-03", None]


@pytest.mark.parametrize("year", ["-2", "-9", "1"])
def test_other_years_are_left_out_and_counted(year: str):
    out = budget(f"#PBUDGET 0 202503 5010 {{}} 1\n#PBUDGET {year} 202301 5010 {{}} 1\n#PBUDGET {year} 202302 5010 {{}} 1\n")
    assert (cells(out.rows, "period"), out.facts["not_data"]) == (["2025-03"], {"other_year": 2})
    alone = budget(f"#PBUDGET {year} 202301 5010 {{}} 1\n")
    assert (len(alone.rows), alone.facts["not_data"]) == (0, {"other_year": 1})


def test_a_file_without_a_budget_is_turned_away():
    with pytest.raises(Rejected, match="wrong_source"):
        budget("#IB 0 1930 5\n#VER A 1 20250105\n{\n#TRANS 1930 {} 5\n#TRANS 5010 {} -5\n}\n")
