"""The register of processing: every column that speaks of persons is in it, and it says what is decided about keeping."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.register import load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.processing import processing_register
from finsam_pipeline_tests.workspaces import Office


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return load_register(Office.start(tmp_path).home / "config" / "dalen")


def test_every_sensitive_column_of_every_source_has_a_line(register: Register):
    text = processing_register(register)
    told = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 4]
    for contract in SOURCES.values():
        for column in contract.columns:
            named = any(f"| {contract.title_sv} | {column.description_sv} |" in line for line in told)
            assert named is (contract.personal or column.sensitive), (contract.name, column.name)


def test_what_is_decided_about_keeping_is_said(register: Register):
    assert processing_register(register).count("ingen gallring är beslutad") == 4
    decided = replace(register, settings={"retention": {"originals_years": 7}, "archive": "until_superseded"})
    text = processing_register(decided)
    assert "7 hela kalenderår efter leveransåret" in text
    assert text.count("ingen gallring är beslutad") == 3
    assert "ersatt alla deras rader" in text


def test_ids_and_free_text_are_never_said_to_be_counted(register: Register):
    lines = processing_register(register).splitlines()
    assert any("pseudonym" in line and "publiceras aldrig" in line for line in lines)
    assert any("Fritext" in line and "läses förbi" in line for line in lines)
