"""Every night of a range, and today again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import dagster as dg
import pytest

from finsam_pipeline.defs import Steps, build_definitions
from finsam_pipeline.defs.look_back import Night, look_back, nights
from finsam_pipeline.defs.names import LOOK_BACK
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline_tests.fake_way import MODELS, FakeWay

if TYPE_CHECKING:
    from pathlib import Path

D1, D2, D3 = (dt.date(2025, 7, n) for n in (1, 2, 3))
RAN = RunSummary("abc", published=True, changed=True)


@pytest.fixture
def way(tmp_path: Path):
    return FakeWay(tmp_path, said={"norr": RAN, "soder": RAN})


def told(way: FakeWay, *days: dt.date):
    found: list[Night] = []
    look_back(way, list(days), found.append)
    return [(n.association, n.as_of) for n in found]


def test_nights_are_every_day_of_the_range():
    assert nights(D1, D3) == [D1, D2, D3]
    assert nights(D1, D1) == [D1]
    assert nights(D2, D1) == []
    leap = nights(dt.date(2024, 2, 28), dt.date(2024, 3, 1))
    assert [d.day for d in leap] == [28, 29, 1]


def test_all_associations_go_through_one_night_before_the_next_and_end_at_today(way: FakeWay):
    expected = [(a, day) for day in (D1, D2, None) for a in ("norr", "soder")]
    assert told(way, D1, D2) == expected
    assert way.closed == len(way.opened)


def test_a_night_is_the_snapshot_in_which_all_have_gone_through_it(way: FakeWay):
    way.snapshots = ["norr 1", "night 1", "norr today", "today"]
    found: list[Night] = []
    look_back(way, [D1], found.append)
    assert [n.snapshot_id for n in found] == ["night 1", "night 1", "today", "today"]


def test_a_night_like_the_one_before_is_passed_over(way: FakeWay):
    way.states = {"norr": {D1: "a", D2: "a", D3: "b", None: "b"}}
    assert [day for association, day in told(way, D1, D2, D3) if association == "norr"] == [D1, D3, None]


def test_an_association_that_was_never_run_is_left_alone(way: FakeWay):
    del way.said["soder"]
    assert {association for association, _ in told(way, D1)} == {"norr"}


def test_today_is_put_back_when_a_night_fails(way: FakeWay):
    real, failed = way.open_run, []

    def fail_once(association: str, as_of: dt.date | None):
        if as_of == D2:
            failed.append(as_of)
            raise RuntimeError
        return real(association, as_of)

    way.open_run = fail_once
    with pytest.raises(RuntimeError):
        told(way, D1, D2, D3)
    assert failed == [D2]
    assert way.opened == [("norr", D1), ("soder", D1), ("norr", None), ("soder", None)]


def launched(way: FakeWay, first: str, last: str):
    job = build_definitions(Steps(way), MODELS, {}).resolve_job_def(LOOK_BACK)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    config = {"ops": {"nights": {"config": {"first": first, "last": last}}}} | quiet
    return job.execute_in_process(run_config=config, raise_on_error=False)


def test_the_job_shows_each_night_with_its_snapshot(way: FakeWay):
    way.held = {"economy": ("L008",)}
    result = launched(way, "2025-07-01", "2025-07-01")
    assert result.success
    (output,) = [e for e in result.all_events if e.event_type == dg.DagsterEventType.STEP_OUTPUT]
    records = [r.data for r in output.event_specific_data.metadata["nätter"].records]
    assert [(r["förbund"], r["till och med"]) for r in records] == [
        ("norr", "2025-07-01"), ("soder", "2025-07-01"), ("norr", "i dag"), ("soder", "i dag"),
    ]  # fmt: skip
    assert {(r["ögonblicksbild"], r["hålls tillbaka"]) for r in records} == {("abc", "economy")}


def test_dagster_takes_all_jobs_together(way: FakeWay):
    jobs = build_definitions(Steps(way), MODELS, {}).get_repository_def().get_all_jobs()
    assert LOOK_BACK in {job.name for job in jobs}


@pytest.mark.parametrize(("first", "last"), [("2025-07-02", "2025-07-01"), ("soon", "2025-07-01"), ("2020-01-01", "2025-07-01")])
def test_a_range_that_is_none_is_refused_before_anything_runs(way: FakeWay, first: str, last: str):
    result = launched(way, first, last)
    assert "ÅÅÅÅ-MM-DD" in result.failure_data_for_node("nights").error.to_string()
    assert way.opened == []
