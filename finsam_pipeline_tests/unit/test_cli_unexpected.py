"""The last boundary of the command line: an unexpected error becomes an id, whatever state the disk is in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from finsam_pipeline.cli import answers
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.review.items import Item
from finsam_pipeline.review.wanted import DecisionError, DecisionInput, validated

PERSON = "640823-3234"  # Skatteverket's published example
ITEM = Item("0" * 16, "a", "budget", "landing/a/b.csv", None, 2, "G001", "E", "", "", "open")


@pytest.mark.parametrize("words", [["--home", "{home}"], ["--home={home}"]])
def test_the_error_is_kept_in_the_workspace_that_was_named(words, tmp_path: Path, monkeypatch, capsys):
    home = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["finsam", "status", *(word.format(home=home) for word in words)])
    assert answers.unexpected(ValueError(PERSON), Voice(json=False)) == 10
    (kept,) = (home / "vault" / "errors").iterdir()
    assert PERSON in kept.read_text(encoding="utf-8")
    said = capsys.readouterr()
    assert kept.name in said.err
    assert PERSON not in said.err + said.out
    assert not (tmp_path / "finsam-home").exists()


def test_an_error_that_cannot_be_kept_is_still_no_traceback(tmp_path: Path, monkeypatch, capsys):
    home = tmp_path / "home"
    home.write_text("a file where the workspace should be", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["finsam", "status", "--home", str(home)])
    assert answers.unexpected(ValueError(PERSON), Voice(json=False)) == 10
    said = capsys.readouterr().err
    assert PERSON not in said
    assert "det finns ingen sådan mapp" in said


def test_what_was_typed_is_not_said_back_with_a_number_in_it(capsys):
    answers.usage(Voice(json=True), f"{PERSON}.csv finns inte.")
    said = capsys.readouterr()
    assert PERSON not in said.out + said.err
    assert "[personnummer].csv finns inte." in said.out


def test_nobody_signs_a_decision_with_a_number():
    wanted = DecisionInput("0" * 16, "drop", f"Ada {PERSON}", reason="prövat")
    with pytest.raises(DecisionError, match="signatur"):
        validated(wanted, ITEM, dt.date(2025, 1, 1))
