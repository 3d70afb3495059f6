"""A file without some of its rows: they are gone from its bytes, and no other row moves."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from finsam_pipeline.privacy import struck_out
from finsam_pipeline.readers import read
from finsam_pipeline.readers.blanking import blanked

NUMBER = "6408233234"
CELL = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(' "\n;'), min_size=1, max_size=6)


def _cells(data: bytes, name: str) -> dict[tuple[str | None, int], list[str]]:
    return {
        (t.sheet, int(row)): [c for c in cells if isinstance(c, str)]
        for t in read(data, name).tables
        for row, cells in zip(t.frame.index, t.frame.to_numpy().tolist(), strict=True)
    }


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.data(),
)
def test_text_rows_are_emptied_and_the_others_stay_where_they_were(
    rows: list[list[str]], encoding: str, end: str, draw: st.DataObject
):
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = (end.join(["a;b;c", *lines]) + end).encode(encoding)
    before = _cells(data, "x.csv")
    gone = draw.draw(st.sets(st.sampled_from([row for _, row in before if row > 1]), max_size=len(rows) - 1))
    after = _cells(blanked(data, "x.csv", read(data, "x.csv"), {None: gone}), "x.csv")
    assert after == {place: cells for place, cells in before.items() if place[1] not in gone}


def test_the_last_row_without_a_line_end_is_emptied():
    data = b"a;b\n1;hemlig\n2;hemligare"
    left = blanked(data, "x.csv", read(data, "x.csv"), {None: {3}})
    assert left == b"a;b\n1;hemlig\n"


@pytest.mark.parametrize("written", [NUMBER, "640823-3234", "19640823-3234", "196408233234", "640823 3234"])
def test_a_number_elsewhere_is_struck_out_in_every_notation(written: str):
    data = f"a;b\n1;ring {written} om\n2;640823-3235\n".encode()
    left = blanked(data, "x.csv", read(data, "x.csv"), {}, lambda text: struck_out(text, NUMBER)).decode()
    assert written not in left
    assert "X" * len(written) in left
    assert "640823-3235" in left  # another number: not ours to strike out


def test_workbook_rows_lose_values_and_comments_and_numbers_anywhere():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"Insats {NUMBER}"
    for row in (["Lnr", "Kön"], ["7", "kvinna"], ["8", f"man {NUMBER}"], [6408233234, "man"]):
        sheet.append(row)
    sheet["B2"].comment = Comment("hemlig kommentar", "hemlig handläggare")
    sheet["B1"].comment = Comment(f"gäller {NUMBER}", "x")
    sheet.merge_cells("C2:D2")
    raw = io.BytesIO()
    book.save(raw)
    data = raw.getvalue()
    left = blanked(data, "x.xlsx", read(data, "x.xlsx"), {sheet.title: {2}}, lambda text: struck_out(text, NUMBER))
    after = openpyxl.load_workbook(io.BytesIO(left))["Insats XXXXXXXXXX"]
    assert [[c.value for c in line][:2] for line in after.iter_rows()] == [
        ["Lnr", "Kön"],
        [None, None],
        ["8", "man XXXXXXXXXX"],
        ["XXXXXXXXXX", "man"],
    ]
    assert after["B2"].comment is None
    assert NUMBER not in after["B1"].comment.text
