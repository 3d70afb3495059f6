"""The workspace's own Dagster instance, and one run of the job in this process.

Belongs here: writing `dagster.yaml`, opening the instance, running. Does not: what stands in it (`dagster_yaml`), what a step does.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dagster as dg

from finsam_pipeline.defs.assembly import build_definitions
from finsam_pipeline.defs.automation import add_associations
from finsam_pipeline.defs.dagster_yaml import DATABASE_VARIABLE, settings_text, untouched
from finsam_pipeline.defs.housekeeping import fail_dead_runs, forget_old_runs, process_tags
from finsam_pipeline.defs.names import NIGHTLY, TAG_AS_OF, TAG_ERROR, TAG_OUTCOME, TAG_TRIGGER
from finsam_pipeline.defs.steps import Listener, StepProgress, Steps
from finsam_pipeline.defs.way import PipelineWay, Way

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from finsam_pipeline.contracts.types import MartContract
    from finsam_pipeline.defs.graph import Models
    from finsam_pipeline.pipeline.summary import RunSummary

__all__ = ["JobSummary", "StepProgress", "open_instance", "prepare_instance", "run_job"]

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True, slots=True)
class JobSummary:
    """One Dagster run of one association.

    `outcome`: clean, findings, held or failed. `summary`: what the run said; None when a step failed. `error`: the exception
    behind a failed step, in this process only; its text may hold values, so it is for telling known errors apart and not
    for printing. `error_id`: its file in `vault/errors`.
    """

    association: str
    run_id: str
    outcome: str
    summary: RunSummary | None
    error: Exception | None = None
    error_id: str | None = None


def prepare_instance(home: Path) -> Path:
    """The workspace's DAGSTER_HOME, with a `dagster.yaml` for a server when FINSAM_DAGSTER_URL is set, else for one machine.

    A file that somebody has edited is left alone.
    """
    folder = home.absolute() / "dagster"
    settings = folder / "dagster.yaml"
    wanted = settings_text(server=bool(os.environ.get(DATABASE_VARIABLE)))
    there = settings.read_text(encoding="utf-8") if settings.is_file() else None
    if there is None or (there != wanted and untouched(there)):
        from finsam_pipeline.store.atomic import write_text  # noqa: PLC0415 - once in a workspace's life

        write_text(settings, wanted)
    return folder


def open_instance(home: Path) -> dg.DagsterInstance:
    """The workspace's instance; sets DAGSTER_HOME for this process, which its settings and child processes read."""
    os.environ["DAGSTER_HOME"] = str(prepare_instance(home))
    return dg.DagsterInstance.get()


def run_job(
    home: Path,
    association: str,
    as_of: dt.date | None = None,
    progress: Listener | None = None,
    *,
    way: Way | None = None,
    models: Models | None = None,
    marts: Mapping[str, MartContract] | None = None,
) -> JobSummary:
    """Run every step for one association in this process, recorded in the workspace's instance.

    Args:
        home: the workspace.
        association: its id; becomes a partition if it is none yet.
        as_of: see deliveries and decisions up to this day only.
        progress: hears of each step as it begins, ends or fails.
        way: another way than the pipeline's.
        models: other models than the packaged ones.
        marts: other marts than the contracts'.

    Returns:
        How it went. A failed step is a summary with `outcome="failed"`, not an exception.
    """
    steps = Steps(way or PipelineWay(home), progress)
    job = build_definitions(steps, models, marts).resolve_job_def(NIGHTLY)
    with open_instance(home) as instance:
        fail_dead_runs(instance)
        add_associations(instance, [association])
        run_id = str(uuid.uuid4())
        tags = {TAG_TRIGGER: "command"} | process_tags(instance, run_id) | ({TAG_AS_OF: as_of.isoformat()} if as_of else {})
        try:
            result = job.execute_in_process(
                instance=instance, partition_key=association, tags=tags, run_config=_QUIET, raise_on_error=False, run_id=run_id
            )
        finally:
            steps.close()
        forget_old_runs(instance)
        return _summary(instance, result.run_id, association, steps)


def _summary(instance: dg.DagsterInstance, run_id: str, association: str, steps: Steps) -> JobSummary:
    run = instance.get_run_by_id(run_id)
    tags = run.tags if run else {}
    outcome = tags.get(TAG_OUTCOME, "failed")
    said = None if outcome == "failed" else steps.way.summary(association)
    return JobSummary(association, run_id, outcome, said, steps.error, tags.get(TAG_ERROR))
