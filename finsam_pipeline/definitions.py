"""What `dagster dev` and the daemon load: the definitions of the workspace named by FINSAM_HOME.

The variable, or a line of `.env` in the working directory (the demo writes one), or `./finsam-home`. The workspace need not
exist; then no association is a partition yet.
"""

from __future__ import annotations

import os
from pathlib import Path

from finsam_pipeline.defs import build_definitions
from finsam_pipeline.defs.graph import packaged_lineage
from finsam_pipeline.defs.steps import Steps
from finsam_pipeline.defs.way import PipelineWay

_VARIABLE = "FINSAM_HOME"


def workspace_home(folder: Path | None = None) -> Path:
    """The workspace this code location shows, absolute. `folder`: where `.env` is looked for; default the working directory."""
    folder = folder or Path.cwd()
    named = os.environ.get(_VARIABLE) or _from_env_file(folder / ".env") or "finsam-home"
    return (folder / named).absolute()


def _from_env_file(file: Path) -> str | None:
    """The variable's value in a file of `NAME=value` lines. None when there is no such line or file."""
    if not file.is_file():
        return None
    pairs = (line.partition("=") for line in file.read_text(encoding="utf-8").splitlines())
    values = [value.strip().strip("'\"") for name, _, value in pairs if name.removeprefix("export ").strip() == _VARIABLE]
    return values[-1] or None if values else None


defs = build_definitions(Steps(PipelineWay(workspace_home()), waits=True), lineage=packaged_lineage())
