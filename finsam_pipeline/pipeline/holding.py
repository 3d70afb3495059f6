"""The workspace's lock, held by a process as often as its own parts ask for it and let go when the last one does.

`finsam run` holds it over all associations while each association's run, started in process by Dagster, asks for it again.
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from finsam_pipeline.store.lock import run_lock
from finsam_pipeline.store.workspace import Workspace

_held: dict[Path, tuple[int, contextlib.ExitStack]] = {}
_guard = threading.Lock()


class Hold:
    """One claim on a workspace. Raises WorkspaceBusy when another process holds it."""

    def __init__(self, workspace: Workspace) -> None:
        self._home: Path | None = workspace.home.resolve()
        with _guard:
            count, stack = _held.get(self._home, (0, contextlib.ExitStack()))
            if not count:
                stack.enter_context(run_lock(workspace))
            _held[self._home] = (count + 1, stack)

    def release(self) -> None:
        """Give the claim back; more than once does no harm."""
        with _guard:
            if self._home is None:
                return
            count, stack = _held.pop(self._home)
            if count > 1:
                _held[self._home] = (count - 1, stack)
            else:
                stack.close()
            self._home = None

    def __enter__(self) -> None:
        """Claimed already."""

    def __exit__(self, *_: object) -> None:
        self.release()
