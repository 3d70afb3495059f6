"""A run killed at any moment, then run again: the outcome of an undisturbed run, no lock, nothing half-written.

Half of the kills fall at a moment (through Dagster, from the fork to past the run's end), half at a call that changes a file: just before
it, or in the middle of what it writes.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from finsam_pipeline_tests.trials.conftest import Night
from finsam_pipeline_tests.trials.runs import (
    COUNT,
    KILL,
    TEAR,
    Launcher,
    copied,
    is_free,
    left_over,
    outcome,
    published,
    scratch,
    tell,
)

SEED = 20260


def test_a_run_killed_at_any_moment_leaves_nothing_behind(launcher: Launcher, night: Night, tmp_path: Path):
    assert not _tried(launcher, night, tmp_path, kills=2)["violations"]


@pytest.mark.long
def test_two_hundred_kills(launcher: Launcher, night: Night):
    """Another number with FINSAM_TRIALS_KILLS."""
    kills = int(os.environ.get("FINSAM_TRIALS_KILLS", "200"))
    with scratch() as folder:
        counted = _tried(launcher, night, folder, kills)
    tell("kills", **counted)
    assert not counted["violations"]


def _tried(launcher: Launcher, night: Night, folder: Path, kills: int) -> dict[str, object]:
    """Every kill, and what did not hold after it."""
    seconds = launcher.run(copied(night.base, folder / "length"), fault=(COUNT, 0, 0), short=False).seconds
    chance = random.Random(SEED)  # noqa: S311 - a test case, not a secret
    violations: list[str] = []
    met: Counter[str] = Counter()
    for number in range(kills):
        home = copied(night.base, folder / f"kill{number}")
        share = (number // 2 + chance.random()) / ((kills + 1) // 2)
        if number % 2:
            at, how = 1 + int(share * night.run.seen), (KILL, TEAR)[number // 2 % 2]
            ended = launcher.run(home, fault=(how, at, 0))
            what = f"{'before' if how == KILL else 'in'} call {at} of {night.run.seen}"
        else:
            ended = launcher.start(home, short=False).wait(kill_after=share * seconds)
            what = f"after {share:.3f} of the run"
        met["killed" if ended.signal else "ended before"] += 1
        wrong = _after(launcher, night, home, met, short=bool(number % 2))
        violations += [f"killed {what}: {w}" for w in wrong]
        if not wrong:
            shutil.rmtree(home)
    return {"kills": kills, "seconds": round(seconds, 1), "calls": night.run.seen, "met": dict(met), "violations": violations}


def _after(launcher: Launcher, night: Night, home: Path, met: Counter[str], *, short: bool) -> list[str]:
    wrong = [] if is_free(home) else ["the lock is held"]
    stands = published(home)
    met["new stands" if stands == night.after["marts"] else "old stands"] += 1
    if stands not in (night.before, night.after["marts"]):
        wrong.append("a reader sees neither the old nor the new marts")
    again = launcher.run(home, short=short)
    if again.status != night.run.status:
        wrong.append(f"the next run ends with {again.status}: {again.err[-300:]}")
    made = outcome(home, (night.association,))
    wrong += [f"other {part} than after an undisturbed run" for part, value in night.after.items() if made[part] != value]
    wrong += [f"left over: {path}" for path in left_over(home)]
    return wrong
