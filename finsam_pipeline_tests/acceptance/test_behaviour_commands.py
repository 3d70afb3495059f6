"""`check`, `status`, `report`, and the console script as a process of its own (interface 2)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from finsam_pipeline_tests.workspaces import PEOPLE, Office, ledger, people

FINSAM = Path(sys.executable).with_name("finsam")


class TestCheck:
    """One file, judged alone; nothing in the workspace changes."""

    @pytest.mark.parametrize(
        ("name", "content", "source", "status", "told"),
        [
            ("bra.csv", people(*PEOPLE), "deltagaruppfoljning", 0, "6 rader, 6 godkända, 0 till karantän"),
            ("fel.csv", people(*PEOPLE, ";Slussen;man;2025-01-01;;"), "deltagaruppfoljning", 3, "P001"),
            ("html.csv", b"<html><body></body></html>", "deltagaruppfoljning", 3, "Avvisad: Filen är en webbsida"),
            ("kontroll.csv", ledger("A1;2025-01-02;1930;;1;", "A1;2025-01-02;3911;;;1", "Summa;;;;1;2"), "huvudbok", 4, "L007"),
            ("obalans.csv", ledger("A1;2025-01-02;1930;;1;"), "huvudbok", 3, "L001"),
        ],
    )
    def test_says_which_rows_fail_and_changes_nothing(
        self, run_office: Office, tmp_path: Path, name: str, content: bytes, source: str, status: int, told: str
    ):
        before = run_office.listing()
        (tmp_path / name).write_bytes(content)
        words = ("check", tmp_path / name, "--association", "dalen", "--source", source)
        said = run_office.finsam(*words)
        assert (said.status, told in said.out) == (status, True)
        as_json = run_office.finsam(*words, "--json")
        assert (as_json.status, as_json.json["exit_status"]) == (status, status)
        assert run_office.listing() == before

    @pytest.mark.parametrize(("association", "source"), [("ingen", "huvudbok"), ("dalen", "bokslut")])
    def test_refuses_what_it_does_not_know(self, run_office: Office, association: str, source: str):
        said = run_office.finsam("check", __file__, "--association", association, "--source", source, "--json")
        assert (said.status, said.json["error"]) == (2, "usage")

    def test_a_folder_is_told_from_a_file_that_is_not_there(self, run_office: Office, tmp_path: Path):
        words = ("--association", "dalen", "--source", "huvudbok")
        assert "är en mapp" in run_office.finsam("check", tmp_path, *words).err
        assert "finns inte" in run_office.finsam("check", tmp_path / "borta.csv", *words).err


class TestReport:
    """A draft or an edition from what is published; nothing is taken in."""

    def test_a_period_the_ledger_does_not_reach_is_refused_without_draft(self, office: Office):
        refused = office.finsam("report", "--association", "dalen", "--period", "2025", "--json")
        assert (refused.status, refused.json["error"], refused.json["exit_status"]) == (4, "L009", 4)
        assert not (office.home / "reports" / "dalen" / "2025").exists()
        made = office.finsam("report", "--association", "dalen", "--period", "2025", "--draft", "--json")
        assert made.status == 0
        assert all((office.home / path).is_file() for path in made.json["reports"])

    def test_an_edition_is_frozen_with_its_figures_and_never_overwritten(self, office: Office):
        words = ("report", "--association", "dalen", "--period", "2025H1", "--edition", "styrelsen")
        assert office.finsam(*words).status == 0
        frozen = {n: s for n, s in office.listing().items() if "editions" in n}
        assert any(n.endswith("economy/income_statement.parquet") for n in frozen)
        office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "8;Slussen;man;2025-06-09;;"), "2025-09-10")
        assert office.run().status == 0
        again = office.finsam(*words)
        assert again.status == 2
        assert "skrivs aldrig över" in again.err
        assert {n: s for n, s in office.listing().items() if "editions" in n} == frozen

    @pytest.mark.parametrize(
        "words",
        [
            ["--period", "1999H1"],
            ["--period", "H1 2025"],
            ["--period", "2025H1", "--format", "wordperfect"],
            ["--period", "2025H1", "--edition", "../../ut"],
        ],
    )
    def test_refuses_what_it_does_not_know(self, run_office: Office, words: list[str]):
        before = run_office.listing()
        said = run_office.finsam("report", "--association", "dalen", "--json", *words)
        assert (said.status, said.json["exit_status"]) == (2, 2)
        assert said.json["message"]
        assert run_office.listing() == before


def test_status_names_what_stands_and_writes_nothing(run_office: Office):
    before = run_office.listing()
    said = run_office.finsam("status", "--json")
    assert said.status == 0
    assert said.json["snapshot_id"] == run_office.snapshot().id
    assert (said.json["as_of"], said.json["open_items"], said.json["new"]) == ("2025-07-10", {"dalen": 0}, [])
    assert {d["source"] for d in said.json["deliveries"]} == {"deltagaruppfoljning", "huvudbok", "budget"}
    assert run_office.listing() == before


class TestProcess:
    """The console script itself: standard output is one JSON object and nothing else, whatever happens."""

    def finsam(self, *words: object) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if k != "FINSAM_HOME"}
        return subprocess.run([FINSAM, *map(str, words)], capture_output=True, text=True, check=False, env=clean)

    def test_a_run_with_findings_and_the_same_again(self, office: Office):
        office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, ";Slussen;man;2025-06-09;;"), "2025-09-10")
        first = self.finsam("run", "--home", office.home, "--json")
        assert first.returncode == 3, first.stderr
        said = json.loads(first.stdout)
        assert said["changed"] is True
        before = office.listing()
        again = self.finsam("run", "--home", office.home, "--json")
        assert again.returncode == 3
        assert json.loads(again.stdout) == said | {"changed": False, "seconds": {}}
        assert office.listing() == before

    @pytest.mark.parametrize("words", [["run", "--as-of", "2025-02-30"], ["okänt"]])
    def test_wrong_usage_is_one_object_too(self, words: list[str]):
        done = self.finsam(*words, "--json")
        assert done.returncode == 2
        assert json.loads(done.stdout)["exit_status"] == 2
        assert done.stderr

    def test_an_unexpected_error_is_one_object_and_an_id(self, office: Office):
        (office.home / "finsam.sqlite").write_bytes(b"this is no database, 19121212-1212" * 400)
        done = self.finsam("status", "--home", office.home, "--json")
        said = json.loads(done.stdout)
        assert (done.returncode, said["exit_status"], said["error"]) == (10, 10, "unexpected")
        assert (office.home / "vault" / "errors" / said["error_id"]).is_file()
        assert "Traceback" not in done.stderr


def test_a_first_run_that_found_no_place_for_its_key_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the settings name a key that was never made and finsam may not write."""
    (tmp_path / "taken").touch()
    monkeypatch.setenv("FINSAM_PSEUDONYM_KEY_FILE", str(tmp_path / "taken" / "pseudonym.key"))
    said = Office.start(tmp_path / "home").hand_over().finsam_with_dagster("run")
    assert said.status == 10
    assert "can be neither read nor made" in said.err
    assert "Ingen ögonblicksbild finns ännu." in said.out
    assert "None" not in said.out + said.err


def test_a_workspace_that_needs_mending_says_what_and_how(office: Office):
    (office.home / "vault" / "pseudonym.key").unlink()
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "8;Slussen;man;2025-06-09;;"), "2025-09-10")
    said = office.finsam_with_dagster("run", "--json")
    assert (said.status, said.json["exit_status"]) == (10, 10)
    assert [f["association"] for f in said.json["failures"]] == ["dalen"]
    assert "FINSAM_PSEUDONYM_KEY_FILE" in said.err
