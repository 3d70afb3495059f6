"""Voucher numbers, fiscal years and keys: which rows of a ledger are one voucher.

Belongs here: `A 12`, `a-12`, `B12`, `305` to series and number; the fiscal year; the key the latest delivery of a voucher is
found by. Does not: layouts, amounts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.shaping.arrow import to_arrow, to_series
from finsam_pipeline.shaping.dates import parse_date
from finsam_pipeline.shaping.types import DAY

_SPLIT = re.compile(r"([^\W\d_]*)[\s.:_/-]*(\d+)(?:[.,]0)?")
_DAYS = re.compile(r"\d{4}-?\d{2}-?\d{2}", re.ASCII)
_INT64_DIGITS = 18


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A fiscal year some evidence names: its first and last day."""

    first: dt.date
    last: dt.date


def fiscal_year_in(lines: Sequence[str]) -> FiscalYear | None:
    """The fiscal year a report's title rows state (`Räkenskapsår 2025-01-01 - 2025-12-31`), else None."""
    for text in lines:
        days = [day for found in _DAYS.findall(text) if (day := parse_date(found)) is not None]
        if "räkenskapsår" in text.casefold() and len(days) == 2 and days[0] < days[1]:  # noqa: PLR2004 - from and to
            return FiscalYear(*days)
    return None


def split_numbers(number: pd.Series, series: pd.Series) -> pd.DataFrame:
    """Series (upper case) and number (no leading zeros) of each row, and `number_int` for finding gaps.

    A number that fits no pattern stands as written. The number cell's own letters are the series; a series column is used
    where it has none.
    """
    parts = {text: _split(text) for text in number.dropna().unique()}
    letters = number.map({text: part[0] for text, part in parts.items()}).astype("str")
    own = series.str.upper()
    digits = {text: int(part[1]) for text, part in parts.items() if part[1].isdigit() and len(part[1]) <= _INT64_DIGITS}
    return pd.DataFrame(
        {
            "series": letters.where(letters.notna() & (letters != ""), own),
            "number": number.map({text: part[1] for text, part in parts.items()}).astype("str"),
            "number_int": number.map(digits).astype("Int64"),
        }
    )


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
        first = pd.to_datetime(year.astype(str) + "-01-01").astype(DAY)
        last = pd.to_datetime(year.astype(str) + "-12-31").astype(DAY)
    return rows.assign(fiscal_year=year, year_from=first, year_to=last)


def voucher_keys(rows: pd.DataFrame, *, with_date: bool) -> pd.Series:
    """`year/series/number`, the key of each row's voucher.

    A row without a number is keyed by its date, which a later delivery of the same ledger repeats. `with_date`: numbers
    without a series are kept apart by date too (a huvudbok in account sections leaves the series out).
    """
    day = to_arrow(rows["date"].dt.strftime("%Y-%m-%d").astype("str"))
    series, number = to_arrow(rows["series"]), to_arrow(rows["number"])
    unnumbered = pc.binary_join_element_wise("#", pc.fill_null(day, "?"), "")
    if with_date:
        dated = pc.binary_join_element_wise(number, pc.fill_null(day, "?"), "/")
        number = pc.if_else(pc.is_null(series), dated, number)
    year = pc.cast(pa.array(rows["fiscal_year"], pa.int64(), from_pandas=True), pa.string())
    key = pc.binary_join_element_wise(year, pc.fill_null(series, ""), pc.coalesce(number, unnumbered), "/")
    return to_series(key, rows.index, "str")


def _split(text: str) -> tuple[str, str]:
    found = _SPLIT.fullmatch(text.strip())
    if found is None:
        return "", text.strip().upper()
    return found[1].upper(), str(int(found[2]))


def _calendar_years(rows: pd.DataFrame, fallback: int) -> pd.Series:
    year = rows["date"].dt.year.astype("Int64")
    if bool(year.notna().all()):
        return year
    of_voucher = year.groupby([rows["series"].fillna(""), rows["number"].fillna("")]).transform("first")
    common = year.mode()
    return year.fillna(of_voucher).fillna(fallback if common.empty else int(common.iloc[0]))
