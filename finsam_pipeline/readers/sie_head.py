"""What a SIE file says about itself before its figures: type, years, accounts, dimensions (ledger.md 1.3).

Belongs here: identification and the chart. Does not: balances, vouchers. Names of companies and persons are passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finsam_pipeline.readers.sie_values import date_of, dimension_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from finsam_pipeline.readers.sie_tokens import Remark

_PASSED_OVER = frozenset(
    {"FORMAT", "PROGRAM", "FNAMN", "FNAM", "FNR", "ORGNR", "ADRESS", "BKOD", "FTYP", "TAXAR", "VALUTA", "PROSA", "SRU", "ENHET"}
)
_TYPES = frozenset("1234")


class Head:
    """The facts of the head, fed record by record."""

    def __init__(self, remark: Remark) -> None:
        self.sie_type = 1  # a file without #SIETYP is type 1
        self.covers_to: dt.date | None = None
        self.generated: dt.date | None = None
        self.chart = ""
        self.fiscal_years: dict[int, tuple[dt.date, dt.date]] = {}
        self.accounts: dict[str, str] = {}
        self.account_types: dict[str, str] = {}
        self.dims: dict[str, str] = {}
        self.objects: dict[tuple[str, str], str] = {}
        self._remark = remark
        self._takers: dict[str, Callable[[int, list[str]], None]] = {
            "FLAGGA": self._flag,
            "SIETYP": self._type,
            "GEN": self._generated,
            "OMFATTN": self._covers,
            "RAR": self._year,
            "KPTYP": self._chart,
            "KONTO": self._account,
            "KTYP": self._account_type,
            "DIM": self._dimension,
            "UNDERDIM": self._dimension,
            "OBJEKT": self._object,
        }

    def take(self, label: str, line: int, plain: list[str]) -> bool:
        """One record; False when the label is none of the head's."""
        if taker := self._takers.get(label):
            taker(line, [*plain, "", "", ""])
            return True
        return label in _PASSED_OVER

    def facts(self) -> dict[str, Any]:
        """The facts by name, as `ReadResult.facts` holds them."""
        return {
            "sie_type": self.sie_type,
            "covers_to": self.covers_to,
            "generated": self.generated,
            "chart": self.chart,
            "fiscal_years": self.fiscal_years,
            "accounts": self.accounts,
            "account_types": self.account_types,
            "dims": self.dims,
            "objects": self.objects,
        }

    def _day(self, line: int, raw: str) -> dt.date | None:
        day, strict = date_of(raw)
        if not strict:
            self._remark(line, "unreadable_date" if day is None else "date_form")
        return day

    def _flag(self, line: int, plain: list[str]) -> None:
        if plain[0] == "1":
            self._remark(line, "already_imported")

    def _type(self, line: int, plain: list[str]) -> None:
        kind = plain[0][:1]  # 4E and 4I both count as 4
        if kind in _TYPES:
            self.sie_type = int(kind)
        else:
            self._remark(line, "unreadable_type")

    def _generated(self, line: int, plain: list[str]) -> None:
        self.generated = self._day(line, plain[0])

    def _covers(self, line: int, plain: list[str]) -> None:
        self.covers_to = self._day(line, plain[0])

    def _chart(self, _: int, plain: list[str]) -> None:
        self.chart = plain[0]

    def _year(self, line: int, plain: list[str]) -> None:
        first, last = self._day(line, plain[1]), self._day(line, plain[2])
        year = year_index(plain[0])
        if year is None or first is None or last is None or last < first:
            self._remark(line, "unreadable_year")
        else:
            self.fiscal_years[year] = (first, last)

    def _account(self, _: int, plain: list[str]) -> None:
        self.accounts[plain[0]] = plain[1]

    def _account_type(self, _: int, plain: list[str]) -> None:
        self.account_types[plain[0]] = plain[1].upper()

    def _dimension(self, _: int, plain: list[str]) -> None:
        self.dims[dimension_of(plain[0])] = plain[1]

    def _object(self, _: int, plain: list[str]) -> None:
        self.objects[dimension_of(plain[0]), plain[1]] = plain[2]


def year_index(raw: str) -> int | None:
    """0 for the current year, -1 for the one before, ...; None when it is none."""
    digits = raw.removeprefix("-")
    return int(raw) if digits.isascii() and digits.isdigit() and len(digits) <= 2 else None  # noqa: PLR2004
