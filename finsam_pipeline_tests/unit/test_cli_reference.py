"""The pages of settings and commands say all there is, and `make check` sees when they do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from finsam_pipeline.cli import reference
from finsam_pipeline.register.association import AssociationIn
from finsam_pipeline.register.columns import FILES

PACKAGE = Path(reference.__file__).parents[1]


def test_the_pages_are_current() -> None:
    assert reference.drift() == []


def test_a_changed_and_a_missing_page_are_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(reference.write(tmp_path)) == set(reference.pages())
    assert reference.drift(tmp_path) == []
    (tmp_path / "docs/settings.md").write_text("else", "utf-8")
    (tmp_path / "docs/commands.md").unlink()
    assert reference.drift(tmp_path) == ["docs/settings.md", "docs/commands.md"]
    monkeypatch.setattr(reference, "drift", lambda: ["docs/commands.md"])
    assert reference.main(["--check"]) == 1


def test_every_key_says_what_it_does_and_what_it_may_be() -> None:
    said = list(reference.settings())
    assert [path for path, _, _, words in said if not words] == []
    paths = [path for path, *_ in said]
    assert len(paths) == len(set(paths))
    assert {re.split(r"[.\[]", p)[0] for p in paths} == set(AssociationIn.model_fields)
    inner = {p for p in paths if any(q.startswith(f"{p}.") for q in paths)}
    assert [p for p, kind, *_ in said if p not in inner and not kind] == []


@pytest.mark.parametrize(
    ("path", "kind", "default"),
    [
        ("members[].share", "tal", "**måste anges**"),
        ("alerts.email.from", "text", "**måste anges**"),
        ("alerts.email.starttls", "`true` eller `false`", "`true`"),
        ("report.periods.<period>.decided_on", "datum", ""),
        ("retention.landing_days", "heltal", ""),
        ("disclosure.below", "heltal", "`5`"),
        ("archive", "`keep`, `until_superseded`, `hash_only`", "`keep`"),
    ],
)
def test_a_key_stands_with_its_value_and_default(path: str, kind: str, default: str) -> None:
    assert (path, kind, default) in [said[:3] for said in reference.settings()]


def test_every_column_of_every_table_stands_in_both_pages() -> None:
    for page in (reference.settings_page(), reference.instruction_page()):
        for file in FILES:
            part = page.split(f"### {file.name}\n", 1)[1].split("\n#", 1)[0]
            assert re.findall(r"^\| \**`(\w+)`\** \| \S", part, re.MULTILINE) == [c.name for c in file.cells]


def test_every_variable_the_program_reads_is_said() -> None:
    read = {v for p in PACKAGE.rglob("*.py") for v in re.findall(r'"(FINSAM_[A-Z_]+|DAGSTER_HOME)"', p.read_text("utf-8"))}
    assert read == set(reference.VARIABLES)


def test_every_option_of_every_command_says_what_it_does() -> None:
    page = reference.commands_page()
    assert "## finsam review decide\n" in page
    options = re.findall(r"^\| `(--[\w-]+)` \| ([^|]*) \|", page, re.MULTILINE)
    assert len(options) > len(re.findall(r"^## ", page, re.MULTILINE))
    assert [name for name, words in options if not words.strip()] == []


def test_the_readme_names_every_command() -> None:
    readme = reference.ROOT / "README.md"
    if not readme.is_file():
        pytest.skip("README.md does not stand beside the tests")
    commands = set(re.findall(r"^## finsam (\w+)", reference.commands_page(), re.MULTILINE))
    assert commands - set(re.findall(r"finsam (\w+)", readme.read_text("utf-8"))) == set()
