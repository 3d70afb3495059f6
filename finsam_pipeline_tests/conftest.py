"""Where tests find the shared samples, and workspaces that are run once a session."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from finsam_pipeline_tests.workspaces import Office

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FINSAM_SHARED", REPOSITORY.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared samples; the test skips where they are absent."""
    if not (SHARED / "landing").is_dir():
        pytest.skip("the shared samples do not stand beside the repository")
    return SHARED


def _written_is_enough(_file: int) -> None:
    """In the place of `os.fsync`."""


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """What this process writes need not survive a loss of power; the trials' runs, which must, are processes of their own."""
    with mock.patch("os.fsync", new=_written_is_enough):
        yield


def copy_workspace(source: Path, home: Path) -> Path:
    """A writable copy of `config/` and `landing/`; the samples themselves may be read-only."""
    shutil.copytree(source, home, copy_function=shutil.copyfile)
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return home


@pytest.fixture(scope="session")
def run_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A made-up association, its good files handed over and run; not to be changed."""
    office = Office.start(tmp_path_factory.mktemp("office") / "home").hand_over()
    said = office.run()
    assert said.status == 0, said.out + said.err
    return office


@pytest.fixture
def office(run_office: Office, tmp_path: Path) -> Office:
    """The same workspace, a test's own."""
    return run_office.copy_to(tmp_path / "home")
