"""One run per workspace.

The kernel holds the lock for as long as the process lives, so a killed run leaves nothing to clear away.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING

from finsam_pipeline.store.atomic import INTERNAL, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.store.workspace import Workspace


class WorkspaceBusy(Exception):  # noqa: N818 - an outcome with an exit status of its own
    """Another run holds the workspace. Exit status 5."""

    exit_status = 5


@contextlib.contextmanager
def run_lock(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for the length of the block.

    Raises:
        WorkspaceBusy: at once, when another run (also one in this process) holds it.
    """
    make_folder(workspace.home, 0o750)
    descriptor = os.open(workspace.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, INTERNAL)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkspaceBusy("another run holds this workspace; try again when it has ended") from None
        yield
    finally:
        os.close(descriptor)  # the file itself stays: removing it would let two runs lock two different files
