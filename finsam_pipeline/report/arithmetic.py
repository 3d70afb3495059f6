"""What the report's own figures say against one another.

Belongs here: checks on published figures, each with what is printed and what it was compared with. A deviation is stated,
and called rounding only where the kronor behind it agree. Does not belong here: rules on rows (validation), wording of tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import wording
from finsam_pipeline.report.money import Economy, exact_sum
from finsam_pipeline.report.numbers import half_up, kr, number, tkr
from finsam_pipeline.report.origin import Origin, origin
from finsam_pipeline.report.traced import only_if_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.report.counts import Participants

_COLUMNS = {"outcome": "Utfall", "budget": "Budget", "difference": "Differens"}
# What a count basis means for the flow (interface 7, Counting); `interval` closes by itself.
_MEANINGS = {
    "event": "räknar som deltagare de som började under perioden, och avslut när de registreras",
    "started": "redovisar bara hur många som började",
}
_TOLERANCE = Decimal(1)  # kr, interface L010


@dataclass(frozen=True, slots=True)
class Deviation:
    """One printed figure and what its parts make. `rounding`: in kronor they agree."""

    row: str
    column: str
    printed: int
    of_parts: int
    rounding: bool
    printed_from: Origin
    parts_from: Origin


@dataclass(frozen=True, slots=True)
class MemberShare:
    """A member's contribution beside the agreed share of all contributions; kronor."""

    id: str
    name: str
    paid: Decimal
    agreed: Decimal
    agreed_share: Decimal

    @property
    def deviates(self) -> bool:
        """More than one krona from the agreement."""
        return abs(self.paid - self.agreed) > _TOLERANCE


def flows(people: Participants) -> list[str]:
    """Sentences on every intervention and gender whose flow does not close."""
    out: list[str] = []
    for intervention in people.shown:
        for gender in (*people.genders, None):
            out += _flow(people, intervention.id, intervention.name, gender)
    out += _basis(people)
    return out


def _flow(people: Participants, intervention: str, name: str, gender: str | None) -> Iterator[str]:
    n = {
        measure: people.total(measure, intervention=intervention, gender=gender)
        for measure in ("carried_in", "started", "participants", "ended", "carried_out")
    }
    p = {measure: number(value) for measure, value in n.items()}
    who = f"{name}, {wording.GENDER_HEADINGS[gender or 'total'].lower()}"
    if n["ended"] > n["participants"]:
        text = f"{who}: {p['ended']} avslutade men {p['participants']} deltagare; {p['carried_out']} kvar efter perioden."
        yield only_if_shown(text, *n.values())
    # Anonymous persons are a count of the whole year: they never began and never end, so nothing is to close.
    if gender not in {None, "anonymous"} and n["carried_in"] + n["started"] != n["participants"]:
        text = f"{who}: {p['carried_in']} kvar från tidigare och {p['started']} nya blir inte {p['participants']} deltagare."
        yield only_if_shown(text, *n.values())


def _basis(people: Participants) -> Iterator[str]:
    for basis, meaning in _MEANINGS.items():
        names = [i.name for i in people.shown if i.count_basis == basis]
        if names:
            yield f"{wording.listed(names)} {meaning}. Flödet går därför inte att stämma av per insats."
    anonymous = people.total("participants", gender="anonymous")
    if anonymous:
        counted = "är räknade för hela kalenderåret och finns varken bland började eller avslutade"
        yield f"{number(anonymous)} anonyma deltagare {counted}."


def exits(people: Participants) -> list[str]:
    """Interventions whose exit reasons do not add up to those who ended."""
    counts = people.ended_for("intervention_id")
    out = []
    for i in people.shown if people.exits else ():
        ended = people.total("ended", intervention=i.id)
        reasons = sum(n for (_, own), n in counts.items() if own == i.id)
        if ended != reasons:
            out.append(
                only_if_shown(f"{i.name}: {number(ended)} avslutade men {number(reasons)} avslutsorsaker.", ended, reasons)
            )
    return out


def statement(money: Economy) -> tuple[int, list[Deviation]]:
    """How many printed relations of the income statement were tried, and those that do not hold."""
    found = [*_sums(money), *_differences(money)]
    return len(found), [d for d in found if d.printed != d.of_parts]


def _sums(money: Economy) -> Iterator[Deviation]:
    by_line = {r["line_id"]: r for r in money.statement}
    for line in money.facts.report_lines().values():
        row = by_line.get(line.line_id)
        parts = [(sign, by_line[part]) for sign, part in line.sum_of if part in by_line]
        if not row or not parts:
            continue
        for column, heading in _COLUMNS.items():
            printed = _printed(money, row, column)
            if printed is not None:
                of_parts = sum(sign * (_printed(money, part, column) or 0) for sign, part in parts)
                exact = exact_sum(sign * part[f"{column}_kr"] for sign, part in parts if part[f"{column}_kr"] is not None)
                origins = (
                    _origin(money, (column,), line.line_id),
                    _origin(money, (column,), [p["line_id"] for _, p in parts], "de tryckta delarna, med sina tecken"),
                )
                yield Deviation(row["label"], heading, printed, of_parts, exact == row[f"{column}_kr"], *origins)


def _differences(money: Economy) -> Iterator[Deviation]:
    for row in money.statement:
        outcome, budget, difference = (_printed(money, row, c) for c in _COLUMNS)
        if outcome is None or budget is None or difference is None:
            continue
        settled = money.settled_in(row["line_id"])
        exact = row["outcome_kr"] - settled - row["budget_kr"] == row["difference_kr"]
        line = row["line_id"]
        origins = (
            _origin(money, ("difference",), line),
            _origin(money, ("outcome", "budget"), line, "utfall − budget, som de är tryckta"),
        )
        yield Deviation(row["label"], "Differens", difference, outcome - _shown(money, settled) - budget, exact, *origins)


def _origin(money: Economy, columns: tuple[str, ...], line_id: object, how: str = "") -> Origin:
    measures = (f"{column}_{money.facts.income_layout.unit}" for column in columns)
    return origin("economy/income_statement", *measures, how=how, line_id=line_id)


def _printed(money: Economy, row: dict[str, Any], column: str) -> int | None:
    value: int | None = row[f"{column}_tkr"] if money.facts.income_layout.unit == "tkr" else kr(row[f"{column}_kr"])
    return value


def _shown(money: Economy, amount: Decimal) -> int:
    """An amount in the statement's unit."""
    return (tkr(amount) if money.facts.income_layout.unit == "tkr" else kr(amount)) or 0


def between_tables(money: Economy) -> list[str]:
    """Where two tables print the same money differently in kronor: costs in the statement against their distribution."""
    cost = money.line("total", "cost")
    shared = exact_sum(r["cost_kr"] for r in money.distribution)
    if not cost or cost["outcome_kr"] is None or shared is None or cost["outcome_kr"] == shared:
        return []
    rest = number(half_up(cost["outcome_kr"] - shared))
    settled = (
        f" Avräknade insatser ({wording.listed(money.facts.settled_names)}) ingår bara i det första."
        if money.facts.settled_names
        else ""
    )
    return [f"”{cost['label']}” i resultaträkningen är {rest} kr mer än kostnadsfördelningens summa.{settled}"]


def shares(money: Economy) -> list[MemberShare]:
    """Every member's contribution beside its agreed share, in the register's order."""
    paid = {r["member_id"]: r["outcome_kr"] for r in money.facts.rows("economy/financing") if r["outcome_kr"] is not None}
    total = sum(paid.values(), Decimal(0))
    return [
        MemberShare(m.id, m.name, paid[m.id], half_up(total * m.share, 2), m.share)
        for m in money.facts.register.members
        if m.id in paid
    ]
