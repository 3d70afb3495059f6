"""A large table judged in pieces gives the findings it gives as a whole, wherever it is cut."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finsam_pipeline.contracts.rules import severity_of, uses_of
from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.validation import judge
from finsam_pipeline.validation.judging import _engine
from finsam_pipeline.validation.pieces import cut
from finsam_pipeline_tests.generative.test_rules_against_reference import MAKERS, _table
from finsam_pipeline_tests.typed_tables import batch_rows, typed_rows

KEYS = st.sampled_from([None, "a", "b", "c", "d"])


@pytest.mark.parametrize(("source", "batch"), sorted(MAKERS))
@pytest.mark.parametrize("most", [1, 9, 59])
def test_findings_do_not_depend_on_the_size_of_the_pieces(
    source: str, batch: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(f"{source}/{batch}/{most}")  # noqa: S311 - examples, not secrets
    rows = _table(rng, source, batch, size=25 if most == 1 else 120)
    frame = typed_rows(source, *rows) if batch == "rows" else batch_rows(batch, *rows)
    frame = frame.assign(row_id=rng.sample(range(10_000), len(rows)))
    whole = judge({batch: frame}, source)
    monkeypatch.setattr(_engine(), "MOST_ROWS", most)
    assert judge({batch: frame}, source) == whole
    assert not any(r.errored for r in whole)


def test_a_rule_without_a_verdict_on_one_piece_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = typed_rows("huvudbok", *[{"voucher": f"2025|A|{n}"} for n in range(9)])
    monkeypatch.setattr(_engine(), "MOST_ROWS", 3)
    good = _engine()._run

    def fails_once(part: pd.DataFrame, *place: object) -> object:
        return {} if 4 in part["row_id"].to_list() else good(part, *place)

    monkeypatch.setattr(_engine(), "_run", fails_once)
    assert all(r.errored and not r.passed for r in judge({"rows": frame}, "huvudbok"))


@pytest.mark.parametrize("source", sorted({source for source, batch in MAKERS if batch == "rows"}))
def test_a_rule_that_rests_on_others_is_cut_where_they_are(source: str) -> None:
    resting = [u for u in uses_of(source) if "source" in dict(u.kwargs)]
    for use in resting:
        errors = [u for u in uses_of(source) if severity_of(u) is Severity.ERROR]
        assert {_engine()._together(u.expectation) for u in errors} <= {(), _engine()._together(use.expectation)}


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(KEYS, st.integers(0, 2)), min_size=1, max_size=40),
    together=st.sampled_from([(), ("a",), ("a", "b")]),
    most=st.integers(1, 45),
)
def test_every_row_is_in_one_piece_and_groups_are_whole(
    rows: list[tuple[str | None, int]], together: tuple[str, ...], most: int
) -> None:
    frame = pd.DataFrame({"a": pd.array([a for a, _ in rows], dtype="str"), "b": [b for _, b in rows]})
    pieces = list(cut(frame, together, most))
    assert sorted(i for piece in pieces for i in piece.index) == list(frame.index)
    assert all(piece.index.is_monotonic_increasing for piece in pieces)
    groups = [set(piece.fillna({"a": "-"})[list(together)].itertuples(index=False)) for piece in pieces] if together else []
    assert sum(map(len, groups)) == len(set().union(*groups))
    largest = max((len(g) for _, g in frame.groupby(list(together), dropna=False)), default=1) if together else 1
    assert all(len(piece) < most + largest for piece in pieces)
