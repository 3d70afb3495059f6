"""Night after night: no night twice or left out, a clock that is wrong, a lost orchestrator's database, and what grows.

The figures never read the clock, so most of this is about what stands around them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from finsam_pipeline.defs.automation import nightly_job, nightly_schedule
from finsam_pipeline_tests.fake_way import FakeWay
from finsam_pipeline_tests.trials.conftest import Night
from finsam_pipeline_tests.trials.runs import Launcher, copied, outcome, scratch, tell
from finsam_pipeline_tests.workspaces import Office, people

SWEDEN = ZoneInfo("Europe/Stockholm")
YEAR = 365 * 24 * 3600
FOLDERS = ("vault", "marts", "reports", "dagster", "finsam.sqlite")
KB = 1 << 10


def test_two_years_of_nights_have_one_run_each(tmp_path: Path):
    """A leap year and the year after it: both nights on which clocks are changed, 29 February, New Year."""
    schedule = nightly_schedule(FakeWay(tmp_path), nightly_job())
    first = dt.datetime(2028, 1, 1, tzinfo=SWEDEN)
    moments = schedule_execution_time_iterator(
        first.timestamp(), schedule.cron_schedule, schedule.execution_timezone, ascending=True
    )
    nights = [m.astimezone(SWEDEN) for m in itertools.islice(moments, 366 + 365)]
    assert [n.date() for n in nights] == [dt.date(2028, 1, 1) + dt.timedelta(days=n) for n in range(366 + 365)]
    assert {n.time() for n in nights} == {dt.time(4, 30)}
    with dg.instance_for_test() as instance:
        keys = []
        for night in nights[85:90] + nights[300:305]:
            with dg.build_schedule_context(instance=instance, scheduled_execution_time=night) as context:
                keys += [request.run_key for request in schedule(context)]
    assert len(keys) == len(set(keys)) == 10 * 2  # two associations


@pytest.mark.long
@pytest.mark.parametrize("wrong_by", [-30 * YEAR, 15 * YEAR], ids=["slow", "fast"])
def test_a_clock_that_is_wrong_changes_no_figure(launcher: Launcher, night: Night, tmp_path: Path, wrong_by: int):
    """The night is run by the wrong clock; then it is set right, and work goes on."""
    office = Office(copied(night.base, tmp_path / "home"))
    ended = launcher.start(office.home, clock=wrong_by, short=False).wait()
    assert ended.status == night.run.status, ended.err
    made = outcome(office.home, (night.association,))
    assert {part: made[part] for part in ("id", "marts", "items")} == {
        part: night.after[part] for part in ("id", "marts", "items")
    }
    written = dt.datetime.fromisoformat(office.snapshot().manifest["created_at"])
    assert abs(written.year - dt.datetime.now(dt.UTC).year) > 10, "the clock was right after all"
    office.amend("targets.csv", "10\n", "12\n")
    assert launcher.run(office.home, short=False).status == night.run.status
    assert launcher.run(office.home, "status", "--json").status == night.run.status
    assert office.snapshot().id != made["id"]


def test_the_orchestrators_database_may_be_lost(launcher: Launcher, night: Night, tmp_path: Path):
    office = Office(copied(night.base, tmp_path / "home"))
    assert launcher.run(office.home, short=False).status == night.run.status
    shutil.rmtree(office.home / "dagster")
    again = launcher.run(office.home, short=False)  # nothing new in landing, and so nothing to do
    assert again.status == night.run.status
    assert outcome(office.home, (night.association,)) == night.after
    office.amend("targets.csv", "10\n", "12\n")
    assert launcher.run(office.home, short=False).status == night.run.status
    assert (office.home / "dagster" / "dagster.yaml").is_file()


@pytest.mark.long
def test_what_grows_grows_by_the_night(launcher: Launcher, tmp_path: Path):
    _assert_linear(_nights(launcher, tmp_path / "home", nights=4, associations=1))


@pytest.mark.long
def test_many_nights_of_many_associations(launcher: Launcher):
    """FINSAM_TRIALS_NIGHTS=365x20/14 for the whole of it: a year of twenty associations that each hand over every 14th night."""
    asked, _, every = os.environ.get("FINSAM_TRIALS_NIGHTS", "12x3").partition("/")
    nights, associations = map(int, asked.split("x"))
    with scratch() as folder:
        measured = _nights(launcher, folder / "home", nights, associations, int(every or 1))
    tell("nights", nights=nights, associations=associations, every=int(every or 1), measured=measured)
    _assert_linear(measured)


def _nights(launcher: Launcher, home: Path, nights: int, associations: int, every: int = 1) -> list[dict[str, int]]:
    """Each association hands over a new list every so many nights, on nights of its own after the first; `finsam run` every night.

    KB on the disk by folder, seconds and MB of the night's run.
    """
    offices = [Office.start(home, f"forbund{n}") for n in range(associations)]
    measured = []
    for night in range(nights):
        day = dt.date(2025, 1, 2) + dt.timedelta(days=night)
        for office in (o for n, o in enumerate(offices) if night == 0 or (night + n) % every == 0):
            rows = (f"{n};Verkstan;kvinna;2025-01-01;;" for n in range(night % 28 + 1, night % 28 + 31))
            office.put("deltagaruppfoljning", "lista.csv", people(*rows), day.isoformat())
        ended = launcher.run(home, short=False)
        assert ended.status == 0, ended.err + ended.out[-2000:]
        sizes = {name: _on_disk(home / name) // KB for name in FOLDERS}
        measured.append(sizes | {"seconds": round(ended.seconds), "peak": ended.peak // KB // KB})
        if night % 20 == 0:
            tell("nights_so_far", measured=measured)
    return measured


def _on_disk(top: Path) -> int:
    """Bytes that are taken up (holes are not)."""
    files = [top] if top.is_file() else [f for f in top.rglob("*") if f.is_file() and not f.is_symlink()]
    return sum(f.stat().st_blocks * 512 for f in files)


def _assert_linear(measured: list[dict[str, int]]) -> None:
    """The second half of the nights adds no more than a third over what the first half (without its first night) added."""
    half = len(measured) // 2
    for name in FOLDERS:
        sizes = [m[name] for m in measured]
        early, late = (sizes[half] - sizes[0]) / half, (sizes[-1] - sizes[half]) / (len(sizes) - 1 - half)
        assert late <= early * 4 / 3 + 200, (name, sizes)
    peaks = [m["peak"] for m in measured]
    assert max(peaks) <= peaks[0] * 1.25, peaks
