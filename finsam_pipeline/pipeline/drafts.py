"""The newest draft report, remade from the standing snapshot.

Belongs here: which period is drafted and where the files go. Does not: what they say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING

from finsam_pipeline.pipeline.editions import earlier_editions, last_edition
from finsam_pipeline.pipeline.sourcing import within_the_office
from finsam_pipeline.pipeline.texts import Texts
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register.model import PeriodKind, Register
from finsam_pipeline.register.periods import Period, periods_of
from finsam_pipeline.register.reporting import FORMATS, report_settings
from finsam_pipeline.store.atomic import write_bytes
from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from finsam_pipeline.report.document import Document
    from finsam_pipeline.report.facts import Marts

FILE_NAME = "halvarsrapport"


def draft_reports(
    workspace: Workspace, register: Register, newest_day: dt.date | None, identity: str = "", texts: Texts | None = None
) -> tuple[str, ...]:
    """Make the draft of the newest period that is over, in the formats the association wants; paths relative to the workspace.

    `identity`: of the slices this run judged; only their figures are told the rows of. `texts`: what others have written.
    """
    if newest_day is None:
        return ()
    from finsam_pipeline.report.changes import with_changes  # noqa: PLC0415 - a report is not always made
    from finsam_pipeline.report.halfyear import publishable  # noqa: PLC0415 - as above

    snapshot = open_snapshot(workspace.home)
    period = drafted_period(register, newest_day, snapshot)
    earlier = earlier_editions(workspace, register, period.name)
    document = publishable(
        snapshot, register, period.name, draft=True, earlier=earlier, texts=texts.of(period.name) if texts else ()
    )[0]
    document = with_changes(document, last_edition(workspace, register.id, period.name))
    document = within_the_office(document, WorkFiles(workspace, register.id), snapshot, identity)
    folder = workspace.reports / register.id / period.name / "draft"
    wanted = report_settings(register.settings).formats
    made = write_formats(folder, document, wanted)
    for name in set(FORMATS) - set(wanted):
        (folder / f"{FILE_NAME}.{name}").unlink(missing_ok=True)  # of an earlier night: it would contradict the others
    return tuple(workspace.relative(path) for path in made)


def drafted_period(register: Register, newest_day: dt.date, marts: Marts) -> Period:
    """Which period the draft is about."""
    return newest_period(register.period_kind, newest_day, _spoken_of(marts, register.id))


def write_formats(folder: Path, document: Document, formats: Iterable[str] | None = None) -> tuple[Path, ...]:
    """The document's files in the folder, in the formats asked for or in all; a file that would be the same is not rewritten."""
    from finsam_pipeline.report.formats import render  # noqa: PLC0415 - drawing costs a second to import

    made = {folder / f"{FILE_NAME}.{name}": content for name, content in render(document, formats or FORMATS).items()}
    for path, content in made.items():
        if not path.is_file() or path.read_bytes() != content:
            write_bytes(path, content)
    return tuple(made)


def newest_period(kind: PeriodKind, newest_day: dt.date, spoken_of: AbstractSet[str] = frozenset()) -> Period:
    """The newest period of the kind that had ended by the newest day of delivery.

    Of those, the newest that the figures speak of: an old file handed over today, in no folder that states its day, must not move the
    report to a period nobody has reported on. Without any, the newest that ended.
    """
    first = min((int(name[:4]) for name in spoken_of), default=newest_day.year)
    ended = [p for p in periods_of(kind, min(first, newest_day.year - 1), newest_day.year) if p.last <= newest_day]
    own = [p for p in ended if kind is PeriodKind.YEAR or not p.name.isdigit()]
    return max((p for p in own if p.name in spoken_of), default=max(own))


def _spoken_of(marts: Marts, association: str) -> set[str]:
    """Periods in which somebody started or ended, or anything was booked."""
    found: set[str] = set()
    for mart, measures in (
        ("participants/participant_flow", ("started", "ended")),
        ("economy/income_statement", ("outcome_kr",)),
    ):
        rows = marts.table(mart).select(["association", "period", *measures]).to_pylist()
        found |= {r["period"] for r in rows if r["association"] == association and any(r[m] for m in measures)}
    return found
