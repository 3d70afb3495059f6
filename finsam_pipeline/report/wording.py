"""Swedish words for periods, days, genders, measures and counts.

Belongs here: vocabulary and grammar. Does not: any figure of a mart, any association's own words (they are in its register).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from finsam_pipeline.report.numbers import HIDDEN_COUNT, NBSP, number
from finsam_pipeline.report.said import told
from finsam_pipeline.report.traced import marked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from finsam_pipeline.register.periods import Period

GENDERS = ("woman", "man", "other", "anonymous")
GENDER_HEADINGS = {"woman": "Kvinnor", "man": "Män", "other": "Annan köns-ID", "anonymous": "Anonyma", "total": "Totalt"}
MEASURES = {"participants": "Deltagare", "started": "Började", "ended": "Avslutade"}
ORIENTATIONS = {"individual": "Individinriktade insatser", "structural": "Strukturella insatser"}
CATEGORIES = {**ORIENTATIONS, "office": "Kansli, styrelse med mera"}
NO_EXIT_REASON = "Uppgift saknas"
OUTCOMES = {**MEASURES, "work_or_study": "Avslutade till arbete eller studier"}
GOALS = {
    **MEASURES,
    "work": "Till arbete",
    "study": "Till studier",
    "work_or_study": "Till arbete eller studier",
    "positive_other": "Till annan lösning närmare arbete",
    "work_share": "Andel till arbete av avslutade",
    "study_share": "Andel till studier av avslutade",
    "work_or_study_share": "Andel till arbete eller studier av avslutade",
    "positive_other_share": "Andel till annan lösning närmare arbete av avslutade",
    "ended_share": "Andel avslutade av deltagare",
}
STATES = {
    "work": "Arbete",
    "study": "Studier",
    "work_or_study": "Arbete eller studier",
    "job_seeking": "Arbetssökande",
    "other": "Övrigt",
    "unknown": "Uppgift saknas",
}

_MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
_SHORT_MONTHS = ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"]
_PARTS = {"H": "halvåret", "T": "tertialet", "Q": "kvartalet"}
_ORDINALS = ("", "första", "andra", "tredje", "fjärde")
_TITLES = {1: "Månadsrapport", 3: "Kvartalsrapport", 4: "Tertialrapport", 6: "Halvårsrapport", 12: "Helårsrapport"}
_SMALL = ["noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"]
_ONE = {"woman": "kvinna", "man": "man", "other": "med annan köns-ID", "anonymous": "anonym"}
_MANY = {"woman": "kvinnor", "man": "män", "other": "med annan köns-ID", "anonymous": "anonyma"}


def period_words(period: Period) -> str:
    """`första halvåret 2025`, `andra tertialet 2025`, `tredje kvartalet 2025`, `mars 2025`, `helåret 2025`."""
    year = f"{period.first.year}"
    if "-" in period.name:
        return f"{_MONTHS[period.first.month - 1]} {year}"
    if period.name == year:
        return f"helåret {year}"
    return f"{_ORDINALS[int(period.name[5])]} {_PARTS[period.name[4]]} {year}"


def report_title(period: Period) -> str:
    """What a report on such a period is called."""
    return _TITLES[period.months]


def months(period: Period) -> str:
    """`jan–juni`, or the one month."""
    first, last = _SHORT_MONTHS[period.first.month - 1], _SHORT_MONTHS[period.last.month - 1]
    return first if first == last else f"{first}–{last}"


def day(date: dt.date) -> str:
    """`30 juni 2025`, never broken over two lines."""
    return f"{date.day}{NBSP}{_MONTHS[date.month - 1]}{NBSP}{date.year}"


def iso_day(text: str) -> str:
    """The same of `2025-06-30`."""
    return day(dt.date.fromisoformat(text))


def years(ages: str) -> str:
    """`20–29 år`, `60 år eller äldre`."""
    return _class(ages, "år", "år eller äldre")


def days(length: str) -> str:
    """`91–180 dagar`, `731 dagar eller mer`."""
    return _class(length, "dagar", "dagar eller mer")


def month_class(length: str) -> str:
    """`12–23 månader`, `60 månader eller mer`."""
    return _class(length, "månader", "månader eller mer")


def _class(span: str, unit: str, open_unit: str) -> str:
    """`20-29` or `60-` with its unit."""
    least, _, most = span.partition("-")
    return f"{least}–{most} {unit}" if most else f"{least} {open_unit}"


def status(name: str | None, *, over: bool) -> str:
    """How a goal stands. What is not reached may still be, until the year is over."""
    words = {"met": "Nått", "near": "Nära", "not_met": "Inte nått" if over else "Inte nått än"}
    return words.get(name or "", "").replace(" ", NBSP)


def capital(text: str) -> str:
    """The first letter made large; the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(items: Iterable[str], conjunction: str = "och") -> str:
    """`a`, `a och b`, `a, b och c`; nothing for nothing."""
    *most, last = list(items) or [""]
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def small(count: int, *, neuter: bool = False) -> str:
    """Whole numbers to twelve as words, above that as figures. `neuter`: ett, not en."""
    if count == 1 and neuter:
        return marked(count, "ett", HIDDEN_COUNT)
    return marked(count, _SMALL[count], HIDDEN_COUNT) if 0 <= count < len(_SMALL) else number(count)


def plural(count: int | Decimal, one: str, many: str) -> str:
    """`1 kvinna`, `2 kvinnor`."""
    # Hidden, it says the plural: `one` would give the figure away.
    return marked(count, told(count, f"{number(int(count))}{NBSP}{one if count == 1 else many}"), f"{HIDDEN_COUNT} {many}")


def of_gender(count: int, gender: str) -> str:
    """`191 kvinnor`, `1 man`, `5 med annan köns-ID`, `74 anonyma`."""
    return plural(count, _ONE[gender], _MANY[gender])
