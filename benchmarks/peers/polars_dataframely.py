"""polars with dataframely: rules are schemas, `filter` parts the rows and keeps the reasons. Counting is in `polars_marts`.

Run: `python -m benchmarks.peers.polars_dataframely HOME OUT`
"""

from __future__ import annotations

from pathlib import Path

import dataframely as dy
import polars as pl

from benchmarks.peers import polars_marts as marts
from benchmarks.peers.task import RULES, main

_VOUCHER = ("path", "series", "number")
_SAME = ("association", "intervention_id", "participant", "start_date")
_WHOLE = (*_SAME, "gender", "birth_year", "end_date", "exit_reason")
_PLACE = ("association", "source", "path", "row")
# dataframely's name of a rule → the rule's number and the column a finding names
NAMES = {
    "amount|nullability": ("L002", "amount"),
    "date|nullability": ("L003", "date"),
    "account|nullability": ("L004", "account"),
    "voucher_balances": ("L001", "amount"),
    "participant|nullability": ("P001", "participant"),
    "intervention_id|nullability": ("P002", "intervention_id"),
    "gender|nullability": ("P003", "gender"),
    "start_date|nullability": ("P004", "start_date"),
    "end_is_sound": ("P005", "end_date"),
    "reason_has_end": ("P006", "end_date"),
    "reason_is_known": ("P008", "exit_reason"),
    "stands_once": ("P009", "participant"),
    "start_within_reason": ("P010", "start_date"),
}


class Place(dy.Schema):
    """Where a row stands."""

    association = dy.String()
    source = dy.String()
    path = dy.String()
    row = dy.Int64()


class VoucherRow(Place):
    """L001-L004."""

    series = dy.String(nullable=True)
    number = dy.String(nullable=True)
    date = dy.Date(nullable=False)
    account = dy.String(nullable=False)
    amount = dy.Decimal(18, 2, nullable=False)
    object = dy.String(nullable=True)

    @dy.rule()
    def voucher_balances(cls) -> pl.Expr:  # noqa: N805 - dataframely's form
        """Of a voucher in which all rows are sound; an unsound one goes whole."""
        sound = pl.all_horizontal(pl.col("amount", "date", "account").is_not_null())
        return ((pl.col("amount").sum() == 0) & sound.all()).over(_VOUCHER)


class Participation(Place):
    """P001-P008 and P010."""

    delivered_on = dy.Date()
    participant = dy.String(nullable=False)
    intervention_id = dy.String(nullable=False)
    gender = dy.Enum(["woman", "man", "other"], nullable=False)
    birth_year = dy.Int64(nullable=True)
    start_date = dy.Date(nullable=False)
    end_date = dy.Date(nullable=True)
    end_given = dy.Bool()
    exit_reason = dy.String(nullable=True)
    reason_given = dy.Bool()

    @dy.rule()
    def end_is_sound(cls) -> pl.Expr:  # noqa: N805
        """P005."""
        unreadable = pl.col("end_given") & pl.col("end_date").is_null()
        return ~(unreadable | (pl.col("end_date") < pl.col("start_date")).fill_null(value=False))

    @dy.rule()
    def reason_has_end(cls) -> pl.Expr:  # noqa: N805
        """P006."""
        return ~pl.col("reason_given") | pl.col("end_given")

    @dy.rule()
    def reason_is_known(cls) -> pl.Expr:  # noqa: N805
        """P008."""
        return ~pl.col("reason_given") | pl.col("exit_reason").is_not_null()

    @dy.rule()
    def start_within_reason(cls) -> pl.Expr:  # noqa: N805
        """P010; an unknown start is P004's."""
        return pl.col("start_date").is_between(pl.date(1990, 1, 1), pl.col("delivered_on"))


class Once(Participation):
    """P009, of the rows no other rule holds."""

    @dy.rule()
    def stands_once(cls) -> pl.Expr:  # noqa: N805
        """Alone, or the first of equal ones; of different ones none."""
        alike, together = pl.len().over(_WHOLE), pl.len().over(_SAME)
        return (alike == together) & pl.struct(_WHOLE).is_first_distinct()


def findings(failure: dy.FailureInfo) -> pl.DataFrame:  # type: ignore[type-arg]
    """association, source, path, row, rule, column of every failed rule; a row that fails by itself fails no voucher."""
    rules = [name for name in NAMES if name in failure.counts()]
    long = failure.details().unpivot(rules, index=_PLACE).filter(pl.col("value") == "invalid")
    alone = pl.len().over(_PLACE) == 1
    named = [
        pl.col("variable").replace_strict({k: v[n] for k, v in NAMES.items()}).alias(c) for n, c in enumerate(("rule", "column"))
    ]
    return long.filter((pl.col("variable") != "voucher_balances") | alone).select(*_PLACE, *named)


def make(home: Path, out: Path) -> dict[str, object]:
    """Read, judge, count, write."""
    ledger, broken = VoucherRow.filter(marts.ledger(home).collect(engine="streaming"))
    lists = marts.participations(home).collect()
    single, unsound = Participation.filter(lists)
    accepted, doubled = Once.filter(single)
    found = pl.concat([findings(f) for f in (broken, unsound, doubled)])
    found.sort("path", "row", "rule").write_parquet(out / "quarantine.parquet")
    for name, frame in marts.all_marts(home, ledger, accepted, lists).items():
        frame.write_parquet(out / f"{name}.parquet")
    ended = lists.filter(pl.col("end_date").is_not_null() & ~pl.col("reason_given")).height
    held = {"huvudbok": (ledger.height, len(broken)), "deltagaruppfoljning": (accepted.height, len(unsound) + len(doubled))}
    counts = {name: {"rows": kept + bad, "accepted": kept, "quarantined": bad} for name, (kept, bad) in held.items()}
    failed = dict.fromkeys(RULES, 0) | dict(found.group_by("rule").len().iter_rows()) | {"P007": ended}
    return {"sources": counts, "rules": failed}


if __name__ == "__main__":
    main(make)
