"""The rules of hand-kept counts and figures: a table in, the findings out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.validation import judge
from finsam_pipeline_tests.typed_tables import batch_rows, failing, rows_of, typed_rows

SOUND: dict[str, dict[str, Any]] = {
    "uppfoljning_finsam": {
        "intervention_id": "i1", "period_from": "2025-01-01", "period_to": "2025-06-30", "women": 2, "men": 3, "total": 5,
    },
    "sus_insatser": {"intervention_id": "i1", "year": 2021, "registration": "volume", "total": 5},
    "prognos": {"period": "2025", "line_order": 1, "label": "Löner", "amount_tkr": 5, "kind": "cost"},
    "aktiviteter": {"date": "2025-03-01", "name": "n", "type": "t", "attendees": 5},
    "nyckeltal": {"period": "2025H1", "key": "k", "value": Decimal("1.5")},
    "programtrohet": {"date": "2025-03-01", "intervention_id": "i1", "points": Decimal(100)},
}  # fmt: skip


@pytest.mark.parametrize("source", SOUND)
def test_a_sound_row_has_no_findings(source: str) -> None:
    assert all(r.passed for r in judge({"rows": typed_rows(source, SOUND[source])}, source))


@pytest.mark.parametrize("source", [*SOUND, "budget"])
def test_p012_a_personnummer_quarantines_the_row_of_any_list(source: str) -> None:
    assert failing(source, "P012", SOUND.get(source, {}), SOUND.get(source, {}) | {"personnummer_in": "Insats"}) == [2]


@pytest.mark.parametrize("source", ["uppfoljning_finsam", "sus_insatser", "programtrohet"])
def test_p002_the_intervention_must_be_in_the_register(source: str) -> None:
    assert failing(source, "P002", SOUND[source], SOUND[source] | {"intervention_id": None}) == [2]


def test_p002_a_key_figure_may_stand_for_the_whole_association() -> None:
    blank, unknown = {}, {"intervention_id_given": True}
    assert failing("nyckeltal", "P002", SOUND["nyckeltal"] | blank, SOUND["nyckeltal"] | unknown) == [2]


def test_u001_women_men_and_other_add_up_to_the_total() -> None:
    counts = [(2, 3, None, 5), (2, 3, 1, 6), (2, 3, 1, 5), (2, 3, None, 6), (None, 3, None, 3), (0, 3, None, None), (0, 0, 0, 0)]
    rows = [SOUND["uppfoljning_finsam"] | dict(zip(("women", "men", "other", "total"), c, strict=True)) for c in counts]
    assert failing("uppfoljning_finsam", "U001", *rows) == [3, 4, 5, 6]


def test_u001_a_count_without_genders_needs_no_split() -> None:
    counts = [(None, None, 5), (2, 3, 5), (2, 3, 6), (2, None, 5), (2, 3, None)]
    rows = [SOUND["sus_insatser"] | dict(zip(("women", "men", "total"), c, strict=True)) for c in counts]
    assert failing("sus_insatser", "U001", *rows) == [3]


def test_u002_tells_where_the_two_sources_disagree() -> None:
    rows = batch_rows("reconciliation", {"difference": 0}, {"difference": -2}, {"difference": None})
    results = judge({"reconciliation": rows}, "uppfoljning_finsam")
    assert rows_of(results, "U002") == [2]
    assert [r.severity for r in results] == [Severity.WARNING]


NEEDED = {
    "uppfoljning_finsam": ["period_from", "period_to"],
    "sus_insatser": ["year", "registration", "total"],
    "prognos": ["period", "line_order", "label", "kind", "amount_tkr"],
    "aktiviteter": ["date", "name", "type", "attendees"],
    "nyckeltal": ["period", "key", "value"],
    "programtrohet": ["date", "points"],
}
OPTIONAL = {
    "uppfoljning_finsam": ["other"],
    "sus_insatser": ["women", "men"],
    "programtrohet": ["max_points", "threshold", "active_share"],
}


@pytest.mark.parametrize("source", NEEDED)
def test_r001_what_a_row_needs_is_told_by_its_column(source: str) -> None:
    rows = typed_rows(source, *(SOUND[source] | {c: None} for c in NEEDED[source]), SOUND[source])
    found = {(r.rule, r.severity, r.column, r.row_ids) for r in judge({"rows": rows}, source) if not r.passed}
    assert found == {("R001", Severity.WARNING, c, (n,)) for n, c in enumerate(NEEDED[source], 1)}


@pytest.mark.parametrize("source", OPTIONAL)
def test_r001_what_may_be_left_out_must_be_readable_when_given(source: str) -> None:
    rows = typed_rows(source, *(SOUND[source] | {c: None, f"{c}_given": True} for c in OPTIONAL[source]), SOUND[source])
    found = {(r.rule, r.column, r.row_ids) for r in judge({"rows": rows}, source) if not r.passed and r.rule != "U001"}
    assert found == {("R001", c, (n,)) for n, c in enumerate(OPTIONAL[source], 1)}


def test_r001_the_line_the_pipeline_fills_has_no_amount() -> None:
    assert failing("prognos", "R001", SOUND["prognos"] | {"kind": "outcome", "amount_tkr": None}) == []
