"""What a killed run left half written, and what somebody is writing just now."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from finsam_pipeline.store.atomic import temporary_name
from finsam_pipeline.store.leftovers import clear_leftovers
from finsam_pipeline.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home").ensure()


@pytest.fixture
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def left(folder: Path, process: int, days: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = temporary_name(folder)
    file = file.with_name(file.name.replace(f"-{os.getpid()}-", f"-{process}-"))
    file.write_bytes(b"half")
    then = time.time() - days * 24 * 3600
    os.utime(file, (then, then))
    return file


def test_where_only_the_lock_holder_writes_everything_goes(workspace: Workspace):
    """Also what bears this process's number: in a container every run may have the same."""
    folders = (workspace.archive / "ab", workspace.work / "dalen" / "source", workspace.quarantine / "dalen", workspace.removed)
    files = [left(folder, os.getpid()) for folder in (*folders, workspace.marts, workspace.snapshots)]
    assert clear_leftovers(workspace) == len(files)
    assert not [f for f in files if f.exists()]


def test_elsewhere_what_a_living_process_writes_is_left_alone(workspace: Workspace, gone: int):
    folders = (
        workspace.vault,
        workspace.decisions,
        workspace.errors,
        workspace.dagster,
        workspace.reports / "dalen" / "2025H1" / "draft",
    )
    living = [left(folder, os.getpid()) for folder in folders]
    dead = [left(folder, gone) for folder in folders] + [left(folders[0], os.getpid(), days=2)]
    assert clear_leftovers(workspace) == len(dead)
    assert not [f for f in dead if f.exists()]
    assert [f.exists() for f in living] == [True] * len(living)


def test_a_half_made_edition_goes_whole_and_what_is_whole_stays(workspace: Workspace, gone: int):
    staged = workspace.reports / "dalen" / "2025H1" / f".writing-{gone}-abc.tmp"
    (staged / "figures").mkdir(parents=True)
    (staged / "figures" / "manifest.json").write_bytes(b"{")
    kept = workspace.reports / "dalen" / "2025H1" / "editions" / "ett" / "halvarsrapport.html"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"<p>")
    assert clear_leftovers(workspace) == 1
    assert not staged.exists()
    assert kept.exists()
