"""What somebody who has read nothing meets: each sentence says what to do next, and a mistake leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline_tests.workspaces import Office


def test_a_name_that_will_not_do_leaves_no_workspace(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert Office(home).finsam("init", "Norra Ån").status == 2
    assert not home.exists()


def test_init_says_where_to_begin(tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = Office(home).finsam("init", "nytt").out
    named = home / "config" / "nytt" / "INSTRUKTION.md"
    assert str(named) in said
    assert named.is_file()


def test_status_in_the_wrong_folder_says_that_no_association_is_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answer = Office(home).finsam("status")
    assert answer.status == 0
    assert "finsam init" in answer.out
    assert not home.exists()
    Office.start(home)
    assert "finsam init" not in Office(home).finsam("status").out


def test_a_run_says_where_the_report_lies_and_how_to_see_what_waits(tmp_path: Path) -> None:
    office = Office.start(tmp_path / "home").hand_over()
    answer = office.finsam("run")
    assert answer.status == 0, answer.err
    said = answer.out
    draft = office.home / "reports" / office.association / "2025H1" / "draft"
    assert f"Rapport: {draft}\n" in said
    assert "review list" not in said
    office.put("budget", "mer.csv", b"Version;Period;Rad;Belopp\nB;2025;finns_inte;1,00\n")
    said = office.finsam("run").out
    assert f"finsam review list --home {office.home}" in said


def test_check_says_what_to_do_once_for_each_rule(tmp_path: Path) -> None:
    office = Office.start(tmp_path / "home")
    file = tmp_path / "budget.csv"
    file.write_text("Version;Period;Rad;Belopp\nB;2025;finns_inte;1,00\nB;2025;inte_heller;1,00\n", encoding="utf-8")
    said = office.finsam("check", file, "--association", office.association, "--source", "budget").out
    assert said.count(f"G001: {RULES['G001'].remedy_sv}") == 1
