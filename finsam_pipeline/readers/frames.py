"""Columns of text to the frame every reader hands on.

Belongs here: what a blank cell and a blank row are, and the frame's dtype. Does not: where the cells came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.readers.edges import begins_blank
from finsam_pipeline.readers.table import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

_DTYPE = pd.StringDtype(na_value=np.nan)  # what pandas calls `str`


def text_frame(columns: list[pa.ChunkedArray | pa.Array], rows: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """A frame of nullable strings, columns 0..n-1, index `row`: the row number as the user sees it.

    Empty cells and cells of nothing but whitespace become null; every other cell stays to the letter. Rows of nothing but null
    are dropped, the others keep their numbers. The list is emptied: each column is let go once its own place is taken, so that two
    copies of all never stand side by side.
    """
    nulled: list[pa.Array] = []
    while columns:
        nulled.append(_blank_to_null(columns.pop(0)))
    index = np.asarray(rows, dtype=np.int64)
    keep = _hold_anything(nulled, len(index))
    if not keep.all():
        mask = pa.array(keep)
        nulled, index = [column.filter(mask) for column in nulled], index[keep]
    arrays = {number: pd.array(column, dtype=_DTYPE) for number, column in enumerate(nulled)}
    return pd.DataFrame(arrays, index=pd.Index(index, name="row"), copy=False)


class NamedRows:
    """Rows of text under canonical names, gathered one by one with the line each stands on."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._rows: list[tuple[str, ...]] = []
        self._lines: list[int] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, line: int, *values: str) -> None:
        """One row; `values` in the order of the names."""
        self._rows.append(values)
        self._lines.append(line)

    def frame(self) -> pd.DataFrame:
        """The rows as a frame of strings, index `row`; every row kept, empty text stays empty."""
        return named_frame(self.table())

    def table(self) -> pa.Table:
        """The rows as an Arrow table, the lines in its first column `row`."""
        columns = zip(*self._rows, strict=True) if self._rows else [() for _ in self._names]
        texts = {name: pa.array(values, pa.large_string()) for name, values in zip(self._names, columns, strict=True)}
        return pa.table({"row": pa.array(self._lines, pa.int64()), **texts})


def named_frame(table: pa.Table) -> pd.DataFrame:
    """A table of text with a column `row` as a frame of strings, index `row`; every row kept, empty text stays empty."""
    arrays = {name: pd.array(table.column(name), dtype=_DTYPE) for name in table.column_names if name != "row"}
    return pd.DataFrame(arrays, index=pd.Index(table.column("row").to_numpy(), dtype=np.int64, name="row"), copy=False)


def oversized(cells: int, limit: int) -> Rejected:
    """The rejection of a table with too many cells."""
    return Rejected(
        "oversized",
        f"Tabellen har {cells} celler, fler än {limit}. Rensa formaterade tomma rader och kolumner, eller dela filen per år.",
    )


def _hold_anything(columns: Sequence[pa.Array], rows: int) -> np.ndarray:
    """Which rows have a cell that is not null."""
    keep = np.zeros(rows, dtype=bool)
    for column in columns:
        keep |= pc.is_valid(column).to_numpy(zero_copy_only=False)
        if keep.all():
            break
    return keep


def _blank_to_null(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    suspected = begins_blank(whole)
    suspects = whole.filter(suspected)
    blank = pc.or_(pc.equal(suspects, ""), pc.utf8_is_space(suspects))
    if not pc.any(blank).as_py():
        return whole
    return pc.replace_with_mask(whole, suspected, pc.if_else(blank, pa.scalar(None, type=whole.type), suspects))
