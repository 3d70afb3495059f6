"""Originals, kept by their SHA-256 before anything reads them.

Belongs here: taking a landing file in and giving its bytes back. Does not: which content counts as a delivery.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, BinaryIO

from finsam_pipeline.store.atomic import PRIVATE, writing
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


class ArchiveDamagedError(WorkspaceFault):
    """An archived original is missing or no longer has the bytes it is named after."""


def original(workspace: Workspace, sha256: str) -> Path:
    """Where the original with that SHA-256 lies: `vault/archive/<aa>/<sha256>`."""
    return workspace.archive / sha256[:2] / sha256


def take_in(workspace: Workspace, landed: LandingFile) -> str:
    """Archive one landing file (0600) and give its SHA-256 in hex. Known content is not written again.

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
        if not _stands(target, size=before[0]):
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
    """The bytes of an original.

    Raises:
        ArchiveDamagedError: it is missing, or its bytes are not the ones it is named after.
    """
    try:
        data = original(workspace, sha256).read_bytes()
    except FileNotFoundError:
        raise ArchiveDamagedError(f"vault/archive holds no {sha256[:16]}…: restore the vault from a backup") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ArchiveDamagedError(f"vault/archive: {sha256[:16]}… is damaged: restore it from a backup")
    return data


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
