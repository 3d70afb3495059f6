"""The first, second, … n-th call that changes a file fails (the disk is full, the device errs), until a run succeeds.

Once, so that the run may go on and try to tidy up, and for good, so that nothing it then does works either. Below Python
(`faults.c`), so that what SQLite, DuckDB and Arrow write is counted too. After each failure a reader has the old marts whole or the
new ones whole, and nothing holds the workspace; a run without failure then makes what an undisturbed one makes.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from finsam_pipeline_tests.trials.conftest import Night
from finsam_pipeline_tests.trials.runs import (
    FAIL_FROM,
    FAIL_ONCE,
    Ended,
    Launcher,
    copied,
    is_free,
    left_over,
    outcome,
    published,
    scratch,
    tell,
)

FAILED = 10
IN_SHORT = 3
PARTS = 8  # of the long form, so that several workers share it


@pytest.mark.parametrize("how", [FAIL_ONCE, pytest.param(FAIL_FROM, marks=pytest.mark.long)], ids=["once", "for good"])
def test_a_failing_call_harms_nothing(launcher: Launcher, night: Night, tmp_path: Path, how: int):
    numbers = [1 + night.run.seen * k // IN_SHORT for k in range(IN_SHORT)]
    assert not _tried(launcher, night, tmp_path, how, numbers)["violations"]


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS), ids="part{}".format)
@pytest.mark.parametrize("how", [FAIL_ONCE, FAIL_FROM], ids=["once", "for_good"])
def test_every_call_fails(launcher: Launcher, night: Night, how: int, part: int):
    """Every call; every k-th with FINSAM_TRIALS_STEP=k."""
    step = int(os.environ.get("FINSAM_TRIALS_STEP", "1"))
    numbers = range(1 + part * step, night.run.seen + 1, PARTS * step)
    with scratch() as folder:
        counted = _tried(launcher, night, folder, how, numbers)
    tell(f"failing_{'once' if how == FAIL_ONCE else 'for_good'}_{part}", step=step, first=numbers.start, **counted)
    assert not counted["violations"]


def _tried(launcher: Launcher, night: Night, folder: Path, how: int, numbers: Iterable[int]) -> dict[str, object]:
    violations: list[str] = []
    met: Counter[str] = Counter()
    for n in numbers:
        home = copied(night.base, folder / f"call{n}")
        ended = launcher.run(home, fault=(how, n, errno.ENOSPC if n % 2 else errno.EIO))
        met[f"status {ended.status}"] += 1
        wrong = _after(night, home, ended) + _run_again(launcher, night, home)
        violations += [f"call {n} of {night.run.seen}: {w}" for w in wrong]
        if not wrong:
            shutil.rmtree(home)
    return {"calls": night.run.seen, "failed": sum(met.values()), "met": dict(met), "violations": violations}


def _after(night: Night, home: Path, ended: Ended) -> list[str]:
    """A run whose call failed ends with 10, or with an undisturbed run's status where it could do without the call."""
    wrong = [] if is_free(home) else ["the lock is held"]
    if ended.status not in (FAILED, night.run.status):
        wrong.append(f"ends with {ended.status} {ended.signal}: {ended.err[-300:]}")
    if "Traceback" in ended.err + ended.out:
        wrong.append("shows a traceback")
    if published(home) not in (night.before, night.after["marts"]):
        wrong.append("a reader sees neither the old nor the new marts")
    return wrong


def _run_again(launcher: Launcher, night: Night, home: Path) -> list[str]:
    again = launcher.run(home)
    if again.status != night.run.status:
        return [f"a run without failure ends with {again.status}: {again.err[-300:]}"]
    made = outcome(home, (night.association,))
    wrong = [f"other {part}" for part, value in night.after.items() if made[part] != value]
    return wrong + [f"left over {path}" for path in left_over(home)]
