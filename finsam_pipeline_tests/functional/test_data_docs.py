"""Great Expectations' own pages on a workspace: what was judged and how it went, and nothing of a row."""

from __future__ import annotations

import re
import runpy
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.validation.suites import suite_name
from finsam_pipeline_tests.conftest import REPOSITORY
from finsam_pipeline_tests.prepared import marts_alone
from finsam_pipeline_tests.workspaces import ledger, people

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline_tests.workspaces import Office

# Values that are readable, so that they reach the suites, break a rule each, and stand in no other place of a page.
TOO_LATE = "2031-05-17"
PLANTED = {
    "start_date": (TOO_LATE, "1936828800"),  # P010; as a day and as seconds since 1970
    "end_date": ("2030-08-23", "1913673600"),  # P005
    "amount": ("31415926.53", "31415926,53", "3141592653"),  # L001; in kronor and in öre
    "women": ("40961",),  # U001
}


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    file = REPOSITORY / "docs" / "data_docs.py"
    if not file.is_file():
        pytest.skip("docs/ does not stand beside the tests")
    return runpy.run_path(str(file))


@pytest.fixture(scope="module")
def faulty(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One row a planted value, each held by a rule that looks at it; not to be changed."""
    office = run_office.copy_to(tmp_path_factory.mktemp("faulty") / "home")
    office.put("deltagaruppfoljning", "fel.csv", people(f"SECRETNR7;Verkstan;kvinna;{TOO_LATE};2030-08-23;"))
    office.put("huvudbok", "fel.csv", ledger(f"Z1;2025-03-03;6110;;{PLANTED['amount'][1]};", "Z1;2025-03-03;1930;;;1,00"))
    counts = "Insats;Från;Till;Kvinnor;Män;Totalt\nVerkstan;2025-01-01;2025-06-30;40961;1;7\n"
    office.put("uppfoljning_finsam", "fel.csv", counts.encode())
    with marts_alone(tested=False):
        assert office.run().status == 3
    assert {i["rule"] for i in office.items()} == {"P005", "P010", "L001", "U001"}
    return office


def leaked(folder: Path) -> set[str]:
    """The columns of which a planted value stands in some file, however it is written."""
    texts = [page.read_text("utf-8", errors="replace").lower() for page in folder.rglob("*") if page.is_file()]
    assert len(texts) > 10
    assert not any("secretnr7" in text for text in texts), "a participant's number is never in a judged table"
    plain = [re.sub(r"[\s\u00a0_]", "", text) for text in texts]
    return {column for column, spellings in PLANTED.items() for text in plain for spelling in spellings if spelling in text}


def test_the_pages_say_what_failed_and_no_value_of_any_row(faulty: Office, tool: dict[str, Any], tmp_path: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in faulty.home.rglob("*") if p.is_file()}
    front = tool["pages"](faulty.home, faulty.association, tmp_path / "pages")
    assert {p: p.stat().st_mtime_ns for p in faulty.home.rglob("*") if p.is_file() and p in before} == before

    judged = [p for p in (tmp_path / "pages" / "validations").rglob("*.html") if "deltagaruppfoljning" in p.parts]
    assert any(RULES["P010"].title_sv in p.read_text("utf-8") and "Failed" in p.read_text("utf-8") for p in judged)
    assert leaked(tmp_path / "pages") == set()
    names = {suite_name(u.source, u.batch) for u in USES}
    listed = set(re.findall(r'href="expectations/([^"]+)\.html"', front.read_text("utf-8")))
    assert listed == {name.replace(".", "/") for name in names}


def test_pages_made_with_values_would_be_caught(
    faulty: Office, tool: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same pages from results that are asked for with values: the search above finds every planted one."""
    from finsam_pipeline.validation import engine  # noqa: PLC0415 - costs seconds; the run has paid them

    telling = engine._RESULT_FORMAT | {"exclude_unexpected_values": False, "partial_unexpected_count": 20}
    monkeypatch.setattr(engine, "_RESULT_FORMAT", telling)
    for made in (engine._context, engine._checkpoint):
        made.cache_clear()
    try:
        tool["pages"](faulty.home, faulty.association, tmp_path / "pages")
    finally:
        for made in (engine._context, engine._checkpoint):
            made.cache_clear()
    assert leaked(tmp_path / "pages") == PLANTED.keys()


def test_the_pages_ask_no_other_host_and_a_run_afterwards_keeps_no_results(
    run_office: Office, tool: dict[str, Any], tmp_path: Path
) -> None:
    tool["pages"](run_office.home, run_office.association, tmp_path / "pages")
    asking = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    pages = list((tmp_path / "pages").rglob("*.html"))
    assert len(pages) > 10
    assert [p.name for p in pages if asking.search(p.read_text("utf-8"))] == []

    from finsam_pipeline.validation import engine  # noqa: PLC0415 - costs seconds; the pages have paid them

    assert list(engine._context().validation_results_store.list_keys()) == []
    assert not engine._KEPT


def test_a_folder_of_something_else_is_left_alone(office: Office, tool: dict[str, Any]) -> None:
    with pytest.raises(FileExistsError):
        tool["pages"](office.home, office.association, office.home / "config" / office.association)
    assert (office.home / "config" / office.association / "association.yaml").is_file()
