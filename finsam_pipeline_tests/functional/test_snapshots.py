"""Publishing: what a reader sees, what stays, what a crash leaves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import stat
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import MartColumn, MartContract
from finsam_pipeline.store import shelf, snapshots
from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot
from finsam_pipeline.store.slices import FAMILIES, AssociationState, Input, SliceUpdate
from finsam_pipeline.store.snapshots import Published, SnapshotDamagedError, publish
from finsam_pipeline.store.workspace import Workspace

FLOW = "participants/participant_flow"
STATEMENT = "economy/income_statement"
NOW = dt.datetime(2025, 9, 15, tzinfo=dt.UTC)


def _rows(contract: MartContract, association: str, number: int) -> pa.Table:
    """Three rows, the last key first, with `number` in every count."""
    columns: list[pa.Array] = []
    for field in contract.schema:
        if field.name == "association":
            values: list[object] = [association] * 3
        elif pa.types.is_string(field.type):
            values = ["=c", "b", "a"]
        elif pa.types.is_decimal(field.type):
            values = [Decimal(number)] * 3
        elif pa.types.is_date(field.type):
            values = [dt.date(2025, 1, 1)] * 3
        elif pa.types.is_boolean(field.type):
            values = [True] * 3
        else:
            values = [number] * 3
        columns.append(pa.array(values).cast(field.type))
    return pa.table(columns, schema=contract.schema)


def _slice(association: str, family: str, number: int = 1) -> SliceUpdate:
    tables = {path: _rows(contract, association, number) for path, contract in MARTS.items() if contract.family == family}
    return SliceUpdate(association, family, tables, f"{association} {family} {number}")


def _all(association: str, number: int = 1) -> list[SliceUpdate]:
    return [_slice(association, family, number) for family in FAMILIES]


def _held(association: str, judged: str = "new") -> SliceUpdate:
    return SliceUpdate(association, "economy", None, judged, ("L008",))


class FullDisk:
    """Lets the first writes through and fails one."""

    def __init__(self, fail_at: int) -> None:
        self.left = fail_at

    def failing(self, real: Callable[..., None]) -> Callable[..., None]:
        def call(*args: object, **kwargs: object) -> None:
            self.left -= 1
            if self.left == 0:
                raise OSError(28, "no space left on device")
            real(*args, **kwargs)

        return call


Publish = Callable[..., Published]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").ensure()


@pytest.fixture
def put(workspace: Workspace) -> Publish:
    def publishes(
        *updates: SliceUpdate, states: tuple[AssociationState, ...] = (), configured: str = "ab", code: str = "1"
    ) -> Published:
        return publish(workspace, updates, states, configured=configured, code_version=code, now=NOW)

    return publishes


def _participants(workspace: Workspace) -> dict[str, set[int]]:
    table = open_snapshot(workspace.home).table(FLOW)
    out: dict[str, set[int]] = {}
    for association, number in zip(table["association"].to_pylist(), table["participants"].to_pylist(), strict=True):
        out.setdefault(association, set()).add(number)
    return out


def _slice_of(published: Published, association: str, family: str) -> dict[str, object]:
    (found,) = (s for s in published.manifest["slices"] if (s["association"], s["family"]) == (association, family))
    return dict(found)


def _bytes(workspace: Workspace) -> dict[str, bytes]:
    folder = workspace.current.resolve()
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_workspace_without_a_snapshot_says_so(workspace: Workspace):
    with pytest.raises(NoSnapshotError, match="finsam run"):
        open_snapshot(workspace.home)


def test_every_mart_is_there_sorted_by_key_with_its_schema(workspace: Workspace, put: Publish):
    put(*_all("b"), *_all("a"))
    snapshot = open_snapshot(workspace.home)
    assert snapshot.marts == sorted(MARTS)
    for path, contract in MARTS.items():
        table = snapshot.table(path)
        assert table.schema.equals(contract.schema, check_metadata=False)
        assert table.schema.field(0).metadata == contract.schema.field(0).metadata
        assert table.equals(table.sort_by([(name, "ascending") for name in contract.key]))
        assert set(table["association"].to_pylist()) == {"a", "b"}


def test_the_manifest_says_what_lies_there(workspace: Workspace, put: Publish):
    delivered = Input("a", "budget", "landing/a/budget/x.csv", "5" * 64, dt.date(2025, 2, 1))
    put(*_all("a"), states=(AssociationState("a", dt.date(2025, 2, 1), 3, (delivered,), {"open": 1}),))
    manifest = json.loads((workspace.current / "manifest.json").read_text())
    assert manifest["created_at"] == "2025-09-15T00:00:00+00:00"
    assert (manifest["as_of"], manifest["status"], manifest["code_version"]) == ("2025-02-01", 3, "1")
    assert manifest["inputs"] == [
        {
            "association": "a",
            "source": "budget",
            "path": "landing/a/budget/x.csv",
            "sha256": "5" * 64,
            "delivered_on": "2025-02-01",
        }
    ]
    assert manifest["fingerprints"]["a"]["economy"] == "a economy 1"
    for mart in manifest["marts"]:
        file = workspace.current / mart["path"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == mart["sha256"]
        assert mart["rows"] == pq.read_metadata(file).num_rows
        assert pq.read_metadata(file).metadata[b"finsam.snapshot_id"].decode() == manifest["snapshot_id"]


def test_current_is_a_relative_link_and_files_are_internal(workspace: Workspace, put: Publish):
    published = put(*_all("a"))
    assert workspace.current.readlink() == Path("snapshots") / published.snapshot_id
    assert stat.S_IMODE(workspace.current.resolve().stat().st_mode) == 0o750
    assert stat.S_IMODE((workspace.current / f"{FLOW}.parquet").stat().st_mode) == 0o640


def test_the_same_slices_give_the_same_bytes_anywhere_anytime_in_any_order(workspace: Workspace, put: Publish, tmp_path: Path):
    put(*_all("a"), *_all("b"))
    elsewhere = Workspace(tmp_path / "other" / "place").ensure()
    for association in "ba":
        publish(elsewhere, _all(association)[::-1], (), configured="ab", code_version="1", now=NOW + dt.timedelta(days=400))
    here, there = _bytes(workspace), _bytes(elsewhere)
    del here["manifest.json"], there["manifest.json"]
    assert here == there
    assert len(here) == len(MARTS) + 3  # marts.xlsx, marts.duckdb, datapackage.json


def test_nothing_new_writes_nothing(workspace: Workspace, put: Publish):
    first = put(*_all("a"))
    before = [(p, p.lstat().st_mtime_ns) for p in sorted(workspace.home.rglob("*"))]
    again = put(*_all("a"))
    assert (again.snapshot_id, again.changed) == (first.snapshot_id, False)
    assert [(p, p.lstat().st_mtime_ns) for p in sorted(workspace.home.rglob("*"))] == before


@pytest.mark.parametrize("change", ["code", "rows", "held"])
def test_the_id_changes_with_code_inputs_and_what_is_held(put: Publish, change: str):
    first = put(*_all("a"))
    updates = {"code": _all("a"), "rows": [_slice("a", "quality", 2)], "held": [_held("a")]}[change]
    second = put(*updates, code="2" if change == "code" else "1")
    assert second.changed
    assert second.snapshot_id != first.snapshot_id


def test_an_untouched_association_keeps_its_rows_and_what_was_said_of_it(workspace: Workspace, put: Publish):
    given = Input("b", "budget", "p", "5" * 64, dt.date(2025, 2, 1))
    put(*_all("a"), *_all("b"), states=(AssociationState("b", dt.date(2025, 2, 1), 3, (given,)),))
    published = put(*_all("a", 2), states=(AssociationState("a", dt.date(2025, 1, 1), 0),))
    assert _participants(workspace) == {"a": {2}, "b": {1}}
    assert [i["association"] for i in published.manifest["inputs"]] == ["b"]
    assert (published.manifest["status"], published.manifest["as_of"]) == (3, "2025-02-01")


def test_a_held_slice_keeps_its_last_version_marked_stale_and_the_rest_is_published(workspace: Workspace, put: Publish):
    first = put(*_all("a"))
    published = put(_slice("a", "participants", 2), _held("a"))
    snapshot = open_snapshot(workspace.home)
    assert _participants(workspace) == {"a": {2}}
    assert set(snapshot.table(STATEMENT)["outcome_kr"].to_pylist()) == {Decimal(1)}
    held = _slice_of(published, "a", "economy")
    assert (held["stale"], held["missing"], held["held_reason"], held["since"]) == (True, False, ["L008"], first.snapshot_id)
    assert published.manifest["status"] == 4
    assert published.manifest["fingerprints"]["a"]["economy"] == "new"


def test_a_slice_held_again_still_says_since_when(put: Publish):
    first = put(*_all("a"))
    put(_held("a"))
    published = put(_held("a", "newer"))
    assert _slice_of(published, "a", "economy")["since"] == first.snapshot_id


def test_a_slice_that_never_stood_is_missing_and_has_no_rows(workspace: Workspace, put: Publish):
    published = put(_slice("a", "participants"), _held("a"))
    assert _slice_of(published, "a", "economy")["missing"] is True
    assert open_snapshot(workspace.home).table(STATEMENT).num_rows == 0
    again = put(_slice("a", "participants", 2))
    assert _slice_of(again, "a", "economy")["missing"] is True


def test_a_released_slice_is_fresh_again(workspace: Workspace, put: Publish):
    put(*_all("a"))
    put(_held("a"))
    published = put(_slice("a", "economy", 3))
    assert _slice_of(published, "a", "economy")["stale"] is False
    assert _slice_of(published, "a", "economy")["since"] == published.snapshot_id
    assert set(open_snapshot(workspace.home).table(STATEMENT)["outcome_kr"].to_pylist()) == {Decimal(3)}
    assert published.manifest["status"] == 0


def test_an_association_that_is_no_longer_configured_drops_out(workspace: Workspace, put: Publish):
    put(*_all("a"), *_all("b"), states=(AssociationState("b", dt.date(2025, 2, 1), 3),))
    published = put(configured="a")
    assert published.changed
    assert _participants(workspace) == {"a": {1}}
    assert (published.manifest["status"], published.manifest["as_of"]) == (0, None)


def test_an_earlier_state_that_comes_back_is_the_earlier_snapshot(workspace: Workspace, put: Publish):
    first = put(*_all("a"))
    put(*_all("a", 2))
    back = put(*_all("a"))
    assert (back.snapshot_id, back.changed) == (first.snapshot_id, True)
    assert _participants(workspace) == {"a": {1}}


def test_an_earlier_snapshot_that_was_damaged_is_built_anew(workspace: Workspace, put: Publish):
    first = put(*_all("a"))
    put(*_all("a", 2))
    (workspace.snapshots / first.snapshot_id / f"{FLOW}.parquet").write_bytes(b"")
    put(*_all("a"))
    assert _participants(workspace) == {"a": {1}}


def test_no_row_is_carried_over_from_a_snapshot_somebody_altered(workspace: Workspace, put: Publish):
    put(*_all("a"))
    (workspace.current / f"{FLOW}.parquet").unlink()
    with pytest.raises(SnapshotDamagedError, match=FLOW):
        put(*_all("b"))


def test_a_reader_keeps_its_snapshot_while_another_is_published(workspace: Workspace, put: Publish):
    put(*_all("a"))
    reader = open_snapshot(workspace.home)
    put(*_all("a", 2))
    assert set(reader.table(FLOW)["participants"].to_pylist()) == {1}
    assert reader.path != open_snapshot(workspace.home).path


def test_a_frame_holds_exact_types(workspace: Workspace, put: Publish):
    put(*_all("a"))
    frame = open_snapshot(workspace.home).frame(STATEMENT)
    assert str(frame["outcome_kr"].dtype) == "decimal128(18, 2)[pyarrow]"
    assert str(frame["outcome_tkr"].dtype) == "int64[pyarrow]"
    with pytest.raises(KeyError):
        open_snapshot(workspace.home).frame("economy/no_such_mart")


def test_whichever_write_fails_the_reader_sees_the_old_snapshot_until_one_succeeds(
    workspace: Workspace, put: Publish, monkeypatch: pytest.MonkeyPatch
):
    first = put(*_all("a")).snapshot_id
    fail_at = 0
    while True:
        fail_at += 1
        disk = FullDisk(fail_at)
        with monkeypatch.context() as patch:
            for name in ("write_parquet", "write_bytes", "write_duckdb", "sync_folder"):
                patch.setattr(snapshots, name, disk.failing(getattr(snapshots, name)))
            for name in ("write_bytes", "replace_symlink"):
                patch.setattr(shelf, name, disk.failing(getattr(shelf, name)))
            try:
                put(*_all("a", 2))
            except OSError:
                assert open_snapshot(workspace.home).id == first
                assert _participants(workspace) == {"a": {1}}
            else:
                break
        for left in workspace.snapshots.iterdir():  # what was whole before the failure would be used as it is
            if left.name != first and not left.name.startswith("."):
                shutil.rmtree(left)
    assert fail_at == len(MARTS) + 8  # marts, workbook, duckdb, package, manifest, folder, note, link; then none fails
    assert _participants(workspace) == {"a": {2}}
    assert not list(workspace.snapshots.glob(".*"))


def test_a_snapshot_that_was_whole_when_the_power_went_is_only_pointed_at(
    workspace: Workspace, put: Publish, monkeypatch: pytest.MonkeyPatch
):
    put(*_all("a"))
    with monkeypatch.context() as patch:
        patch.setattr(shelf, "replace_symlink", FullDisk(1).failing(shelf.replace_symlink))
        with pytest.raises(OSError, match="no space"):
            put(*_all("a", 2))
    assert _participants(workspace) == {"a": {1}}
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "write_parquet", FullDisk(1).failing(snapshots.write_parquet))
        put(*_all("a", 2))
    assert _participants(workspace) == {"a": {2}}


def test_a_mart_that_gains_a_column_carries_old_rows_or_says_they_are_missing(
    workspace: Workspace, put: Publish, monkeypatch: pytest.MonkeyPatch
):
    put(*_all("a"), *_all("b"))
    old = MARTS[FLOW]
    for nullable, expected in ((True, {"a": {1}, "b": {1}}), (False, {})):
        column = MartColumn("extra", "int64", "Ny", "New", nullable=nullable)
        widened = MartContract(old.family, old.name, old.title_sv, old.row_sv, old.row_en, old.key, (*old.columns, column))
        with monkeypatch.context() as patch:
            patch.setitem(MARTS, FLOW, widened)
            published = put(_slice("a", "economy", 2), code=f"2 {nullable}")
            assert _participants(workspace) == expected
            assert _slice_of(published, "b", "participants")["missing"] is not nullable
        workspace.current.unlink()
        put(*_all("a"), *_all("b"))


def test_a_slice_holds_marts_of_its_own_family_and_a_configured_association_only(put: Publish):
    with pytest.raises(ValueError, match="only"):
        SliceUpdate("a", "economy", {FLOW: _rows(MARTS[FLOW], "a", 1)}, "f")
    with pytest.raises(ValueError, match="no family"):
        SliceUpdate("a", "people", {}, "f")
    with pytest.raises(ValueError, match="no configuration"):
        put(_held("c"))
