"""marts.duckdb: the marts as one DuckDB file, for whoever asks in SQL.

Belongs here: schemas, tables, comments, the storage version. Does not: a figure of its own. Tables, not views: a view would hold a
path that is wrong elsewhere. Written in the storage version of DuckDB 1.0, which that version and every later one opens.
"""

from __future__ import annotations

import os
from itertools import groupby
from typing import TYPE_CHECKING

import duckdb

from finsam_pipeline.contracts.marts import MARTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from finsam_pipeline.contracts.types import MartColumn, MartContract

STORAGE_VERSION = "v1.0.0"
_PIECE, _BLOCK = 1 << 12, 1 << 18  # of a disk, of DuckDB
_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "bool": "BOOLEAN",
    "date": "DATE",
    "money": "DECIMAL(18, 2)",
    "percent": "DECIMAL(9, 1)",
    "share": "DECIMAL(9, 4)",
    "points": "DECIMAL(18, 2)",
    "figure": "DECIMAL(18, 4)",
}


def write_duckdb(tables: Mapping[str, pa.Table], file: Path, snapshot_id: str, mode: int) -> None:
    """A table a mart, `economy.income_statement`, sorted by key, every column with what it is and its unit.

    Writes the file under its name straight away: call it in a folder that nobody reads yet.
    """
    full = file.with_name(f".{file.name}")
    _fill(tables, full, snapshot_id)
    _copy_with_holes(full, file, mode)
    full.unlink()


def _fill(tables: Mapping[str, pa.Table], file: Path, snapshot_id: str) -> None:
    with duckdb.connect(config={"threads": 1}) as connection:
        quoted = file.as_posix().replace("'", "''")
        connection.execute(f"attach '{quoted}' as marts (storage_version '{STORAGE_VERSION}')")
        connection.execute("use marts")
        connection.execute("begin")  # one piece of work: a statement on its own is brought to the disk on its own
        for family in dict.fromkeys(path.partition("/")[0] for path in tables):
            connection.execute(f"create schema {family}")
        for path, table in tables.items():
            _write(connection, MARTS[path], table)
        connection.execute("create table main.finsam_snapshot as select ? as snapshot_id", [snapshot_id])
        connection.execute("comment on table main.finsam_snapshot is 'Den ögonblicksbild som tabellerna är'")
        connection.execute("commit")
        connection.execute("use memory")
        connection.execute("detach marts")  # brings everything into the file and takes the log beside it away


def _copy_with_holes(full: Path, file: Path, mode: int) -> None:
    """The same bytes, with holes for zeros.

    A table takes a block of 256 KB however few rows it has: most of a small snapshot. Smaller blocks DuckDB 1.0 could not open.
    """
    with full.open("rb") as source, file.open("xb") as sink:
        while block := source.read(_BLOCK):
            for zeros, pieces in groupby(_pieces(block), key=lambda piece: piece.count(0) == len(piece)):
                run = b"".join(pieces)
                if zeros:
                    sink.seek(len(run), os.SEEK_CUR)
                else:
                    sink.write(run)
        sink.truncate(source.tell())
        os.fchmod(sink.fileno(), mode)
        os.fsync(sink.fileno())


def _pieces(block: bytes) -> Iterator[bytes]:
    return (block[at : at + _PIECE] for at in range(0, len(block), _PIECE))


def _write(connection: duckdb.DuckDBPyConnection, contract: MartContract, table: pa.Table) -> None:
    name = f'{contract.family}."{contract.name}"'
    columns = ", ".join(f'"{c.name}" {_TYPES[c.arrow]}{"" if c.nullable else " not null"}' for c in contract.columns)
    connection.execute(f"create table {name} ({columns})")
    connection.register("incoming", table)
    connection.execute(f"insert into {name} select * from incoming")
    connection.unregister("incoming")
    connection.execute(f"comment on table {name} is {_text(f'{contract.title_sv}: en rad är {contract.row_sv}')}")
    for column in contract.columns:
        connection.execute(f'comment on column {name}."{column.name}" is {_text(_said(column))}')


def _said(column: MartColumn) -> str:
    return f"{column.description_sv} ({column.unit})" if column.unit else column.description_sv


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
