"""Several associations in one workspace: what goes wrong in one never stops another, and the exit status says the worst."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from finsam_pipeline.pipeline.loading import Loading, load
from finsam_pipeline.store.lock import run_lock
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Office, people, statuses

pytestmark = pytest.mark.usefixtures("marts_alone")


@pytest.fixture
def other(office: Office) -> Office:
    """A second association beside the first, with something new to run on."""
    second = Office.start(office.home, "backen")
    second.put("deltagaruppfoljning", "backens.csv", people(*PEOPLE[:3]))
    return second


def test_a_wrong_configuration_leaves_only_its_own_association_out(office: Office, other: Office):
    good = office.mart("participants/participant_flow")
    office.amend("line_rules.csv", "20;regionen;3912", "20;regoinen;3912")
    said = office.run()
    assert said.status == 2
    assert (said.json["exit_status"], said.json["error"]) == (2, "configuration")
    assert "config/dalen/line_rules.csv, rad 3" in said.json["message"]
    assert "config/dalen/line_rules.csv, rad 3" in said.err
    assert statuses(said)["backens.csv"] == "accepted"
    assert other.participants("2025H1", "verkstan") == 3
    assert office.mart("participants/participant_flow") == good
    alone = office.finsam("run", "--association", "backen", "--json")
    assert (alone.status, "error" in alone.json) == (0, False)


def test_a_run_that_breaks_down_leaves_the_other_published(office: Office, other: Office):
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "8;Slussen;man;2025-06-09;;"), LATER)
    with mock.patch("finsam_pipeline.pipeline.run.load", side_effect=_breaks_for_dalen):
        said = office.finsam_with_dagster("run", "--json")
    assert said.status == 10
    [failure] = said.json["failures"]
    assert failure["association"] == "dalen"
    kept = office.home / "vault" / "errors" / failure["error_id"]
    assert "hemligt" in kept.read_text()
    assert "hemligt" not in said.out + said.err
    assert other.participants("2025H1", "verkstan") == 3
    assert office.participants("2025H1", "slussen") == 2


def _breaks_for_dalen(workspace: Any, contract: Any, register: Any, *rest: Any) -> Loading:  # noqa: ANN401
    if register.id == "dalen":
        raise ValueError("hemligt")
    return load(workspace, contract, register, *rest)


def test_findings_in_one_give_the_worst_status_of_both(office: Office, other: Office):
    other.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE[:3], ";Verkstan;man;2025-03-01;;"), LATER)
    said = office.run()
    assert said.status == 3
    assert {i["association"] for i in office.items()} == {"backen"}
    assert office.finsam("run", "--association", "dalen").status == 0
    assert {s["association"] for s in office.snapshot().manifest["slices"]} == {"dalen", "backen"}
    assert office.finsam("status", "--json").json["open_items"] == {"backen": 1, "dalen": 0}


def test_a_folder_without_configuration_is_named(office: Office):
    folder = office.home / "landing" / "okänt" / "huvudbok"
    folder.mkdir(parents=True)
    (folder / "h.csv").write_bytes(b"x")
    said = office.run()
    assert said.json["changed"] is False
    assert "filerna i landing/okänt läses inte" in said.err
    assert office.finsam("status", "--json").json["unknown_associations"] == ["okänt"]


def test_a_workspace_another_run_holds_is_busy(office: Office):
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE[:5]), LATER)
    before = office.listing()
    with run_lock(Workspace(office.home)):
        said = office.run()
    assert (said.status, said.json["exit_status"], said.json["error"]) == (5, 5, "busy")
    assert "En annan körning" in said.err
    assert {n: s for n, s in office.listing().items() if n != ".lock"} == {n: s for n, s in before.items() if n != ".lock"}


@pytest.mark.parametrize("words", [["--association", "saknas"], ["--as-of", "i går"], ["--nej"]])
def test_wrong_usage_says_what_is_wrong_and_changes_nothing(office: Office, words: list[str]):
    before = office.listing()
    said = office.run(*words)
    assert (said.status, said.json["exit_status"], said.json["error"]) == (2, 2, "usage")
    assert said.json["message"]
    assert said.err
    assert office.listing() == before


def test_a_workspace_without_any_association_is_wrong_usage(tmp_path: Path):
    nobody = Office(tmp_path / "tom")
    said = nobody.run()
    assert said.status == 2
    assert "finsam init" in said.json["message"]
    assert not nobody.home.exists()


def test_an_empty_workspace_is_clean_and_says_where_files_go(tmp_path: Path):
    nobody = Office(tmp_path)
    for words in ((), ("--json",)):
        said = nobody.finsam("run", *words)
        assert (said.status, said.err) == (0, "")
        assert f"{tmp_path / 'landing'}/<förbund>/<källa>/" in said.out
        assert "finsam init" in said.out
    (tmp_path / "landing" / "dalen").mkdir(parents=True)  # somebody's files, and nobody's configuration
    assert nobody.run().status == 2


def test_a_configured_workspace_without_files_says_where_they_go(tmp_path: Path):
    office = Office.start(tmp_path)
    for words in ((), ("--json",)):
        said = office.finsam("run", *words)
        assert said.status == 0
        assert f"{tmp_path / 'landing'}/<förbund>/<källa>/" in said.out
