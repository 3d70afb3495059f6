"""Workspaces run once with the command a user gives."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from finsam_pipeline.store.reader import Snapshot, open_snapshot
from finsam_pipeline_tests.command import finsam
from finsam_pipeline_tests.conftest import copy_workspace
from finsam_pipeline_tests.prepared import prepared


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
