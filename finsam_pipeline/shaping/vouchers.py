"""Voucher numbers, fiscal years and keys: which rows of a ledger are one voucher.

Belongs here: `A 12`, `a-12`, `B12`, `305` to series and number; the fiscal year; the key the latest delivery of a voucher is
found by. Does not: layouts, amounts.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.shaping.arrow import glued, to_arrow, to_series
from finsam_pipeline.shaping.dates import parse_date
from finsam_pipeline.shaping.types import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_SPLIT = r"^(?P<letters>\pL*)[\s.:_/-]*(?P<digits>[0-9]+)(?:[.,]0)?$"
_USUAL = r"^[1-9][0-9]{0,17}$"
_DAYS = re.compile(r"\d{4}-?\d{2}-?\d{2}", re.ASCII)
_INT64_DIGITS = 18
_FIRST_DAY, _LAST_DAY = (1, 1), (12, 31)


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A fiscal year some evidence names: its first and last day."""

    first: dt.date
    last: dt.date


def fiscal_year_in(lines: Sequence[str]) -> FiscalYear | None:
    """The fiscal year a report's title rows state (`Räkenskapsår 2025-01-01 - 2025-12-31`), else None."""
    for text in lines:
        days = [day for found in _DAYS.findall(text) if (day := parse_date(found)) is not None]
        if "räkenskapsår" in text.casefold() and len(days) == len(("from", "to")) and days[0] < days[1]:
            return FiscalYear(*days)
    return None


def split_numbers(number: pd.Series, series: pd.Series) -> pd.DataFrame:
    """Series (upper case) and number (no leading zeros) of each row, and `number_int` for finding gaps.

    A number that fits no pattern stands as written. The number cell's own letters are the series; a series column is used
    where it has none.
    """
    written = to_arrow(number)
    if not written.null_count and pc.all(pc.match_substring_regex(written, _USUAL)).as_py():
        number_int = to_series(pc.cast(written, pa.int64()), number.index, "Int64")
        return pd.DataFrame({"series": _upper(series), "number": number, "number_int": number_int}, copy=False)
    letters, digits = _letters_and_digits(written)
    whole = pc.if_else(pc.less_equal(pc.binary_length(digits), _INT64_DIGITS), digits, pa.scalar(None, pa.large_string()))
    number_int = pc.cast(whole, pa.int64())
    as_written = pc.utf8_upper(pc.coalesce(digits, written))
    from_cell = pc.if_else(pc.equal(letters, ""), pa.scalar(None, pa.large_string()), letters)
    return pd.DataFrame(
        {
            "series": to_series(pc.coalesce(from_cell, pc.utf8_upper(to_arrow(series))), number.index, "str"),
            "number": to_series(pc.coalesce(pc.cast(number_int, pa.large_string()), as_written), number.index, "str"),
            "number_int": to_series(number_int, number.index, "Int64"),
        }
    )


def _upper(text: pd.Series) -> pd.Series:
    """In upper case; the series itself where it is already."""
    cells = to_arrow(text)
    upper = pc.utf8_upper(cells)
    return text if upper.equals(cells) else to_series(upper, text.index, "str")


def _letters_and_digits(number: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The two parts of each number, null where it fits no pattern; a column of digits alone needs no pattern."""
    if pc.all(pc.ascii_is_decimal(number)).as_py():
        return pc.if_else(pc.is_valid(number), pa.scalar("", pa.large_string()), pa.scalar(None, pa.large_string())), number
    parts = pc.extract_regex(number, _SPLIT)
    return pc.utf8_upper(pc.struct_field(parts, "letters")), pc.struct_field(parts, "digits")


def with_fiscal_year(rows: pd.DataFrame, known: FiscalYear | None, fallback: int) -> pd.DataFrame:
    """Add `fiscal_year`, `year_from`, `year_to`.

    The year some evidence names; else the calendar year of the date. A row without a readable date takes the year of its
    voucher, else the year most rows have: it must go where its voucher goes.
    """
    if known is not None:
        year = pd.Series(known.first.year, index=rows.index, dtype="Int64")
        first: pd.Series = pd.Series(pd.Timestamp(known.first), index=rows.index, dtype=DAY)
        last: pd.Series = pd.Series(pd.Timestamp(known.last), index=rows.index, dtype=DAY)
    else:
        year = _calendar_years(rows, fallback)
        first, last = (pd.Series(_day_of(year.to_numpy(), *day), index=rows.index, dtype=DAY) for day in (_FIRST_DAY, _LAST_DAY))
    return rows.assign(fiscal_year=year, year_from=first, year_to=last)


def _day_of(years: npt.NDArray[Any], month: int, day: int) -> npt.NDArray[np.datetime64]:
    """That day of each year; the years of one ledger lie near each other."""
    each = range(int(years.min()), int(years.max()) + 1) if len(years) else range(0)
    days = np.array([dt.date(year, month, day) for year in each], dtype="datetime64[s]")
    return days.take(years.astype(np.int64) - each.start)


def voucher_keys(rows: pd.DataFrame, *, with_date: bool) -> pd.Series:
    """`year/series/number`, the key of each row's voucher.

    A row without a number is keyed by its date, which a later delivery of the same ledger repeats. `with_date`: numbers
    without a series are kept apart by date too (a huvudbok in account sections leaves the series out).
    """
    series, number = to_arrow(rows["series"]), to_arrow(rows["number"])
    if with_date or number.null_count:
        day = pc.fill_null(_day_texts(rows["date"]), "?")
        dated = pc.if_else(pc.is_null(series), glued(number, day, "/"), number) if with_date else number
        number = pc.coalesce(dated, glued("#", day, ""))
    key = glued(_year_texts(rows["fiscal_year"]), pc.fill_null(series, ""), number, "/")
    return to_series(key, rows.index, "str")


def _year_texts(years: pd.Series) -> pa.Array | str:
    """The years as text; one text where all rows are of one year, as they mostly are."""
    numbers = years.to_numpy(dtype=np.int64)
    return str(numbers[0]) if len(numbers) and (numbers == numbers[0]).all() else pc.cast(pa.array(numbers), pa.large_string())


def _day_texts(days: pd.Series) -> pa.Array:
    return pc.cast(pc.cast(pa.array(days, pa.timestamp("s"), from_pandas=True), pa.date32()), pa.large_string())


def _calendar_years(rows: pd.DataFrame, fallback: int) -> pd.Series:
    year: pd.Series = rows["date"].dt.year.astype("Int64")
    if bool(year.notna().all()):
        return year
    of_voucher = year.groupby([rows["series"].fillna(""), rows["number"].fillna("")]).transform("first")
    common = year.mode()
    filled: pd.Series = year.fillna(of_voucher).fillna(fallback if common.empty else int(common.iloc[0]))
    return filled
