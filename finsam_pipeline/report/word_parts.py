"""Parts of a Word file that python-docx has no call for: fields, bookmarks, the table of contents, a footer with page numbers.

Belongs here: the XML. Does not: what is said, how a style looks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from finsam_pipeline.report.word_styles import CONTENT_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Word
    from docx.shape import InlineShape
    from docx.text.paragraph import Paragraph

_BESIDE_THE_TITLE = 32  # entries of the contents that have room below the title; more begin a page of their own
_STAMP = (1980, 1, 1, 0, 0, 0)  # a clock would change the bytes


def heading(word: Word, level: int, number: str, title: str, anchor: str) -> None:
    """A heading with a bookmark. Its number is the style's own; `number` empty takes it away from this one."""
    paragraph = word.add_paragraph(style=f"Heading {level}")
    if not number:
        chosen = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 - python-docx has no call for it
        chosen.get_or_add_numId().val = 0
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.first_line_indent = 0
    _bookmarked(paragraph, title, _anchor(anchor))


def caption(word: Word, label: str, text: str, anchor: str) -> None:
    """`Tabell 1. Text`, the number a SEQ field: a table the office puts in renumbers those after it."""
    paragraph = word.add_paragraph(style="Caption")
    if label:
        kind, _, number = label.rpartition(" ")
        paragraph.add_run(f"{kind} ").bold = True
        field(paragraph, f"SEQ {kind} \\* ARABIC", number, bold=True)
        paragraph.add_run(". ").bold = True
    _bookmarked(paragraph, text, _anchor(anchor))


def contents(word: Word, entries: Sequence[tuple[int, str, str, str]], title: str) -> None:
    """A table of contents as a field, its entries computed and leading to the headings.

    Page numbers are Word's to know: they come when the field is updated (F9), and no wrong ones stand there before.
    """
    heading = word.add_paragraph(title, style="Innehållsrubrik")
    heading.paragraph_format.page_break_before = len(entries) > _BESIDE_THE_TITLE or None
    paragraph: Paragraph | None = None
    for n, (level, number, text, anchor) in enumerate(entries):
        paragraph = word.add_paragraph(style=f"toc {level}")
        if n == 0:
            _begin(paragraph, 'TOC \\o "1-2" \\h \\z \\u')
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _anchor(anchor))
        link.set(qn("w:history"), "1")
        run = paragraph.add_run(f"{number}\t{text}" if number else text)
        link.append(run._r)  # noqa: SLF001 - moved into the link
        paragraph._p.append(link)  # noqa: SLF001
    if paragraph is not None:
        _mark(paragraph, "end")


def field(paragraph: Paragraph, instruction: str, result: str, *, bold: bool = False) -> None:
    """A field with the result it has now."""
    before = len(paragraph.runs)
    _begin(paragraph, instruction)
    paragraph.add_run(result)
    _mark(paragraph, "end")
    for run in paragraph.runs[before:]:
        run.bold = bold or None


def running_footer(word: Word, text: str, *, draft: bool) -> None:
    """The report's name to the left, page and number of pages to the right; the title page has none."""
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.style = word.styles["Tabellfot"]
    paragraph.paragraph_format.tab_stops.add_tab_stop(CONTENT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{text} · utkast\t" if draft else f"{text}\t")
    field(paragraph, "PAGE", "2")
    paragraph.add_run(" (")
    field(paragraph, "NUMPAGES", "2")
    paragraph.add_run(")")


def describe(picture: InlineShape, alt: str) -> None:
    """The picture's text for those who do not see it."""
    properties = picture._inline.docPr  # noqa: SLF001 - python-docx has no call for it
    properties.set("descr", alt)


def same_every_time(package: bytes) -> bytes:
    """The same package without the moment it was packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _STAMP), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _begin(paragraph: Paragraph, instruction: str) -> None:
    _mark(paragraph, "begin")
    run = paragraph.add_run()
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    run._r.append(text)  # noqa: SLF001 - python-docx has no call for fields
    _mark(paragraph, "separate")


def _mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)  # noqa: SLF001


def _bookmarked(paragraph: Paragraph, text: str, name: str) -> None:
    number = zlib.crc32(name.encode()) >> 1  # a number of its own, and the same every time
    paragraph._p.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>'))  # noqa: SLF001
    paragraph.add_run(text)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))  # noqa: SLF001


def _anchor(id_: str) -> str:
    """A bookmark's name: letters, digits and underscores, at most 40."""
    return f"_Toc_{re.sub(r'[^A-Za-z0-9]', '_', id_)}"[:40]
