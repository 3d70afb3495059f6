"""Row-wise questions about a frame of text, answered column by column in Arrow.

Belongs here: the few vectorised steps every table needs. Does not: meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.readers.edges import begins_with, may_be_untidy
from finsam_pipeline.shaping.types import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

_Table = TypeVar("_Table", pd.DataFrame, pd.Series)
_UNIT, _RECORD = "\x1f", "\x1e"
_SHARED = 1 << 13  # rows of a constant column that stand in memory
_BLANK = "^[-\u2010-\u2015\u2212]*$"


def to_arrow(text: pd.Series) -> pa.Array:
    """A text series as one Arrow string array."""
    return one_array(pa.array(text, pa.large_string(), from_pandas=True))


def one_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The values as one array; a single chunk as it is, since Arrow would copy it."""
    if isinstance(values, pa.Array):
        return values
    return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()


def to_series(values: pa.Array | pa.ChunkedArray, index: pd.Index, dtype: object) -> pd.Series:
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
    cells = to_arrow(text)
    suspected = may_be_untidy(cells)
    suspects = cells.filter(suspected)
    trimmed = pc.utf8_trim_whitespace(suspects)
    blank = pc.match_substring_regex(trimmed, _BLANK)
    if not pc.any(pc.or_(pc.not_equal(trimmed, suspects), blank)).as_py():
        return to_series(cells, text.index, "str")  # the usual column: nothing is copied
    tidied = pc.if_else(blank, pa.scalar(None, pa.large_string()), trimmed)
    return to_series(pc.replace_with_mask(cells, suspected, tidied), text.index, "str")


def rows_of(table: _Table, wanted: pd.Series) -> _Table:
    """The rows for which `wanted` is true; the table itself when all are, since a filter would copy it."""
    return table if bool(wanted.all()) else table[wanted]


def tidy_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """`tidy` over every column; column labels 0..n-1, the index kept."""
    columns = {n: tidy(frame.iloc[:, n]) for n in range(frame.shape[1])}
    return pd.DataFrame(columns, index=frame.index)


def constant(value: str | None, index: pd.Index) -> pd.Series:
    """One text, or null, in every row."""
    return to_series(repeated(value, len(index)), index, "str")


def repeated(value: str | None, rows: int) -> pa.ChunkedArray:
    """One text, or null, so many times; its chunks are one in memory."""
    kind = pa.large_string()
    size = min(rows, _SHARED)
    values = pa.nulls(size, kind) if value is None else pa.repeat(pa.scalar(value, kind), size)
    whole, rest = divmod(rows, _SHARED)
    return pa.chunked_array([*[values] * whole, values[:rest]], kind)


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


def matches(text: pd.Series, pattern: str, begins: str = "") -> pd.Series:
    """Whether each cell matches an RE2 pattern; False for null.

    Args:
        text: nullable text.
        pattern: the pattern.
        begins: the ASCII characters a matching cell may begin with, where the pattern says so: the others are passed over.
    """
    cells = to_arrow(text)
    if not begins:
        found = pc.fill_null(pc.match_substring_regex(cells, pattern), fill_value=False)
        return to_series(found, text.index, bool)
    places = pc.indices_nonzero(begins_with(cells, begins))
    hits = places.filter(pc.match_substring_regex(cells.take(places), pattern))
    marks = np.zeros(len(cells), dtype=bool)
    marks[hits.to_numpy(zero_copy_only=False)] = True
    return pd.Series(marks, index=text.index)


def filled_cells(cells: pd.DataFrame) -> pd.Series:
    """How many cells of each row are not null."""
    count = np.zeros(len(cells), dtype=np.int32)
    for n in cells.columns:
        count += cells[n].notna().to_numpy()
    return pd.Series(count, index=cells.index)


def has_digit(text: pd.Series) -> pd.Series:
    """Whether a digit stands in each cell; most cells asked this begin with one."""
    cells = to_arrow(text)
    led = begins_with(cells, "0123456789")
    if pc.all(pc.or_kleene(led, pc.is_null(cells))).as_py():
        return to_series(pc.fill_null(led, fill_value=False), text.index, bool)
    return matches(text, r"\d")


def glued(*parts: pa.Array | str, null_handling: str = "emit_null") -> pa.Array:
    """Texts put together element by element, the last part between them; the kernel wants all parts of one type."""
    texts = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part.cast(pa.large_string()) for part in parts]
    return pc.binary_join_element_wise(*texts, null_handling=null_handling)


def joined(cells: dict[str, pa.Array], rows: int) -> pa.Array:
    """Each row's non-blank cells as `name<US>text<RS>name<US>text`, one string a row: what a content hash is taken over."""
    empty, first = pa.scalar("", pa.large_string()), next(iter(cells), None)
    parts: list[pa.Array | pa.Scalar] = []
    leads = first is not None and cells[first].null_count == 0  # its mark needs nothing before it
    for name, column in cells.items():
        mark = pa.scalar(f"{'' if leads and name == first else _RECORD}{name}{_UNIT}", pa.large_string())
        if column.null_count < len(column):
            parts += [mark if column.null_count == 0 else pc.if_else(pc.is_valid(column), mark, empty), column]
    if not parts or not rows:
        return pa.array([""] * rows, pa.large_string())
    whole = pc.binary_join_element_wise(*parts, empty, null_handling="replace")
    return whole if leads else pc.utf8_slice_codeunits(whole, 1)
