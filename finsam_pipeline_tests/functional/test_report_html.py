from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from finsam_pipeline.report import figures
from finsam_pipeline.report.document import ChartKind, Column, Figure, Format, Row, Table
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline.report.html import render_html
from finsam_pipeline.report.typesetting import PIXELS_PER_INCH, pictures
from finsam_pipeline_tests.report_marts import PERIOD, Fixed, intervention, register, rows

Attributes = list[tuple[str, str | None]]
VOID = {"meta", "path", "use", "rect", "br"}


class Page(HTMLParser):
    """The page's elements with their attributes, its text, and whether every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def page_of(**changes: object) -> str:
    return render_html(build_report(Fixed(rows()), register(**changes), PERIOD))


@pytest.fixture(scope="module")
def html() -> str:
    return page_of()


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_whole_swedish_and_says_what_it_is(page: Page):
    assert page.open == []
    assert page.all("html") == [{"lang": "sv"}]
    assert Counter(tag for tag, _ in page.elements)["h1"] == 1
    for words in ("Halvårsrapport", "första halvåret 2031", "Samordningsförbundet Provby & Co", "Utkast", "0123456789abcdef"):
        assert words in page.text
    assert "15\u00a0augusti\u00a02031" in page.text


def test_nothing_is_fetched_and_nothing_runs(html: str, page: Page):
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    references = [v for _, attrs in page.elements for k, v in attrs.items() if k.endswith(("href", "src"))]
    assert references
    assert all(r.startswith("#") for r in references)
    assert "url(http" not in html
    assert "@import" not in html


def test_every_id_is_unique_and_every_reference_leads_somewhere(html: str, page: Page):
    ids = Counter(attrs["id"] for _, attrs in page.elements if "id" in attrs)
    assert [i for i, n in ids.items() if n > 1] == []
    targets = {v[1:] for _, attrs in page.elements for k, v in attrs.items() if k.endswith("href")}
    targets |= set(re.findall(r"url\(#([^)]+)\)", html)) | {
        a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a
    }
    assert targets <= set(ids)


def test_who_does_not_see_gets_landmarks_headers_and_words_for_the_drawings(page: Page):
    assert [tag for tag, _ in page.elements if tag in {"header", "nav", "main", "footer"}] == ["header", "nav", "main", "footer"]
    assert next(attrs for tag, attrs in page.elements if tag == "a") == {"class": "skip", "href": "#innehall"}
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row", "rowgroup"}
    drawings = page.all("svg")
    assert len(drawings) == len(page.all("figure")) == len(page.all("details")) == 5
    assert all(d["role"] == "img" and d["aria-label"] for d in drawings)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_figures_in_the_page_are_printed_in_swedish(html: str):
    row = re.search(
        r"<tr class=\"line\">\s*<th scope=\"row\">Möten</th>(.*?)</tr>", html[html.index('id="insatsbudget"') :], re.DOTALL
    )
    assert row
    assert re.findall(r'<td class="num"><button[^>]*>(.*?)</button></td>', row[1]) == [
        "200\u00a0001",
        "400\u00a0000",
        "\u2212200\u00a0000",
    ]
    assert ">-" not in html


def test_the_same_snapshot_gives_the_same_bytes(html: str):
    assert page_of() == html


def test_a_name_from_the_register_is_text_and_never_markup():
    nasty = "<b>Bron</b> & 'bron' \"x\""
    known = (replace(intervention("bron", nasty), short_name=nasty), *register().interventions[1:])
    html = page_of(interventions=known, name="<script>alert(1)</script>")
    page = Page(html)
    assert not page.all("script")
    assert "<b>Bron" not in html
    assert nasty in page.text
    assert page.open == []


def test_an_empty_workspace_still_gives_a_page():
    page = Page(render_html(build_report(Fixed({}), register(), PERIOD, draft=False)))
    assert page.open == []
    assert "Uppgifter om deltagare saknas" in page.text
    assert "Utkast" not in page.text


def drawn(kind: ChartKind, *rows: tuple, columns: int = 2) -> Figure:
    heads = (Column("Rad", Format.TEXT), *(Column(f"Serie {n}", unit="tkr") for n in range(columns)))
    return Figure("ritning", "Ritning", "alt", kind, Table("tal", "Tal", heads, tuple(Row(r) for r in rows)))


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_kind_of_figure_shows_its_figures_and_no_date(kind: ChartKind):
    text = figures.svg(drawn(kind, ("Första raden", 12345, 41), ("Andra", 0, 0)))
    assert text.startswith("<svg ")
    assert "12\u00a0345" in text
    assert ">Andra<" in text
    assert "<metadata" not in text
    assert "DejaVu" not in text


def test_a_masked_or_negative_figure_is_drawn_without_betraying_or_failing():
    text = figures.svg(drawn(ChartKind.GROUPED, ("Rad", "<5", 40), ("Två", None, 3)))
    assert "&lt;5" in text
    assert ">–<" in text
    assert "\u22123" in figures.svg(drawn(ChartKind.FLOW, ("Kvar", -3), ("In", 5), columns=1))
    assert figures.svg(drawn(ChartKind.GROUPED, ("Rad", 0, 0))).count(">0<") == 1


@pytest.mark.parametrize("kind", [ChartKind.GROUPED, ChartKind.TOTAL_AND_PARTS])
def test_long_labels_do_not_run_into_each_other(kind: ChartKind):
    long = "Integrerad samverkan för unga vuxna med funktionsnedsättning och långvarig sjukskrivning"
    text = figures.svg(drawn(kind, *((f"{long} {n}", 3, 4) for n in range(12))))
    heights = sorted(
        {float(y) for y, words in re.findall(r'<text [^>]*? y="([\d.]+)"[^>]*>([^<]*)</text>', text) if " " in words}
    )
    assert len(heights) >= 30
    assert min(later - earlier for earlier, later in pairwise(heights)) > 10  # points, of letters 9.5 high


def test_formats_that_want_pixels_get_a_png_of_the_width_asked_for():
    image, other = pictures([figures.svg(drawn(kind, ("In", 5), columns=1)) for kind in (ChartKind.FLOW, ChartKind.GROUPED)])
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", image[16:20])[0] == struct.unpack(">I", other[16:20])[0] == round(5.2 * PIXELS_PER_INCH)
