"""Which files a run, a draft and an edition leave, and what they take from association.yaml."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from finsam_pipeline.pipeline import reporting
from finsam_pipeline.report.formats import FORMATS
from finsam_pipeline_tests.report_settings import ACCENT, logo
from finsam_pipeline_tests.workspaces import Office

pytestmark = pytest.mark.usefixtures("drafts_alone")
NAMES = {f"halvarsrapport.{name}" for name in FORMATS}
BEGINS = {"html": b"<!doctype html>", "docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF-1.7"}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def period(office: Office) -> Path:
    return office.home / "reports" / office.association / "2025H1"


def report(office: Office, *more: str):
    return office.finsam("report", "--association", office.association, "--period", "2025H1", "--draft", *more)


@pytest.fixture(scope="module")
def run_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office.start(tmp_path_factory.mktemp("formats") / "home").in_every_format().hand_over()
    assert office.run().status == 0
    return office


def test_every_run_leaves_the_draft_in_every_format(run_office: Office):
    folder = period(run_office) / "draft"
    assert files(folder) == NAMES
    for name, begins in BEGINS.items():
        assert (folder / f"halvarsrapport.{name}").read_bytes().startswith(begins)


def test_every_run_leaves_the_draft_in_the_formats_that_are_set_and_no_older_one(office: Office):
    with (office.home / "config" / office.association / "association.yaml").open("a", encoding="utf-8") as file:
        file.write("report: {formats: [docx, html]}\n")
    assert office.run().status == 0
    assert files(period(office) / "draft") == {"halvarsrapport.docx", "halvarsrapport.html"}


def test_only_the_formats_asked_for_are_made(office: Office):
    for path in (period(office) / "draft").iterdir():
        path.unlink()
    said = report(office, "--format", "pdf, xlsx", "--json")
    assert said.status == 0, said.out + said.err
    assert files(period(office) / "draft") == {"halvarsrapport.pdf", "halvarsrapport.xlsx"}
    assert report(office, "--format", "odt").status == 2


def test_a_draft_that_says_the_same_is_not_written_again(office: Office):
    folder = period(office) / "draft"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert report(office).status == 0
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_an_edition_has_every_format_whatever_is_asked_for(office: Office):
    assert report(office, "--edition", "styrelsen", "--format", "pdf").status == 0
    assert files(period(office) / "editions" / "styrelsen") == NAMES


def test_an_edition_that_fails_leaves_nothing_behind_and_can_be_made_again(office: Office):
    with mock.patch.object(reporting, "write_formats", side_effect=OSError("disken är full")):
        assert report(office, "--edition", "styrelsen").status != 0
    assert {path.name for path in period(office).iterdir()} <= {"draft", "editions"}
    assert not (period(office) / "editions" / "styrelsen").exists()
    assert report(office, "--edition", "styrelsen").status == 0


@pytest.fixture
def dressed(office: Office) -> Office:
    config = office.home / "config" / office.association
    (config / "logotyp.png").write_bytes(logo())
    with (config / "association.yaml").open("a", encoding="utf-8") as file:
        file.write(
            f'report:\n  logo: logotyp.png\n  colours: {{accent: "{ACCENT}"}}\n'
            "  periods: {2025H1: {diary_number: 2025/0017, decided_on: 2025-09-12}}\n"
        )
    return office


def test_what_the_office_sets_changes_the_next_run_and_every_format(dressed: Office):
    before = {path.name: path.read_bytes() for path in (period(dressed) / "draft").iterdir()}
    assert dressed.run().status == 0
    after = {path.name: path.read_bytes() for path in (period(dressed) / "draft").iterdir()}
    assert {name for name in NAMES if before[name] == after[name]} == set()
    page = after["halvarsrapport.html"].decode()
    assert "2025/0017" in page
    assert f"--accent: {ACCENT};" in page
    assert 'src="data:image/png;base64,' in page


def test_another_logo_is_something_new(dressed: Office):
    first = dressed.run()
    (dressed.home / "config" / dressed.association / "logotyp.png").write_bytes(logo("JPEG"))
    assert dressed.run().json["snapshot_id"] != first.json["snapshot_id"]
