"""`finsam rollback`: back to an earlier snapshot, held there until somebody lets go."""

from __future__ import annotations

from pathlib import Path

import pytest

from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Office, people

pytestmark = pytest.mark.usefixtures("states_alone")
WHO = ("--by", "Ada")


@pytest.fixture(scope="module")
def run_twice(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Two snapshots; not to be changed."""
    made = run_office.copy_to(tmp_path_factory.mktemp("rollback") / "home")
    made.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    assert made.run().status == 0
    return made


@pytest.fixture
def office(run_twice: Office, tmp_path: Path) -> Office:
    return run_twice.copy_to(tmp_path / "home")


def test_the_earlier_figures_stand_through_runs_until_they_are_let_go(office: Office):
    newest = office.snapshot().id
    shelf = office.finsam("rollback", "--json").json["snapshots"]
    earlier = next(s["id"] for s in shelf if not s["current"])
    assert office.finsam("rollback", earlier, *WHO, "--reason", "fel fil").status == 0
    assert office.snapshot().id == earlier
    assert office.participants("2025H1", "verkstan") == 3
    held = office.run()
    assert held.status == 4  # the figures are older than the files: nobody shall take the night for a good one
    assert {r for s in held.json["slices"] for r in s["reasons"]} >= {"pinned"}
    assert office.participants("2025H1", "verkstan") == 3
    assert office.run().json["changed"] is False
    assert office.finsam("rollback", "--release", *WHO).status == 0
    assert office.run().status == 0
    assert office.participants("2025H1", "verkstan") == 4
    assert office.snapshot().id == newest  # the same inputs, the same snapshot


@pytest.mark.parametrize("words", [("0123456789abcdef", *WHO, "--reason", "x"), ("../../vault", *WHO, "--reason", "x")])
def test_a_snapshot_that_is_not_there_changes_nothing(office: Office, words: tuple[str, ...]):
    before = office.snapshot().id
    said = office.finsam("rollback", *words)
    assert said.status == 10
    assert office.snapshot().id == before
    assert office.run().json["changed"] is False


def test_who_and_why_are_asked_for(office: Office):
    earlier = next(s["id"] for s in office.finsam("rollback", "--json").json["snapshots"] if not s["current"])
    assert office.finsam("rollback", earlier).status == 2
    assert office.finsam("rollback", earlier, *WHO).status == 2


def test_a_damaged_snapshot_is_not_gone_back_to(office: Office):
    earlier = next(s["id"] for s in office.finsam("rollback", "--json").json["snapshots"] if not s["current"])
    mart = office.home / "marts" / "snapshots" / earlier / "participants" / "participant_flow.parquet"
    mart.write_bytes(mart.read_bytes()[:-1])
    assert office.finsam("rollback", earlier, *WHO, "--reason", "x").status == 10
