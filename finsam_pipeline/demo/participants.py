"""Participations that add up to the published counts: made up by a seeded generator, no real persons.

Belongs here: who takes part when, and why it ends. Does not: how a file looks.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from finsam_pipeline.demo import figures
from finsam_pipeline.demo.figures import Report
from finsam_pipeline.demo.spells import Spell, spells


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


def participations(report: Report, rng: random.Random) -> dict[str, list[Participation]]:
    """Every intervention's participations in order of number; the counts of the period are the published ones."""
    return {row["intervention"]: _of_intervention(report, row, rng) for row in report.plan("cohorts")}


def _of_intervention(report: Report, row: dict[str, str], rng: random.Random) -> list[Participation]:
    found = spells(report, row, rng)
    reasons = _reasons(report, row["intervention"], found, rng)
    return [
        _person(report, f"{row['prefix']}{number:03d}", row, spell, reason, rng)
        for number, (spell, reason) in enumerate(zip(found, reasons, strict=True), 1)
    ]


def _reasons(report: Report, intervention: str, found: list[Spell], rng: random.Random) -> list[str]:
    """A reason for every ended spell: the published ones dealt out, the others drawn alike; where none is, by the plan."""
    known = [e for e in report.exits() if e.intervention == intervention]
    if not known:
        return [_weighted(report.plan("after"), rng)["exit_reason"] if spell.end else "" for spell in found]
    dealt = {gender: _hand(known, gender) for gender in figures.GENDERS}
    free = [e.exit_reason for e in known if e.women is None for _ in range(e.ended)]
    rng.shuffle(free)
    for gender in figures.GENDERS:
        ended = sum(spell.counted and spell.gender == gender for spell in found)
        missing = ended - len(dealt[gender])
        dealt[gender] += [free.pop() for _ in range(missing)]
        rng.shuffle(dealt[gender])
    everything = [e.exit_reason for e in known for _ in range(e.ended)]
    out = []
    for spell in found:
        if spell.counted:
            out.append(dealt[spell.gender].pop())
        else:
            out.append(rng.choice(everything) if spell.end else "")
    return out


def _hand(known: list[figures.Exits], gender: str) -> list[str]:
    return [e.exit_reason for e in known for _ in range({"woman": e.women or 0, "man": e.men or 0}.get(gender, 0))]


def _person(report: Report, number: str, row: dict[str, str], spell: Spell, reason: str, rng: random.Random) -> Participation:
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
    after = _weighted([r for r in report.plan("after") if r["exit_reason"] == reason], rng)
    return replace(
        before,
        income_after=rng.choice(after["income"].split("|")),
        occupation_after=rng.choice(after["occupation"].split("|")),
    )


def _drawn(dimension: str, rng: random.Random) -> str:
    return _weighted([r for r in figures.table("plan/background.csv") if r["dimension"] == dimension], rng)["code"]


def _weighted(rows: Sequence[dict[str, str]], rng: random.Random) -> dict[str, str]:
    return rng.choices(rows, [int(r.get("weight") or 1) for r in rows])[0]
