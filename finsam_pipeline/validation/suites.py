"""Where the suites stand, and how they are called.

Belongs here: names and reading. Does not: writing them (generate.py), running them (engine.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "gx" / "expectations"


def suite_name(source: str, batch: str) -> str:
    """`huvudbok`, `huvudbok.controls`: the suite of a judged table and its file's name."""
    return source if batch == "rows" else f"{source}.{batch}"


def load(source: str, batch: str) -> dict[str, Any]:
    """The suite of a judged table as it stands on disk, in Great Expectations' JSON form."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{suite_name(source, batch)}.json").read_text("utf-8"))
    return loaded
