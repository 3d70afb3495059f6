"""A document as a Word file that the office goes on writing in.

Belongs here: which block becomes what: headings, paragraphs, tables, pictures. Does not: the looks (`word_styles`), tables
(`word_table`), fields and other things python-docx has no call for (`word_parts`).
"""

from __future__ import annotations

import io
from itertools import zip_longest
from typing import TYPE_CHECKING

import docx
from docx.shared import Length, Mm

from finsam_pipeline.report import word_parts as parts
from finsam_pipeline.report.document import Bullets, Figure, Note, Paragraph, Table, Written
from finsam_pipeline.report.identity import particulars
from finsam_pipeline.report.paper import for_paper, picture_width
from finsam_pipeline.report.typesetting import pictures
from finsam_pipeline.report.word_styles import dress
from finsam_pipeline.report.word_table import table_element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document as Word

    from finsam_pipeline.report.document import Block, Document, Section
    from finsam_pipeline.report.identity import Palette

_FIGURE_WIDTH = 118.0  # mm
Picture = tuple[bytes, Length]  # PNG, and how wide it is set
_LOGO_HEIGHT = Mm(18)
_CONTENTS_DEPTH = 2


def render_docx(document: Document, drawings: Mapping[str, str]) -> bytes:
    """The whole file. `drawings`: figure id -> SVG. The same document gives the same bytes."""
    word = docx.Document()
    dress(word, document)
    palette = document.identity.palette
    paper = for_paper(document)
    images = zip(pictures(list(drawings.values())), drawings.values(), strict=True)
    pixels = {
        id_: (image, Mm(picture_width(drawing, _FIGURE_WIDTH))) for id_, (image, drawing) in zip(drawings, images, strict=True)
    }
    _title(word, document)
    parts.contents(word, _entries(paper.sections), "Innehåll")
    for section in paper.sections:
        _section(word, section, 1, pixels, palette)
    parts.running_footer(word, f"{document.association} · {document.title} {document.period_words}", draft=document.draft)
    out = io.BytesIO()
    word.save(out)
    return parts.same_every_time(out.getvalue())


def _entries(sections: tuple[Section, ...], level: int = 1) -> list[tuple[int, str, str, str]]:
    """Level, number, title and bookmark of every heading in the table of contents."""
    found = []
    for section in sections:
        found.append((level, section.number, section.title, section.id))
        if level < _CONTENTS_DEPTH:
            found += _entries(section.sections, level + 1)
    return found


def _title(word: Word, document: Document) -> None:
    if document.identity.logo:
        run = word.add_paragraph(style="Logotyp").add_run()
        parts.describe(
            run.add_picture(io.BytesIO(document.identity.logo), height=_LOGO_HEIGHT), f"Logotyp för {document.association}"
        )
    word.add_paragraph(document.association, style="Förbund")
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.period_words, style="Subtitle")
    if document.draft:
        word.add_paragraph("Utkast", style="Utkast")
    contact = (("Kontakt", ", ".join(document.identity.contact)),) if document.identity.contact else ()
    for label, value in (*particulars(document), *contact):
        paragraph = word.add_paragraph(style="Uppgifter")
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(value)


def _section(word: Word, section: Section, level: int, pixels: Mapping[str, Picture], palette: Palette) -> None:
    parts.heading(word, level, section.number, section.title, section.id)
    for block, after in zip_longest(section.blocks, section.blocks[1:]):
        _block(word, block, pixels, palette, introduces=isinstance(after, (Table, Figure)))
    for below in section.sections:
        _section(word, below, level + 1, pixels, palette)


def _block(word: Word, block: Block, pixels: Mapping[str, Picture], palette: Palette, *, introduces: bool) -> None:
    match block:
        case Paragraph(text):
            # What introduces a table or a figure stands on the same page as that.
            word.add_paragraph(text, style="Body Text").paragraph_format.keep_with_next = introduces or None
        case Bullets(items):
            for item in items:
                word.add_paragraph(item, style="List Bullet")
        case Written(lines):
            for line in lines:
                paragraph = word.add_paragraph(style="List Bullet" if line.item else "Body Text")
                for letters in line.runs:
                    paragraph.add_run(letters.text).bold = letters.bold or None
        case Note(text, attention):
            word.add_paragraph(text, style="Observera" if attention else "Anmärkning")
        case Table():
            parts.caption(word, block.label, block.caption, block.id)
            _table(word, block, palette)
        case Figure():
            parts.caption(word, block.label, block.caption, block.id)
            image, width = pixels[block.id]
            run = word.add_paragraph(style="Figur").add_run()
            parts.describe(run.add_picture(io.BytesIO(image), width=width), block.alt)


def _table(word: Word, table: Table, palette: Palette) -> None:
    word.element.body.insert_element_before(table_element(table, palette), "w:sectPr")
    for note in table.notes:
        word.add_paragraph(note, style="Tabellfot")
    word.add_paragraph(style="Efter tabell")
