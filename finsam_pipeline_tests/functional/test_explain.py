"""`finsam explain` as a user meets it: a figure to its rows, a row to its figures, and when it does not answer."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from finsam_pipeline.pipeline import open_run
from finsam_pipeline_tests.workspaces import BUDGET, COSTS, DAY, LATER, LEDGER, PEOPLE, Office, budget, ledger, people

pytestmark = pytest.mark.usefixtures("states_alone")
FLOW = ("participant_flow", "period=2025H1", "intervention_id=verkstan", "gender=woman")
DELIVERED = "landing/dalen/deltagaruppfoljning/2025-07-10/deltagare.csv"
BOOKED = "landing/dalen/huvudbok/2025-07-10/huvudbok.csv"


def explain(office: Office, *words: object):
    said = office.finsam("explain", *words, "--json")
    return said.status, json.loads(said.out)


def test_a_figure_is_told_with_what_it_is_and_every_row_behind_it(run_office: Office):
    said = run_office.finsam("explain", *FLOW, "--measure", "participants")
    assert said.status == 0
    for words in (
        "Deltagarflöde",
        "en insats, en period och ett kön",
        "participants: 2 deltagare",
        "Tillsammans 2 deltagare: stämmer",
    ):
        assert words in said.out
    assert [line.split()[:2] for line in said.out.splitlines() if line.startswith("landing/")] == [
        [DELIVERED, "2"],
        [DELIVERED, "4"],
    ]


def test_a_figure_that_nothing_adds_up_to_is_written_like_its_sum(run_office: Office):
    _, found = explain(run_office, "economy/intervention_budget", "intervention_id=slussen", "period=2025H1")
    assert [(f["value"], f["total"], f["equal"]) for f in found["figures"]] == [("0.00", "0.00", True)] * 3


def test_json_gives_figures_and_contributions_in_one_object(run_office: Office):
    status, found = explain(run_office, "economy/income_statement", "line_id=insatser", "period=2025H1")
    assert status == 0
    outcome = next(f for f in found["figures"] if f["measure"] == "outcome_kr")
    assert (outcome["value"], outcome["total"], outcome["equal"], outcome["rows"]) == ("50000.50", "50000.50", True, 1)
    (row,) = [c for c in found["contributions"] if c["measure"] == "outcome_kr"]
    assert (row["path"], row["sheet"], row["row"], row["contribution"]) == (BOOKED, None, 6, "50000.50")
    assert found["snapshot_id"] == run_office.snapshot().id
    assert all(
        sum(Decimal(str(c["contribution"])) for c in found["contributions"] if c["measure"] == f["measure"])
        == Decimal(f["value"])
        for f in found["figures"]
        if f["measure"].endswith("_kr")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "period=2025"), "participants/participant_flow"),
        (("quality/rules", "rule=P001"), "räknas inte fram ur källrader"),
        (("equity", "year=2025"), "association, period"),
        (("equity", "period=2019"), "2025H1"),
        (("equity",), "period=2025, 2025H1, 2025H2"),
        (("equity", "period=2025", "--measure", "profit"), "opening_kr, result_kr"),
        (("equity", "period"), "NYCKEL=VÄRDE"),
        ((), "finsam explain"),
        (("--row", "landing/dalen/budget/ny.csv", "2"), "är inte levererad"),
        (("--row", "elsewhere.csv", "2"), "ligger inte i landing"),
    ],
)
def test_what_cannot_be_answered_is_said_with_what_exists(run_office: Office, words: tuple[str, ...], said: str):
    answer = run_office.finsam("explain", *words)
    assert answer.status == 2
    assert said in " ".join(answer.err.split())


def test_nothing_is_written(run_office: Office):
    before = run_office.listing()
    explain(run_office, *FLOW)
    explain(run_office, "--row", DELIVERED, 2)
    assert run_office.listing() == before


def test_before_the_first_run_it_says_to_run(tmp_path):
    answer = Office.start(tmp_path / "home").finsam("explain", *FLOW)
    assert (answer.status, "Kör först: finsam run --home " in answer.err) == (2, True)


@pytest.fixture(scope="module")
def waiting(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One row waits for a decision; not to be changed."""
    office = run_office.copy_to(tmp_path_factory.mktemp("waiting") / "home")
    office.put("deltagaruppfoljning", "mer.csv", people("7;Verkstan;man;2026-01-01;;"))
    assert office.run().status == 3
    return office


@pytest.mark.parametrize(
    "change",
    [
        lambda office: office.amend("targets.csv", "10", "11"),
        lambda office: office.decide_on("2025-07-11", office.items("--all")[0], "drop"),
    ],
    ids=["configuration", "decision"],
)
def test_it_does_not_answer_when_something_has_changed_since(waiting: Office, tmp_path, change):
    office = waiting.copy_to(tmp_path / "home")
    change(office)
    answer = office.finsam("explain", *FLOW)
    assert (answer.status, "har ändrats" in answer.err) == (2, True)
    office.run()
    assert office.finsam("explain", *FLOW).status == 0


def test_it_does_not_answer_from_a_run_that_was_cut_off(office: Office):
    office.put("huvudbok", "fler.csv", ledger("B1;2025-06-01;6110;;5,00;", "B1;2025-06-01;1930;;;5,00"), LATER)
    with open_run(office.home, office.association) as run:
        run.take("huvudbok")
    answer = office.finsam("explain", *FLOW)
    assert (answer.status, "blev inte klar" in answer.err) == (2, True)


def test_figures_that_are_held_back_are_not_explained_by_newer_rows(office: Office):
    office.put("huvudbok", "fler.csv", ledger("B1;2025-06-01;9000;;5,00;", "B1;2025-06-01;3999;;;5,00"), LATER)
    assert office.run().status == 4
    answer = office.finsam("explain", "equity", "period=2025H1")
    assert (answer.status, "hålls tillbaka" in answer.err) == (2, True)
    assert office.finsam("explain", *FLOW).status == 0
    _, traced = explain(office, "--row", BOOKED, 6)
    assert (traced["state"], traced["figures"]) == ("accepted", [])


def test_an_accepted_row_and_the_figures_it_is_in(run_office: Office):
    _, found = explain(run_office, "--row", BOOKED, 8)
    assert (found["state"], found["rules"]) == ("accepted", [])
    named = {(f["mart"], f["key"]["period"], f["measure"]) for f in found["figures"] if f["mart"] != "economy/ledger_month"}
    assert ("economy/equity", "2025H1", "result_kr") in named
    assert ("economy/intervention_budget", "2025H1", "outcome_kr") not in named


def test_a_row_is_found_however_its_file_is_named(run_office: Office):
    _, relative = explain(run_office, "--row", BOOKED, 8)
    _, absolute = explain(run_office, "--row", run_office.home / BOOKED, 8)
    assert relative == absolute


@pytest.fixture(scope="module")
def eventful(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A row in quarantine, rows that newer files replace, a file that repeats another, two that were rejected; not to be changed."""
    office = run_office.copy_to(tmp_path_factory.mktemp("eventful") / "home")
    office.put("deltagaruppfoljning", "fel.csv", people("8;Slussen;okänt;2025-01-01;;"))
    office.put("deltagaruppfoljning", "nyare.csv", people(*PEOPLE[:3]), LATER)
    office.put("budget", "ny.csv", budget(BUDGET[0].replace("400000", "500000")), LATER)
    office.put("huvudbok", "igen.csv", ledger(*LEDGER), LATER)
    office.put("huvudbok", "trasig.csv", b"Ver;Datum\r\nA1;2025-01-01\r\n")
    office.put("okand", "fil.csv", ledger(*COSTS))
    assert office.run().status == 3
    return office


def test_a_row_in_quarantine_is_told_with_its_rule(eventful: Office, tmp_path):
    office = eventful.copy_to(tmp_path / "home")
    path = DELIVERED.replace("deltagare.csv", "fel.csv")
    _, found = explain(office, "--row", path, 2)
    assert (found["state"], found["figures"]) == ("quarantined", [])
    assert [(r["rule"], r["column"], r["open"]) for r in found["rules"]] == [("P003", "gender", True)]
    office.decide(office.items()[0], "drop")
    office.run()
    _, found = explain(office, "--row", path, 2)
    assert (found["state"], found["figures"]) == ("dropped", [])


def test_a_replaced_row_is_told_with_the_day_it_was_replaced(eventful: Office):
    _, found = explain(eventful, "--row", DELIVERED, 2)
    assert (found["state"], found["replaced_on"]) == ("superseded", LATER)
    assert {f["mart"] for f in found["figures"]} == {"participants/registration_lag"}
    _, found = explain(eventful, "--row", DELIVERED, 6)
    assert (found["state"], found["figures"] != []) == ("accepted", True)
    _, found = explain(eventful, "--row", "landing/dalen/budget/2025-07-10/budget.csv", 3)
    assert (found["state"], found["replaced_on"], found["figures"]) == ("superseded", None, [])


def test_a_file_that_repeats_another_points_at_it(eventful: Office):
    _, found = explain(eventful, "--row", "landing/dalen/huvudbok/2025-09-10/igen.csv", 6)
    assert (found["counted_path"], found["state"], found["figures"] != []) == (BOOKED, "accepted", True)
    assert BOOKED in found["message"]


def test_headings_and_rejected_files_hold_no_rows_that_count(eventful: Office):
    for path, row, state in (
        (BOOKED, 1, "no_row"),
        (BOOKED, 900, "no_row"),
        (BOOKED.replace("huvudbok.csv", "trasig.csv"), 2, "rejected"),
        ("landing/dalen/okand/2025-07-10/fil.csv", 2, "rejected"),
    ):
        _, found = explain(eventful, "--row", path, row)
        assert (found["state"], found["figures"]) == (state, [])


def test_a_text_for_the_report_is_said_to_be_one(office: Office):
    office.put("texter", "svar.md", b"# Verkstan\n\nSom planerat.")
    office.put("texter", "annat.md", b"# Ingenting\n\nText.")
    office.run()
    told = office.finsam("explain", "--row", f"landing/dalen/texter/{DAY}/svar.md", "3")
    assert (told.status, "text till rapporten och står där som den är skriven" in told.out) == (0, True)
    assert "ingen källa" not in told.out
    refused = office.finsam("explain", "--row", f"landing/dalen/texter/{DAY}/annat.md", "1", "--json").json
    assert (refused["state"], "står inte i den: Varken filens första rubrik" in refused["message"]) == ("no_table", True)
    office.put("texter", "ny.md", b"# Verkstan\n\nNytt.", LATER)
    office.run()
    told = office.finsam("explain", "--row", f"landing/dalen/texter/{DAY}/svar.md", "3")
    assert "en nyare text har ersatt den" in told.out


def test_no_answer_holds_a_participants_values(run_office: Office):
    said = [run_office.finsam("explain", *FLOW).out, run_office.finsam("explain", "--row", DELIVERED, 2).out]
    for text in said:
        assert not any(value in text for value in ("2024-11-04", "2025-03-14"))
