"""`finsam export`: the snapshot in a database, equal to the last öre, and never half of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest
import sqlalchemy as sa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.store import export
from finsam_pipeline.store.export import ExportError, export_snapshot, mart_table
from finsam_pipeline.store.reader import Snapshot
from finsam_pipeline_tests.postgres import binaries, postgres
from finsam_pipeline_tests.prepared import marts_alone
from finsam_pipeline_tests.workspaces import Office, people


@pytest.fixture(scope="module")
def newer(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What stands when a person has been added to what `run_office` has; not to be changed."""
    office = run_office.copy_to(tmp_path_factory.mktemp("export") / "home")
    office.put("deltagaruppfoljning", "fler.csv", people("9;Verkstan;man;2025-06-30;;"))
    with marts_alone(tested=False):
        assert office.run().status == 0
    return office.snapshot()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if binaries() is None:
        pytest.skip("no PostgreSQL on this machine")
    pytest.importorskip("psycopg")
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'marts.sqlite'}"
        return
    main: str = request.getfixturevalue("server")
    with _connected(main, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("create database target")
    yield main.replace("/postgres?", "/target?")
    with _connected(main, isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("drop database target with (force)")


def _connected(url: str, **settings: object) -> sa.Connection:
    return sa.create_engine(url, poolclass=sa.NullPool, **settings).connect()


def read_back(url: str, mart: str, schema: str | None = None) -> list[dict[str, object]]:
    contract = MARTS[mart]
    table = mart_table(sa.MetaData(schema=schema), contract)
    with _connected(url) as connection:
        return [dict(r) for r in connection.execute(sa.select(table)).mappings()]


def same(url: str, snapshot: Snapshot, schema: str | None = None) -> bool:
    def by_key(rows: list[dict[str, object]], mart: str) -> list[dict[str, object]]:
        return sorted(rows, key=lambda r: [str(r[k]) for k in MARTS[mart].key])

    return all(by_key(read_back(url, m, schema), m) == by_key(snapshot.table(m).to_pylist(), m) for m in snapshot.marts)


def query(url: str, sql: str) -> list[tuple[object, ...]]:
    with _connected(url) as connection:
        return [tuple(r) for r in connection.exec_driver_sql(sql)]


def test_every_mart_is_read_back_equal(url: str, run_office: Office):
    snapshot = run_office.snapshot()
    done = export_snapshot(snapshot, url)
    assert same(url, snapshot)
    assert done.rows["economy_income_statement"] == snapshot.table("economy/income_statement").num_rows
    (money,) = {type(r["amount_kr"]) for r in read_back(url, "economy/ledger_month")}
    assert money is Decimal


def test_the_snapshot_says_which_it_is(url: str, run_office: Office):
    export_snapshot(run_office.snapshot(), url)
    ((identity, as_of),) = query(url, "select snapshot_id, as_of from finsam_snapshot")
    assert (identity, str(as_of)) == (run_office.snapshot().id, run_office.snapshot().manifest["as_of"])


def test_a_second_export_replaces_the_first_and_leaves_views_and_indexes(url: str, run_office: Office, newer: Snapshot):
    export_snapshot(run_office.snapshot(), url)
    with _connected(url) as connection:
        connection.exec_driver_sql("create view started as select sum(started) as n from participants_participant_flow")
        connection.commit()
    (before,) = query(url, "select n from started")
    export_snapshot(newer, url)
    assert same(url, newer)
    assert query(url, "select n from started") > [before]


def test_when_it_fails_half_way_the_old_snapshot_stands(url: str, run_office: Office, newer: Snapshot):
    old = run_office.snapshot()
    export_snapshot(old, url)
    with mock.patch.object(export, "_say_which", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        export_snapshot(newer, url)
    assert same(url, old)


def test_a_reader_sees_the_old_snapshot_until_the_new_one_is_whole(url: str, run_office: Office, newer: Snapshot):
    old = run_office.snapshot()
    export_snapshot(old, url)
    seen = []

    def look(*arguments: object) -> None:
        seen.append(same(url, old))
        said(*arguments)

    said = export._say_which
    with mock.patch.object(export, "_say_which", side_effect=look):
        export_snapshot(newer, url)
    assert seen == [True]
    assert same(url, newer)


def test_a_table_of_another_form_is_made_anew(url: str, run_office: Office):
    with _connected(url) as connection:
        connection.exec_driver_sql("create table economy_equity (association text, period integer)")
        connection.commit()
    export_snapshot(run_office.snapshot(), url)
    assert same(url, run_office.snapshot())


def test_a_schema_of_its_own_and_comments_in_postgresql(server: str, run_office: Office):
    export_snapshot(run_office.snapshot(), server, "finsam marts")
    export_snapshot(run_office.snapshot(), server, "finsam marts")
    assert same(server, run_office.snapshot(), "finsam marts")
    with _connected(server) as connection:
        found = sa.inspect(connection)
        assert found.get_table_comment("economy_equity", schema="finsam marts") == {"text": "Eget kapital: en rad är en period"}
        columns = {c["name"]: c for c in found.get_columns("economy_equity", schema="finsam marts")}
        assert columns["result_kr"]["comment"] == "Periodens resultat (kr)"
        assert str(columns["result_kr"]["type"]) == "NUMERIC(18, 2)"
        assert found.get_pk_constraint("economy_equity", schema="finsam marts")["constrained_columns"] == [
            "association",
            "period",
        ]


def test_two_exports_at_once_wait_for_each_other(server: str, run_office: Office):
    failed: list[BaseException] = []

    def load() -> None:
        try:
            export_snapshot(run_office.snapshot(), server, "both")
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    load()
    threads = [threading.Thread(target=load) for _ in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failed == []
    assert same(server, run_office.snapshot(), "both")


@pytest.mark.parametrize(
    ("to", "status", "said"),
    [
        ("postgresql://finsam:hemligt@/x?host=/nowhere", 10, "postgresql://finsam:***@/x"),
        ("hemligt", 2, "ingen databas-URL"),
        ("postgresql://u:hemligt@[::1:a/x", 2, "ingen databas-URL"),
        ("nodb://u:hemligt@h/x", 2, "Drivrutinen för nodb saknas"),
        ("sqlite:////no/such/folder/hemligt-nej.sqlite", 10, "Ingenting har ändrats"),
    ],
)
def test_no_password_is_ever_told(run_office: Office, to: str, status: int, said: str):
    pytest.importorskip("psycopg")
    answer = run_office.finsam("export", "--to", to, "--json")
    assert (answer.status, said in answer.err) == (status, True)
    assert json.loads(answer.out)["exit_status"] == status
    assert ":hemligt" not in answer.out + answer.err


def test_sqlite_has_no_schemas_and_refuses_what_it_cannot_hold_exactly(run_office: Office, tmp_path: Path):
    target = f"sqlite:///{tmp_path / 'x.sqlite'}"
    assert run_office.finsam("export", "--to", target, "--schema", "s").status == 2
    long = pa.table({"amount_kr": pa.array([Decimal("1234567890123456.78")], pa.decimal128(18, 2))})
    month = run_office.snapshot().table("economy/ledger_month").slice(0, 1)
    place = month.schema.get_field_index("amount_kr")
    with (
        mock.patch.object(Snapshot, "table", return_value=month.set_column(place, "amount_kr", long["amount_kr"])),
        mock.patch.object(Snapshot, "has", new=lambda _self, mart: mart == "economy/ledger_month"),
        pytest.raises(ExportError, match="15 siffror"),
    ):
        export_snapshot(run_office.snapshot(), target)


def test_before_the_first_run_there_is_nothing_to_load(tmp_path: Path):
    answer = Office.start(tmp_path / "home").finsam("export", "--to", f"sqlite:///{tmp_path / 'x.sqlite'}")
    assert (answer.status, "Kör först: finsam run --home " in answer.err) == (2, True)
