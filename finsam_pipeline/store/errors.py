"""Unexpected errors, kept whole where only the owner reads; everywhere else they are an id."""

from __future__ import annotations

import hashlib
import traceback
from typing import TYPE_CHECKING

from finsam_pipeline.store.atomic import PRIVATE, write_text

if TYPE_CHECKING:
    from finsam_pipeline.store.workspace import Workspace


class WorkspaceFault(Exception):  # noqa: N818 - what is wrong, not that something is
    """Something is wrong with the workspace itself: a key, an original or a snapshot is missing or altered.

    Its text says what and what to do, and never holds a value of a row: it may be shown.
    """


def keep_error(workspace: Workspace, error: BaseException, step: str, place: str = "") -> str:
    """Write the whole traceback to `vault/errors/<id>` and give the id (12 hex). The same error at the same place has one id.

    Args:
        workspace: whose vault.
        error: as caught; its text may hold values and therefore goes nowhere else.
        step: the step of the way, for example `validate`.
        place: file, sheet or model, never a value.
    """
    text = "".join(traceback.format_exception(error))
    identity = hashlib.sha256(f"{step}\0{place}\0{text}".encode("utf-8", "backslashreplace")).hexdigest()[:12]
    write_text(
        workspace.errors / identity,
        f"step: {step}\nplace: {place}\n\n{text}".encode("utf-8", "backslashreplace").decode(),
        PRIVATE,
    )
    return identity
