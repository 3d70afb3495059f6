"""Steps begun one at a time rest on one state, or are refused with a sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.defs import Steps, build_definitions
from finsam_pipeline.defs.automation import add_associations
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline.defs.names import publish_key, source_key
from finsam_pipeline.defs.way import PipelineWay
from finsam_pipeline.pipeline import building, open_run
from finsam_pipeline.pipeline.agreeing import StepsApart
from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline_tests.workspaces import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from finsam_pipeline_tests.workspaces import Office

pytestmark = pytest.mark.usefixtures("states_alone")
NEW = people("70;Verkstan;man;2025-01-02;;")
CHANGES: dict[str, Callable[[Office], object]] = {
    "a new file": lambda office: office.put("deltagaruppfoljning", "ny.csv", NEW),
    "the configuration": lambda office: office.amend("targets.csv", "10", "11"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_models_are_not_built_on_what_another_state_gave(office: Office, change: str) -> None:
    with open_run(office.home, office.association) as run:
        run.take_all()
    CHANGES[change](office)
    with open_run(office.home, office.association) as run:
        with pytest.raises(StepsApart, match="source/deltagaruppfoljning, source/sus_deltagare"):
            run.build()
        run.take_all()
        run.build()


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_published_that_another_state_gave(office: Office, change: str) -> None:
    before = open_snapshot(office.home).id
    CHANGES[change](office)
    with open_run(office.home, office.association) as run:
        with pytest.raises(StepsApart, match="source/huvudbok"):
            run.publish()
        run.take_all()
        with pytest.raises(StepsApart, match=": models"):
            run.publish()
        run.build()
        run.publish()
    assert open_snapshot(office.home).id != before


def test_steps_of_one_state_may_be_runs_apart(office: Office) -> None:
    before = open_snapshot(office.home).id
    for step in ("build", "publish"):
        with open_run(office.home, office.association) as run:
            getattr(run, step)()
    assert open_snapshot(office.home).id == before


def test_a_step_that_broke_off_has_left_nothing_to_build_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_run(office.home, office.association) as run, monkeypatch.context() as patch:
        patch.setattr(building, "accepted_tables", None)
        with pytest.raises(TypeError):
            run.build()
    with open_run(office.home, office.association) as run, pytest.raises(StepsApart, match="models"):
        run.publish()


def test_in_the_ui_single_assets_are_refused_when_something_has_changed_since(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    before = open_snapshot(office.home).id
    assert _materialize(office, [publish_key("participants"), publish_key("economy"), publish_key("reports")]) == ""
    office.put("deltagaruppfoljning", "ny.csv", NEW)
    assert _materialize(office, [source_key("deltagaruppfoljning")]) == ""
    others = ", ".join(f"source/{name}" for name in SOURCES if name != "deltagaruppfoljning")
    said = _materialize(office, [publish_key("participants"), publish_key("economy"), publish_key("reports")])
    assert f"program): {others}. " in said
    assert "Starta en ny körning av alla steg" in said
    assert open_snapshot(office.home).id == before
    assert not list((office.home / "vault" / "errors").glob("*"))


def _materialize(office: Office, assets: list[dg.AssetKey]) -> str:
    """Materialise these alone, as the button in the UI does; what the failed step said, empty when all went well."""
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    steps = Steps(PipelineWay(office.home))
    job = build_definitions(steps).resolve_implicit_global_asset_job_def()
    with open_instance(office.home) as instance:
        add_associations(instance, [office.association])
        try:
            result = job.execute_in_process(
                instance=instance,
                partition_key=office.association,
                asset_selection=assets,
                run_config=quiet,
                raise_on_error=False,
            )
        finally:
            steps.close()
        failures = [e.step_failure_data.error for e in result.all_events if e.is_step_failure]
    assert result.success == (not failures)
    return "".join(error.to_string() for error in failures if error)
