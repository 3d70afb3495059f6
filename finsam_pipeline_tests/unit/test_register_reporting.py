"""`report:` of association.yaml: what is taken, and where a fault is said to stand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.register import ConfigurationErrors, load_register, write_template
from finsam_pipeline.register.reporting import LOGO_BYTES, ReportColours, contrast, report_settings

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
WHOLE = """\
report:
  logo: logotyp.png
  colours: {accent: "#7A143C", second: "#c9788f", third: "#f3dfc1"}
  contact: {name: Kansliet, email: kansliet@exempel.se}
  periods:
    2025H1: {diary_number: 0017, decided_on: 2025-09-12}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = write_template(tmp_path / "config", "prov")
    (folder / "logotyp.png").write_bytes(PNG)
    return folder


def _append(config: Path, text: str) -> int:
    file = config / "association.yaml"
    already = file.read_text(encoding="utf-8")
    file.write_text(already + text, encoding="utf-8")
    return len(already.splitlines())


def faults(config: Path, text: str) -> list[tuple[int, str]]:
    """Line (counted from the first one of `text`) and words of every fault."""
    before = _append(config, text)
    with pytest.raises(ConfigurationErrors) as caught:
        load_register(config)
    return [((e.line or 0) - before, e.message_sv) for e in caught.value.errors]


def test_the_whole_setting_is_read(config: Path):
    _append(config, WHOLE)
    register = load_register(config)
    settings = report_settings(register.settings)
    assert register.logo == PNG
    assert settings.colours.accent == "#7a143c"
    assert settings.contact.email == "kansliet@exempel.se"
    assert settings.of("2025H1").diary_number == "0017"  # as written, not a number
    assert settings.of("2025H1").decided_on == dt.date(2025, 9, 12)
    assert settings.of("2024H2").diary_number == ""


def test_nothing_set_is_the_house_style(config: Path):
    register = load_register(config)
    assert register.logo == b""
    assert report_settings(register.settings).colours == ReportColours()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("report:\n  logotyp: x.png\n", 2, "okänd nyckel"),
        ("report:\n  logo: ../hemlig.png\n", 2, "i samma mapp som association.yaml"),
        ("report:\n  logo: logotyp.svg\n", 2, "PNG- eller JPEG-fil"),
        ("report:\n  logo: borta.png\n", 2, "borta.png finns inte"),
        ('report:\n  colours:\n    accent: "blå"\n', 3, "#17455c"),
        ('report:\n  colours:\n    accent: "#8ab4c2"\n', 3, "minst 4,5"),
        ('report:\n  colours: {second: "#1b4a60"}\n', 2, "svartvitt"),
        ('report:\n  colours: {third: "#fefefe"}\n', 2, "svartvitt"),
        ("report:\n  formats: [html, odt]\n", 2, "”odt” är inget format"),
        ("report:\n  formats: []\n", 2, ""),
        ("report:\n  tables: [results, resultat]\n", 2, "”resultat” är ingen tabell"),
        ("report:\n  tables:\n    - results\n    - saldo\n", 4, "Välj bland results"),
        ("report:\n  periods:\n    2025H3: {}\n", 3, "ingen period"),
        ("report:\n  periods:\n    2025H1:\n      decided_on: 12 september\n", 4, "ÅÅÅÅ-MM-DD"),
        ("report:\n  periods:\n    2025H1:\n      decided_on: 2025-05-12\n", 4, "före slutet av 2025H1"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_do(config: Path, text: str, line: int, words: str):
    ((found, message),) = faults(config, text)
    assert found == line
    assert words in message


@pytest.mark.parametrize(("content", "words"), [(b"<svg/>", "ingen PNG"), (PNG + b"0" * LOGO_BYTES, "större än 1 MB")])
def test_a_logo_that_cannot_be_printed_is_a_fault(config: Path, content: bytes, words: str):
    (config / "logotyp.png").write_bytes(content)
    ((line, message),) = faults(config, "report:\n  logo: logotyp.png\n")
    assert line == 2
    assert words in message


def test_the_logo_belongs_to_the_configuration(config: Path):
    _append(config, WHOLE)
    before = load_register(config).fingerprint
    (config / "logotyp.png").write_bytes(PNG + b"1")
    assert load_register(config).fingerprint != before


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails
