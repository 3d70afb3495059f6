"""Runs a peer in a process of its own: wall's time, processor's time and the most memory it held. Ends one that takes too much.

Belongs here: one process and its children. Does not: what it does, whether it is right.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ACCEPTED = (0, 3)  # 3: published, with rows in quarantine
_PAUSE = 0.25


class Cost(NamedTuple):
    """Seconds of wall and processor (user and system, children included), and peak memory in MB of the largest process."""

    wall: float
    cpu: float
    peak: float


class Limits(NamedTuple):
    """What a peer may take before it is ended."""

    gigabytes: float
    minutes: float


class EndedError(RuntimeError):
    """The peer did not come to its end, or not to the right one."""


def measured(command: Sequence[str], limits: Limits, log: Path) -> Cost:
    """Run to the end, standard output into `log`.

    Raises:
        EndedError: it failed, or took more than the limits.
    """
    began = time.perf_counter()
    with log.open("wb") as out, log.with_suffix(".err").open("wb") as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})
        watch = _Watch(process.pid, limits)
        _, status, usage = os.wait4(process.pid, 0)
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if watch.reason:
        raise EndedError(watch.reason)
    if process.returncode not in ACCEPTED:
        raise EndedError(f"failed with {process.returncode}: {_last_line(log.with_suffix('.err'))}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class _Watch(threading.Thread):
    """Looks at a process several times a second; `reason` says why it was ended."""

    def __init__(self, pid: int, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.reason = ""
        self._pid, self._limits, self._done = pid, limits, threading.Event()
        self.start()

    def run(self) -> None:
        began = time.monotonic()
        while not self._done.wait(_PAUSE):
            if resident(self._pid) > self._limits.gigabytes * 2**30:
                self.reason = f"ended: held more than {self._limits.gigabytes:g} GB"
            elif time.monotonic() - began > self._limits.minutes * 60:
                self.reason = f"ended: took more than {self._limits.minutes:g} minutes"
            if self.reason:
                for pid in (*_children(self._pid), self._pid):
                    _end(pid)
                return

    def stop(self) -> None:
        self._done.set()
        self.join()


def resident(pid: int) -> int:
    """Bytes a process and its children hold."""
    total = 0
    for each in (pid, *_children(pid)):
        try:
            total += int(Path(f"/proc/{each}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return total


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    except OSError:
        return []


def _end(pid: int) -> None:
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else ""
