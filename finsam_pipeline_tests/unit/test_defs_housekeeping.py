"""Runs whose process died, and runs that are old."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from finsam_pipeline.defs import run_job
from finsam_pipeline.defs.housekeeping import HISTORY_VARIABLE, fail_dead_runs, forget_old_runs, process_tags
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline.defs.names import NIGHTLY, TAG_OUTCOME, TAG_PROCESS, model_key
from finsam_pipeline.register import ConfigurationError
from finsam_pipeline_tests.fake_way import MODELS, FakeWay
from finsam_pipeline_tests.unit.test_alive import sign_of_an_ended_process

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=91)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv(HISTORY_VARIABLE, raising=False)


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def ended_process(instance: dg.DagsterInstance) -> str:
    """What a process said of itself before it ended."""
    return sign_of_an_ended_process(Path(instance.root_directory) / "alive")


def own_process(instance: dg.DagsterInstance) -> str:
    return process_tags(instance, "")[TAG_PROCESS].rstrip(":")


def started(instance: dg.DagsterInstance, process: str | None, status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED):
    run = instance.create_run_for_job(_job(), status=status)
    if process:
        instance.add_run_tags(run.run_id, {TAG_PROCESS: f"{process}:{run.run_id}"})
    return run


def in_its_stead(instance: dg.DagsterInstance, run: dg.DagsterRun):
    """A run begun anew has the tags of the one that died until its own process speaks."""
    tags = instance.get_run_by_id(run.run_id).tags
    return instance.create_run_for_job(_job(), status=dg.DagsterRunStatus.STARTING, tags=tags)


def _job() -> dg.JobDefinition:
    @dg.op
    def nothing() -> None:
        """Nothing."""

    @dg.job(name=NIGHTLY)
    def nightly() -> None:
        nothing()

    return nightly


def test_only_runs_whose_process_is_gone_are_failed(instance: dg.DagsterInstance):
    gone = ended_process(instance)
    dead = [started(instance, gone), started(instance, gone, dg.DagsterRunStatus.CANCELING)]
    others = [
        started(instance, own_process(instance)),
        started(instance, "elsewhere.1.x"),
        started(instance, None),
        in_its_stead(instance, started(instance, gone, dg.DagsterRunStatus.FAILURE)),
        started(instance, gone, dg.DagsterRunStatus.SUCCESS),
        started(instance, gone, dg.DagsterRunStatus.NOT_STARTED),
    ]
    before = [instance.get_run_by_id(r.run_id).status for r in others]
    assert sorted(fail_dead_runs(instance)) == sorted(r.run_id for r in dead)
    for run in dead:
        found = instance.get_run_by_id(run.run_id)
        assert (found.status, found.tags[TAG_OUTCOME]) == (dg.DagsterRunStatus.FAILURE, "failed")
    assert [instance.get_run_by_id(r.run_id).status for r in others] == before
    assert fail_dead_runs(instance) == []


def run(home: Path, association: str = "norr", **failing: Exception):
    return run_job(home, association, way=FakeWay(home, broken=failing), models=MODELS, marts={}).run_id


@pytest.mark.usefixtures("dagster_made")
def test_a_run_fails_the_dead_ones_before_it(tmp_path: Path):
    with open_instance(tmp_path) as instance:
        dead = started(instance, ended_process(instance))
    alive = run(tmp_path)
    with open_instance(tmp_path) as instance:
        assert instance.get_run_by_id(dead.run_id).status == dg.DagsterRunStatus.FAILURE
        assert instance.get_run_by_id(alive).tags[TAG_PROCESS] == f"{own_process(instance)}:{alive}"


def databases(home: Path) -> set[str]:
    return {p.name for p in (home / "dagster").rglob("*.db*")}


@pytest.mark.usefixtures("dagster_made")
def test_old_runs_go_with_their_events_and_what_shows_the_state_stays(tmp_path: Path):
    given = [run(tmp_path), run(tmp_path), run(tmp_path, models=RuntimeError("x")), run(tmp_path, "soder")]
    with open_instance(tmp_path) as instance:
        assert forget_old_runs(instance) == 0
        assert forget_old_runs(instance, LATER) == 1
        assert {r.run_id for r in instance.get_runs()} == set(given[1:])
        assert instance.all_logs(given[1])
        assert [r.run_id for r in instance.fetch_materializations(model_key("financing"), limit=9).records] == [
            given[3],
            given[1],
        ]
        assert forget_old_runs(instance, LATER) == 0
    assert not any(given[0] in name for name in databases(tmp_path))
    assert any(given[1] in name for name in databases(tmp_path))


@pytest.mark.usefixtures("dagster_made")
def test_nothing_is_forgotten_when_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run(tmp_path)
    run(tmp_path)
    monkeypatch.setenv(HISTORY_VARIABLE, "0")
    with open_instance(tmp_path) as instance:
        assert forget_old_runs(instance, LATER) == 0
        monkeypatch.setenv(HISTORY_VARIABLE, "100")
        assert forget_old_runs(instance, LATER) == 0
        monkeypatch.setenv(HISTORY_VARIABLE, "80")
        assert forget_old_runs(instance, LATER) == 1


@pytest.mark.parametrize("wrong", ["three", "-1", "1.5"])
def test_no_number_of_days_is_said(monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance, wrong: str):
    monkeypatch.setenv(HISTORY_VARIABLE, wrong)
    with pytest.raises(ConfigurationError, match=HISTORY_VARIABLE):
        forget_old_runs(instance)
