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
from finsam_pipeline_tests.prepared import copied
from finsam_pipeline_tests.workspaces import Office

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 300_000  # ms until what is waited for must be there; a machine with many runs on it is slow


@pytest.fixture(scope="module")
def tools() -> dict[str, Any]:
    """The browser's start, as the pictures in docs/ use it."""
    file = REPOSITORY / "docs" / "ui_pages.py"
    if not file.is_file():
        pytest.skip("docs/ does not stand beside the tests")
    return runpy.run_path(str(file))


@pytest.fixture(scope="module")
def faulty_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, run once more with a budget file of which two rows go to quarantine."""
    home = copied(demo_home, tmp_path_factory.mktemp("ui") / "home")
    budget = max(path.parent for path in home.glob("landing/*/budget/**/*.csv"))
    (budget / "felaktig.csv").write_text("Version;Period;Rad;Belopp\nfel;2025;okand;1\nfel;2025;okand;saknas\n", "utf-8")
    assert Office(home).finsam_with_dagster("run", "--json").status == 3
    return home


@pytest.fixture(scope="module")
def page(tools: dict[str, Any], faulty_home: Path) -> Iterator[Page]:
    executable = tools["chromium"]()
    if executable is None:
        pytest.skip("there is no chromium (CHROMIUM names another place than /usr/bin/chromium)")
    opened: Callable[[Path], AbstractContextManager[Any]] = tools["opened"]
    with tools["running_ui"](faulty_home) as address, opened(executable) as browser:
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
    page.goto("/assets/source/deltagaruppfoljning?view=checks&checkDetail=P001_deltagarnummer_saknas")
    seen(page, "P001", "P012", "P014", RULES["P001"].remedy_sv, "Evaluation result", "Passed")


def test_a_rule_that_struck_shows_file_row_and_column(page: Page) -> None:
    page.goto("/assets/source/budget?view=checks&checkDetail=G001_budgetrad_fel")
    seen(
        page,
        RULES["G001"].remedy_sv,
        "rader som brister",
        "platser",
        "budget/",
        "felaktig.csv",
        "Rad",
        "Belopp",
        "arbetsbok med värden",
    )
    page.get_by_text("Failed", exact=True).first.wait_for()
    assert "okand" not in page.inner_text("body")


def test_a_mart_says_what_a_row_is_and_was_made(page: Page) -> None:
    page.goto("/assets/model/income_statement")
    seen(page, "Resultatrapport", "outcome_kr", "Row count")


def test_the_last_run_is_there_and_went_well(page: Page) -> None:
    page.goto("/runs")
    seen(page, "nightly", "Success", "finsam/outcome: findings", "finsam/outcome: clean")
    page.locator("a[href*='/runs/']").locator("visible=true").first.click()
    seen(page, "RUN_SUCCESS", "publish")
