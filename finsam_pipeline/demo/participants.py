"""Participations that add up to the published counts: made up by a seeded generator, no real persons.

Belongs here: who takes part when, and why it ends. Does not: how a file looks.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace

from finsam_pipeline.demo import figures

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Participation:
    """One made-up participation. Codes are those of the demo's configuration; empty after-values while it goes on."""

    number: str
    intervention: str
    gender: str
    age: int
    start: dt.date
    end: dt.date | None
    exit_reason: str
    education: str
    referrer: str
    income_before: str
    income_after: str
    occupation_before: str
    occupation_after: str


@dataclass(frozen=True, slots=True)
class _Spell:
    gender: str
    start: dt.date
    end: dt.date | None
    counted: bool  # its end is among the published ones


class _Cohort:
    """Draws spells of one intervention around the period."""

    def __init__(self, row: dict[str, str], rng: random.Random) -> None:
        self.row = row
        self.rng = rng
        self.period = figures.period()
        self.known = dt.date.fromisoformat(figures.setting("delivered")) - 7 * _DAY
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
        last = min(self.known, start + self.longest * _DAY)
        return self.day(first, last) if first <= last and self.rng.random() < 0.25 else None  # noqa: PLR2004 - a share

    def during(self, gender: str, *, carried: bool, ends: bool) -> _Spell:
        """A spell that touches the period."""
        first, last = self.period.first, self.period.last
        if carried:
            start = self.day(first - (self.longest - 20) * _DAY, first - 10 * _DAY)
        else:
            start = self.day(first, last - (self.shortest + 5 if ends else 0) * _DAY)
        if not ends:
            return _Spell(gender, start, self.later_end(start), counted=False)
        end = self.day(max(first, start + self.shortest * _DAY), min(last, start + self.longest * _DAY))
        return _Spell(gender, start, end, counted=True)

    def met(self, gender: str) -> _Spell:
        """An event-based spell: started in the period, its follow-up lies beyond what is known."""
        return _Spell(gender, self.day(self.period.first, self.period.last), None, counted=False)

    def followed_up(self, gender: str) -> _Spell:
        """An event-based spell of the year before whose follow-up falls in the period."""
        end = self.day(self.period.first, self.period.last)
        return _Spell(gender, end - self.rng.randint(self.shortest, self.longest) * _DAY, end, counted=True)

    def waiting(self) -> _Spell:
        """An event-based spell whose follow-up falls after the period."""
        start = self.day(self.period.last - 364 * _DAY, self.period.first - 10 * _DAY)
        end = start + self.rng.randint(self.longest - 5, self.longest) * _DAY
        gender = self.rng.choice(("woman", "man"))
        return _Spell(gender, start, end if end <= self.known else None, counted=False)

    def past(self) -> _Spell:
        """A spell that ended before the period."""
        end = self.day(self.period.first - 355 * _DAY, self.period.first - 5 * _DAY)
        start = end - self.rng.randint(self.shortest, min(self.longest, self.shortest + 300)) * _DAY
        return _Spell(self.rng.choice(("woman", "man")), start, end, counted=False)

    def future(self) -> _Spell:
        """A spell that started after the period."""
        return _Spell(self.rng.choice(("woman", "man")), self.day(self.period.last + _DAY, self.known), None, counted=False)


def participations(rng: random.Random) -> dict[str, list[Participation]]:
    """Every intervention's participations in order of number; the counts of the period are the published ones."""
    return {row["intervention"]: _of_intervention(row, rng) for row in figures.table("plan/cohorts.csv")}


def _of_intervention(row: dict[str, str], rng: random.Random) -> list[Participation]:
    cohort = _Cohort(row, rng)
    event = figures.intervention(row["intervention"])["count_basis"] == "event"
    spells: list[_Spell] = []
    for count in figures.counts():
        if count.intervention == row["intervention"]:
            spells += _event_spells(count, cohort) if event else _interval_spells(count, cohort)
    spells += [cohort.waiting() for _ in range(int(row["waiting"]))]
    spells += [cohort.past() for _ in range(int(row["past"]))]
    spells += [cohort.future() for _ in range(int(row["future"]))]
    rng.shuffle(spells)
    spells.sort(key=lambda spell: spell.start.replace(day=1))  # typed in month by month, not day by day
    reasons = _reasons(row["intervention"], spells, rng)
    return [
        _person(f"{row['prefix']}{number:03d}", row, spell, reason, rng)
        for number, (spell, reason) in enumerate(zip(spells, reasons, strict=True), 1)
    ]


def _interval_spells(count: figures.Count, cohort: _Cohort) -> list[_Spell]:
    carried = count.participants - count.started
    old_ends = min(carried, count.ended)
    if cohort.outlasts_period:
        alike = round(count.ended * carried / count.participants) if count.participants else 0
        old_ends = min(old_ends, max(alike, count.ended - count.started))
    new_ends = count.ended - old_ends
    return [cohort.during(count.gender, carried=True, ends=n < old_ends) for n in range(carried)] + [
        cohort.during(count.gender, carried=False, ends=n < new_ends) for n in range(count.started)
    ]


def _event_spells(count: figures.Count, cohort: _Cohort) -> list[_Spell]:
    return [cohort.met(count.gender) for _ in range(count.started)] + [
        cohort.followed_up(count.gender) for _ in range(count.ended)
    ]


def _reasons(intervention: str, spells: list[_Spell], rng: random.Random) -> list[str]:
    """An exit reason for every ended spell: the published ones dealt out, the others drawn alike."""
    known = [e for e in figures.exits() if e.intervention == intervention]
    dealt = {gender: _hand(known, gender) for gender in figures.GENDERS}
    free = [e.exit_reason for e in known if e.women is None for _ in range(e.ended)]
    rng.shuffle(free)
    for gender in figures.GENDERS:
        ended = sum(spell.counted and spell.gender == gender for spell in spells)
        missing = ended - len(dealt[gender])
        dealt[gender] += [free.pop() for _ in range(missing)]
        rng.shuffle(dealt[gender])
    everything = [e.exit_reason for e in known for _ in range(e.ended)]
    out = []
    for spell in spells:
        if spell.counted:
            out.append(dealt[spell.gender].pop())
        else:
            out.append(rng.choice(everything) if spell.end else "")
    return out


def _hand(known: list[figures.Exits], gender: str) -> list[str]:
    return [e.exit_reason for e in known for _ in range({"woman": e.women or 0, "man": e.men or 0}.get(gender, 0))]


def _person(number: str, row: dict[str, str], spell: _Spell, reason: str, rng: random.Random) -> Participation:
    before = Participation(
        number=number,
        intervention=row["intervention"],
        gender=spell.gender,
        age=rng.randint(int(row["youngest"]), int(row["oldest"])),
        start=spell.start,
        end=spell.end,
        exit_reason=reason,
        education=_drawn("education", rng),
        referrer=_drawn("referrer", rng),
        income_before=_drawn("income", rng),
        income_after="",
        occupation_before=_drawn("occupation", rng),
        occupation_after="",
    )
    if not reason:
        return before
    after = {r["exit_reason"]: r for r in figures.table("plan/after.csv")}[reason]
    return replace(
        before,
        income_after=rng.choice(after["income"].split("|")),
        occupation_after=rng.choice(after["occupation"].split("|")),
    )


def _drawn(dimension: str, rng: random.Random) -> str:
    rows = [r for r in figures.table("plan/background.csv") if r["dimension"] == dimension]
    return rng.choices([r["code"] for r in rows], [int(r["weight"]) for r in rows])[0]
