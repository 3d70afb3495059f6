"""DuckDB: every relation in one connection in memory.

Belongs here: relations and errors of DuckDB. Does not: which relations there are, in which order.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from finsam_pipeline.models.engines import EngineError
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from finsam_pipeline.models.project import Model

_LARGE = 500_000  # rows; compressing takes time, and small tables need no room
_LINE = re.compile(r"\bLINE (\d+):")
# These speak of SQL alone; every other class may quote what stood in a row.
_SAFE = (duckdb.ParserException, duckdb.CatalogException, duckdb.BinderException)


class DuckEngine:
    """An engine in this process; `connection` is for what only DuckDB is asked."""

    def __init__(self, threads: int) -> None:
        self.connection = _connect(threads)
        for schema in sorted({name.split(".")[0] for name in SOURCE_SCHEMAS}):
            self.connection.execute(f'create schema "{schema}"')

    def give(self, name: str, given: pa.Table | Path, columns: Sequence[str]) -> None:
        """See `Engine`."""
        schema, table = name.split(".")
        if isinstance(given, Path):
            origin = "read_parquet('" + given.as_posix().replace("'", "''") + "')"
        else:
            origin = f'"{schema}_{table}_given"'
            self.connection.register(origin.strip('"'), given)
        listed = ", ".join(f'"{column}"' for column in columns)
        # Views, not tables: a model reads a few columns of its source, and copying a wide ledger first costs more than it saves.
        self.connection.execute(f'create or replace view "{schema}"."{table}" as select {listed} from {origin}')

    def make(self, model: Model) -> int:
        """See `Engine`."""
        try:
            made = self.connection.execute(f'create or replace {model.materialized} "{model.name}" as\n{model.sql}').fetchall()
            # A table tells its rows as it is made; a view has to be asked.
            counted = made or self.connection.execute(f'select count(*) from "{model.name}"').fetchall()
        except duckdb.Error as error:
            raise told(error, lines_before=1) from None
        rows = int(counted[0][0])
        if made and rows >= _LARGE:
            self.connection.execute("checkpoint models")  # only then is what stands there compressed
        return rows

    def query(self, sql: str, bound: Sequence[object] = ()) -> pa.Table:
        """See `Engine`."""
        try:
            return self.connection.sql(sql, params=list(bound) or None).to_arrow_table()
        except duckdb.Error as error:
            raise told(error) from None

    def fetch(self, sql: str, bound: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """See `Engine`."""
        try:
            found: list[tuple[Any, ...]] = self.connection.execute(sql, list(bound)).fetchall()
        except duckdb.Error as error:
            raise told(error) from None
        return found

    def close(self) -> None:
        """See `Engine`."""
        self.connection.close()


def _connect(threads: int) -> duckdb.DuckDBPyConnection:
    """A database in memory whose tables are compressed: file and hash of a voucher row are the same in a million rows.

    Rows of persons must not be laid aside in files of whatever folder the run was begun in: what does not fit in memory fails.
    """
    connection = duckdb.connect(config={"threads": threads, "temp_directory": ""})
    connection.execute("attach ':memory:' as models (compress)")
    connection.execute("use models")
    return connection


def told(error: duckdb.Error, lines_before: int = 0) -> EngineError:
    """DuckDB's error as one that holds no value of a row."""
    text = str(error)
    found = _LINE.search(text)
    message = text.split("\n", 1)[0] if isinstance(error, _SAFE) else type(error).__name__
    return EngineError(message, int(found[1]) - lines_before if found else None)
