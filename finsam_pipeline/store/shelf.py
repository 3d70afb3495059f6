"""The snapshots that stand on disk beside the current one: which there are, going back to one, removing old ones.

Belongs here: what happens to snapshots after they were published. Does not: making one (`snapshots`), when one is too old
(`pipeline.retention`). Everything here is done under the workspace's lock; a reader keeps what it has opened.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass

from finsam_pipeline.store.atomic import replace_symlink, sync_folder, write_bytes
from finsam_pipeline.store.errors import WorkspaceFault
from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot, snapshot_at
from finsam_pipeline.store.workspace import Workspace


class NotOnShelfError(WorkspaceFault):
    """There is no such snapshot, or it no longer has the bytes its manifest names."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One snapshot on disk. `created_at` as its manifest says; `size` in bytes."""

    id: str
    created_at: dt.datetime
    as_of: str | None
    status: int
    size: int
    current: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """`current` is held at an earlier snapshot by hand: runs judge and record, but do not switch, until it is let go."""

    snapshot_id: str
    by: str
    reason: str
    at: str


def current_id(workspace: Workspace) -> str | None:
    """The id of the current snapshot; None when nothing is published."""
    try:
        return open_snapshot(workspace.home).id
    except NoSnapshotError:
        return None


def shelved(workspace: Workspace) -> list[Shelved]:
    """Every whole snapshot on disk, the newest first."""
    current, out = current_id(workspace), []
    for folder in workspace.snapshots.iterdir() if workspace.snapshots.is_dir() else ():
        try:
            manifest = snapshot_at(folder).manifest
        except (OSError, ValueError, KeyError):  # half-made, or a folder of somebody else's
            continue
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        made = dt.datetime.fromisoformat(manifest["created_at"])
        out.append(Shelved(folder.name, made, manifest["as_of"], manifest["status"], size, folder.name == current))
    return sorted(out, key=lambda s: (s.created_at, s.id), reverse=True)


def pinned(workspace: Workspace) -> Pin | None:
    """The pin in force."""
    file = workspace.marts / "pinned.json"
    return Pin(**json.loads(file.read_bytes())) if file.is_file() else None


def pin(workspace: Workspace, wanted: Pin) -> None:
    """Point `current` at an earlier snapshot and hold it there. The pin is written first: a run in between switches nothing back.

    Raises:
        NotOnShelfError: no whole snapshot of that id.
    """
    folder = workspace.snapshots / wanted.snapshot_id
    try:
        damaged = snapshot_at(folder).damaged()
    except (OSError, ValueError, KeyError):
        raise NotOnShelfError(
            f"marts/snapshots holds no {wanted.snapshot_id}; finsam rollback --list shows what there is"
        ) from None
    if damaged:
        raise NotOnShelfError(
            f"marts/snapshots/{wanted.snapshot_id}: {', '.join(damaged)} changed since publication; choose another"
        )
    write_bytes(workspace.marts / "pinned.json", json.dumps(asdict(wanted), ensure_ascii=False, sort_keys=True).encode())
    replace_symlink(workspace.current, f"{workspace.snapshots.name}/{wanted.snapshot_id}")


def unpin(workspace: Workspace) -> bool:
    """Let `current` go; the next run publishes. Whether it was held."""
    file = workspace.marts / "pinned.json"
    if not file.is_file():
        return False
    file.unlink()
    sync_folder(workspace.marts)
    return True


def remove_snapshots(workspace: Workspace, wanted: Callable[[Shelved], bool] = lambda _: True) -> int:
    """Remove the snapshots that are wanted away and not current; how many. The link is asked last, whatever it pointed at before."""
    gone = [s for s in shelved(workspace) if not s.current and wanted(s)]
    for s in gone:
        aside = (
            workspace.snapshots / f".writing-{s.id}.tmp"
        )  # a name that `sweep` knows: cut off here, the next run clears it away
        (workspace.snapshots / s.id).rename(aside)
        shutil.rmtree(aside)
    return len(gone)
