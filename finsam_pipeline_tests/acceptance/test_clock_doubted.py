"""A clock that is wrong must not empty a workspace: retention holds still, says so, and goes on when a person vouches for the day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from finsam_pipeline.pipeline import clock
from finsam_pipeline_tests.workspaces import Office

pytestmark = pytest.mark.usefixtures("states_alone")
TODAY = dt.datetime.now().astimezone().date()
FAST = TODAY.replace(year=TODAY.year + 15, day=1)


@pytest.fixture(scope="module")
def run_with_retention(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Days to keep are set, and a run has been; not to be changed."""
    made = run_office.copy_to(tmp_path_factory.mktemp("clock") / "home")
    path = made.home / "config" / "dalen" / "association.yaml"
    path.write_text(path.read_text("utf-8") + "retention: {landing_days: 400, originals_years: 2}\n", "utf-8")
    assert made.run().status == 0
    return made


@pytest.fixture
def office(run_with_retention: Office, tmp_path: Path) -> Office:
    return run_with_retention.copy_to(tmp_path / "home")


def on(day: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


def files(office: Office) -> int:
    return len([p for top in ("landing", "vault/archive") for p in (office.home / top).rglob("*") if p.is_file()])


def test_a_clock_that_is_years_fast_removes_nothing_however_many_nights_it_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    before = files(office)
    for night in range(4):
        on(FAST + dt.timedelta(days=night), monkeypatch)
        said = office.finsam("run")
        assert said.status == 0
        assert "Ingenting gallras" in said.err
        assert str(TODAY) in said.err
    assert "Ingenting gallras" in office.finsam("status").out
    assert office.finsam("status", "--json").json["clock_doubted"]
    refused = office.finsam("retention", "--apply")
    assert (refused.status, "Ingenting gallras" in refused.err) == (2, True)
    assert files(office) == before
    on(TODAY + dt.timedelta(days=3), monkeypatch)  # somebody has set it
    assert "gallras" not in office.finsam("run").err
    assert office.finsam("status", "--json").json["clock_doubted"] is None


def test_a_clock_that_is_years_slow_is_doubted_too(office: Office, monkeypatch: pytest.MonkeyPatch):
    on(dt.date(2001, 1, 1), monkeypatch)
    assert "Ingenting gallras" in office.finsam("run").err


def test_a_person_who_vouches_for_the_day_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch):
    on(FAST, monkeypatch)
    before = files(office)
    assert office.finsam("retention", "--apply", "--today", FAST.isoformat()).status == 0
    assert files(office) < before
    on(FAST + dt.timedelta(days=1), monkeypatch)
    assert office.finsam("retention", "--apply").status == 0  # from now on that clock is the right one


def test_a_day_that_is_not_the_clocks_makes_no_clock_right(office: Office, monkeypatch: pytest.MonkeyPatch):
    assert office.finsam("retention", "--apply", "--today", FAST.isoformat()).status == 0
    on(FAST, monkeypatch)
    assert office.finsam("retention", "--apply").status == 2


def test_a_workspace_that_has_believed_no_day_yet_asks_its_records(office: Office, monkeypatch: pytest.MonkeyPatch):
    """As after an upgrade. The day they speak for is kept: what the wrong clock records from now on does not make it right."""
    (office.home / "vault" / "clock.json").unlink()
    before = files(office)
    for night in range(4):
        on(FAST + dt.timedelta(days=night), monkeypatch)
        assert "Ingenting gallras" in office.finsam("run").err
    assert files(office) == before
    assert str(TODAY) in (office.home / "vault" / "clock.json").read_text()


def test_half_a_year_without_a_run_is_no_reason_for_doubt(office: Office, monkeypatch: pytest.MonkeyPatch):
    on(TODAY + dt.timedelta(days=190), monkeypatch)
    assert office.finsam("retention", "--apply").status == 0
    on(TODAY + dt.timedelta(days=190 + clock.MOST_DAYS + 1), monkeypatch)
    assert office.finsam("retention", "--apply").status == 2
