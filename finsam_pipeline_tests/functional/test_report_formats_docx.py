"""The Word file: what an office opens, goes on writing in, and prints."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn

from finsam_pipeline.report.document import Bullets, Paragraph, RowKind, Section
from finsam_pipeline.report.formats import render
from finsam_pipeline.report.paper import cell_texts, for_paper
from finsam_pipeline_tests.report_settings import ACCENT, report

if TYPE_CHECKING:
    from docx.document import Document as Word

    from finsam_pipeline.report.document import Document


@pytest.fixture(scope="module")
def document() -> Document:
    return report()


@pytest.fixture(scope="module")
def content(document: Document) -> bytes:
    return render(document, ["docx"])["docx"]


@pytest.fixture(scope="module")
def word(content: bytes) -> Word:
    return docx.Document(io.BytesIO(content))


def headings(sections: tuple[Section, ...], level: int = 1) -> list[tuple[str, str, str]]:
    found = []
    for section in sections:
        found += [(f"Heading {level}", section.number, section.title), *headings(section.sections, level + 1)]
    return found


def said(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The text of every run under an element; python-docx leaves out those in a link."""
    marks = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    runs = [r for r in element.iter(qn("w:r")) if r.find(qn("w:instrText")) is None]
    return "".join(marks.get(part.tag, part.text or "") for run in runs for part in run)


def test_headings_are_headings_numbered_by_their_style(word: Word, document: Document):
    wanted = headings(for_paper(document).sections)
    found = [p for p in word.paragraphs if p.style.name.startswith("Heading ")]
    assert [(p.style.name, p.text) for p in found] == [(style, title) for style, _, title in wanted]
    for paragraph, (_, number, _) in zip(found, wanted, strict=True):
        own = paragraph._p.pPr.numPr
        assert (own is None) == bool(number)  # numbered by the style; only the unnumbered one says otherwise
        assert number or own.numId.val == 0
    assert word.styles["Heading 2"].element.pPr.numPr.ilvl.val == 1


def test_the_contents_are_a_field_whose_entries_are_computed_and_lead_to_the_headings(word: Word, document: Document):
    entries = [p for p in word.paragraphs if p.style.name.startswith("toc ")]
    first, last = entries[0]._p, entries[-1]._p
    assert [t.text.strip() for t in first.iter(qn("w:instrText"))] == ['TOC \\o "1-2" \\h \\z \\u']
    assert [c.get(qn("w:fldCharType")) for c in (*first.iter(qn("w:fldChar")), *last.iter(qn("w:fldChar")))] == [
        "begin",
        "separate",
        "end",
    ]
    wanted = [f"{n}\t{t}" if n else t for style, n, t in headings(for_paper(document).sections) if style != "Heading 3"]
    assert [said(p._p) for p in entries] == wanted
    marks = {b.get(qn("w:name")) for b in word.element.body.iter(qn("w:bookmarkStart"))}
    assert {h.get(qn("w:anchor")) for h in word.element.body.iter(qn("w:hyperlink"))} <= marks


@pytest.mark.parametrize(("sections", "apart"), [(10, False), (40, True)])
def test_long_contents_begin_a_page_of_their_own(document: Document, sections: int, apart: bool):
    headings = tuple(Section(f"del-{n}", f"Rubrik {n}", (), number=f"{n}") for n in range(1, sections + 1))
    made = docx.Document(io.BytesIO(render(replace(document, sections=headings), ["docx"])["docx"]))
    (title,) = [p for p in made.paragraphs if p.style is not None and p.style.name == "Innehållsrubrik"]
    assert bool(title.paragraph_format.page_break_before) is apart


def test_every_table_holds_what_the_document_says_cell_by_cell(word: Word, document: Document):
    tables = for_paper(document).tables()
    assert len(word.tables) == len(tables)
    for made, table in zip(word.tables, tables, strict=True):
        lines = [[said(tc) for tc in row._tr.tc_lst] for row in made.rows]
        assert lines[0] == [f"{c.heading}\n{c.unit}" if c.unit else c.heading for c in table.columns]
        for line, row in zip(lines[1:], table.rows, strict=True):
            texts = cell_texts(table, row)
            assert line == (texts[:1] if row.kind is RowKind.SECTION else texts)


def test_tables_repeat_their_head_keep_rows_whole_and_set_figures_right(word: Word, document: Document):
    for made, table in zip(word.tables, for_paper(document).tables(), strict=True):
        rows = made._tbl.tr_lst
        assert [r.trPr.find(qn("w:tblHeader")) is not None for r in rows] == [True] + [False] * len(table.rows)
        assert all(r.trPr.find(qn("w:cantSplit")) is not None for r in rows)
        right = [tc.p_lst[0].pPr.find(qn("w:jc")) is not None for tc in rows[0].tc_lst]
        assert right == [c.numeric for c in table.columns]
        widths = [int(g.get(qn("w:w"))) for g in made._tbl.tblGrid]
        assert abs(sum(widths) - 160 / 25.4 * 1440) < 5
        assert table.caption in made._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_captions_are_numbered_by_fields_with_the_number_in_place(word: Word, document: Document):
    captions = [p for p in word.paragraphs if p.style.name == "Caption"]
    paper = for_paper(document)
    wanted = [f"{b.label}. {b.caption}" if b.label else b.caption for b in paper.blocks() if hasattr(b, "caption")]
    assert [p.text for p in captions] == wanted
    fields = [t.text.strip() for p in captions for t in p._p.iter(qn("w:instrText"))]
    assert fields == [f"SEQ {w.split()[0]} \\* ARABIC" for w in wanted if re.match(r"(Tabell|Figur) \d+\. ", w)]
    assert {"SEQ Tabell \\* ARABIC", "SEQ Figur \\* ARABIC"} == set(fields)


def test_figures_are_sharp_and_have_words_for_those_who_do_not_see_them(word: Word, document: Document, content: bytes):
    described = [p.get("descr") for p in word.element.body.iter(qn("wp:docPr"))]
    assert described == ["Logotyp för Samordningsförbundet Provby & Co", *(f.alt for f in document.figures())]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sizes = [
            struct.unpack(">I", package.read(n)[16:20])[0]
            for n in package.namelist()
            if n.startswith("word/media") and "png" in n
        ]
    inches = [s.width.inches for s in word.inline_shapes][1:]
    assert min(max(sizes) / i for i in inches) > 200


def test_running_text_stands_there_in_order(word: Word, document: Document):
    wanted = []
    for block in for_paper(document).blocks():
        wanted += [block.text] if isinstance(block, Paragraph) else list(block.items) if isinstance(block, Bullets) else []
    assert [p.text for p in word.paragraphs if p.style.name in ("Body Text", "List Bullet")] == wanted


def test_it_is_a_swedish_a4_in_the_associations_colours(word: Word, content: bytes):
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        styles, settings = package.read("word/styles.xml").decode(), package.read("word/settings.xml").decode()
    assert set(re.findall(r'<w:lang w:val="([^"]+)"', styles)) == {"sv-SE"}
    assert 'w:themeFontLang w:val="sv-SE"' in settings
    assert str(word.styles["Heading 1"].font.color.rgb) == ACCENT.lstrip("#").upper()
    assert word.core_properties.language == "sv-SE"
    assert word.core_properties.title == "Halvårsrapport första halvåret 2031 – Samordningsförbundet Provby & Co"
    footer = section.footer.paragraphs[0]
    assert [t.text.strip() for t in footer._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_the_title_page_says_what_the_office_has_set(word: Word):
    text = "\n".join(p.text for p in word.paragraphs)
    for words in (
        "Diarienummer: FS 2031/0017",
        "Styrelsens beslut: 12\u00a0september\u00a02031",
        "Organisationsnummer: 222000-0000",
    ):
        assert words in text
    assert "Kontakt: Kansliet & co, 08-123, kansli@exempel.se" in text
    assert [p.text for p in word.paragraphs if p.style.name == "Utkast"] == ["Utkast"]


def test_the_same_document_gives_the_same_bytes(document: Document, content: bytes):
    assert render(document, ["docx"])["docx"] == content


def test_an_edition_is_no_draft():
    word = docx.Document(io.BytesIO(render(report(draft=False), ["docx"])["docx"]))
    assert "utkast" not in "\n".join(p.text for p in (*word.paragraphs, *word.sections[0].footer.paragraphs)).lower()
