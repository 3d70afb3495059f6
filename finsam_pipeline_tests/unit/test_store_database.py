from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from finsam_pipeline.store import database as database_module
from finsam_pipeline.store import tables
from finsam_pipeline.store.database import Database, StoreUnreachableError
from finsam_pipeline.store.deliveries import note_deliveries, read_deliveries
from finsam_pipeline.store.workspace import LandingFile, Workspace

SEEN = dt.datetime(2025, 9, 15, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    return Workspace(tmp_path / "home").ensure()


@pytest.fixture
def database(workspace: Workspace) -> Database:
    return Database.of(workspace)


def _landed(path: str, day: dt.date | None = None) -> LandingFile:
    return LandingFile("a", "budget", path, day, 10, 1, Path(path))


def _note(database: Database, *files: tuple[LandingFile, str]) -> list[tuple[str, str, int]]:
    with database.writing() as connection:
        return [(d.path, d.sha256, d.sequence) for d in note_deliveries(connection, files, SEEN)]


def test_the_store_is_made_at_first_use_and_found_again(workspace: Workspace, database: Database):
    with database.reading() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
    file = workspace.home / "finsam.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    Database.of(workspace)


@pytest.mark.parametrize("url", ["", "no url", "oracle://u:hemligt@db/x", "postgresql+nodriver://u:hemligt@db/x"])
def test_a_url_of_no_store_is_refused_without_its_password(url: str):
    with pytest.raises(StoreUnreachableError, match="FINSAM_DATABASE_URL") as refused:
        Database(url)
    assert "hemligt" not in str(refused.value)


def test_a_transaction_lasts_whole_or_not_at_all(database: Database):
    def fail_midway() -> None:
        with database.writing() as connection:
            connection.execute(insert(tables.runs).values(id="r", association="a", started=SEEN.replace(tzinfo=None)))
            connection.execute(insert(tables.runs).values(id="r", association="a", started=SEEN.replace(tzinfo=None)))

    with pytest.raises(IntegrityError):
        fail_midway()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.runs)) == 0


def test_writers_wait_for_each_other_and_readers_do_not(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database_module, "_SQLITE_PRAGMAS", ("pragma journal_mode=wal", "pragma busy_timeout=1"))
    database = Database.of(workspace)
    with database.writing():
        with database.reading() as reader:
            assert reader.scalar(select(func.count()).select_from(tables.runs)) == 0
        with pytest.raises(OperationalError, match="locked"), database.writing():
            pass


def test_content_at_a_path_is_noted_once(database: Database):
    assert _note(database, (_landed("p"), "s1")) == [("p", "s1", 1)]
    assert _note(database, (_landed("p"), "s1")) == []


def test_content_that_changes_in_place_and_comes_back_is_delivered_three_times(database: Database):
    noted = [_note(database, (_landed("p"), sha)) for sha in ("s1", "s2", "s1", "s1")]
    assert noted == [[("p", "s1", 1)], [("p", "s2", 2)], [("p", "s1", 3)], []]


def test_the_same_content_at_another_path_is_another_delivery(database: Database):
    assert len(_note(database, (_landed("p"), "s1"), (_landed("q"), "s1"))) == 2


def test_the_day_is_the_folders_else_the_day_it_was_first_seen_where_it_was_seen(database: Database):
    _note(database, (_landed("p", dt.date(2025, 3, 1)), "s1"), (_landed("q"), "s2"))
    with database.reading() as connection:
        got = {d.path: (d.delivered_on, d.first_seen) for d in read_deliveries(connection, "a")}
        early = read_deliveries(connection, "a", as_of=dt.date(2025, 3, 1))
        assert read_deliveries(connection, "b") == []
    utc = dt.datetime(2025, 9, 15, 21, 30)  # noqa: DTZ001 - the store holds UTC without a zone
    assert got == {"p": (dt.date(2025, 3, 1), utc), "q": (dt.date(2025, 9, 15), utc)}
    assert [d.path for d in early] == ["p"]
