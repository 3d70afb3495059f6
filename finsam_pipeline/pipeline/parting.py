"""A large table of rows parted in two, column by column, so that it is never held twice.

Belongs here: memory. Does not: which rows count.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from finsam_pipeline.shaping.arrow import constant

_OF_DELIVERY = ("association", "source", "path", "sha256")  # one text in all rows of a delivery
_MOST_RUNS = 1_000


def part(rows: pd.DataFrame, wanted: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows for which `wanted` is true, and the others, both on their old index. `rows` is emptied of its columns.

    Args:
        rows: any columns, `delivery` among them; association, source, path and sha256 follow from the delivery.
        wanted: bool on the index of `rows`.
    """
    if bool(wanted.all()):
        whole = rows.copy(deep=False)
        for name in list(rows.columns):  # the caller's own table is to be let go
            rows.pop(name)
        return whole, whole.iloc[:0]
    taking = [_Taking(rows, mask) for mask in (wanted.to_numpy(dtype=bool), ~wanted.to_numpy(dtype=bool))]
    sides: tuple[dict[str, pd.Series], dict[str, pd.Series]] = {}, {}
    for name in list(rows.columns):
        column = rows.pop(name)
        for side, take in zip(sides, taking, strict=True):
            side[str(name)] = take.of(column)
    kept, others = (pd.DataFrame(side, index=take.index) for side, take in zip(sides, taking, strict=True))
    return kept, others


def kept(rows: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """The rows for which `wanted` is true, as `part` gives them; `rows` stays as it is."""
    if bool(wanted.all()):
        return rows.copy(deep=False)
    take = _Taking(rows, wanted.to_numpy(dtype=bool))
    return pd.DataFrame({str(name): take.of(rows[name]) for name in rows.columns}, index=take.index)


class _Taking:
    """Takes the wanted rows out of one column of a table after another."""

    def __init__(self, rows: pd.DataFrame, mask: np.ndarray) -> None:
        self.index = rows.index[mask]  # shared: a Series that is indexed makes one of its own
        self._mask, self._deliveries = mask, rows["delivery"].to_numpy()

    def of(self, column: pd.Series) -> pd.Series:
        """The column's wanted rows."""
        if column.name in _OF_DELIVERY:
            return _shared(column, self._mask, self._deliveries)
        return pd.Series(column.array[self._mask], index=self.index, copy=False)  # filters; a Series gathers cell by cell


def _shared(column: pd.Series, mask: np.ndarray, deliveries: np.ndarray) -> pd.Series:
    """The column's wanted rows; a text that all rows of a delivery have still stands in memory once."""
    numbers, index = deliveries[mask], column.index[mask]
    begins = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1)) if len(numbers) else np.array([], dtype=np.intp)
    if not 0 < len(begins) <= _MOST_RUNS:
        return column[mask]
    places = np.flatnonzero(mask)[begins]
    ends = np.append(begins[1:], len(numbers))
    runs = [constant(column.iloc[p], index[b:e]) for p, b, e in zip(places, begins, ends, strict=True)]
    return runs[0] if len(runs) == 1 else pd.concat(runs)
