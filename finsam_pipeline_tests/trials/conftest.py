"""What the trials share: one prepared night, what an undisturbed run makes of it, and a launcher of runs."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from finsam_pipeline_tests.trials.disturbed import prepared
from finsam_pipeline_tests.trials.runs import COUNT, Ended, Launcher, compiled, copied, outcome, published


@dataclass(frozen=True)
class Night:
    """The prepared workspace, what stands in it, and the undisturbed run with its outcome. `calls`: how many changed files."""

    base: Path
    before: dict[str, str]
    after: dict[str, object]
    run: Ended
    association: str = "dalen"


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    folder = tmp_path_factory.mktemp("launcher")
    with Launcher(folder / "out", compiled(folder)) as started:
        yield started


@pytest.fixture(scope="session")
def night(launcher: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Made by the first of several workers that needs it; every trial works on a copy."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "night"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made := folder / "made").exists():
            made.write_bytes(pickle.dumps(_made(launcher, folder)))
        return pickle.loads(made.read_bytes())  # noqa: S301 - written by this test run


def _made(launcher: Launcher, folder: Path) -> Night:
    base = prepared(folder / "base").home
    undisturbed = copied(base, folder / "undisturbed")
    run = launcher.run(undisturbed, fault=(COUNT, 0, 0))
    assert run.status == 3, run.err
    return Night(base, published(base), outcome(undisturbed, ("dalen",)), run)
