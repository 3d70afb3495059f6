"""The operational store: one connection at a time, one transaction a piece of work.

Belongs here: engines, transactions, schema version. Does not: what is asked or written.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from finsam_pipeline.store import tables
from finsam_pipeline.store.errors import WorkspaceFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.store.workspace import Workspace

_BUSY_MS = 10_000
_SQLITE_PRAGMAS = (
    "pragma journal_mode=wal",
    f"pragma busy_timeout={_BUSY_MS}",
    "pragma synchronous=full",
    "pragma foreign_keys=on",
)


class SchemaVersionError(WorkspaceFault):
    """The store was made by a newer version of the pipeline."""


class Database:
    """The operational store of one workspace; tables are made at first use.

    Args:
        url: SQLAlchemy URL. SQLite files are opened with WAL and a busy timeout of 10 seconds.

    Raises:
        SchemaVersionError: the store is newer than this code.
    """

    def __init__(self, url: str) -> None:
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        # SQLite connections are cheap and must not outlive a piece of work: nothing is left open in a forked or ended process.
        self._engine = create_engine(url, **({"poolclass": NullPool} if self._sqlite else {}))
        if self._sqlite:
            _prepare_sqlite(self._engine)
        self._make()

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
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: everything in the block lasts, or nothing does. Writers wait for each other."""
        with self._engine.execution_options(finsam_writes=True).begin() as connection:
            yield connection

    def _make(self) -> None:
        with self.reading() as connection:
            known = inspect(connection).has_table(tables.schema_version.name)
            version = connection.scalar(select(tables.schema_version.c.version)) if known else None
        if version is not None and version > tables.SCHEMA_VERSION:
            raise SchemaVersionError(
                f"the store has schema version {version}, this program knows {tables.SCHEMA_VERSION}: use the newer program"
            )
        if version is None:
            with self.writing() as connection:
                tables.metadata.create_all(connection)
                if connection.scalar(select(tables.schema_version.c.version)) is None:
                    connection.execute(insert(tables.schema_version).values(version=tables.SCHEMA_VERSION))


def _prepare_sqlite(engine: Engine) -> None:
    """Begin transactions ourselves: the driver's own habit lets two writers start reading and then fail each other."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own types
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("finsam_writes", False)
        connection.exec_driver_sql("begin immediate" if writes else "begin")
