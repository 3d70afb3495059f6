"""What the editions of an association's reports have told their readers already.

Belongs here: which editions bear on a new report, and finding their records. Does not: what follows from them
(report/disclosure, report/changes).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from finsam_pipeline.register.periods import Period, parse_period
from finsam_pipeline.store.reader import snapshot_at
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Register
    from finsam_pipeline.report.changes import Printed
    from finsam_pipeline.report.disclosure import Record

FIGURES = "figures"


def earlier_editions(workspace: Workspace, register: Register, period: str) -> tuple[Record, ...]:
    """The records of the editions whose figures hang together with those of the period: of its year and of those beside it."""
    if not (workspace.reports / register.id).is_dir():
        return ()
    wanted = parse_period(period)
    folders = sorted(path for path in (workspace.reports / register.id).glob("*/editions/*") if (path / FIGURES).is_dir())
    return tuple(_record(path, register) for path in folders if _beside(parse_period(path.parents[1].name), wanted))


def last_edition(workspace: Workspace, association: str, period: str) -> Printed | None:
    """What the newest edition of the period prints; None without one, or where it was made before that was kept."""
    from finsam_pipeline.report.changes import FILE_NAME, read_printed  # noqa: PLC0415 - a report is not always made

    files = (workspace.reports / association / period).glob(f"editions/*/{FIGURES}/{FILE_NAME}")
    printed = [read_printed(file.read_bytes(), file.parents[1].name) for file in sorted(files)]
    return max(printed, key=lambda p: p.order, default=None)


def _beside(one: Period, other: Period) -> bool:
    # A report compares with the year before, so an edition of that year may give away what this one hides.
    return abs(one.first.year - other.first.year) <= 1


def _record(folder: Path, register: Register) -> Record:
    """The edition's own record; an edition without one was made before there were records, and showed everything."""
    from finsam_pipeline.report.disclosure import FILE_NAME, read_record  # noqa: PLC0415 - a report is not always made
    from finsam_pipeline.report.halfyear import publishable  # noqa: PLC0415 - as above

    name = f"{folder.name} ({folder.parents[1].name})"
    file = folder / FIGURES / FILE_NAME
    if file.is_file():
        return read_record(file.read_bytes(), name)
    frank = replace(register, settings={key: value for key, value in register.settings.items() if key != "disclosure"})
    return replace(publishable(snapshot_at(folder / FIGURES), frank, folder.parents[1].name)[1], edition=name)
