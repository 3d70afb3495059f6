"""SUS: who is registered, and the two exports an association kept when the system was closed.

Belongs here: persons with an id of their own, registered once an insats and time; the columns and sheets of the exports. Does
not: when somebody takes part. Each export is given as the file's bytes.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from finsam_pipeline.demo import figures, files
from finsam_pipeline.demo.figures import Report
from finsam_pipeline.demo.files import Cell, Sheet
from finsam_pipeline.demo.participants import Participation, participations

_RETURNS = 0.25  # how often somebody of about that age is looked for among those who were registered before
_ALIKE = 2  # years
_MISREGISTERED = "Felregistrering"
_LONGEST_SUPPORT = 110  # months
_FIRST_NUMBER = 20401
_A_SLIP = dt.timedelta(days=9)


@dataclass(slots=True)
class _Person:
    number: str
    birth_year: int
    education: str
    spells: list[Participation] = field(default_factory=list)

    def can_be(self, spell: Participation) -> bool:
        """Whether this may be the one: of about that age, and in one intervention at a time."""
        if abs(spell.start.year - self.birth_year - spell.age) > _ALIKE:
            return False
        return all(_over(own) < spell.start or _over(spell) < own.start for own in self.spells)


@dataclass(frozen=True, slots=True)
class Registration:
    """One row of the participants' export."""

    person: str
    birth_year: int
    education: str
    months_in_support: int
    cause: str
    stay: Participation


def registrations(report: Report, rng: random.Random) -> list[Registration]:
    """All registrations in order of the day they began; some persons have several, and some rows are slips."""
    stays = sorted((p for rows in participations(report, rng).values() for p in rows), key=lambda p: p.start)
    known: dict[str, list[_Person]] = defaultdict(list)
    found = [_registered(stay, _person(stay, known[stay.gender], sum(map(len, known.values())), rng), rng) for stay in stays]
    began = [row for row in found if report.period.first + _A_SLIP <= row.stay.start <= report.period.last]
    slips = [_slip(row, rng) for row in rng.sample(began, int(report.setting("misregistered")))]
    return sorted([*found, *slips], key=lambda row: row.stay.start)


def participant_export(report: Report, rng: random.Random) -> bytes:
    """A workbook with the selection printed above the header and the number of rows below."""
    columns: tuple[tuple[str, Callable[[Registration], Cell]], ...] = (
        ("Deltagar-ID", lambda r: r.person),
        ("Insats", lambda r: figures.intervention(r.stay.intervention)["name"]),
        ("Kön", lambda r: {"woman": "Kvinna", "man": "Man"}[r.stay.gender]),
        ("Födelseår", lambda r: r.birth_year),
        ("Utbildningsnivå", lambda r: figures.label("education", r.education)),
        ("Remitterande part", lambda r: figures.label("referrer", r.stay.referrer)),
        ("Tid i offentlig försörjning (mån)", lambda r: r.months_in_support),
        ("Inregistreringsdatum", lambda r: r.stay.start),
        ("Utregistreringsdatum", lambda r: r.stay.end),
        ("Avslutsanledning", lambda r: r.cause),
        ("Försörjning före insats", lambda r: _told("income", r.stay.income_before)),
        ("Försörjning efter insats", lambda r: _told("income", r.stay.income_after)),
        ("Sysselsättning före insats", lambda r: _told("occupation", r.stay.occupation_before)),
        ("Sysselsättning efter insats", lambda r: _told("occupation", r.stay.occupation_after)),
    )
    rows = registrations(report, rng)
    table: list[list[Cell]] = [["Deltagarrapport"], [f"Urval: samtliga registreringar, uttag {_taken_out(report)}"], []]
    table.append([header for header, _ in columns])
    table += [[cell(row) for _, cell in columns] for row in rows]
    return files.workbook([Sheet("Deltagare", [*table, [], ["Summa", len(rows)]])])


def count_export(report: Report) -> bytes:
    """A tab-separated text in UTF-16 with the year's anonymous participants and volumes."""
    year = report.period.first.year
    rows: list[Sequence[Cell]] = [["Insats", "År", "Deltagarregistrering", "Kvinnor", "Män", "Totalt"]]
    rows += [
        [figures.intervention(r["intervention"])["name"], year, kind, r["women"], r["men"], r["total"]]
        for name, kind in (("anonymous", "Anonym"), ("volume", "Volym"))
        for r in report.published(name)
    ]
    return "\ufeff".encode("utf-16-le") + files.text(rows, encoding="utf-16-le", end="\r\n", delimiter="\t")


def _person(stay: Participation, known: list[_Person], so_many: int, rng: random.Random) -> _Person:
    if rng.random() < _RETURNS and (fitting := [p for p in known if p.can_be(stay)]):
        person = rng.choice(fitting)
    else:
        person = _Person(f"S{_FIRST_NUMBER + so_many}", stay.start.year - stay.age, stay.education)
        known.append(person)
    person.spells.append(stay)
    return person


def _registered(stay: Participation, person: _Person, rng: random.Random) -> Registration:
    months = min(rng.randint(0, _LONGEST_SUPPORT), 12 * max(1, stay.age - 16))
    return Registration(person.number, person.birth_year, person.education, months, stay.exit_reason, stay)


def _slip(row: Registration, rng: random.Random) -> Registration:
    """The same person typed in on the wrong day, struck some days later: it would count in the period."""
    start = row.stay.start - dt.timedelta(days=rng.randint(1, _A_SLIP.days))
    wrong = replace(row.stay, start=start, end=start + dt.timedelta(days=rng.randint(0, 5)), income_after="", occupation_after="")
    return replace(row, cause=_MISREGISTERED, stay=wrong)


def _over(stay: Participation) -> dt.date:
    return stay.end or dt.date.max


def _told(code_list: str, code: str) -> Cell:
    return figures.label(code_list, code) if code else None


def _taken_out(report: Report) -> str:
    return report.setting("participants_delivered")
