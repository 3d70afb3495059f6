"""The way itself: take in → read → judge → build → publish, used alike by the command line and by Dagster.

The names here are what `cli/` and `defs/` build on. Nothing in this room knows Dagster.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from finsam_pipeline.pipeline.run import AssociationRun

__all__ = ["associations", "open_run", "whats_new"]


def associations(home: Path) -> list[str]:
    """Every association that has a folder in `config/`."""
    from finsam_pipeline.register import list_associations  # noqa: PLC0415 - this module is imported by every code server

    return list_associations(home / "config")


def open_run(home: Path, association: str, as_of: dt.date | None = None) -> AssociationRun:
    """Begin one association's run; close it (or use it as a context) to let the workspace go.

    Raises:
        ConfigurationErrors, WorkspaceBusy.
    """
    from finsam_pipeline.pipeline.run import AssociationRun  # noqa: PLC0415

    return AssociationRun(home, association, as_of)


def whats_new(home: Path, as_of: dt.date | None = None) -> list[str]:
    """Associations whose landing, configuration, decisions or code are not what the last run saw. Writes nothing.

    One whose configuration is wrong is among them: its run says what is wrong, and the others are not kept waiting.
    """
    from finsam_pipeline.pipeline.newness import new_and_faulty  # noqa: PLC0415

    names = associations(home)
    new, faults = new_and_faulty(home, names, as_of)
    return [name for name in names if name in new or name in faults]
