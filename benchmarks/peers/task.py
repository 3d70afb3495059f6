"""What every peer is given and must deliver, and how it is published: the same few lines for all, in any environment.

Belongs here: names, the folder that is published in one step, the verdict. Does not: reading, judging or counting anything.
Needs the standard library only. README.md says the task in words.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

MARTS = ("participant_flow", "exit_reasons", "income_statement", "ledger_month")
PRODUCTS = (*MARTS, "participations", "quarantine")
KEY = b"a key that protects nobody, long enough for SHA-256"  # a real one stands outside the data
RULES = ("L001", "L002", "L003", "L004", *(f"P{n:03d}" for n in range(1, 11)))
WARNINGS = ("P007",)
OPEN_ROWS = 3  # the exit status when something is in quarantine


def publish(out: Path, make: Callable[[Path], Mapping[str, object]]) -> int:
    """Let `make` write its files and say its verdict, then point `current` at them in one step; gives the exit status."""
    out.mkdir(parents=True, exist_ok=True)
    version = Path(tempfile.mkdtemp(prefix="version-", dir=out))
    try:
        verdict = make(version)
        (version / "verdict.json").write_text(json.dumps(verdict, sort_keys=True, indent=1), encoding="utf-8")
        _all_there(version)
    except BaseException:
        shutil.rmtree(version)
        raise
    link = out / f".{version.name}"
    link.symlink_to(version.name)
    os.replace(link, out / "current")  # noqa: PTH105 - the one system call that matters here
    return OPEN_ROWS if any(s["quarantined"] for s in verdict["sources"].values()) else 0  # type: ignore[attr-defined, index]


def _all_there(version: Path) -> None:
    absent = [name for name in PRODUCTS if not (version / f"{name}.parquet").is_file()]
    if absent:
        raise RuntimeError(f"not made: {', '.join(absent)}")


def main(make: Callable[[Path, Path], Mapping[str, object]]) -> None:
    """`python -m benchmarks.peers.<peer> HOME OUT`."""
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    sys.exit(publish(out, lambda version: make(home, version)))
