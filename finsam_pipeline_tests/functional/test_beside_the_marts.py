"""What stands in a snapshot's folder beside the Parquet files: marts.duckdb and datapackage.json, saying the same."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import ARROW
from finsam_pipeline.store.duckfile import _TYPES, write_duckdb
from finsam_pipeline.store.reader import Snapshot
from finsam_pipeline.store.snapshots import DUCKDB, PACKAGE
from finsam_pipeline_tests.workspaces import Office

DUCKDB_1_0_STORAGE = 64


@pytest.fixture(scope="module")
def snapshot(run_office: Office) -> Snapshot:
    return run_office.snapshot()


def test_the_duckdb_file_holds_every_mart_as_published(snapshot: Snapshot):
    with duckdb.connect(snapshot.path / DUCKDB, read_only=True) as connection:
        for mart in snapshot.marts:
            family, _, name = mart.partition("/")
            there = connection.sql(f'select * from {family}."{name}"').to_arrow_table()
            assert there.to_pylist() == snapshot.table(mart).to_pylist()
            assert [f.type for f in there.schema] == [f.type for f in snapshot.schema(mart)]
        assert connection.sql("select snapshot_id from finsam_snapshot").fetchall() == [(snapshot.id,)]


def test_its_tables_and_columns_say_what_they_are(snapshot: Snapshot):
    with duckdb.connect(snapshot.path / DUCKDB, read_only=True) as connection:
        said = connection.sql("select schema_name || '/' || table_name, column_name, comment from duckdb_columns()").fetchall()
        tables = connection.sql("select schema_name || '/' || table_name, comment from duckdb_tables()").fetchall()
    assert ("economy/equity", "result_kr", "Periodens resultat (kr)") in said
    assert [c for t, _, c in said if t in MARTS and not c] == []
    assert {t for t, comment in tables if comment} >= set(MARTS)


def test_its_storage_is_that_of_an_older_duckdb(snapshot: Snapshot):
    head = (snapshot.path / DUCKDB).read_bytes()[:20]
    assert (head[8:12], struct.unpack("<Q", head[12:20])) == (b"DUCK", (DUCKDB_1_0_STORAGE,))


def test_its_zeros_take_no_room(snapshot: Snapshot):
    """A block of 256 KB a table however few rows it has; also on a file system without holes the bytes are the same."""
    stat = (snapshot.path / DUCKDB).stat()
    assert stat.st_size > 4_000_000
    assert stat.st_blocks * 512 < stat.st_size / 3
    assert [p.name for p in snapshot.path.glob(".*")] == []


def test_it_is_closed_to_others_and_leaves_no_log_beside_it(snapshot: Snapshot):
    assert (snapshot.path / DUCKDB).stat().st_mode & 0o777 == 0o640
    assert [p.name for p in snapshot.path.glob("*.wal")] == []


def test_its_types_are_those_of_the_contract():
    with duckdb.connect() as connection:
        made = {
            k: connection.sql(f"select cast(null as {t}) as x").to_arrow_table().schema.field(0).type for k, t in _TYPES.items()
        }
    assert made == ARROW


def test_words_with_a_quote_are_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    contract = MARTS["reference/members"]
    table = pa.table({f.name: pa.array([None], f.type) for f in contract.schema})
    quoted = type(contract)("reference", "members", "D'Arc", "en", "one", contract.key, ())
    object.__setattr__(
        quoted, "columns", tuple(type(c)(c.name, c.arrow, "d'är", "x", "'", nullable=True) for c in contract.columns)
    )
    monkeypatch.setitem(MARTS, "reference/members", quoted)
    write_duckdb({"reference/members": table}, tmp_path / "it's.duckdb", "id", 0o600)
    with duckdb.connect(tmp_path / "it's.duckdb", read_only=True) as connection:
        assert connection.sql("select distinct comment from duckdb_columns() where table_name = 'members'").fetchall() == [
            ("d'är (')",)
        ]


def test_the_package_describes_every_file_as_it_is(snapshot: Snapshot):
    package = json.loads((snapshot.path / PACKAGE).read_bytes())
    assert (package["id"], package["version"]) == (snapshot.id, snapshot.manifest["code_version"])
    assert [r["path"] for r in package["resources"]] == [m["path"] for m in snapshot.manifest["marts"]]
    for resource in package["resources"]:
        data = (snapshot.path / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")


def test_the_packages_fields_are_the_contracts(snapshot: Snapshot):
    package = json.loads((snapshot.path / PACKAGE).read_bytes())
    by_path = {r["path"].removesuffix(".parquet"): r for r in package["resources"]}
    kinds = {"string": "string", "int64": "integer", "bool": "boolean", "date": "date"}
    for path, contract in MARTS.items():
        schema = by_path[path]["schema"]
        assert [(f["name"], f["type"], f.get("unit", ""), "constraints" not in f) for f in schema["fields"]] == [
            (c.name, kinds.get(c.arrow, "number"), c.unit, c.nullable) for c in contract.columns
        ]
        assert all(f["description"] and f["description_en"] for f in schema["fields"])
        assert (schema.get("primaryKey") or schema["uniqueKeys"][0]) == list(contract.key)
    assert by_path["economy/ledger_month"]["schema"]["uniqueKeys"]
    assert len({r["name"] for r in package["resources"]}) == len(MARTS)
