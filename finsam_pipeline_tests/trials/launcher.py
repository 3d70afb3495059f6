"""A process that has imported everything and forks a run on request, so that a trial of hundreds of runs pays for imports once.

Run as a program with `faults.so` preloaded; `runs.Launcher` speaks to it in JSON lines. Each run is a process of its own with
its own threads, locks and connections: nothing but imported modules is shared, and it can be killed like any other.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

_IMPORTED = (
    "finsam_pipeline.cli.actions",
    "finsam_pipeline.cli.keeping",
    "finsam_pipeline.cli.reviewing",
    "finsam_pipeline.defs.instance",
    "finsam_pipeline.pipeline.standing",
    "finsam_pipeline.report.formats",
    "finsam_pipeline.report.halfyear",
    "finsam_pipeline.report.pdf",
    "finsam_pipeline.validation.judging",
    "great_expectations",
    "finsam_pipeline_tests.workspaces",
)


def _warm_up() -> None:
    """One run beforehand: templates, suites and fonts are half of a short run, and the same in every one."""
    from tqdm import tqdm  # noqa: PLC0415

    from finsam_pipeline_tests.workspaces import Office  # noqa: PLC0415

    tqdm.monitor_interval = 0  # of Great Expectations' progress bars: a thread of its own
    with tempfile.TemporaryDirectory(prefix="finsam-warm-") as folder:
        answer = Office.start(Path(folder)).in_every_format().hand_over().run()
    assert answer.status == 0, answer.err
    assert threading.active_count() == 1, "a thread does not survive a fork"


def _arm(fault: list[Any], home: str) -> None:
    mode, number, error = fault
    ctypes.CDLL(None).faults_arm(home.encode(), mode, ctypes.c_long(number), error)


def _seen() -> int:
    try:
        counted = ctypes.CDLL(None).faults_seen
    except AttributeError:  # not preloaded
        return 0
    counted.restype = ctypes.c_long
    return int(counted())


def _child(request: dict[str, Any]) -> int:
    """The run itself: one command, through Dagster or without."""
    from unittest import mock  # noqa: PLC0415

    from finsam_pipeline.cli import actions, main  # noqa: PLC0415
    from finsam_pipeline_tests import workspaces  # noqa: PLC0415

    for name, number in (("out", 1), ("err", 2)):
        descriptor = os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, number)
    os.environ.update(request["environment"])
    if request["fault"]:
        _arm(request["fault"], request["home"])
    if request.get("clock"):
        ctypes.CDLL(None).faults_clock(ctypes.c_long(request["clock"]))
    if request.get("memory"):
        resource.setrlimit(resource.RLIMIT_DATA, (request["memory"], request["memory"]))
    sys.argv = ["finsam", *request["words"], "--home", request["home"]]
    way = mock.patch.object(actions, "_run_one", workspaces._without_dagster) if request["short"] else mock.MagicMock()  # type: ignore[attr-defined]
    with way:
        try:
            main()
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0


def _fork(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        status = _child(request)
        sys.stdout.flush()
        sys.stderr.flush()
        Path(request["out"] + ".seen").write_text(str(_seen()), "ascii")
    except BaseException:  # noqa: BLE001 - nothing of a child may go on in its parent's code
        import traceback  # noqa: PLC0415

        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _wait(pid: int, seconds: float | None) -> dict[str, Any]:
    """How the run ended; killed when it still goes on after `seconds`."""
    end = time.monotonic() + (seconds if seconds is not None else 600)
    while True:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if ended:
            killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            return {"status": None if killed else os.WEXITSTATUS(status), "signal": killed, "peak": used.ru_maxrss * 1024}
        if time.monotonic() >= end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return {"status": None, "signal": int(signal.SIGKILL) if seconds is not None else -1}
        time.sleep(0.002)


def main() -> None:
    """Answer requests until standard input ends."""
    for name in _IMPORTED:
        importlib.import_module(name)
    _warm_up()
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    print("{}", file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        answer = _wait(request["wait"], request["seconds"]) if "wait" in request else {"pid": _fork(request)}
        print(json.dumps(answer), file=answers)
    os._exit(0)  # what libraries say of themselves when they are taken down belongs to nobody


if __name__ == "__main__":
    main()
