"""A disk that is full and memory that runs out: whatever becomes of the run, what was published stands and the next run is whole.

On a full disk a run ends with 10 and a sentence. Without memory a library may abort the process: then it is a killed run.

The disk is a small file system of its own where the test may mount one; `test_failing_writes` makes every single call fail
besides. Memory is limited by RLIMIT_DATA, what a process may write to: RLIMIT_AS would count the addresses that DuckDB and Arrow
reserve and files that are mapped, several times what is used.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.mark.long
def test_little_memory(launcher: Launcher, night: Night, tmp_path: Path):
    """From far too little to what is enough for a small association."""
    met = []
    for size in (64 * MB, 256 * MB, 512 * MB, 768 * MB):
        home = copied(night.base, tmp_path / f"{size}")
        ended = launcher.start(home, memory=size).wait()
        died = ended.status is None  # a library that aborts when it gets no memory is a killed run
        if not died:
            assert_unharmed(night, home, ended)
        assert published(home) in (night.before, night.after["marts"])
        met.append((size // MB, ended.status, ended.signal, ended.peak // MB))
        assert launcher.run(home).status == night.run.status
        assert outcome(home, (night.association,))["marts"] == night.after["marts"]
        assert left_over(home) == []
    assert met[-1][1] == night.run.status, met
    tell("little_memory", met=met, undisturbed_peak_mb=night.run.peak // MB)
