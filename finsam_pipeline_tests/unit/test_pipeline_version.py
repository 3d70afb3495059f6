"""What a figure or a page is made of counts in the version of the code: a new template remakes the drafts."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path, PurePosixPath

import pytest

from finsam_pipeline.pipeline import version


@pytest.mark.parametrize("room", ["report", "models"])
def test_every_template_counts(room: str):
    names = [item.name for item in (files("finsam_pipeline") / room / "templates").iterdir() if item.is_file()]
    assert names
    assert {PurePosixPath(name).suffix for name in names} <= version._SUFFIXES


def test_a_clone_and_what_is_installed_from_it_are_the_same_code(tmp_path: Path):
    """A wheel carries the models inside the package: moving into a container must not give every snapshot another id."""
    clone, installed = tmp_path / "clone", tmp_path / "installed"
    for path, text in {"package/rule.py": "one", "models/mart.sql": "select 1", "models/sub/mart.yml": "two"}.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(text)
    shutil.copytree(clone / "package", installed)
    shutil.copytree(clone / "models", installed / "models")
    before = version.source_hash(clone / "package", clone / "models")
    assert version.source_hash(installed, installed / "models") == before
    (installed / "models" / "mart.sql").write_text("select 2")
    assert version.source_hash(installed, installed / "models") != before
