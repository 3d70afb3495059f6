"""Dagster's programs never start on settings of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from finsam_pipeline.defs.dagster_yaml import settings_text

SERVE = (sys.executable, "-W", "ignore", "-m", "finsam_pipeline.defs.serve")


def test_the_instance_is_there_before_the_program_is(tmp_path: Path):
    """Python itself stands for the program: it says what it was told."""
    said = subprocess.run(
        [*SERVE, Path(sys.executable).name, "-c", "import os, sys; print(os.environ['DAGSTER_HOME'], sys.argv[1])", "word"],
        capture_output=True, text=True, check=True, env=os.environ | {"FINSAM_HOME": str(tmp_path)},
    )  # fmt: skip
    assert said.stdout.split() == [str(tmp_path / "dagster"), "word"]
    assert (tmp_path / "dagster" / "dagster.yaml").read_text("utf-8") == settings_text(server="FINSAM_DAGSTER_URL" in os.environ)


def test_without_a_workspace_or_a_program_nothing_starts(tmp_path: Path):
    for words, named in (((), {"FINSAM_HOME": str(tmp_path)}), (("python",), {})):
        environment = {k: v for k, v in os.environ.items() if k != "FINSAM_HOME"} | named
        said = subprocess.run([*SERVE, *words], capture_output=True, text=True, check=False, env=environment)
        assert (said.returncode, "usage" in said.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []
