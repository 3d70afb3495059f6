"""The pages in docs/ say what the declarations say, all of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.models import dictionary
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dictionary.pages()


def section(page: str, heading: str) -> str:
    """The text under a heading, up to the next one of the same level."""
    level = heading.split(" ", 1)[0]
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^{level} |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def test_the_pages_are_current() -> None:
    assert dictionary.drift() == []


def test_a_changed_and_a_missing_page_are_drift(tmp_path: Path) -> None:
    assert dictionary.write(tmp_path) == ["rules.md", "sources.md", "marts.md"]
    assert dictionary.drift(tmp_path) == []
    (tmp_path / "rules.md").write_text("else", "utf-8")
    (tmp_path / "marts.md").unlink()
    assert dictionary.drift(tmp_path) == ["rules.md", "marts.md"]


def test_check_says_what_is_out_of_date(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(dictionary, "drift", lambda: ["rules.md"])
    assert dictionary.main(["--check"]) == 1
    assert "docs/rules.md" in capsys.readouterr().err


def test_every_rule_says_what_fails_what_follows_and_what_to_do(pages: dict[str, str]) -> None:
    for rule in RULES.values():
        said = section(pages["rules.md"], f"## {rule.id}")
        for words in (rule.title_sv, rule.title_en, rule.remedy_sv):
            assert words in said
        sources = {u.source for u in USES if u.rule == rule.id}
        assert set(re.findall(r"sources\.md#(\w+)", said)) == sources


def test_a_use_with_another_severity_says_so(pages: dict[str, str]) -> None:
    said = section(pages["rules.md"], "## L007")
    assert "| [huvudbok](sources.md#huvudbok) | kontrollsummorna | `declared` | B |" in said
    assert "| [deltagaruppfoljning](sources.md#deltagaruppfoljning) | kontrollsummorna | `declared` | W |" in said


def test_every_column_of_every_source_stands_with_its_headers(pages: dict[str, str]) -> None:
    for source in SOURCES.values():
        said = section(pages["sources.md"], f"## {source.name}")
        for column in source.columns:
            assert f"| `{column.canonical}` | {', '.join(column.headers)} |" in said


def test_every_column_of_every_mart_stands_in_order_with_its_unit(pages: dict[str, str]) -> None:
    for mart in MARTS.values():
        text = section(pages["marts.md"], f"### {mart.path}")
        rows = re.findall(r"^\| (\**)`(\w+)`\** \| [^|]+ \| ([^|]*) \|", text, re.MULTILINE)
        assert [name for _, name, _ in rows] == [c.name for c in mart.columns]
        assert [unit.strip() for *_, unit in rows] == [c.unit for c in mart.columns]
        assert {name for bold, name, _ in rows if bold} == set(mart.key)


def test_a_figure_names_the_source_columns_it_comes_from(pages: dict[str, str]) -> None:
    equity = section(pages["marts.md"], "### economy/equity")
    line = next(row for row in equity.splitlines() if row.startswith("| `closing_kr`"))
    assert "`huvudbok.amount`" in line
    known = {f"{name.removeprefix('accepted.')}.{column}" for name, table in SOURCE_SCHEMAS.items() for column in table.names}
    named = {origin for row in pages["marts.md"].splitlines() for origin in re.findall(r"`(\w+(?:\.\w+)+)`", row)}
    assert named <= known


def test_links_within_and_between_pages_lead_somewhere(pages: dict[str, str]) -> None:
    anchors = {
        name: {re.sub(r"[/.]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        for name, text in pages.items()
    }
    for name, text in pages.items():
        for page, anchor in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", text):
            assert anchor in anchors[page or name], (name, page, anchor)
