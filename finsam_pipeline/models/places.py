"""The rows of files behind every figure of one period, as ranges: `explain` for a whole report, one query a mart.

Runs the same analyses as `explain`. Belongs here: the query. Does not: a figure's contributions (`explain`), which figures a report
shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models.explain import explained_marts, in_analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from finsam_pipeline.contracts.types import MartContract
    from finsam_pipeline.models.runner import Built

MOST_RANGES = 30  # of one file and sheet behind one figure; what is beyond them `finsam explain` lists
SEPARATOR = "\t"
_OWN = ("association", "period")
_COLUMNS = pa.schema(
    [
        ("period", pa.string()),
        ("mart", pa.string()),
        ("figure", pa.string()),
        ("key", pa.string()),
        ("path", pa.string()),
        ("sheet", pa.string()),
        ("first", pa.int64()),
        ("last", pa.int64()),
        ("more", pa.bool_()),
    ]
)
# Rows that follow one another without a gap differ as much from their place in order as one another.
_QUERY = """
with places as (
    select distinct figure, {key} as key, path, sheet, row
    from {{analysis}}
    where {own} and figure in ({figures}) and contribution <> 0
),
islands as (
    select figure, key, path, sheet, min(row) as first, max(row) as last
    from (select *, row - row_number() over (partition by figure, key, path, sheet order by row) as island from places)
    group by figure, key, path, sheet, island
)
select figure, key, path, sheet, first, last, count(*) over of_one > {most} as more
from islands
window of_one as (partition by figure, key, path, sheet)
qualify row_number() over (of_one order by first) <= {most}
order by all
"""


def places(built: Built, association: str, period: str, wanted: Mapping[str, Iterable[str]]) -> pa.Table:
    """The ranges behind figures of the period, and of figures that belong to no period.

    Args:
        built: the models.
        association: whose figures.
        period: its name.
        wanted: mart → measures. A mart that no rows of files are behind has no places.

    Returns:
        period, mart, figure (`stands_for`), key (of `own_key`, as text, SEPARATOR between), path, sheet, first, last (null for what the
        configuration states), more (ranges were left out).

    Raises:
        ModelError: an analysis does not run.
    """
    known = [MARTS[mart] for mart in explained_marts() if mart in wanted]
    rows = [(period, c.path, *found) for c in known for found in _of(built, c, association, period, wanted[c.path])]
    columns = zip(*rows, strict=True) if rows else [()] * len(_COLUMNS)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, _COLUMNS, strict=True)], schema=_COLUMNS)


def stands_for(contract: MartContract, measure: str) -> str:
    """The figure that has the same rows behind it: an amount in tkr those of the amount in kr."""
    exact = measure.removesuffix("_tkr") + "_kr"
    return exact if measure.endswith("_tkr") and any(c.name == exact for c in contract.columns) else measure


def own_key(contract: MartContract) -> tuple[str, ...]:
    """The key columns without association and period, in order."""
    return tuple(k for k in contract.key if k not in _OWN)


def _of(built: Built, contract: MartContract, association: str, period: str, wanted: Iterable[str]) -> list[tuple[object, ...]]:
    bound = {"association": association, "period": period}
    fixed = [k for k in _OWN if k in contract.key]
    figures = sorted({stands_for(contract, measure) for measure in wanted})
    parts = ", ".join(f"coalesce(cast(\"{k}\" as varchar), '')" for k in own_key(contract))
    sql = _QUERY.format(
        key=f"concat_ws('{SEPARATOR}', {parts})" if parts else "''",
        own=" and ".join(f'"{k}" = ?' for k in fixed),
        figures=", ".join("?" for _ in figures),
        most=MOST_RANGES,
    )
    return in_analysis(built, contract, sql, [*(bound[k] for k in fixed), *figures])
