"""The amounts and objects of ledger rows.

Belongs here: debit and credit, or one signed amount, to one exact amount and its state; dimension columns to one text of
objects. Does not: layouts, voucher keys, control totals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.contracts.types import Column, Kind
from finsam_pipeline.shaping.arrow import constant, glued, mapped, one_array, to_arrow, to_series
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.derived import canonical_object
from finsam_pipeline.shaping.layouts import AMOUNTS
from finsam_pipeline.shaping.types import MONEY

if TYPE_CHECKING:
    import pandas as pd

BOTH = "both"  # debit and credit are both non-zero
READABLE = ("ok", BOTH)
_TYPE = pa.decimal128(18, 2)
_ZERO = pa.scalar(Decimal(0), _TYPE)
DIMENSION = "dim_"  # what the columns of dimensions are called before their number


@dataclass(frozen=True, slots=True)
class Amounts:
    """Per line: `debit`, `credit`, `single` as read, `amount` (debit positive; null unless readable), `state`."""

    debit: pd.Series
    credit: pd.Series
    single: pd.Series
    amount: pd.Series
    state: pd.Series

    def column(self, name: str) -> pd.Series:
        """The values read from one of the columns debit, credit, amount."""
        return {"debit": self.debit, "credit": self.credit, "amount": self.single}[name]


def read_amounts(text: pd.DataFrame, balance_counts: pd.Series, context: CellContext) -> Amounts:
    """The amounts of every line of a ledger.

    Args:
        text: tidy text with the columns debit, credit, amount and balance.
        balance_counts: lines whose balance is the amount when they have no other (opening and closing balances).
        context: the decimal mark when the format fixes it.
    """
    if not bool(text[["debit", "credit"]].notna().any(axis=None)) and not bool(balance_counts.any()):
        return _single_amounts(text["amount"], context)
    columns = {name: type_column(_amount_column(name), text[name], context) for name in AMOUNTS}
    values = {name: to_arrow_money(typed.values) for name, typed in columns.items()}
    states = {name: to_arrow(typed.state) for name, typed in columns.items() if typed.state is not None}
    sided = pc.or_(pc.not_equal(states["debit"], "missing"), pc.not_equal(states["credit"], "missing"))
    debit, credit = (pc.coalesce(values[name], _ZERO) for name in ("debit", "credit"))
    amount = pc.if_else(sided, pc.cast(pc.subtract(debit, credit), _TYPE), values["amount"])
    state = pc.if_else(sided, _sided_state(states, debit, credit), states["amount"])
    if bool(balance_counts.any()):
        balance = type_column(_amount_column("balance"), text["balance"].where(balance_counts), context)
        bare = pc.equal(state, "missing")
        amount = pc.if_else(bare, to_arrow_money(balance.values), amount)
        state = pc.if_else(bare, to_arrow(balance.state), state)  # type: ignore[arg-type]
    amount = pc.if_else(pc.is_in(state, pa.array(READABLE)), amount, pa.scalar(None, _TYPE))
    read = {name: to_series(value, text.index, MONEY) for name, value in values.items()}
    return Amounts(
        read["debit"], read["credit"], read["amount"], to_series(amount, text.index, MONEY), to_series(state, text.index, "str")
    )  # fmt: skip


def _single_amounts(text: pd.Series, context: CellContext) -> Amounts:
    """The amounts of a ledger that has one signed amount a line, as SIE has."""
    typed = type_column(_amount_column("amount"), text, context)
    assert typed.state is not None  # noqa: S101 - for the type checker: an amount always has one
    none = to_series(pa.nulls(len(text), _TYPE), text.index, MONEY)
    return Amounts(none, none, typed.values, typed.values, typed.state)


def to_arrow_money(values: pd.Series) -> pa.Array:
    """A money series as one Arrow array."""
    return one_array(pa.array(values, _TYPE, from_pandas=True))


def total(values: pd.Series) -> Decimal:
    """The exact sum; nulls count as nothing."""
    summed = pc.sum(to_arrow_money(values)).as_py()
    return Decimal(0) if summed is None else Decimal(summed)


def objects_of(text: pd.DataFrame, known: set[str]) -> pd.Series:
    """`|1:910|6:1001|` from the columns dim_N, by dimension; the empty text when a row has none.

    Args:
        text: tidy text; a column dim_N holds the object of dimension N.
        known: every `dimension:object` of the configuration, to tell `1001 Name` from an object with a blank in it.
    """
    names = sorted((name for name in text.columns if str(name).startswith(DIMENSION)), key=lambda name: int(name[4:]))
    parts = [_written_objects(name, text[name], known) for name in names if bool(text[name].notna().any())]
    if not parts:
        return constant("", text.index)
    out = parts[0] if len(parts) == 1 else glued(*parts, "")
    return to_series(pc.if_else(pc.equal(out, ""), "", glued("|", out, "")), text.index, "str")


def _written_objects(name: str, cells: pd.Series, known: set[str]) -> pa.Array:
    """`6:1001|` of each row, the empty text where its cell is blank."""
    written = mapped(cells, partial(_written_object, name.removeprefix(DIMENSION), known), pa.large_string(), "str")
    return pc.fill_null(to_arrow(written), "")


def _written_object(dimension: str, known: set[str], cell: str) -> str:
    return f"{dimension}:{canonical_object(dimension, cell, known)}|"


def _sided_state(states: dict[str, pa.Array], debit: pa.Array, credit: pa.Array) -> pa.Array:
    def either(state: str) -> pa.Array:
        return pc.or_(pc.equal(states["debit"], state), pc.equal(states["credit"], state))

    both = pc.and_(pc.not_equal(debit, _ZERO), pc.not_equal(credit, _ZERO))
    return pc.case_when(
        pc.make_struct(either("unreadable"), either("ambiguous"), both), "unreadable", "ambiguous", BOTH, "ok"
    )  # fmt: skip


def _amount_column(name: str) -> Column:
    return Column(name, Kind.AMOUNT, (), "", "")
