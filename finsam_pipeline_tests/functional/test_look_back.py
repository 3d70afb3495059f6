"""The look-back on a real workspace: each night is the snapshot that `finsam run --as-of` publishes, and today stands again."""

from __future__ import annotations

import datetime as dt

import pytest

from finsam_pipeline.defs.look_back import Night, look_back, nights
from finsam_pipeline.defs.way import PipelineWay
from finsam_pipeline_tests.workspaces import DAY, LATER, PEOPLE, Office, people

pytestmark = pytest.mark.usefixtures("marts_alone")


def test_every_night_is_what_a_run_as_of_that_day_publishes(office: Office):
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    then = office.run("--as-of", DAY).json["snapshot_id"]
    today = office.run().json["snapshot_id"]
    assert then != today
    found: list[Night] = []
    first = dt.date.fromisoformat(DAY)
    look_back(PipelineWay(office.home), nights(first, first + dt.timedelta(days=2)), found.append)
    assert [(n.as_of, n.snapshot_id) for n in found] == [(first, then), (None, today)]
    assert office.snapshot().id == today
    assert office.participants("2025H1", "verkstan") == 4
    assert office.run().json["changed"] is False
