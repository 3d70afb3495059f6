"""Originals, kept by their SHA-256 before anything reads them.

Belongs here: taking a landing file in, giving its bytes back, removing them or a part of them. Does not: which content counts
as a delivery, what is to be removed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal

from finsam_pipeline.store.atomic import PRIVATE, sync_folder, write_bytes, writing
from finsam_pipeline.store.errors import WorkspaceFault

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline.store.workspace import LandingFile, Workspace

_CHUNK = 1 << 20


class FileChanged(Exception):  # noqa: N818 - an outcome: the file is taken in by the next run
    """The file was written to while it was being copied; `path` is relative to the workspace."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: changed while it was read; it is taken in by the next run")
        self.path = path


@dataclass(frozen=True, slots=True)
class Removal:
    """What was removed of an original, and when.

    `how`: `purged` (all of it: a rule of retention) or `redacted` (rows of persons who were erased). `rows`: what a purged one
    had. `redacted`: SHA-256 of what may lie in its place, the newest last.
    """

    sha256: str
    how: Literal["purged", "redacted"]
    on: dt.date
    rows: int = 0
    redacted: tuple[str, ...] = ()


class ArchiveDamagedError(WorkspaceFault):
    """An archived original is missing or no longer has the bytes it is named after."""


def original(workspace: Workspace, sha256: str) -> Path:
    """Where the original with that SHA-256 lies: `vault/archive/<aa>/<sha256>`."""
    return workspace.archive / sha256[:2] / sha256


def take_in(workspace: Workspace, landed: LandingFile) -> str:
    """Archive one landing file (0600) and give its SHA-256 in hex. Known content is not written again, removed content neither.

    Raises:
        FileChanged: the file changed, was replaced or disappeared meanwhile; nothing of it counts.
    """
    try:
        descriptor = os.open(landed.file, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise FileChanged(landed.path) from error
    with os.fdopen(descriptor, "rb") as source:
        before = _identity(os.fstat(descriptor))
        sha256 = _copy(source, None)
        target = original(workspace, sha256)
        if not _stands(target, size=before[0]) and removal(workspace, sha256) is None:
            source.seek(0)
            with writing(target, PRIVATE) as sink:
                if _copy(source, sink) != sha256:
                    raise FileChanged(landed.path)
        if _identity(os.fstat(descriptor)) != before or not _same_file(landed.file, before):
            raise FileChanged(landed.path)
    return sha256


def file_sha256(landed: LandingFile) -> str:
    """The SHA-256 of a landing file in hex, read and not archived; empty when it cannot be read just now."""
    try:
        with landed.file.open("rb") as source:
            return _copy(source, None)
    except OSError:
        return ""


def read_original(workspace: Workspace, sha256: str) -> bytes:
    """The bytes of an original; without the rows of those who were erased from it.

    Raises:
        ArchiveDamagedError: it is missing, or its bytes are not the ones it is named after.
    """
    try:
        data = original(workspace, sha256).read_bytes()
    except FileNotFoundError:
        raise ArchiveDamagedError(
            f"vault/archive holds no {sha256[:16]}…: restore the vault from a backup"
            " (with archive: hash_only, put the file back in landing)"
        ) from None
    digest = hashlib.sha256(data).hexdigest()
    if digest != sha256 and digest not in _redacted(workspace, sha256):
        raise ArchiveDamagedError(f"vault/archive: {sha256[:16]}… is damaged: restore it from a backup")
    return data


def forget_bytes(workspace: Workspace, sha256: str) -> bool:
    """Remove an original's bytes; whether there were any."""
    target = original(workspace, sha256)
    if not target.exists():
        return False
    target.unlink()
    sync_folder(target.parent)
    return True


def purge(workspace: Workspace, sha256: str, rows: int, day: dt.date) -> None:
    """Remove an original for good and remember that it was: `rows` it had (its delivery stays in the ledger), on which `day`."""
    _note(workspace, Removal(sha256, "purged", day, rows))
    forget_bytes(workspace, sha256)


def redact(workspace: Workspace, sha256: str, data: bytes, day: dt.date) -> None:
    """Put `data`, the original without some of its rows, in the original's place.

    The note comes first: whichever of the two writes a crash comes between, the bytes that lie there are known.
    """
    before = removal(workspace, sha256)
    known = (*(before.redacted if before else ()), hashlib.sha256(data).hexdigest())
    _note(workspace, Removal(sha256, "redacted", day, redacted=known))
    write_bytes(original(workspace, sha256), data, PRIVATE)


def removal(workspace: Workspace, sha256: str) -> Removal | None:
    """What was removed of one original; None when it stands as delivered."""
    file = workspace.removed / f"{sha256}.json"
    return _removal(file) if file.is_file() else None


def removals(workspace: Workspace) -> dict[str, Removal]:
    """Every original of which something was removed, by its SHA-256."""
    found = map(_removal, sorted(workspace.removed.glob("*.json")))
    return {r.sha256: r for r in found}


def _redacted(workspace: Workspace, sha256: str) -> tuple[str, ...]:
    found = removal(workspace, sha256)
    return found.redacted if found else ()


def _note(workspace: Workspace, what: Removal) -> None:
    about = asdict(what) | {"on": what.on.isoformat()}
    write_bytes(workspace.removed / f"{what.sha256}.json", json.dumps(about, sort_keys=True).encode(), PRIVATE)


def _removal(file: Path) -> Removal:
    about = json.loads(file.read_bytes())
    return Removal(**about | {"on": dt.date.fromisoformat(about["on"]), "redacted": tuple(about["redacted"])})


def _copy(source: BinaryIO, sink: BinaryIO | None) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        if sink is not None:
            sink.write(chunk)
    return digest.hexdigest()


def _identity(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _same_file(file: Path, identity: tuple[int, int, int]) -> bool:
    try:
        return _identity(file.stat(follow_symlinks=False)) == identity
    except FileNotFoundError:
        return False


def _stands(target: Path, size: int) -> bool:
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False
