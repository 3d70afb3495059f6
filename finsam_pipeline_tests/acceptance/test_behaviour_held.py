"""A blocking finding holds one slice back: it keeps its last good version, everything else is published (interface 2, 3 and 5)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finsam_pipeline_tests.workspaces import BUDGET, LATER, LEDGER, PEOPLE, Office, budget, ledger, people

pytestmark = pytest.mark.usefixtures("marts_alone")
UNMAPPED = (
    "A4;2025-06-30;8423;77;125,00;",
    "A4;2025-06-30;1930;;;125,00",
    "A5;2025-06-30;8423;77;5,00;",
    "A5;2025-06-30;1930;;;5,00",
)
MORE_PEOPLE = (*PEOPLE, "7;Verkstan;man;2025-06-01;;")


def slices(office: Office) -> dict[str, tuple[bool, bool, list[str]]]:
    """Family → stale, missing, what holds it back, by the manifest."""
    return {s["family"]: (s["stale"], s["missing"], s["held_reason"]) for s in office.snapshot().manifest["slices"]}


def test_an_unmapped_row_holds_the_economy_until_the_rule_is_mended(office: Office):
    good = office.mart("economy/income_statement")
    office.put("huvudbok", "ny.csv", ledger(*LEDGER, *UNMAPPED), LATER)
    office.put("deltagaruppfoljning", "ny.csv", people(*MORE_PEOPLE), LATER)
    said = office.run()
    assert said.status == 4
    assert slices(office)["economy"] == (True, False, ["L008"])
    assert slices(office)["participants"] == (False, False, [])
    assert office.mart("economy/income_statement") == good
    assert office.participants("2025H1", "verkstan") == 4
    items = office.items()
    assert {(i["rule"], i["severity"], i["row"]) for i in items} == {("L008", "B", 10), ("L008", "B", 12)}
    # Told by account and object wherever it is told.
    check = next(c for c in said.json["checks"] if c["name"] == "huvudbok/L008")
    assert check["about"] == ["konto 8423, objekt 6:77: 2 rader"]
    assert all("konto 8423, objekt 6:77" in item["message"] for item in items)
    printed = office.finsam("run").out
    assert "konto 8423, objekt 6:77: 2 rader" in printed
    assert "Hålls tillbaka: dalen/economy (L008). Den senaste goda versionen står kvar." in printed

    office.amend("line_rules.csv", "60;kansli;5;7;", "60;kansli;5;8;")
    mended = office.run()
    assert mended.status == 0
    assert slices(office)["economy"] == (False, False, [])
    assert office.outcome("2025H1", "kansli") == Decimal("10130.00")
    assert office.items() == []


def test_a_control_total_that_does_not_match_holds_the_economy(office: Office):
    good = office.mart("economy/income_statement")
    office.put("huvudbok", "ny.csv", ledger(*LEDGER, "Summa;;;;460000,00;460000,50"), LATER)
    said = office.run()
    assert said.status == 4
    [item] = office.items()
    assert (item["rule"], item["row"]) == ("L007", 10)
    assert office.mart("economy/income_statement") == good
    assert office.decide(item, "accept").status == 0
    assert office.run().status == 0
    assert slices(office)["economy"] == (False, False, [])


def test_a_first_run_with_a_held_slice_publishes_the_other(tmp_path):
    office = Office.start(tmp_path / "home")
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE))
    office.put("huvudbok", "huvudbok.csv", ledger(*LEDGER, *UNMAPPED))
    office.put("budget", "budget.csv", budget(*BUDGET))
    said = office.run()
    assert said.status == 4
    assert said.json["published"] is True
    assert slices(office)["economy"] == (False, True, ["L008"])
    assert office.mart("economy/income_statement") == []
    assert office.participants("2025H1", "verkstan") == 3
    status = office.finsam("status", "--json")
    assert (status.status, status.json["open_items"]) == (4, {"dalen": 2})
    assert "Ingen tidigare version finns." in office.finsam("run").out


def test_a_delivery_that_empties_a_year_waits_for_a_steward(office: Office):
    good = office.mart("participants/participant_flow")
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE[:5]), LATER)
    said = office.run()
    assert said.status == 4
    assert slices(office)["participants"] == (True, False, ["P014"])
    assert slices(office)["economy"] == (False, False, [])
    assert office.mart("participants/participant_flow") == good
    [item] = office.items()
    assert (item["rule"], item["row"]) == ("P014", None)
    assert item["path"].endswith("2025-09-10/ny.csv")
    assert "Slussen" in item["message"]
    assert "2024" in item["message"]
    for words in (("drop",), ("correct", "--set", "Kön=man")):  # no row, so nothing to drop or correct
        refused = office.decide(item, *words)
        assert refused.status == 2
        assert "accept" in refused.err
    assert office.decide(item, "accept").status == 0
    assert office.run().status == 0
    assert office.participants("2024H2", "slussen") == 0
    assert office.participants("2025H1", "slussen") == 2


def test_a_corrected_start_date_empties_no_year(office: Office):
    """The row stood in quarantine for its start year, so the years until then had no participation a correction could take."""
    mistaken = "8;Verkstan;man;{}-01-20;;"
    office.put("deltagaruppfoljning", "fel.csv", people(*PEOPLE, mistaken.format(1925)), LATER)
    assert office.run().status == 3
    office.put("deltagaruppfoljning", "rätt.csv", people(*PEOPLE, mistaken.format(2025)), "2025-09-20")
    assert office.run().status == 0
    assert office.items() == []
    assert office.participants("2025H1", "verkstan") == 4


def test_the_year_that_comes_back_closes_the_finding(office: Office):
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE[:5]), LATER)
    assert office.run().status == 4
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE), LATER)
    assert office.run().status == 0
    assert office.items("--all") == []
