"""Equal rows are told apart by a number that holds over all files of a source, and no correction changes it."""

from __future__ import annotations

import pandas as pd

from finsam_pipeline.pipeline.correcting import by_delivery, carried, numbered


def rows(*pairs: tuple[int, str]) -> pd.DataFrame:
    """(delivery, content) of each row, in order."""
    return pd.DataFrame(pairs, columns=["delivery", "content"]).assign(association="a", source="s", row_id=range(len(pairs)))


def test_rows_that_count_are_numbered_first():
    frame = rows((0, "x"), (0, "y"), (1, "x"), (1, "x"), (2, "y"))
    gone = pd.Series([True, False, False, False, False])
    assert numbered(frame, gone).tolist() == [3, 1, 1, 2, 2]


def test_each_file_is_typed_with_its_own_part():
    frame = rows((0, "x"), (0, "y"), (1, "x"), (1, "x"))
    numbers = numbered(frame, pd.Series(False, index=frame.index))
    wanted = {("x", 1): {"a": "1"}, ("x", 3): {"a": "3"}, ("z", 1): {"a": "0"}, ("y", 2): {"a": "0"}}
    assert by_delivery(frame, numbers, wanted) == {0: {("x", 1): {"a": "1"}}, 1: {("x", 2): {"a": "3"}}}
    assert by_delivery(frame.iloc[:0], numbers.iloc[:0], wanted) == {}


def test_a_row_keeps_its_number_when_others_come_or_go():
    before = rows((0, "x"), (1, "x"), (2, "x"))
    numbers = numbered(before, pd.Series([True, False, False]))
    assert numbers.tolist() == [3, 1, 2]
    after = rows((1, "x"), (2, "x"), (3, "x"), (3, "y"))
    assert carried(before, numbers, after).tolist() == [1, 2, 3, 1]
