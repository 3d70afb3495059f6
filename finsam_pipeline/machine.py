"""What a process takes of the machine: told to the libraries before they are loaded, and held against what it may take.

Belongs here: limits of memory and what a run needs at least. Does not: how much one file may cost (`readers.limits`). Nothing heavy is
imported: with next to no memory there must be enough left to say so.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MB = 1 << 20
# OpenBLAS takes 32 MB and a thread for every core, and nothing here multiplies matrices. Arrow's usual allocator reserves a gigabyte
# of addresses, which a limit counts as used; the readers choose jemalloc anyway (docs/adr/0014).
_THRIFT = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "jemalloc"}
# What a run of a small association took (docs/trials.md), rounded up.
RESIDENT, DATA, ADDRESSES = 448 * MB, 704 * MB, 2304 * MB
_CONTROLLERS = (("memory", "memory/", "memory.limit_in_bytes"), ("", "", "memory.max"))  # cgroup v1, v2


class TooLittleMemory(Exception):  # noqa: N818 - what is wrong; exit status 10
    """A run would be killed on the way, or abort in a library, without a word. Its text (Swedish) says what is needed."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So much may be used, so much is needed at least; in bytes. `where`: who sets the limit, in words a person can search for.

    `taken`: what other processes under the same limit hold and will not give back, as Dagster's daemon beside its run.
    """

    allowed: int
    needed: int
    where: str
    taken: int = 0


def be_thrifty() -> None:
    """Tell libraries that are loaded later to take little. What somebody has set in the environment stands."""
    for name, value in _THRIFT.items():
        os.environ.setdefault(name, value)


def require_memory() -> None:
    """Refuse a run that cannot come to its end; asked before anything is taken in.

    Raises:
        TooLittleMemory.
    """
    for limit in limits():
        if limit.allowed - limit.taken < limit.needed:
            others = f", andra processer tar {limit.taken // MB} MB av dem" if limit.taken >= MB else ""
            raise TooLittleMemory(
                f"För lite minne: {limit.where} tillåter {limit.allowed // MB} MB{others} och en körning behöver minst"
                f" {limit.needed // MB} MB. Höj gränsen och kör igen. Inget är ändrat."
            )


def limits(own: Path = Path("/proc/self/cgroup"), groups: Path = Path("/sys/fs/cgroup")) -> Iterator[Limit]:
    """Every limit of memory that is set for this process; none on a system that does not say."""
    for kind, needed, where in (
        (resource.RLIMIT_DATA, DATA, "ulimit -d"),
        (resource.RLIMIT_AS, ADDRESSES, "ulimit -v"),
    ):
        soft, _ = resource.getrlimit(kind)
        if soft != resource.RLIM_INFINITY:
            yield Limit(soft, needed, where)
    for file in _group_files(own, groups):
        if (allowed := _number(file)) is not None:
            yield Limit(allowed, RESIDENT, f"gränsen i {file}", _taken(file.with_name("memory.stat")))


def _group_files(own: Path, groups: Path) -> Iterator[Path]:
    """The limit of the process's control group and of every group above it: the least of them holds."""
    try:
        lines = own.read_text("utf-8").splitlines()
    except OSError:  # not Linux
        return
    for _, controllers, path in (line.split(":", 2) for line in lines):
        for name, folder, file in _CONTROLLERS:
            if name in controllers.split(","):
                group = Path(path.lstrip("/"))
                yield from (groups / folder / part / file for part in (group, *group.parents))


def _number(file: Path) -> int | None:
    """None for a group that has no limit (v2 says `max`) or is not shown in this container."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None


def _taken(statistics: Path) -> int:
    """What a group's other processes hold that is no file's: v1 counts it as total_rss, v2 as anon. 0 where nobody says."""
    try:
        said = dict(line.split() for line in statistics.read_text("ascii").splitlines())
        resident, shared = map(int, Path("/proc/self/statm").read_text("ascii").split()[1:3])
        return max(0, int(said.get("total_rss", said.get("anon", "0"))) - (resident - shared) * resource.getpagesize())
    except (OSError, ValueError):
        return 0
