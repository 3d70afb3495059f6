"""What a figure or a page is made of counts in the version of the code: a new template remakes the drafts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import PurePosixPath

import pytest

from finsam_pipeline.pipeline import version


@pytest.mark.parametrize("room", ["report", "models"])
def test_every_template_counts(room: str):
    names = [item.name for item in (files("finsam_pipeline") / room / "templates").iterdir() if item.is_file()]
    assert names
    assert {PurePosixPath(name).suffix for name in names} <= version._SUFFIXES
