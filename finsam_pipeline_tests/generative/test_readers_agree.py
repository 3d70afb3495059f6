"""The fast and the careful way through a delimited file agree to the cell, and both give back what was written."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finsam_pipeline.readers import Limits, Rejected, decoding, delimited, lines, read
from finsam_pipeline.readers.delimited import DELIMITERS, parse_careful, parse_fast

TEXT = st.text(alphabet=st.sampled_from("aåÖ1 ,;\t.-#'\\\u00a0\u2028\x0b\x85"), max_size=6)
# A text of whole rows inside one cell is taken for a swallowed quote and rejected by design: no delimiter beside a line end here.
ANY = st.text(alphabet=st.sampled_from('aåÖ1 "\n\r'), max_size=6) | st.text(alphabet=st.sampled_from('aåÖ1 ,;\t"'), max_size=6)


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(TEXT, min_size=1, max_size=12),
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=12),
    d=st.sampled_from(DELIMITERS),
)
def test_fast_equals_careful(lines: list[str], ends: list[str], d: str) -> None:
    text = "".join(line + end for line, end in zip(lines, ends, strict=False))
    for whole in (text, text + "x"):
        pd.testing.assert_frame_equal(parse_fast(whole.encode(), d, Limits()), parse_careful(whole, d, Limits()))


@settings(max_examples=300, deadline=None)
@given(
    width=st.integers(2, 4),
    cells=st.lists(st.text(alphabet="aÖ1 .\u00a0\u2028", max_size=3), min_size=4, max_size=80),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(16, 64),
    stray=st.booleans(),
)
def test_lines_of_one_width_are_split_alike_wherever_blocks_end(
    width: int, cells: list[str], end: str, block: int, stray: bool
) -> None:
    rows = [";".join(cells[n : n + width]) for n in range(0, len(cells) - width + 1, width)]
    text = end.join([*rows, ";" * width if stray else rows[0]]) + end
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "_BLOCK", block)
        patched.setattr(lines, "_FIRST_LINES", 1)
        fast = parse_fast(text.encode(), ";", Limits())
    pd.testing.assert_frame_equal(fast, parse_careful(text, ";", Limits()))


@settings(max_examples=300, deadline=None)
@given(
    table=st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(ANY, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    d=st.sampled_from(DELIMITERS),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(table: list[list[str]], d: str, end: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=d, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["h"] * len(table[0]), *table])
    frame = parse_careful(out.getvalue(), d, Limits())
    kept = [row for row in table if any(cell.strip() for cell in row)]
    got = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()[1:]
    assert got == [[cell if cell.strip() else "" for cell in row] for row in kept]


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_rejected(data: bytes) -> None:
    for name in ("x.csv", "x.se"):
        with contextlib.suppress(Rejected):
            assert all(len(table.frame.columns) for table in read(data, name).tables)


PIECES = st.sampled_from(
    [b"1", b"aa", b"\xc3\xa5", b"\xe5", b"\xc3", b"\xef\xbf\xbd", b"\xc3\xb7", b"\xc5\xbd", b"\x1a", b"\x00", b'"', b" "]
)
ROWS = st.lists(
    st.lists(st.lists(PIECES, max_size=3).map(b"".join), min_size=3, max_size=3).map(b";".join), min_size=2, max_size=9
)


def outcome(way: Callable[[], tuple[Any, ...] | None]) -> tuple[Any, ...] | None:
    try:
        return way()
    except Rejected as rejected:
        return rejected.reason, rejected.message_sv


@settings(max_examples=500, deadline=None)
@given(bom=st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe"]), rows=ROWS, end=st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_bytes_that_go_straight_to_arrow_are_read_as_their_text_is(bom: bytes, rows: list[bytes], end: bytes) -> None:
    data = bom + end.join(rows)
    straight, by_text = (outcome(lambda way=way: way(data, Limits())) for way in (delimited._plain, delimited._any))
    if straight is not None:
        pd.testing.assert_frame_equal(straight[0], by_text[0])
        assert straight[1:] == by_text[1:]


@pytest.mark.parametrize("sign", decoding._MISREAD_SIGNS)
def test_no_sign_of_a_misread_text_is_passed_over(sign: str) -> None:
    assert not decoding.may_be_misread("Räkneövning för Åsa, Örjan och Elisé; 1é".encode())
    assert decoding.may_be_misread(f"k{sign}rning".encode())
    assert read(f"Konto;Text\n1930;k{sign}rning\n".encode(), "x.csv").remarks == [(2, "suspect_letters")]


QUOTED = st.text(alphabet="aÖ1; \t", max_size=4).map('"{}"'.format) | st.sampled_from(
    ['""', '"a""b"', '"a\nb"', '"a', 'a"', 'a"b"', '"a"b', ' "a"']
)


@settings(max_examples=600, deadline=None)
@given(
    table=st.lists(st.lists(st.text("aÖ1 ", max_size=3) | QUOTED, min_size=3, max_size=3), min_size=1, max_size=6),
    above=st.lists(st.lists(st.text("aÖ1 ", max_size=3) | QUOTED, max_size=4), max_size=2),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
)
def test_quoted_cells_are_read_alike_by_the_line_and_with_care(
    table: list[list[str]], above: list[list[str]], end: str, last: bool
) -> None:
    text = end.join(";".join(row) for row in [*above, *table]) + (end if last else "")
    if lines.around_cells_only(text.encode(), b";"):
        pd.testing.assert_frame_equal(parse_fast(text.encode(), ";", Limits()), parse_careful(text, ";", Limits()))


def test_plain_quoted_cells_go_by_the_line() -> None:
    text = 'Konto;Text\n"1930";"Hyra; juni"\r\n1940;""\n"1950";"x"'
    columns = lines.uniform_columns(text.encode(), b";", Limits())
    assert columns is not None
    assert [column.to_pylist() for column in columns] == [["Konto", "1930", "1940", "1950"], ["Text", "Hyra; juni", None, "x"]]
