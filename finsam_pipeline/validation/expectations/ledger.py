"""What holds for vouchers, control totals and contributions (L001-L003, L005, L007, L010).

Sources of the rules: interface 5; ledger.md 1 (SIE: a voucher sums to 0). Amounts are compared exactly, as decimals.
Belongs here: verdicts on the ledger's tables. Does not: which report line a row lands on.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.validation.expectations.base import RestingExpectation, RowExpectation

if TYPE_CHECKING:
    import numpy.typing as npt

CONTRIBUTION_TOLERANCE_KR = Decimal(1)


class ExpectAmountToBeStated(RowExpectation):
    """L002: one readable, unambiguous amount; not both debit and credit."""

    map_metric = "finsam.amount_stated"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """The reader's state of the amount is ok, and there is one."""
        return rows["amount_state"].eq("ok").fillna(value=False).astype(bool) & rows["amount"].notna()


class ExpectDateWithinFiscalYear(RowExpectation):
    """L003: a booking date within the fiscal year the row belongs to."""

    map_metric = "finsam.date_within_fiscal_year"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """From the first to the last day of the year; false without a date."""
        return (rows["date"] >= rows["year_from"]) & (rows["date"] <= rows["year_to"])


class ExpectVoucherToBalance(RestingExpectation):
    """L001: the rows of a voucher sum to exactly 0, and go to quarantine together."""

    map_metric = "finsam.voucher_balance"
    together = ("voucher",)
    rule = "L001"

    @staticmethod
    def holds_beside(rows: pd.DataFrame, held: pd.Series[bool]) -> pd.Series[bool]:
        """An opening balance, a row another rule holds itself, or a row of a whole voucher that sums to 0."""
        booked = rows[_is_transaction(rows)]
        voucher, _ = pd.factorize(booked["voucher"], use_na_sentinel=False)
        broken = np.union1d(_unbalanced(voucher, booked["amount"]), voucher[held[booked.index]])
        quarantined = booked.index[np.isin(voucher, broken)]
        return held | ~rows.index.isin(quarantined)


class ExpectVoucherNumbersWithoutGaps(RowExpectation):
    """L005: within a series the voucher numbers of a fiscal year follow each other."""

    map_metric = "finsam.voucher_numbers"
    together = ("fiscal_year", "series")

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Every row but the first of a voucher whose number jumps by more than one."""
        series = ["fiscal_year", "series"]
        booked = rows[_is_transaction(rows) & rows["number_int"].notna()]
        first_rows = booked.sort_index().drop_duplicates([*series, "number_int"]).sort_values([*series, "number_int"])
        jump = first_rows.groupby(series, dropna=False, sort=False)["number_int"].diff()
        after_gap = first_rows.index[(jump > 1).fillna(value=False).astype(bool)]
        return pd.Series(~rows.index.isin(after_gap), index=rows.index)


class ExpectControlTotalToMatch(RowExpectation):
    """L007: a total the file states about itself is what its rows add up to, quarantined ones included."""

    map_metric = "finsam.control_total"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Not to be judged, or equal to the öre."""
        return ~rows["judged"] | (rows["declared"] == rows["actual"]).fillna(value=False).astype(bool)


class ExpectContributionsInAgreedShares(RowExpectation):
    """L010: a member's contribution is its agreed share of all contributions, to the krona."""

    map_metric = "finsam.agreed_shares"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """At most 1 kr from the agreed share; true where no share is agreed or nothing is booked."""
        distance = (rows["outcome_kr"] - rows["expected_kr"]).abs()
        return (distance <= CONTRIBUTION_TOLERANCE_KR).fillna(value=True).astype(bool)


def _unbalanced(voucher: npt.NDArray[np.intp], amount: pd.Series[Any]) -> npt.NDArray[np.intp]:
    """The voucher numbers whose amounts do not sum to exactly 0; a missing amount adds nothing."""
    rows = pa.table({"voucher": voucher, "amount": pa.array(amount, type=pa.decimal128(38, 2))})
    sums = rows.group_by("voucher").aggregate([("amount", "sum")])
    found: npt.NDArray[np.intp] = sums.filter(pc.field("amount_sum") != Decimal(0))["voucher"].to_numpy()
    return found


def _is_transaction(rows: pd.DataFrame) -> pd.Series[bool]:
    """Opening balances belong to no voucher."""
    return rows["kind"].eq("transaction").fillna(value=False).astype(bool)
