"""An earlier day seen again, several deliveries over time, and what is counted from which source (interface 3, 4 and 7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from finsam_pipeline_tests.prepared import marts_alone
from finsam_pipeline_tests.workspaces import DAY, LATER, LEDGER, PEOPLE, Office, csv_text, ledger, people, statuses

pytestmark = pytest.mark.usefixtures("marts_alone")
AUGUST = "2025-08-10"
SUS = "Deltagar-ID;Insats;Kön;Inregistreringsdatum;Utregistreringsdatum;Avslutsanledning"


def mart_bytes(office: Office) -> dict[str, str]:
    return {m["name"]: m["sha256"] for m in office.snapshot().manifest["marts"]}


@pytest.fixture(scope="module")
def thrice(run_office: Office, tmp_path_factory: pytest.TempPathFactory):
    """Three deliveries of one source, each run when it came; and what stood after the second."""
    with marts_alone():
        return _thrice(run_office.copy_to(tmp_path_factory.mktemp("days") / "home"))


def _thrice(office: Office) -> tuple[Office, tuple[str, dict[str, str]]]:
    office.put("deltagaruppfoljning", "augusti.csv", people(*PEOPLE, "7;Verkstan;man;2025-06-20;;"), AUGUST)
    office.run()
    stood = (office.snapshot().id, mart_bytes(office))
    office.put(
        "deltagaruppfoljning",
        "september.csv",
        people(*PEOPLE[:1], PEOPLE[1].replace(";;", ";2025-06-30;Arbete"), *PEOPLE[2:], ";Verkstan;man;2025-06-20;;"),
        LATER,
    )
    said = office.run()
    assert said.status == 3
    [item] = office.items()
    office.decide_on("2025-09-12", item, "drop")
    assert office.run().status == 0
    return office, stood


def test_registration_lag_says_what_stood_after_each_delivery(thrice):
    office, _ = thrice
    rows = office.mart("participants/registration_lag", period="2025H1")
    found = {(str(r["delivered_on"]), r["measure"]): r["value"] for r in rows}
    assert {day: found[day, "participants"] for day in (DAY, AUGUST, LATER)} == {DAY: 5, AUGUST: 6, LATER: 5}
    assert {day: found[day, "ended"] for day in (DAY, AUGUST, LATER)} == {DAY: 3, AUGUST: 3, LATER: 4}


def lag(office: Office, period: str) -> dict[str, int]:
    """Day of delivery → participants of the period as they stood after it."""
    rows = office.mart("participants/registration_lag", period=period, measure="participants")
    return {str(r["delivered_on"]): r["value"] for r in rows}


def test_a_file_that_is_changed_in_place_stands_once_in_what_stood_that_day(office: Office):
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE, "7;Verkstan;man;2025-06-01;;"))
    assert office.run().status == 0
    assert lag(office, "2025H1") == {DAY: 6}


def test_a_row_that_waited_in_quarantine_stood_in_no_figure_of_its_day(office: Office):
    unclear = people(
        *PEOPLE, "7;Verkstan;man;2025-06-01;;Arbete", "8;Verkstan;man;2025-06-01;;", "8;Verkstan;kvinna;2025-06-01;;"
    )
    office.put("deltagaruppfoljning", "augusti.csv", unclear, AUGUST)
    assert office.run().status == 3
    assert lag(office, "2025H1")[AUGUST] == 5
    clear = people(*PEOPLE, "7;Verkstan;man;2025-06-01;2025-06-20;Arbete", "8;Verkstan;man;2025-06-01;;")
    office.put("deltagaruppfoljning", "september.csv", clear, LATER)
    assert office.run().status == 0
    assert lag(office, "2025H1") == {DAY: 5, AUGUST: 5, LATER: 7}


def test_with_coverage_by_year_a_delivery_about_other_years_leaves_what_stood(office: Office):
    office.amend("association.yaml", "members:", "coverage: {deltagaruppfoljning: year}\nmembers:")
    left = ("21;Verkstan;man;2023-02-01;2023-11-30;Arbete", "22;Verkstan;man;2023-02-01;2023-12-30;Arbete")
    for day, rows in (("2024-02-01", left), ("2025-03-01", PEOPLE[1:2]), ("2025-06-01", left[:1])):
        office.put("deltagaruppfoljning", "lista.csv", people(*rows), day)
    assert office.run().status == 0
    assert lag(office, "2023H1") == {"2024-02-01": 2, "2025-03-01": 2, "2025-06-01": 1, DAY: 1}


def test_an_earlier_day_gives_its_own_figures_byte_for_byte_and_ignores_later_decisions(thrice, tmp_path):
    office = thrice[0].copy_to(tmp_path / "home")
    newest = office.snapshot().id
    snapshot_id, marts = thrice[1]
    said = office.run("--as-of", AUGUST)
    assert (said.status, said.json["snapshot_id"]) == (0, snapshot_id)
    assert mart_bytes(office) == marts
    before_the_decision = office.run("--as-of", "2025-09-11")
    assert before_the_decision.status == 3
    assert office.snapshot().id != newest
    after = office.run("--as-of", "2025-09-12")
    assert (after.status, after.json["snapshot_id"]) == (0, newest)


def test_a_day_before_everything_has_nothing_and_harms_nothing(thrice, tmp_path):
    office = thrice[0].copy_to(tmp_path / "home")
    newest = office.snapshot().id
    said = office.run("--as-of", "2020-01-01")
    assert (said.status, said.json["deliveries"]) == (0, [])
    assert office.run().json["snapshot_id"] == newest


def test_the_years_of_a_ledger_stand_side_by_side(office: Office):
    opening = csv_text(
        "Konto;Benämning;Datum;Belopp", "1930;Ingående balans;2025-01-01;7000,00", "2010;Ingående balans;2025-01-01;-7000,00"
    )
    office.put("huvudbok", "ingående.csv", opening)
    office.put("huvudbok", "2024.csv", ledger("A1;2024-12-10;5010;11;900,00;", "A1;2024-12-10;1930;;;900,00"))
    later = csv_text("Konto;Benämning;Datum;Belopp", "2010;Ingående balans;2025-01-01;-8000,00")
    office.put("huvudbok", "ingående rättad.csv", later, LATER)
    office.put("huvudbok", "rättad.csv", ledger(*(row.replace("10000,00", "12000,00") for row in LEDGER[6:])), LATER)
    said = office.run()
    assert said.status == 0
    assert statuses(said, "huvudbok") == dict.fromkeys(
        ("huvudbok.csv", "ingående.csv", "2024.csv", "ingående rättad.csv", "rättad.csv"), "accepted"
    )
    assert office.outcome("2024H2", "insatser") == Decimal("900.00")
    assert office.outcome("2025H1", "kansli") == Decimal("12000.00")
    assert office.outcome("2025H1", "insatser") == Decimal("50000.50")
    assert office.outcome("2025H1", "eget_kapital") == Decimal("8000.00")
    again = next(c for c in said.json["checks"] if c["name"] == "huvudbok/L006")
    assert (again["passed"], again["severity"], again["failed_rows"]) == (False, "W", 2)
    reach = {r["period"]: r["ledger_through"] for r in office.mart("reference/periods")}
    assert (reach["2024H1"], reach["2024"], reach["2025H1"]) == (None, dt.date(2024, 12, 31), dt.date(2025, 6, 30))


def test_each_insats_is_counted_from_the_first_source_that_has_it(office: Office):
    sus = (
        "a1;Verkstan;Kvinna;2025-02-01;;",
        "a2;Nätverket;Man;2025-02-01;;",
        "a3;Verkstan;Man;2025-02-01;2025-03-01;Felregistrering",
    )
    office.put("sus_deltagare", "sus.csv", csv_text(SUS, *sus))
    office.put(
        "sus_insatser",
        "insatser.csv",
        csv_text(
            "Insats;År;Deltagarregistrering;Kvinnor;Män;Totalt", "Slussen;2025;Anonym;2;3;5", "Nätverket;2025;Volym;70;50;120"
        ),
    )
    assert office.run().status == 0
    assert office.participants("2025H1", "verkstan") == 3
    flow = office.mart("participants/participant_flow", period="2025H1", intervention_id="slussen", gender="anonymous")
    assert [(r["participants"], r["started"], r["ended"]) for r in flow] == [(5, 0, 0)]
    assert [(r["women"], r["men"], r["total"]) for r in office.mart("participants/volume")] == [(70, 50, 120)]
    office.amend("association.yaml", "members:", "counts_from: [sus_deltagare, deltagaruppfoljning]\nmembers:")
    assert office.run().status == 0
    assert office.participants("2025H1", "verkstan") == 1
    assert office.participants("2025H1", "slussen") == 2 + 5
