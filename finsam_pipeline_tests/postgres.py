"""A PostgreSQL server of a test's own: a socket in a temporary folder, no network, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER = "postgres"  # the server refuses to run as root


def binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, the newest version's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a running server with an empty database; its user is `finsam`, its password `hemligt`.

    Raises FileNotFoundError without binaries.
    """
    bin_folder = binaries()
    if bin_folder is None:
        raise FileNotFoundError("no PostgreSQL here")
    data, socket, secret = folder / "data", folder / "socket", folder / "password"
    socket.mkdir(parents=True)
    secret.write_text("hemligt\n")
    if os.geteuid() == 0:
        for path in (folder, socket, secret):
            shutil.chown(path, _OTHER)
        for parent in folder.parents:  # pytest's folders are closed to others; the server has to pass through
            if parent.owner() == "root" and parent.is_relative_to(Path("/tmp")) and parent != Path("/tmp"):  # noqa: S108
                parent.chmod(parent.stat().st_mode | 0o011)
    _as_server(bin_folder / "initdb", "-D", data, "-U", "finsam", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync")
    options = f"-c listen_addresses= -c unix_socket_directories={socket} -c fsync=off"
    _as_server(bin_folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgresql://finsam:hemligt@/postgres?host={quote(str(socket))}"
    finally:
        _as_server(bin_folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _as_server(*command: object) -> None:
    words = list(map(str, command))
    if os.geteuid() == 0:
        words = ["runuser", "-u", _OTHER, "--", *words]
    subprocess.run(words, check=True, capture_output=True, cwd="/")
