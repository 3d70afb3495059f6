"""The workspace's own Dagster instance."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import TickStatus

from finsam_pipeline.defs.boundary import StepFailed, guarded
from finsam_pipeline.defs.dagster_yaml import settings_text
from finsam_pipeline.defs.instance import open_instance, prepare_instance
from finsam_pipeline.defs.storage import PooledSqliteEventLogStorage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("FINSAM_DAGSTER_URL", raising=False)


def test_settings_are_written_once_and_then_left_alone(tmp_path: Path):
    folder = prepare_instance(tmp_path)
    assert folder == tmp_path / "dagster"
    settings = folder / "dagster.yaml"
    edited = settings.read_text(encoding="utf-8") + "# ours\n"
    settings.write_text(edited, encoding="utf-8")
    prepare_instance(tmp_path)
    assert settings.read_text(encoding="utf-8") == edited


def test_the_instance_keeps_quiet_and_queues_one_run_at_a_time(tmp_path: Path):
    with open_instance(tmp_path) as instance:
        assert not instance.telemetry_enabled
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"
        assert isinstance(instance.event_log_storage, PooledSqliteEventLogStorage)
        config = instance.get_concurrency_config().pool_config
        assert (config.default_pool_limit, config.pool_granularity.value) == (1, "run")


def test_a_workspace_can_be_moved(tmp_path: Path):
    with open_instance(tmp_path / "old") as instance:
        instance.add_dynamic_partitions("association", ["norr"])
    shutil.move(tmp_path / "old", tmp_path / "new")
    with open_instance(tmp_path / "new") as instance:
        assert instance.get_dynamic_partitions("association") == ["norr"]
    assert not (tmp_path / "old").exists()


def test_the_boundary_leaves_nothing_to_follow_back(tmp_path: Path):
    def body():
        raise ValueError("hemligt")

    with pytest.raises(StepFailed) as failed:
        guarded(tmp_path, "models", body)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    assert "hemligt" in (tmp_path / "vault" / "errors" / failed.value.error_id).read_text(encoding="utf-8")


def test_the_boundary_holds_on_a_full_disk(tmp_path: Path):
    (tmp_path / "vault").write_text("not a folder")
    with pytest.raises(StepFailed, match=r"^step models failed; error id not written$"):
        guarded(tmp_path, "models", lambda: 1 / 0)


def test_the_boundary_lets_results_and_interrupts_through(tmp_path: Path):
    def interrupted():
        raise KeyboardInterrupt

    assert guarded(tmp_path, "models", lambda: 7) == 7
    with pytest.raises(KeyboardInterrupt):
        guarded(tmp_path, "models", interrupted)


def test_settings_nobody_edited_follow_the_program_and_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = prepare_instance(tmp_path) / "dagster.yaml"
    assert settings.read_text(encoding="utf-8") == settings_text(server=False)
    monkeypatch.setenv("FINSAM_DAGSTER_URL", "postgresql://db/dagster")
    prepare_instance(tmp_path)
    assert settings.read_text(encoding="utf-8") == settings_text(server=True)
    monkeypatch.delenv("FINSAM_DAGSTER_URL")
    prepare_instance(tmp_path)
    assert settings.read_text(encoding="utf-8") == settings_text(server=False)


def test_runs_that_do_not_end_are_ended_and_crashed_ones_begun_once_more(tmp_path: Path):
    with open_instance(tmp_path) as instance:
        assert (instance.run_monitoring_enabled, instance.run_monitoring_max_resume_run_attempts) == (True, 0)
        assert (instance.run_retries_enabled, instance.run_retries_max_retries) == (True, 1)
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.get_tick_retention_settings(InstigatorType.SENSOR)[TickStatus.SKIPPED] == 2
        assert instance.get_tick_retention_settings(InstigatorType.SCHEDULE)[TickStatus.SUCCESS] == 90


def test_the_url_gets_the_driver_dagster_is_written_for():
    pytest.importorskip("dagster_postgres")
    from finsam_pipeline.defs.storage_postgres import _with_driver  # noqa: PLC0415 - needs the extra

    assert _with_driver("postgresql://a:b%2Fc@/d?host=%2Ftmp") == "postgresql+psycopg2://a:b%2Fc@/d?host=%2Ftmp"
    assert _with_driver("postgresql+other://a@h/d") == "postgresql+other://a@h/d"
