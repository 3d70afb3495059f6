"""Any exact amount, written in any of the usual ways, is read back to the öre."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from finsam_pipeline.shaping.numbers import parse_numbers

BLANKS = (" ", "\u00a0", "\u202f", "\u2009")
SIGNS = ("-{}", "−{}", "{}-", "({})", "–{}", "- {}")
ore = st.integers(-(10**14), 10**14)


def grouped(kr: int, mark: str) -> str:
    return f"{kr:,}".replace(",", mark)


@st.composite
def written(draw: st.DrawFn, decimal: str, thousands: tuple[str, ...]) -> tuple[str, Decimal]:
    amount = draw(ore)
    kr, rest = divmod(abs(amount), 100)
    text = grouped(kr, draw(st.sampled_from(thousands))) + draw(
        st.sampled_from([f"{decimal}{rest:02d}", f"{decimal}{rest:02d}00"])
    )
    if amount < 0:
        text = draw(st.sampled_from(SIGNS)).format(text)
    return text + draw(st.sampled_from(["", " kr", "\u00a0kr"])), Decimal(amount) / 100


@settings(max_examples=150, deadline=None)
@given(st.lists(written(",", ("", ".", *BLANKS)), min_size=1))
def test_decimal_comma(cells: list[tuple[str, Decimal]]):
    parsed = parse_numbers(pa.array([text for text, _ in cells]))
    assert parsed.state.to_pylist() == ["ok"] * len(cells)
    assert parsed.values.to_pylist() == [value for _, value in cells]


@settings(max_examples=150, deadline=None)
@given(st.lists(written(".", ("", ",", *BLANKS)), min_size=1))
def test_decimal_point(cells: list[tuple[str, Decimal]]):
    parsed = parse_numbers(pa.array([text for text, _ in cells]))
    assert parsed.state.to_pylist() == ["ok"] * len(cells)
    assert parsed.values.to_pylist() == [value for _, value in cells]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([",", "."]), st.booleans())
def test_the_column_decides_what_its_cells_cannot(kr: int, rest: int, mark: str, other: bool):
    cell = f"{kr}{mark}{rest:03d}"
    assert parse_numbers(pa.array([cell, "5"])).state.to_pylist() == ["ambiguous", "ok"]
    deciding = {",": ".", ".": ","}[mark] if other else mark
    parsed = parse_numbers(pa.array([cell, f"5{deciding}25"]))
    if other:
        assert parsed.values.to_pylist() == [Decimal(kr * 1000 + rest), Decimal("5.25")]
    elif rest % 10 == 0:
        assert parsed.values.to_pylist()[0] == Decimal(f"{kr}.{rest:03d}")
    else:
        assert parsed.state.to_pylist() == ["unreadable", "ok"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(alphabet="0123456789 .,-−()kr\u00a0x", max_size=12)), min_size=1))
def test_nothing_raises_and_a_value_stands_exactly_where_the_state_is_ok(cells: list[str | None]):
    parsed = parse_numbers(pa.array(cells, pa.string()))
    states = parsed.state.to_pylist()
    assert set(states) <= {"ok", "missing", "unreadable", "ambiguous"}
    assert [value is not None for value in parsed.values.to_pylist()] == [state == "ok" for state in states]


def test_no_value_and_no_number():
    parsed = parse_numbers(
        pa.array([None, "", " ", "-", "–", "−", "kr 5", "5..2", "1 23", "--5", "(5", "-(5)", "1e3", "12,345,6"])
    )
    assert parsed.state.to_pylist() == ["missing"] * 6 + ["unreadable"] * 8
