"""Ledger files that hold no vouchers: the table that rule L011 judges, one row a file.

A SIE file of type 1-3 has balances only, and a list may hold opening balances only. Belongs here: which files these are, and how many
voucher rows their fiscal year has from others. Does not: the verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.contracts.sources import HUVUDBOK

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import SourceContract
    from finsam_pipeline.pipeline.loading import Loaded, Loading
    from finsam_pipeline.privacy import Pseudonymiser

_TRANSACTION = "transaction"


def bare_ledgers(loading: Loading, contract: SourceContract, pseudonymiser: Pseudonymiser) -> pd.DataFrame:
    """Row id, `vouchers`, place and content of every counting ledger file without voucher rows of its own; empty without such files.

    `vouchers`: the rows of vouchers that count for its fiscal year, whichever file they stand in.
    """
    if contract.name != HUVUDBOK.name:
        return pd.DataFrame()
    told = _with_vouchers(loading.standing) | _with_vouchers(loading.superseded) | _gone(loading)
    files = [d for d in loading.deliveries if d.state == "counts" and d.number not in told]
    if not files:
        return pd.DataFrame()
    years = [_fiscal_year(d, loading.standing) for d in files]
    return pd.DataFrame(
        {
            "row_id": range(len(files)),
            "vouchers": [_booked(loading.standing, year) for year in years],
            "path": [d.delivery.path for d in files],
            "sha256": [d.delivery.sha256 for d in files],
            "sheet": None,
            "row": None,
            "content": [pseudonymiser.content("ledger", contract.name, d.delivery.sha256) for d in files],
            "about": ["" if year is None else f"räkenskapsår {year}" for year in years],
        }
    )


def _with_vouchers(rows: pd.DataFrame) -> set[int]:
    return set(rows.loc[rows["kind"].eq(_TRANSACTION), "delivery"]) if len(rows) else set()


def _gone(loading: Loading) -> set[int]:
    """Files every row of which a newer one replaced."""
    return set(loading.superseded["delivery"]) - set(loading.standing["delivery"])


def _fiscal_year(file: Loaded, rows: pd.DataFrame) -> int | None:
    """The year of its opening balances, else the one a SIE file states; None when neither says."""
    own = set(rows.loc[rows["delivery"].eq(file.number), "fiscal_year"].dropna()) if len(rows) else set()
    if own:
        return int(max(own))
    stated = file.shaped.facts.get("fiscal_years", {}) if file.shaped else {}
    return int(stated[0][0].year) if 0 in stated else None


def _booked(rows: pd.DataFrame, year: int | None) -> int:
    if rows.empty:
        return 0
    booked = rows["kind"].eq(_TRANSACTION)
    return int((booked if year is None else booked & rows["fiscal_year"].eq(year)).sum())
