"""What a killed run left half written, wherever in the workspace: a part of a file may hold what somebody asked to be erased.

Belongs here: which folders are looked through, and when a temporary file is nobody's any more. Does not: how it came there (`atomic`).
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from finsam_pipeline.store.atomic import sweep, writer_of

if TYPE_CHECKING:
    from finsam_pipeline.store.workspace import Workspace

_LONG_ENOUGH = 24 * 3600  # seconds; a process's number may by then be another's


def clear_leftovers(workspace: Workspace) -> int:
    """Remove temporary files and folders of processes that are gone; how many. Call it under the workspace's lock.

    Where only the lock's holder writes, everything is left over. Elsewhere (a report, a decision, a kept error) somebody may be writing
    just now, and what a living process has begun within a day is left alone.
    """
    held = (workspace.archive, workspace.removed, workspace.quarantine, workspace.work)
    removed = sweep(workspace.marts, workspace.snapshots, *(f for top in held for f in _folders(top)))
    shared = (workspace.vault, workspace.decisions, workspace.errors, workspace.dagster, *_folders(workspace.reports))
    return removed + sweep(*shared, when=_abandoned)


def _folders(top: Path) -> list[Path]:
    """A folder and those below it; snapshots, editions and originals are whole, so half-made folders are not entered."""
    return [
        Path(folder) for folder, _, _ in os.walk(top) if not any(p.startswith(".") for p in Path(folder).relative_to(top).parts)
    ]


def _abandoned(left: Path) -> bool:
    try:
        age = time.time() - left.lstat().st_mtime
    except FileNotFoundError:  # written to its end meanwhile
        return False
    return age > _LONG_ENOUGH or not _lives(writer_of(left))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
