"""Amounts in every style, as columns: read to the öre or not at all. They reach beyond what a float could hold."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal

import pyarrow as pa
import pytest

from finsam_pipeline.shaping.numbers import parse_numbers

BLANKS = ("", " ", "\u00a0", "\u202f", "\u2009")
STYLES = tuple(
    (decimal, thousands, sign, unit)
    for decimal, other in ((",", "."), (".", ","))
    for thousands in (*BLANKS, other)
    for sign in ("-{}", "−{}", "{}-", "({})", "- {}", "–{}")
    for unit in ("", " kr", " SEK", ":-")
)
LARGEST = 10**17 - 1  # öre: fifteen digits before the mark, more than the 53 bits of a float


def written(ore: int, style: tuple[str, str, str, str]) -> str:
    decimal, thousands, sign, unit = style
    kr, rest = divmod(abs(ore), 100)
    text = f"{kr:,}".replace(",", thousands) + f"{decimal}{rest:02d}"
    return (sign.format(text) if ore < 0 else text) + unit


def check(count: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a test case, not a secret
    each = count // len(STYLES) + 1
    for style in STYLES:
        ore = [rng.randint(-(10 ** rng.randint(1, 17)) + 1, 10 ** rng.randint(1, 17) - 1) for _ in range(each - 1)] + [LARGEST]
        parsed = parse_numbers(pa.array([written(amount, style) for amount in ore]))
        assert parsed.values.type == pa.decimal128(18, 2)
        assert parsed.values.to_pylist() == [Decimal(amount).scaleb(-2) for amount in ore], style
        assert set(parsed.state.to_pylist()) == {"ok"}


def test_ten_thousand_amounts_are_exact():
    check(10_000, 1)


@pytest.mark.long
def test_a_million_amounts_are_exact():
    check(1_000_000, 2)


@pytest.mark.parametrize(("mark", "sign"), list(itertools.product(",.", ("{}", "-{}", "({})", "{} kr"))))
def test_a_column_in_which_no_cell_decides_is_not_read(mark: str, sign: str):
    rng = random.Random(3)  # noqa: S311 - a test case, not a secret
    cells = [sign.format(f"{rng.randint(1, 999)}{mark}{rng.randint(0, 999):03d}") for _ in range(500)]
    parsed = parse_numbers(pa.array([*cells, "1 000", "17"]))
    assert parsed.state.to_pylist() == ["ambiguous"] * 500 + ["ok", "ok"]
    assert parsed.values.to_pylist() == [None] * 500 + [Decimal(1000), Decimal(17)]


def test_a_column_written_in_two_ways_decides_nothing():
    parsed = parse_numbers(pa.array(["1,234", "5,25", "5.25"]))
    assert parsed.state.to_pylist() == ["ambiguous", "ok", "ok"]


def test_more_than_an_ore_or_than_the_type_holds_is_unreadable():
    parsed = parse_numbers(pa.array(["0,005", "1,2345", "1000000000000000,00", "0,0050", "7,5000"]))
    assert parsed.state.to_pylist() == ["unreadable", "unreadable", "unreadable", "unreadable", "ok"]


@pytest.mark.parametrize("cell", ["123456789012345", "123 456 789 012 345", "-123456789012345,5", "123.456.789.012.345,00"])
def test_more_digits_than_the_kept_decimals_leave_room_for_cannot_be_read(cell: str):
    assert parse_numbers(pa.array([cell])).state.to_pylist() == ["ok"]
    parsed = parse_numbers(pa.array([cell, "12345678901234,5"]), scale=4)
    assert parsed.state.to_pylist() == ["unreadable", "ok"]
    assert parsed.values.to_pylist() == [None, Decimal("12345678901234.5")]
