"""A steward's whole errand in the Dagster UI: the check that failed, the row, the decision, the next run.

One workspace with one row in quarantine; everything is done with the browser. Pictures are kept only where the errand stops.
"""

from __future__ import annotations

import json
import os
import runpy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.contracts.rules import words_of
from finsam_pipeline.defs.checks import check_name
from finsam_pipeline.defs.names import DECISION, LOCATION, NIGHTLY
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.conftest import REPOSITORY
from finsam_pipeline_tests.workspaces import Office, people

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PATIENCE = 300_000  # ms until what is waited for must be there; a machine with many runs on it is slow
SOURCE, RULE = "deltagaruppfoljning", "P004"
CHECK = f"/assets/source/{SOURCE}?view=checks&checkDetail={check_name(RULE)}"


@pytest.fixture
def waiting(tmp_path: Path) -> Office:
    """A workspace of which one participation has no start date."""
    office = Office.start(tmp_path / "home").hand_over()
    office.put(SOURCE, "fel.csv", people("7;Slussen;kvinna;;;"))
    assert office.finsam_with_dagster("run", "--json").status == 3
    return office


@pytest.fixture
def page(waiting: Office, request: pytest.FixtureRequest) -> Iterator[Page]:
    file = REPOSITORY / "docs" / "ui_pages.py"
    if not file.is_file():
        pytest.skip("docs/ does not stand beside the tests")
    tools: dict[str, Any] = runpy.run_path(str(file))
    executable = tools["chromium"]()
    if executable is None:
        pytest.skip("there is no chromium (CHROMIUM names another place than /usr/bin/chromium)")
    opened: Callable[[Path], AbstractContextManager[Any]] = tools["opened"]
    with tools["running_ui"](waiting.home, read_only=False) as address, opened(executable) as browser:
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 1400})
        page.set_default_timeout(PATIENCE)
        failed_before = request.session.testsfailed
        yield page
        if request.session.testsfailed > failed_before:
            page.screenshot(path=Path(os.environ.get("FINSAM_PICTURES", ".pytest_cache")) / f"{request.node.name}.png")


def seen(page: Page, text: str) -> Locator:
    """The text stands on the page, to be seen."""
    found = page.get_by_text(text).locator("visible=true").first
    found.wait_for()
    return found


def item_on(page: Page, office: Office) -> str:
    """The id in the column `post` of the failing check's only place, as a steward copies it."""
    page.goto(CHECK)
    title, remedy = words_of(RULE, SOURCE)
    for text in (title, remedy, "Failed", "fel.csv", "Startdatum"):
        seen(page, text)
    workbook = str(Workspace(office.home).review_workbook(office.association))
    seen(page, workbook)
    assert Path(workbook).is_file()
    cells = page.locator("tr", has_text="fel.csv").locator("visible=true").last.locator("td").all_inner_texts()
    assert cells[2:4] == ["2", "Startdatum"]
    return cells[4]


def launch_decision(page: Page, item: str) -> None:
    """The launchpad behind the check's link, filled in and launched."""
    link = page.locator(f"a[href$='/jobs/{DECISION}/playground']").locator("visible=true").first
    page.goto(str(link.get_attribute("href")))
    seen(page, "reason_code")
    wanted = {"item_id": item, "decision": "drop", "reason_code": "incomplete", "by": "Ada"}
    page.locator(".CodeMirror").first.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(json.dumps({"ops": {"decide": {"config": wanted}}}))
    seen(page, "No errors")
    page.get_by_role("button", name="Launch Run").click()
    page.wait_for_url("**/runs/**")
    page.get_by_text("Success", exact=True).locator("visible=true").first.wait_for()


def launch_run(page: Page) -> None:
    """The main job on the one association there is."""
    page.goto(f"/locations/{LOCATION}/jobs/{NIGHTLY}")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Launch").last.click()
    page.get_by_text("Partition selection").wait_for(state="hidden")  # leaving before the answer would take the wish back
    page.goto("/runs")
    seen(page, "finsam/outcome: clean")  # the run before is tagged findings


def test_a_steward_finds_the_row_decides_and_the_next_run_is_clean(waiting: Office, page: Page) -> None:
    item = item_on(page, waiting)
    assert [i["id"] for i in waiting.items()] == [item]
    assert "kvinna" not in page.inner_text("body")
    launch_decision(page, item)
    launch_run(page)
    assert waiting.items() == []
    assert waiting.finsam("status").status == 0
    page.goto(CHECK)
    seen(page, "Passed")
