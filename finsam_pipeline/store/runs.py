"""When each association was last run, and whether that run came to its end.

Belongs here: noting a run's beginning and end. Does not: what it found. A run that was killed or failed has no end; nothing has to be
cleared up after it, the next run notes that it was broken off.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from finsam_pipeline.store.tables import runs

BROKEN_OFF = "broken_off"
_KEPT = 100  # runs remembered of each association
_PROCESS = secrets.token_hex(4)  # a forked child is another process: its number is asked for each time


@dataclass(frozen=True, slots=True)
class Ran:
    """One run. Times are UTC, naive; `ended` None while it goes on or after it was broken off, `outcome` then None or BROKEN_OFF."""

    association: str
    started: dt.datetime
    ended: dt.datetime | None
    outcome: str | None


def note_begun(connection: Connection, association: str, now: dt.datetime) -> None:
    """Note that a run begins. The steps of one run, in one process, are one run; another process's that never ended was broken off."""
    own = f"{os.getpid()}:{_PROCESS}"
    waiting = select(runs.c.id).where(runs.c.association == association, runs.c.ended.is_(None), runs.c.outcome.is_(None))
    for identity in connection.scalars(waiting).all():
        if identity.startswith(own):
            return
        connection.execute(update(runs).where(runs.c.id == identity).values(outcome=BROKEN_OFF))
    begun = {"id": f"{own}:{secrets.token_hex(4)}", "association": association, "started": _utc(now)}
    connection.execute(insert(runs).values(**begun))
    old = select(runs.c.id).where(runs.c.association == association).order_by(runs.c.started.desc(), runs.c.id).offset(_KEPT)
    connection.execute(delete(runs).where(runs.c.id.in_(connection.scalars(old).all())))


def note_ended(connection: Connection, association: str, outcome: str, now: dt.datetime) -> None:
    """Note that the run that goes on has published (`outcome`: what its exit status says)."""
    going_on = (runs.c.association == association, runs.c.ended.is_(None), runs.c.outcome.is_(None))
    connection.execute(update(runs).where(*going_on).values(ended=_utc(now), outcome=outcome))


def last_run(connection: Connection, association: str) -> Ran | None:
    """The newest run of an association; None before the first."""
    newest = select(runs).where(runs.c.association == association).order_by(runs.c.started.desc()).limit(1)
    row = connection.execute(newest).first()
    return Ran(row.association, row.started, row.ended, row.outcome) if row else None


def _utc(now: dt.datetime) -> dt.datetime:
    return now.astimezone(dt.UTC).replace(tzinfo=None)
