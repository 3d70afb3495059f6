"""The layouts a ledger comes in, brought to one: every row with its own account, voucher number and date (domain note 4.1).

Belongs here: (a) one flat row a posting, (b) a voucher's number only on its first line or on a line of its own, (c) a
huvudbok in account sections; and the lines of a ledger that are not postings. Does not: typing, amounts, voucher keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.shaping.arrow import first_cell, has_digit, matches
from finsam_pipeline.shaping.cells import parse_account
from finsam_pipeline.shaping.headers import missing_column
from finsam_pipeline.shaping.rows import PLAIN_TOTAL, Line, are

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import SourceContract
    from finsam_pipeline.shaping.sheets import Sheet

_MOST = 0.5
AMOUNTS = ("debit", "credit", "amount")
OPENING_TEXT = r"(?i)^(?:ingående|ing\.?)\s*(?:balans|saldo|bal\.?)(?:[^\pL]|$)|^ib$"
_CLOSING = r"(?i)^(?:utgående|utg\.?)\s*(?:balans|saldo|bal\.?)(?:[^\pL]|$)|^ub$"
_LABELLED = (
    r"(?i)^(?:ing|utg|[iu]b$|del|tot|sum|s:a|oms)"  # how the labels of lines that are no postings begin: a quick first look
)
_LABELS_BEGIN = "iIuUdDtTsSoO"
_ACCOUNT_HEADING = r"^[A-Za-zÅÄÖåäö]{0,2}\d{1,8}(?:[^\d\pL-]|$)"
_NOT_LABELS = ("account", "debit", "credit", "amount", "balance", "reg_date", "period", "series")


@dataclass(frozen=True, slots=True)
class Filling:
    """What lines take from others where the layout leaves it out.

    `accounts`: the account of the heading above each line, None without headings. `heads`: line -> the line that names its
    voucher, for the lines that do not name it themselves.
    """

    accounts: pd.Series | None
    heads: pd.Series

    def fill(self, text: pd.DataFrame) -> pd.DataFrame:
        """The text with account, number, date and series filled in; a line's own cell stands."""
        out = text.copy()
        if self.accounts is not None:
            out["account"] = out["account"].where(out["account"].notna(), self.accounts)
        if self.heads.empty:
            return out
        for name in ("number", "date", "series"):
            own, from_head = out.loc[self.heads.index, name], out.loc[self.heads, name].set_axis(self.heads.index)
            out.loc[self.heads.index, name] = own.where(own.notna(), from_head)
        return out


@dataclass(frozen=True, slots=True)
class Ledger:
    """One sheet of a ledger in one layout.

    `text`: the sheet's text by column with account, number and date filled in where the layout leaves them out. `line`: what
    each line is. `opens`: lines whose text says opening balance. `sections`: whether accounts stood as headings. `filling`: what
    was filled in from where.
    """

    text: pd.DataFrame
    line: pd.Series
    opens: pd.Series
    sections: bool
    filling: Filling

    def with_text(self, text: pd.DataFrame) -> Ledger:
        """The same lines with other cells: what the layout leaves out is filled in anew."""
        return replace(self, text=self.filling.fill(text))


def lay_out(sheet: Sheet, contract: SourceContract) -> Ledger:
    """One sheet's lines in the flat layout.

    Raises:
        Rejected: `wrong_source` for a bank statement (no account anywhere), `missing_column` when voucher numbers or
            accounts are missing.
    """
    text, line = sheet.text, sheet.classified.line.copy()
    facts = _Facts.of(sheet)
    line[facts.closes] = str(Line.CLOSING)
    line[facts.sums & (line == Line.DATA)] = str(Line.TOTAL)
    line[facts.opens & ~facts.has_number & (line == Line.DATA)] = str(Line.OPENING)
    headings = _account_headings(sheet, line, facts)
    sections = bool(headings.any())
    accounts = None
    if sections:
        line[headings] = str(Line.SECTION)
        accounts = _headings_above(sheet, headings)
    elif "account" not in sheet.header.columns:
        raise _without_accounts(sheet, contract)
    line[_is_note(text, line, facts)] = str(Line.NOTE)
    heads = pd.Series(dtype="int64")
    if not sections:
        line[_voucher_headings(text, line, facts)] = str(Line.VOUCHER)
        heads = _voucher_heads(text, line)
    if "number" not in sheet.header.columns and bool((line == Line.DATA).any()):
        raise missing_column((contract.column("number"),), sheet.table.sheet)
    filling = Filling(accounts, heads)
    return Ledger(filling.fill(text), line, facts.opens, sections, filling)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What each line holds."""

    dated: pd.Series
    has_number: pd.Series
    has_amount: pd.Series
    opens: pd.Series
    closes: pd.Series
    sums: pd.Series

    @classmethod
    def of(cls, sheet: Sheet) -> _Facts:
        text = sheet.text
        dated, has_number = has_digit(text["date"]), has_digit(text["number"])
        cells = [sheet.cells[n] for n in _label_columns(sheet)]
        labels = [column[told] for column in cells if (told := matches(column, _LABELLED, begins=_LABELS_BEGIN)).any()]
        opens, closes, sums = (_any(labels, pattern, text.index) for pattern in (OPENING_TEXT, _CLOSING, PLAIN_TOTAL))
        return cls(
            dated=dated,
            has_number=has_number,
            has_amount=text[list(AMOUNTS)].notna().any(axis=1),
            opens=opens,
            closes=closes & ~has_number,
            sums=sums & ~has_number & ~dated,
        )


def _label_columns(sheet: Sheet) -> list[int]:
    """The columns in which a label such as `Ingående balans` may stand."""
    taken = {n for name, places in sheet.header.columns.items() if name in _NOT_LABELS or name[:4] == "dim_" for n in places}
    return [n for n in range(sheet.cells.shape[1]) if n not in taken]


def _any(labels: list[pd.Series], pattern: str, index: pd.Index) -> pd.Series:
    found = pd.Series(False, index=index)
    for column in labels:
        found[column.index[matches(column, pattern)]] = True
    return found


def _account_headings(sheet: Sheet, line: pd.Series, facts: _Facts) -> pd.Series:
    """The lines that head an account's section: an account (and its name), no date, number or amount.

    Only where most postings carry no account of their own; one posting without an account is a fault, not a layout.
    """
    postings = (line == Line.DATA) & facts.dated & facts.has_amount
    if not postings.any() or sheet.text.loc[postings, "account"].notna().mean() > _MOST:
        return pd.Series(False, index=line.index)
    bare = (line == Line.DATA) & ~facts.dated & ~facts.has_number & ~facts.has_amount
    return bare & matches(first_cell(sheet.cells), _ACCOUNT_HEADING)


def _headings_above(sheet: Sheet, headings: pd.Series) -> pd.Series:
    """The account of the heading above each line, null before the first. A heading that is no account stays as written."""
    first = first_cell(sheet.cells[headings])
    accounts = [parse_account(text) or text for text in first]
    return pd.Series(accounts, index=first.index, dtype="str").reindex(headings.index).ffill()


def _without_accounts(sheet: Sheet, contract: SourceContract) -> Rejected:
    """A statement of a bank account looks like a ledger but has a single amount, often a balance, and no accounts."""
    if not {"debit", "credit"} & set(sheet.header.columns):
        return Rejected(
            "wrong_source",
            "Filen ser ut som ett kontoutdrag från banken: den har inga bokföringskonton. Ta ut huvudboken eller"
            " verifikationslistan ur ekonomisystemet i stället.",
        )  # fmt: skip
    return missing_column((contract.column("account"),), sheet.table.sheet)


def _is_note(text: pd.DataFrame, line: pd.Series, facts: _Facts) -> pd.Series:
    return (line == Line.DATA) & text["account"].isna() & ~facts.dated & ~facts.has_number & ~facts.has_amount


def _voucher_headings(text: pd.DataFrame, line: pd.Series, facts: _Facts) -> pd.Series:
    """Lines with a voucher's number but no account and no amount, followed by a line without a number."""
    data = line == Line.DATA
    numbered = facts.has_number[data]
    next_is_bare = (~numbered).shift(-1, fill_value=False).reindex(line.index, fill_value=False)
    return data & facts.has_number & text["account"].isna() & ~facts.has_amount & next_is_bare


def _voucher_heads(text: pd.DataFrame, line: pd.Series) -> pd.Series:
    """Line without a number -> the nearest line above with one, whose voucher it belongs to.

    A line dated otherwise than the voucher above belongs to no voucher that can be named.
    """
    within = are(line, Line.DATA, Line.VOUCHER)
    number, date = text.loc[within, "number"], text.loc[within, "date"]
    heads = number.notna().to_numpy()
    if not heads.any() or heads.all():
        return pd.Series(dtype="int64")
    voucher = heads.cumsum() - 1
    of_head = np.flatnonzero(heads)[np.maximum(voucher, 0)]
    head_date = pd.Series(date.to_numpy(dtype=object)[of_head], index=date.index, dtype="str")
    same = date.isna() | (date == head_date).fillna(value=False)
    bare = ~heads & (voucher >= 0) & same.to_numpy(dtype=bool)
    return pd.Series(date.index.to_numpy()[of_head[bare]], index=date.index[bare])
