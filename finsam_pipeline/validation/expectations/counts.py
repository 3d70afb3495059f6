"""What holds for hand-kept counts by gender (U001).

Belongs here: verdicts on counts. Does not: comparing counts with the local follow-up (U002, a built-in expectation on
the reconciliation table).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finsam_pipeline.validation.expectations.base import RowExpectation

if TYPE_CHECKING:
    import pandas as pd


class ExpectGendersToAddUp(RowExpectation):
    """U001: women + men + other = total. Women, men and total must be there; no value for other means none."""

    map_metric = "finsam.genders_add_up"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """All three are there and the sum holds."""
        parts = rows["women"] + rows["men"] + rows["other"].fillna(0)
        return (parts == rows["total"]).fillna(value=False)


class ExpectKnownGendersToAddUp(RowExpectation):
    """U001 where a count need not be split by gender: a split that is there must add up."""

    map_metric = "finsam.known_genders_add_up"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """The sum holds, or something of it is not known."""
        return (rows["women"] + rows["men"] == rows["total"]).fillna(value=True)
