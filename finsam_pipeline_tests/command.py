"""The command line as a user has it: the console script, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FINSAM = Path(sys.executable).with_name("finsam")


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


def finsam(*words: object, cwd: Path | None = None) -> Said:
    """Run one command in a process of its own, as a user does."""
    done = subprocess.run([FINSAM, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    return Said(done.returncode, done.stdout, done.stderr)
