"""The commands of docs/operation.md, followed to the letter: backup, then restore in another place, then nothing is new."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from finsam_pipeline_tests.postgres import binaries, postgres
from finsam_pipeline_tests.workspaces import Office, people

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operation.md"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def section() -> str:
    return PAGE.read_text("utf-8").partition("## Backup and restore\n")[2].partition("\n## ")[0]


def commands() -> tuple[str, str]:
    """The two blocks: taking a backup, and restoring one."""
    backup, restore = re.findall(r"(?:^    .*\n?)+", section(), re.MULTILINE)
    return backup, restore


def inline(command: str) -> str:
    """What the page says instead, for a store on PostgreSQL."""
    found = re.search(rf"`({command} [^`]+)`", section())
    assert found is not None
    return found[1]


def shell(script: str, folder: Path) -> int:
    """The script's exit status; a command of it that fails ends it."""
    told = os.environ | {"PATH": PATH}
    return subprocess.run(["bash", "-c", script], cwd=folder, check=False, capture_output=True, env=told).returncode


def lived_in(office: Office) -> Office:
    """Something in every part: a row that waits, one that was corrected, with the value in the vault."""
    office.hand_over()
    office.put("deltagaruppfoljning", "fel.csv", people("7;Slussen;qvinna;2025-02-10;;", "8;Slussen;mann;2025-02-10;;"))
    assert office.run().status == 3
    assert office.decide(office.items()[0], "correct", "--set", "gender=kvinna").status == 0
    assert office.run().status == 3
    return office


def backed_up(office: Office, taken: Path, backup: str) -> None:
    script = backup.replace("/srv/finsam", f"'{office.home}'").replace("/backup/$(date +%F)", f"'{taken}'")
    assert shell(script, taken.parent) == 0
    archived = subprocess.run(["tar", "-tzf", taken / "workspace.tar.gz"], capture_output=True, check=True, text=True).stdout
    assert "./vault/archive" in archived
    assert "pseudonym.key" not in archived  # a backup that holds both identifies participants as the workspace does
    assert {p.stat().st_mode & 0o077 for p in (taken, *taken.iterdir())} == {0}
    shutil.copy(office.home / "vault" / "pseudonym.key", taken / "KEY")


def assert_restored(office: Office, home: Path, taken: Path, restore: str) -> None:
    items, decided = office.items(), office.items("--all")
    audit = office.finsam("status", "--json").json["audit"]
    snapshot = office.snapshot()
    assert shell(restore.replace("/srv/finsam", f"'{home}'"), taken) == 3  # what `finsam run`, the last command, ends with
    there = Office(home)
    assert there.snapshot().id == snapshot.id
    assert there.snapshot().damaged() == []
    assert (there.items(), there.items("--all")) == (items, decided)
    assert there.finsam("status", "--json").json["audit"] == audit
    again = there.run().json
    assert (again["snapshot_id"], again["changed"]) == (snapshot.id, False)
    there.put("nyckeltal", "nytt.csv", "Period;Nyckeltal;Värde\n2025H1;Kö;3\n".encode())  # and it goes on from there
    assert there.run().json["changed"] is True
    assert {p.stat().st_mode & 0o777 for p in (home / "vault", home / "vault" / "archive")} == {0o700}


def test_backup_and_restore_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    office, taken = lived_in(Office.start(tmp_path / "min yta")), tmp_path / "taken"
    backup, restore = commands()
    backed_up(office, taken, backup)
    assert_restored(office, tmp_path / "annan plats" / "finsam", taken, restore)


@pytest.mark.long
def test_the_same_with_the_store_on_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if binaries() is None:
        pytest.skip("no PostgreSQL on this machine")
    pytest.importorskip("psycopg")
    backup, restore = commands()
    backup = re.sub(r"^ +python3 .*$", lambda _: inline("pg_dump"), backup, flags=re.MULTILINE)
    restore = re.sub(r"^ +install .*finsam\.sqlite.*$", lambda _: inline("psql"), restore, flags=re.MULTILINE)
    assert "sqlite" not in restore
    with postgres() as url:
        with sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            for name in ("before", "after"):
                connection.exec_driver_sql(f"create database {name}")
        before, after = (url.replace("/postgres?", f"/{name}?") for name in ("before", "after"))
        monkeypatch.setenv("FINSAM_DATABASE_URL", before)
        office, taken = lived_in(Office.start(tmp_path / "yta")), tmp_path / "taken"
        backed_up(office, taken, backup)
        items, status, snapshot = office.items("--all"), office.finsam("status", "--json").json, office.snapshot()
        monkeypatch.setenv("FINSAM_DATABASE_URL", after)
        there = Office(tmp_path / "annan" / "finsam")
        assert shell(restore.replace("/srv/finsam", f"'{there.home}'"), taken) == 3
        assert (there.snapshot().id, there.items("--all")) == (snapshot.id, items)
        assert there.finsam("status", "--json").json["audit"] == status["audit"]
        assert there.run().json["changed"] is False
        there.put("nyckeltal", "nytt.csv", "Period;Nyckeltal;Värde\n2025H1;Kö;3\n".encode())
        assert there.run().json["changed"] is True
