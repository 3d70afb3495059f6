"""What the run of the suites promises whatever the rules say."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from finsam_pipeline.contracts.rules import RULES, USES, severity_of, uses_of
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.validation import judge
from finsam_pipeline.validation.judging import BATCHES, _engine
from finsam_pipeline_tests.typed_tables import batch_rows, dtypes, typed_rows

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "199001012384"  # noqa: S105 - what must not be seen again


def test_importing_the_room_does_not_import_great_expectations() -> None:
    code = "import sys, finsam_pipeline.validation; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_empty_table_passes_and_still_names_every_rule() -> None:
    results = judge({"rows": typed_rows("huvudbok").iloc[:0], "controls": batch_rows("controls")}, "huvudbok")
    assert [(r.rule, r.batch) for r in results] == [
        (u.rule, u.batch) for b in ("rows", "controls") for u in uses_of("huvudbok", b)
    ]
    assert all(r.passed and not r.errored and r.failed_rows == 0 for r in results)


def test_every_use_is_judged_and_columns_are_those_of_the_contract() -> None:
    for source in SOURCES:
        results = judge({"rows": typed_rows(source, {})}, source)
        assert len(results) == len(uses_of(source))
        assert not any(r.errored for r in results)


def test_no_fingerprint_is_made_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs as much as the rules; a newer Great Expectations that makes it some other way would show here."""
    _engine()
    hashed: list[int] = []
    monkeypatch.setattr(pd.util, "hash_pandas_object", lambda frame, **_: hashed.append(len(frame)))
    assert not any(r.errored for r in judge({"rows": typed_rows("huvudbok", {})}, "huvudbok"))
    assert hashed == []


def test_every_rule_but_the_reports_own_is_used_and_own_rules_are_warnings() -> None:
    assert {u.rule for u in USES} == RULES.keys() - {"L009"}  # L009 is judged when a report is made
    assert {RULES[own].severity for own in ("P015", "P016", "P017", "G002", "G003", "R001")} == {Severity.WARNING}
    assert {u.batch for u in USES} <= set(BATCHES)


def test_rules_name_columns_that_exist() -> None:
    for use in USES:
        kwargs: dict[str, Any] = dict(use.kwargs)
        columns = set(kwargs.get("column_list", [kwargs.get("column")]))
        if use.batch == "rows":
            assert columns - {"waived"} <= dtypes(use.source).keys(), use


def test_a_rule_that_cannot_be_judged_has_failed_and_says_nothing_of_the_values(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = typed_rows("deltagaruppfoljning", {"participant": SECRET}, {"participant": "b"})
    rows["birth_year"] = pd.Series([SECRET, 1990], dtype=object)  # P011 subtracts it, and the error would quote it
    with caplog.at_level(logging.DEBUG):
        results = judge({"rows": rows}, "deltagaruppfoljning")
    broken = {r.rule for r in results if r.errored}
    assert broken == {"P011"}
    assert not any(r.passed or r.row_ids for r in results if r.errored)
    out, err = capfd.readouterr()
    assert SECRET not in repr(results) + caplog.text + out + err


def test_a_suite_that_breaks_down_has_judged_nothing_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    judge({"rows": typed_rows("prognos", {})}, "prognos")
    monkeypatch.setattr(_engine(), "_verdict", broken)
    results = judge({"rows": typed_rows("prognos", {})}, "prognos")
    assert all(r.errored and not r.passed for r in results)
    assert "suite prognos could not be run: ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_a_rule_that_rests_on_an_errored_rule_is_errored_too() -> None:
    rows = typed_rows("huvudbok", {}, {}).drop(columns="account")
    errored = {r.rule for r in judge({"rows": rows}, "huvudbok") if r.errored}
    assert errored == {"L004", "L001"}


def test_no_value_leaves_with_a_finding(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    rows = typed_rows("deltagaruppfoljning", *({"participant": SECRET, "personnummer_in": SECRET, "age": 99} for _ in range(3)))
    with caplog.at_level(logging.DEBUG):
        results = judge({"rows": rows}, "deltagaruppfoljning")
    assert {r.rule for r in results if not r.passed} == {"P011", "P012"}
    out, err = capfd.readouterr()
    assert SECRET not in repr(results) + caplog.text
    assert (out, err) == ("", "")


def test_nothing_of_a_table_stays_in_the_process() -> None:
    judge({"rows": typed_rows("aktiviteter", {"name": SECRET})}, "aktiviteter")
    context = _engine()._context()
    manager = context.data_sources.get("typed").get_execution_engine().batch_manager
    assert not manager.batch_cache
    assert not manager.batch_data_cache
    assert not context.validation_results_store.list_keys()


def test_a_second_table_is_judged_for_itself_and_frames_are_left_as_they_were() -> None:
    first, second = typed_rows("aktiviteter", {}), typed_rows("aktiviteter", {"date": "2025-01-01"}, {})
    before = second.copy()
    judge({"rows": first}, "aktiviteter")
    found = {r.column: r.row_ids for r in judge({"rows": second}, "aktiviteter") if r.rule == "R001"}
    assert found["date"] == (2,)
    pd.testing.assert_frame_equal(second, before)


def test_failing_rows_are_all_there_however_many() -> None:
    many = pd.concat([typed_rows("aktiviteter", {})] * 5000, ignore_index=True).assign(row_id=range(5000))
    found = {r.column: r for r in judge({"rows": many}, "aktiviteter") if r.rule == "R001"}
    assert found["date"].row_ids == tuple(range(5000))
    assert found["date"].failed_rows == 5000


def test_a_batch_nobody_knows_is_a_mistake_and_one_without_rules_gives_nothing() -> None:
    with pytest.raises(KeyError, match="no such batch"):
        judge({"row": typed_rows("budget", {})}, "budget")
    assert judge({"coverage": batch_rows("coverage", {"before": 1, "after": 0})}, "budget") == []


def test_severity_is_the_rules_unless_the_use_says_otherwise() -> None:
    by_source = {u.source: severity_of(u) for u in USES if u.rule == "L007"}
    assert by_source == {
        "huvudbok": Severity.BLOCKING,
        "deltagaruppfoljning": Severity.WARNING,
        "sus_deltagare": Severity.WARNING,
    }


def test_a_run_warns_of_nothing_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge({"financing": batch_rows("financing", {"outcome_kr": Decimal(1), "expected_kr": Decimal(9)})}, "huvudbok")
    assert list(tmp_path.iterdir()) == []
