"""Limits of memory are found wherever they are set, and a run that cannot end is refused."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from finsam_pipeline import machine
from finsam_pipeline.machine import DATA, MB, RESIDENT, TooLittleMemory, limits, require_memory

NONE = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: NONE)


def group(tmp_path: Path, own: str, **files: str) -> list[int]:
    """What is allowed in a control group `own` (as /proc/self/cgroup says it) with these files."""
    for name, text in files.items():
        file = tmp_path / "groups" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "cgroup").write_text(own)
    return [limit.allowed for limit in limits(tmp_path / "cgroup", tmp_path / "groups") if limit.needed == RESIDENT]


def test_a_group_and_those_above_it_set_limits(tmp_path: Path):
    files = {"a/b/memory.max": "max\n", "a/memory.max": f"{512 * MB}\n", "memory.max": "max\n"}
    assert group(tmp_path, "0::/a/b\n", **files) == [512 * MB]


def test_the_older_form_of_groups(tmp_path: Path):
    files = {"memory/a/memory.limit_in_bytes": f"{256 * MB}\n", "memory.max": "1\n"}
    assert group(tmp_path, "5:cpu:/x\n4:memory:/a\n", **files) == [256 * MB]


def test_a_container_that_shows_its_group_at_the_top(tmp_path: Path):
    """The path is the machine's, the files are the container's."""
    assert group(tmp_path, "0::/machine/abc\n", **{"memory.max": "5"}) == [5]


@pytest.mark.parametrize(
    ("own", "folder", "file", "held"),
    [
        ("0::/a\n", "a", "memory.max", "anon {}\nfile 9\n"),
        ("4:memory:/a\n", "memory/a", "memory.limit_in_bytes", "rss 1\ntotal_rss {}\n"),
    ],
)
def test_what_others_in_the_group_hold_is_not_there_to_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str, folder: str, file: str, held: str
):
    """A run in Dagster's daemon's container: the daemon has its share."""
    others = 300 * MB
    group(tmp_path, own, **{f"{folder}/{file}": f"{RESIDENT + others - MB}"})
    statistics = tmp_path / "groups" / folder / "memory.stat"
    monkeypatch.setattr(machine, "limits", partial(limits, tmp_path / "cgroup", tmp_path / "groups"))
    statistics.write_text(held.format(0))
    require_memory()
    statistics.write_text(held.format(others + own_memory()))
    with pytest.raises(TooLittleMemory, match=r"tillåter \d+ MB, andra processer tar (299|300|301) MB av dem och"):
        require_memory()


def own_memory() -> int:
    resident, shared = map(int, Path("/proc/self/statm").read_text().split()[1:3])
    return (resident - shared) * resource.getpagesize()


def test_where_nothing_is_said_there_is_no_limit(tmp_path: Path):
    assert list(limits(tmp_path / "absent", tmp_path)) == []
    assert group(tmp_path, "0::/\n") == []


@pytest.mark.parametrize("kind", [resource.RLIMIT_DATA, resource.RLIMIT_AS])
def test_a_run_below_the_least_is_refused_with_what_is_needed(monkeypatch: pytest.MonkeyPatch, kind: int):
    monkeypatch.setattr(resource, "getrlimit", lambda asked: (100 * MB, 100 * MB) if asked == kind else NONE)
    with pytest.raises(TooLittleMemory, match=r"tillåter 100 MB .* minst \d+ MB"):
        require_memory()


def test_a_run_with_enough_is_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "limits", lambda: iter([machine.Limit(DATA, DATA, "ulimit -d")]))
    require_memory()


def test_the_command_says_it_before_it_loads_anything(tmp_path: Path):
    """With next to nothing left no library can be loaded any more: what is said must come first."""
    program = "import sys; from finsam_pipeline.cli import main\nmain()"
    command = [
        "bash",
        "-c",
        f'ulimit -d {64 * 1024}; exec "$0" "$@"',
        sys.executable,
        "-c",
        program,
        "run",
        "--home",
        str(tmp_path),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONWARNINGS": "ignore"})
    assert said.returncode == 10
    assert said.stderr.startswith("För lite minne: ulimit -d tillåter 64 MB")
    assert list(tmp_path.iterdir()) == []


def test_libraries_are_told_to_take_little_unless_somebody_has_said_otherwise(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    machine.be_thrifty()
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["ARROW_DEFAULT_MEMORY_POOL"]) == ("4", "jemalloc")
