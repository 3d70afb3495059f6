"""Whether a peer's result is right: the quarantine as it was planted, everything else as the floor has it, types included.

    python -m benchmarks.peers.checker PLANTED RESULT REFERENCE

Belongs here: what "the same" means. Does not: measuring. A time counts only when nothing is said here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.peers.task import MARTS

# What each table holds, and as which type; a peer may order columns and rows as it likes.
TYPES = {
    "participant_flow": {
        "association": "VARCHAR", "period": "VARCHAR", "intervention_id": "VARCHAR", "gender": "VARCHAR", "carried_in": "BIGINT",
        "started": "BIGINT", "participants": "BIGINT", "ended": "BIGINT", "carried_out": "BIGINT",
    },
    "exit_reasons": {
        "association": "VARCHAR", "period": "VARCHAR", "intervention_id": "VARCHAR", "gender": "VARCHAR", "exit_reason": "VARCHAR",
        "ended": "BIGINT",
    },
    "income_statement": {
        "association": "VARCHAR", "period": "VARCHAR", "line_order": "BIGINT", "line_id": "VARCHAR", "label": "VARCHAR",
        "kind": "VARCHAR", "block": "VARCHAR", "outcome_kr": "DECIMAL(18,2)", "outcome_tkr": "BIGINT",
    },
    "ledger_month": {
        "association": "VARCHAR", "month": "VARCHAR", "account": "VARCHAR", "intervention_id": "VARCHAR", "line_id": "VARCHAR",
        "amount_kr": "DECIMAL(18,2)", "rows": "BIGINT",
    },
    "quarantine": {
        "association": "VARCHAR", "source": "VARCHAR", "path": "VARCHAR", "row": "BIGINT", "rule": "VARCHAR", "column": "VARCHAR",
    },
    "participations": {
        "association": "VARCHAR", "participant": "VARCHAR", "intervention_id": "VARCHAR", "gender": "VARCHAR",
        "birth_year": "BIGINT", "start_date": "DATE", "end_date": "DATE", "exit_reason": "VARCHAR",
    },
}  # fmt: skip
# Whole days, whatever a library's column of days is called.
_DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def faults(result: Path, planted: Path, reference: Path) -> list[str]:
    """What is not right, in words; empty when all is."""
    return [*_wrong_types(result), *_differing("quarantine", result, planted), *_against(result, reference)]


def _against(result: Path, reference: Path) -> Iterator[str]:
    for name in (*MARTS, "participations"):
        yield from _differing(name, result, reference / f"{name}.parquet")
    verdicts = [json.loads((folder / "verdict.json").read_text("utf-8")) for folder in (result, reference)]
    if verdicts[0] != verdicts[1]:
        yield "verdict.json is another"


def _wrong_types(result: Path) -> Iterator[str]:
    for name, wanted in TYPES.items():
        there = {c: str(t) for c, t, *_ in duckdb.sql(f"describe from '{result}/{name}.parquet'").fetchall()}
        for column, kind in wanted.items():
            if there.get(column) != kind and not (kind == "DATE" and there.get(column) in _DAYS):
                yield f"{name}.{column} is {there.get(column)}, not {kind}"


def _differing(name: str, result: Path, other: Path) -> Iterator[str]:
    """Rows one side has more often than the other."""
    sides = [_rows(name, file) for file in (result / f"{name}.parquet", other)]
    for words, (left, right) in {"too many": sides, "missing": reversed(sides)}.items():
        ((count,),) = duckdb.sql(f"select count(*) from (({left}) except all ({right}))").fetchall()
        if count:
            yield f"{name}: {count} rows {words}"


def _rows(name: str, file: Path) -> str:
    wanted = TYPES[name]
    if name != "participations":
        return "select " + ", ".join(f'"{column}"' for column in wanted) + f" from '{file}'"
    # Persons are compared by what they did: how many rows each pseudonym has, beside the row itself.
    told = ", ".join(f"{c}::date as {c}" if t == "DATE" else c for c, t in wanted.items() if c != "participant")
    return f"select {told}, count(*) over (partition by association, participant) as of_person from '{file}'"


if __name__ == "__main__":
    found = faults(Path(sys.argv[2]), Path(sys.argv[1]), Path(sys.argv[3]))
    sys.exit("\n".join(found) or 0)
