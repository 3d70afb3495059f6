"""What holds between budgets, and between a budget and the outcome (G002, G003).

Both rules are the project's own: an intervention's money can stand under two names (ledger.md), and two tables of one report
can follow two decisions. Amounts are compared exactly, as decimals. Belongs here: verdicts on tables made of budgets. Does
not: which version counts, whether a budget row can be placed (G001).
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from finsam_pipeline.validation.expectations.base import RowExpectation

ROUNDING_KR = Decimal(500)  # a line decided in whole tkr is at most half a thousand from the amount it stands for


class ExpectOutcomeWhereTheBudgetIs(RowExpectation):
    """G002: in a period where one intervention has a budget and no outcome, no other has an outcome and no budget."""

    map_metric = "finsam.outcome_where_budget"
    together = ("period",)

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """Both or neither, or the period lacks a counterpart."""
        spent, budgeted = (rows[c].ne(0).fillna(value=False).astype(bool) for c in ("outcome_kr", "budget_kr"))
        period = rows["period"]
        unbudgeted, unspent = spent & ~budgeted, budgeted & ~spent
        both = period.isin(period[unbudgeted]) & period.isin(period[unspent])
        return ~(both & (unbudgeted | unspent))


class ExpectBudgetVersionsToAgree(RowExpectation):
    """G003: on the lines that interventions stand on, the two tables' budgets are the same but for rounding to tkr a line."""

    map_metric = "finsam.budget_versions"

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """At most half a thousand a line apart, or one of the two is not there."""
        apart = (rows["income_statement_kr"] - rows["intervention_budget_kr"]).abs()
        allowed = rows["lines"].map(lambda lines: ROUNDING_KR * int(lines)).astype(apart.dtype)
        return (apart <= allowed).fillna(value=True).astype(bool)
