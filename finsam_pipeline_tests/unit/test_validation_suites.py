"""The suite files are what the rules say, in a form Great Expectations reads."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.rules import RULES, USES, words_of
from finsam_pipeline.validation import generate, suites
from finsam_pipeline.validation.judging import _engine

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_files_are_current() -> None:
    assert generate.drift() == []


def test_a_changed_a_missing_and_a_stray_file_are_drift(tmp_path: Path) -> None:
    generate.write(tmp_path)
    assert generate.drift(tmp_path) == []
    (tmp_path / "budget.json").write_text("{}", "utf-8")
    (tmp_path / "huvudbok.json").unlink()
    (tmp_path / "stray.json").write_text("{}", "utf-8")
    assert generate.drift(tmp_path) == ["budget.json", "huvudbok.json", "stray.json"]
    assert generate.write(tmp_path) == ["budget.json", "huvudbok.json", "stray.json"]
    assert generate.drift(tmp_path) == []


def test_check_says_what_is_out_of_date(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(generate, "drift", lambda: ["budget.json"])
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generate.main() == 1
    assert "budget.json" in capsys.readouterr().err


def test_every_expectation_says_its_rule_column_and_severity_in_its_own_words() -> None:
    for source, batch in {(u.source, u.batch) for u in USES}:
        for expectation in suites.load(source, batch)["expectations"]:
            assert expectation["description"] == words_of(expectation["meta"]["rule"], source)[0]
            assert expectation["severity"] == ("warning" if expectation["meta"]["severity"] == "W" else "critical")


def test_great_expectations_reads_every_suite_whole_and_writes_it_back_the_same() -> None:
    gx = _engine().gx
    for path in sorted(suites.FOLDER.glob("*.json")):
        declared = json.loads(path.read_text("utf-8"))
        written = gx.ExpectationSuite(**json.loads(path.read_text("utf-8"))).to_json_dict()
        assert len(written["expectations"]) == len(declared["expectations"])
        for mine, theirs in zip(declared["expectations"], written["expectations"], strict=True):
            assert {key: theirs[key] for key in mine} == mine


def test_a_finding_can_be_told_from_any_other_of_its_table() -> None:
    keys = [(u.source, u.batch, u.rule, u.column, u.expectation) for u in USES]
    assert len(keys) == len(set(keys))


def test_every_rule_has_its_words() -> None:
    assert len({rule.short for rule in RULES.values()}) == len(RULES)
    for rule in RULES.values():
        assert rule.title_sv
        assert rule.title_en
        assert re.fullmatch(r"[a-z_]{5,40}", rule.short), "fit for a name in the UI"
        assert rule.remedy_sv.endswith(".")
