"""SIE type 1-4 to two named tables, vouchers and balances, with controls and facts (ledger.md 1).

Belongs here: which part of the reader a record goes to, and balances. Does not: lines (sie_lines), the grammar (sie_tokens), the
short way of plain vouchers (sie_plain), one field (sie_values), the head (sie_head), voucher blocks (sie_vouchers), sums (sie_controls).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from finsam_pipeline.readers.ahead import made_ahead
from finsam_pipeline.readers.decoding import decode_sie, misread_lines
from finsam_pipeline.readers.frames import NamedRows, named_frame
from finsam_pipeline.readers.sie_controls import Balance, Books, Checksum, Movements
from finsam_pipeline.readers.sie_crosschecks import cross_check
from finsam_pipeline.readers.sie_head import Head, year_index
from finsam_pipeline.readers.sie_lines import Block, blocks
from finsam_pipeline.readers.sie_plain import PlainVouchers
from finsam_pipeline.readers.sie_tokens import CLOSE, OPEN, Record, records
from finsam_pipeline.readers.sie_values import amount_of, amount_text, objects_text
from finsam_pipeline.readers.sie_vouchers import Vouchers
from finsam_pipeline.readers.table import Control, ReadResult, TextTable

if TYPE_CHECKING:
    from finsam_pipeline.readers.limits import Limits

BALANCE_COLUMNS = ("balance", "year", "account", "period", "objects", "amount")
_WITH_PERIOD = frozenset({"PSALDO", "PBUDGET"})
_BALANCES = frozenset({"IB", "UB", "RES", "OIB", "OUB"}) | _WITH_PERIOD
_ROWS = frozenset({"TRANS", "BTRANS", "RTRANS"})
_COMPLETE = frozenset({"RAR", "UB", "RES"})  # 4E states a year and its balances, 4I does not


def read_sie(data: bytes, limits: Limits) -> ReadResult:
    """Tables `vouchers` and `balances` of a SIE 1-4 file; index = the line of the record.

    `vouchers`, one row a #TRANS: account, amount (kr, two decimals, debit positive; what cannot be read is kept and marked),
    date (#TRANS's own, else the voucher's), voucher_date, number, series, objects (`|1:910|6:1001|`), text, block (running number
    of the #VER). `balances`, one row an IB, UB, RES, OIB, OUB, PSALDO or PBUDGET: balance, year (0 = current), account, period,
    objects, amount.
    facts: format, encoding, complete (4E rather than 4I), history (frame of #BTRANS/#RTRANS), ib_from_previous_ub (no #IB 0: the
    opening balances are the #UB -1), period_balances (see `Books.period_verdicts`) and those of `Head`.

    Raises:
        Rejected: `undecodable`; `truncated` when the file ends inside a voucher or before its closing #KSUMMA; `oversized`.
    """
    text, encoding = decode_sie(data)
    reader = _Reader(encoding, limits)
    for line in misread_lines(text):
        reader.remark(line, "suspect_letters")
    for block, plain in made_ahead(blocks(text), PlainVouchers):
        reader.take_block(block, plain)
    del text
    return reader.result()


class _Reader:
    def __init__(self, encoding: str, limits: Limits) -> None:
        self._encoding = encoding
        self._remarks: set[tuple[int, str]] = set()
        self._head = Head(self.remark)
        self._vouchers = Vouchers(self.remark, limits)
        self._checksum = Checksum(encoding)
        self._rows = NamedRows(BALANCE_COLUMNS)
        self._balances: list[Balance] = []
        self._controls: list[Control] = []
        self._labels: set[str] = set()

    def remark(self, line: int, code: str) -> None:
        """Notes a deviation, once a line."""
        self._remarks.add((int(line), code))

    def take_block(self, block: Block, plain: PlainVouchers) -> None:
        """Lines that follow each other, the plain vouchers among them by the short way."""
        numbers = np.zeros(len(plain), dtype=np.int64)
        place = 0
        for run in plain.runs():
            self._take_lines(block, place, run.start)
            numbers[run.vouchers] = self._vouchers.plain(block.first + run.start, run.vouchers.stop - run.vouchers.start)
            if self._checksum.is_open:
                self._checksum.add(plain.words(run))
            place = run.stop
        self._take_lines(block, place, len(block.lines))
        self._vouchers.gather(plain.rows(numbers))

    def _take_lines(self, block: Block, start: int, stop: int) -> None:
        for record in records(block.text(start, stop), self.remark, block.first + start):
            self.take(record)

    def take(self, record: Record) -> None:
        """One record, in the order of the file."""
        label = record.label.upper()
        if label in {OPEN, CLOSE}:
            self._vouchers.brace(record.line, label)
            return
        if label == "KSUMMA":
            if control := self._checksum.mark(record, self.remark):
                self._controls.append(control)
            return
        if self._checksum.is_open:
            self._checksum.add("".join((f"#{record.label}", *record.words)))
        self._labels.add(label)
        if label in _ROWS:
            self._vouchers.row(label, record.line, record.plain, record.objects)
        else:
            self._other(label, record.line, record.plain, record.objects)

    def _other(self, label: str, line: int, plain: list[str], objects: tuple[str, ...] | None) -> None:
        if label == "VER":
            self._vouchers.leave(line, by_label=True)
            self._vouchers.announce(line, plain)
        elif label in _BALANCES:
            self._vouchers.leave(line, by_label=True)
            self._balance(label, line, plain, objects or ())
        elif self._head.take(label, line, plain):
            self._vouchers.leave(line, by_label=True)
        else:  # may stand in a voucher without ending it
            self.remark(line, "unknown_label")

    def _balance(self, label: str, line: int, plain: list[str], words: tuple[str, ...]) -> None:
        """Year, period of #PSALDO and #PBUDGET, account, amount; the object list has been taken out."""
        fields = plain if label in _WITH_PERIOD else [*plain[:1], "", *plain[1:]]
        year, period, account, raw = [*fields, "", "", "", ""][:4]
        value, strict = amount_of(raw)
        if not strict:
            self.remark(line, "unreadable_amount" if value is None else "amount_form")
        objects, even = objects_text(words)
        if not even:
            self.remark(line, "odd_object_list")
        self._rows.add(line, label, year, account, period, objects, amount_text(raw, value))
        self._balances.append(Balance(line, label, year_index(year), account, period, objects, value))

    def result(self) -> ReadResult:
        """Everything read, once the file is at its end."""
        self._vouchers.finish()
        self._checksum.finish()
        vouchers = self._vouchers.table()
        books = Books(self._balances, Movements(vouchers, self._head.covers_to))
        books.notes(self.remark)
        facts = {
            "format": "sie",
            "encoding": self._encoding,
            **self._head.facts(),
            "complete": bool(self._labels & _COMPLETE),
            "history": self._vouchers.history.frame(),
            "ib_from_previous_ub": books.opening_derived,
            "period_balances": books.period_verdicts(self.remark),
        }
        cross_check(vouchers, self._head, books, self.remark)
        tables = [
            TextTable(sheet=None, frame=named_frame(vouchers), named=True, name="vouchers"),
            TextTable(sheet=None, frame=self._rows.frame(), named=True, name="balances"),
        ]
        controls = [*books.controls(self.remark), *self._controls]
        return ReadResult(tables, controls, facts, [*sorted(self._remarks)])
