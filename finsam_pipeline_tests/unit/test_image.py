"""What the image is made of: the versions that are tested, without the tools they are tested with, and no file of an office."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def pins(lock: str) -> dict[str, set[str]]:
    """`name==version ; where` → its hashes."""
    text = (REPOSITORY / lock).read_text("utf-8").replace(" \\\n", "")
    entries = (line.split("    --hash=") for line in text.splitlines())
    return {pin: set(hashes) for pin, *hashes in entries}


def test_the_image_has_the_versions_that_are_tested_and_no_tools():
    tested, shipped = pins("requirements.lock"), pins("deploy/requirements.lock")
    assert {pin: tested.get(pin) for pin in shipped} == shipped
    names = {re.split(r"[=\[]", pin)[0] for pin in shipped}
    assert {"dagster", "duckdb", "psycopg", "dagster-postgres", "hatchling"} <= names
    assert not {"mypy", "playwright", "pytest", "ruff"} & names


def test_the_builder_sees_what_is_copied_and_nothing_else():
    lines = (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines()
    seen = {line[1:] for line in lines if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (REPOSITORY / "deploy/Containerfile").read_text("utf-8"), re.MULTILINE)
    assert "*" in lines
    assert seen == {name for names in copied for name in names.split()}
