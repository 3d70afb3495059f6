"""What the trials share: starting runs that may be disturbed, and saying whether a workspace is whole.

Belongs here: the other end of `launcher.py`, the comparison of two workspaces. Does not: a trial.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow.parquet as pq
import pytest

from finsam_pipeline.review import audit
from finsam_pipeline.review.items import list_items
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.reader import FOOTER_ID, Snapshot, open_snapshot
from finsam_pipeline.store.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
COUNT, FAIL_ONCE, FAIL_FROM, KILL, TEAR = range(5)
_SOURCE = Path(__file__).with_name("faults.c")
_QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "jemalloc"}


@dataclass(frozen=True)
class Ended:
    """How a run ended. `status` is None for one that was killed; `seen`: calls that changed files below the workspace; `peak` in bytes."""

    status: int | None
    signal: int
    seconds: float
    seen: int
    out: str
    err: str
    peak: int = 0


class Running:
    """A run under way."""

    def __init__(self, launcher: Launcher, pid: int, out: Path) -> None:
        self._launcher, self.pid, self._out, self._began = launcher, pid, out, time.monotonic()

    def wait(self, kill_after: float | None = None) -> Ended:
        """Wait for its end, or kill it."""
        said = self._launcher.ask({"wait": self.pid, "seconds": kill_after})
        seconds = time.monotonic() - self._began
        assert said["signal"] >= 0, "the run did not end within half an hour"
        seen = self._out.with_name(self._out.name + ".seen")
        texts = [p.read_text("utf-8", "replace") if p.exists() else "" for p in (self._out, self._out.with_suffix(".err"))]
        count = int(seen.read_text()) if seen.exists() else 0
        for p in (seen, self._out, self._out.with_suffix(".err")):
            p.unlink(missing_ok=True)
        return Ended(said["status"], said["signal"], seconds, count, *texts, said.get("peak", 0))


class Launcher:
    """Starts runs as processes of their own. A context: the process behind it ends with the block."""

    def __init__(self, folder: Path, preload: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._number = folder, 0
        environment = os.environ | _QUIET | ({"LD_PRELOAD": str(preload)} if preload else {})
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "finsam_pipeline_tests.trials.launcher"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment,
        )  # fmt: skip
        self._answer()

    def start(
        self,
        home: Path,
        *words: str,
        fault: tuple[int, int, int] | None = None,
        short: bool = True,
        memory: int = 0,
        clock: int = 0,
        **environment: str,
    ) -> Running:
        """Begin a command on a workspace.

        `fault`: see `faults.c`; `short`: without Dagster between; `memory`: most bytes of data (RLIMIT_DATA); `clock`: seconds by
        which it is wrong.
        """
        self._number += 1
        out = self._folder / f"{os.getpid()}-{id(self):x}-{self._number}.out"
        request = {
            "home": str(home), "words": words or ("run", "--json"), "fault": fault, "short": short,
            "memory": memory, "clock": clock, "environment": environment, "out": str(out), "err": str(out.with_suffix(".err")),
        }  # fmt: skip
        return Running(self, self.ask(request)["pid"], out)

    def run(self, home: Path, *words: str, **how: Any) -> Ended:  # noqa: ANN401 - as `start`
        """One command to its end; options as in `start`."""
        return self.start(home, *words, **how).wait()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """One request, one answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(60)
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the launcher died"
        answer: dict[str, Any] = json.loads(line)
        return answer


def compiled(folder: Path) -> Path:
    """`faults.c` as a library to preload; the test skips where there is no C compiler or no Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler")
    library = folder / "faults.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"], check=True)
    return library


def copied(home: Path, to: Path) -> Path:
    """A workspace in another place, every byte and mode as it stands."""
    shutil.copytree(home, to, symlinks=True)
    return to


def published(home: Path) -> dict[str, str]:
    """Mart → SHA-256 of what a reader of the current snapshot gets; fails when it is not of one piece."""
    snapshot = open_snapshot(home)
    assert_whole(snapshot)
    return {m["name"]: m["sha256"] for m in snapshot.manifest["marts"]}


def assert_whole(snapshot: Snapshot) -> None:
    """Every file the manifest names has the bytes it names and says it is of this snapshot; what stands beside can be opened."""
    assert snapshot.damaged() == []
    for mart in snapshot.manifest["marts"]:
        footer = pq.read_schema(snapshot.path / mart["path"]).metadata[FOOTER_ID.encode()]
        assert footer.decode() == snapshot.id
    with duckdb.connect(str(snapshot.path / "marts.duckdb"), read_only=True) as connection:
        assert connection.execute("select snapshot_id from main.finsam_snapshot").fetchall() == [(snapshot.id,)]
    assert json.loads((snapshot.path / "datapackage.json").read_bytes())
    assert (snapshot.path / "marts.xlsx").read_bytes()[-22:-18] == b"PK\x05\x06"  # the directory a cut-off ZIP file lacks


def outcome(home: Path, associations: tuple[str, ...]) -> dict[str, object]:
    """All that a run leaves and that has to be the same after an undisturbed one: marts, drafts, items, standing decisions."""
    workspace = Workspace(home)
    with Database.of(workspace).reading() as connection:
        items = sorted((i.id, i.rule, str(i.status)) for i in list_items(connection, list(associations), everything=True))
        assert audit.verify(connection).broken_at is None
    reports = {
        p.relative_to(home).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(workspace.reports.rglob("*"))
        if p.is_file()
    }
    return {"id": open_snapshot(home).id, "marts": published(home), "items": items, "reports": reports}


def left_over(home: Path) -> list[str]:
    """Half-written files, wherever in the workspace."""
    return sorted(p.relative_to(home).as_posix() for p in home.rglob(".writing-*"))


def is_free(home: Path) -> bool:
    """Whether nobody holds the workspace's lock."""
    descriptor = os.open(home / ".lock", os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def tell(trial: str, **said: object) -> None:
    """Leave a trial's counts in the folder FINSAM_TRIALS_RESULTS names, for docs/trials.md; without the variable nowhere."""
    folder = os.environ.get("FINSAM_TRIALS_RESULTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, f"{trial}.json").write_text(json.dumps(said, indent=1, sort_keys=True, default=str), "utf-8")


@contextlib.contextmanager
def scratch() -> Any:  # noqa: ANN401 - a context manager of a Path
    """A folder that is gone afterwards: a trial of hundreds of workspaces must not leave them to pytest."""
    with tempfile.TemporaryDirectory(prefix="finsam-trial-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
