"""Signs of life: a file that a process keeps locked for as long as it lives, so that others can tell when it has ended.

The kernel lets go of the lock however the process ends, and says so in every container of the machine; a process's number means
something in its own container only.

Belongs here: giving the sign and looking for it. Does not: what follows when somebody has died (`defs.housekeeping`).
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from typing import TYPE_CHECKING

from finsam_pipeline.store.atomic import INTERNAL, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_UNSEEN = ".new-"  # not locked yet, or never will be
_given: dict[tuple[Path, int], str] = {}  # a forked process is another one and gives a sign of its own


def sign_of_life(folder: Path) -> str:
    """The name of this process's file in `folder`, made at first asking. It says host and number for people; nothing reads them."""
    key = (folder, os.getpid())
    if key not in _given:
        _given[key] = _locked_file(folder)
    return _given[key]


def ended(folder: Path) -> set[str]:
    """The signs in `folder` whose process has ended. Of one that is not there nothing is known."""
    if not folder.is_dir():
        return set()
    return {entry.name for entry in os.scandir(folder) if not entry.name.startswith(_UNSEEN) and _is_free(entry.path)}


def forget(folder: Path, names: Iterable[str]) -> None:
    """Remove signs of processes that have ended."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _locked_file(folder: Path) -> str:
    """Locked before it gets its name: whoever finds it unlocked may believe that."""
    make_folder(folder, 0o750)
    name = f"{socket.gethostname()}.{os.getpid()}.{secrets.token_hex(4)}"
    unseen = folder / f"{_UNSEEN}{name}"
    descriptor = os.open(unseen, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, INTERNAL)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # never closed: the end of the process is what closes it
    unseen.rename(folder / name)
    return name


def _is_free(path: str) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False  # somebody else has just removed it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
