"""The pseudonym key on disk: read, or made once.

Belongs here: where the key lies and when it may be made. Does not: what it is used for (`privacy`).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from finsam_pipeline.store.atomic import PRIVATE, write_text
from finsam_pipeline.store.errors import WorkspaceFault

if TYPE_CHECKING:
    from finsam_pipeline.store.workspace import Workspace

_LEAST_BYTES = 16


class KeyMissingError(WorkspaceFault):
    """The key is gone or too short although the workspace holds deliveries judged with one; or it can be neither read nor made."""


def pseudonym_key(workspace: Workspace) -> bytes:
    """The workspace's key (0600), made at first use; call it before the first file is archived.

    A new key would give every participant a new pseudonym and cut every decision from its row, so none is made once the
    archive holds anything.

    Raises:
        KeyMissingError: with what to do.
    """
    try:
        key = _read_or_made(workspace)
    except OSError as refused:
        raise KeyMissingError(
            f"the pseudonym key {workspace.key_file} can be neither read nor made ({refused.strerror}): make it once, for the user"
            " finsam runs as (docs/operation.md, Settings)"
        ) from None
    if len(key) < _LEAST_BYTES:
        raise KeyMissingError(f"the pseudonym key is shorter than {_LEAST_BYTES} bytes: restore it from a backup")
    return key


def _read_or_made(workspace: Workspace) -> bytes:
    try:
        return workspace.key_file.read_bytes().strip()
    except FileNotFoundError:
        if any(workspace.archive.glob("*/*")):
            raise KeyMissingError(
                "the pseudonym key is missing: restore it from a backup, or let FINSAM_PSEUDONYM_KEY_FILE say where it lies"
            ) from None
    key = secrets.token_hex(32).encode()
    write_text(workspace.key_file, key.decode() + "\n", PRIVATE)
    return key
