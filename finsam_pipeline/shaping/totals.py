"""What a ledger file states about itself, against its rows (rule L007).

Belongs here: `Summa` lines, closing balances, the reader's SIE controls. Does not: judging them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.shaping.frames import ControlRow
from finsam_pipeline.shaping.layouts import AMOUNTS, Ledger
from finsam_pipeline.shaping.postings import READABLE, Amounts, total
from finsam_pipeline.shaping.rows import Line, are

if TYPE_CHECKING:
    from finsam_pipeline.readers.table import ReadResult
    from finsam_pipeline.shaping.sheets import Sheet

_LABEL_SV = {"debit": "Debet", "credit": "Kredit", "amount": "Belopp"}


def all_readable(state: pd.Series) -> bool:
    """Whether every amount of the file can be read; else no control total is judged (L007)."""
    return bool(state.isin(READABLE).all())


def reader_controls(read: ReadResult, *, judged: bool) -> list[ControlRow]:
    """The controls the reader found (SIE #UB, #RES, #KSUMMA, …)."""
    return [(None, c.row, c.label, "amount", c.declared, c.actual, c.judged and judged) for c in read.controls]


def sum_controls(sheet: Sheet, ledger: Ledger, amounts: Amounts, *, judged: bool) -> list[ControlRow]:
    """`Summa` lines against the rows above them.

    Such a line may sum the whole sheet so far or the part since the last such line, with or without opening balances: it
    holds when it equals one of these. Otherwise the last line is compared with the whole, an earlier one with its part.
    """
    lines = [int(n) for n in (ledger.line == Line.TOTAL).to_numpy().nonzero()[0]]
    out: list[ControlRow] = []
    start = 0
    for position in lines:
        for name in AMOUNTS:
            declared = amounts.column(name).iloc[position]
            if pd.isna(declared):
                continue
            candidates = _candidates(ledger, amounts.column(name), start, position, whole_first=position == lines[-1])
            actual = Decimal(declared) if Decimal(declared) in candidates else candidates[0]
            row = int(sheet.cells.index[position])
            out.append((sheet.table.sheet, row, f"Summa {_LABEL_SV[name]}", name, Decimal(declared), actual, judged))
        start = position
    return out


def closing_controls(sheet: Sheet, ledger: Ledger, amounts: Amounts, *, judged: bool) -> list[ControlRow]:
    """Closing balances against opening balance plus movements of their account.

    A balance account without an opening balance in the file cannot be judged: its balance may be carried from elsewhere.
    """
    closing = ledger.line == Line.CLOSING
    if not bool(closing.any()):
        return []
    closing &= amounts.amount.notna() & ledger.text["account"].notna()
    account = ledger.text["account"].str.extract(r"^(\d+)", expand=False)
    counted = are(ledger.line, Line.DATA, Line.OPENING)
    sums = {key: total(values) for key, values in amounts.amount[counted].groupby(account[counted])}
    opened = set(account[ledger.line == Line.OPENING].dropna())
    out: list[ControlRow] = []
    for row in closing.index[closing]:
        key = account[row]
        can = judged and (key in opened or not str(key).startswith(("1", "2")))
        declared = Decimal(amounts.amount[row])
        out.append((sheet.table.sheet, int(row), "Utgående balans", "amount", declared, sums.get(key, Decimal(0)), can))
    return out


def _candidates(ledger: Ledger, values: pd.Series, start: int, end: int, *, whole_first: bool) -> list[Decimal]:
    """What a sum line may add up: the part or the whole, without and with opening balances."""
    postings = (ledger.line == Line.DATA).to_numpy()
    with_opening = postings | (ledger.line == Line.OPENING).to_numpy()
    spans = ((0, end), (start, end)) if whole_first else ((start, end), (0, end))
    return [total(values.iloc[a:b][which[a:b]]) for a, b in spans for which in (postings, with_opening)]
