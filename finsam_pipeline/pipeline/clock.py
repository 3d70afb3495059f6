"""Whether the machine's clock can be believed when something is to be removed for good.

Belongs here: the last day that was believed, and what speaks against today. Does not: what is removed (`retention`). No figure reads
the clock; a clock that is years fast would make everything due at once, and this is the one place where that destroys.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from sqlalchemy import select

from finsam_pipeline.hints import command
from finsam_pipeline.store.atomic import PRIVATE, write_bytes
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.tables import deliveries, runs
from finsam_pipeline.store.workspace import Workspace

MOST_DAYS = 200  # an office that works by the half-year is heard of more often than that
_NAME = "clock.json"


class ClockDoubted(Exception):  # noqa: N818 - what is the case; nothing was removed
    """The clock and what the workspace has recorded do not go together. Its text (Swedish) says both and how to go on."""


def today() -> dt.date:
    """The day by the machine's clock."""
    return dt.datetime.now().astimezone().date()


def doubt(workspace: Workspace, day: dt.date) -> ClockDoubted | None:
    """What speaks against a day; None when nothing does. Writes nothing."""
    last = _last_believed(workspace, day)
    if last is None or last - dt.timedelta(days=1) <= day <= last + dt.timedelta(days=MOST_DAYS):
        return None
    go_on = command(workspace.home, "retention", "--apply", "--today", day.isoformat())
    return ClockDoubted(
        f"Ingenting gallras: klockan säger {day}, men arbetsytan har senast en trolig dag {last}. Ställ klockan. Går den rätt,"
        f" bekräfta dagen: {go_on}"
    )


def believe(workspace: Workspace, day: dt.date) -> None:
    """Take the clock's day for the right one from now on."""
    if _read(workspace) != day:
        write_bytes(workspace.vault / _NAME, json.dumps({"day": day.isoformat()}).encode(), PRIVATE)


def require(workspace: Workspace, day: dt.date) -> None:
    """Believe the clock's day, or refuse and go on holding to the last day that was believed.

    Raises:
        ClockDoubted.
    """
    doubted = doubt(workspace, day)
    if doubted is None:
        believe(workspace, day)
        return
    if _read(workspace) is None and (last := _last_believed(workspace, day)) is not None:
        believe(workspace, last)  # else what is recorded from now on would make a wrong clock look right in a few nights
    raise doubted


def _last_believed(workspace: Workspace, day: dt.date) -> dt.date | None:
    """The day that was believed last; in a workspace that has none, the newest recorded day that today's runs did not record."""
    if (known := _read(workspace)) is not None:
        return known
    recorded = [d for d in _recorded(workspace) if abs((day - d).days) > 1]
    return max(recorded, default=None)


def _read(workspace: Workspace) -> dt.date | None:
    try:
        return dt.date.fromisoformat(json.loads((workspace.vault / _NAME).read_bytes())["day"])
    except (FileNotFoundError, KeyError, TypeError, ValueError):  # none yet, or one that somebody has spoilt
        return None


def _recorded(workspace: Workspace) -> Iterator[dt.date]:
    with Database.of(workspace).reading() as connection:
        for column in (runs.c.started, deliveries.c.first_seen):
            yield from (moment.date() for moment in connection.scalars(select(column).distinct()))
