"""A ledger delivered as SIE 1-4: the reader's named tables to the typed rows of `huvudbok`.

Belongs here: voucher rows, opening balances (#IB, else last year's #UB), fiscal year by #RAR. Does not: the file's grammar
(readers), tables with headers (ledger.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from finsam_pipeline.contracts.types import Column, Kind, SourceContract
from finsam_pipeline.shaping.arrow import constant, matches, tidy
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.frames import contents, controls_frame, given, stacked, with_delivery
from finsam_pipeline.shaping.layouts import OPENING_TEXT
from finsam_pipeline.shaping.ledger import OPENING, TRANSACTION, ledger_columns
from finsam_pipeline.shaping.totals import all_readable, reader_controls
from finsam_pipeline.shaping.types import MONEY, DeliveryRef, Shaped
from finsam_pipeline.shaping.vouchers import FiscalYear, split_numbers, with_fiscal_year

if TYPE_CHECKING:
    from finsam_pipeline.privacy import Pseudonymiser
    from finsam_pipeline.readers.table import ReadResult
    from finsam_pipeline.register.model import Register

_HASHED = ("account", "amount", "date", "number", "series", "objects", "text")
_VOUCHER_COLUMNS = (*_HASHED, "voucher_date", "block")


def shape_sie(
    read: ReadResult, contract: SourceContract, register: Register, delivery: DeliveryRef, pseudonymiser: Pseudonymiser
) -> Shaped:
    """Type a SIE file's rows; the frame's `row` is the line of the #TRANS or #IB record."""
    year = _fiscal_year(read.facts)
    vouchers, openings = _tables(read)
    openings = _with_names(openings.assign(date=None if year is None else year.first.isoformat()))
    transactions = _with_names(vouchers).assign(kind=TRANSACTION)
    text = pd.concat([transactions, openings.assign(kind=OPENING)]).sort_index(kind="stable")
    lines = text.index
    text = text.reset_index(drop=True)
    text["amount"] = text["amount"].str.replace(",", ".", regex=False)  # SIE knows no thousands mark
    typed = _typed(text, contract, CellContext(register, mark="."))
    hashed = {name: text[name] for name in _HASHED}
    typed.insert(0, "content", contents(hashed, delivery, pseudonymiser, typed.index))
    typed.insert(1, "personnummer_in", constant(None, typed.index))
    typed = with_fiscal_year(typed, year, delivery.delivered_on.year)
    typed = ledger_columns(typed, matches(text["text"], OPENING_TEXT), with_date=False)
    rows = stacked([with_delivery(typed.set_axis(lines, axis=0), delivery, None)])
    controls = reader_controls(read, judged=all_readable(rows["amount_state"]))
    return Shaped(rows=rows, controls=controls_frame(controls, delivery), physical_rows=len(rows), facts=dict(read.facts))


def _tables(read: ReadResult) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The voucher rows, and the opening balances as rows of the same columns."""
    vouchers = [table.frame for table in read.tables if table.named and "balance" not in table.frame.columns]
    balances = [table.frame for table in read.tables if table.named and "balance" in table.frame.columns]
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("account", "amount")}, index=pd.Index([], dtype="int64"))
    return pd.concat(vouchers) if vouchers else empty, _openings(pd.concat(balances)) if balances else empty


def _openings(balances: pd.DataFrame) -> pd.DataFrame:
    """#IB of the year, and last year's #UB for accounts without one."""
    current = balances[(balances["balance"] == "IB") & (balances["year"] == "0")]
    before = balances[(balances["balance"] == "UB") & (balances["year"] == "-1")]
    derived = before[~before["account"].isin(current["account"])]
    return pd.concat([current, derived])[["account", "amount"]]


def _with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """The voucher columns, null where the frame has none."""
    columns = {name: tidy(frame[name]) if name in frame else None for name in _VOUCHER_COLUMNS}
    return pd.DataFrame(columns, index=frame.index).astype("str")


def _typed(text: pd.DataFrame, contract: SourceContract, context: CellContext) -> pd.DataFrame:
    """The contract's columns and the ledger's extras, on a plain index."""
    read = type_column(Column("amount", Kind.AMOUNT, (), "", ""), text["amount"], context)
    absent = constant(None, text.index)
    out: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.kind is Kind.IGNORED:
            continue
        cells = text[column.name] if column.name in text.columns else absent
        out[column.name] = type_column(column, cells, context).values
        out |= given(column, pd.DataFrame({column.name: cells}))
    out["amount"], out["amount_state"] = read.values.astype(MONEY), read.state if read.state is not None else absent
    out |= {"kind": text["kind"].astype("str"), "objects": text["objects"].fillna("")}
    typed = pd.DataFrame(out, index=text.index).assign(redelivered_changed=False)
    numbered = split_numbers(text["number"], text["series"])
    numbered["number"] = numbered["number"].where(numbered["number"].notna(), _unnumbered(text))
    return typed.assign(**numbered)


def _unnumbered(text: pd.DataFrame) -> pd.Series:
    """A name for vouchers without a number: their day and their place among such vouchers of that day.

    A later, longer file of the same ledger gives them the same names, so that they are not counted twice.
    """
    bare = text["number"].isna() & (text["kind"] == TRANSACTION)
    names = constant(None, text.index)
    if not bool(bare.any()):
        return names
    first_day = text.loc[bare, "voucher_date"].fillna("?").groupby(text.loc[bare, "block"]).transform("first")
    blocks = pd.DataFrame({"day": first_day, "series": text.loc[bare, "series"].fillna(""), "block": text.loc[bare, "block"]})
    heads = blocks.drop_duplicates("block")
    place = heads.groupby(["day", "series"], sort=False).cumcount() + 1
    made = dict(zip(heads["block"], "#" + heads["day"] + "-" + place.astype(str), strict=True))
    names.loc[bare] = blocks["block"].map(made).astype("str")
    return names


def _fiscal_year(facts: dict[str, Any]) -> FiscalYear | None:
    years = facts.get("fiscal_years") or {}
    return FiscalYear(*years[0]) if years.get(0) else None
