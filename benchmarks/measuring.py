"""What both benchmarks share: child processes with their time and peak memory, medians, tables, the results file.

Belongs here: measuring and writing down. Does not: what is measured.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = "# Results\n\nWritten by `make bench`: each section by its own script, with the machine it ran on.\n"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one child process took. `cpu` is user and system time: on a machine that others use too, it says more than the wall's."""

    wall: float
    cpu: float
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, accepted: Iterable[int] = (0,)) -> Cost:
    """Run a command to its end; RuntimeError with what it said when its exit status is not an accepted one."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=os.environ | dict(environment or {}), capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in accepted:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(wall, cpu, done.stdout)


def peak_megabytes() -> float:
    """The most memory this program has held.

    Linux hands a child's `ru_maxrss` the size its parent had, so its own high-water mark is read where the kernel keeps it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def median(values: Iterable[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; every column but the first is right-aligned."""
    ruler = ["---", *(["---:"] * (len(head) - 1))]
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ruler, *rows))


def machine(*packages: str) -> str:
    """One paragraph about the machine and the versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    versions = ", ".join(f"{p} {version(p)}" for p in packages)
    return (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, {cores} cores{load}, {_memory()},"
        f" Python {platform.python_version()}, {versions}.\n"
    )


def write_section(name: str, text: str, file: Path = RESULTS) -> None:
    """Put a section between its own marks in the results file; the other sections stay as they are."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    standing = file.read_text("utf-8") if file.is_file() else _HEAD
    section = start + text.rstrip("\n") + "\n" + end
    found = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    new = found.sub(lambda _: section, standing) if found.search(standing) else f"{standing.rstrip()}\n\n{section}"
    file.write_text(new, "utf-8")


def _memory() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return "memory unknown"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
