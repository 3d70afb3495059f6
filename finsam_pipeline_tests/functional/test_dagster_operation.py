"""What a run from the UI does that one from the command line does not need, and what is late."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from finsam_pipeline.defs import Steps, build_definitions, run_job, steps
from finsam_pipeline.defs.automation import add_associations
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline.defs.names import NIGHTLY, TIMELY_CHECK, source_key
from finsam_pipeline.pipeline.lateness import Late
from finsam_pipeline.store.lock import WorkspaceBusy
from finsam_pipeline_tests.fake_way import MODELS, FakeWay

if TYPE_CHECKING:
    from pathlib import Path


class BusyAtFirst(FakeWay):
    """Another run holds the workspace when it is opened the first time."""

    def open_run(self, association: str, as_of: dt.date | None):
        self.broken = {} if self.opened else {"opening": WorkspaceBusy("another run holds this workspace")}
        return super().open_run(association, as_of)


@pytest.fixture(autouse=True)
def _own_environment(dagster_made: None, monkeypatch: pytest.MonkeyPatch):  # noqa: ARG001 - it is there
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("FINSAM_DAGSTER_URL", raising=False)
    monkeypatch.setattr(steps, "BUSY_SECONDS", 0)


@pytest.mark.parametrize("waits", [True, False])
def test_only_a_run_that_waits_tries_a_busy_workspace_again(tmp_path: Path, waits: bool):
    way = BusyAtFirst(tmp_path)
    job = build_definitions(Steps(way, waits=waits), MODELS, {}).resolve_job_def(NIGHTLY)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with open_instance(tmp_path) as instance:
        add_associations(instance, ["norr"])
        result = job.execute_in_process(instance=instance, partition_key="norr", run_config=quiet, raise_on_error=False)
        retried = [e for e in result.all_events if e.event_type == dg.DagsterEventType.STEP_UP_FOR_RETRY]
        outcome = instance.get_run_by_id(result.run_id).tags["finsam/outcome"]
    assert (result.success, len(retried), outcome) == ((True, 1, "clean") if waits else (False, 0, "failed"))


def test_a_source_that_is_late_is_a_warning_with_its_day(tmp_path: Path):
    late = Late("norr", "sus_deltagare", dt.date(2024, 7, 1), dt.date(2025, 7, 1))
    way = FakeWay(tmp_path, late={"sus_deltagare": late})
    assert run_job(tmp_path, "norr", way=way, models=MODELS, marts={}).outcome == "clean"
    said = {}
    with open_instance(tmp_path) as instance:
        for source in ("sus_deltagare", "huvudbok"):
            key = dg.AssetCheckKey(source_key(source), TIMELY_CHECK)
            (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
            said[source] = record.event.dagster_event.event_specific_data
    assert (said["huvudbok"].passed, said["sus_deltagare"].passed) == (True, False)
    assert said["sus_deltagare"].severity == dg.AssetCheckSeverity.WARN
    assert {k: v.value for k, v in said["sus_deltagare"].metadata.items()} == {
        "väntades senast": "2025-07-01",
        "senaste leverans": "2024-07-01",
    }
