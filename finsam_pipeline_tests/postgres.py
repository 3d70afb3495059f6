"""A PostgreSQL server of a test's own: a socket in a temporary folder, no network, gone afterwards.

Its folder is not one of pytest's: every pytest session that starts closes the folder above them to others (mode 0700), and the
server, which runs as another user, then no longer reaches its own files and shuts itself down in the middle of a test.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
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
def postgres() -> Iterator[str]:
    """The URL of a running server with an empty database; its user is `finsam`, its password `hemligt`.

    Raises FileNotFoundError without binaries.
    """
    bin_folder = binaries()
    if bin_folder is None:
        raise FileNotFoundError("no PostgreSQL here")
    # Straight under /tmp, which everybody may pass, and short: a socket's whole path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="finsam-pg-", dir="/tmp", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        data, secret = folder / "data", folder / "password"
        secret.write_text("hemligt\n")
        if os.geteuid() == 0:
            for path in (folder, secret):
                shutil.chown(path, _OTHER)
        _as_server(bin_folder / "initdb", "-D", data, "-U", "finsam", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        _as_server(bin_folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield f"postgresql://finsam:hemligt@/postgres?host={quote(str(folder))}"
        finally:
            _as_server(bin_folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _as_server(*command: object) -> None:
    words = list(map(str, command))
    if os.geteuid() == 0:
        words = ["runuser", "-u", _OTHER, "--", *words]
    subprocess.run(words, check=True, capture_output=True, cwd="/")
