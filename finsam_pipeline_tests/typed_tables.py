"""Typed tables for tests, by the contract: every column of the frame is there, what a test does not state is null."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Kind
from finsam_pipeline.validation import RuleResult, judge

MONEY = pd.ArrowDtype(pa.decimal128(18, 2))
EXACT = pd.ArrowDtype(pa.decimal128(18, 4))
DAY = "datetime64[s]"

_BY_KIND: dict[Kind, Any] = {
    Kind.DATE: DAY,
    Kind.INTEGER: "Int64",
    Kind.AMOUNT: MONEY,
    Kind.DECIMAL: EXACT,
    Kind.YES_NO: "boolean",
}
_EXTRA: dict[str, dict[str, Any]] = {
    "huvudbok": {
        "kind": "str", "fiscal_year": "Int64", "year_from": DAY, "year_to": DAY, "number_int": "Int64", "voucher": "str",
        "amount_state": "str", "objects": "str", "redelivered_changed": bool,
    },
    "budget": {"period_from": DAY, "period_to": DAY, "intervention_id": "str", "line_known": bool, "object_known": bool},
    "nyckeltal": {"period_from": DAY, "period_to": DAY},
}  # fmt: skip
_BATCHES: dict[str, dict[str, Any]] = {
    "controls": {"label": "str", "column": "str", "declared": MONEY, "actual": MONEY, "judged": bool},
    "coverage": {"intervention_id": "str", "year": "Int64", "before": "int64", "after": "int64"},
    "ledgers": {"vouchers": "int64"},
    "lines": {"line_id": "str"},
    "financing": {"period": "str", "member_id": "str", "outcome_kr": MONEY, "expected_kr": MONEY},
    "reconciliation": {"left_value": "Int64", "right_value": "Int64", "difference": "Int64"},
    "flows": {
        "count_basis": "str",
        "carried_in": "Int64",
        "started": "Int64",
        "participants": "Int64",
        "ended": "Int64",
        "carried_out": "Int64",
        "carried_out_before": "Int64",
    },
    "placements": {"period": "str", "intervention_id": "str", "outcome_kr": MONEY, "budget_kr": MONEY},
    "versions": {"period": "str", "income_statement_kr": MONEY, "intervention_budget_kr": MONEY, "lines": "int64"},
}
_USUAL: dict[str, dict[str, Any]] = {
    "huvudbok": {
        "kind": "transaction", "amount_state": "ok", "date": "2025-03-01", "year_from": "2025-01-01", "year_to": "2025-12-31",
        "account": "4010", "fiscal_year": 2025, "series": "A", "number_int": 1, "voucher": "2025|A|1", "amount": Decimal(0),
    },
    "deltagaruppfoljning": {"participant": "p1", "intervention_id": "i1", "gender": "woman", "start_date": "2025-02-01"},
    "sus_deltagare": {"participant": "p1", "intervention_id": "i1", "gender": "man", "start_date": "2025-02-01"},
    "budget": {"version": "v", "period": "2025", "amount": Decimal(1), "line_id": "x", "line_known": True},
}  # fmt: skip


def dtypes(source: str) -> dict[str, Any]:
    """Column -> dtype of the source's typed rows."""
    out: dict[str, Any] = {"row_id": "int64", "delivered_on": DAY, "personnummer_in": "str"}
    for column in SOURCES[source].columns:
        if column.kind is not Kind.IGNORED:
            out[column.name] = _BY_KIND.get(column.kind, "str")
            out |= {f"{column.name}_given": bool} if column.flagged else {}
    return out | _EXTRA.get(source, {})


def typed_rows(source: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """The rows over a usual, sound row; row ids 1..n; a cell with a value is given unless the row says otherwise."""
    usual = {"delivered_on": "2025-06-30", **_USUAL.get(source, {})}
    return _frame(dtypes(source), [usual | row for row in rows])


def batch_rows(batch: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """A table of one of the other batches; row ids 1..n."""
    return _frame({"row_id": "int64"} | _BATCHES[batch], list(rows))


def failing(source: str, rule: str, *rows: dict[str, Any], batch: str = "rows", column: str | None = None) -> list[int]:
    """Row ids that fail the rule (in the column, if stated), each once; the rule must have been judged."""
    frame = typed_rows(source, *rows) if batch == "rows" else batch_rows(batch, *rows)
    return rows_of(judge({batch: frame}, source), rule, column)


def rows_of(results: list[RuleResult], rule: str, column: str | None = None) -> list[int]:
    """Row ids of one rule in some results."""
    found = [r for r in results if r.rule == rule and column in (None, r.column)]
    assert found, f"no expectation judges {rule}"
    assert not any(r.errored for r in found)
    return sorted({i for r in found for i in r.row_ids})


def _frame(types: dict[str, Any], rows: list[dict[str, Any]]) -> pd.DataFrame:
    unknown = {name for row in rows for name in row} - types.keys()
    assert not unknown, f"no such column: {unknown}"
    cells = {name: [_cell(name, kind, row, n) for n, row in enumerate(rows, 1)] for name, kind in types.items()}
    return pd.DataFrame({name: pd.Series(values, dtype=types[name]) for name, values in cells.items()})


def _cell(name: str, kind: object, row: dict[str, Any], number: int) -> object:
    if name == "row_id":
        return row.get(name, number)
    if name.endswith("_given"):
        return row.get(name, row.get(name.removesuffix("_given")) is not None)
    value = row.get(name, False if kind is bool else None)
    return pd.Timestamp(value) if kind == DAY and value is not None else value
