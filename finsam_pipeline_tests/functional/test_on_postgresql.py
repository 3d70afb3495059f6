"""The whole way with both stores on PostgreSQL: the operational one and Dagster's. Same id, same bytes as on files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from finsam_pipeline.defs import run_job
from finsam_pipeline.defs.housekeeping import forget_old_runs
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline_tests.fake_way import MODELS, FakeWay
from finsam_pipeline_tests.postgres import binaries, postgres
from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Office, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from finsam_pipeline_tests.workspaces import Answer

STRANGER = "7;Okänt;kvinna;2025-02-03;;"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """One server; each store gets a database of its own."""
    if binaries() is None:
        pytest.skip("no PostgreSQL on this machine")
    pytest.importorskip("psycopg")
    pytest.importorskip("dagster_postgres")
    with postgres() as url:
        with sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            for name in ("finsam", "dagster"):
                connection.exec_driver_sql(f"create database {name}")
        yield url


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FINSAM_DATABASE_URL", "FINSAM_DAGSTER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAGSTER_HOME", "")


def lived(office: Office, first: Callable[..., Answer]) -> list[tuple[int, str]]:
    """Files come, a row waits, a steward decides, the row is dropped: status and snapshot after each run. `first`: the first one."""
    office.hand_over()
    said = [first("run", "--json")]
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE, STRANGER), LATER)
    said.append(office.run())
    (item,) = office.items()
    assert office.decide(item, "drop").status == 0
    said += [office.run(), office.run()]
    assert office.items() == []
    return [_said(answer) for answer in said]


def _said(answer: Answer) -> tuple[int, str]:
    assert answer.status in (0, 3), answer.err
    return answer.status, answer.json["snapshot_id"]


@pytest.mark.usefixtures("marts_alone")
def test_a_workspace_on_postgresql_gives_the_marts_it_gives_on_files(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FINSAM_PSEUDONYM_KEY_FILE", str(tmp_path / "key"))  # one key: a decision belongs to a keyed hash of a row
    on_files = Office.start(tmp_path / "files")
    expected, audited = lived(on_files, on_files.finsam), on_files.finsam("status", "--json").json["audit"]
    assert [status for status, _ in expected] == [0, 3, 0, 0]
    monkeypatch.setenv("FINSAM_DATABASE_URL", server.replace("/postgres?", "/finsam?"))
    monkeypatch.setenv("FINSAM_DAGSTER_URL", server.replace("/postgres?", "/dagster?"))
    on_server = Office.start(tmp_path / "server")
    assert lived(on_server, on_server.finsam_with_dagster) == expected
    marts = {m["name"]: m["sha256"] for m in on_server.snapshot().manifest["marts"]}
    assert marts == {m["name"]: m["sha256"] for m in on_files.snapshot().manifest["marts"]}
    assert on_server.finsam("status", "--json").json["audit"] == audited
    assert not list(on_server.home.rglob("*.sqlite"))
    assert not list((on_server.home / "dagster").rglob("*.db"))


def test_dagsters_store_on_postgresql_keeps_and_forgets_runs(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FINSAM_DAGSTER_URL", server)
    runs = [run_job(tmp_path, "norr", way=FakeWay(tmp_path), models=MODELS, marts={}).run_id for _ in range(2)]
    with open_instance(tmp_path) as instance:
        assert [r.run_id for r in instance.get_runs()] == runs[::-1]
        assert forget_old_runs(instance, dt.datetime.now(dt.UTC) + dt.timedelta(days=91)) == 1
        assert [r.run_id for r in instance.get_runs()] == runs[1:]
        assert instance.all_logs(runs[1])
