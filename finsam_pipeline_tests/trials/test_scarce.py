"""A disk that is full and memory that runs out: whatever becomes of the run, what was published stands and the next run is whole.

On a full disk a run ends with 10 and a sentence. With less memory than any run needs it is refused with 10 and a sentence, before
anything is done: a library that gets none would abort the process without a word.

The disk is a small file system of its own where the test may mount one; `test_failing_writes` makes every single call fail
besides. Memory is limited by RLIMIT_DATA, what a process may write to, and by a control group, as a container is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from finsam_pipeline import machine
from finsam_pipeline_tests.trials.conftest import Night
from finsam_pipeline_tests.trials.groups import Group, group
from finsam_pipeline_tests.trials.runs import Ended, Launcher, copied, is_free, left_over, outcome, published, scratch, tell
from finsam_pipeline_tests.workspaces import LATER, LEDGER_HEADER, Office, csv_text

MB = 1 << 20
FAILED, KILLED = 10, -9
FINSAM = Path(sys.executable).with_name("finsam")


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
    limited = ("prlimit", f"--data={size}", FINSAM, "run", "--home", home, "--json")
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


def run_in(place: Group, home: Path) -> subprocess.CompletedProcess[str]:
    """A process of its own, through Dagster, as a person or a timer starts it."""
    return place.run(FINSAM, "run", "--home", home, "--json")


def test_half_a_gigabyte_is_enough_for_a_small_association(night: Night, tmp_path: Path):
    home = copied(night.base, tmp_path / "home")
    with group(512 * MB) as place:
        ended = run_in(place, home)
    assert ended.returncode == night.run.status, ended.stderr
    assert outcome(home, (night.association,)) == night.after


def test_too_little_in_a_group_above_is_said(night: Night, tmp_path: Path):
    """The process's own group says nothing; the one above it does, and holds."""
    home = copied(night.base, tmp_path / "home")
    with group(256 * MB) as above, group(None, above) as place:
        ended = run_in(place, home)
    assert ended.returncode == FAILED, ended.stderr
    assert f"tillåter 256 MB och en körning behöver minst {machine.RESIDENT // MB} MB" in ended.stderr
    assert published(home) == night.before


def test_what_others_in_the_group_hold_is_counted(night: Night, tmp_path: Path):
    """As Dagster's daemon does, whose children its runs are."""
    home = copied(night.base, tmp_path / "home")
    holding = (sys.executable, "-c", "held = b'x' * (200 << 20); print(flush=True); input()")
    with (
        group(512 * MB) as place,
        subprocess.Popen(place.command(*holding), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other,
    ):
        assert other.stdout is not None
        other.stdout.readline()
        ended = run_in(place, home)
        other.communicate("\n")
    assert ended.returncode == FAILED, ended.stderr
    assert re.search(r"tillåter 512 MB, andra processer tar 2\d\d MB av dem", ended.stderr)
    assert published(home) == night.before


@pytest.mark.long
def test_whom_the_kernel_ends_leaves_nothing(launcher: Launcher, night: Night):
    """Small and large associations in groups from what is refused to what is plenty; each run is followed by one without a limit."""
    counted: dict[str, dict[str, object]] = {}
    wrong: list[str] = []
    with scratch() as folder:
        for name, base in _offices(folder, night).items():
            before, after = published(base), _undisturbed(launcher, base, folder / "undisturbed")
            for size in (256, 384, machine.RESIDENT // MB, 512, 768, 1024):
                home = copied(base, folder / "home")
                with group(size * MB) as place:
                    ended = run_in(place, home)
                    peak = place.peak()
                met = {KILLED: "killed", FAILED: "refused"}.get(ended.returncode, "finished")
                counted.setdefault(name, {})[f"{size} MB"] = f"{met}, peak {peak} MB"
                found = _after(launcher, home, ended, [before] if met == "refused" else [before, after["marts"]], after)
                wrong += [f"{name} in {size} MB, {met}: {w}" for w in found]
                shutil.rmtree(home)
    tell("memory_groups", met=counted, wrong=wrong)
    assert not wrong


def _offices(folder: Path, night: Night) -> dict[str, Path]:
    """The trials' night; the same with drafts in every format; ledgers of many rows that came to what stands published."""
    every = Office(copied(night.base, folder / "every")).in_every_format()
    offices = {"small": night.base, "every format": every.home}
    for rows in (200_000, 1_000_000):
        office = Office.start(folder / f"{rows}").hand_over()
        assert office.run().status == 0
        office.put("huvudbok", "stor.csv", csv_text(LEDGER_HEADER, *_vouchers(rows // 2)), LATER)
        offices[f"{rows} voucher rows"] = office.home
    return offices


def _vouchers(count: int) -> Iterator[str]:
    for n in range(count):
        start, amount = f"B{n + 1};2025-{n % 12 + 1:02}-{n % 28 + 1:02}", f"{n % 977 + 1},{n % 100:02}"
        yield f"{start};5010;11;{amount};"
        yield f"{start};1930;;;{amount}"


def _undisturbed(launcher: Launcher, base: Path, place: Path) -> dict[str, object]:
    home = copied(base, place)
    launcher.run(home, short=False)
    made = outcome(home, (Office(home).association,))
    shutil.rmtree(home)
    return made


def _after(
    launcher: Launcher, home: Path, ended: subprocess.CompletedProcess[str], allowed: list[object], after: dict[str, object]
) -> list[str]:
    """What does not hold after a run in a group, and after the next one outside."""
    wrong = [] if ended.returncode in (KILLED, FAILED, 0, 3) else [f"ended with {ended.returncode}: {ended.stderr[-300:]}"]
    wrong += [] if is_free(home) else ["the lock is held"]
    wrong += [] if published(home) in allowed else ["a reader sees other marts"]
    wrong += ["a traceback"] if "Traceback" in ended.stderr + ended.stdout else []
    launcher.run(home, short=False)
    made = outcome(home, (Office(home).association,))
    wrong += [f"other {part} than after an undisturbed run" for part, value in after.items() if made[part] != value]
    return [*wrong, *(f"left over: {path}" for path in left_over(home))]
