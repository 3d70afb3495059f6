"""The page in a browser: WCAG 2.1 AA as axe-core judges it, no table wider than a desk's window, no page wider than a phone.

Needs chromium (CHROMIUM names another than the one on the path). axe-core is not in the repository: AXE_CORE names its
`axe.min.js`, or npm's global folder has it (`npm install -g axe-core`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.report.document import Column, Format, Row, Section, Table
from finsam_pipeline.report.formats import render
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline_tests.report_settings import ACCENT, report
from finsam_pipeline_tests.wider_report import of_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from finsam_pipeline.report.document import Document
    from finsam_pipeline_tests.workspaces import Office

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
WIDTHS = {"desk": 1440, "small desk": 1100, "phone": 390}
# The shadow at the edge of a table that scrolls hides from axe what text stands on: it is white.
GROUND = ".scroll { background: #fff !important }"
# As wide as tables of exit reasons are: a long label and a column an intervention.
HEADS = ("Orsak", "Aktivitetsplatsen", "Samordning", "Verkstaden", "Språk-spåret", "Stöd-team", "Totalt")
WIDE = Table(
    "bred-tabell",
    "Bred",
    tuple(Column(head, Format.TEXT if head == "Orsak" else Format.COUNT) for head in HEADS),
    (Row(("Sysselsättning/dagligverksamhet", 11, 22, 33, 44, 55, 165)), Row(("Totalt avslutade", 11, 22, 33, 44, 55, 165))),
)
TOO_WIDE = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("no chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def axe() -> str:
    named = os.environ.get("AXE_CORE")
    if named is None and shutil.which("npm"):
        root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
        named = f"{root}/axe-core/axe.min.js"
    if named is None or not Path(named).is_file():
        pytest.skip("no axe-core")
    return Path(named).read_text(encoding="utf-8")


def masked(home: Path) -> Document:
    """Every table there is, and small counts hidden."""
    snapshot, register = of_workspace(home, disclosure={"method": "mask", "below": 3})
    return build_report(snapshot, register, "2025H1")


@pytest.fixture(scope="module", params=["dressed", "plain", "wide", "masked"])
def html(request: pytest.FixtureRequest, run_office: Office) -> str:
    makers: dict[str, Callable[[], Document]] = {
        "dressed": report,
        "plain": lambda: report(dressed=False),
        "wide": lambda: build_report(*of_workspace(run_office.home), "2025H1"),
        "masked": lambda: masked(run_office.home),
    }
    document = makers[request.param]()
    return render(replace(document, sections=(*document.sections, Section("bred", "Bred", (WIDE,)))), ["html"])["html"].decode()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_nothing(browser: Browser, axe: str, html: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(html)
    page.add_style_tag(content=GROUND)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    page.close()
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
    assert len(found["passes"]) > 30
    undecided = [n["html"] for v in found["incomplete"] if v["id"] == "color-contrast" for n in v["nodes"]]
    assert [text for text in undecided if not text.startswith("<text")] == []  # texts in drawings stand beside the bars, on white


@pytest.fixture(params=[WIDTHS["desk"], WIDTHS["phone"]], ids=["desk", "phone"])
def explained(request: pytest.FixtureRequest, browser: Browser, html: str) -> Iterator[Page]:
    """The page with the first figure's explanation opened by the keyboard."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.set_content(html)
    page.locator(".table td button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".why:popover-open").is_visible()
    yield page
    page.close()


def test_an_explanation_opens_and_closes_by_the_keyboard(explained: Page):
    place, window = explained.locator(".why:popover-open").bounding_box(), explained.viewport_size
    assert place is not None
    assert window is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= window["width"]
    explained.emulate_media(media="print")
    assert explained.locator(".why:visible").count() == 0
    explained.emulate_media(media="screen")
    explained.keyboard.press("Tab")
    explained.keyboard.press("Enter")  # the button that closes it
    assert explained.locator(".why:popover-open").count() == 0


def test_axe_finds_nothing_in_an_open_explanation(explained: Page, axe: str):
    explained.evaluate(axe)
    found = explained.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []


@pytest.fixture
def listed(browser: Browser, html: str) -> Iterator[Page]:
    """The page with the figures of its first text listed, by the keyboard."""
    page = browser.new_page(viewport={"width": WIDTHS["desk"], "height": 900})
    page.set_content(html)
    page.locator(".listed").first.focus()
    page.keyboard.press("Enter")
    yield page
    page.close()


def test_by_keyboard_a_text_lists_its_figures_and_each_opens_its_own(listed: Page, axe: str):
    shown = listed.locator(".why:popover-open li button")
    text = listed.locator(":is(p, li):has(> .listed)").first
    assert shown.all_inner_texts() == text.locator(".said button").all_inner_texts()
    listed.evaluate(axe)
    assert listed.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"] == []
    listed.keyboard.press("Tab")
    listed.keyboard.press("Enter")
    assert listed.locator(".why:popover-open").count() == 2
    listed.keyboard.press("Escape")
    listed.keyboard.press("Escape")
    assert listed.locator(".why:popover-open").count() == 0
    assert listed.evaluate("document.activeElement.className") == "listed"


def test_by_pointer_a_figure_in_text_opens_its_own(browser: Browser, html: str):
    page = browser.new_page(viewport={"width": WIDTHS["phone"], "height": 900})
    page.set_content(html)
    figure = page.locator(".said button[tabindex]").first
    figure.click()
    opened = page.locator(".why:popover-open")
    assert opened.get_attribute("id") == figure.get_attribute("popovertarget")
    page.close()


def test_text_is_copied_whole_and_printed_clean(browser: Browser, html: str):
    page = browser.new_page()
    page.set_content(html)
    text = page.locator(":is(p, li):has(> .listed)").first
    copied = text.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e); getSelection().addRange(r); return getSelection().toString() }"
    )
    figures = text.locator(".said button").all_inner_texts()
    assert all(figure in copied for figure in figures)
    assert "Talen i texten" not in copied
    page.emulate_media(media="print")
    assert page.locator(".listed:visible").count() == 0
    assert page.locator(".said button").first.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
    page.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_is_wider_than_the_window(browser: Browser, html: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(html)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    tables = page.evaluate(TOO_WIDE)
    page.close()
    assert wider == 0
    assert width == WIDTHS["phone"] or tables == []  # on a phone a table scrolls within itself


def test_the_page_bears_what_the_office_has_set():
    html = render(report(), ["html"])["html"].decode()
    for words in ("<dt>Diarienummer</dt><dd>FS 2031/0017</dd>", "12\u00a0september\u00a02031", "222000-0000"):
        assert words in html
    assert "Kontakt: Kansliet &amp; co, 08-123, kansli@exempel.se" in html
    assert f"--accent: {ACCENT};" in html
    assert ACCENT in html[html.index("<svg") :]  # the drawings too
    assert 'alt="Logotyp för Samordningsförbundet Provby &amp; Co"' in html
    assert "#17455c" not in html
