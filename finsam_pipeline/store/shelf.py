"""The snapshots that stand on disk beside the current one: which there are, since when, going back to one, removing old ones.

Belongs here: what happens to snapshots after they were published. Does not: making one (`snapshots`), when one is too old
(`pipeline.retention`). Everything here is done under the workspace's lock; a reader keeps what it has opened.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from finsam_pipeline.hints import command
from finsam_pipeline.store.atomic import replace_symlink, sync_folder, write_bytes
from finsam_pipeline.store.errors import WorkspaceFault
from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot, snapshot_at
from finsam_pipeline.store.workspace import Workspace

_REPLACED = "replaced.json"  # snapshot -> when it ceased to be current, and whether it only stood on the way


class NotOnShelfError(WorkspaceFault):
    """There is no such snapshot, or it no longer has the bytes its manifest names."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One snapshot on disk. `created_at` as its manifest says; `size` in bytes.

    `replaced_at`: when it last ceased to be current; None for the current one and where nobody noted it. `passing`: made and replaced
    within one run over several associations.
    """

    id: str
    created_at: dt.datetime
    as_of: str | None
    status: int
    size: int
    current: bool
    replaced_at: dt.datetime | None = None
    passing: bool = False


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


def switch(workspace: Workspace, snapshot_id: str, now: dt.datetime | None = None) -> None:
    """Point `current` at a snapshot, noting first when the one that stands was replaced: its readers have from then on."""
    old, noted = current_id(workspace), _noted(workspace)
    if old is not None and old != snapshot_id:
        at = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
        noted = {name: note for name, note in noted.items() if (workspace.snapshots / name).is_dir()}
        noted.pop(snapshot_id, None)
        _note(workspace, noted | {old: {"at": at}})
    replace_symlink(workspace.current, f"{workspace.snapshots.name}/{snapshot_id}")


def note_passing(workspace: Workspace, ids: Iterable[str], since: dt.datetime) -> None:
    """Note those of the snapshots that were made after `since` and replaced: states on the way of one run, which nobody asked for."""
    noted = _noted(workspace)
    replaced = noted.keys() & set(ids) - {current_id(workspace)}
    passed = {s: noted[s] | {"passing": True} for s in replaced if _made(workspace, s) >= since.replace(microsecond=0)}
    if passed:
        _note(workspace, noted | passed)


def _made(workspace: Workspace, snapshot_id: str) -> dt.datetime:
    return dt.datetime.fromisoformat(snapshot_at(workspace.snapshots / snapshot_id).manifest["created_at"])


def _noted(workspace: Workspace) -> dict[str, dict[str, Any]]:
    try:
        noted: dict[str, dict[str, Any]] = json.loads((workspace.marts / _REPLACED).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return noted


def _note(workspace: Workspace, noted: dict[str, dict[str, Any]]) -> None:
    write_bytes(workspace.marts / _REPLACED, json.dumps(noted, indent=1, sort_keys=True).encode())


def shelved(workspace: Workspace) -> list[Shelved]:
    """Every whole snapshot on disk, the newest first."""
    current, noted, out = current_id(workspace), _noted(workspace), []
    for folder in workspace.snapshots.iterdir() if workspace.snapshots.is_dir() else ():
        try:
            manifest = snapshot_at(folder).manifest
        except (OSError, ValueError, KeyError):  # half-made, or a folder of somebody else's
            continue
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        made = dt.datetime.fromisoformat(manifest["created_at"])
        is_current, note = folder.name == current, noted.get(folder.name, {})
        replaced = dt.datetime.fromisoformat(note["at"]) if note and not is_current else None
        passing = replaced is not None and bool(note.get("passing"))
        out.append(Shelved(folder.name, made, manifest["as_of"], manifest["status"], size, is_current, replaced, passing))
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
            f"marts/snapshots holds no {wanted.snapshot_id}; what there is: {command(workspace.home, 'rollback')}"
        ) from None
    if damaged:
        raise NotOnShelfError(
            f"marts/snapshots/{wanted.snapshot_id}: {', '.join(damaged)} changed since publication; choose another"
        )
    write_bytes(workspace.marts / "pinned.json", json.dumps(asdict(wanted), ensure_ascii=False, sort_keys=True).encode())
    switch(workspace, wanted.snapshot_id)


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
