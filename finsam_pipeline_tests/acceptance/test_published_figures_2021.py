"""Every figure of the report on the first half of 2021 comes out of the marts of the project's own example, cell by cell.

The example holds 2021 beside 2025: other lines, other columns, a budget version for each table, a settled project, SUS and SIE.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.register import Register, load_register
from finsam_pipeline.store.reader import Snapshot, open_snapshot
from finsam_pipeline_tests.acceptance import published_2021 as printed
from finsam_pipeline_tests.workspaces import Office

Rows = Callable[..., list[dict[str, Any]]]
CELLS = ("outcome_kr", "budget_kr", "difference_kr")


@pytest.fixture(scope="module")
def marts(demo_home: Path) -> Snapshot:
    return open_snapshot(demo_home)


@pytest.fixture(scope="module")
def register(demo_home: Path) -> Register:
    return load_register(next((demo_home / "config").iterdir()))


@pytest.fixture(scope="module")
def rows(marts: Snapshot) -> Rows:
    """The rows of a mart in one period."""

    def of(mart: str, period: str = printed.PERIOD) -> list[dict[str, Any]]:
        return [r for r in marts.table(mart).to_pylist() if r.get("period", period) == period]

    return of


def tkr(kr: Decimal) -> int:
    return int((kr / 1000).quantize(Decimal(1), ROUND_HALF_UP))


def id_of(register: Register, name: str) -> str:
    return register.intervention_by_name()[fold(name)]


@pytest.mark.parametrize("measure", ["participants", "started", "ended"])
def test_totals_by_gender(rows: Rows, measure: str):
    flow = rows("participants/participant_flow")
    wanted = getattr(printed, measure.upper())
    assert {g: sum(r[measure] for r in flow if r["gender"] == g) for g in wanted} == wanted


def test_participants_per_intervention_where_the_text_gives_them(rows: Rows, register: Register):
    flow = {(r["intervention_id"], r["gender"]): r["participants"] for r in rows("participants/participant_flow")}
    found = {
        name: tuple(flow[id_of(register, name), g] for g in ("woman", "man", "anonymous"))
        for name in printed.PARTICIPANTS_BY_INTERVENTION
    }
    assert found == printed.PARTICIPANTS_BY_INTERVENTION


def test_started_per_intervention_where_the_text_gives_it(rows: Rows, register: Register):
    flow = rows("participants/participant_flow")
    found = {
        name: sum(r["started"] for r in flow if r["intervention_id"] == id_of(register, name))
        for name in printed.STARTED_BY_INTERVENTION
    }
    assert found == printed.STARTED_BY_INTERVENTION


def test_anonymous_participants_stand_in_the_period_and_in_the_year_and_in_no_flow(rows: Rows):
    for period in (printed.PERIOD, f"{printed.YEAR}"):
        own = [r for r in rows("participants/participant_flow", period) if r["gender"] == "anonymous"]
        assert sum(r["participants"] for r in own) == printed.PARTICIPANTS["anonymous"]
        assert {r[m] for r in own for m in ("carried_in", "started", "ended", "carried_out")} == {0}


def test_income_statement_cell_by_cell_in_the_reports_order(rows: Rows):
    statement = sorted(rows("economy/income_statement"), key=lambda r: r["line_order"])
    figures = {r["label"]: r for r in statement if r["kind"] not in {"section", "memo"}}
    assert list(figures) == list(printed.INCOME_STATEMENT)
    for label, (budget, outcome, difference) in printed.INCOME_STATEMENT.items():
        r = figures[label]
        told = -r["difference_tkr"] if r["difference_tkr"] is not None else None
        assert (r["budget_tkr"], r["outcome_tkr"], told) == (budget or 0, outcome, difference), label
    assert tuple(r["label"] for r in statement if r["kind"] == "section") == printed.SECTIONS
    (memo,) = (r for r in statement if r["kind"] == "memo")
    assert (memo["outcome_tkr"], memo["budget_tkr"]) == (printed.OPENING_EQUITY_TKR, None)


def test_the_settled_project_stands_gross_on_both_sides(rows: Rows):
    lines = {r["label"]: r for r in rows("economy/income_statement")}
    for label in ("Intäkter Projekt Rätt stöd för mig", "Kostnader Projekt Rätt stöd för mig"):
        assert [lines[label][c] for c in CELLS] == [Decimal(printed.SETTLED_KR), Decimal(0), None]
    income = lines["Summa intäkter"]["outcome_kr"] - printed.SETTLED_KR
    assert tkr(income) == printed.INCOME_WITHOUT_SETTLED_TKR


def test_outcome_against_budget_per_intervention_with_the_revised_budget(rows: Rows, register: Register):
    found = {r["intervention_id"]: tuple(r[c] for c in CELLS) for r in rows("economy/intervention_budget")}
    for name, cells in printed.INTERVENTION_BUDGET.items():
        assert found.pop(id_of(register, name)) == tuple(Decimal(n) for n in cells), name
    assert found.pop(id_of(register, printed.SETTLED)) == (Decimal(printed.SETTLED_KR), Decimal(0), None)
    assert set(found.values()) == {(Decimal(0), Decimal(0), Decimal(0))}, "what the report does not print has neither"


def test_sums_per_orientation_leave_the_settled_project_out(rows: Rows):
    own = [r for r in rows("economy/intervention_budget") if r["difference_kr"] is not None]
    sums = {o: tuple(int(sum(r[c] for r in own if r["orientation"] == o)) for c in CELLS) for o in printed.INTERVENTION_SUMS}
    assert sums == printed.INTERVENTION_SUMS
    assert tuple(int(sum(r[c] for r in own)) for c in CELLS) == printed.INTERVENTION_TOTAL


def test_the_two_tables_use_two_budgets(rows: Rows):
    statement = {r["line_id"]: r["budget_kr"] for r in rows("economy/income_statement")}
    in_statement = statement["insatser"]
    in_table = sum(r["budget_kr"] for r in rows("economy/intervention_budget"))
    assert in_table - in_statement == 14500


def test_cost_distribution(rows: Rows):
    costs = rows("economy/cost_distribution")
    assert {r["category"]: (tkr(r["cost_kr"]), str(r["share_percent"])) for r in costs} == printed.COST_DISTRIBUTION
    assert tkr(sum((r["cost_kr"] for r in costs), Decimal(0))) == printed.COST_TOTAL_TKR


def test_twelve_month_forecast(rows: Rows):
    lines = sorted(rows("economy/full_year_forecast"), key=lambda r: r["line_order"])
    assert [(r["label"], r["amount_tkr"]) for r in lines if r["kind"] in {"cost", "outcome"}] == printed.FORECAST
    assert {r["kind"]: r["amount_tkr"] for r in lines if r["kind"] in printed.FORECAST_SUMS} == printed.FORECAST_SUMS
    assert [r["kind"] for r in lines][-4:] == ["total", "income", "result", "equity"]


def test_equity_opens_as_printed_and_closes_with_the_result(rows: Rows):
    (equity,) = rows("economy/equity")
    assert tkr(equity["opening_kr"]) == printed.OPENING_EQUITY_TKR
    assert tkr(equity["result_kr"]) == printed.INCOME_STATEMENT["Årets Resultat"][1]
    assert equity["closing_kr"] == equity["opening_kr"] + equity["result_kr"]


def test_the_years_budget_is_what_the_text_says(rows: Rows):
    year = {r["line_id"]: r for r in rows("economy/income_statement", f"{printed.YEAR}")}
    assert year["intakter"]["budget_tkr"] == printed.BUDGETED_INCOME_OF_THE_YEAR_TKR
    assert sum(year[line]["budget_tkr"] for line in ("fk", "region", "kommun")) == printed.MEMBERS_OF_THE_YEAR_TKR


def test_members_contribute_half_and_two_quarters(rows: Rows):
    found = {r["member_id"]: (r["outcome_kr"], str(r["share_percent"])) for r in rows("economy/financing")}
    assert sorted(found.values()) == [(Decimal(4_000_000), "25.0"), (Decimal(4_000_000), "25.0"), (Decimal(8_000_000), "50.0")]


def test_webinars_volume_and_key_figures(rows: Rows, marts: Snapshot, register: Register):
    events = {r["type"]: (r["events"], r["attendees"]) for r in rows("participants/activities")}
    assert events == {"Webbinarium": (printed.WEBINARS, printed.WEBINAR_ATTENDEES)}
    volumes = [(r["year"], r["total"]) for r in marts.table("participants/volume").to_pylist()]
    assert volumes == [(printed.YEAR, printed.WEBINAR_ATTENDEES)]
    found = {(r["intervention_id"], r["key"]): int(r["value"]) for r in rows("participants/key_figures")}
    assert found == {(id_of(register, name), key): value for (name, key), value in printed.KEY_FIGURES.items()}


def test_the_period_is_complete(rows: Rows):
    (period,) = rows("reference/periods")
    assert period["complete"] is True


def test_both_reports_come_out(demo_home: Path):
    for period in (printed.PERIOD, "2025H1"):
        said = Office(demo_home).finsam("report", "--association", "stockholm", "--period", period, "--format", "html", "--json")
        assert said.status == 0, said.err
    page = (demo_home / "reports" / "stockholm" / printed.PERIOD / "draft" / "halvarsrapport.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ").replace("\u2212", "-")
    for figure in ("676 deltagare", "19 689", "-2 928", "11 582 620", "12 247 695", "-2 952 805", "33 416", "10 066"):
        assert figure in text, figure
