"""What holds for one participation and between participations (P005-P011, P013, P014, P016, P017).

Sources of the rules: interface 5; participants.md 3.4 (hazards of the workbook) and 4.1 (both the first and the last day
belong to a participation). Belongs here: verdicts on participant rows. Does not: what is counted, and when.
"""

from __future__ import annotations

import pandas as pd

from finsam_pipeline.validation.expectations.base import RestingExpectation, RowExpectation

EARLIEST_START = pd.Timestamp("1990-01-01")
AGES_AT_START = (16, 67)
_IDENTITY = ["intervention_id", "participant", "start_date"]
_OPEN_END = pd.Timestamp("9999-12-31").as_unit("s")


class ExpectEndDateReadableAndNotBeforeStart(RowExpectation):
    """P005: a given end date is readable and not before the start."""

    map_metric = "finsam.end_date"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Open, or with an end on the day of the start or later; an unknown start is P004's."""
        unreadable = rows["end_date_given"] & rows["end_date"].isna()
        return ~unreadable & ~(rows["end_date"] < rows["start_date"])


class ExpectExitReasonOnlyWithEndDate(RowExpectation):
    """P006: who has an exit reason has ended; the cell of the end date must not be empty."""

    map_metric = "finsam.exit_reason_only_with_end_date"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """No reason, or an end date (readable or not: that is P005's)."""
        return ~rows["exit_reason_given"] | rows["end_date_given"]


class ExpectExitReasonWithEndDate(RowExpectation):
    """P007: who has ended has an exit reason."""

    map_metric = "finsam.exit_reason_with_end_date"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Open, or with a reason (known or not: that is P008's)."""
        return rows["end_date"].isna() | rows["exit_reason_given"]


class ExpectStartDateWithinReason(RowExpectation):
    """P010: nobody starts after the list was delivered, or before samordningsförbund can have kept one."""

    map_metric = "finsam.start_date_within_reason"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """From 1990-01-01 to the day of delivery, both included; an unknown start is P004's."""
        start = rows["start_date"]
        return ~((start > rows["delivered_on"]) | (start < EARLIEST_START))


class ExpectAgeAtStartInRange(RowExpectation):
    """P011: 16-67 years at the start, by age or else by the year of birth."""

    map_metric = "finsam.age_at_start"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """In the range, or unknown."""
        age = rows["start_date"].dt.year.astype("Int64") - rows["birth_year"]
        if "age" in rows:
            age = rows["age"].fillna(age)
        youngest, oldest = AGES_AT_START
        outside: pd.Series[bool] = ((age < youngest) | (age > oldest)).fillna(value=False).astype(bool)
        return ~outside


class ExpectParticipationOnce(RestingExpectation):
    """P009: one row an intervention, participant and start date; of equal rows the first stands, of different ones none."""

    map_metric = "finsam.participation_once"
    together = ("participant",)
    rule = "P009"

    @staticmethod
    def holds_beside(rows: pd.DataFrame, held: pd.Series[bool]) -> pd.Series[bool]:
        """Alone, not compared, or the first of rows that are equal after typing."""
        compared = rows[~held & ~_misregistered(rows)].sort_index()
        alike = compared[compared.duplicated(_IDENTITY, keep=False)]
        repeated = alike.duplicated()
        versions = (~repeated).groupby([alike[c] for c in _IDENTITY], dropna=False).transform("sum")
        failing = alike.index[repeated | (versions > 1)]
        return pd.Series(~rows.index.isin(failing), index=rows.index)


class ExpectParticipationsNotToOverlap(RestingExpectation):
    """P013: a participant is in an intervention once at a time."""

    map_metric = "finsam.participations_overlap"
    together = ("participant",)
    rule = "P013"

    @staticmethod
    def holds_beside(rows: pd.DataFrame, held: pd.Series[bool]) -> pd.Series[bool]:
        """No day in common with another participation of the same person, both the first and the last day counted."""
        spells = rows[~held & ~_misregistered(rows)].sort_values(_IDENTITY, kind="stable")
        person = spells.groupby(["intervention_id", "participant"], dropna=False).ngroup()
        end = spells["end_date"].fillna(_OPEN_END)
        latest_end_before = end.groupby(person).cummax().groupby(person).shift()
        next_start = spells["start_date"].groupby(person).shift(-1)
        overlapping = (spells["start_date"] <= latest_end_before) | (next_start <= end)
        return pd.Series(~rows.index.isin(spells.index[overlapping]), index=rows.index)


class ExpectYearNotToBeEmptied(RowExpectation):
    """P014: a delivery that replaces an intervention's rows leaves no calendar year empty that had participations."""

    map_metric = "finsam.year_not_emptied"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Nothing before, or something after."""
        return ~((rows["before"] > 0) & (rows["after"] == 0))


class ExpectNoMoreEndedThanTookPart(RowExpectation):
    """P016: in a period no more end than took part; where counting is by start this also says that nobody is left below zero."""

    map_metric = "finsam.ended_took_part"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Not more ended than participants."""
        return rows["ended"] <= rows["participants"]


class ExpectFlowToClose(RowExpectation):
    """P017: who was there and who came, less who left, are those left; and those left are there when the next period begins.

    An intervention counted as started has no flow, one counted by event carries nobody in. The period before is null where there
    is none to compare with.
    """

    map_metric = "finsam.flow_closes"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """No flow, or both within the period and from the one before it adds up."""
        within = rows["carried_in"] + rows["started"] - rows["ended"] == rows["carried_out"]
        follows = (rows["carried_in"] == rows["carried_out_before"]).fillna(value=True).astype(bool)
        return rows["count_basis"].eq("started") | within & (rows["count_basis"].ne("interval") | follows)


def _misregistered(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows SUS marks as felregistrering: they take part in no count and no comparison."""
    if "exit_cause" not in rows:
        return pd.Series(data=False, index=rows.index)
    return rows["exit_cause"].eq("misregistered").fillna(value=False).astype(bool)
