"""The template a new association starts from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from finsam_pipeline.register import ConfigurationError, load_register, write_template
from finsam_pipeline.register.association import AssociationIn


def test_template_loads_as_it_stands(tmp_path: Path) -> None:
    register = load_register(write_template(tmp_path / "config", "nytt-forbund"))
    assert register.id == "nytt-forbund"
    assert register.interventions == ()
    assert set(register.codes) == {"exit_reason", "education", "referrer", "income", "occupation"}
    assert {line.kind for line in register.report_lines} == {"section", "line", "subtotal", "total", "result", "memo"}


def test_template_is_commented_in_swedish(tmp_path: Path) -> None:
    folder = write_template(tmp_path, "a")
    comments = [line for line in (folder / "association.yaml").read_text(encoding="utf-8").splitlines() if line.startswith("# ")]
    assert any("Medlemmarna" in line for line in comments)
    guide = (folder / "INSTRUKTION.md").read_text(encoding="utf-8")
    assert all(path.name in guide for path in folder.glob("*.csv"))


def test_every_setting_stands_in_the_template_and_its_examples_are_right(tmp_path: Path) -> None:
    folder = write_template(tmp_path / "config", "nytt")
    file = folder / "association.yaml"
    text = re.sub(r"^# (?=[a-z_]+:|  )", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"^([a-z_]+):", text, re.MULTILINE)) == set(AssociationIn.model_fields)
    file.write_text(text, encoding="utf-8")
    (folder / "logotyp.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    register = load_register(folder)
    assert set(register.settings) == {"expected", "retention", "archive", "disclosure", "report", "alerts"}


def test_the_instruction_speaks_of_this_association(tmp_path: Path) -> None:
    text = (write_template(tmp_path, "nytt") / "INSTRUKTION.md").read_text(encoding="utf-8")
    assert "--association nytt" in text
    assert "{{" not in text


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = write_template(tmp_path, "a")
    (folder / "targets.csv").write_text("eget", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="skrivs aldrig över"):
        write_template(tmp_path, "a")
    assert (folder / "targets.csv").read_text(encoding="utf-8") == "eget"


@pytest.mark.parametrize("name", ["", "..", "a/b", "Å", "A", "-a", ".a"])
def test_name_must_do_as_a_folder_and_an_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="namnet får bara"):
        write_template(tmp_path, name)
    assert list(tmp_path.iterdir()) == []
