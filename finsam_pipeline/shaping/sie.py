"""A ledger delivered as SIE 1-4: the reader's named tables to the typed rows of `huvudbok`.

Belongs here: voucher rows, opening balances (#IB, else last year's #UB), fiscal year by #RAR. Does not: the file's grammar
(readers), tables with headers (ledger.py).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.privacy import rows_with_personnummer
from finsam_pipeline.readers.sie_controls import is_result
from finsam_pipeline.readers.sie_values import objects_text
from finsam_pipeline.shaping.arrow import constant, matches, tidy, to_arrow, to_series
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.corrections import Changes, Replacements, one_amount, replaced
from finsam_pipeline.shaping.frames import contents, controls_frame, given, stacked, with_delivery
from finsam_pipeline.shaping.layouts import AMOUNTS, OPENING_TEXT
from finsam_pipeline.shaping.ledger import OPENING, TRANSACTION, ledger_columns
from finsam_pipeline.shaping.postings import DIMENSION, read_amounts
from finsam_pipeline.shaping.totals import all_readable, reader_controls
from finsam_pipeline.shaping.types import DeliveryRef, Shaped
from finsam_pipeline.shaping.vouchers import FiscalYear, split_numbers, with_fiscal_year

if TYPE_CHECKING:
    from finsam_pipeline.privacy import Pseudonymiser
    from finsam_pipeline.readers.table import ReadResult
    from finsam_pipeline.register.model import Register

_HASHED = ("account", "amount", "date", "number", "series", "objects", "text")
_VOUCHER_COLUMNS = (*_HASHED, "voucher_date", "block")
_MADE_TIDY = ("objects", "block")  # by the reader


def shape_sie(
    read: ReadResult,
    contract: SourceContract,
    register: Register,
    delivery: DeliveryRef,
    pseudonymiser: Pseudonymiser,
    wanted: Replacements,
) -> Shaped:
    """Type a SIE file's rows; the frame's `row` is the line of the #TRANS or #IB record."""
    year = _fiscal_year(read.facts)
    remarks = [*read.remarks, *_budget_elsewhere(read)]
    text = _rows_as_text(read, year)
    lines = text.index
    text = text.reset_index(drop=True)
    with ThreadPoolExecutor(1) as second:  # hashing keeps one thread busy, Arrow's typing another
        hashing = second.submit(contents, {name: text[name] for name in _HASHED}, delivery, pseudonymiser, text.index)
        if wanted and (changes := one_amount(wanted.of(hashing.result()))):
            text = _with_objects(replaced(text, changes), changes)
        found = rows_with_personnummer(text[list(_HASHED)])
        opens, names = matches(text["text"], OPENING_TEXT, begins="iI"), _unnumbered(text)
        text = text.drop(columns=["voucher_date", "block"])
        typed = _typed(text, names, contract, CellContext(register, mark="."))
    typed.insert(0, "content", hashing.result())
    typed.insert(1, "personnummer_in", found)
    typed = with_fiscal_year(typed, year, delivery.delivered_on.year)
    del text
    typed = ledger_columns(typed, opens, with_date=False)
    rows = stacked([with_delivery(typed.set_axis(lines, axis=0), delivery, None)])
    history = read.facts["history"]  # rows struck or added when a voucher was corrected: its #TRANS say how it ended
    controls = reader_controls(read, judged=all_readable(rows["amount_state"]))
    return Shaped(
        rows=rows,
        controls=controls_frame(controls, delivery),
        physical_rows=len(rows),
        facts=read.facts | {"not_data": {"history": len(history)} if len(history) else {}},
        remarks=remarks,
    )


def _rows_as_text(read: ReadResult, year: FiscalYear | None) -> pd.DataFrame:
    """Voucher rows and opening balances in the order of the file, index = the line. The reader's tables are let go on the way."""
    vouchers, openings = _tables(read)
    read.tables.clear()  # of a large ledger nothing is held twice
    openings = openings.assign(date=None if year is None else year.first.isoformat())
    parts = [_with_names(vouchers, TRANSACTION), _with_names(openings, OPENING)]
    parts = [part for part in parts if len(part)] or parts[:1]
    parts.sort(key=lambda part: int(part.index[0]) if len(part) else 0)  # mostly the right order already: sorting copies
    whole = parts[0] if len(parts) == 1 else _together(parts)
    return whole if whole.index.is_monotonic_increasing else whole.sort_index(kind="stable")


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts one below the other, each column one array again."""
    index = parts[0].index.append([part.index for part in parts[1:]])
    columns = {
        name: to_series(pa.concat_arrays([to_arrow(part.pop(name)) for part in parts]), index, "str")
        for name in [*parts[0].columns]
    }
    return pd.DataFrame(columns, index=index, copy=False)


def _tables(read: ReadResult) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The voucher rows, and the opening balances as rows of the same columns."""
    vouchers = [table.frame for table in read.tables if table.named and "balance" not in table.frame.columns]
    balances = [table.frame for table in read.tables if table.named and "balance" in table.frame.columns]
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("account", "amount")}, index=pd.Index([], dtype="int64"))
    derived = bool(read.facts.get("ib_from_previous_ub"))
    openings = _openings(pd.concat(balances), from_last_year=derived) if balances else empty
    return pd.concat(vouchers) if vouchers else empty, openings


def _budget_elsewhere(read: ReadResult) -> list[tuple[int | None, str]]:
    """The first budget record of the file: here it is read past, since budgets are a source of their own."""
    balances = (table.frame for table in read.tables if "balance" in table.frame.columns)
    first = [int(frame.index[frame["balance"] == "PBUDGET"].min()) for frame in balances if (frame["balance"] == "PBUDGET").any()]
    return [(line, "budget_elsewhere") for line in first]


def _openings(balances: pd.DataFrame, *, from_last_year: bool) -> pd.DataFrame:
    """#IB of the year; last year's #UB of balance accounts only where the file has no #IB at all, as the reader found."""
    if not from_last_year:
        return balances.loc[(balances["balance"] == "IB") & (balances["year"] == "0"), ["account", "amount"]]
    closed = balances[(balances["balance"] == "UB") & (balances["year"] == "-1")]
    return closed.loc[[not is_result(account, "UB") for account in closed["account"]], ["account", "amount"]]


def _with_names(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The voucher columns, null where the frame has none, and the kind of the rows; the frame is emptied on the way."""
    columns: dict[str, pd.Series] = {}
    for name in _VOUCHER_COLUMNS:
        made = _empty_to_null if name in _MADE_TIDY else tidy
        columns[name] = made(frame.pop(name).astype("str")) if name in frame else constant(None, frame.index)
    return pd.DataFrame(columns | {"kind": constant(kind, frame.index)}, index=frame.index, copy=False)


def _empty_to_null(text: pd.Series) -> pd.Series:
    cells = to_arrow(text)
    if pc.all(pc.greater(pc.binary_length(cells), 0)).as_py():
        return to_series(cells, text.index, "str")
    return to_series(pc.if_else(pc.equal(cells, ""), pa.scalar(None, cells.type), cells), text.index, "str")


def _typed(text: pd.DataFrame, names: pd.Series | None, contract: SourceContract, context: CellContext) -> pd.DataFrame:
    """The contract's columns and the ledger's extras, on a plain index."""
    absent = constant(None, text.index)
    cells = text.assign(**{column.name: absent for column in contract.columns if column.name not in text.columns})
    for name in AMOUNTS:
        if bool(cells[name].str.contains(",", regex=False).any()):
            cells[name] = cells[name].str.replace(",", ".", regex=False)  # SIE knows no thousands mark
    amounts = read_amounts(cells, pd.Series(False, index=text.index), context)
    out: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.kind is Kind.IGNORED:
            continue
        is_amount = column.kind is Kind.AMOUNT
        values = amounts.column(column.name) if is_amount else type_column(column, cells[column.name], context).values
        out[column.name] = values
        out |= given(column, cells)
    out |= {"amount": amounts.amount, "amount_given": cells[list(AMOUNTS)].notna().any(axis=1), "amount_state": amounts.state}
    out |= {"kind": text["kind"].astype("str"), "objects": text["objects"].fillna("")}
    typed = pd.DataFrame(out, index=text.index).assign(redelivered_changed=False)
    numbered = split_numbers(text["number"], text["series"])
    if names is not None:
        numbered["number"] = numbered["number"].where(numbered["number"].notna(), names)
    return typed.assign(**numbered)


def _with_objects(text: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """The corrected dimension columns put into the rows' object lists, where a SIE file has its objects."""
    dimensions = [str(name) for name in text.columns if str(name).startswith(DIMENSION)]
    for label, cells in changes.items():
        pairs = dict(pair.split(":", 1) for pair in str(text.loc[label, "objects"] or "").strip("|").split("|") if ":" in pair)
        for name in cells.keys() & set(dimensions):
            pairs[name.removeprefix(DIMENSION)] = cells[name].strip()
        text.loc[label, "objects"] = objects_text(tuple(word for pair in pairs.items() for word in pair))[0] or None
    return text.drop(columns=dimensions)


def _unnumbered(text: pd.DataFrame) -> pd.Series | None:
    """A name for vouchers without a number: their day and their place among such vouchers of that day; None where there are none.

    A later, longer file of the same ledger gives them the same names, so that they are not counted twice.
    """
    bare = text["number"].isna() & (text["kind"] == TRANSACTION)
    if not bool(bare.any()):
        return None
    names = constant(None, text.index)
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
