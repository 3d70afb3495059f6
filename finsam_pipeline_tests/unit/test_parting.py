"""Parting a table of rows: the same rows as a filter gives, held once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from finsam_pipeline.pipeline.parting import kept, part
from finsam_pipeline.shaping.arrow import constant

FILES = {0: "a.csv", 1: "b.csv", 2: "a.csv"}


def rows(deliveries: list[int]) -> pd.DataFrame:
    index = pd.RangeIndex(len(deliveries))
    return pd.DataFrame(
        {
            "delivery": deliveries,
            "path": pd.Series([FILES[d] for d in deliveries], index=index, dtype="str"),
            "sheet": pd.Series([None if n % 2 else "Blad" for n in index], index=index, dtype="str"),
            "amount": pd.Series(range(len(deliveries)), index=index, dtype="Int64"),
        }
    )


@pytest.mark.parametrize("deliveries", [[], [0], [0, 0, 1, 1, 1, 2], [0, 1, 0, 1, 0, 2]])
@pytest.mark.parametrize("seed", range(4))
def test_both_parts_are_what_a_filter_gives(deliveries: list[int], seed: int) -> None:
    table = rows(deliveries)
    wanted = pd.Series(np.random.default_rng(seed).random(len(table)) < 0.25 * (seed + 1), index=table.index, dtype=bool)
    expected = table[wanted], table[~wanted]
    pd.testing.assert_frame_equal(kept(table, wanted), expected[0])
    assert list(table.columns) == ["delivery", "path", "sheet", "amount"]
    found = part(table, wanted)
    for one, other in zip(found, expected, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert table.columns.empty


def test_a_text_of_the_delivery_is_not_copied_for_every_row() -> None:
    size = 1 << 18
    index = pd.RangeIndex(size)
    path = constant("landing/association/huvudbok/a long name of a file.csv", index)
    table = pd.DataFrame({"delivery": 0, "path": path}, index=index)
    wanted = pd.Series(np.arange(size) % 3 != 0, index=index)
    chunks = part(table, wanted)[0]["path"].array.__arrow_array__().chunks
    assert len({chunk.buffers()[2].address for chunk in chunks}) == 1 < len(chunks)
