"""`dagster.yaml`: how the Dagster instance of a workspace is set up, on one machine (SQLite) or on a server (PostgreSQL).

Belongs here: the settings as text, and when a file that lies there may be replaced. Does not: opening an instance.
"""

from __future__ import annotations

import hashlib

DATABASE_VARIABLE = "FINSAM_DAGSTER_URL"  # a postgresql:// URL; its presence chooses the server's settings

# SHA-256 of texts earlier versions wrote: a file that still is one of them was never edited, and follows the program.
_EARLIER = frozenset({"2ce4d43e2a7f0d00433c402e3765fb17942ff6c1431f032ea6a743390b413f6a"})

_HEAD = """\
# The Dagster instance of this workspace. Written by finsam; once you have edited it, it is yours and is left alone.
telemetry:
  enabled: false
nux:
  enabled: false

# What a step prints could hold anything; it is not kept.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager

"""
_SQLITE = """\
run_storage:
  module: dagster._core.storage.runs
  class: SqliteRunStorage
  config:
    base_dir: {env: DAGSTER_HOME}
schedule_storage:
  module: dagster._core.storage.schedules
  class: SqliteScheduleStorage
  config:
    base_dir: {env: DAGSTER_HOME}
event_log_storage:
  module: finsam_pipeline.defs.storage
  class: PooledSqliteEventLogStorage
  config:
    base_dir: {env: DAGSTER_HOME}
"""
_POSTGRESQL = f"""\
# Needs the extra `postgres`. A database of its own: not the one FINSAM_DATABASE_URL names.
storage:
  custom:
    module: finsam_pipeline.defs.storage_postgres
    class: PooledPostgresStorage
    config:
      postgres_url: {{env: {DATABASE_VARIABLE}}}
"""
_TAIL = """\

# One run at a time works on a workspace; the others, asked for by the schedule, the sensor or a person, wait in the queue.
concurrency:
  pools:
    default_limit: 1
    granularity: run

# A run that does not start, does not let itself be cancelled or never ends is failed, so that the queue moves on. One whose process
# was killed is found by the schedule, the sensor and the next run: see docs/operation.md.
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  cancel_timeout_seconds: 300
  max_runtime_seconds: 21600
  poll_interval_seconds: 60

# A run whose process died is started once more, from its first step. One whose step failed is not: it would fail again.
run_retries:
  enabled: true
  max_retries: 1
  retry_on_asset_or_op_failure: false

# Days for which ticks are kept. Runs and their events: FINSAM_RUN_HISTORY_DAYS.
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 2, success: 90, failure: 90, started: 7}
"""


def settings_text(*, server: bool) -> str:
    """The settings for a server (PostgreSQL) or for one machine (SQLite)."""
    return _HEAD + (_POSTGRESQL if server else _SQLITE) + _TAIL


def untouched(text: str) -> bool:
    """Whether a file holds what some version of this program wrote."""
    written = {settings_text(server=True), settings_text(server=False)}
    return text in written or hashlib.sha256(text.encode()).hexdigest() in _EARLIER
