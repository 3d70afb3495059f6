"""The newest draft report, remade from the standing snapshot.

Belongs here: which period is drafted and where the page goes. Does not: what the page says.
"""

from __future__ import annotations

import datetime as dt

from finsam_pipeline.register.model import PeriodKind, Register
from finsam_pipeline.register.periods import Period, periods_of
from finsam_pipeline.store.atomic import write_bytes
from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline.store.workspace import Workspace

FILE_NAME = "halvarsrapport"


def draft_reports(workspace: Workspace, register: Register, newest_day: dt.date | None) -> tuple[str, ...]:
    """Make the draft of the newest period that is over; paths relative to the workspace. A page that is the same is not rewritten."""
    if newest_day is None:
        return ()
    from finsam_pipeline.report.halfyear import build_report  # noqa: PLC0415 - drawing costs a second to import
    from finsam_pipeline.report.html import render_html  # noqa: PLC0415

    period = newest_period(register.period_kind, newest_day)
    page = render_html(build_report(open_snapshot(workspace.home), register, period.name, draft=True)).encode()
    path = workspace.reports / register.id / period.name / "draft" / f"{FILE_NAME}.html"
    if not path.is_file() or path.read_bytes() != page:
        write_bytes(path, page)
    return (workspace.relative(path),)


def newest_period(kind: PeriodKind, newest_day: dt.date) -> Period:
    """The newest period of the kind that had ended by the newest day of delivery."""
    ended = [p for p in periods_of(kind, newest_day.year - 1, newest_day.year) if p.last <= newest_day]
    own = [p for p in ended if kind is PeriodKind.YEAR or not p.name.isdigit()]
    return max(own)
