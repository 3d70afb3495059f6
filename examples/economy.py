"""Economy, with SQL in DuckDB: the statement beside budget and year before, its accounts, kinds of cost, the balance sheet.

    python examples/economy.py --home finsam-home [--period 2025H1]

Asks marts.duckdb, read only; any DuckDB from 1.0 opens it. `finsam explain` goes on from a figure to the rows of the files.
"""

from __future__ import annotations

import argparse

import duckdb
import pandas as pd

from finsam_pipeline import open_snapshot

STATEMENT = """
    select compared.label, compared.outcome_kr, statement.budget_kr, compared.year_before_kr, compared.change_kr
    from economy.period_comparison as compared
    inner join economy.income_statement as statement using (association, period, line_order, line_id)
    where compared.period = $period
    order by compared.association, compared.line_order
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
KINDS = """
    select costs.label, coalesce(interventions.name, '(none)') as intervention, costs.outcome_kr
    from economy.cost_kinds as costs
    left join reference.interventions as interventions using (association, intervention_id)
    where costs.period = $period
    order by costs.association, interventions.sort_order nulls last, costs.kind_order
"""
BALANCE = """
    select side, label, opening_kr, change_kr, closing_kr
    from economy.balance_sheet
    where period = $period and (opening_kr <> 0 or change_kr <> 0)
    order by association, line_order
"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--home", default="finsam-home")
    parser.add_argument("--period", help="without it, the newest that is complete")
    wanted = parser.parse_args()

    snapshot = open_snapshot(wanted.home)  # one snapshot, also when a newer one is published meanwhile
    with duckdb.connect(snapshot.path / "marts.duckdb", read_only=True) as marts:
        newest = "select period from reference.periods where complete order by ends_on desc, period limit 1"
        period = wanted.period or marts.execute(newest).fetchall()[0][0]
        print(f"Snapshot {snapshot.id}, {period}\n")
        for sql in (STATEMENT, ACCOUNTS, KINDS, BALANCE):
            found = marts.sql(sql, params={"period": period}).to_arrow_table()
            print(found.to_pandas(types_mapper=pd.ArrowDtype).to_string(index=False), "\n")  # money stays decimal


if __name__ == "__main__":
    main()
