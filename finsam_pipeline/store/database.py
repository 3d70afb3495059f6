"""The operational store: one connection at a time, one transaction a piece of work, on SQLite or PostgreSQL.

Belongs here: engines, transactions, bringing a store to today's schema. Does not: what is asked or written, what a schema is
(`tables`, `migrations`).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from finsam_pipeline.store import migrations
from finsam_pipeline.store.errors import WorkspaceFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.store.workspace import Workspace

_BUSY_MS = 10_000
_SQLITE_PRAGMAS = (
    f"pragma busy_timeout={_BUSY_MS}",  # first: switching to WAL may have to wait too
    "pragma journal_mode=wal",
    "pragma synchronous=full",
    "pragma foreign_keys=on",
)
_WRITERS = 0x66696E73616D  # the advisory lock every writer of a PostgreSQL store holds
_KINDS = ("sqlite", "postgresql")


class SchemaVersionError(WorkspaceFault):
    """The store was made by a newer version of the pipeline."""


class StoreUnreachableError(WorkspaceFault):
    """FINSAM_DATABASE_URL names no store this program can open."""


class Database:
    """The operational store of one workspace; at first use it is made, or brought to today's schema.

    Args:
        url: SQLAlchemy URL. SQLite files are opened with WAL and a busy timeout of 10 seconds; PostgreSQL needs the extra
            `postgres`, and a database (or a schema on the search path) of the workspace's own.

    Raises:
        SchemaVersionError: the store is newer than this code.
        StoreUnreachableError: there is no store to open; the sentence says why, without the password.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        try:
            self._make()
        except OperationalError as error:
            if self._sqlite:
                raise
            raise StoreUnreachableError(f"the operational store does not answer: {_first_line(error)}") from None

    @classmethod
    def of(cls, workspace: Workspace) -> Database:
        """The store of a workspace. A SQLite file gets mode 0600."""
        database = cls(workspace.database_url)
        file = database._engine.url.database
        if database._sqlite and file:
            (workspace.home / file).chmod(0o600)
        return database

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the store."""
        with self._engine.connect() as connection:
            if not self._sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: everything in the block lasts, or nothing does. Writers wait for each other.

        So a writer may read what it is about to go on from (the last entry of the audit log, the last number of a delivery) and
        nobody else writes in between.
        """
        with self._engine.execution_options(finsam_writes=True).begin() as connection:
            yield connection

    @property
    def _sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def _make(self) -> None:
        with self.reading() as connection:
            if self._current(connection):
                return
        with self.writing() as connection:
            if not self._current(connection):  # two first starts: the second one finds it made
                migrations.upgrade(connection)

    def _current(self, connection: Connection) -> bool:
        known, stands = migrations.revisions(), migrations.standing(connection)
        if stands is not None and stands not in known:
            raise SchemaVersionError(
                f"the store has schema version {int(stands)}, this program knows {int(known[-1])}: use the newer program"
            )
        return stands == known[-1] and migrations.stamped(connection)


def _engine(url: str) -> Engine:
    try:
        kind = make_url(url).get_backend_name()
        # Connections are cheap and must not outlive a piece of work: nothing is left open in a forked or ended process.
        engine = create_engine(url, poolclass=NullPool) if kind in _KINDS else None
    except (ArgumentError, NoSuchModuleError):  # their texts may repeat the URL, and with it the password
        engine = None
    except ModuleNotFoundError as missing:
        raise StoreUnreachableError(f"{missing.name} is not installed: pip install 'finsam-pipeline[postgres]'") from None
    if engine is None:
        raise StoreUnreachableError(f"FINSAM_DATABASE_URL has to be a SQLAlchemy URL of {' or '.join(_KINDS)}")
    (_prepare_sqlite if kind == "sqlite" else _prepare_postgresql)(engine)
    return engine


def _first_line(error: OperationalError) -> str:
    """What the driver says: host, user and database, never the password."""
    return (str(error.orig).splitlines() or [""])[0]


def _prepare_sqlite(engine: Engine) -> None:
    """Begin transactions ourselves: the driver's own habit lets two writers start reading and then fail each other."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own types
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("begin immediate" if _writes(connection) else "begin")


def _prepare_postgresql(engine: Engine) -> None:
    """Writers queue at a lock of the database's own, for as long as their transaction lasts.

    They run in READ COMMITTED: in a stricter isolation the statement that waits for the lock would already fix what is seen, and
    the writer would go on from a state that has passed.
    """

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if _writes(connection):
            connection.exec_driver_sql(f"set local lock_timeout = {_BUSY_MS}")
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({_WRITERS})")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("finsam_writes", False))
