"""The operational store on both databases: made, upgraded from every released schema, shared by many writers."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from finsam_pipeline.review import audit
from finsam_pipeline.store import migrations, tables
from finsam_pipeline.store.database import Database, SchemaVersionError, StoreUnreachableError
from finsam_pipeline_tests.postgres import binaries, postgres
from finsam_pipeline_tests.store_schemas import FOLDER, fill, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RELEASED = sorted({file.name.split(".", 1)[0] for file in FOLDER.glob("*.sql")})


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if binaries() is None:
        pytest.skip("no PostgreSQL on this machine")
    pytest.importorskip("psycopg")
    with postgres() as url:
        yield url


@contextlib.contextmanager
def empty_database(main: str) -> Iterator[str]:
    """A database of its own on a running server."""
    name = f"d{time.monotonic_ns()}"
    with sa.create_engine(main, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    yield main.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    with empty_database(request.getfixturevalue("server")) as made:
        yield made


def drift(database: Database) -> list[object]:
    """What the tables say and the store does not hold, or the other way round."""
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables.metadata))


def rows(connection: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Everything the store holds but its own version."""
    known = sa.MetaData()
    known.reflect(connection)
    kept = [t for t in known.sorted_tables if t.name not in ("schema_version", "alembic_version")]
    return {t.name: [tuple(r) for r in connection.execute(sa.select(t).order_by(*t.primary_key))] for t in kept}


def refused_changes(database: Database) -> int:
    """How many of three ways to change the audit log the store refuses."""
    said = 0
    for statement in ("update audit set actor = 'CD'", "delete from audit where seq = 1", "truncate audit"):
        with contextlib.suppress(sa.exc.OperationalError), database.writing() as connection:  # SQLite knows no truncate
            try:
                connection.exec_driver_sql(statement)
            except sa.exc.IntegrityError as error:
                assert "append-only" in str(error)  # noqa: PT017 - the block goes on
                said += 1
                connection.rollback()
    return said


def test_a_new_store_is_what_the_tables_say(url: str):
    database = Database(url)
    assert drift(database) == []
    with database.reading() as connection:
        assert migrations.standing(connection) == migrations.revisions()[-1]


def test_the_drift_test_sees_a_column_and_an_index(url: str):
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql("alter table runs add column mood varchar")
        connection.exec_driver_sql("drop index runs_by_association")
    assert {entry[0] for entry in drift(database)} == {"remove_column", "add_index"}


@pytest.mark.parametrize("released", RELEASED)
def test_every_released_schema_is_brought_to_todays_and_keeps_its_rows(url: str, released: str):
    kind = url.partition(":")[0]
    load(FOLDER / f"{released}.{kind}.sql", url)
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        before = rows(connection)
    database = Database(url)
    assert drift(database) == []
    with database.writing() as connection:
        after = rows(connection)
        assert {name: after[name] for name in before} == before
        assert all(before.values())
        assert audit.verify(connection).holds
        audit.append(connection, "AB", "decide", {"id": "00ff"})
        assert connection.scalar(sa.select(tables.schema_version.c.version)) == int(migrations.revisions()[-1])
    assert refused_changes(database) == (2 if kind == "sqlite" else 3)


def test_steps_are_numbered_without_gaps_and_the_oldest_dump_is_kept():
    assert RELEASED[0] == "0000_before_alembic"
    assert migrations.revisions() == tuple(f"{n:04d}" for n in range(1, len(migrations.revisions()) + 1))


def test_a_step_that_fails_leaves_the_store_as_it_was(url: str, monkeypatch: pytest.MonkeyPatch):
    kind = url.partition(":")[0]
    load(FOLDER / f"0000_before_alembic.{kind}.sql", url)

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(migrations, "update", fail)  # the last thing an upgrade does
    with pytest.raises(RuntimeError):
        Database(url)
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        assert migrations.standing(connection) == "0001"
        assert not migrations.stamped(connection)


def test_a_store_of_a_newer_program_is_refused(url: str):
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '0999'")
    with pytest.raises(SchemaVersionError, match=r"schema version 999.*use the newer program"):
        Database(url)


def test_a_newer_store_from_before_alembic_is_refused(url: str):
    load(FOLDER / f"0000_before_alembic.{url.partition(':')[0]}.sql", url)
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("update schema_version set version = 999")
    with pytest.raises(SchemaVersionError):
        Database(url)


def test_a_store_that_stands_needs_no_alembic(url: str):
    Database(url)
    program = (
        "import sys; from finsam_pipeline.store.database import Database; Database(sys.argv[1]); print('alembic' in sys.modules)"
    )
    assert _python(program, url).stdout.strip() == "False"


_START = """
import sys
from finsam_pipeline.review import audit
from finsam_pipeline.store.database import Database
print("ready", flush=True)
sys.stdin.readline()
database = Database(sys.argv[1])
for n in range(5):
    with database.writing() as connection:
        audit.append(connection, "AB", "decide", {"n": n})
"""


@pytest.mark.parametrize("many", [2, 8])
def test_many_first_starts_at_once_make_one_store_and_one_chain(url: str, many: int):
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    started = [subprocess.Popen([sys.executable, "-c", _START, url], **pipes, text=True) for _ in range(many)]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * many
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in started]
    assert said == [""] * many
    database = Database(url)
    assert drift(database) == []
    with database.reading() as connection:
        assert audit.verify(connection) == audit.Verdict(entries=5 * many, broken_at=None)


def test_the_audit_log_refuses_to_be_changed(url: str):
    database = Database(url)
    fill(database)
    assert refused_changes(database) == (2 if url.startswith("sqlite") else 3)


def test_a_reader_sees_one_state_while_a_writer_goes_on(url: str):
    database = Database(url)
    fill(database)
    with database.reading() as reader:
        before = reader.scalar(sa.select(sa.func.count()).select_from(tables.audit))
        with database.writing() as writer:
            audit.append(writer, "AB", "decide", {})
        assert reader.scalar(sa.select(sa.func.count()).select_from(tables.audit)) == before


def test_a_server_that_is_gone_is_said_in_words(tmp_path: Path):
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnreachableError, match="does not answer") as refused:
        Database(f"postgresql://finsam:hemligt@/postgres?host={tmp_path}")
    assert "hemligt" not in str(refused.value)


def _python(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
