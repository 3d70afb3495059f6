"""Seeded random registers: the configuration of many associations, each a little different.

Belongs here: what the data is about (periods, interventions, lines, rules, codes). Does not: rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from finsam_pipeline.register.model import Code, Intervention, LineRule, Member, PeriodKind, Register, ReportLine, Target
from finsam_pipeline.register.periods import periods_of

FIRST_YEAR = 2030
LOCAL, SUS = "deltagaruppfoljning", "sus_deltagare"
BASES = ("interval", "event", "started")
CODES = {"exit_reason": 11, "education": 5, "referrer": 7, "income": 8, "occupation": 6}
# Result accounts of every line, closing accounts of both charts, and balance accounts.
ACCOUNTS = ("3110", "3120", "3130", "3140", "3985", "4010", "4600", "5010", "5410", "6212", "6550", "7010", "7510", "8310", "8999",
            "8910", "1930", "2010", "2440", "16301")  # fmt: skip
BALANCE_ACCOUNTS = ("1930", "2010", "2067", "2440", "16301")
INTERVENTIONS = 12
LINE_IDS = ("m1", "m2", "m3", "m4", "other_income", "interventions", "structural", "settled", "premises", "office", "interest")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made; rows are totals over all associations."""

    associations: int
    years: int
    participations: int
    voucher_rows: int

    @property
    def last_year(self) -> int:
        """The last of the years."""
        return FIRST_YEAR + self.years - 1

    @property
    def last_day(self) -> dt.date:
        """The newest day of delivery."""
        return dt.date(self.last_year, 12, 31)


def make_register(n: int, size: Size, random: np.random.Generator) -> Register:
    """The configuration of association number n."""
    kinds = list(PeriodKind)
    kind = kinds[n % len(kinds)]
    versions = {p.name: {"income_statement": "v1"} for p in periods_of(kind, FIRST_YEAR, size.last_year) if random.random() < 0.2}
    return Register(
        id=association(n),
        name=f"Association {n}",
        organisation_number="",
        period_kind=kind,
        chart_of_accounts=("bas", "kommun-bas")[n % 2],
        members=tuple(Member(f"m{m}", f"Member {m}", Decimal("0.25")) for m in range(1, 5)),
        interventions=tuple(_intervention(i, size, random) for i in range(INTERVENTIONS)),
        targets=tuple(
            Target(year, f"i{i}", measure, int(random.integers(5, 90)))
            for year in range(FIRST_YEAR, size.last_year + 1)
            for i in range(0, INTERVENTIONS, 3)
            for measure in ("participants", "started", "ended")
        ),
        report_lines=(*_lines(dt.date(2000, 1, 1)), *_lines(dt.date(FIRST_YEAR + size.years // 2, 7, 1), "New ")),
        line_rules=_rules(size),
        codes={
            name: tuple(Code(name, f"c{k}", f"Code {k}", (), "work_or_study" if k % 4 == 0 else "", k) for k in range(1, count))
            for name, count in CODES.items()
        },
        report_layouts=(),
        budget_versions=versions,
        counts_from=((LOCAL, SUS), (SUS, LOCAL), (LOCAL,))[n % 3],
        coverage={},
    )


def association(n: int) -> str:
    """The id of association number n."""
    return f"association_{n:03d}"


def _intervention(i: int, size: Size, random: np.random.Generator) -> Intervention:
    starts = dt.date(FIRST_YEAR + int(random.integers(0, size.years)), 3, 1) if random.random() < 0.3 else None
    ends = dt.date(size.last_year, 6, 30) if random.random() < 0.2 else None
    return Intervention(
        id=f"i{i}",
        name=f"Intervention {i}",
        short_name="",
        aliases=(),
        orientation="structural" if i % 6 == 5 else "individual",
        esf=i % 5 == 0,
        settled=i % 7 == 3,
        count_basis=BASES[i % 3],
        starts_on=starts,
        ends_on=ends,
        ledger_objects=(f"6:{100 + i}", f"1:{900 + i}"),
        order=1 + i // 2,
    )


def _lines(valid_from: dt.date, mark: str = "") -> tuple[ReportLine, ...]:
    blocks = (
        dict.fromkeys(LINE_IDS[:5], "income") | dict.fromkeys(LINE_IDS[5:8], "activities") | dict.fromkeys(LINE_IDS[8:], "office")
    )
    costs = tuple((1, line) for line in LINE_IDS if blocks[line] != "income")
    rows: list[tuple[str, str, str, tuple[tuple[int, str], ...]]] = [("income", "section", "income", ())]
    rows += [(line, "line", blocks[line], ()) for line in LINE_IDS]
    rows += [
        ("total_income", "total", "income", tuple((1, line) for line in LINE_IDS[:5])),
        ("total_costs", "total", "cost", costs),
        ("result", "result", "result", ((1, "total_income"), (-1, "total_costs"))),
        ("equity", "memo", "equity", ()),
    ]
    return tuple(
        ReportLine(valid_from, n, name, f"{mark}{name}", kind, block, terms)
        for n, (name, kind, block, terms) in enumerate(rows, 1)
    )


def _rules(size: Size) -> tuple[LineRule, ...]:
    turn = dt.date(FIRST_YEAR + size.years // 2, 7, 1)

    def rule(priority: int, line: str, low: str, high: str, **facts: object) -> LineRule:
        given = {"objects": (), "orientation": "", "settled": None, "valid_from": None, "valid_to": None} | facts
        return LineRule(priority, line, low, high, **given)  # type: ignore[arg-type]

    return (
        *(rule(10, f"m{m}", f"31{m}", f"31{m}") for m in range(1, 5)),
        rule(20, "settled", "4", "7", settled=True),
        rule(30, "interventions", "40", "7999", orientation="individual"),
        rule(40, "structural", "40", "7999", orientation="structural", valid_to=turn - dt.timedelta(days=1)),
        rule(45, "interventions", "40", "7999", orientation="structural", valid_from=turn),
        rule(50, "office", "50", "50", objects=("6:777", "1:950")),
        rule(60, "premises", "50", "50", valid_to=turn - dt.timedelta(days=1)),
        rule(70, "office", "4", "7"),
        rule(80, "interest", "8", "8899"),
        rule(80, "interest", "89", "89"),
        rule(90, "other_income", "3", ""),
        rule(100, "equity", "2010", "2099"),
    )
