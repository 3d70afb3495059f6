"""Each rule against its sentence in plain Python, on random rows with nulls.

The references below know one row, or all rows as a list; they share nothing with the expectations.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.contracts.rules import USES, uses_of
from finsam_pipeline.validation import judge
from finsam_pipeline_tests.typed_tables import batch_rows, dtypes, typed_rows

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import RuleUse

Row = dict[str, Any]
DAYS = [dt.date(1989, 12, 31), dt.date(1990, 1, 1), dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 1, 2),
        dt.date(2025, 6, 30), dt.date(2025, 7, 1), dt.date(2025, 12, 31)]  # fmt: skip
SPREAD = [dt.date(2025, 1, 5) + dt.timedelta(days=6 * n) for n in range(30)]
NEVER = dt.date(9999, 12, 31)


def test_every_table_of_every_source_is_covered() -> None:
    assert {(u.source, u.batch) for u in USES} == set(MAKERS)


# ---- what rows look like


def _cells(rng: random.Random, source: str, choices: Row) -> Row:
    """A row with a choice for each stated column; given where there is a value, and sometimes where there is none."""
    row: Row = {name: rng.choice(options) for name, options in choices.items()}
    for name in dtypes(source):
        if name.endswith("_given"):
            row[name] = row.get(name.removesuffix("_given")) is not None or rng.random() < 0.03
    return row


def _participation(rng: random.Random, source: str) -> Row:
    code = [None, "x"]
    local = {"exit_reason": [None, "x"], "age": [None, 15, 16, 40, 67, 68]}
    sus = {"exit_cause": [None, None, "misregistered"]}
    return _cells(rng, source, {
        "participant": [*"abcdefghijklmnop", None], "intervention_id": [*"iiij" * 3, None],
        "gender": ["woman"] * 9 + ["man", None],
        "start_date": [*SPREAD * 2, *DAYS, None], "end_date": [*SPREAD[10:], *DAYS[4:], *[None] * 9, DAYS[0]],
        "delivered_on": [DAYS[-1]] * 5 + DAYS[-3:-1], "personnummer_in": [None] * 19 + ["Ort"],
        "birth_year": [None, 1957, 1958, 1990, 2009, 2010], "education": code, "income_after": code,
        **(sus if source == "sus_deltagare" else local),
    })  # fmt: skip


def _ledger_row(rng: random.Random, source: str) -> Row:
    series, number = rng.choice(["A", "B", None]), rng.choice([1, 2, 3, 5, 6, 9, 12, None])
    row = _cells(rng, source, {
        "kind": ["transaction"] * 5 + ["opening"], "amount": [Decimal(a) for a in ("1", "-1", "0.10", "-0.10", "0")] + [None],
        "date": [*DAYS[3:6], *DAYS[3:6], *DAYS[3:6], dt.date(2024, 12, 31), None], "year_from": [dt.date(2025, 1, 1)],
        "year_to": [dt.date(2025, 12, 31)], "account": ["4010"] * 12 + [None], "fiscal_year": [2024, 2025],
        "redelivered_changed": [True, False], "amount_state": ["ok"] * 12 + ["both"], "personnummer_in": [None] * 19 + ["text"],
    })  # fmt: skip
    voucher = f"{row['fiscal_year']}|{series}|{number}" if number else None
    return row | {"series": series, "number_int": number, "voucher": voucher}


def _budget_row(rng: random.Random, source: str) -> Row:
    text = [None, "x", "x"]
    row = dict.fromkeys(("version", "period", "account", "line_id", "object", "personnummer_in"), text)
    known = {"line_known": [True, False], "object_known": [True, False]}
    return _cells(rng, source, {**row, **known, "amount": [None, Decimal(1)], "decided_on": [None, DAYS[0]]})


def _loose_row(rng: random.Random, source: str) -> Row:
    by_type: dict[str, list[Any]] = {"Int64": [None, 0, 1, 2, 3], "datetime64[s]": [None, DAYS[0]], "str": [None, "x", "outcome"]}
    choices = {
        name: by_type.get(str(kind), [None, Decimal("1.5")])
        for name, kind in dtypes(source).items()
        if name != "row_id" and not name.endswith("_given") and str(kind) != "boolean"
    }
    return _cells(rng, source, choices)


def _batch_row(rng: random.Random, batch: str) -> Row:
    money = [Decimal(a) for a in ("99.00", "98.99", "100.00", "101.00", "101.01")]
    choices: dict[str, Row] = {
        "controls": {"declared": [*money, None], "actual": money, "judged": [True, False]},
        "coverage": {"before": [0, 1, 2], "after": [0, 1]},
        "ledgers": {"vouchers": [0, 1, 1000]},
        "lines": {"line_id": [None, "x"]},
        "financing": {"outcome_kr": money, "expected_kr": [Decimal("100.00"), None]},
        "reconciliation": {"difference": [None, -1, 0, 1]},
        "flows": {
            "count_basis": ["interval", "event", "started"],
            "carried_in": [0, 1, 2],
            "started": [0, 1, 2],
            "participants": [0, 1, 2, 3],
            "ended": [0, 1, 2],
            "carried_out": [-1, 0, 1, 2],
            "carried_out_before": [None, 0, 1, 2],
        },
        "placements": {
            "period": [f"{year}H1" for year in range(2000, 2100)],
            "outcome_kr": [Decimal(0), Decimal(7)] * 3 + [None],
            "budget_kr": [Decimal(0), Decimal(7)] * 3 + [None],
        },
        "versions": {
            "income_statement_kr": [Decimal(9000), None],
            "lines": [0, 1, 2],
            "intervention_budget_kr": [Decimal(a) for a in ("8499.99", "8500", "9000", "10000.01", "10000")] + [None],
        },
    }
    return {name: rng.choice(options) for name, options in choices[batch].items()}


ROW_MAKERS = {
    "deltagaruppfoljning": _participation,
    "sus_deltagare": _participation,
    "huvudbok": _ledger_row,
    "budget": _budget_row,
}
MAKERS = {(u.source, u.batch): ROW_MAKERS.get(u.source, _loose_row) for u in USES}


def _table(rng: random.Random, source: str, batch: str, size: int) -> list[Row]:
    """Rows of which some repeat an earlier one."""
    rows: list[Row] = []
    for _ in range(size):
        fresh = MAKERS[source, batch](rng, source) if batch == "rows" else _batch_row(rng, batch)
        rows.append(dict(rng.choice(rows)) if rows and rng.random() < 0.1 else fresh)
    return rows


# ---- the rules once more, as sentences


def _alone(use: RuleUse, row: Row) -> bool:  # noqa: C901, PLR0911, PLR0912 - one case a rule, as in interface 5
    """Whether a row fails a rule that looks at it alone."""
    column = dict(use.kwargs).get("column", use.column)
    value, given = row.get(str(column)), row.get(f"{column}_given", False)
    match use.rule:
        case "P001" | "P003" | "P004" | "L004" | "L008":
            return value is None
        case "P002":
            return value is None and (given if use.source == "nyckeltal" else True)
        case "P005":
            start, end = row["start_date"], row["end_date"]
            return (end is None and row["end_date_given"]) or (end is not None and start is not None and end < start)
        case "P006":
            return bool(row["exit_reason_given"] and not row["end_date_given"])
        case "P007":
            return row["end_date"] is not None and not row["exit_reason_given"]
        case "P008" | "P015":
            return given and value is None
        case "P010":
            return row["start_date"] is not None and not dt.date(1990, 1, 1) <= row["start_date"] <= row["delivered_on"]
        case "P011":
            age = row.get("age")
            if age is None and row["start_date"] and row["birth_year"]:
                age = row["start_date"].year - row["birth_year"]
            return age is not None and age not in range(16, 68)
        case "P012":
            return row["personnummer_in"] is not None
        case "P014":
            return row["before"] > 0 and row["after"] == 0
        case "P016":
            return row["ended"] > row["participants"]
        case "P017":
            return _flow_breaks(row)
        case "G003":
            sides = row["income_statement_kr"], row["intervention_budget_kr"]
            return None not in sides and abs(sides[0] - sides[1]) > 500 * row["lines"]
        case "L002":
            return row["amount_state"] != "ok" or row["amount"] is None
        case "L003":
            return row["date"] is None or not row["year_from"] <= row["date"] <= row["year_to"]
        case "L006":
            return bool(row["redelivered_changed"])
        case "L007":
            return row["judged"] and row["declared"] != row["actual"]
        case "L010":
            return row["expected_kr"] is not None and abs(row["outcome_kr"] - row["expected_kr"]) > 1
        case "L011":
            return row["vouchers"] == 0
        case "U001":
            return _genders_wrong(use.source, row)
        case "U002":
            return row["difference"] not in (None, 0)
        case "G001":
            return _budget_wrong(use, row)
        case "R001":
            return _unreadable(use, row)
    raise AssertionError(use.rule)


def _flow_breaks(row: Row) -> bool:
    if row["count_basis"] == "started":
        return False
    if row["carried_in"] + row["started"] - row["ended"] != row["carried_out"]:
        return True
    before = row["carried_out_before"]
    return row["count_basis"] == "interval" and before is not None and before != row["carried_in"]


def _apart(rows: dict[int, Row]) -> set[int]:
    """G002, period by period."""
    failing: set[int] = set()
    for period in {row["period"] for row in rows.values()}:
        own = {i: (bool(r["outcome_kr"]), bool(r["budget_kr"])) for i, r in rows.items() if r["period"] == period}
        if {(True, False), (False, True)} <= set(own.values()):
            failing |= {i for i, (spent, budgeted) in own.items() if spent != budgeted}
    return failing


def _genders_wrong(source: str, row: Row) -> bool:
    needed = [row["women"], row["men"], row["total"]]
    if None in needed:
        return source == "uppfoljning_finsam"
    return row["women"] + row["men"] + (row.get("other") or 0) != row["total"]


def _budget_wrong(use: RuleUse, row: Row) -> bool:
    if use.expectation == "expect_line_or_account":
        return not row["line_id_given"] and not row["account_given"]
    if use.expectation == "expect_given_values_to_be_known":
        return bool(row[f"{use.column}_given"] and not row["object_known" if use.column == "object" else "line_known"])
    return row[use.column] is None and (use.column in ("version", "period", "amount") or row[f"{use.column}_given"])


def _unreadable(use: RuleUse, row: Row) -> bool:
    optional = ("other", "women", "men", "max_points", "threshold", "active_share")
    if use.column == "amount_tkr":
        return row["amount_tkr"] is None and row["kind"] != "outcome"
    return row[use.column] is None and (use.column not in optional or row[f"{use.column}_given"])


def _repeated(source: str, rows: dict[int, Row]) -> set[int]:
    """P009 over the rows that take part."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for i, row in rows.items():
        groups[row["intervention_id"], row["participant"], row["start_date"]].append(i)
    typed = [c for c in dtypes(source) if not c.endswith("_given") and c not in ("row_id", "delivered_on", "personnummer_in")]
    failing: set[int] = set()
    for group in groups.values():
        versions = {tuple(rows[i].get(c) for c in typed) for i in group}
        failing |= set(group if len(versions) > 1 else group[1:])
    return failing


def _overlapping(rows: dict[int, Row]) -> set[int]:
    """P013 over the rows that take part, pair by pair."""
    return {
        i
        for i, a in rows.items()
        for j, b in rows.items()
        if i != j
        and (a["intervention_id"], a["participant"]) == (b["intervention_id"], b["participant"])
        and a["start_date"] <= (b["end_date"] or NEVER)
        and b["start_date"] <= (a["end_date"] or NEVER)
    }


def _unbalanced(rows: dict[int, Row], held: set[int]) -> set[int]:
    """L001, voucher by voucher."""
    vouchers: dict[Any, list[int]] = defaultdict(list)
    for i, row in rows.items():
        if row["kind"] == "transaction":
            vouchers[row["voucher"]].append(i)
    broken = [v for v in vouchers.values() if held & set(v) or sum((rows[i]["amount"] for i in v), Decimal(0)) != 0]
    return {i for v in broken for i in v} - held


def _after_gap(rows: dict[int, Row]) -> set[int]:
    """L005, series by series."""
    first: dict[Any, dict[int, int]] = defaultdict(dict)
    for i, row in rows.items():
        if row["kind"] == "transaction" and row["number_int"] is not None:
            first[row["fiscal_year"], row["series"]].setdefault(row["number_int"], i)
    pairs = [(s, a, b) for s in first.values() for a, b in zip(sorted(s), sorted(s)[1:], strict=False)]
    return {s[b] for s, a, b in pairs if b - a > 1}


def _expected(source: str, batch: str, rows: dict[int, Row]) -> dict[RuleUse, set[int]]:
    uses = uses_of(source, batch)
    alone = {
        u: {i for i, r in rows.items() if _alone(u, r)} for u in uses if u.rule not in ("P009", "P013", "L001", "L005", "G002")
    }
    errors = {"P001", "P002", "P003", "P004", "P005", "P006", "P008", "P010", "P012", "L002", "L003", "L004"}
    held = set().union(*(failing for u, failing in alone.items() if u.rule in errors))
    compared = {i: r for i, r in rows.items() if i not in held and r.get("exit_cause") != "misregistered"}
    for use in uses:
        if use.rule == "P009":
            alone[use] = _repeated(source, compared)
        elif use.rule == "P013":
            alone[use] = _overlapping({i: r for i, r in compared.items() if i not in _repeated(source, compared)})
        elif use.rule == "L001":
            alone[use] = _unbalanced(rows, held)
        elif use.rule == "G002":
            alone[use] = _apart(rows)
        elif use.rule == "L005":
            alone[use] = _after_gap(rows)
    return alone


@pytest.mark.parametrize(("source", "batch"), sorted(MAKERS))
@pytest.mark.parametrize("seed", range(3))
def test_the_suite_agrees_with_the_sentences(source: str, batch: str, seed: int) -> None:
    rng = random.Random(f"{source}/{batch}/{seed}")  # noqa: S311 - examples, not secrets
    rows = _table(rng, source, batch, size=(3, 40, 400)[seed])
    ids = rng.sample(range(10_000), len(rows))
    frame = typed_rows(source, *rows) if batch == "rows" else batch_rows(batch, *rows)
    results = judge({batch: frame.assign(row_id=ids)}, source)
    expected = _expected(source, batch, dict(sorted(zip(ids, rows, strict=True))))
    uses = uses_of(source, batch)
    if len(rows) == 400:
        assert all(expected.values()), "a rule nothing breaks is not tried"
    assert [r.errored for r in results] == [False] * len(uses)
    assert {u: set(r.row_ids) for u, r in zip(uses, results, strict=True)} == expected
