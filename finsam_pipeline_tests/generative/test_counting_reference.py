"""The counting rules once more in plain Python (interface 7, Counting), against the SQL on random participations and books."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finsam_pipeline.contracts.types import GENDERS
from finsam_pipeline.register.periods import Period, periods_of
from finsam_pipeline_tests.model_tables import CODES, booked, built, intervention, opening, register, rows, table

BASES = {"steady": "interval", "meeting": "event", "door": "started"}
SOURCES = ("deltagaruppfoljning", "sus_deltagare")
# Which of work and study each code may be, and how much of it: said here once more, by hand.
EXITS = {"work": "w", "school": "s", "either": "ws", "closer": "", "moved": ""}
OCCUPATIONS = {"half": ("w", 50), "full": ("w", 100), "school": ("s", 0), "either": ("ws", 0), "seeks": ("", 0), "none": ("", 0)}
CLASSES = {"1-90": range(1, 91), "91-180": range(91, 181), "181-365": range(181, 366), "366-730": range(366, 731)}
FIRST, LAST = dt.date(2023, 10, 1), dt.date(2026, 3, 1)
# Days around the turns of periods are drawn as often as all others together: that is where counting goes wrong.
TURNS = [
    p.first + dt.timedelta(days=n)
    for year in (2024, 2025)
    for p in periods_of(register().period_kind, year, year)
    for n in (-1, 0, 1)
]
DAYS = st.one_of(st.sampled_from(TURNS), st.dates(FIRST, LAST))


@st.composite
def participations(draw: st.DrawFn) -> dict[str, Any]:
    start, end = sorted((draw(DAYS), draw(DAYS)))
    end = draw(st.sampled_from([None, start, end, end, end]))
    return {
        "source": draw(st.sampled_from(SOURCES)),
        "intervention_id": draw(st.sampled_from(sorted(BASES))),
        "gender": draw(st.sampled_from(GENDERS)),
        "start_date": start,
        "end_date": end,
        "exit_cause": draw(st.sampled_from([None, None, None, "misregistered"])),
        "exit_reason": draw(st.sampled_from([None, *EXITS])),
        "occupation_before": draw(st.sampled_from([None, *OCCUPATIONS])),
        "occupation_after": draw(st.sampled_from([None, *OCCUPATIONS])),
    }


def measures(row: dict[str, Any], period: Period) -> tuple[int, int, int, int, int]:
    """carried_in, started, participants, ended, carried_out of one participation in one period."""
    basis, start, end = BASES[row["intervention_id"]], row["start_date"], row["end_date"]
    started = period.first <= start <= period.last
    still_in = end is None or end >= period.first
    carried_in = basis == "interval" and start < period.first and still_in
    ended = basis != "started" and end is not None and period.first <= end <= period.last
    participants = carried_in + started
    return int(carried_in), int(started), participants, int(ended), 0 if basis == "started" else participants - ended


def led_to(row: dict[str, Any]) -> str:
    """`w`, `s` or `ws` for what an exit led to, by the rule of its source; empty for neither."""
    if row["source"] == SOURCES[0]:
        return EXITS.get(row["exit_reason"], "")
    if row["occupation_before"] is None or row["occupation_after"] is None:
        return ""
    (was, before), (became, after) = OCCUPATIONS[row["occupation_before"]], OCCUPATIONS[row["occupation_after"]]
    is_new = not set(was) & set(became)
    return became if is_new or (was == became and after > before) else ""


def counting(stays: list[dict[str, Any]], period: Period) -> list[dict[str, Any]]:
    """The participations that overlap a period, of the first source with one in it, by intervention."""
    return [row for rows_of in _by_intervention(stays, period).values() for row in rows_of]


def _by_intervention(stays: list[dict[str, Any]], period: Period) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name in BASES:
        for source in SOURCES:
            here = [
                r
                for r in stays
                if (r["intervention_id"], r["source"]) == (name, source)
                and (source == SOURCES[0] or r["exit_cause"] is None)
                and r["start_date"] <= period.last
                and (r["end_date"] is None or r["end_date"] >= period.first)
            ]
            if here:
                found[name] = here
                break
    return found


def reference(stays: list[dict[str, Any]], period: Period) -> Counter[tuple[str, str, int]]:
    """(intervention, gender, place of the measure) -> count."""
    counted: Counter[tuple[str, str, int]] = Counter()
    for row in counting(stays, period):
        counted.update({(row["intervention_id"], row["gender"], place): n for place, n in enumerate(measures(row, period))})
    return counted


def results_of(stays: list[dict[str, Any]], period: Period) -> dict[tuple[str | None, str], list[dict[str, Any]]]:
    """(intervention or None for all, gender or total) -> the participations that ended."""
    found: dict[tuple[str | None, str], list[dict[str, Any]]] = defaultdict(list)
    for row in counting(stays, period):
        if measures(row, period)[3]:
            for name in (row["intervention_id"], None):
                for gender in (row["gender"], "total"):
                    found[name, gender].append(row)
    return found


def percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(participations(), min_size=40, max_size=80))  # long lists: one build costs more than forty rows
def test_sql_counts_as_the_rules_do(stays: list[dict[str, Any]]):
    config = register(*(intervention(name, count_basis=basis) for name, basis in BASES.items()))
    tables = [
        table(s, *({k: v for k, v in r.items() if k != "exit_cause" or s == SOURCES[1]} for r in stays if r["source"] == s))
        for s in SOURCES
    ]
    columns = ("period", "intervention_id", "gender", "carried_in", "started", "participants", "ended", "carried_out")
    with built(config, *tables, years=(2024, 2025)) as result:
        flow = rows(result, "participants/participant_flow", *columns)
    wanted = {p.name: reference(stays, p) for p in periods_of(config.period_kind, 2024, 2025)}
    for period, name, gender, *found in flow:
        assert found == [wanted[period][name, gender, place] for place in range(5)], (period, name, gender)
    assert len(flow) == len(wanted) * len(BASES) * 4


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(participations(), min_size=40, max_size=80))
def test_results_are_as_the_rules_say(stays: list[dict[str, Any]]):
    config = register(*(intervention(name, count_basis=basis) for name, basis in BASES.items()), codes=CODES)
    tables = [table(s, *(_as_delivered(r) for r in stays if r["source"] == s)) for s in SOURCES]
    keys = ("period", "intervention_id", "gender")
    with built(config, *tables, years=(2024, 2025)) as result:
        counts = ("ended", "work", "study", "work_or_study", "share_of_ended_percent", "gender_split_percent")
        found = rows(result, "participants/results", *keys, *counts)
        lasted = rows(result, "participants/duration", *keys, "days_class", "ended", "mean_days_of_ended")
        flow = rows(result, "participants/throughput", *keys, "ended", "participants", "ended_percent")
    periods = {p.name: p for p in periods_of(config.period_kind, 2024, 2025)}
    wanted = {name: results_of(stays, period) for name, period in periods.items()}
    for period, name, gender, *figures in found:
        ended = wanted[period][name, gender]
        led = [led_to(r) for r in ended]
        everybody = sum(bool(led_to(r)) for r in wanted[period][name, "total"])
        assert figures == [
            len(ended), led.count("w"), led.count("s"), sum(map(bool, led)),
            percent(sum(map(bool, led)), len(ended)), percent(sum(map(bool, led)), everybody),
        ]  # fmt: skip
    for period, name, gender, days_class, ended, mean in lasted:
        days = [(r["end_date"] - r["start_date"]).days + 1 for r in wanted[period][name, gender]]
        own = [d for d in days if (d in CLASSES[days_class] if days_class in CLASSES else d > 730)]
        average = (Decimal(sum(days)) / len(days)).quantize(Decimal("0.01"), ROUND_HALF_UP) if days else None
        assert (ended, mean) == (len(own), average)
    for period, name, gender, ended, participants, share in flow:
        here = [
            measures(r, periods[period])
            for r in counting(stays, periods[period])
            if name in (None, r["intervention_id"]) and gender in ("total", r["gender"])
        ]
        assert (ended, participants) == (sum(m[3] for m in here), sum(m[2] for m in here))
        assert share == percent(ended, participants)
    assert len(found) == len(periods) * (len(BASES) + 1) * 4


def _as_delivered(row: dict[str, Any]) -> dict[str, Any]:
    """Only SUS knows a misregistered row."""
    return {k: v for k, v in row.items() if k != "exit_cause" or row["source"] == SOURCES[1]}


ACCOUNTS = {
    "1510": "receivables",
    "1930": "cash",
    "2010": "equity",
    "2440": "current_liabilities",
    "3100": "result",
    "5010": "result",
}
ORE = st.integers(-99_999, 99_999)
POSTINGS = st.tuples(st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31)), st.sampled_from(sorted(ACCOUNTS)), ORE)
OPENED = st.dictionaries(st.sampled_from(["1930", "2010", "2440"]), ORE, min_size=1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(POSTINGS, min_size=1, max_size=25), OPENED)
def test_the_balance_sheet_and_the_kinds_of_cost_are_as_the_rules_say(
    postings: list[tuple[dt.date, str, int]], opened: dict[str, int]
):
    ledger = [booked(day.isoformat(), account, str(Decimal(ore) / 100)) for day, account, ore in postings]
    balances = [opening(2025, account, str(Decimal(ore) / 100)) for account, ore in opened.items()]
    with built(register(), table("huvudbok", *ledger, *balances)) as result:
        sheet = rows(result, "economy/balance_sheet", "period", "line_id", "opening_kr", "change_kr", "closing_kr")
        kinds = rows(result, "economy/cost_kinds", "period", "kind", "outcome_kr")
    for period in periods_of(register().period_kind, 2025, 2025):
        moved: Counter[str] = Counter()
        before: Counter[str] = Counter()
        for account, ore in opened.items():
            before[ACCOUNTS[account]] += ore
        before["prior_result"] = -sum(opened.values())
        for day, account, ore in postings:
            into = moved if period.first <= day <= period.last else before if day < period.first else Counter()
            into[ACCOUNTS[account]] += ore
        for name, line_id, *figures in sheet:
            sign = 1 if line_id in ("receivables", "cash") else -1
            if name == period.name:
                assert figures == [
                    sign * Decimal(n) / 100 for n in (before[line_id], moved[line_id], before[line_id] + moved[line_id])
                ]
        rent = [Decimal(ore) / 100 for day, account, ore in postings if account == "5010" and period.first <= day <= period.last]
        assert [k[1:] for k in kinds if k[0] == period.name] == ([("premises", sum(rent))] if rent else [])
