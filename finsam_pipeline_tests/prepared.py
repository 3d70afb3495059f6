"""What several tests begin with, made once a session: by the worker that needs it first, and kept from the others' hands.

Belongs here: how workers share what one of them made, and what a run leaves out when nobody looks at it. Does not: what is made.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import pytest

from finsam_pipeline import models
from finsam_pipeline.pipeline import building, publishing
from finsam_pipeline.store import snapshots

_PIECE = 1 << 20


def prepared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """This worker's own copy of the folder that `make` fills, whichever worker filled it.

    A copy, since commands of another worker leave locks and the like in the folder while a test here compares what lies in it.
    """
    own = factory.getbasetemp()
    shelf = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"prepared-{name}"
    shelf.mkdir(exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shelf / "whole").exists():
            shutil.rmtree(shelf / "home", ignore_errors=True)  # of a worker whose attempt failed
            make(shelf / "home")
            (shelf / "whole").touch()
    return copied(shelf / "home", factory.mktemp(name) / "home")


def copied(home: Path, to: Path) -> Path:
    """A workspace in another place, as it stands."""
    return Path(shutil.copytree(home, to, symlinks=True, copy_function=_with_its_holes))


def _with_its_holes(source: str, target: str) -> str:
    """As `shutil.copy2`, but nothing is written where nothing stands: that is most of a DuckDB file."""
    with Path(source).open("rb") as old, Path(target).open("wb") as new:
        at, size = 0, os.fstat(old.fileno()).st_size
        new.truncate(size)
        while at < size:
            try:
                at = os.lseek(old.fileno(), at, os.SEEK_DATA)
            except OSError:  # there is nothing more
                break
            end = os.lseek(old.fileno(), at, os.SEEK_HOLE)
            while at < end:
                at += os.pwrite(new.fileno(), os.pread(old.fileno(), min(end - at, _PIECE), at), at)
    shutil.copystat(source, target)
    return target


def _no_database(_tables: object, file: Path, *_: object) -> None:
    file.touch()


@contextmanager
def marts_alone(*, drafts: bool = False, tested: bool = True) -> Iterator[None]:
    """Runs of this process make the marts and nothing of what is made from them: drafts unless they are asked for, the places behind
    their figures, the marts as a workbook and as a DuckDB file. A third of a small run. `tested`: by the models' own tests."""
    with ExitStack() as without:
        if not tested:
            without.enter_context(mock.patch.object(models, "run_tests", return_value=[]))
        if not drafts:
            without.enter_context(mock.patch.object(publishing, "draft_reports", return_value=()))
        without.enter_context(mock.patch.object(building, "keep_places"))
        without.enter_context(mock.patch.object(snapshots, "marts_workbook", return_value=b""))
        without.enter_context(mock.patch.object(snapshots, "write_duckdb", _no_database))
        yield
