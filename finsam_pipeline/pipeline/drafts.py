"""The newest draft report, remade from the standing snapshot.

Belongs here: which period is drafted and where the page goes. Does not: what the page says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet

from finsam_pipeline.register.model import PeriodKind, Register
from finsam_pipeline.register.periods import Period, periods_of
from finsam_pipeline.store.atomic import write_bytes
from finsam_pipeline.store.reader import Snapshot, open_snapshot
from finsam_pipeline.store.workspace import Workspace

FILE_NAME = "halvarsrapport"


def draft_reports(workspace: Workspace, register: Register, newest_day: dt.date | None) -> tuple[str, ...]:
    """Make the draft of the newest period that is over; paths relative to the workspace. A page that is the same is not rewritten."""
    if newest_day is None:
        return ()
    from finsam_pipeline.report.halfyear import build_report  # noqa: PLC0415 - drawing costs a second to import
    from finsam_pipeline.report.html import render_html  # noqa: PLC0415

    snapshot = open_snapshot(workspace.home)
    period = newest_period(register.period_kind, newest_day, _spoken_of(snapshot, register.id))
    page = render_html(build_report(snapshot, register, period.name, draft=True)).encode()
    path = workspace.reports / register.id / period.name / "draft" / f"{FILE_NAME}.html"
    if not path.is_file() or path.read_bytes() != page:
        write_bytes(path, page)
    return (workspace.relative(path),)


def newest_period(kind: PeriodKind, newest_day: dt.date, spoken_of: AbstractSet[str] = frozenset()) -> Period:
    """The newest period of the kind that had ended by the newest day of delivery.

    Of those, the newest that the figures speak of: an old file handed over today, in no folder that states its day, must not move the
    report to a period nobody has reported on. Without any, the newest that ended.
    """
    first = min((int(name[:4]) for name in spoken_of), default=newest_day.year)
    ended = [p for p in periods_of(kind, min(first, newest_day.year - 1), newest_day.year) if p.last <= newest_day]
    own = [p for p in ended if kind is PeriodKind.YEAR or not p.name.isdigit()]
    return max((p for p in own if p.name in spoken_of), default=max(own))


def _spoken_of(snapshot: Snapshot, association: str) -> set[str]:
    """Periods in which somebody started or ended, or anything was booked."""
    found: set[str] = set()
    for mart, measures in (
        ("participants/participant_flow", ("started", "ended")),
        ("economy/income_statement", ("outcome_kr",)),
    ):
        rows = snapshot.table(mart).select(["association", "period", *measures]).to_pylist()
        found |= {r["period"] for r in rows if r["association"] == association and any(r[m] for m in measures)}
    return found
