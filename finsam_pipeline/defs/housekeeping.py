"""Runs whose process died are failed, and runs that are old are forgotten.

Dagster's own monitoring asks the run launcher whether a run's process lives; the launcher of a single machine cannot say, so a
run that was killed would stand as started, and hold its place in the queue, for ever. Here every run says which process it is,
and whoever comes next looks whether that process still gives a sign of life (`store.alive`).

Belongs here: the state of other runs in Dagster's store. Does not: figures; nothing here changes what is published.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from dagster import DagsterRunStatus as Status

from finsam_pipeline.defs.names import TAG_OUTCOME, TAG_PROCESS
from finsam_pipeline.register.errors import ConfigurationError
from finsam_pipeline.store import alive

if TYPE_CHECKING:
    from collections.abc import Iterable

HISTORY_VARIABLE = "FINSAM_RUN_HISTORY_DAYS"
_DEFAULT_DAYS = 90
_AT_A_TIME = 200
_ALIVE = (Status.STARTED, Status.STARTING, Status.CANCELING)
_OVER = (Status.SUCCESS, Status.FAILURE, Status.CANCELED)
_PARTITION = "dagster/partition"
_DIED = (
    "The process of this run ended without a word (killed, out of memory, power cut). What it had published stands, "
    "nothing half-made does, and the next run begins anew."
)


def process_tags(instance: dg.DagsterInstance, run_id: str) -> dict[str, str]:
    """What a run says of itself. With its own id: Dagster hands a run's tags on to the run that is begun in its stead."""
    return {TAG_PROCESS: f"{alive.sign_of_life(_signs(instance))}:{run_id}"}


def fail_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs failed whose process is gone; their ids."""
    dead = []
    ended = alive.ended(_signs(instance))  # before the runs are asked for: who ended well has said so by then
    for run in instance.get_runs(dg.RunsFilter(statuses=list(_ALIVE))) if ended else ():
        process, _, of_run = run.tags.get(TAG_PROCESS, "").rpartition(":")
        if of_run == run.run_id and process in ended:
            instance.add_run_tags(run.run_id, {TAG_OUTCOME: "failed"})
            instance.report_run_failed(run, _DIED)
            dead.append(run.run_id)
    alive.forget(_signs(instance), ended)
    return dead


def forget_old_runs(instance: dg.DagsterInstance, now: dt.datetime | None = None) -> int:
    """Delete finished runs, with their events, that are older than FINSAM_RUN_HISTORY_DAYS. Returns how many.

    The latest run of each association and the latest that gave something out are kept however old they are, so that the UI goes on
    showing what stands. At most 200 at a time: the rest goes the next night.

    Raises:
        ConfigurationError: the variable is no number of days.
    """
    days = history_days()
    if not days:
        return 0
    before = (now or dt.datetime.now(dt.UTC)) - dt.timedelta(days=days)
    old = instance.get_runs(dg.RunsFilter(statuses=list(_OVER), created_before=before), limit=_AT_A_TIME, ascending=True)
    kept = _to_keep(instance, {run.tags.get(_PARTITION, "") for run in old})
    gone = [run.run_id for run in old if run.run_id not in kept]
    for run_id in gone:
        instance.delete_run(run_id)
    return len(gone)


def history_days() -> int:
    """How long runs are kept; 0: for ever. Raises ConfigurationError."""
    text = os.environ.get(HISTORY_VARIABLE, "").strip()
    if not text:
        return _DEFAULT_DAYS
    if not text.isdecimal():
        raise ConfigurationError(HISTORY_VARIABLE, None, "ska vara ett antal dagar; 0 betyder att inget tas bort.")
    return int(text)


def _to_keep(instance: dg.DagsterInstance, partitions: Iterable[str]) -> set[str]:
    kept = set()
    for partition in partitions:
        tags = {_PARTITION: partition} if partition else {}
        for statuses in (list(_OVER), [Status.SUCCESS]):
            latest = instance.get_runs(dg.RunsFilter(tags=tags, statuses=statuses), limit=1)
            kept |= {run.run_id for run in latest}
    return kept


def _signs(instance: dg.DagsterInstance) -> Path:
    return Path(instance.root_directory) / "alive"
