"""When runs are requested: every night for everyone, and when an association's landing folder has come to rest.

One run an association, so that one's failure never stops another; the pool in `dagster.yaml` queues them. Both also look for runs
whose process died, so that none of them holds up the queue. Nothing here reads a file's contents. Both stand switched off until
someone switches them on in the UI.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._core.storage.tags import RETRY_STRATEGY_TAG

from finsam_pipeline.defs.housekeeping import fail_dead_runs, forget_old_runs
from finsam_pipeline.defs.names import NIGHTLY, PARTITIONS, TAG_TRIGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    from finsam_pipeline.defs.way import FileState, Way

REST_SECONDS = 60
_LOOK_EVERY = 30


def nightly_job() -> UnresolvedAssetJobDefinition:
    """All assets and checks of one association, in one process."""
    return dg.define_asset_job(
        NIGHTLY,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        tags={
            RETRY_STRATEGY_TAG: ReexecutionStrategy.ALL_STEPS.value
        },  # a run begun anew sees one state of landing in every step
        description="Tar in nya filer, prövar, bygger och ger ut ett samordningsförbunds tabeller.",
    )


def nightly_schedule(way: Way, job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """04:30 Swedish time: one run request an association, at most one a day."""

    @dg.schedule(
        name="every_night",
        job=job,
        cron_schedule="30 4 * * *",
        execution_timezone="Europe/Stockholm",
        description="Varje natt 04.30: en körning per samordningsförbund.",
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest]:
        fail_dead_runs(context.instance)
        forget_old_runs(context.instance)
        associations = list(way.associations())
        add_associations(context.instance, associations)
        day = context.scheduled_execution_time.date().isoformat()
        tags = {TAG_TRIGGER: "schedule"}
        return [dg.RunRequest(run_key=f"{day}:{a}", partition_key=a, tags=tags) for a in associations]

    return every_night


def landing_sensor(way: Way, job: UnresolvedAssetJobDefinition, clock: Callable[[], float] = time.time) -> dg.SensorDefinition:
    """Requests a run for an association whose landing folder has changed and then stood still for REST_SECONDS."""

    @dg.sensor(
        name="new_files",
        job=job,
        minimum_interval_seconds=_LOOK_EVERY,
        description="Begär en körning när ett samordningsförbunds filer har legat stilla i en minut.",
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        fail_dead_runs(context.instance)
        associations = list(way.associations())
        now = {a: fingerprint(way.landing_state(a)) for a in associations}
        watched, rested = look(read_cursor(context.cursor), now, clock())
        new = set(way.whats_new()) if rested else set()
        add_associations(context.instance, associations)
        tags = {TAG_TRIGGER: "sensor"}
        requests = [dg.RunRequest(run_key=f"{a}:{now[a]}", partition_key=a, tags=tags) for a in rested if a in new]
        return dg.SensorResult(run_requests=requests, cursor=write_cursor(watched))

    return new_files


@dataclass(frozen=True, slots=True)
class Watched:
    """An association's landing folder as last seen: its fingerprint, since when (s since the epoch), and whether dealt with."""

    state: str
    since: float
    done: bool = False


def look(before: Mapping[str, Watched], now: Mapping[str, str], clock: float) -> tuple[dict[str, Watched], list[str]]:
    """What is watched from here on, and the associations that have just come to rest.

    A folder that changed starts waiting anew; a state that has been dealt with is not dealt with again.
    """
    watched: dict[str, Watched] = {}
    rested: list[str] = []
    for association, state in now.items():
        last = before.get(association)
        if last is None or last.state != state:
            watched[association] = Watched(state, clock)
        elif not last.done and clock - last.since >= REST_SECONDS:
            watched[association] = Watched(state, last.since, done=True)
            rested.append(association)
        else:
            watched[association] = last
    return watched, rested


def fingerprint(files: Iterable[FileState]) -> str:
    """A folder's state by its files' paths, sizes and times of change (not by their contents). Order does not matter."""
    return hashlib.sha256(json.dumps(sorted(files)).encode()).hexdigest()[:16]


def read_cursor(text: str | None) -> dict[str, Watched]:
    """The sensor's memory; empty when there is none or an older version wrote it."""
    try:
        return {a: Watched(**w) for a, w in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def write_cursor(watched: Mapping[str, Watched]) -> str:
    """See `read_cursor`."""
    return json.dumps({a: asdict(w) for a, w in sorted(watched.items())})


def add_associations(instance: dg.DagsterInstance, associations: Iterable[str]) -> None:
    """Make every association a partition. One that is no longer configured keeps its history."""
    missing = [a for a in associations if not instance.has_dynamic_partition(PARTITIONS, a)]
    if missing:
        instance.add_dynamic_partitions(PARTITIONS, missing)
