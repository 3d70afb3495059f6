"""The PDF: what the board gets, and what is kept. typst itself refuses what breaks PDF/A-2a or PDF/UA-1 where it can tell."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pdfplumber
import pikepdf
import pytest

from finsam_pipeline.report.document import Paragraph, Section
from finsam_pipeline.report.formats import render
from finsam_pipeline.report.paper import cell_texts, for_paper
from finsam_pipeline_tests.report_settings import ACCENT, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.report.document import Document


@pytest.fixture(scope="module")
def document() -> Document:
    return report()


@pytest.fixture(scope="module")
def content(document: Document) -> bytes:
    return render(document, ["pdf"])["pdf"]


@pytest.fixture(scope="module")
def pdf(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


@pytest.fixture(scope="module")
def text(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as pages:
        return "\n".join(page.extract_text() for page in pages.pages)


def tags(node: Any) -> Iterator[pikepdf.Dictionary]:  # noqa: ANN401 - pikepdf gives what stands there
    """Every element of the structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from tags(kid)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from tags(node.K)


def test_it_says_that_it_is_archivable_accessible_and_swedish(pdf: pikepdf.Pdf):
    with pdf.open_metadata() as about:
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("2", "A", "1")
        assert about["dc:title"] == "Halvårsrapport första halvåret 2031 – Samordningsförbundet Provby & Co"
        assert about["xmp:CreateDate"].startswith("2031-08-15")  # the day of the figures, not of the run
    assert str(pdf.Root.Lang) == "sv-SE"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"


def test_fonts_are_in_the_file_and_nothing_else_is(pdf: pikepdf.Pdf):
    fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all("/FontFile3" in f or "/FontFile2" in f for f in fonts)
    assert not any(isinstance(o, pikepdf.Dictionary) and o.get("/S") in ("/JavaScript", "/Launch", "/URI") for o in pdf.objects)


def test_tables_are_tagged_with_heads_and_as_many_rows_as_they_have(pdf: pikepdf.Pdf, document: Document):
    found = [t for t in tags(pdf.Root.StructTreeRoot) if t.S == "/Table"]
    tables = for_paper(document).tables()
    assert len(found) == len(tables)
    for tagged, table in zip(found, tables, strict=True):
        inside = Counter(str(t.S) for t in tags(tagged.K))
        assert inside["/TH"] == len(table.columns)
        assert inside["/TR"] == len(table.rows) + 1
    count = Counter(str(t.S) for t in tags(pdf.Root.StructTreeRoot))
    assert count["/Caption"] == len(tables) + len(document.figures())
    assert count["/TOC"]


def test_headings_are_tagged_in_levels(pdf: pikepdf.Pdf, document: Document):
    count = Counter(str(t.S) for t in tags(pdf.Root.StructTreeRoot))
    sections = for_paper(document).sections
    assert count["/H1"] == len(sections) + 1  # and "Innehåll"
    assert count["/H2"] == sum(len(s.sections) for s in sections)


def test_figures_and_logo_have_words(pdf: pikepdf.Pdf, document: Document):
    alts = [str(t.Alt) for t in tags(pdf.Root.StructTreeRoot) if t.S == "/Figure" and "/Alt" in t]
    assert alts == ["Logotyp för Samordningsförbundet Provby & Co", *(f.alt for f in document.figures())]


def test_every_cell_is_printed(text: str, document: Document):
    plain = re.sub(r"[\s\u00a0]+", "", text)
    for table in for_paper(document).tables():
        for row in table.rows:
            for cell in cell_texts(table, row):
                assert re.sub(r"\s+", "", cell) in plain, (table.id, cell)


def test_the_title_page_the_contents_and_the_foot(text: str):
    for words in ("FS 2031/0017", "12 september 2031", "222000-0000", "Kansliet & co", "Utkast"):
        assert words in text.replace("\u00a0", " ")
    entry = re.search(r"Ekonomi[ .]+(\d+)", text)
    assert entry
    assert int(entry[1]) > 1
    assert re.search(r"Halvårsrapport första halvåret 2031 · utkast 2 \(\d+\)", text)


@pytest.mark.parametrize(("sections", "pages"), [(10, 1), (40, 2)])
def test_the_contents_stand_whole_on_one_page(document: Document, sections: int, pages: int):
    headings = tuple(Section(f"del-{n}", f"Rubrik {n}", (Paragraph("Text."),), number=f"{n}") for n in range(1, sections + 1))
    made = render(replace(document, sections=headings), ["pdf"])["pdf"]
    with pdfplumber.open(io.BytesIO(made)) as pdf:
        contents = pdf.pages[pages - 1].extract_text()
    assert "Innehåll" in contents
    assert all(f"Rubrik {n}" in contents for n in range(1, sections + 1))


def test_it_is_set_in_the_associations_colours(content: bytes):
    wanted = tuple(round(int(ACCENT[n : n + 2], 16) / 255, 2) for n in (1, 3, 5))
    with pdfplumber.open(io.BytesIO(content)) as pages:
        colours = {tuple(round(c, 2) for c in letter["non_stroking_color"]) for letter in pages.pages[0].chars}
    assert wanted in colours


def test_no_name_is_markup(document: Document):
    nasty = '#panic("x") *fet* $x$ <b> @ref // /* \\ [ ] "'
    changed = replace(document, association=nasty, identity=replace(document.identity, logo=b""))
    with pdfplumber.open(io.BytesIO(render(changed, ["pdf"])["pdf"])) as pages:
        assert nasty in pages.pages[0].extract_text()


def test_the_same_document_gives_the_same_bytes(document: Document, content: bytes):
    assert render(document, ["pdf"])["pdf"] == content
