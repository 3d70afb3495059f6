"""`finsam erase`: one participant out of everything that is kept, and what says so (GDPR article 17)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest
from sqlalchemy import select

from finsam_pipeline.cli import keeping
from finsam_pipeline.pipeline.traces import places_of
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.tables import audit
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.workspaces import DAY, LATER, PEOPLE, PEOPLE_HEADER, Answer, Office, csv_text, people

NUMBER = "19640823-3234"  # Skatteverket's own example person
WHY = ("--by", "Ada", "--reason", "begäran")


def erase(office: Office, identity: str, *words: object) -> Answer:
    with mock.patch.object(keeping, "identity_asked", return_value=identity):
        return office.finsam("erase", "--association", office.association, *WHY, *words)


def receipt(office: Office) -> dict[str, Any]:
    (file,) = (office.home / "vault" / "removed" / "receipts").iterdir()
    return json.loads(file.read_bytes())


@pytest.fixture(scope="module")
def run_with_a_fault(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One row waits, every file of a run stands; not to be changed."""
    made = Office.start(tmp_path_factory.mktemp("erase") / "home").hand_over()
    made.put("deltagaruppfoljning", "fel.csv", people("77;Verkstan;;2025-05-01;;", "78;Slussen;man;2025-05-01;;"))
    assert made.run().status == 3
    return made


@pytest.fixture
def office(run_with_a_fault: Office, tmp_path: Path) -> Office:
    return run_with_a_fault.copy_to(tmp_path / "home")


def test_the_row_leaves_the_archive_the_marts_and_landing(office: Office):
    before = office.participants("2025H1", "verkstan")
    standing = office.snapshot().id
    said = erase(office, "2", "--json")
    assert said.status == 0, said.err
    assert said.json["rows"] == {"landing/dalen/deltagaruppfoljning/2025-07-10/deltagare.csv": 1}
    assert office.participants("2025H1", "verkstan") == before - 1
    assert not list((office.home / "landing").rglob("deltagare.csv"))
    originals = [p.read_bytes() for p in (office.home / "vault" / "archive").glob("*/*")]
    assert not any(PEOPLE[1].encode() in data for data in originals)
    assert any(PEOPLE[0].encode() in data for data in originals)
    assert not (office.home / "marts" / "snapshots" / standing).exists()
    kept = receipt(office)
    assert kept["finished"]
    assert kept["participant"] != "2"
    assert office.finsam("status", "--json").json["audit"]["broken_at"] is None
    with Database.of(Workspace(office.home)).reading() as connection:
        said = connection.execute(select(audit.c.actor, audit.c.details).where(audit.c.action == "erase")).all()
    assert [(actor, json.loads(details)["rows"]) for actor, details in said] == [("Ada", 1)]


@pytest.mark.usefixtures("states_alone")
def test_afterwards_nothing_is_new_and_the_other_rows_stand_where_they_stood(office: Office):
    items = {i["rule"]: i["row"] for i in office.items()}
    erase(office, "1")
    again = office.run()
    assert (again.status, again.json["changed"]) == (3, False)
    assert {i["rule"]: i["row"] for i in office.items()} == items


@pytest.mark.usefixtures("states_alone")
def test_the_same_file_handed_over_again_does_not_bring_the_row_back(office: Office):
    erase(office, "2")
    count = office.participants("2025H1", "verkstan")
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE), LATER)
    office.run()
    assert office.participants("2025H1", "verkstan") == count


@pytest.mark.usefixtures("states_alone")
def test_a_quarantined_row_its_decision_and_the_returned_workbook_go_too(office: Office):
    item = next(i for i in office.items() if i["rule"] == "P003")
    book = office.home.parent / "granskning.xlsx"
    assert office.finsam("review", "export", book).status == 0
    office.put("beslut", "granskning.xlsx", book.read_bytes())
    office.decide(item, "correct", "--set", "Kön=kvinna")
    assert office.run().status == 0
    assert erase(office, "77").status == 0
    kept = receipt(office)
    assert (kept["decisions"], kept["findings"]) == (1, 1)
    assert sorted(p.rpartition("/")[2] for p in kept["rows"]) == ["fel.csv", "granskning.xlsx"]
    values = [json.loads(f.read_bytes()) for f in (office.home / "vault" / "decisions").iterdir()]
    assert all(v["value"] == "" and "prövat" not in v["reason"] for v in values)
    for original in (office.home / "vault" / "archive").glob("*/*"):
        if original.read_bytes().startswith(b"PK"):
            cells = [c.value for s in openpyxl.load_workbook(io.BytesIO(original.read_bytes())) for r in s.iter_rows() for c in r]
            assert item["id"] not in cells


@pytest.mark.usefixtures("states_alone")
def test_a_number_that_stands_for_several_persons_is_asked_about(office: Office):
    office.put("deltagaruppfoljning", "till.csv", people("2;Slussen;kvinna;2025-05-01;;"))
    office.run()
    before = office.listing()
    said = erase(office, "2")
    assert said.status == 2
    assert "--intervention" in said.err
    assert "slussen" in said.err
    left = {p: s for p, s in office.listing().items() if p.startswith(("vault/archive", "landing", "marts"))}
    assert left == {p: s for p, s in before.items() if p.startswith(("vault/archive", "landing", "marts"))}
    assert erase(office, "2", "--intervention", "slussen").status == 0
    assert office.participants("2025H1", "verkstan") == 3


def test_nobody_of_that_number_is_said_without_showing_it(office: Office):
    said = erase(office, "4711-hemlig")
    assert said.status == 2
    assert "4711" not in said.out + said.err


def test_a_personnummer_is_found_in_every_notation_and_place(tmp_path: Path):
    office = Office.start(tmp_path / "home").hand_over()
    header = PEOPLE_HEADER + ";Kommentar"
    rows = ("21;Verkstan;man;2025-01-20;;;granne till 640823-3234", f"{NUMBER};Verkstan;kvinna;2025-01-21;;;")
    office.put("deltagaruppfoljning", "lista 6408233234.csv", csv_text(header, *rows))
    sus = "Personnummer;Insats;Kön;Inregistreringsdatum;Utregistreringsdatum"
    office.put("sus_deltagare", "sus.csv", csv_text(sus, f"{NUMBER};Verkstan;kvinna;2024-02-01;"))
    office.put("sus_deltagare", "avvisad.csv", csv_text("Personnummer;Insats", f"{NUMBER};Verkstan"))  # columns are missing
    office.run()
    workspace = Workspace(office.home)
    assert any(p.startswith("vault/archive") for p in places_of(workspace, "6408233234"))  # the search finds what is there
    said = erase(
        office, NUMBER, "--reason", f"begäran av {NUMBER}", "--json"
    )  # a slip: the later --reason is the one that counts
    assert said.status == 0, said.err
    assert said.json["still_held"] == []
    assert list(places_of(workspace, "6408233234")) == []
    assert sum(said.json["rows"].values()) == 2  # the neighbour's row is kept, with the number struck out
    assert len(said.json["struck_out"]) >= 1
    assert NUMBER not in said.out + said.err


@pytest.mark.usefixtures("states_alone")
def test_what_was_cut_off_before_the_run_is_finished_by_the_next_one(office: Office):
    with (
        mock.patch.object(keeping, "run_all", side_effect=KeyboardInterrupt),
        mock.patch.object(keeping, "identity_asked", return_value="2"),
    ):
        assert office.finsam("erase", "--association", "dalen", *WHY).status != 0
    assert not receipt(office)["finished"]
    assert office.run().status == 3
    assert receipt(office)["finished"]
    assert len(list((office.home / "marts" / "snapshots").iterdir())) == 1


@pytest.mark.usefixtures("states_alone")
def test_files_can_be_left_in_landing_for_the_office_to_replace(office: Office):
    said = erase(office, "2", "--keep-landing", "--json")
    assert said.json["landing_kept"] == [f"landing/dalen/deltagaruppfoljning/{DAY}/deltagare.csv"]
    count = office.participants("2025H1", "verkstan")
    assert office.run().json["changed"] is False
    assert office.participants("2025H1", "verkstan") == count


def test_a_text_with_the_number_goes_whole(office: Office):
    text = office.put("texter", "a.md", f"# Verkstan\n\nNågon med {NUMBER} slutade.".encode())
    other = office.put("texter", "b.md", b"# Verkstan\n\nAlla stannade.")
    office.run()
    said = erase(office, NUMBER, "--json")
    assert said.status == 0, said.err
    assert receipt(office)["struck_out"] == ["landing/dalen/texter/2025-07-10/a.md"]
    assert receipt(office)["still_held"] == []
    assert not text.exists()
    assert other.exists()
    assert not any(NUMBER.encode() in p.read_bytes() for p in (office.home / "vault").rglob("*") if p.is_file())
    assert "Alla stannade." in (office.home / "reports/dalen/2025H1/draft/halvarsrapport.html").read_text(encoding="utf-8")
