"""Standing rows no rule holds → the accepted tables the models read, in the contract's Arrow schema.

Belongs here: the last step before SQL. Does not: which rows are accepted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.contracts.types import SourceContract
from finsam_pipeline.models.inputs import ACCEPTED, conform
from finsam_pipeline.pipeline.loading import Loading

_AT_ONCE = 1 << 17  # rows
# The day a row speaks of, per source: where the grid of periods begins.
_DAYS = ("start_date", "date", "period_from")
YEAR_COLUMNS = (*_DAYS, "year", "exit_cause")  # what `earliest_year` looks at


def accepted_schema(contract: SourceContract) -> pa.Schema:
    """What the models read of a source, plus `content` (keyed hash of the row's cells, for findings made on models)."""
    return ACCEPTED[contract.name].append(pa.field("content", pa.string()))


def accepted_parts(standing: pd.DataFrame, held: pd.Series, contract: SourceContract, association: str) -> Iterator[pa.Table]:
    """The standing rows that are not held, in `accepted_schema`, some at a time: a large ledger is not held twice."""
    schema = accepted_schema(contract)
    wanted, counts = standing[standing.columns.intersection(schema.names)], ~held.to_numpy(dtype=bool)
    for first in range(0, len(standing), _AT_ONCE):
        piece = slice(first, first + _AT_ONCE)
        rows = wanted.iloc[piece][counts[piece]].assign(association=association, source=contract.name)
        yield conform(to_arrow(rows, schema.names), schema)


def history_table(loading: Loading, held: pd.Series, contract: SourceContract, association: str) -> pa.Table:
    """Every participation as each delivery knew it: from its day of delivery to the day a newer one replaced it.

    `held`: rows in quarantine, while they stand or on their own day; they were in no figure.
    """
    schema = ACCEPTED["participation_history"]
    rows = loading.rows
    if rows.empty:
        return schema.empty_table()
    known = rows["intervention_id"].notna() & rows["gender"].notna() & rows["start_date"].notna()
    known &= ~held.reindex(rows.index, fill_value=False)
    known &= loading.until.ne(rows["delivered_on"])
    whole = rows[known]
    if "exit_cause" not in whole:
        whole = whole.assign(exit_cause=pd.Series(None, index=whole.index, dtype="str"))
    dated = whole.assign(
        association=association, source=contract.name, valid_from=whole["delivered_on"], valid_to=loading.until[known]
    )
    return conform(to_arrow(dated, schema.names), schema)


def to_arrow(frame: pd.DataFrame, columns: Iterable[str]) -> pa.Table:
    """Columns of a frame as Arrow, days as dates."""
    table = pa.Table.from_pandas(frame[list(columns)], preserve_index=False)
    for n, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(n, field.name, table.column(n).cast(pa.timestamp("s")).cast(pa.date32()))
    return table


def earliest_year(tables: Iterable[pa.Table]) -> int | None:
    """The year of the earliest accepted row of any source; misregistered participations do not count."""
    first: list[dt.date] = []
    years: list[int] = []
    for table in tables:
        names = table.column_names
        counted = table
        if "exit_cause" in names:
            counted = table.filter(pc.fill_null(pc.not_equal(table["exit_cause"], "misregistered"), fill_value=True))
        first += [d for d in (pc.min(counted[c]).as_py() for c in _DAYS if c in names) if d]
        if "year" in names:
            years += [y for y in [pc.min(counted["year"]).as_py()] if y]
    return min([d.year for d in first] + years, default=None)
