"""Decisions on the command line: seen with their ids, and taken back."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from finsam_pipeline.cli.app import app
from finsam_pipeline.review import audit
from finsam_pipeline.review.decisions import DecisionInput, read_decisions, record, withdraw
from finsam_pipeline.review.items import Found, find_item, item_of, sync
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

ITEMS = [
    item_of(
        Found("a", "deltagaruppfoljning", "landing/a/x.csv", "5" * 64, None, row, "P003", "E", "gender", f"c{row}"), b"k" * 32
    )
    for row in (5, 6)
]
DECIDED = ITEMS[0].id


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    made = Workspace(tmp_path).ensure()
    with Database.of(made).writing() as connection:
        sync(connection, "a", ITEMS)
    return made


def finsam(workspace: Workspace, *words: str) -> tuple[int, Any]:
    said = CliRunner().invoke(app, [*words, "--home", str(workspace.home), "--json"])
    return said.exit_code, json.loads(said.stdout)


def decide(workspace: Workspace) -> str:
    words = ("review", "decide", DECIDED, "--decision", "accept", "--by", "Anna", "--reason", "ringde", "--expires", "2099-12-31")
    return finsam(workspace, *words)[1]["decisions"][0]["id"]


def listed(workspace: Workspace) -> dict[str, Any]:
    return {i["id"]: i for i in finsam(workspace, "review", "list", "--all")[1]["items"]}


def test_a_decided_item_is_listed_with_its_decision(workspace: Workspace):
    identity = decide(workspace)
    items = listed(workspace)
    assert items[DECIDED]["decision"] == {
        "id": identity,
        "kind": "accept",
        "column": "",
        "reason_code": "other",
        "by": "Anna",
        "os_account": audit.os_account(),
        "decided_on": dt.datetime.now().astimezone().date().isoformat(),
        "expires_on": "2099-12-31",
    }
    assert items[ITEMS[1].id]["decision"] is None
    assert "ringde" not in json.dumps(items)


def test_the_table_shows_the_id_to_take_back(workspace: Workspace):
    identity = decide(workspace)
    said = CliRunner().invoke(app, ["review", "list", "--all", "--home", str(workspace.home)])
    assert identity in said.stdout
    assert identity not in CliRunner().invoke(app, ["review", "list", "--home", str(workspace.home)]).stdout


def test_a_withdrawn_decision_lets_the_item_wait_again(workspace: Workspace):
    identity = decide(workspace)
    assert finsam(workspace, "review", "withdraw", identity, "--by", "Bo") == (0, {"withdrawn": identity})
    assert (listed(workspace)[DECIDED]["status"], listed(workspace)[DECIDED]["decision"]) == ("open", None)
    with Database.of(workspace).reading() as connection:
        (decision,) = read_decisions(connection)
        assert (decision.withdrawn_by, audit.verify(connection).entries) == ("Bo", 2)


@pytest.mark.parametrize(("by", "says"), [(" ", "vem"), ("19121212-1212", "personnummer")])
def test_who_takes_it_back_is_a_name(workspace: Workspace, by: str, says: str):
    identity = decide(workspace)
    status, said = finsam(workspace, "review", "withdraw", identity, "--by", by)
    assert (status, says in said["message"]) == (2, True)
    assert listed(workspace)[DECIDED]["decision"]["id"] == identity


def test_a_decision_is_taken_back_once(workspace: Workspace):
    identity = decide(workspace)
    finsam(workspace, "review", "withdraw", identity, "--by", "Bo")
    assert finsam(workspace, "review", "withdraw", identity, "--by", "Bo")[0] == 2
    assert finsam(workspace, "review", "withdraw", "0" * 16, "--by", "Bo")[0] == 2


def test_a_correction_that_did_not_help_can_be_taken_back(workspace: Workspace):
    """Its item is open again by then, which once was a state nothing could be taken back in."""
    with Database.of(workspace).writing() as connection:
        wanted = DecisionInput(DECIDED, "correct", "Anna", "ringde", column="gender", value="knivna")
        decision = record(connection, workspace, wanted)
        sync(connection, "a", ITEMS)
        withdraw(connection, decision.id, "Bo")
        assert find_item(connection, DECIDED).status == "open"
