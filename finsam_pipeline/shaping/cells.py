"""The text of a column to typed values, one parser a `Kind`.

Belongs here: what a cell of each kind may look like. Does not: which column is which (headers.py), what a rule makes of a
null. A cell that cannot be read becomes null; whether it was blank stands beside it as `<name>_given`. Codes repeat, so
each unique text is parsed once; numbers are parsed by Arrow (numbers.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.contracts.types import AGE_GROUPS, Column, Kind
from finsam_pipeline.shaping.arrow import mapped, to_arrow, to_series
from finsam_pipeline.shaping.dates import parse_date, parse_period_name
from finsam_pipeline.shaping.numbers import KRONOR, OK, Numbers, parse_numbers
from finsam_pipeline.shaping.types import DAY, EXACT, MONEY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from finsam_pipeline.register.model import Register

_GENDERS = {
    "kvinna": "woman", "kvinnor": "woman", "k": "woman",
    "man": "man", "män": "man", "m": "man",
    "annan": "other", "annan köns-id": "other", "annan köns id": "other", "annan könsid": "other",
}  # fmt: skip
_GENDERS_SHOWN = ("kvinna", "man", "annan köns-ID")
_YES_NO = {"ja": True, "j": True, "yes": True, "x": True, "true": True, "1": True}
_YES_NO |= {"nej": False, "n": False, "no": False, "false": False, "0": False}
_ACCOUNT = re.compile(r"([0-9]{4,6})(?:[.,]0+)?(?:[\s:,;–-]+[^\W\d].*)?")
_COUNT_UNITS = ("st", "år", "mån", "månader", "tkr", "kr")
_DECIMAL_UNITS = ("%", "procent", "poäng", "st", "tkr", "kr")


@dataclass(frozen=True, slots=True)
class CellContext:
    """What a parser must know beyond the cell.

    `serial_epoch`: day 0 of Excel serials in this workbook, None in text files. `short_years`: YYMMDD is a date (ledgers).
    `mark`: the decimal mark when the format fixes it. `pseudonym`: a column of ids -> pseudonyms. `corrected`: column -> rows in
    which a steward corrected it: such numbers are read by themselves, since they tell nothing of how the column is written.
    """

    register: Register
    serial_epoch: dt.date | None = None
    short_years: bool = False
    mark: str = ""
    pseudonym: Callable[[pd.Series], pd.Series] | None = None
    corrected: Mapping[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """`values` on the text's index, dtype by kind; `state` (amounts only): ok | missing | unreadable | ambiguous."""

    values: pd.Series
    state: pd.Series | None = None


def type_column(column: Column, text: pd.Series, context: CellContext) -> TypedColumn:
    """The typed values of one column.

    Args:
        column: its declaration; `kind` decides the parser.
        text: tidy cells (`arrow.tidy`), nullable `str`.
        context: register, epoch, decimal mark.
    """
    if column.kind in (Kind.AMOUNT, Kind.DECIMAL, Kind.INTEGER):
        return _number_column(column, text, context)
    if column.kind is Kind.PARTICIPANT:
        if context.pseudonym is None:
            raise ValueError("a participant column needs a pseudonymiser")
        return TypedColumn(context.pseudonym(text))
    if column.kind in (Kind.TEXT, Kind.IGNORED):
        return TypedColumn(text)
    if column.kind is Kind.DATE:
        return TypedColumn(_dates(text, context))
    kind, dtype = (pa.bool_(), "boolean") if column.kind is Kind.YES_NO else (pa.large_string(), "str")
    return TypedColumn(mapped(text, parser_of(column, context), kind, dtype))


def parser_of(column: Column, context: CellContext) -> Callable[[str], object]:
    """How one cell of a coded column is read: a tidy text to its code, or None when it is not in the list."""
    if column.kind is Kind.ACCOUNT:
        return parse_account
    if column.kind is Kind.AGE_GROUP:
        return parse_age_group
    if column.kind is Kind.PERIOD:
        return lambda cell: parse_period_name(cell, context.serial_epoch)
    names = _names(column, context.register)
    return lambda cell: names.get(fold(cell))


def allowed_texts(column: Column, register: Register) -> tuple[str, ...]:
    """What a person may write in a column that has a list of values, in the list's order; empty where anything may stand."""
    if column.kind is Kind.GENDER:
        return _GENDERS_SHOWN
    if column.kind is Kind.YES_NO:
        return ("ja", "nej")
    if column.kind is Kind.AGE_GROUP:
        return AGE_GROUPS
    if column.kind is Kind.INTERVENTION:
        return tuple(i.name for i in sorted(register.interventions, key=lambda i: i.order))
    if column.kind is Kind.CODE:
        return tuple(c.label for c in sorted(register.codes.get(column.code_list, ()), key=lambda c: c.order))
    return tuple({code: text for text, code in reversed(column.choices)}.values())[::-1]


def parse_account(cell: str) -> str | None:
    """`3010`, `3010.0` and `3010 Lokalhyra` are account 3010; anything without 4-6 leading digits is none."""
    found = _ACCOUNT.fullmatch(cell.strip())
    return found[1] if found else None


def parse_age_group(cell: str) -> str | None:
    """One of AGE_GROUPS, with any dash and any wording of "60 and over"; None for other bands."""
    text = re.sub(r"\s+|år", "", re.sub(r"[‐-―−]", "-", fold(cell)))
    text = re.sub(r"^60(?:\+|-|->|ochäldre|elleräldre|ochuppåt|ochöver)$", "60-", text)
    return text if text in AGE_GROUPS else None


def _names(column: Column, register: Register) -> Mapping[str, object]:
    if column.kind is Kind.GENDER:
        return _GENDERS
    if column.kind is Kind.YES_NO:
        return _YES_NO
    if column.kind is Kind.INTERVENTION:
        return register.intervention_by_name()
    if column.kind is Kind.CODE:
        return register.code_by_name(column.code_list)
    return {fold(text): code for text, code in column.choices}


def amounts_in(name: str, text: pd.Series, context: CellContext) -> Numbers:
    """The amounts of one column in öre, the corrected ones read apart from the delivered ones.

    Args:
        name: of the column, to know which of its rows a steward corrected.
        text: tidy cells.
        context: the decimal mark when the format fixes it, and the corrections.
    """
    return _numbers_apart(name, text, context, 2, KRONOR)


def _numbers_apart(name: str, text: pd.Series, context: CellContext, scale: int, units: tuple[str, ...]) -> Numbers:
    """The numbers of a column; corrected ones tell nothing of how the column is written, nor it of them."""
    cells, corrected = to_arrow(text), context.corrected.get(name, [])
    own = np.asarray(text.index.isin(corrected)) if corrected else np.zeros(0, dtype=bool)
    if not own.any():
        return parse_numbers(cells, scale, context.mark, units)
    whole, codes = np.empty(len(cells), dtype=np.int64), np.empty(len(cells), dtype=np.int8)
    for which in (~own, own):
        part = parse_numbers(cells.filter(pa.array(which)), scale, context.mark, units)
        whole[which], codes[which] = part.units, part.codes
    return Numbers(whole, codes, scale)


def _number_column(column: Column, text: pd.Series, context: CellContext) -> TypedColumn:
    if column.kind is Kind.AMOUNT:
        read = amounts_in(column.name, text, context)
        return TypedColumn(to_series(read.values, text.index, MONEY), to_series(read.state, text.index, "str"))
    if column.kind is Kind.DECIMAL:
        return TypedColumn(to_series(_numbers_apart(column.name, text, context, 4, _DECIMAL_UNITS).values, text.index, EXACT))
    counted = _numbers_apart(column.name, text, context, 2, _COUNT_UNITS)
    whole, rest = np.divmod(counted.units, 100)
    values = pa.array(whole, pa.int64(), mask=(counted.codes != OK) | (rest != 0))
    return TypedColumn(to_series(values, text.index, "Int64"))


def _dates(text: pd.Series, context: CellContext) -> pd.Series:
    def parse(cell: str) -> dt.date | None:
        return parse_date(cell, context.serial_epoch, short_years=context.short_years)

    return mapped(text, parse, pa.date32(), DAY)
