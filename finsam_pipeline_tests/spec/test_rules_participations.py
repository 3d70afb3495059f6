"""The rules of a participant list: a table in, the findings out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finsam_pipeline.contracts.rules import RULES, words_of
from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.validation import judge
from finsam_pipeline_tests.typed_tables import batch_rows, failing, rows_of, typed_rows

LISTS = ["deltagaruppfoljning", "sus_deltagare"]
LOCAL = "deltagaruppfoljning"


@pytest.mark.parametrize("source", LISTS)
def test_a_sound_list_has_no_findings(source: str) -> None:
    rows = typed_rows(source, {"participant": "a"}, {"participant": "b", "birth_year": 1990, "end_date": "2025-05-01"})
    found = {(r.rule, r.column) for r in judge({"rows": rows}, source) if not r.passed}
    assert found == ({("P007", "exit_reason")} if source == LOCAL else set())


@pytest.mark.parametrize("source", LISTS)
def test_what_identifies_a_participation_must_be_there(source: str) -> None:
    needed = {"P001": "participant", "P002": "intervention_id", "P003": "gender", "P004": "start_date"}
    results = judge({"rows": typed_rows(source, *({c: None} for c in needed.values()), {})}, source)
    assert {r.rule: (r.column, r.row_ids) for r in results if r.rule in needed} == {
        rule: (column, (n,)) for n, (rule, column) in enumerate(needed.items(), 1)
    }


@pytest.mark.parametrize("source", LISTS)
def test_p005_the_end_is_readable_and_not_before_the_start(source: str) -> None:
    rows = (
        {"participant": "open"},
        {"participant": "unreadable", "end_date_given": True},
        {"participant": "the day before", "end_date": "2025-01-31"},
        {"participant": "the same day", "end_date": "2025-02-01"},
        {"participant": "start unknown", "start_date": None, "end_date": "2020-01-01"},
    )
    assert failing(source, "P005", *rows) == [2, 3]


def test_p006_an_exit_reason_needs_an_end_date() -> None:
    rows = (
        {"exit_reason": "work"},
        {"participant": "b", "exit_reason": "work", "end_date": "2025-03-01"},
        {"participant": "c", "exit_reason_given": True},
        {"participant": "d", "exit_reason": "work", "end_date_given": True},
    )
    assert failing(LOCAL, "P006", *rows) == [1, 3]  # an unreadable end date is P005's


def test_p007_an_end_without_a_reason_is_counted_and_told() -> None:
    rows = (
        {"end_date": "2025-03-01"},
        {"participant": "b", "end_date": "2025-03-01", "exit_reason_given": True},
        {"participant": "c"},
    )
    results = judge({"rows": typed_rows(LOCAL, *rows)}, LOCAL)
    assert rows_of(results, "P007") == [1]
    assert [r.severity for r in results if r.rule == "P007"] == [Severity.WARNING]


def test_p008_an_exit_reason_must_be_in_the_list() -> None:
    assert failing(
        LOCAL, "P008", {"exit_reason_given": True}, {"participant": "b", "exit_reason": "work"}, {"participant": "c"}
    ) == [1]


def test_exits_in_sus_follow_the_end_date_alone() -> None:
    judged = {r.rule for r in judge({"rows": typed_rows("sus_deltagare", {})}, "sus_deltagare")}
    assert not judged & {"P006", "P007", "P008"}


def test_p009_of_equal_rows_the_later_goes() -> None:
    assert failing(LOCAL, "P009", {}, {"participant": "b"}, {}) == [3]
    assert failing(LOCAL, "P009", {}, {}, {}) == [2, 3]


def test_p009_the_later_row_is_the_one_with_the_higher_id() -> None:
    assert failing(LOCAL, "P009", {"row_id": 7}, {"row_id": 3}) == [7]


def test_p009_of_different_rows_none_stands() -> None:
    assert failing(LOCAL, "P009", {}, {"age": 30}) == [1, 2]
    assert failing(LOCAL, "P009", {}, {"age": 30}, {}) == [1, 2, 3]


def test_p009_equal_means_equal_after_typing() -> None:
    unreadable_and_blank = ({"education_given": True}, {"education_given": False})
    assert failing(LOCAL, "P009", *unreadable_and_blank) == [2]


@pytest.mark.parametrize("other", [{"intervention_id": "i2"}, {"participant": "p2"}, {"start_date": "2025-02-02"}])
def test_p009_another_intervention_person_or_start_is_another_participation(other: dict[str, str]) -> None:
    assert failing(LOCAL, "P009", {}, other) == []


def test_p009_leaves_out_rows_that_fail_another_rule() -> None:
    assert failing(LOCAL, "P009", {}, {"gender": None}, {"end_date": "2020-01-01"}, {"personnummer_in": "Kommentar"}) == []
    assert failing(LOCAL, "P009", {"participant": None}, {"participant": None}) == []


def test_p009_compares_rows_that_only_have_a_warning() -> None:
    assert failing(LOCAL, "P009", {"age": 80}, {"age": 80}) == [2]


def test_p009_leaves_out_misregistered_rows() -> None:
    assert failing("sus_deltagare", "P009", {}, {"exit_cause": "misregistered"}, {"exit_cause": "misregistered"}) == []


def test_p009_compares_a_row_whose_other_rule_is_waived() -> None:
    rows = typed_rows(LOCAL, {}, {"end_date": "2020-01-01"})
    assert rows_of(judge({"rows": rows}, LOCAL), "P009") == []
    waived = judge({"rows": rows}, LOCAL, waived={"P005": [2]})
    assert rows_of(waived, "P009") == [1, 2]
    assert rows_of(waived, "P005") == [2]  # a waived finding is still told


@pytest.mark.parametrize("source", LISTS)
def test_p010_a_start_lies_between_1990_and_the_delivery(source: str) -> None:
    starts = ["1989-12-31", "1990-01-01", "2025-06-30", "2025-07-01", None]
    rows = [{"participant": f"p{n}", "start_date": start} for n, start in enumerate(starts)]
    assert failing(source, "P010", *rows) == [1, 4]


def test_p011_the_age_at_start() -> None:
    rows = [{"participant": f"a{age}", "age": age} for age in (15, 16, 67, 68)]
    assert failing(LOCAL, "P011", *rows) == [1, 4]


@pytest.mark.parametrize("source", LISTS)
def test_p011_by_year_of_birth_where_no_age_stands(source: str) -> None:
    rows = [{"participant": f"b{year}", "birth_year": year} for year in (1957, 1958, 2009, 2010, None)]
    assert failing(source, "P011", *rows, {"participant": "x", "birth_year": 1900, "start_date": None}) == [1, 4]


def test_p011_a_stated_age_goes_before_the_year_of_birth() -> None:
    assert failing(LOCAL, "P011", {"age": 40, "birth_year": 1900}, {"participant": "b", "age": 90, "birth_year": 1990}) == [2]


@pytest.mark.parametrize("source", LISTS)
def test_p012_a_personnummer_anywhere_quarantines_the_row(source: str) -> None:
    assert failing(source, "P012", {}, {"participant": "b", "personnummer_in": "Kommentar"}) == [2]


@pytest.mark.parametrize("source", LISTS)
def test_p013_overlapping_participations_are_both_told(source: str) -> None:
    rows = (
        {"start_date": "2025-01-01", "end_date": "2025-03-31"},
        {"start_date": "2025-03-31", "end_date": "2025-04-30"},
        {"start_date": "2025-05-01"},
        {"participant": "b", "start_date": "2025-02-01"},
        {"intervention_id": "i2", "start_date": "2025-02-01"},
    )
    assert failing(source, "P013", *rows) == [1, 2]


def test_p013_a_long_participation_overlaps_all_that_come_within_it() -> None:
    rows = (
        {"start_date": "2025-01-01"},
        {"start_date": "2025-02-01", "end_date": "2025-02-10"},
        {"start_date": "2025-03-01", "end_date": "2025-03-10"},
    )
    assert failing(LOCAL, "P013", *rows) == [1, 2, 3]


def test_p013_looks_only_at_rows_that_count() -> None:
    assert failing(LOCAL, "P013", {"start_date": "2025-01-01"}, {"gender": None}) == []
    assert failing(LOCAL, "P013", {}, {}) == []  # the repeated row is P009's
    assert failing("sus_deltagare", "P013", {"start_date": "2025-01-01"}, {"exit_cause": "misregistered"}) == []


def test_p014_a_delivery_must_not_empty_a_year() -> None:
    rows = ({"before": 3, "after": 0}, {"before": 3, "after": 1}, {"before": 0, "after": 0})
    results = judge({"coverage": batch_rows("coverage", *rows)}, LOCAL)
    assert rows_of(results, "P014") == [1]
    assert [r.severity for r in results] == [Severity.BLOCKING]


@pytest.mark.parametrize("source", LISTS)
def test_p015_an_unknown_background_is_told_by_its_column(source: str) -> None:
    columns = ["education", "referrer", "income_before", "income_after", "occupation_before", "occupation_after"]
    unknown = [{"participant": c, f"{c}_given": True} for c in columns]
    results = judge({"rows": typed_rows(source, *unknown, {"participant": "x", "education": "known"}, {})}, source)
    assert [(r.column, r.row_ids) for r in results if r.rule == "P015"] == [(c, (n,)) for n, c in enumerate(columns, 1)]


@pytest.mark.parametrize("source", LISTS)
def test_l007_a_sum_row_that_does_not_count_its_rows_is_a_warning(source: str) -> None:
    rows = (
        {"declared": Decimal(3), "actual": Decimal(3), "judged": True},
        {"declared": Decimal(3), "actual": Decimal(2), "judged": True},
    )
    results = judge({"controls": batch_rows("controls", *rows)}, source)
    assert [(r.rule, r.severity, r.row_ids) for r in results] == [("L007", Severity.WARNING, (2,))]


@pytest.mark.parametrize("source", LISTS)
def test_p016_more_ended_than_took_part(source: str) -> None:
    rows = ({"participants": 14, "ended": 17}, {"participants": 14, "ended": 14}, {"participants": 0, "ended": 0})
    assert failing(source, "P016", *rows, batch="flows") == [1]


def _flow(basis: str, carried_in: int, started: int, ended: int, carried_out: int, before: int | None) -> dict[str, object]:
    counts = {"carried_in": carried_in, "started": started, "ended": ended, "carried_out": carried_out}
    return {"count_basis": basis, **counts, "participants": carried_in + started, "carried_out_before": before}


@pytest.mark.parametrize("source", LISTS)
def test_p017_those_left_are_there_when_the_next_period_begins(source: str) -> None:
    rows = (
        _flow("interval", 31, 74, 61, 44, before=31),
        _flow("interval", 31, 74, 61, 44, before=30),
        _flow("interval", 31, 74, 61, 44, before=None),
        _flow("interval", 31, 74, 61, 45, before=31),
        _flow("event", 0, 45, 41, 4, before=9),  # nobody is carried in where starts are counted
        _flow("event", 0, 14, 17, -3, before=0),  # P016 says so
        _flow("event", 0, 14, 17, 0, before=0),
        _flow("started", 0, 14, 0, 0, before=5),
    )
    assert failing(source, "P017", *rows, batch="flows") == [2, 4, 7]
    assert {r.severity for r in judge({"flows": batch_rows("flows", *rows)}, source)} == {Severity.WARNING}


@pytest.mark.parametrize("source", LISTS)
def test_l007_of_a_participant_list_speaks_of_its_rows(source: str) -> None:
    title, remedy = words_of("L007", source)
    assert "rader" in title
    assert "deltagare" in remedy
    assert words_of("L007", "huvudbok") == (RULES["L007"].title_sv, RULES["L007"].remedy_sv)
