"""What records of a SIE file say about each other beyond sums: accounts, objects, months, numbers (ledger.md 1.8, docs/sie-checks.md).

All of it is told as remarks, on the first line where it shows, since it stops no figure. Belongs here: V4, V5, V8-V11, V15. Does not:
control totals (sie_controls), one record (sie_head, sie_vouchers).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.readers.frames import named_frame

if TYPE_CHECKING:
    import pandas as pd

    from finsam_pipeline.readers.sie_controls import Books
    from finsam_pipeline.readers.sie_head import Head
    from finsam_pipeline.readers.sie_tokens import Remark

_MONTH = len("2025-01")
_INT64_DIGITS = 18


def cross_check(vouchers: pa.Table, head: Head, books: Books, remark: Remark) -> None:
    """Tells what does not fit together in a file read to its end.

    Args:
        vouchers: the rows as `Vouchers.table` gives them.
        head: accounts and objects declared.
        books: the balances.
        remark: takes line and code.
    """
    _balances(books, remark)
    if not len(vouchers):
        remark(1, "no_vouchers")
        return
    _declared(vouchers, head, remark)
    moved = vouchers.filter(pc.not_equal(vouchers.column("date"), vouchers.column("voucher_date")))
    own, shared = (pc.utf8_slice_codeunits(moved.column(name), 0, _MONTH) for name in ("date", "voucher_date"))
    for line in moved.column("row").filter(pc.and_(pc.not_equal(own, shared), pc.not_equal(shared, ""))).to_pylist():
        remark(line, "row_in_other_month")
    heads = _block_heads(vouchers)
    if not _strictly_ascending(heads):
        _numbers(named_frame(heads), remark)


def _balances(books: Books, remark: Remark) -> None:
    """V5: opening balances that do not sum to zero; V4: closing ones and results that do not sum to the opening ones."""
    current = [balance for balance in books.balances if balance.year == 0 and balance.kr is not None]
    opening = sum(books.opening.values(), Decimal(0))
    if opening:
        remark(next((b.line for b in current if b.kind == "IB"), 1), "opening_not_zero")
    closing = [b for b in current if b.kind in {"UB", "RES"}]
    if {b.kind for b in closing} == {"UB", "RES"} and sum((b.kr or Decimal(0) for b in closing), Decimal(0)) != opening:
        remark(closing[0].line, "closing_differs_from_opening")


def _declared(vouchers: pa.Table, head: Head, remark: Remark) -> None:
    """V9, V10: an account without #KONTO, an object without #OBJEKT, in files that declare any."""
    for account, line in _first_lines(vouchers, "account") if head.accounts else ():
        if account not in head.accounts:
            remark(line, "undeclared_account")
    seen: set[tuple[str, str]] = set()
    for objects, line in _first_lines(vouchers, "objects") if head.objects else ():
        pairs = {(pair.partition(":")[0], pair.partition(":")[2]) for pair in objects.split("|") if pair} - seen
        seen |= pairs
        if not pairs <= head.objects.keys():
            remark(line, "undeclared_object")


def _first_lines(vouchers: pa.Table, name: str) -> list[tuple[str, int]]:
    """Each text of a column with the first line it stands on, in the order of the lines."""
    first = vouchers.group_by(name).aggregate([("row", "min")]).sort_by("row_min")
    return [*zip(first.column(name).to_pylist(), first.column("row_min").to_pylist(), strict=True)]


def _block_heads(vouchers: pa.Table) -> pa.Table:
    """The first row of each voucher: row (the line), series and number."""
    block = pa.chunked_array([vouchers.column("block").combine_chunks()])
    begins = pa.chunked_array([[True], pc.not_equal(block[1:], block[:-1]).combine_chunks()])
    return vouchers.select(["row", "series", "number"]).filter(begins)


def _strictly_ascending(heads: pa.Table) -> bool:
    """Whether each series' numbers ascend, every one of digits alone: the usual file, seen at a glance."""
    text = heads.column("number")
    if not pc.all(pc.and_(pc.ascii_is_decimal(text), pc.less_equal(pc.binary_length(text), _INT64_DIGITS))).as_py():
        return False
    series = pc.dictionary_encode(heads.column("series").combine_chunks()).indices.to_numpy()
    order = np.argsort(series, kind="stable")
    steps = np.diff(pc.cast(text, pa.int64()).to_numpy()[order])
    return bool((steps[np.diff(series[order]) == 0] > 0).all())


def _numbers(heads: pd.DataFrame, remark: Remark) -> None:
    """V11, V15: a series whose numbers do not ascend, a number that heads two vouchers."""
    numbered = heads[heads["number"] != ""]
    for line in numbered.index[numbered.duplicated(["series", "number"])]:
        remark(line, "voucher_twice")
    digits = numbered[numbered["number"].str.fullmatch(rf"[0-9]{{1,{_INT64_DIGITS}}}")]
    falling = digits["number"].astype("int64").groupby(digits["series"]).diff() < 0
    for line in digits.index[falling]:
        remark(line, "number_not_ascending")
