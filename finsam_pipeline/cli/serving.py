"""`finsam ui`: Dagster's webserver and daemon on one workspace, until somebody stops them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from finsam_pipeline.cli.say import Voice
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.store.workspace import Workspace


def ui(home: Path, port: int, read_only: bool, voice: Voice) -> ExitStatus:
    """The Dagster UI on this workspace, on 127.0.0.1 only, and the daemon that starts what is asked for there."""
    from finsam_pipeline.defs.instance import prepare_instance  # noqa: PLC0415

    dagster_home = prepare_instance(Workspace(home).ensure().home)
    environment = os.environ | {"DAGSTER_HOME": str(dagster_home), "FINSAM_HOME": str(home.resolve())}
    code = ("--module-name", "finsam_pipeline.definitions")
    commands = [[_beside("dagster-webserver"), "--host", "127.0.0.1", "--port", str(port), *code]]
    if read_only:
        commands[0].append("--read-only")
    else:
        commands.append([_beside("dagster-daemon"), "run", *code])
    voice.line(f"Dagster på http://127.0.0.1:{port} (avsluta med Ctrl+C)")
    running = [subprocess.Popen(c, env=environment) for c in commands]  # noqa: S603 - our own commands
    return _wait_for(running)


def _beside(script: str) -> str:
    return str(Path(sys.executable).with_name(script))


def _wait_for(running: list[subprocess.Popen[bytes]]) -> ExitStatus:
    """Until the first one ends or somebody stops it (Ctrl+C, a service manager's SIGTERM); then all of them end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return ExitStatus.FAILED if running[0].wait() else ExitStatus.CLEAN
    except KeyboardInterrupt:
        return ExitStatus.CLEAN
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
