"""A Dagster program on the workspace FINSAM_HOME names, as a container or a service manager starts it.

    python -m finsam_pipeline.defs.serve dagster-daemon run --module-name finsam_pipeline.definitions

Without `dagster.yaml` Dagster would begin with settings of its own: telemetry, kept output of steps, runs beside each other. So the
instance is prepared first, and brought to this version; then the program takes this process's place.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from finsam_pipeline.defs.instance import prepare_instance


def main() -> None:
    """The program is looked for beside this Python, so that it is of the same environment."""
    home, words = os.environ.get("FINSAM_HOME"), sys.argv[1:]
    if not home or not words:
        sys.exit("usage: FINSAM_HOME=... python -m finsam_pipeline.defs.serve PROGRAM [WORD ...]")
    os.environ["DAGSTER_HOME"] = str(prepare_instance(Path(home)))
    os.execv(Path(sys.executable).with_name(words[0]), words)  # noqa: S606 - a program of our own environment, as the caller says


if __name__ == "__main__":
    main()
