"""Economy, with SQL in DuckDB: the income statement beside the year before, and which accounts a line is made of.

    python examples/economy.py --home finsam-home [--period 2025H1]

Asks marts.duckdb, read only; any DuckDB from 1.0 opens it. `finsam explain` goes on from a figure to the rows of the files.
"""

from __future__ import annotations

import argparse

import duckdb
import pandas as pd

from finsam_pipeline import open_snapshot

STATEMENT = """
    select now.label, now.outcome_kr, now.budget_kr, before.outcome_kr as year_before_kr
    from economy.income_statement as now
    inner join reference.periods as periods using (association, period)
    left join economy.income_statement as before
        on before.association = now.association and before.period = periods.year_before and before.line_id = now.line_id
    where now.period = $period and now.kind <> 'section'
    order by now.association, now.line_order
"""
ACCOUNTS = """
    select ledger.line_id, ledger.account, sum(ledger.amount_kr) as amount_kr, cast(sum(ledger.rows) as bigint) as voucher_rows
    from economy.ledger_month as ledger
    inner join reference.periods as periods
        on ledger.association = periods.association
        and ledger.month between strftime(periods.starts_on, '%Y-%m') and strftime(periods.ends_on, '%Y-%m')
    where periods.period = $period and ledger.line_id is not null
    group by ledger.line_id, ledger.account
    order by abs(sum(ledger.amount_kr)) desc
    limit 10
"""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", default="finsam-home")
    parser.add_argument("--period", help="without it, the newest that is complete")
    wanted = parser.parse_args()

    snapshot = open_snapshot(wanted.home)  # one snapshot, also when a newer one is published meanwhile
    with duckdb.connect(snapshot.path / "marts.duckdb", read_only=True) as marts:
        newest = "select period from reference.periods where complete order by ends_on desc, period limit 1"
        period = wanted.period or marts.execute(newest).fetchall()[0][0]
        print(f"Snapshot {snapshot.id}, {period}\n")
        for sql in (STATEMENT, ACCOUNTS):
            found = marts.sql(sql, params={"period": period}).to_arrow_table()
            print(found.to_pandas(types_mapper=pd.ArrowDtype).to_string(index=False), "\n")  # money stays decimal


if __name__ == "__main__":
    main()
