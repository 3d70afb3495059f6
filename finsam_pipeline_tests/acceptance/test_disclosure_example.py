"""The example's report under a policy: nobody with its pages can work a hidden count out, and it is made in no time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from finsam_pipeline import open_snapshot
from finsam_pipeline.register import load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.report import disclosure
from finsam_pipeline.report.halfyear import build_report, publishable
from finsam_pipeline_tests.masked_pages import nothing_recovered
from finsam_pipeline_tests.wider_report import with_tables


def parts(home: Path, policy: dict[str, Any]):
    snapshot = open_snapshot(home)
    (config,) = (home / "config").iterdir()
    register = load_register(config)
    known = snapshot.table("reference/periods").to_pylist()
    period = max(p["period"] for p in known if p["ledger_through"] and p["ledger_through"] >= p["ends_on"] and "H" in p["period"])
    return snapshot, replace(register, settings=register.settings | {"disclosure": policy}), period


@pytest.mark.parametrize("below", [3, 5, 10])
def test_no_hidden_count_of_the_example_can_be_worked_out(demo_home: Path, below: int):
    open_, closed = (build_report(*parts(demo_home, p)) for p in ({}, {"method": "mask", "below": below}))
    assert nothing_recovered(open_, closed, below) > 10


def outcomes(register: Register) -> dict[str, str]:
    """Label of an exit reason -> what it led to, as its group says and, within work and study, its own name."""
    closer = {"closer_to_work", "positive_other"}
    return {
        c.label: "Närmare arbete" if c.group in closer else c.label
        for c in register.codes["exit_reason"]
        if c.group in closer | {"work_or_study"}
    }


@pytest.mark.parametrize("below", [3, 5, 10])
def test_nor_with_every_table_there_is(demo_home: Path, below: int):
    snapshot, register, period = parts(demo_home, {"method": "mask", "below": below})
    closed = build_report(snapshot, with_tables(register), period)
    open_ = build_report(snapshot, with_tables(register, disclosure={}), period)
    assert nothing_recovered(open_, closed, below, outcomes(register)) > 25


def test_hiding_the_small_ones_of_every_table_alone_gives_them_away(demo_home: Path, monkeypatch: pytest.MonkeyPatch):
    found = disclosure.suppress
    monkeypatch.setattr(disclosure, "suppress", lambda *given: replace(found(*given), others=frozenset()))
    with pytest.raises(AssertionError):
        test_nor_with_every_table_there_is(demo_home, 5)


def test_hiding_takes_less_than_a_second_beside_an_earlier_edition(demo_home: Path):
    given = parts(demo_home, {"method": "mask"})
    _, told = publishable(*given)
    before = time.perf_counter()
    publishable(*given, earlier=[told])
    assert time.perf_counter() - before < 3  # about 0.6 s on a quiet machine
