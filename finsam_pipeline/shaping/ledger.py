"""A ledger delivered as a table: CSV, text or workbook to the typed rows of `huvudbok`.

Belongs here: the order of the steps and the ledger's own columns. Does not: SIE (sie.py), layouts, amounts, keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.shaping.arrow import constant, rows_of
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.corrections import Replacements, by_column, one_amount, replaced
from finsam_pipeline.shaping.derived import known_objects
from finsam_pipeline.shaping.frames import contents, controls_frame, given, personnummer_in, stacked, with_delivery
from finsam_pipeline.shaping.headers import require_columns
from finsam_pipeline.shaping.layouts import AMOUNTS, Ledger, lay_out
from finsam_pipeline.shaping.postings import Amounts, objects_of, read_amounts
from finsam_pipeline.shaping.rows import Line, are
from finsam_pipeline.shaping.sheets import Sheet, asides, drift_of, not_data_of, open_sheets
from finsam_pipeline.shaping.totals import all_readable, closing_controls, sum_controls
from finsam_pipeline.shaping.types import DeliveryRef, Shaped
from finsam_pipeline.shaping.vouchers import fiscal_year_in, split_numbers, voucher_keys, with_fiscal_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from finsam_pipeline.privacy import Pseudonymiser
    from finsam_pipeline.readers.table import ReadResult
    from finsam_pipeline.register.model import Register

TRANSACTION, OPENING = "transaction", "opening"
_LAID_OUT = ("account", "number", "date", "series")


@dataclass(frozen=True, slots=True)
class _Part:
    """One sheet on its way: laid out, its rows hashed as delivered, corrected and with amounts read."""

    sheet: Sheet
    ledger: Ledger
    amounts: Amounts
    context: CellContext
    content: pd.Series

    @property
    def is_row(self) -> pd.Series:
        """Lines that become rows."""
        return _is_row(self.ledger)


def shape_table(
    read: ReadResult,
    contract: SourceContract,
    register: Register,
    delivery: DeliveryRef,
    pseudonymiser: Pseudonymiser,
    wanted: Replacements,
) -> Shaped:
    """Type a tabular ledger. Raises Rejected as `shape` says."""
    opened = open_sheets(read, contract, CellContext(register, short_years=True))
    for sheet, _ in opened:
        require_columns(sheet.header, contract, sheet.table.sheet, optional=("account",))
    hashed = partial(contents, ref=delivery, pseudonymiser=pseudonymiser)
    parts = [_part(sheet, context, contract, hashed, wanted) for sheet, context in opened]
    rows = stacked([_typed(part, contract, delivery) for part in parts])
    judged = all_readable(rows["amount_state"])
    controls = [
        control
        for part in parts
        for made in (sum_controls, closing_controls)
        for control in made(part.sheet, part.ledger, part.amounts, judged=judged)
    ]
    laid_out = [part.sheet.with_lines(part.ledger.line) for part in parts]
    return Shaped(
        rows=rows,
        controls=controls_frame(controls, delivery),
        drift=drift_of(laid_out),
        physical_rows=len(rows),
        facts=read.facts | {"not_data": not_data_of(laid_out)},
        remarks=read.remarks + asides(read, [sheet for sheet, _ in opened], contract),
    )


def ledger_columns(rows: pd.DataFrame, opens: pd.Series, *, with_date: bool) -> pd.DataFrame:
    """`kind` and `voucher` of rows that have series, number, date, account and fiscal year.

    Args:
        rows: typed rows; `kind` is opening where the line itself is an opening balance.
        opens: rows whose text says opening balance. A voucher on the fiscal year's first day that begins with such a text
            and touches balance accounts only stands for the opening balances and is no transaction.
        with_date: see `voucher_keys`.
    """
    voucher = voucher_keys(rows, with_date=with_date)
    transaction = rows["kind"] == TRANSACTION
    candidates = voucher[opens & transaction].unique()
    if len(candidates):
        inside = voucher.isin(candidates)
        plain = (rows["date"] == rows["year_from"]) & rows["account"].str.startswith(("1", "2")).fillna(value=False)
        opening = inside & (plain & opens.groupby(voucher).transform("first")).groupby(voucher).transform("all")
        rows, transaction = rows.assign(kind=rows["kind"].where(~opening, OPENING)), transaction & ~opening
    return rows.assign(voucher=voucher if bool(transaction.all()) else voucher.where(transaction))


def _is_row(ledger: Ledger) -> pd.Series:
    return are(ledger.line, Line.DATA, Line.OPENING)


def _part(
    sheet: Sheet, context: CellContext, contract: SourceContract, hashed: Callable[..., pd.Series], wanted: Replacements
) -> _Part:
    ledger = lay_out(sheet, contract)
    kept = _is_row(ledger)
    text = rows_of(ledger.text, kept)
    content = hashed(sheet.content_cells(kept) | {name: text[name] for name in _LAID_OUT}, index=text.index)
    if changes := one_amount(wanted.of(content)):
        ledger = ledger.with_text(replaced(sheet.text, changes))
        context = replace(context, corrected=by_column(changes))
    balances = are(ledger.line, Line.OPENING, Line.CLOSING)
    return _Part(sheet, ledger, read_amounts(ledger.text, balances, context), context, content)


def _typed(part: _Part, contract: SourceContract, delivery: DeliveryRef) -> pd.DataFrame:
    """One sheet's rows with every column of the frame."""
    kept = part.is_row
    text = rows_of(part.ledger.text, kept)
    found = personnummer_in(rows_of(part.sheet.raw, kept), part.sheet.shown_labels(), set())
    columns = {"content": part.content, "personnummer_in": found}
    columns |= _contract_columns(part, text, contract, kept)
    columns |= {
        "kind": _kinds(rows_of(part.ledger.line, kept)),
        "amount_state": rows_of(part.amounts.state, kept),
        "objects": objects_of(text, known_objects(part.context.register)),
        "redelivered_changed": pd.Series(False, index=text.index),
    }
    typed = pd.DataFrame(columns, index=text.index, copy=False)
    typed = _with_voucher(typed, text, part, delivery)
    return with_delivery(typed, delivery, part.sheet.table.sheet)


def _kinds(line: pd.Series) -> pd.Series:
    """`transaction`, or `opening` for an opening balance."""
    opening = line == Line.OPENING
    kinds = constant(TRANSACTION, line.index)
    return kinds.mask(opening, OPENING) if bool(opening.any()) else kinds


def _contract_columns(part: _Part, text: pd.DataFrame, contract: SourceContract, kept: pd.Series) -> dict[str, pd.Series]:
    """The contract's columns but the ignored ones; `amount` is the signed one, given when any amount cell is."""
    out: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.kind is Kind.IGNORED:
            continue
        if column.kind is Kind.AMOUNT:
            read = part.amounts.amount if column.name == "amount" else part.amounts.column(column.name)
            out[column.name] = rows_of(read, kept)
        else:
            out[column.name] = type_column(column, text[column.name], part.context).values
        out |= given(column, text)
    out["amount_given"] = text[list(AMOUNTS)].notna().any(axis=1) | out["amount"].notna()
    return out


def _with_voucher(typed: pd.DataFrame, text: pd.DataFrame, part: _Part, delivery: DeliveryRef) -> pd.DataFrame:
    """Series, number, fiscal year and voucher key; opening balances without a date stand on the year's first day."""
    typed = typed.assign(**split_numbers(text["number"], text["series"]))
    typed = with_fiscal_year(typed, fiscal_year_in(part.sheet.header.above), delivery.delivered_on.year)
    undated = text["date"].isna()
    if bool(undated.any()):
        typed = typed.assign(date=typed["date"].where(~(undated & (typed["kind"] == OPENING)), typed["year_from"]))
    return ledger_columns(typed, part.ledger.opens[typed.index], with_date=part.ledger.sections)
