"""What a second run does: nothing when nothing is new, and what counts as new (interface 2 and 3)."""

from __future__ import annotations

import os
import shutil

import pytest

from finsam_pipeline_tests.workspaces import DAY, LATER, PEOPLE, Office, ledger, people, statuses

pytestmark = pytest.mark.usefixtures("marts_alone")
EARLIER = "2025-05-10"


def marts(office: Office) -> dict[str, tuple[int, int, str]]:
    """What lies under marts/, the published folder included."""
    return {name: state for name, state in office.listing().items() if name.startswith("marts/")}


def test_nothing_new_writes_nothing_and_says_so(office: Office):
    before, first = office.listing(), office.snapshot().id
    said = office.finsam("run")
    assert said.status == 0
    assert "Inget nytt" in said.out
    again = office.run()
    assert (again.status, again.json["snapshot_id"], again.json["changed"]) == (0, first, False)
    assert office.listing() == before


def test_nothing_new_answers_with_the_status_that_stands(office: Office):
    office.put("huvudbok", "h.csv", ledger("A9;2025-05-02;8888;;5,00;", "A9;2025-05-02;1930;;;5,00"), LATER)
    first = office.run()
    before = office.listing()
    again = office.run()
    assert (first.status, again.status) == (4, 4)
    assert again.json["snapshot_id"] == first.json["snapshot_id"]
    assert again.json["deliveries"] == first.json["deliveries"]
    assert office.listing() == before


def test_the_same_content_under_another_name_is_a_duplicate_and_changes_nothing_else(office: Office):
    first, before = office.snapshot().id, marts(office)
    for name, day in (("nyare.csv", LATER), ("äldre.csv", EARLIER), ("samma dag.csv", DAY), ("utan dag.csv", None)):
        office.put("deltagaruppfoljning", name, people(*PEOPLE), day)
    said = office.run()
    own = statuses(said, "deltagaruppfoljning")
    assert own.pop("deltagare.csv") == "accepted"
    assert list(own.values()) == ["duplicate"] * 4
    assert (said.status, said.json["snapshot_id"]) == (0, first)
    assert marts(office) == before


@pytest.mark.parametrize("what", ["a copy of what counts", "a rejected file taken away"])
def test_a_later_day_that_brings_nothing_leaves_the_same_bytes_under_the_same_id(office: Office, what: str):
    first = office.snapshot()
    content = people(*PEOPLE) if what == "a copy of what counts" else b"<html></html>"
    late = office.put("deltagaruppfoljning", "senare.csv", content, "2026-02-01")
    assert office.run().status == (0 if content == people(*PEOPLE) else 3)
    if content != people(*PEOPLE):
        late.unlink()
        assert office.run().status == 0
    (office.home / "vault" / "work" / office.association / "state.json").unlink()  # every step is taken again
    assert office.run().json["snapshot_id"] == first.id
    shutil.rmtree(office.home / "marts")
    assert office.run().json["snapshot_id"] == first.id
    assert office.snapshot().manifest["as_of"] == first.manifest["as_of"]
    assert [(m["name"], m["sha256"]) for m in office.snapshot().manifest["marts"]] == [
        (m["name"], m["sha256"]) for m in first.manifest["marts"]
    ]


def test_a_file_that_changes_in_place_is_a_new_delivery_that_replaces_it(office: Office):
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE, "7;Verkstan;man;2025-06-01;;"))
    said = office.run()
    own = [d for d in said.json["deliveries"] if d["source"] == "deltagaruppfoljning"]
    assert [(d["status"], d["rows"], d["superseded"]) for d in own] == [("superseded", 6, 6), ("accepted", 7, 0)]
    assert office.participants("2025H1", "verkstan") == 4


def test_a_file_that_changes_in_place_and_forgets_an_intervention_is_told(office: Office):
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE[:3]))
    said = office.run()
    assert said.status == 4
    assert {(i["rule"], i["severity"]) for i in office.items()} == {("P014", "B")}


def test_a_touched_file_and_names_that_are_no_deliveries_are_nothing_new(office: Office):
    folder = office.home / "landing" / office.association / "deltagaruppfoljning" / DAY
    os.utime(folder / "deltagare.csv", (1, 1))
    for name in ("~$deltagare.xlsx", ".DS_Store", "ny.part", "NY.TMP", "ny.crdownload", "Thumbs.db", "Desktop.ini"):
        (folder / name).write_bytes(b"x")
    before = office.listing()
    assert office.run().json["changed"] is False
    assert office.listing() == before


def test_landing_without_files_is_a_sentence_and_no_snapshot(tmp_path):
    empty = Office.start(tmp_path / "home")
    said = empty.finsam("run")
    assert said.status == 0
    assert f"{empty.home / 'landing'}/<förbund>/<källa>/" in said.out
    assert not (empty.home / "marts" / "current").exists()
    answer = empty.run()
    assert (answer.status, answer.json["deliveries"], answer.json["published"]) == (0, [], False)


def test_a_file_in_no_source_folder_is_rejected_with_a_reason(office: Office):
    office.put("deltagarlistor", "lista.csv", people(*PEOPLE))
    (office.home / "landing" / office.association / "lös.csv").write_bytes(people(*PEOPLE))
    said = office.run()
    assert said.status == 3
    lost = {d["path"].rpartition("/")[2]: d for d in said.json["deliveries"] if d["status"] == "rejected"}
    assert set(lost) == {"lista.csv", "lös.csv"}
    assert "deltagarlistor" in lost["lista.csv"]["message"]
    assert all("deltagaruppfoljning" in d["message"] for d in lost.values())
    assert office.participants("2025H1", "verkstan") == 3


def test_figures_depend_neither_on_the_place_nor_on_the_order_of_arrival(run_office: Office, tmp_path):
    other = Office.start(tmp_path / "elsewhere" / "home")
    (other.home / "vault").mkdir(mode=0o700)
    (other.home / "vault" / "pseudonym.key").write_bytes((run_office.home / "vault" / "pseudonym.key").read_bytes())
    other.hand_over()
    said = other.run()
    assert said.json["snapshot_id"] == run_office.snapshot().id
    assert {m["name"]: m["sha256"] for m in other.snapshot().manifest["marts"]} == {
        m["name"]: m["sha256"] for m in run_office.snapshot().manifest["marts"]
    }
