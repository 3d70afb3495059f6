"""Small operational stores of every released schema, as SQL: what an upgrade is tested from.

`python -m finsam_pipeline_tests.store_schemas NAME` writes `schemas/NAME.sqlite.sql` and `schemas/NAME.postgresql.sql` from the code
as it stands (one row a table, two audit entries that hang together). Run it once when a schema is released; a dump is never
rewritten afterwards, since it stands for what lies on somebody's disk.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from finsam_pipeline.review import audit
from finsam_pipeline.store.database import Database
from finsam_pipeline_tests.postgres import binaries, postgres

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).with_name("schemas")
_OWN = ("schema_version", "alembic_version", "audit")  # filled by the store itself, or below


def released(kind: str) -> list[Path]:
    """The dumps of one kind of database (`sqlite`, `postgresql`), oldest first."""
    return sorted(FOLDER.glob(f"*.{kind}.sql"))


def load(dump: Path, url: str) -> None:
    """Make an empty database the store the dump was taken from."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.executescript(dump.read_text(encoding="utf-8"))
        else:
            driver.execute(dump.read_text(encoding="utf-8").encode())
        driver.commit()


def fill(database: Database) -> None:
    """One row a table and two audit entries."""
    moment = dt.datetime(2025, 7, 10, 4, 30)  # noqa: DTZ001 - the store holds UTC without a zone
    with database.writing() as connection:
        known = sa.MetaData()
        known.reflect(connection)
        for table in known.sorted_tables:
            if table.name not in _OWN:
                connection.execute(table.insert().values({c.name: _sample(c, moment) for c in table.columns if not c.nullable}))
        for action in ("decide", "withdraw"):
            audit.append(connection, "AB", action, {"id": "00ff"}, moment.replace(tzinfo=dt.UTC))


def _sample(column: sa.Column[Any], moment: dt.datetime) -> object:
    samples = {dt.datetime: moment, dt.date: moment.date(), int: 1, str: "E"}
    return samples[column.type.python_type]


def write(name: str) -> None:
    """Both dumps of the schema as the code makes it today."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "store.sqlite"
        fill(Database(f"sqlite:///{file}"))
        with sqlite3.connect(file) as connection:
            _write(f"{name}.sqlite.sql", connection.iterdump())
        connection.close()
        with postgres() as url:
            fill(Database(url))
            _write(f"{name}.postgresql.sql", _pg_dump(url))


def _write(name: str, lines: Iterable[str]) -> None:
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _pg_dump(url: str) -> list[str]:
    folder = binaries()
    assert folder is not None
    command = [str(folder / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", "--no-comments", f"--dbname={url}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # Comments, psql's own commands and the session's settings say which server made the dump, not what is in it.
    return [
        line for line in said.splitlines() if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config"))
    ]


if __name__ == "__main__":
    write(sys.argv[1])
