"""Great Expectations' own pages on a workspace: what was judged and how it went, and nothing of a row."""

from __future__ import annotations

import re
import runpy
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.validation.suites import suite_name
from finsam_pipeline_tests.conftest import REPOSITORY
from finsam_pipeline_tests.workspaces import DAY

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline_tests.workspaces import Office

TOO_LATE = "2031-05-17"  # readable, so it reaches the suite


@pytest.fixture
def tool() -> dict[str, Any]:
    file = REPOSITORY / "docs" / "data_docs.py"
    if not file.is_file():
        pytest.skip("docs/ does not stand beside the tests")
    return runpy.run_path(str(file))


def with_a_fault(office: Office) -> Office:
    """One participation that begins after its delivery, so that P010 holds it."""
    text = f"Löpnummer;Insats;Kön;Startdatum;Slutdatum\nSECRETNR7;Verkstan;Kvinna;{TOO_LATE};\n"
    office.put("deltagaruppfoljning", "fel.csv", text.encode(), DAY)
    assert office.run().status == 3
    return office


def test_the_pages_say_what_failed_and_no_value_of_any_row(office: Office, tool: dict[str, Any], tmp_path: Path) -> None:
    with_a_fault(office)
    before = {p: p.stat().st_mtime_ns for p in office.home.rglob("*") if p.is_file()}
    front = tool["pages"](office.home, office.association, tmp_path / "pages")
    assert {p: p.stat().st_mtime_ns for p in office.home.rglob("*") if p.is_file() and p in before} == before

    judged = [p for p in (tmp_path / "pages" / "validations").rglob("*.html") if "deltagaruppfoljning" in p.parts]
    assert any(RULES["P010"].title_sv in p.read_text("utf-8") and "Failed" in p.read_text("utf-8") for p in judged)
    for page in (tmp_path / "pages").rglob("*"):
        if page.is_file():
            text = page.read_text("utf-8", errors="replace").lower()
            assert TOO_LATE not in text, page
            assert "secretnr7" not in text, page
    names = {suite_name(u.source, u.batch) for u in USES}
    listed = set(re.findall(r'href="expectations/([^"]+)\.html"', front.read_text("utf-8")))
    assert listed == {name.replace(".", "/") for name in names}


def test_the_pages_ask_no_other_host(office: Office, tool: dict[str, Any], tmp_path: Path) -> None:
    tool["pages"](office.home, office.association, tmp_path / "pages")
    asking = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    pages = list((tmp_path / "pages").rglob("*.html"))
    assert len(pages) > 10
    assert [p.name for p in pages if asking.search(p.read_text("utf-8"))] == []


def test_a_run_afterwards_keeps_no_results(office: Office, tool: dict[str, Any], tmp_path: Path) -> None:
    tool["pages"](office.home, office.association, tmp_path / "pages")
    from finsam_pipeline.validation import engine  # noqa: PLC0415 - costs seconds; the pages have paid them

    assert list(engine._context().validation_results_store.list_keys()) == []
    assert not engine._KEPT


def test_a_folder_of_something_else_is_left_alone(office: Office, tool: dict[str, Any]) -> None:
    with pytest.raises(FileExistsError):
        tool["pages"](office.home, office.association, office.home / "config" / office.association)
    assert (office.home / "config" / office.association / "association.yaml").is_file()
