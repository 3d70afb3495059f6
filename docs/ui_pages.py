"""The Dagster UI of a workspace in a headless browser: started on a free port, and stopped again.

Belongs here: what the pictures and the browser test share. Does not: which pages are looked at.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_READY_WITHIN = 300.0  # seconds; the code location imports everything
_STOPPED_WITHIN = 20.0


def chromium() -> Path | None:
    """The browser: CHROMIUM, else where a Linux package puts it; None when there is none."""
    named = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    return named if named.is_file() else None


@contextmanager
def running_ui(home: Path, *, read_only: bool = True) -> Iterator[str]:
    """The address of `finsam ui` on this workspace; it is stopped at the end with all it started."""
    port = _free_port()
    command = [Path(sys.executable).with_name("finsam"), "ui", "--home", home, "--port", str(port)]
    if read_only:
        command.append("--read-only")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield address
    finally:
        _stop(process)


@contextmanager
def opened(executable: Path) -> Iterator[Browser]:
    """A headless browser that asks nobody for anything."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a tool for development

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(executable), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    latest = time.monotonic() + _READY_WITHIN
    while time.monotonic() < latest:
        if process.poll() is not None:
            raise RuntimeError(f"finsam ui ended with {process.returncode}")
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{address}/server_info", timeout=5).close()  # noqa: S310 - our own server
            return
        time.sleep(0.3)
    raise TimeoutError(f"finsam ui was not ready within {_READY_WITHIN:.0f} seconds")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the group it leads, then insist: the web server has code servers of its own."""
    for wish, patience in ((signal.SIGINT, _STOPPED_WITHIN), (signal.SIGKILL, _STOPPED_WITHIN)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, wish)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return
