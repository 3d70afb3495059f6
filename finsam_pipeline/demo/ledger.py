"""Vouchers that add up to the published outcome per line and intervention, to the öre.

Belongs here: the bookkeeping. Does not: how an export looks. Amounts are öre, debit positive.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from finsam_pipeline.demo import figures
from finsam_pipeline.demo.figures import Report

ORE = 100  # öre in a krona
_BANK, _PAYABLE, _EMPLOYER_TAX, _ESF_CLAIM = "1930", "2440", "2731", "1684"
_PAYROLL = "L"


@dataclass(frozen=True, slots=True)
class Posting:
    """One row of a voucher."""

    account: str
    cost_centre: str
    project: str
    ore: int


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher; its rows sum to 0."""

    series: str
    day: dt.date
    text: str
    postings: tuple[Posting, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class _Item:
    """What one row of the plan books in one month."""

    series: str
    text: str
    month: int
    posting: Posting
    counter: str


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts as near the weights as can be; the parts add up to it exactly."""
    whole, so_far, given, parts = sum(weights), 0, 0, []
    for weight in weights:
        so_far += weight
        parts.append(total * so_far // whole - given)
        given += parts[-1]
    return parts


def vouchers(report: Report, rng: random.Random) -> list[Voucher]:
    """All vouchers of the year so far, numbered in order of day within their series."""
    items = _items(report, rng)
    first = report.period.first
    booked = _invoices(items, first.year, rng) + _payroll(items, first.year, rng)
    in_order = sorted(booked + _settlements(report, booked), key=lambda voucher: (voucher.day, voucher.series))
    numbers: Counter[str] = Counter()
    return [replace(v, number=_next(numbers, v.series)) for v in in_order]


def opening(report: Report) -> list[Posting]:
    """The year's opening balances; they sum to 0."""
    return [Posting(r["account"], "", "", int(r["amount_kr"]) * ORE) for r in report.plan("opening")]


def account_names() -> dict[str, str]:
    """Account -> name."""
    return {r["account"]: r["name"] for r in figures.table("plan/accounts.csv")}


def _next(numbers: Counter[str], series: str) -> int:
    numbers[series] += 1
    return numbers[series]


def _items(report: Report, rng: random.Random) -> list[_Item]:
    plan: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    totals = {(m.line, m.intervention): m.outcome_kr * ORE for m in report.money()}
    for row in report.plan("postings"):
        key = (row["line"], row["intervention"])
        plan[key if key in totals else (row["line"], "")].append(row)
    items: list[_Item] = []
    for key, rows in plan.items():
        shares = split(totals[key], [int(row["weight"]) for row in rows])
        for row, share in zip(rows, shares, strict=True):
            items += _monthly(report, row, share, rng)
    return items


def _monthly(report: Report, row: dict[str, str], total: int, rng: random.Random) -> list[_Item]:
    """The row's share of the period spread over its months, and about as much a month afterwards."""
    through = int(report.setting("ledger_through_month"))
    months = list(range(1, through + 1)) if row["months"] == "monthly" else [int(m) for m in row["months"].split("|")]
    inside = [m for m in months if m <= report.period.last.month]
    even = row["spread"] == "even"
    weights = [100 if even else rng.randint(82, 118) for _ in months]
    amounts = split(total, weights[: len(inside)])
    amounts += [total // len(inside) * weight // 100 for weight in weights[len(inside) :]]
    sign = -1 if row["account"].startswith("3") else 1  # after the split: income and cost of one amount fall into the same parts
    project = row.get("project") or figures.project(row["intervention"])
    return [
        _Item(row["series"], row["text"], month, Posting(row["account"], row["cost_centre"], project, sign * ore), row["counter"])
        for month, ore in zip(months, amounts, strict=True)
    ]


def _invoices(items: Iterable[_Item], year: int, rng: random.Random) -> list[Voucher]:
    return [
        Voucher(item.series, _weekday(year, item.month, rng.randint(3, 28)), item.text, _balanced([item]))
        for item in items
        if item.series != _PAYROLL
    ]


def _payroll(items: Iterable[_Item], year: int, rng: random.Random) -> list[Voucher]:
    """One payroll voucher a month."""
    by_month: dict[int, list[_Item]] = defaultdict(list)
    for item in items:
        if item.series == _PAYROLL:
            by_month[item.month].append(item)
    return [
        Voucher(_PAYROLL, _weekday(year, month, 25 - rng.randint(0, 1)), "Lönekörning", _balanced(found))
        for month, found in sorted(by_month.items())
    ]


def _balanced(items: Sequence[_Item]) -> tuple[Posting, ...]:
    counters: dict[str, int] = defaultdict(int)
    for item in items:
        counters[item.counter] -= item.posting.ore
    return (*(item.posting for item in items), *(Posting(account, "", "", ore) for account, ore in counters.items()))


def _settlements(report: Report, booked: Sequence[Voucher]) -> list[Voucher]:
    """Every month pays what stood open when it began; the opening claim is paid in the second month."""
    open_now = {p.account: p.ore for p in opening(report)}
    year = report.period.first.year
    out = []
    for month in range(1, int(report.setting("ledger_through_month")) + 1):
        for account, day, text in ((_EMPLOYER_TAX, 12, "Skattekonto"), (_PAYABLE, 20, "Betalning leverantörer")):
            out.append(_transfer(_weekday(year, month, day), text, account, open_now[account]))
            open_now[account] = sum(p.ore for v in booked if v.day.month == month for p in v.postings if p.account == account)
    out.append(_transfer(_weekday(year, 2, 17), "Utbetalning ESF", _ESF_CLAIM, open_now[_ESF_CLAIM]))
    return out


def _transfer(day: dt.date, text: str, account: str, ore: int) -> Voucher:
    return Voucher("B", day, text, (Posting(account, "", "", -ore), Posting(_BANK, "", "", ore)))


def _weekday(year: int, month: int, day: int) -> dt.date:
    date = dt.date(year, month, day)
    return date - dt.timedelta(days=max(0, date.weekday() - 4)) if date.day > 2 else date  # noqa: PLR2004 - stays in the month
