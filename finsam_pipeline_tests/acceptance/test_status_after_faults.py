"""`finsam status` says whether tonight was good, and what to do when it was not."""

from __future__ import annotations

import json
from unittest import mock

import pytest

from finsam_pipeline.pipeline import building
from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Office, people

pytestmark = pytest.mark.usefixtures("states_alone")


def unfinished_sentence(office: Office) -> bool:
    return "kom inte till slut" in office.finsam("status").out


def test_a_run_that_was_broken_off_is_told_until_the_next_one_ends(office: Office):
    assert not unfinished_sentence(office)
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    with mock.patch.object(building, "build", side_effect=MemoryError):
        assert office.run().status == 10
    assert unfinished_sentence(office)
    runs = office.finsam("status", "--json").json["runs"]
    assert [(r["association"], r["ended"]) for r in runs] == [("dalen", None)]
    assert office.run().status == 0
    assert not unfinished_sentence(office)


def test_a_rollback_and_an_unfinished_erasure_are_told(office: Office):
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    office.run()
    shelf = office.finsam("rollback", "--json").json["snapshots"]
    earlier = next(s["id"] for s in shelf if not s["current"])
    office.finsam("rollback", earlier, "--by", "Ada", "--reason", "fel fil")
    said = office.finsam("status")
    assert "hålls kvar av Ada" in said.out
    assert f"finsam rollback --home {office.home} --release --by NAMN" in said.out
    office.finsam("rollback", "--release", "--by", "Ada")
    receipts = office.home / "vault" / "removed" / "receipts"
    receipts.mkdir()
    begun = {"id": "abc", "association": "dalen", "participant": "x", "by": "Ada", "reason": "r", "at": "2025-01-01", "rows": {}}
    (receipts / "abc.json").write_text(json.dumps(begun))
    assert "Raderingen abc är inte klar" in office.finsam("status").out
    office.run()
    assert "Raderingen" not in office.finsam("status").out
