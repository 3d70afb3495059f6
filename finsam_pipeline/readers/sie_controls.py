"""What a SIE file states about itself against the rows read: #UB, #RES, #KSUMMA, #PSALDO (ledger.md 1.8, 1.9).

Belongs here: sums. Does not: records, what a mismatch leads to.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.readers.sie_values import UNREADABLE, date_of
from finsam_pipeline.readers.table import Control, Rejected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from finsam_pipeline.readers.sie_tokens import Record, Remark

_RESULT_CLASSES = frozenset("345678")
_BALANCE_CLASSES = frozenset("12")
_ACCOUNT = re.compile(r"\d{4,6}", re.ASCII)
_SUM = pa.decimal128(38, 2)
_SINGLE_BYTE = frozenset({"ascii", "cp437"})


class Balance(NamedTuple):
    """One balance record; `kr` is None when it cannot be read, `year` None likewise."""

    line: int
    kind: str
    year: int | None
    account: str
    period: str
    objects: str
    kr: Decimal | None


class Movements:
    """The #TRANS rows of one file, summed by account: `whole`, and `until` the day the file covers; exact.

    `readable`: whether there are rows, each with an amount that can be read. A row without a readable date counts in both sums.
    """

    def __init__(self, vouchers: pa.Table, covers_to: dt.date | None) -> None:
        text = vouchers.column("amount")
        unreadable = pc.or_(pc.equal(text, ""), pc.ends_with(text, UNREADABLE))
        kronor = pc.cast(pc.if_else(unreadable, pa.scalar(None, text.type), text), _SUM)
        rows = vouchers.select(["account"]).append_column("kr", kronor)
        self.readable = len(rows) > 0 and not pc.any(unreadable).as_py()
        self.whole = self.until = _sums(rows)
        if covers_to is not None:
            days = pc.dictionary_encode(vouchers.column("date")).combine_chunks()
            self.until = _sums(rows.filter(_not_after(days, covers_to)))


class Books:
    """The balances and movements of one file, summed."""

    def __init__(self, balances: Iterable[Balance], movements: Movements) -> None:
        everything = list(balances)
        self.balances = [balance for balance in everything if balance.kr is not None]
        self.movements = movements
        self.opening = {b.account: b.kr for b in self.balances if b.kind == "IB" and b.year == 0 and b.kr is not None}
        stated = any(b.kind == "IB" and b.year == 0 for b in everything)  # an unreadable #IB is one all the same
        self.opening_derived = not stated and any(b.kind == "UB" and b.year == -1 for b in self.balances)
        if self.opening_derived:
            self.opening = {
                b.account: b.kr
                for b in self.balances
                if b.kind == "UB" and b.year == -1 and b.kr is not None and not is_result(b.account, b.kind)
            }

    def controls(self, remark: Remark) -> list[Control]:
        """V2 (opening + rows = closing) and V3 (rows = result) for every #UB and #RES of the current year.

        Which of the two follows from the account's class, not the label: a result account with a #UB opens at nothing (or at its
        own #IB, which one exporter writes), and its #UB beside a #RES says nothing of its own. Balances run to and including
        #OMFATTN, so later rows are left out, unless the file sums up better with them.
        Not judged: files without vouchers, with an unreadable amount, or where a row without a proper account may be what is
        missing.
        """
        lines = self._closing_lines()
        controls = self._compare(lines, self.movements.until)
        if self.movements.until != self.movements.whole and (missed := _mismatches(controls)):
            whole = self._compare(lines, self.movements.whole)
            if _mismatches(whole) < missed:
                remark(lines[0].line, "balances_beyond_covers_to")
                controls = whole
        return controls

    def _closing_lines(self) -> list[Balance]:
        lines = [b for b in self.balances if b.kind in {"UB", "RES"} and b.year == 0]
        with_result = {b.account for b in lines if b.kind == "RES"}
        return [b for b in lines if b.kind == "RES" or not (is_result(b.account, b.kind) and b.account in with_result)]

    def _compare(self, lines: list[Balance], sums: dict[str, Decimal]) -> list[Control]:
        judged = self.movements.readable
        stray = any(not _ACCOUNT.fullmatch(account) for account in sums.keys() - {balance.account for balance in lines})
        controls = []
        for line in lines:
            opening = (
                Decimal(0)
                if line.kind == "RES" and is_result(line.account, line.kind)
                else self.opening.get(line.account, Decimal(0))
            )
            declared, actual = line.kr or Decimal(0), opening + sums.get(line.account, Decimal(0))
            controls.append(
                Control(f"{line.kind} {line.account}", line.line, declared, actual, judged and not (stray and declared != actual))
            )
        return controls

    def notes(self, remark: Remark) -> None:
        """V6: an opening balance that is not the year before's closing one is told as a remark, since it stops nothing."""
        closed = {b.account: b.kr for b in self.balances if b.kind == "UB" and b.year == -1 and not is_result(b.account, b.kind)}
        for balance in self.balances:
            if balance.kind == "IB" and balance.year == 0 and closed.get(balance.account, balance.kr) != balance.kr:
                remark(balance.line, "opening_differs_from_last_closing")

    def period_verdicts(self, remark: Remark) -> dict[tuple[int, str], str]:
        """(year, account) -> which #PSALDO rows add up to the year: `total` (those without objects), `rows` (all), `rejected`.

        By rule the row without objects is the whole account; one exporter writes only the untagged remainder there (ledger.md
        1.9).
        """
        total: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
        rows: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for balance in self.balances:
            if balance.kind == "PSALDO" and balance.year is not None:
                key = (balance.year, balance.account)
                rows[key] += balance.kr or 0
                total[key] += 0 if balance.objects else balance.kr or 0
        verdicts = {}
        for key, (line, change) in self._changes().items():
            if key in rows:
                verdicts[key] = "total" if total[key] == change else "rows" if rows[key] == change else "rejected"
                if verdicts[key] == "rejected":
                    remark(line, "period_balances_rejected")
        return verdicts

    def _changes(self) -> dict[tuple[int, str], tuple[int, Decimal]]:
        """(year, account) -> (line, what the account changed by in the year) from #RES, and from #UB less #IB."""
        opening = {(b.year, b.account): b.kr or Decimal(0) for b in self.balances if b.kind == "IB"}
        changes: dict[tuple[int, str], tuple[int, Decimal]] = {}
        for b in self.balances:
            if b.year is not None and b.kr is not None and b.kind == ("RES" if is_result(b.account, b.kind) else "UB"):
                changes[b.year, b.account] = (
                    b.line,
                    b.kr - (0 if b.kind == "RES" else opening.get((b.year, b.account), Decimal(0))),
                )
        return changes


class Checksum:
    r"""#KSUMMA: CRC-32 over the labels and fields of the records between the first and the last (V13).

    Blanks between fields, quotes and braces are left out, `\\"` counts as `"`; found by reproducing the sums of real files.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding if encoding in _SINGLE_BYTE else ""
        self._crc = 0
        self.is_open = False

    def add(self, words: str) -> None:
        """The labels and fields of records that are no #KSUMMA, one after another."""
        if self._encoding:
            self._crc = zlib.crc32(words.encode(self._encoding), self._crc)

    def mark(self, record: Record, remark: Remark) -> Control | None:
        """A #KSUMMA: without a value it opens, with one it closes and gives a control (not judged for multibyte text)."""
        value = next((word.strip() for word in record.plain if word.strip()), "")
        if not value:
            self.is_open, self._crc = True, 0
            return None
        if not self.is_open:
            remark(record.line, "checksum_never_opened")
            return None
        self.is_open = False
        if not re.fullmatch(r"\d{1,10}", value, re.ASCII):
            remark(record.line, "unreadable_checksum")
            return None
        return Control("KSUMMA", record.line, Decimal(value), Decimal(self._crc), bool(self._encoding))

    def finish(self) -> None:
        """The end of the file.

        Raises:
            Rejected: `truncated` when a checksum was opened and never closed (V12).
        """
        if self.is_open:
            raise Rejected("truncated", "SIE-filen saknar sin avslutande kontrollsumma och är avhuggen. Exportera den på nytt.")


def _sums(rows: pa.Table) -> dict[str, Decimal]:
    summed = rows.group_by("account").aggregate([("kr", "sum")])
    return {
        account: kr or Decimal(0)
        for account, kr in zip(summed.column("account").to_pylist(), summed.column("kr_sum").to_pylist(), strict=True)
    }


def _not_after(days: pa.DictionaryArray, last: dt.date) -> pa.Array:
    """Whether each day is one the balances run to; what is no day counts as one."""
    read = [date_of(day)[0] for day in days.dictionary.to_pylist()]
    return pa.array([day is None or day <= last for day in read], pa.bool_()).take(days.indices)


def is_result(account: str, kind: str) -> bool:
    """Whether the account is a result account: by its class, and by the label where the account has none."""
    if account[:1] in _RESULT_CLASSES:
        return True
    return account[:1] not in _BALANCE_CLASSES and kind == "RES"


def _mismatches(controls: list[Control]) -> int:
    return sum(control.declared != control.actual for control in controls)
