"""What a run leaves for the stewards, and what the commands that only look may not leave behind."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from finsam_pipeline.pipeline import stewards
from finsam_pipeline.review import audit
from finsam_pipeline.review.workbook import parse
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.tables import audit as audit_table
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.workspaces import Office, people

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("states_alone")
FAULTY = people("SECRETNR7;Verkstan;kvinna;2031-05-17;;", "12;Verkstan;kvinna;2031-05-18;;")


def exports(office: Office) -> list[tuple[str, str]]:
    """Actor and details of every export in the audit log, which must hold."""
    with Database.of(Workspace(office.home)).reading() as connection:
        assert audit.verify(connection).holds
        rows = connection.execute(select(audit_table).where(audit_table.c.action == "export")).mappings()
        return [(r["actor"], r["details"]) for r in rows]


def test_a_run_leaves_what_waits_in_the_vault_and_says_so_in_the_log(office: Office) -> None:
    book = Workspace(office.home).review_workbook(office.association)
    assert not book.exists()
    office.put("deltagaruppfoljning", "fel.csv", FAULTY)
    assert office.run().status == 3
    assert stat.S_IMODE(book.stat().st_mode) == 0o600
    assert book.is_relative_to(office.home / "vault")
    assert parse(book.read_bytes()) == []  # nothing is decided in it yet
    assert exports(office) == [("finsam run", '{"association": "dalen", "items": 2}')]
    assert str(book) in office.finsam("review", "list").out.replace("\n", "")

    office.put(
        "huvudbok", "huvudbok-igen.csv", (office.home / "landing/dalen/huvudbok").rglob("*.csv").__next__().read_bytes() + b"\r\n"
    )
    assert office.run().status == 3
    assert len(exports(office)) == 1, "the same items and values are no new export"
    for item in office.items():
        office.decide(item, "drop")
    assert office.run().status == 0
    assert not book.exists()


def test_a_run_does_not_wait_for_a_sheet_nobody_reads(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stewards, "MOST_ITEMS", 1)
    office.put("deltagaruppfoljning", "fel.csv", FAULTY)
    assert office.run().status == 3
    assert exports(office) == [("finsam run", '{"association": "dalen", "items": 1}')]
    whole = office.home.parent / "alla.xlsx"
    assert office.finsam("review", "export", whole, "--json").json["items"] == 2


def test_looking_at_a_home_that_is_not_there_makes_none(tmp_path: Path) -> None:
    office = Office(tmp_path / "felstavat")
    assert (office.finsam("review", "list", "--json").status, office.items()) == (0, [])
    assert "finns inte" in office.finsam("review", "list").out
    assert office.finsam("status").status == 0
    assert not office.home.exists()


def test_looking_where_no_run_has_been_writes_nothing(tmp_path: Path) -> None:
    office = Office.start(tmp_path / "home").hand_over()
    before = office.listing()
    assert office.finsam("review", "list").status == 0
    assert office.finsam("status").status == 0
    assert office.listing() == before


def test_one_wrong_configuration_is_told_beside_the_other_associations(office: Office) -> None:
    other = Office.start(office.home / "annan", "norr")
    (other.home / "config" / "norr").rename(office.home / "config" / "norr")
    wrong = office.home / "config" / "norr" / "association.yaml"
    wrong.write_text(wrong.read_text("utf-8").replace("half_year", "halvår"), "utf-8")
    said = office.finsam("status", "--json")
    found: dict[str, Any] = said.json
    assert (said.status, found["exit_status"], found["error"]) == (2, 2, "configuration")
    assert "norr/association.yaml" in found["message"]
    assert {d["association"] for d in found["deliveries"]} == {"dalen"}
    assert found["snapshot_id"]
    told = office.finsam("status")
    assert told.status == 2
    assert "Konfigurationen för norr är fel" in told.out
    assert "Allt är publicerat." in told.out
