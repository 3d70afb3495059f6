"""Sentences made from the figures.

Every sentence says what it counts, every share names its denominator, and överskott or underskott follows from the sign. No
sentence explains why. Functions take plain figures and return one sentence, or an empty text when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from finsam_pipeline.report.numbers import NBSP, number, percent, percent_text, tkr
from finsam_pipeline.report.said import told
from finsam_pipeline.report.traced import marked, only_if_shown
from finsam_pipeline.report.wording import capital, listed, of_gender, plural, small

if TYPE_CHECKING:
    from decimal import Decimal

Counts = Mapping[str, int]  # gender -> persons


def by_gender(counts: Counts) -> str:
    """`191 kvinnor, 185 män och 5 med annan köns-ID`: women and men always, the others when there are any."""
    return listed(of_gender(n, gender) for gender, n in counts.items() if n or gender in {"woman", "man"})


def took_part(counts: Counts, interventions: int, period: str) -> str:
    """How many participations there were, in how many interventions."""
    total = sum(counts.values())
    where = f"{small(interventions)} individinriktade {'insats' if interventions == 1 else 'insatser'}"
    if interventions == 1:
        where = "en individinriktad insats"
    return f"{number(total)} deltagare ({by_gender(counts)}) tog del av {where} under {period}."


def began(counts: Counts) -> str:
    """How many began."""
    return f"{number(sum(counts.values()))} deltagare ({by_gender(counts)}) började i en insats."


def ended(counts: Counts) -> str:
    """How many ended."""
    return f"{number(sum(counts.values()))} deltagare ({by_gender(counts)}) avslutade en insats."


def composition(counts: Counts) -> str:
    """The gender split of all participations, others included in the denominator."""
    total = sum(counts.values())
    if not total:
        return ""
    names = {"woman": "kvinnor", "man": "män", "other": "med annan köns-ID", "anonymous": "anonyma"}
    parts = [f"{percent_text(percent(n, total))} {names[g]}" for g, n in counts.items() if n or g in {"woman", "man"}]
    return only_if_shown(f"Av samtliga {number(total)} deltagare var {listed(parts)}.", *counts.values())


def flow(measures: Mapping[str, int], before: str, after: str) -> str:
    """The way through the period; `measures` holds carried_in, started, ended and carried_out."""
    n = {name: number(value) for name, value in measures.items()}
    return (
        f"{n['carried_in']} deltagare var kvar från {before}, {n['started']} började, {n['ended']} avslutade "
        f"och {n['carried_out']} var kvar efter {after}."
    )


def commonest(reasons: Sequence[tuple[str, int]], total: int) -> str:
    """The exit reason, or reasons when they tie, that most ended for; a share of all `total` who ended."""
    most = max((n for _, n in reasons), default=0)
    if not most:
        return ""
    names = [f"”{label}”" for label, n in reasons if n == most]
    share = _share(most, total, f"{number(total)} avslutade")
    text = f"Vanligaste avslutsorsaken var {names[0]}: {share}."
    if len(names) > 1:
        text = f"Vanligaste avslutsorsakerna var {listed(names)}: {share} vardera."
    return only_if_shown(text, *(n for _, n in reasons))  # it says of every other reason that it is less common


def to_work_or_study(labels: Sequence[str], reached: Counts, all_ended: Counts) -> str:
    """How many ended to work or study, of all ended and of each gender's own ended (not the split of those who did)."""
    total, whole = sum(reached.values()), sum(all_ended.values())
    if not whole or not labels:
        return ""
    where = listed((label.lower() for label in labels), "eller")
    own = [
        _share(reached.get(gender, 0), all_ended[gender], _those(all_ended[gender], word))
        for gender, word in (("woman", "kvinnorna"), ("man", "männen"))
        if all_ended.get(gender)
    ]
    return f"Till {where} avslutades {_share(total, whole, number(whole))}{': ' if own else ''}{listed(own)}."


def _those(ended: int, who: str) -> str:
    return marked(ended, f"de {told(ended, number(int(ended)))} avslutade {who}", f"de avslutade {who}")


def _share(part: int, whole: int, named: str) -> str:
    return f"{number(part)} av {named} ({percent_text(percent(part, whole))})"


def without_reason(missing: int, total: int) -> str:
    """How many ended without a reason given."""
    if not missing:
        return ""
    if missing == total:
        return f"Avslutsorsak saknas för alla {number(total)} avslutade."
    return f"Avslutsorsak saknas för {_share(missing, total, f'{number(total)} avslutade')}."


def result(income: Decimal | None, cost: Decimal | None, outcome: Decimal | None, budget: Decimal | None) -> list[str]:
    """Income, cost and result of the period in tkr, each rounded on its own from kronor."""
    out = []
    if income is not None and cost is not None:
        out.append(f"Intäkterna uppgick till {in_tkr(income)} och kostnaderna till {in_tkr(cost)}.")
    if outcome is not None:
        budgeted = f" Budgeterat var {surplus(budget)}." if budget is not None else ""
        out.append(f"Resultatet blev {surplus(outcome)}.{budgeted}")
    return out


def beside_budget(income: Decimal | None, cost: Decimal | None) -> str:
    """How income and cost stand to their budgets; each outcome − budget in kronor."""
    if income is None or cost is None:
        return ""
    return f"Jämfört med budget var intäkterna {_moved(income)} och kostnaderna {_moved(cost)}."


def _moved(difference: Decimal) -> str:
    rounded = tkr(difference) or 0
    return f"{_moved_by(difference)} {'högre' if rounded > 0 else 'lägre'}" if rounded else "desamma"


def _moved_by(amount: Decimal) -> str:
    """How much, whichever way; the words beside it say which."""
    return told(amount, f"{number(abs(tkr(amount) or 0))}{NBSP}tkr")


def without_settled(names: Sequence[str], income: Decimal | None, cost: Decimal | None) -> str:
    """Income and cost when settled interventions, which the result does not bear, are left out."""
    if not names or income is None or cost is None:
        return ""
    return f"Utan avräknade insatser ({listed(names)}) var intäkterna {in_tkr(income)} och kostnaderna {in_tkr(cost)}."


def surplus(kronor: Decimal) -> str:
    """`ett överskott på 2 252 tkr`, `ett underskott på 491 tkr`, `ett nollresultat`: the word follows from the sign."""
    rounded = tkr(kronor) or 0
    if rounded == 0:
        return told(kronor, f"ett nollresultat (mindre än 1{NBSP}tkr)" if kronor else "ett nollresultat")
    return f"ett {'överskott' if rounded > 0 else 'underskott'} på {_moved_by(kronor)}"


def contributions(total: Decimal) -> str:
    """What the members paid in."""
    return f"Medlemmarnas bidrag var {in_tkr(total)}."


def equity(opening: Decimal | None, closing: Decimal | None, last_day: str) -> str:
    """Equity before and after the period."""
    if opening is None or closing is None:
        return ""
    return f"Det egna kapitalet var {in_tkr(opening)} vid periodens början och {in_tkr(closing)} den {last_day}."


def against_budget(difference: Decimal | None, whose: str) -> str:
    """A cost against its budget; `difference` is outcome − budget in kronor, so a lower cost is a surplus."""
    if difference is None:
        return ""
    rounded = tkr(difference) or 0
    if rounded == 0:
        return f"{capital(whose)} följer budgeten."
    word, way = ("överskott", "lägre") if rounded < 0 else ("underskott", "högre")
    return f"{capital(whose)} har {way} kostnad än budget: ett {word} på {_moved_by(difference)}."


def largest_deviations(deviations: Sequence[tuple[str, Decimal]]) -> str:
    """The largest deviations from budget, by size; each outcome − budget in kronor of a cost."""
    parts = [
        f"{name} ({'överskott' if d < 0 else 'underskott'} {_moved_by(d)})"
        for name, d in sorted(deviations, key=lambda x: -abs(x[1]))
        if tkr(d)
    ]
    return f"Störst avvikelse från budget har {listed(parts[:3])}." if parts else ""


def events(count: Decimal, attendees: Decimal) -> str:
    """Structural events and how many attended: attendances, not persons."""
    return f"{plural(count, 'strukturell aktivitet', 'strukturella aktiviteter')} samlade {number(attendees)} deltagare."


def in_tkr(kronor: Decimal) -> str:
    """`18 582 tkr`, rounded half up from kronor."""
    return told(kronor, f"{number(tkr(kronor) or 0)}{NBSP}tkr")
