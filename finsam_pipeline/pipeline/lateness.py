"""Which deliveries should have come by now.

Belongs here: reading `expected:` of association.yaml against what has come. Does not: who is told of it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from finsam_pipeline.pipeline.outcomes import DeliveryOutcome


@dataclass(frozen=True, slots=True)
class Late:
    """A source that `expected:` in association.yaml says should have come by now."""

    association: str
    source: str
    last: dt.date | None
    due: dt.date


def late(
    association: str, expected: Mapping[str, Sequence[str]], deliveries: Iterable[DeliveryOutcome], today: dt.date
) -> list[Late]:
    """What is late the day after it was due.

    Args:
        association: whose.
        expected: source → the days of the year (`MM-DD`) by which a delivery should have come.
        deliveries: what has come; a rejected file does not count as delivered.
        today: the day to judge by.

    Returns:
        One a source, of its latest due day. A delivery belongs to the due day it lies nearest to, so one that came late last
        time is not taken for this time's.
    """
    came = [d for d in deliveries if d.association == association and d.status != "rejected"]
    out = []
    for source, days in expected.items():
        last = max((d.delivered_on for d in came if d.source == source), default=None)
        before, due = _latest_two(days, today)
        if due and before and (last is None or (last < due and last - before <= due - last)):
            out.append(Late(association, source, last, due))
    return out


def _latest_two(days: Sequence[str], today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    years = range(today.year - 2, today.year + 1)
    passed = sorted({d for year in years for day in days if (d := _in_year(year, day)) < today})
    return (passed[-2], passed[-1]) if passed else (None, None)


def _in_year(year: int, day: str) -> dt.date:
    """A day of the year; 02-29 is the last of February."""
    month, number = (int(part) for part in str(day).split("-"))
    return dt.date(year, month, min(number, calendar.monthrange(year, month)[1]))
