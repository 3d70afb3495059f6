"""The vouchers of a SIE file: #VER blocks and their rows.

Only #TRANS are rows. #BTRANS (struck) and #RTRANS (added) are history: a corrected voucher's final state is always its #TRANS
(ledger.md 1.7). Belongs here: blocks and rows. Does not: balances, sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.readers.frames import NamedRows, oversized
from finsam_pipeline.readers.sie_tokens import CLOSE, OPEN, Remark
from finsam_pipeline.readers.sie_values import amount_of, amount_text, date_of, date_text, objects_text
from finsam_pipeline.readers.table import Rejected

if TYPE_CHECKING:
    from finsam_pipeline.readers.limits import Limits

VOUCHER_COLUMNS = ("account", "amount", "date", "voucher_date", "number", "series", "objects", "text", "block")
HISTORY_COLUMNS = ("kind", "account", "objects", "amount", "date", "sign", "number", "series", "block")


@dataclass(frozen=True, slots=True)
class _Voucher:
    series: str = ""
    number: str = ""
    date: str = ""
    text: str = ""
    block: str = ""


class _Added(NamedTuple):
    line: int
    account: str
    objects: str
    amount: str


class Vouchers:
    """Rows and history of the vouchers, fed record by record, and by whole plain vouchers."""

    def __init__(self, remark: Remark, limits: Limits) -> None:
        self.history = NamedRows(HISTORY_COLUMNS)
        self._gathered: list[pa.Table] = []
        self._rows = NamedRows(VOUCHER_COLUMNS)
        self._cells = 0
        self._remark = remark
        self._limits = limits
        self._voucher = _Voucher()
        self._blocks = 0
        self._state = "outside"  # outside | announced (#VER read) | open (brace read) | bare (rows without a brace)
        self._added: _Added | None = None

    def announce(self, line: int, plain: list[str]) -> None:
        """#VER series number date text: a block begins."""
        series, number, date, text = (*plain, "", "", "", "")[:4]
        self._blocks += 1
        self._voucher = _Voucher(series, number, self._date(line, date), text, str(self._blocks))
        self._state = "announced"

    def plain(self, line: int, count: int) -> range:
        """That many plain vouchers follow, from this line on; the running numbers of their blocks."""
        self.leave(line, by_label=True)
        self._blocks += count
        return range(self._blocks - count + 1, self._blocks + 1)

    def gather(self, plain: pa.Table) -> None:
        """The rows fed since the last call and these of plain vouchers, together in the order of their lines.

        Raises:
            Rejected: `oversized`.
        """
        self._count(len(plain))
        if len(self._rows):
            plain = pa.concat_tables([plain, self._rows.table()])
            plain = plain.take(pc.sort_indices(plain.column("row")))
            self._rows = NamedRows(VOUCHER_COLUMNS)
        self._gathered.append(plain)

    def table(self) -> pa.Table:
        """All #TRANS rows gathered: `row` (the line) and VOUCHER_COLUMNS."""
        return pa.concat_tables(self._gathered or [self._rows.table()])

    def brace(self, line: int, mark: str) -> None:
        """`{` or `}` on a line of its own, or at the end of one."""
        if mark == OPEN and self._state == "announced":
            self._state = "open"
        elif mark == CLOSE and self._state in {"open", "bare"}:
            self.leave(line)
        else:
            self._remark(line, "stray_brace")

    def leave(self, line: int, *, by_label: bool = False) -> None:
        """The block ends, by its brace or because another kind of record begins."""
        if by_label and self._state == "open":
            self._remark(line, "missing_end_brace")
        self._expect_nothing_added()
        self._state = "outside"

    def finish(self) -> None:
        """The end of the file.

        Raises:
            Rejected: `truncated` inside a voucher.
        """
        self._expect_nothing_added()
        if self._state in {"open", "announced"}:
            raise Rejected("truncated", "SIE-filen slutar mitt i en verifikation. Exportera den på nytt ur ekonomisystemet.")

    def row(self, label: str, line: int, plain: list[str], objects: tuple[str, ...] | None) -> None:
        """#TRANS, #BTRANS or #RTRANS: account {objects} amount date text quantity sign."""
        if self._state == "announced":
            self._remark(line, "missing_brace")
            self._state = "bare"
        elif self._state == "outside":
            self._remark(line, "row_outside_voucher")
            self._blocks += 1
            self._voucher = _Voucher(block=str(self._blocks))
            self._state = "bare"
        account, raw, day, text, _quantity, sign = (*plain, "", "", "", "", "", "")[:6]
        tags = self._objects(line, objects)
        value, strict = amount_of(raw)
        if not strict:
            self._remark(line, "unreadable_amount" if value is None else "amount_form")
        amount = amount_text(raw, value)
        date = self._date(line, day) or self._voucher.date
        voucher = self._voucher
        if label == "TRANS":
            self._match_added(account, tags, amount)
            self._rows.add(
                line, account, amount, date, voucher.date, voucher.number, voucher.series, tags, text or voucher.text,
                voucher.block,
            )  # fmt: skip
            self._count(1)
            return
        self._expect_nothing_added()
        self.history.add(line, label, account, tags, amount, date, sign, voucher.number, voucher.series, voucher.block)
        if label == "RTRANS":
            self._added = _Added(line, account, tags, amount)

    def _count(self, rows: int) -> None:
        self._cells += rows * len(VOUCHER_COLUMNS)
        if self._cells > self._limits.cells:
            raise oversized(self._cells, self._limits.cells)

    def _objects(self, line: int, words: tuple[str, ...] | None) -> str:
        if words is None:
            self._remark(line, "no_object_list")
            return ""
        tags, even = objects_text(words)
        if not even:
            self._remark(line, "odd_object_list")
        return tags

    def _date(self, line: int, raw: str) -> str:
        if not raw:
            return ""
        day, strict = date_of(raw)
        if not strict:
            self._remark(line, "unreadable_date" if day is None else "date_form")
        return date_text(raw)

    def _match_added(self, *found: str) -> None:
        """An #RTRANS is followed at once by its #TRANS: same account, objects and amount; dates and texts differ in practice."""
        if self._added is not None and self._added[1:] != found:
            self._expect_nothing_added()
        self._added = None

    def _expect_nothing_added(self) -> None:
        if self._added is not None:
            self._remark(self._added.line, "rtrans_without_trans")
            self._added = None
