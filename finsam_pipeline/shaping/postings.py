"""The amounts and objects of ledger rows.

Belongs here: debit and credit, or one signed amount, to one exact amount and its state; dimension columns to one text of
objects. Does not: layouts, voucher keys, control totals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.shaping.arrow import constant, glued, mapped, one_array, to_arrow, to_series
from finsam_pipeline.shaping.cells import CellContext, amounts_in
from finsam_pipeline.shaping.derived import canonical_object
from finsam_pipeline.shaping.layouts import AMOUNTS
from finsam_pipeline.shaping.numbers import AMBIGUOUS, BOTH, MISSING, OK, STATES, UNREADABLE, Numbers
from finsam_pipeline.shaping.types import MONEY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

READABLE = (STATES[OK], STATES[BOTH])  # both: debit and credit are non-zero
_TYPE = pa.decimal128(18, 2)
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
    debit, credit, single = (amounts_in(name, text[name], context) for name in AMOUNTS)
    sided = (debit.codes != MISSING) | (credit.codes != MISSING)
    ore = np.where(sided, debit.units - credit.units, single.units)
    codes = np.where(sided, _sided_codes(debit, credit), single.codes)
    if bool(balance_counts.any()):
        balance = amounts_in("balance", text["balance"].where(balance_counts), context)
        bare = codes == MISSING
        ore[bare], codes[bare] = balance.units[bare], balance.codes[bare]
    amount = Numbers(ore, codes)
    each = [to_series(numbers.values, text.index, MONEY) for numbers in (debit, credit, single, amount)]
    return Amounts(each[0], each[1], each[2], each[3], to_series(amount.state, text.index, "str"))


def _single_amounts(text: pd.Series, context: CellContext) -> Amounts:
    """The amounts of a ledger that has one signed amount a line, as SIE has."""
    read = amounts_in("amount", text, context)
    none = to_series(pa.nulls(len(text), _TYPE), text.index, MONEY)
    amount = to_series(read.values, text.index, MONEY)
    return Amounts(none, none, amount, amount, to_series(read.state, text.index, "str"))


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
    filled = [name for name in names if bool(text[name].notna().any())]
    if not filled:
        return constant("", text.index)
    if len(filled) == 1:
        return to_series(_written_objects(filled[0], text[filled[0]], known, "|"), text.index, "str")
    out = glued(*(_written_objects(name, text[name], known) for name in filled), "")
    return to_series(pc.if_else(pc.equal(out, ""), "", glued("|", out, "")), text.index, "str")


def _written_objects(name: str, cells: pd.Series, known: set[str], before: str = "") -> pa.Array:
    """`6:1001|` of each row, the empty text where its cell is blank."""
    dimension = name.removeprefix(DIMENSION)
    written = mapped(cells, partial(_written_object, before, dimension, known), pa.large_string(), "str")
    return pc.fill_null(to_arrow(written), "")


def _written_object(before: str, dimension: str, known: set[str], cell: str) -> str:
    return f"{before}{dimension}:{canonical_object(dimension, cell, known)}|"


def _sided_codes(debit: Numbers, credit: Numbers) -> npt.NDArray[np.int8]:
    """The state of amounts that stand in debit or credit."""
    codes = np.where((debit.units != 0) & (credit.units != 0), np.int8(BOTH), np.int8(OK))
    for code in (AMBIGUOUS, UNREADABLE):  # the last one decides
        codes[(debit.codes == code) | (credit.codes == code)] = code
    return codes
