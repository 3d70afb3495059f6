"""Written texts to plain structure: what is kept, what is left behind, what is turned away."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from finsam_pipeline.readers.prose import read_prose
from finsam_pipeline.readers.table import Rejected

if TYPE_CHECKING:
    from docx.document import Document

    from finsam_pipeline.readers.prose import Line


def told(lines: tuple[Line, ...]) -> list[str]:
    """Items with a dash, bold in capitals."""
    return [("- " if line.item else "") + "".join(r.text.upper() if r.bold else r.text for r in line.runs) for line in lines]


def markdown(text: str) -> list[str]:
    (part,) = read_prose(text.encode(), "x.md").parts
    return told(part.lines)


def word(write: object, change: tuple[bytes, bytes] | None = None) -> bytes:
    document: Document = docx.Document()
    write(document)  # type: ignore[operator]
    out = io.BytesIO()
    document.save(out)
    if change is None:
        return out.getvalue()
    made = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(*change) if name == "word/document.xml" else old.read(name))
    return made.getvalue()


def test_headings_paragraphs_and_lists_of_markdown():
    text = "Först\n\n# Ett #\nrad ett\nrad två\n\n- a\n- b\n  fortsatt\n\n1. c\n\nTvå\n---\n> citat\n\n***\nslut"
    prose = read_prose(text.encode(), "Text.MD")
    assert [(p.heading, p.level, told(p.lines)) for p in prose.parts] == [
        ("", 0, ["Först"]),
        ("Ett", 1, ["rad ett rad två", "- a", "- b fortsatt", "- c"]),
        ("Två", 2, ["citat", "slut"]),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Det **var** bra", "Det VAR bra"),
        ("__Alla__ kom", "ALLA kom"),
        ("*nästan* alla, snake_case_namn, 3 * 4 * 5", "nästan alla, snake_case_namn, 3 * 4 * 5"),
        (r"\*stjärna\* och 1\. punkt", "*stjärna* och 1. punkt"),
        ("se [sidan](https://exempel.se 'x')", "se sidan (https://exempel.se)"),
        ("[https://exempel.se](https://exempel.se)", "https://exempel.se"),
        ("[klicka](javascript:alert)", "klicka (javascript:alert)"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("före ![bild](x.png) efter", "före efter"),
        ("a\u202eb\ue000c\x07d", "abcd"),
    ],
)
def test_a_line_of_markdown(written: str, read: str):
    assert markdown(written) == [read]


def test_pictures_are_counted():
    assert read_prose(b"![a](b) och ![c](d)", "x.md").left_out == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_an_office_saves_in(encoding: str):
    assert told(read_prose("Räksmörgås – på Öland".encode(encoding), "x.txt").parts[0].lines) == ["Räksmörgås – på Öland"]


def test_a_word_document():
    def write(document: Document) -> None:
        document.add_heading("Verkstan", 0)
        document.add_heading("Vad gick bra?", 2)
        paragraph = document.add_paragraph("Det gick ")
        paragraph.add_run("myc").bold = True
        paragraph.add_run("ket").bold = True
        paragraph.add_run(" bra.")
        document.add_paragraph("ett", style="List Bullet")
        document.add_paragraph("två", style="List Number")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Träffar", "3"

    prose = read_prose(word(write), "x.docx")
    assert [(p.heading, p.level, told(p.lines)) for p in prose.parts] == [
        ("Verkstan", 1, []),
        ("Vad gick bra?", 2, ["Det gick MYCKET bra.", "- ett", "- två", "Träffar · 3"]),
    ]


def test_a_link_in_word_is_its_text_and_struck_out_text_is_gone():
    def write(document: Document) -> None:
        paragraph = document.add_paragraph("se ")
        link, deleted = OxmlElement("w:hyperlink"), OxmlElement("w:del")
        for text, into in (("sidan", link), ("borta", deleted)):
            run = paragraph.add_run(text)
            into.append(run._r)
            paragraph._p.append(into)
        assert paragraph._p.findall(qn("w:hyperlink"))

    assert told(read_prose(word(write), "x.docx").parts[0].lines) == ["se sidan"]


def test_what_is_not_shown_is_looked_through_too():
    def write(document: Document) -> None:
        document.add_paragraph("text")
        document.sections[0].footer.paragraphs[0].add_run("i sid").bold = True
        document.sections[0].footer.paragraphs[0].add_run("foten")

    assert "i sidfoten" in read_prose(word(write), "x.docx").scanned


ENTITY = (b"<w:document ", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document ')


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "x.md", "empty"),
        (b"\n\n", "x.md", "empty"),
        (b"text", "x.pdf", "not_a_text"),
        (b"text", "x.docx", "not_a_text"),
        (b"\xd0\xcf\x11\xe0rest", "x.docx", "not_a_text"),
        (b"PK\x03\x04rest", "x.docx", "truncated"),
        (b"a\x00b", "x.md", "undecodable"),
        (b"ord " * 200_000, "x.md", "oversized"),
        (word(lambda d: d.add_paragraph("x"), (b"<w:body>", b"<w:body")), "x.docx", "truncated"),
        (word(lambda d: d.add_paragraph("x"), ENTITY), "x.docx", "not_a_table"),
    ],
    ids=["empty", "blank", "pdf", "no-word", "old-word", "cut", "nul", "long", "broken", "entity"],
)
def test_what_is_turned_away_says_what_to_do(data: bytes, name: str, reason: str):
    with pytest.raises(Rejected) as caught:
        read_prose(data, name)
    assert caught.value.reason == reason
    assert "rbetsbok" not in caught.value.message_sv
    assert any(word in caught.value.message_sv for word in ("Spara", "Lämna", "Dela"))


def test_no_text_in_a_representation():
    assert "hemligt" not in repr(read_prose(b"hemligt", "x.md"))
