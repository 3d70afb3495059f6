"""Dagster's SQLite event log with connections that stay open.

The storage Dagster brings opens and closes a database, and compiles every statement anew, some ten times an event: more
than half the time of a run of ours. This one keeps an engine a database. It is named in `dagster.yaml`, which is how Dagster
wants storages replaced; files and tables are Dagster's own, so the stock class reads the same workspace.

Belongs here: connections. Does not: what an event is.
"""
# ruff: noqa: ANN401 - what Dagster and the driver hand over has no public type

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
    SqliteEventLogStorageWatchdog,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy.pool import QueuePool
from watchdog.observers import Observer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine

_OPEN_RUNS = 4  # databases of runs kept open; the index is always


class PooledSqliteEventLogStorage(SqliteEventLogStorage):
    """The stock SQLite event log on pooled connections, `synchronous=NORMAL` (WAL: a crash loses events, never the file)."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> PooledSqliteEventLogStorage:
        """Made by Dagster from `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> Any:
        """A transaction on one run's database."""
        return self._transaction(run_id or INDEX_SHARD_NAME)

    def index_connection(self) -> AbstractContextManager[Connection]:
        """A transaction on the database across runs."""
        return self._transaction(INDEX_SHARD_NAME)

    def has_table(self, table_name: str) -> bool:
        """Whether the database across runs has the table. Asked at every event; a table that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def delete_events(self, run_id: str) -> None:
        """Forget a run's events; its database goes with them (the stock class leaves an empty one for every run there ever was)."""
        super().delete_events(run_id)
        engine = self._engines.pop(run_id, None)
        if engine is not None:
            engine.dispose()
        self._initialized_dbs.discard(run_id)
        for end in ("", "-wal", "-shm"):
            Path(self.path_for_shard(run_id) + end).unlink(missing_ok=True)

    def watch(self, run_id: str, cursor: str | None, callback: Any) -> None:
        """Tell `callback` of a run's new events as they come: what the UI shows while a run goes on."""
        observer: Any = self._obs
        if observer is None:
            observer = Observer()
            observer.start()
            self._obs = observer
        watchdog = _WalWatchdog(self, run_id, callback, cursor)
        self._watchers[run_id][callback] = (watchdog, observer.schedule(watchdog, self._base_dir, recursive=True))

    def dispose(self) -> None:
        """Close every connection."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()

    @contextmanager
    def _transaction(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.get(shard)
        if engine is not None and Path(self.path_for_shard(shard)).exists():  # a deleted run takes its database with it
            return engine
        engine = sa.create_engine(
            self.conn_string_for_shard(shard), poolclass=QueuePool, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        )
        sa.event.listen(engine, "connect", _relax)
        self._initdb(engine)
        self._forget_oldest()
        self._engines[shard] = engine
        return engine

    def _forget_oldest(self) -> None:
        runs = [shard for shard in self._engines if shard != INDEX_SHARD_NAME]
        for shard in runs[: max(0, len(runs) - _OPEN_RUNS + 1)]:
            self._engines.pop(shard).dispose()


class _WalWatchdog(SqliteEventLogStorageWatchdog):
    """Looks at the write-ahead log too: while connections stay open, the database's own file is seldom written."""

    def __init__(self, storage: SqliteEventLogStorage, run_id: str, callback: Any, cursor: str | None) -> None:
        super().__init__(storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: Any) -> None:  # noqa: ARG002 - the handler's signature
        """Read what is new, whichever of the files was written."""
        self._process_log()


def _relax(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
