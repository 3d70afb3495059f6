"""A control group with a limit of memory, in the older form (v1) or the newer (v2), as a container or `MemoryMax=` sets one.

Belongs here: making, entering and removing it. Does not: a trial. Whoever enters is ended by the kernel when no more can be taken back.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MB = 1 << 20
_TOP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Form:
    """Where groups of memory lie, and what their files are called. The older form limits memory and swap together."""

    top: Path
    limit: str
    swap: str
    together: bool
    peak: str


_V1 = Form(_TOP / "memory", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", True, "memory.max_usage_in_bytes")
_V2 = Form(_TOP, "memory.max", "memory.swap.max", False, "memory.peak")


@dataclass(frozen=True)
class Group:
    """One group. Its own limit may be absent: then that of the group above holds."""

    folder: Path
    form: Form

    def command(self, *words: object) -> list[str]:
        """What to start for a command that is in the group before its program is loaded."""
        return ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(self.folder), *map(str, words)]

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """A command in the group, to its end."""
        quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False, env=quiet)

    def peak(self) -> int:
        """Most that was in use at once, in MB, with what could have been taken back (files); 0 where the kernel does not say."""
        file = self.folder / self.form.peak
        return int(file.read_text()) // MB if file.exists() else 0


@contextmanager
def group(limit: int | None, above: Group | None = None) -> Iterator[Group]:
    """A group in which `limit` bytes may be used; skips where nobody may make one. Removed when its processes have ended."""
    form = above.form if above else _form()
    try:
        folder = Path(tempfile.mkdtemp(prefix="finsam-trial-", dir=above.folder if above else form.top))
    except OSError as refused:
        pytest.skip(f"may not make a control group: {refused.strerror}")
    try:
        if limit is not None:
            (folder / form.limit).write_text(str(limit))
            if (folder / form.swap).exists():
                (folder / form.swap).write_text(str(limit if form.together else 0))
        yield Group(folder, form)
    finally:
        _remove(folder)


def _form() -> Form:
    for form, mark in ((_V1, _V1.top / _V1.limit), (_V2, _V2.top / "cgroup.subtree_control")):
        if mark.exists() and (form is _V1 or "memory" in mark.read_text().split()):
            return form
    pytest.skip("no control groups of memory here")


def _remove(folder: Path) -> None:
    """A group is busy for a moment after its last process has ended."""
    for attempt in range(50):
        try:
            return folder.rmdir()
        except OSError:
            if attempt == 49:
                raise
            time.sleep(0.1)
    return None
