"""A run that comes to no end is told once, whichever way it was started."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.defs import run_job
from finsam_pipeline.defs.way import PipelineWay
from finsam_pipeline.register import ConfigurationError, ConfigurationErrors, write_template
from finsam_pipeline.store.lock import WorkspaceBusy
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.fake_way import MODELS, FakeWay
from finsam_pipeline_tests.local_servers import web_server

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = {"huvudbok": RuntimeError("x"), "budget": RuntimeError("y"), "models": RuntimeError("z")}


@pytest.fixture(autouse=True)
def dagster_home(dagster_made: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it is there
    monkeypatch.setenv("DAGSTER_HOME", "")


def run(way: FakeWay, as_of: dt.date | None = None):
    return run_job(way.home, "norr", as_of, way=way, models=MODELS, marts={})


def test_one_failure_a_run_is_told_whatever_else_fails(tmp_path: Path):
    way = FakeWay(tmp_path, broken=dict(BROKEN))
    run(way)
    ((association, step, error_id),) = way.failures
    assert (association, step.partition("/")[2] in BROKEN) == ("norr", True)
    assert (tmp_path / "vault" / "errors" / error_id).is_file()
    run(way)
    assert len(way.failures) == 2


@pytest.mark.parametrize("as_of", [None, dt.date(2025, 8, 1)])
def test_a_busy_workspace_and_a_look_back_concern_nobody(tmp_path: Path, as_of: dt.date | None):
    broken: dict[str, Exception] = dict(BROKEN) if as_of else {"opening": WorkspaceBusy("another run")}
    way = FakeWay(tmp_path, broken=broken)
    assert run(way, as_of).outcome == "failed"
    assert way.failures == []


def test_a_wrong_configuration_is_told_without_an_error_id(tmp_path: Path):
    way = FakeWay(tmp_path, broken={"opening": ConfigurationErrors([ConfigurationError("x.csv", 3, "fel")])})
    run(way)
    assert [(association, error_id) for association, _, error_id in way.failures] == [("norr", "")]


def test_a_run_that_ends_well_is_no_failure(tmp_path: Path):
    way = FakeWay(tmp_path)
    assert run(way).outcome == "clean"
    assert way.failures == []


def test_the_real_way_sends_it(tmp_path: Path):
    workspace = Workspace(tmp_path).ensure()
    folder = write_template(workspace.config, "norr")
    with web_server() as hook:
        with (folder / "association.yaml").open("a") as stream:
            stream.write(f"alerts: {{webhook: {{url: '{hook.url}'}}}}\n")
        PipelineWay(tmp_path).tell_failure("norr", "models", "0a1b2c3d4e5f")
    assert "Steget models stannade på ett fel som ligger i vault/errors/0a1b2c3d4e5f" in hook.bodies[0]["text"]
