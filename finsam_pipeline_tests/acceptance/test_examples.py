"""The example scripts run on the project's own example and print the published figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline_tests.conftest import REPOSITORY

EXAMPLES = sorted((REPOSITORY / "examples").glob("*.py"))


def printed(script: Path, home: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, script, "--home", home, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda p: p.stem)
def test_every_example_runs_and_names_the_snapshot(script: Path, demo_home: Path):
    assert printed(script, demo_home).startswith(f"Snapshot {open_snapshot(demo_home).id}, 20")


def test_there_is_one_for_every_family_of_figures():
    assert {p.stem for p in EXAMPLES} == {"participants", "economy"}


def test_what_they_print_is_what_is_published(demo_home: Path):
    marts = open_snapshot(demo_home)
    flow = [r for r in marts.table("participants/participant_flow").to_pylist() if r["period"] == "2025H1"]
    first = min(r["intervention_id"] for r in flow)
    sums = [str(sum(r[m] for r in flow if r["intervention_id"] == first)) for m in ("carried_in", "started", "participants")]
    people = printed(REPOSITORY / "examples" / "participants.py", demo_home, "--period", "2025H1")
    assert sums == next(line for line in people.splitlines() if f" {first} " in line).split()[-5:-2]
    (line,) = [r for r in marts.table("economy/income_statement").to_pylist() if (r["period"], r["kind"]) == ("2025H1", "result")]
    money = printed(REPOSITORY / "examples" / "economy.py", demo_home, "--period", "2025H1")
    assert str(line["outcome_kr"]) in next(row for row in money.splitlines() if line["label"] in row)
