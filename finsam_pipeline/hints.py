"""A command as it is shown to a person: it can be pasted as it stands.

Belongs here: how it is written. Does not: when one is shown.
"""

from __future__ import annotations

import shlex
from pathlib import Path


def command(home: Path, name: str, *words: str) -> str:
    """`finsam <name> --home <home> <words>`, quoted for a shell. What a person has to fill in is written in capitals."""
    return shlex.join(["finsam", *name.split(), "--home", str(home), *words])
