"""`finsam ui` in a browser on a workspace that has been run: what a steward finds there."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline_tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 90_000  # ms; the machine may be busy


@pytest.fixture(scope="module")
def tools() -> dict[str, Any]:
    """The browser's start, as the pictures in docs/ use it."""
    file = REPOSITORY / "docs" / "ui_pages.py"
    if not file.is_file():
        pytest.skip("docs/ does not stand beside the tests")
    return runpy.run_path(str(file))


@pytest.fixture(scope="module")
def page(tools: dict[str, Any], demo_home: Path) -> Iterator[Page]:
    executable = tools["chromium"]()
    if executable is None:
        pytest.skip("there is no chromium (CHROMIUM names another place than /usr/bin/chromium)")
    opened: Callable[[Path], AbstractContextManager[Any]] = tools["opened"]
    with tools["running_ui"](demo_home) as address, opened(executable) as browser:
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 2000})
        page.set_default_timeout(PATIENCE)
        yield page


def seen(page: Page, *texts: str) -> None:
    """Each text stands on the page, to be seen."""
    for text in texts:
        page.get_by_text(text, exact=False).locator("visible=true").first.wait_for()


def test_a_source_says_in_swedish_what_a_row_is(page: Page) -> None:
    source = SOURCES["deltagaruppfoljning"]
    page.goto(f"/assets/source/{source.name}")
    seen(page, source.row_sv, source.column("start_date").description_sv, "Latest check results")


def test_every_rule_of_a_source_is_a_check_with_its_remedy(page: Page) -> None:
    page.goto("/assets/source/deltagaruppfoljning?view=checks&checkDetail=P001")
    seen(page, "P001", "P012", "P014", RULES["P001"].remedy_sv, "Evaluation result", "Passed")


def test_a_rule_that_struck_is_a_warning_and_says_how_many_rows(page: Page) -> None:
    page.goto("/assets/model/reconciliation?view=checks&checkDetail=U002")
    seen(page, RULES["U002"].title_sv, "rader som brister", "platser")


def test_a_mart_says_what_a_row_is_and_was_made(page: Page) -> None:
    page.goto("/assets/model/income_statement")
    seen(page, "Resultatrapport", "outcome_kr", "Row count")


def test_the_last_run_is_there_and_went_well(page: Page) -> None:
    page.goto("/runs")
    seen(page, "nightly", "Success", "finsam/outcome")
    page.locator("a[href*='/runs/']").locator("visible=true").first.click()
    seen(page, "RUN_SUCCESS", "publish")
