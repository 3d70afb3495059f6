"""When runs are requested."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from finsam_pipeline.defs import automation
from finsam_pipeline.defs.automation import (
    REST_SECONDS,
    Watched,
    fingerprint,
    landing_sensor,
    look,
    nightly_job,
    nightly_schedule,
    read_cursor,
    write_cursor,
)
from finsam_pipeline.defs.names import PARTITIONS, TAG_TRIGGER
from finsam_pipeline_tests.fake_way import FakeWay

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_at_rest_is_dealt_with_once():
    watched, rested = look({}, {"norr": "a"}, 0)
    assert rested == []
    watched, rested = look(watched, {"norr": "a"}, REST_SECONDS - 1)
    assert rested == []
    watched, rested = look(watched, {"norr": "a"}, REST_SECONDS)
    assert rested == ["norr"]
    watched, rested = look(watched, {"norr": "a"}, 10 * REST_SECONDS)
    assert rested == []


def test_a_file_still_changing_postpones():
    watched, _ = look({}, {"norr": "a"}, 0)
    watched, rested = look(watched, {"norr": "b"}, REST_SECONDS)
    assert rested == []
    watched, rested = look(watched, {"norr": "b"}, 2 * REST_SECONDS - 1)
    assert rested == []
    _, rested = look(watched, {"norr": "b"}, 2 * REST_SECONDS)
    assert rested == ["norr"]


def test_associations_rest_each_on_their_own():
    watched, _ = look({}, {"norr": "a", "soder": "a"}, 0)
    watched, rested = look(watched, {"norr": "a", "soder": "b"}, REST_SECONDS)
    assert rested == ["norr"]
    _, rested = look(watched, {"norr": "a", "soder": "b"}, 2 * REST_SECONDS)
    assert rested == ["soder"]


def test_an_association_no_longer_configured_is_forgotten():
    watched, _ = look({}, {"norr": "a", "soder": "a"}, 0)
    assert look(watched, {"norr": "a"}, 1)[0].keys() == {"norr"}


@pytest.mark.parametrize(
    "changed", [("a/b.csv", 10, 6), ("a/b.csv", 11, 5), ("a/c.csv", 10, 5)], ids=["touched", "grown", "renamed"]
)
def test_the_fingerprint_sees_path_size_and_time(changed: tuple[str, int, int]):
    other = ("a/z.csv", 1, 1)
    assert fingerprint([("a/b.csv", 10, 5), other]) == fingerprint([other, ("a/b.csv", 10, 5)])
    assert fingerprint([("a/b.csv", 10, 5), other]) != fingerprint([changed, other])


@pytest.mark.parametrize("text", [None, "", "not json", "[]", '{"norr": 1}', '{"norr": {"other": 1}}'])
def test_a_cursor_nobody_can_read_starts_anew(text: str | None):
    assert read_cursor(text) == {}


def test_the_cursor_comes_back_as_written():
    watched = {"norr": Watched("a", 12.5, done=True), "soder": Watched("b", 1.0)}
    assert read_cursor(write_cursor(watched)) == watched


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def tick(sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str | None):
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        result = sensor(context)
    return [(r.partition_key, r.run_key) for r in result.run_requests], result.cursor


def test_the_sensor_requests_one_run_a_state(tmp_path: Path, instance: dg.DagsterInstance):
    way, clock = FakeWay(tmp_path, landing={"norr": [("norr/a", 1, 1)], "soder": [("soder/a", 1, 1)]}, new=["norr"]), Clock()
    sensor = landing_sensor(way, nightly_job(), clock)
    requests, cursor = tick(sensor, instance, None)
    assert requests == []
    assert instance.get_dynamic_partitions(PARTITIONS) == ["norr", "soder"]
    clock.now += REST_SECONDS
    requests, cursor = tick(sensor, instance, cursor)
    assert [partition for partition, _ in requests] == ["norr"]  # soder's last run has seen its files
    first_key = requests[0][1]
    clock.now += REST_SECONDS
    requests, cursor = tick(sensor, instance, cursor)
    assert requests == []
    way.landing["norr"] = [("norr/a", 2, 2)]
    _, cursor = tick(sensor, instance, cursor)
    clock.now += REST_SECONDS
    requests, _ = tick(sensor, instance, cursor)
    assert [partition for partition, _ in requests] == ["norr"]
    assert requests[0][1] != first_key


def test_the_sensor_asks_what_is_new_only_when_something_rests(tmp_path: Path, instance: dg.DagsterInstance):
    class Busy(FakeWay):
        def whats_new(self):
            raise AssertionError("nothing rests yet")

    tick(landing_sensor(Busy(tmp_path), nightly_job(), Clock()), instance, None)


def test_the_schedule_requests_one_run_an_association_and_day(tmp_path: Path):
    schedule = nightly_schedule(FakeWay(tmp_path), nightly_job())
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 4 * * *", "Europe/Stockholm")
    night = dt.datetime(2025, 7, 1, 4, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    with dg.instance_for_test() as instance:  # a schedule wants an instance that lies on disk
        with dg.build_schedule_context(instance=instance, scheduled_execution_time=night) as context:
            requests = schedule(context)
        assert instance.get_dynamic_partitions(PARTITIONS) == ["norr", "soder"]
    assert [(r.partition_key, r.run_key) for r in requests] == [("norr", "2025-07-01:norr"), ("soder", "2025-07-01:soder")]
    assert {r.tags[TAG_TRIGGER] for r in requests} == {"schedule"}


@pytest.mark.parametrize("day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2028, 2, 29), dt.date(2026, 12, 31)])
def test_every_night_has_one_run_also_when_the_clocks_are_changed(tmp_path: Path, day: dt.date):
    schedule = nightly_schedule(FakeWay(tmp_path), nightly_job())
    nights = [day + dt.timedelta(days=n) for n in (-1, 0, 1)]
    start = dt.datetime.combine(nights[0], dt.time(), ZoneInfo("Europe/Stockholm")).timestamp()
    ticks = schedule_execution_time_iterator(start, schedule.cron_schedule, schedule.execution_timezone)
    found = [tick.astimezone(ZoneInfo("Europe/Stockholm")) for tick in itertools.islice(ticks, 3)]
    assert [(t.date(), t.hour, t.minute) for t in found] == [(night, 4, 30) for night in nights]


def test_sensor_and_schedule_fail_the_runs_that_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    looked: list[str] = []
    monkeypatch.setattr(automation, "fail_dead_runs", lambda _: looked.append("dead"))
    monkeypatch.setattr(automation, "forget_old_runs", lambda _: looked.append("old"))
    night = dt.datetime(2025, 7, 1, 4, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    with dg.instance_for_test() as instance:
        tick(landing_sensor(FakeWay(tmp_path), nightly_job(), Clock()), instance, None)
        with dg.build_schedule_context(instance=instance, scheduled_execution_time=night) as context:
            nightly_schedule(FakeWay(tmp_path), nightly_job())(context)
    assert looked == ["dead", "dead", "old"]


def test_a_run_begun_anew_begins_at_its_first_step():
    assert nightly_job().tags["dagster/retry_strategy"] == "ALL_STEPS"
