"""The command line as a user has it: the console script, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from finsam_pipeline_tests.workspaces import Answer

FINSAM = Path(sys.executable).with_name("finsam")


def finsam(*words: object, cwd: Path | None = None) -> Answer:
    """Run one command in a process of its own, as a user does."""
    done = subprocess.run([FINSAM, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)
    return Answer(done.returncode, done.stdout, done.stderr)
