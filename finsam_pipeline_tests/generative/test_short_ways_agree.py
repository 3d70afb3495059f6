"""The short ways through whole columns give what the plain way gives cell by cell."""

from __future__ import annotations

import hashlib
import hmac
import re
from decimal import Decimal
from unittest import mock

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from finsam_pipeline.privacy import Pseudonymiser, contains_personnummer, rows_with_personnummer
from finsam_pipeline.readers.frames import text_frame
from finsam_pipeline.shaping import arrow, numbers
from finsam_pipeline.shaping.digits import Plain, decimals, plain_numbers

LETTERS = st.sampled_from("aÅé7 -–−\t\u00a0\u2009\u3000\u0085\x1f")
CELLS = st.lists(st.none() | st.text(LETTERS, max_size=4), max_size=30)
DASHES = set("-‐‑‒–—―−")


def column(cells: list[str | None]) -> pd.Series:
    return pd.Series(pd.array(cells, dtype="str"))


def plain(values: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in values.to_list()]


def trimmed(cell: str | None) -> str | None:
    text = "" if cell is None else cell.strip(" \t\x1f\u0085\u00a0\u2009\u3000")
    return None if set(text) <= DASHES else text


@settings(max_examples=300, deadline=None)
@given(cells=CELLS, cut=st.integers(0, 3))
def test_tidy_trims_every_cell_of_any_slice(cells: list[str | None], cut: int) -> None:
    assert plain(arrow.tidy(column(cells).iloc[cut:])) == [trimmed(cell) for cell in cells[cut:]]


@settings(max_examples=300, deadline=None)
@given(cells=CELLS)
def test_a_cell_of_blanks_is_null_and_any_other_stays_to_the_letter(cells: list[str | None]) -> None:
    frame = text_frame([pa.array(["x"] * len(cells), pa.large_string()), pa.array(cells, pa.large_string())], range(len(cells)))
    assert plain(frame[1]) == [cell if cell and cell.strip() else None for cell in cells]


@settings(max_examples=300, deadline=None)
@given(cells=st.lists(st.none() | st.text("Ssumaå7 ", max_size=6), max_size=30))
def test_passing_over_cells_by_their_first_character_loses_no_match(cells: list[str | None]) -> None:
    text = column(cells)
    pd.testing.assert_series_equal(arrow.matches(text, "(?i)^s", begins="sS"), arrow.matches(text, "(?i)^s"))
    assert arrow.has_digit(text).to_list() == [bool(cell and re.search(r"\d", cell)) for cell in cells]


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(*[st.none() | st.text("aö1", min_size=1, max_size=3)] * 3), min_size=1, max_size=12))
def test_a_row_is_hashed_over_its_cells_that_are_not_blank(rows: list[tuple[str | None, ...]]) -> None:
    cells = {name: pa.array([row[n] for row in rows], pa.large_string()) for n, name in enumerate(("a", "b", "c"))}
    texts = ["\x1e".join(f"{n}\x1f{cell}" for n, cell in zip("abc", row, strict=True) if cell is not None) for row in rows]
    assert arrow.joined(cells, len(rows)).to_pylist() == texts
    secret = b"a key that protects nobody here"
    key = hmac.digest(secret, b"content\x1fx\x1fy", "sha256")
    expected = [hashlib.blake2b(text.encode(), key=key, digest_size=10).hexdigest() for text in texts]
    assert Pseudonymiser(secret).contents("x", "y", pa.array(texts)).to_list() == expected


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.sampled_from([None, "", "8112189876", "19811218-9876 x", "811218-9875", "å 811218+9876"])] * 2))
)
def test_the_first_column_with_a_personnummer_is_named(rows: list[tuple[str | None, str | None]]) -> None:
    frame = pd.DataFrame({n: column([row[n] for row in rows]) for n in (0, 1)})
    expected = [next((str(n) for n in (0, 1) if row[n] and contains_personnummer(row[n])), None) for row in rows]
    assert plain(rows_with_personnummer(frame)) == expected


@settings(max_examples=400, deadline=None)
@given(
    cells=st.lists(
        st.none() | st.from_regex(r"-?[0-9]{1,18}([.,][0-9]{1,3})?", fullmatch=True) | st.text("0123456789.,-/: å", max_size=20),
        max_size=30,
    ),
    cut=st.integers(0, 3),
    scale=st.sampled_from([2, 4]),
)
def test_a_plain_number_is_read_eight_bytes_at_a_time_as_it_is_written(cells: list[str | None], cut: int, scale: int) -> None:
    pattern = re.compile(rf"-?[0-9]{{1,{15 if scale == 2 else 14}}}(?:[.,][0-9]{{1,2}})?")
    found = plain_numbers(pa.array(cells, pa.large_string())[cut:], scale)
    expected = [Decimal(cell.replace(",", ".")) if cell and pattern.fullmatch(cell) else None for cell in cells[cut:]]
    assert decimals(found.units, found.found, scale).to_pylist() == expected
    assert found.marks == {mark for mark in ",." for cell in cells[cut:] if cell and pattern.fullmatch(cell) and mark in cell}


@settings(max_examples=300, deadline=None)
@given(
    cells=st.lists(
        st.none()
        | st.text("1895å -", max_size=14)
        | st.builds(
            "{}{}{}{}".format,
            st.sampled_from(["", "1", "å", "\u2003", "2025-01-01"]),
            st.sampled_from(["811218", "19811218", "811278", "811219"]),
            st.sampled_from(["", *"-+‐‑–−", " ", "\t", "\u00a0", "\u1680", "\u2003", "\u202f", "\u3000", "\u2028", "  ", "😀"]),
            st.sampled_from(["9876", "9875", "98760", "987", "9876 x", "9870"]),
        ),
        max_size=12,
    ),
    cuts=st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
def test_a_look_at_the_bytes_passes_over_no_personnummer(cells: list[str | None], cuts: tuple[int, int]) -> None:
    whole = pa.array(cells, pa.large_string())
    chunks = pa.chunked_array([whole[: cuts[0]], whole[cuts[0] : sum(cuts)], whole[sum(cuts) :]])
    frame = pd.DataFrame({"x": pd.array(chunks, dtype="str")})
    assert plain(rows_with_personnummer(frame)) == ["x" if cell and contains_personnummer(cell) else None for cell in cells]


AMOUNTS = st.from_regex(r"[-−]?[0-9]{1,3}([ \u00a0,.][0-9]{3}){0,5}([.,][0-9]{1,3})?( kr|-)?", fullmatch=True)


def nothing_is_plain(text: pa.Array, _scale: int) -> Plain:
    return Plain(np.zeros(len(text), dtype=np.int64), np.zeros(len(text), dtype=bool), frozenset())


@settings(max_examples=400, deadline=None)
@given(
    cells=st.lists(st.none() | AMOUNTS | st.text("0123456789.,-−() \u00a0\u2009kr", max_size=14), max_size=12),
    scale=st.sampled_from([2, 4]),
    mark=st.sampled_from(["", "", "."]),
)
def test_amounts_come_out_alike_by_the_short_ways_and_the_long_one(cells: list[str | None], scale: int, mark: str) -> None:
    column = pa.array(cells, pa.large_string())
    short = numbers.parse_numbers(column, scale, mark)
    with mock.patch.object(numbers, "plain_numbers", nothing_is_plain):
        long = numbers.parse_numbers(column, scale, mark)
    assert short.values.to_pylist() == long.values.to_pylist()
    assert short.state.to_pylist() == long.state.to_pylist()


def test_a_constant_column_stands_in_memory_once() -> None:
    before = pa.total_allocated_bytes()
    series = arrow.constant("a path of some length", pd.RangeIndex(1_000_000))
    assert pa.total_allocated_bytes() - before < 3_000_000
    assert len(series) == 1_000_000
    assert series.iloc[[0, 65_535, 65_536, 999_999]].eq("a path of some length").all()
    assert arrow.constant(None, pd.RangeIndex(70_000)).isna().all()


def test_tidy_copies_nothing_of_a_tidy_column() -> None:
    text = column([f"Händelse {n}" for n in range(200_000)])
    before = pa.total_allocated_bytes()
    kept = arrow.tidy(text)
    assert pa.total_allocated_bytes() - before < 100_000
    assert np.array_equal(kept.to_numpy(), text.to_numpy())
