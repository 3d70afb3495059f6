"""Row-wise questions about a frame of text, answered column by column in Arrow.

Belongs here: the few vectorised steps every table needs. Does not: meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.shaping.types import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

_BLANK = "^[-\u2010-\u2015\u2212]*$"


def to_arrow(text: pd.Series) -> pa.Array:
    """A text series as one Arrow string array."""
    array = pa.array(text, pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def to_series(values: pa.Array, index: pd.Index, dtype: object) -> pd.Series:
    """An Arrow array as a series of the dtype on that index; each dtype by its own short way, since `astype` goes by objects."""
    if dtype == DAY:
        return pd.Series(pc.cast(values, pa.timestamp("s")).to_numpy(zero_copy_only=False), index=index, dtype=DAY)
    if dtype is bool:
        return pd.Series(values.to_numpy(zero_copy_only=False), index=index, dtype=bool)
    kind: Any = pd.api.types.pandas_dtype(dtype)
    series: pd.Series = pd.Series(kind.__from_arrow__(values), index=index, dtype=kind)
    return series


def tidy(text: pd.Series) -> pd.Series:
    """The cells without outer blanks; blank cells and lone dashes (how people write "none") are null."""
    trimmed = pc.utf8_trim_whitespace(to_arrow(text))
    blank = pc.match_substring_regex(trimmed, _BLANK)
    return to_series(pc.if_else(blank, pa.scalar(None, pa.large_string()), trimmed), text.index, "str")


def tidy_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """`tidy` over every column; column labels 0..n-1, the index kept."""
    columns = {n: tidy(frame.iloc[:, n]) for n in range(frame.shape[1])}
    return pd.DataFrame(columns, index=frame.index)


def constant(value: str | None, index: pd.Index) -> pd.Series:
    """One text, or null, in every row."""
    kind = pa.large_string()
    values = pa.nulls(len(index), kind) if value is None else pa.repeat(pa.scalar(value, kind), len(index))
    return to_series(values, index, "str")


def mapped(text: pd.Series, parse: Callable[[str], object], kind: pa.DataType, dtype: object) -> pd.Series:
    """A function of each cell, called once for each unique text; null stays null.

    Args:
        text: nullable text.
        parse: text to a value of `kind`, or None.
        kind: the Arrow type of the values.
        dtype: the dtype of the series returned.
    """
    coded = pc.dictionary_encode(to_arrow(text))
    values = pa.array([parse(cell) for cell in coded.dictionary.to_pylist()], kind)
    return to_series(values.take(coded.indices), text.index, dtype)


def first_of(columns: list[pd.Series], index: pd.Index) -> pd.Series:
    """The first non-null of several text columns, row by row; all null when there is no column."""
    if not columns:
        return constant(None, index)
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


def glued(*parts: pa.Array | str, null_handling: str = "emit_null") -> pa.Array:
    """Texts put together element by element, the last part between them; the kernel wants all parts of one type."""
    texts = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part.cast(pa.large_string()) for part in parts]
    return pc.binary_join_element_wise(*texts, null_handling=null_handling)


def joined(cells: dict[str, pd.Series], rows: int) -> pa.Array:
    """Each row's non-blank cells as `name<US>text<RS>`, one string a row: what a content hash is taken over."""
    parts = [glued(name, to_arrow(column), "\x1f") for name, column in cells.items()]
    if not parts:
        return pa.array([""] * rows, pa.large_string())
    parts[0] = pc.if_else(pc.is_null(pc.coalesce(*parts)), "", parts[0])  # Arrow 26 leaves out elements that are null throughout
    return glued(*parts, "\x1e", null_handling="skip")
