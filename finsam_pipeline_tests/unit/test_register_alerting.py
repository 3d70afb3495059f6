"""`alerts:` and `expected:` of association.yaml: what is taken, and where a fault is said to stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.register import ConfigurationErrors, load_register, write_template
from finsam_pipeline.register.alerting import Topic, alert_settings

if TYPE_CHECKING:
    from pathlib import Path

EMAIL = "{to: [a@exempel.se], from: b@exempel.se, smtp: 'mail.exempel.se:587'}"
WHOLE = """\
alerts:
  email:
    to: [kansli@exempel.se, ordf@exempel.se]
    from: finsam@exempel.se
    smtp: mail.exempel.se:587
    starttls: true
    user_env: SMTP_USER
    password_env: SMTP_PASSWORD
  webhook: {url: "https://exempel.se/krok", kind: text}
  on: [held, late]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_template(tmp_path / "config", "prov")


def settings_of(config: Path, text: str):
    _append(config, text)
    return alert_settings(load_register(config).settings)


def faults(config: Path, text: str) -> list[tuple[int, str]]:
    """Line (counted from the first one of `text`) and words of every fault."""
    before = _append(config, text)
    with pytest.raises(ConfigurationErrors) as caught:
        load_register(config)
    return [((e.line or 0) - before, e.message_sv) for e in caught.value.errors]


def _append(config: Path, text: str) -> int:
    file = config / "association.yaml"
    already = file.read_text(encoding="utf-8")
    file.write_text(already + text, encoding="utf-8")
    return len(already.splitlines())


def test_the_whole_setting_is_read(config: Path):
    settings = settings_of(config, WHOLE)
    assert (settings.email.host, settings.email.port, settings.email.sender) == ("mail.exempel.se", 587, "finsam@exempel.se")
    assert settings.email.to == ("kansli@exempel.se", "ordf@exempel.se")
    assert (settings.webhook.url, settings.webhook.kind) == ("https://exempel.se/krok", "text")
    assert settings.on == (Topic.HELD, Topic.LATE)  # plain YAML reads the key `on` as true


def test_nothing_is_wanted_unless_said_and_then_everything(config: Path):
    assert alert_settings(load_register(config).settings) is None
    assert settings_of(config, f"alerts: {{email: {EMAIL}}}\n").on == tuple(Topic)


def test_a_line_is_encrypted_unless_said_otherwise(config: Path):
    assert settings_of(config, f"alerts: {{email: {EMAIL}}}\n").email.starttls


def test_an_ipv6_server(config: Path):
    settings = settings_of(config, "alerts: {email: {to: [a@b.se], from: a@b.se, smtp: '[::1]:25'}}\n")
    assert (settings.email.host, settings.email.port) == ("::1", 25)


@pytest.mark.parametrize(
    ("line", "wrong", "right", "says"),
    [
        (3, "to: [kansli@exempel.se, ordf@exempel.se]", "to: [kansli]", "e-postadress"),
        (3, "to: [kansli@exempel.se, ordf@exempel.se]", "to: []", "tom"),
        (3, "to: [kansli@exempel.se, ordf@exempel.se]", "to: a@b.se", "lista"),
        (4, "from: finsam@exempel.se", 'from: "A <a@b.se>"', "e-postadress"),
        (5, ":587", "", "smtp.exempel.se:587"),
        (5, ":587", ":99999", "smtp.exempel.se:587"),
        (6, "starttls: true", "starttls: kanske", "true eller false"),
        (8, "password_env: SMTP_PASSWORD", "password_env: hemligt ord", "inte hemligheten"),
        (8, "password_env: SMTP_PASSWORD", "password: x", "okänd nyckel"),
        (2, "    password_env: SMTP_PASSWORD\n", "", "hör ihop"),
        (2, "starttls: true", "starttls: false", "krypterat"),
        (9, "https://exempel.se/krok", "ftp://exempel.se", "https://"),
        (9, "https://exempel.se/krok", "https://a:b@exempel.se", "url_env"),
        (9, 'url: "https://exempel.se/krok"', "token_env: T", "url_env"),
        (9, "kind: text", "kind: xml", "json"),
        (10, "on: [held, late]", "on: [held, always]", "findings"),
    ],
)
def test_a_fault_is_said_with_its_line(config: Path, line: int, wrong: str, right: str, says: str):
    assert wrong in WHOLE
    found = faults(config, WHOLE.replace(wrong, right, 1))
    assert (line, True) in [(at, says in words) for at, words in found], found


@pytest.mark.parametrize("text", ["alerts: {on: [held]}\n", "alerts: mail\n", "alerts: {sms: 070}\n"])
def test_a_setting_that_tells_nobody_is_a_fault(config: Path, text: str):
    assert {line for line, _ in faults(config, text)} == {1}


def test_port_465_is_encrypted_from_the_first_byte(config: Path):
    text = WHOLE.replace(":587", ":465").replace("starttls: true", "starttls: false")
    assert settings_of(config, text).email.port == 465


def test_a_secret_written_into_the_file_is_not_repeated(config: Path):
    found = faults(config, WHOLE.replace("SMTP_PASSWORD", "s3cret-word!"))
    assert found
    assert "s3cret" not in str(found)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("expected:\n  huvudbok: [07-15, 13-01]\n", 2, "MM-DD"),
        ("expected:\n  huvudbok: 07-15\n", 2, "lista"),
        ("expected:\n  budget: [12-01]\n  huvudboken: [07-15]\n", 3, "okänd källa"),
    ],
)
def test_expected_names_sources_and_days(config: Path, text: str, line: int, says: str):
    ((at, words),) = faults(config, text)
    assert (at, says in words) == (line, True)


def test_expected_passes_through(config: Path):
    _append(config, "expected: {huvudbok: [07-15, 02-29]}\n")
    assert load_register(config).settings["expected"] == {"huvudbok": ["07-15", "02-29"]}


def test_the_templates_own_example_is_right(config: Path):
    file = config / "association.yaml"
    kept = file.read_text(encoding="utf-8")
    start, end = kept.index("# expected:"), kept.index("\n\n", kept.index("# alerts:"))
    example = "".join(
        line.removeprefix("# ") + "\n"
        for line in kept[start:end].splitlines()
        if line.startswith(("# expected", "# alerts", "#   "))
    )
    settings = settings_of(config, example)
    assert (settings.email.user_env, settings.webhook.kind, settings.on) == ("FINSAM_SMTP_USER", "text", tuple(Topic))
