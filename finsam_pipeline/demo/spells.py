"""When somebody takes part: spells drawn around a period so that the published counts come out.

Belongs here: dates. Does not: who it is and why it ends.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from finsam_pipeline.demo import figures
from finsam_pipeline.demo.figures import Count, Report

_DAY = dt.timedelta(days=1)
_SOON = 75 * _DAY  # those who started after the period did so before the reports were written


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in an intervention."""

    gender: str
    start: dt.date
    end: dt.date | None
    counted: bool  # its end is among the published ones


class Cohort:
    """Draws spells of one intervention around the period.

    Where the plan names a day everybody is out by, as in an archive of a system that was closed, no spell is left open; where it
    names a day registrations begin, none is older.
    """

    def __init__(self, report: Report, row: dict[str, str], rng: random.Random) -> None:
        self.rng = rng
        self.period = report.period
        self.known = dt.date.fromisoformat(report.setting("participants_delivered")) - 7 * _DAY
        self.earliest = dt.date.fromisoformat(report.setting("registered_from") or "1990-01-01")
        self.out_by = _out_by(report, row["intervention"])
        self.longest = int(row["longest_days"])
        self.shortest = int(row["shortest_days"])

    @property
    def outlasts_period(self) -> bool:
        """Whether a spell may be longer than the period: else everyone carried in ends in it."""
        return self.longest > (self.period.last - self.period.first).days

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day between first and last, both included, moved back from a weekend while it can be."""
        day = first + self.rng.randint(0, (last - first).days) * _DAY
        return max(first, day - max(0, day.weekday() - 4) * _DAY)

    def later_end(self, start: dt.date) -> dt.date | None:
        """The end of a spell that outlasts the period: seldom known yet."""
        first = max(self.period.last + _DAY, start + self.shortest * _DAY)
        if self.out_by:
            return self.day(first, max(first, min(self.out_by, start + self.longest * _DAY)))
        last = min(self.known, start + self.longest * _DAY)
        return self.day(first, last) if first <= last and self.rng.random() < 0.25 else None  # noqa: PLR2004 - a share

    def during(self, gender: str, *, carried: bool, ends: bool) -> Spell:
        """A spell that touches the period."""
        first, last = self.period.first, self.period.last
        if carried:
            start = self.day(first - (self.longest - 20) * _DAY, first - 10 * _DAY)
        else:
            start = self.day(first, last - (self.shortest + 5 if ends else 0) * _DAY)
        if not ends:
            return Spell(gender, start, self.later_end(start), counted=False)
        end = self.day(max(first, start + self.shortest * _DAY), min(last, start + self.longest * _DAY))
        return Spell(gender, start, end, counted=True)

    def met(self, gender: str) -> Spell:
        """An event-based spell: started in the period, its follow-up lies beyond what is known."""
        return Spell(gender, self.day(self.period.first, self.period.last), None, counted=False)

    def followed_up(self, gender: str) -> Spell:
        """An event-based spell of the year before whose follow-up falls in the period."""
        end = self.day(self.period.first, self.period.last)
        return Spell(gender, end - self.rng.randint(self.shortest, self.longest) * _DAY, end, counted=True)

    def waiting(self) -> Spell:
        """An event-based spell whose follow-up falls after the period."""
        start = self.day(self.period.last - 364 * _DAY, self.period.first - 10 * _DAY)
        end = start + self.rng.randint(self.longest - 5, self.longest) * _DAY
        gender = self.rng.choice(("woman", "man"))
        return Spell(gender, start, end if end <= self.known else None, counted=False)

    def past(self) -> Spell:
        """A spell that ended before the period."""
        earliest = max(self.period.first - 355 * _DAY, self.earliest + self.shortest * _DAY)
        end = self.day(earliest, self.period.first - 5 * _DAY)
        start = max(self.earliest, end - self.rng.randint(self.shortest, min(self.longest, self.shortest + 300)) * _DAY)
        return Spell(self.rng.choice(("woman", "man")), start, end, counted=False)

    def future(self) -> Spell:
        """A spell that started after the period."""
        gender = self.rng.choice(("woman", "man"))
        start = self.day(self.period.last + _DAY, min(self.known, self.period.last + _SOON))
        return Spell(gender, start, self.later_end(start) if self.out_by else None, counted=False)


def spells(report: Report, row: dict[str, str], rng: random.Random) -> list[Spell]:
    """All spells of one intervention (a row of the cohorts) in the order they were typed in: month by month."""
    cohort = Cohort(report, row, rng)
    event = figures.intervention(row["intervention"])["count_basis"] == "event"
    found: list[Spell] = []
    for count in report.counts():
        if count.intervention == row["intervention"]:
            found += _event_spells(count, cohort) if event else _interval_spells(count, cohort)
    found += [cohort.waiting() for _ in range(int(row["waiting"]))]
    found += [cohort.past() for _ in range(int(row["past"]))]
    found += [cohort.future() for _ in range(int(row["future"]))]
    rng.shuffle(found)
    return sorted(found, key=lambda spell: spell.start.replace(day=1))


def _out_by(report: Report, intervention: str) -> dt.date | None:
    days = [report.setting("everybody_out_by"), figures.intervention(intervention)["ends_on"]]
    return min(dt.date.fromisoformat(day) for day in days if day) if days[0] else None


def _interval_spells(count: Count, cohort: Cohort) -> list[Spell]:
    carried = count.participants - count.started
    old_ends = min(carried, count.ended)
    if cohort.outlasts_period:
        alike = round(count.ended * carried / count.participants) if count.participants else 0
        old_ends = min(old_ends, max(alike, count.ended - count.started))
    new_ends = count.ended - old_ends
    return [cohort.during(count.gender, carried=True, ends=n < old_ends) for n in range(carried)] + [
        cohort.during(count.gender, carried=False, ends=n < new_ends) for n in range(count.started)
    ]


def _event_spells(count: Count, cohort: Cohort) -> list[Spell]:
    return [cohort.met(count.gender) for _ in range(count.started)] + [
        cohort.followed_up(count.gender) for _ in range(count.ended)
    ]
