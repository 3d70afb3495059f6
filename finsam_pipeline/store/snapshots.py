"""Snapshots: all slices as they stand together, published by one swap.

Belongs here: which rows a new snapshot holds, its id, its manifest, the swap. Does not: how a mart is computed, or why a slice is
held back. A snapshot that was published is never changed; removing old
ones and going back to one is `shelf`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.store.atomic import (
    INTERNAL,
    make_folder,
    sweep,
    sync_folder,
    temporary_name,
    write_bytes,
    write_parquet,
)
from finsam_pipeline.store.datapackage import datapackage
from finsam_pipeline.store.duckfile import write_duckdb
from finsam_pipeline.store.errors import WorkspaceFault
from finsam_pipeline.store.reader import FOOTER_ID, MANIFEST, NoSnapshotError, Snapshot, open_snapshot, snapshot_at
from finsam_pipeline.store.shelf import switch
from finsam_pipeline.store.slices import AssociationState, SliceUpdate, Standing, stand_together
from finsam_pipeline.store.xlsx import marts_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from finsam_pipeline.contracts.types import MartContract
    from finsam_pipeline.store.workspace import Workspace

WORKBOOK = "marts.xlsx"
DUCKDB = "marts.duckdb"
PACKAGE = "datapackage.json"
_BESIDE = (WORKBOOK, DUCKDB, PACKAGE)  # made from the marts, for readers of other tools


class SnapshotDamagedError(WorkspaceFault):
    """The standing snapshot's files are not what its manifest says, so no row of it may be carried over."""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands after `publish`. `changed` is False when the same snapshot already stood and nothing was written."""

    snapshot_id: str
    changed: bool
    manifest: dict[str, Any] = field(repr=False)


def publish(
    workspace: Workspace,
    updates: Sequence[SliceUpdate],
    states: Sequence[AssociationState],
    *,
    configured: Iterable[str],
    code_version: str,
    now: dt.datetime | None = None,
) -> Published:
    """Make the snapshot in which `updates` stand beside every other slice as it stood, and point `current` at it.

    Call it under the workspace's lock. What a reader sees is the standing snapshot until the one rename at the end.

    Args:
        workspace: where.
        updates: the slices judged now; one that is held back (`tables` is None) keeps the rows it stood with.
        states: what the run says about each association beside its slices; replaces what stood about that association.
        configured: every association that has a configuration; slices of others drop out.
        code_version: part of the id.
        now: the moment written as `created_at`, the only place a clock is read.

    Returns:
        The id and the manifest. Same slices, same code: same id, same bytes of every mart, wherever and whenever.

    Raises:
        SnapshotDamagedError: somebody altered the standing snapshot.
    """
    standing = _standing(workspace)
    old = standing.manifest if standing else {}
    kept = frozenset(configured)
    slices, origin = stand_together(updates, old.get("slices", []), kept, _unfit(standing))
    snapshot_id = _identity(slices, code_version)
    if standing and standing.id == snapshot_id:
        return Published(snapshot_id, changed=False, manifest=old)
    target = workspace.snapshots / snapshot_id
    if not _whole(target):
        body = _manifest_body(old, states, kept, [s.settled(snapshot_id) for s in slices])
        stamp = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        head = {"snapshot_id": snapshot_id, "created_at": stamp, "code_version": code_version}
        _build(workspace, target, head | body, origin, standing)
    switch(workspace, snapshot_id, now)
    return Published(snapshot_id, changed=True, manifest=open_snapshot(workspace.home).manifest)


def _standing(workspace: Workspace) -> Snapshot | None:
    try:
        snapshot = open_snapshot(workspace.home)
    except NoSnapshotError:
        return None
    if damaged := snapshot.damaged():
        raise SnapshotDamagedError(
            f"marts/current: {', '.join(damaged)} changed or disappeared since publication; remove the link marts/current"
            f" and the folder marts/snapshots/{snapshot.id} and run again: every mart is built anew from the archive"
        )
    return snapshot


def _identity(slices: list[Standing], code_version: str) -> str:
    lines = sorted(s.identity for s in slices)
    return hashlib.sha256("\n".join([code_version, *lines]).encode()).hexdigest()[:16]


def _build(
    workspace: Workspace,
    target: Path,
    manifest: dict[str, Any],
    origin: Mapping[tuple[str, str], SliceUpdate | None],
    standing: Snapshot | None,
) -> None:
    """Write the folder beside its place and rename it whole."""
    sweep(workspace.snapshots, workspace.marts)
    making = temporary_name(workspace.snapshots)
    make_folder(making, 0o750)
    tables = {path: _mart_rows(contract, origin, standing) for path, contract in MARTS.items()}
    manifest["marts"] = [_write_mart(making, path, table, manifest["snapshot_id"]) for path, table in sorted(tables.items())]
    write_bytes(making / WORKBOOK, marts_workbook(tables, manifest["snapshot_id"]))
    write_duckdb(tables, making / DUCKDB, manifest["snapshot_id"], INTERNAL)
    sizes = {m["name"]: (making / m["path"]).stat().st_size for m in manifest["marts"]}
    write_bytes(making / PACKAGE, datapackage(manifest, sizes))
    write_bytes(making / MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    if target.exists():  # a damaged copy of the same snapshot: put aside, so that what stood there can be looked at
        target.rename(temporary_name(workspace.snapshots))
    making.rename(target)
    sync_folder(workspace.snapshots)


def _write_mart(folder: Path, path: str, table: pa.Table, snapshot_id: str) -> dict[str, Any]:
    contract = MARTS[path]
    file = folder / f"{path}.parquet"
    write_parquet(
        table,
        file,
        {FOOTER_ID: snapshot_id, "finsam.mart": path, "description": contract.row_en, "description_sv": contract.row_sv},
    )
    return {
        "name": path,
        "path": f"{path}.parquet",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "rows": table.num_rows,
    }


def _mart_rows(
    contract: MartContract, origin: Mapping[tuple[str, str], SliceUpdate | None], standing: Snapshot | None
) -> pa.Table:
    """One mart: the new rows of every updated slice, the standing rows of every other, sorted by key."""
    parts = [contract.schema.empty_table()]
    carried = []
    for (association, family), update in origin.items():
        if family != contract.family:
            continue
        if update is None:
            carried.append(association)
        elif update.tables is not None and contract.path in update.tables:
            parts.append(update.tables[contract.path].select(contract.schema.names).cast(contract.schema))
    if carried and standing is not None and standing.has(contract.path):
        old = standing.table(contract.path)
        wanted = pc.is_in(old["association"], value_set=pa.array(carried, pa.string()))
        parts.append(fitted(old.filter(wanted), contract))
    joined = pa.concat_tables(parts)
    return joined.sort_by([(name, "ascending") for name in contract.key]).combine_chunks()


def fitted(old: pa.Table, contract: MartContract) -> pa.Table:
    """Rows of an earlier version of a mart in today's schema: columns that are new and may be null are null."""
    columns = [old[f.name] if f.name in old.column_names else pa.nulls(old.num_rows, f.type) for f in contract.schema]
    return pa.table(columns, names=contract.schema.names).cast(contract.schema)


def _unfit(standing: Snapshot | None) -> frozenset[str]:
    """Families some mart of which the standing snapshot holds in a form that today's contract cannot take."""
    if standing is None:
        return frozenset()
    return frozenset(c.family for c in MARTS.values() if standing.has(c.path) and not _fits(standing, c))


def _fits(standing: Snapshot, contract: MartContract) -> bool:
    old = standing.schema(contract.path)
    for wanted in contract.schema:
        there = old.field(wanted.name) if wanted.name in old.names else None
        if (there is None and not wanted.nullable) or (there is not None and there.type != wanted.type):
            return False
    return True


def _whole(folder: Path) -> bool:
    """Whether the folder holds a snapshot with every byte its manifest promises (an earlier state that comes back)."""
    try:
        return all((folder / name).is_file() for name in _BESIDE) and not snapshot_at(folder).damaged()
    except (OSError, ValueError, KeyError):
        return False


def _manifest_body(
    old: Mapping[str, Any], states: Sequence[AssociationState], configured: frozenset[str], slices: list[Standing]
) -> dict[str, Any]:
    said = {name: about for name, about in old.get("associations", {}).items() if name in configured}
    said |= {s.association: s.as_manifest() for s in states if s.association in configured}
    told = {s.association for s in states}
    inputs = [i for i in old.get("inputs", []) if i["association"] in configured - told]
    inputs += [i.as_manifest() for s in states if s.association in configured for i in s.inputs]
    held = [4] if any(s.held_reason for s in slices) else []
    return {
        "as_of": max((about["as_of"] for about in said.values() if about["as_of"]), default=None),
        "status": max([*held, *(about["status"] for about in said.values())], default=0),
        "associations": said,
        "inputs": sorted(inputs, key=lambda i: (i["association"], i["source"], i["path"], i["sha256"])),
        "slices": [s.as_manifest() for s in slices],
        "fingerprints": _fingerprints(slices),
    }


def _fingerprints(slices: list[Standing]) -> dict[str, dict[str, str]]:
    """Association -> family -> the fingerprint last judged: what tells a run that nothing is new."""
    out: dict[str, dict[str, str]] = {}
    for s in slices:
        out.setdefault(s.association, {})[s.family] = s.judged
    return out
