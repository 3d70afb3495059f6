"""Whether a cell became a value (P008, P015, R001, G001, and P002 where an intervention may be left out).

Belongs here: rules that ask the same of any source. Does not: anything about participations, vouchers or counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finsam_pipeline.validation.expectations.base import RowExpectation

if TYPE_CHECKING:
    import pandas as pd


class ExpectGivenValuesToBeReadable(RowExpectation):
    """P002, P008, P015, R001, G001: what stands in the cell could be read, or is in the list.

    Columns: whether the cell was given, its value.
    """

    map_metric = "finsam.given_readable"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Not given, or with a value."""
        return ~rows.iloc[:, 0] | rows.iloc[:, 1].notna()


class ExpectGivenValuesToBeKnown(RowExpectation):
    """G001: what stands in the cell is known to the configuration.

    Columns: whether the cell was given, whether its value is known.
    """

    map_metric = "finsam.given_known"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Not given, or known."""
        return ~rows.iloc[:, 0] | rows.iloc[:, 1]


class ExpectLineOrAccount(RowExpectation):
    """G001: a budget row says where it belongs, by line or by account."""

    map_metric = "finsam.line_or_account"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """At least one of the two is given."""
        return rows["line_id_given"] | rows["account_given"]


class ExpectAmountUnlessOutcome(RowExpectation):
    """R001: a line of the forecast has an amount, but for the one the pipeline fills (`utfall`)."""

    map_metric = "finsam.amount_unless_outcome"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """With an amount, or of kind outcome."""
        return rows["amount_tkr"].notna() | rows["kind"].eq("outcome").fillna(value=False)
