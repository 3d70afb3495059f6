from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.review import audit
from finsam_pipeline.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

AT = dt.datetime(2025, 9, 15, 14, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite'}")
    for number in range(3):
        with database.writing() as connection:
            audit.append(connection, "Anna", "decide", {"item": f"i{number}", "count": number}, AT)
    return database


def _tamper(database: Database, statement: str) -> None:
    """Somebody with the file in their hands: triggers off."""
    with database.writing() as connection:
        for act in ("update", "delete"):
            connection.exec_driver_sql(f"drop trigger audit_refuses_{act}")
        connection.exec_driver_sql(statement)


def _verdict(database: Database, expected: audit.Head | None = None) -> audit.Verdict:
    with database.reading() as connection:
        return audit.verify(connection, expected)


def test_an_untouched_log_holds(database: Database):
    assert _verdict(database) == audit.Verdict(3, None)
    assert _verdict(database).holds


def test_an_empty_log_holds(tmp_path: Path):
    assert _verdict(Database(f"sqlite:///{tmp_path / 'y.sqlite'}")).holds


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("update audit set actor = 'Bo' where seq = 2", 2),
        ("update audit set details = '{}' where seq = 1", 1),
        ("update audit set at = '2020-01-01' where seq = 3", 3),
        ("delete from audit where seq = 2", 2),
        ("delete from audit where seq = 1", 1),
    ],
)
def test_a_changed_or_missing_entry_shows(database: Database, statement: str, broken_at: int):
    _tamper(database, statement)
    assert _verdict(database).broken_at == broken_at


def test_a_cut_off_end_shows_against_a_head_kept_elsewhere(database: Database):
    with database.reading() as connection:
        kept = audit.head(connection)
    assert _verdict(database, kept).holds
    _tamper(database, "delete from audit where seq = 3")
    assert _verdict(database).holds
    assert _verdict(database, kept).broken_at == 3


def test_an_account_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch):
    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr(audit.getpass, "getuser", nobody)
    assert audit.os_account() == "unknown"
