"""Dagster's event log on connections that stay open: what a steward who looks at a run sees of it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from dagster import DagsterEvent, DagsterEventType, EventLogEntry
from dagster._core.events import EngineEventData

from finsam_pipeline.defs.storage import PooledSqliteEventLogStorage

if TYPE_CHECKING:
    from pathlib import Path

RUN = "0" * 8


def _event(message: str) -> EventLogEntry:
    event = DagsterEvent(DagsterEventType.ENGINE_EVENT.value, "j", message=message, event_specific_data=EngineEventData({}))
    return EventLogEntry(None, 10, message, RUN, time.time(), job_name="j", dagster_event=event)


def test_the_events_of_a_run_are_seen_while_it_goes_on(tmp_path: Path) -> None:
    """The run's process keeps its connection, so that only the write-ahead log grows; the UI watches from another."""
    running, ui = (PooledSqliteEventLogStorage(str(tmp_path)) for _ in range(2))
    running.store_event(_event("begun"))
    seen, told = threading.Event(), []

    def callback(entry: EventLogEntry, _cursor: str) -> None:
        told.append(entry.user_message)
        if entry.user_message == "goes on":
            seen.set()

    try:
        ui.watch(RUN, None, callback)
        running.store_event(_event("goes on"))
        assert seen.wait(10), "nothing was told of the second event"
        assert told == ["begun", "goes on"]
    finally:
        ui.end_watch(RUN, callback)
        running.dispose()
        ui.dispose()
