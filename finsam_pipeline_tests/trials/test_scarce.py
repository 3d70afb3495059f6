"""A disk that is full and memory that runs out: whatever becomes of the run, what was published stands and the next run is whole.

On a full disk a run ends with 10 and a sentence. With less memory than any run needs it is refused with 10 and a sentence, before
anything is done: a library that gets none would abort the process without a word.

The disk is a small file system of its own where the test may mount one; `test_failing_writes` makes every single call fail
besides. Memory is limited by RLIMIT_DATA, what a process may write to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from finsam_pipeline import machine
from finsam_pipeline_tests.trials.conftest import Night
from finsam_pipeline_tests.trials.runs import Ended, Launcher, copied, is_free, left_over, outcome, published, tell

MB = 1 << 20
FAILED = 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB; skips where nobody may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("may not mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def assert_unharmed(night: Night, home: Path, ended: Ended) -> None:
    assert ended.status in (FAILED, night.run.status), ended.err
    assert "Traceback" not in ended.err + ended.out
    assert is_free(home)
    assert published(home) in (night.before, night.after["marts"])


def test_a_full_disk(launcher: Launcher, night: Night, small_disk: Path):
    """The disk fills up at another place each time; when there is room again, the next run makes what it should."""
    home = copied(night.base, small_disk / "home")
    filler = small_disk / "filler"
    met = []
    for free in (0, 64 << 10, MB, 2 * MB, 3 * MB):
        filler.unlink(missing_ok=True)
        there = os.statvfs(small_disk)
        filler.write_bytes(bytes(max(0, there.f_bavail * there.f_frsize - free)))
        ended = launcher.run(home)
        assert_unharmed(night, home, ended)
        met.append((free, ended.status))
    assert FAILED in {status for _, status in met}
    filler.unlink()
    assert launcher.run(home).status == night.run.status
    assert outcome(home, (night.association,))["marts"] == night.after["marts"]
    assert left_over(home) == []
    tell("full_disk", met=met)


@pytest.mark.parametrize("size", [64 * MB, 256 * MB, 512 * MB])
def test_too_little_memory_is_said_and_nothing_is_done(night: Night, tmp_path: Path, size: int):
    home = copied(night.base, tmp_path / "home")
    before = {p: p.lstat().st_mtime_ns for p in home.rglob("*")}
    # A process of its own: one that is forked begins with all that the launcher has loaded.
    limited = ("prlimit", f"--data={size}", Path(sys.executable).with_name("finsam"), "run", "--home", home, "--json")
    ended = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert ended.returncode == FAILED, ended.stderr
    assert f"{size // MB} MB" in ended.stderr
    assert f"minst {machine.DATA // MB} MB" in ended.stderr
    assert json.loads(ended.stdout)["error"] == "memory"
    assert {p: p.lstat().st_mtime_ns for p in home.rglob("*")} == before


@pytest.mark.long
def test_what_is_said_to_be_enough_memory_is_enough(launcher: Launcher, night: Night, tmp_path: Path):
    """Through Dagster, as a person runs it; three times, since threads do not always take the same."""
    met = []
    for n in range(3):
        home = copied(night.base, tmp_path / f"{n}")
        ended = launcher.run(home, memory=machine.DATA, short=False)
        assert ended.status == night.run.status, ended.err
        assert outcome(home, (night.association,))["marts"] == night.after["marts"]
        met.append(ended.peak // MB)
    tell("little_memory", data_mb=machine.DATA // MB, peak_resident_mb=met, undisturbed_peak_mb=night.run.peak // MB)
