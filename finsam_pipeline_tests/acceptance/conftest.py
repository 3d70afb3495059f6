"""Workspaces run once with the command a user gives."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from finsam_pipeline.store.reader import Snapshot, open_snapshot
from finsam_pipeline_tests.conftest import copy_workspace
from finsam_pipeline_tests.prepared import prepared

FINSAM = Path(sys.executable).with_name("finsam")


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


def finsam(*words: object, cwd: Path | None = None) -> Said:
    """Run one command in a process of its own, as a user does."""
    done = subprocess.run([FINSAM, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory, "demo", _demo)


def _demo(home: Path) -> None:
    said = finsam("demo", "--home", home, "--json")
    assert said.status == 0, said.err


@pytest.fixture(scope="session")
def stockholm_home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory, "stockholm", partial(_run, shared / "landing" / "stockholm-2025H1"))


def _run(sample: Path, home: Path) -> None:
    said = finsam("run", "--home", copy_workspace(sample, home), "--json")
    assert said.status == 0, said.err


@pytest.fixture(scope="session", params=["demo_home", "stockholm_home"])
def published(request: pytest.FixtureRequest) -> Snapshot:
    """The marts of the project's own example and of the shared one."""
    return open_snapshot(request.getfixturevalue(request.param))
