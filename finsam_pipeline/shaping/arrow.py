"""Row-wise questions about a frame of text, answered column by column in Arrow.

Belongs here: the few vectorised steps every table needs. Does not: meaning.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_BLANK = "^[-\u2010-\u2015\u2212]*$"


def to_arrow(text: pd.Series) -> pa.Array:
    """A text series as one Arrow string array."""
    array = pa.array(text, pa.string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def to_series(values: pa.Array, index: pd.Index, dtype: object) -> pd.Series:
    """An Arrow array as a series of the dtype on that index."""
    series: pd.Series = pd.Series(pd.arrays.ArrowExtensionArray(values), index=index).astype(dtype)  # type: ignore[call-overload]
    return series


def tidy(text: pd.Series) -> pd.Series:
    """The cells without outer blanks; blank cells and lone dashes (how people write "none") are null."""
    trimmed = pc.utf8_trim_whitespace(to_arrow(text))
    blank = pc.match_substring_regex(trimmed, _BLANK)
    return to_series(pc.if_else(blank, pa.scalar(None, pa.string()), trimmed), text.index, "str")


def tidy_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """`tidy` over every column; column labels 0..n-1, the index kept."""
    columns = {n: tidy(frame.iloc[:, n]) for n in range(frame.shape[1])}
    return pd.DataFrame(columns, index=frame.index)


def first_of(columns: list[pd.Series], index: pd.Index) -> pd.Series:
    """The first non-null of several text columns, row by row; all null when there is no column."""
    if not columns:
        return pd.Series([None] * len(index), index=index, dtype="str")
    if len(columns) == 1:
        return columns[0]
    return to_series(pc.coalesce(*(to_arrow(column) for column in columns)), index, "str")


def first_cell(cells: pd.DataFrame) -> pd.Series:
    """The first non-blank cell of each row."""
    return first_of([cells[n] for n in cells.columns], cells.index)


def matches(text: pd.Series, pattern: str) -> pd.Series:
    """Whether each cell matches an RE2 pattern; False for null."""
    found = pc.fill_null(pc.match_substring_regex(to_arrow(text), pattern), fill_value=False)
    return to_series(found, text.index, bool)


def joined(cells: dict[str, pd.Series], rows: int) -> pa.Array:
    """Each row's non-blank cells as `name<US>text<RS>`, one string a row: what a content hash is taken over."""
    out = pa.array([""] * rows, pa.string())
    for name, column in cells.items():
        text = to_arrow(column)
        part = pc.binary_join_element_wise(name, text, "\x1f", null_handling="emit_null")
        out = pc.binary_join_element_wise(out, pc.fill_null(part, ""), "\x1e")
    return out
