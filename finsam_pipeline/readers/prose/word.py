"""A Word document's text: headings by their styles, lists, bold, tables as lines.

The package's own limits and refusals are those of workbooks (`readers.package`): nothing is unpacked or parsed before they hold.
Belongs here: reading `document.xml`. Does not: pictures, notes, headers, comments, text that was struck out under tracked changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser

from finsam_pipeline.readers.limits import READER_LIMITS
from finsam_pipeline.readers.package import Package
from finsam_pipeline.readers.prose.structure import Prose, Run, Writing
from finsam_pipeline.readers.table import Rejected

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"^(?:heading|rubrik) ?([1-9])$")
_TITLES = ("title", "titel", "rubrik")
_LIST = re.compile(r"^(?:list|lista|liste|punktlista|numrerad lista)\b")
_PASSED_BY = {f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "pPr", "rPr", "instrText", "delText")} | {
    f"{_MC}Fallback"
}
_BREAKS = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "\u2011"}
_PICTURES = (f"{_W}drawing", f"{_W}pict")
_DOCUMENT = re.compile(r"^word/document\d*\.xml$")
_SCANNED = re.compile(
    r"^(?:word/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml|docprops/(?:core|app|custom)\.xml)$"
)


def read_word(data: bytes) -> Prose:
    """The text of a DOCX file.

    Raises:
        Rejected: `encrypted`, `macro`, `oversized`, `truncated` or `not_a_text`.
    """
    package = _opened(data)
    document = next((name for name in package.names if _DOCUMENT.match(name)), None)
    body = _parsed(package, document).find(f"{_W}body") if document else None
    if body is None:
        raise _not_word()
    styles = _styles(package)
    writing = Writing()
    for element in _blocks(body):
        if element.tag == f"{_W}tbl":
            _table(writing, element)
        else:
            _paragraph(writing, element, styles)
    return Prose(writing.parts(), sum(1 for e in body.iter() if e.tag in _PICTURES), tuple(_scanned(package)))


def _opened(data: bytes) -> Package:
    if not data.startswith(b"PK"):
        old = (
            "Filen är sparad i ett äldre Word-format eller med lösenord."
            if data.startswith(b"\xd0\xcf\x11\xe0")
            else "Filen är inte Word."
        )
        raise Rejected("not_a_text", f"{old} Spara den som .docx utan lösenord och lämna den på nytt.")
    try:
        return Package(data, READER_LIMITS)
    except Rejected as rejected:
        raise Rejected(rejected.reason, _REFUSED.get(rejected.reason, _DAMAGED)) from None


_DAMAGED = "Dokumentet är skadat eller avhugget. Spara det på nytt från Word och lämna det igen."
_REFUSED = {
    "encrypted": "Dokumentet har lösenord. Spara det utan och lämna det på nytt.",
    "macro": "Dokumentet innehåller makron. Spara det som .docx och lämna det på nytt.",
    "oversized": "Dokumentet blir för stort när det packas upp. Ta bort bilder ur det och lämna det på nytt.",
}


def _not_word() -> Rejected:
    return Rejected("not_a_text", "Filen är inget Word-dokument. Spara texten som .docx eller .md och lämna den på nytt.")


def _parsed(package: Package, name: str) -> Element:
    parser = XMLParser()  # noqa: S314 - the package has turned away every document type and entity
    try:
        for chunk in package.chunks(name):
            parser.feed(chunk)
        root: Element = parser.close()
    except ParseError:
        raise Rejected("truncated", _DAMAGED) from None
    except Rejected as rejected:
        raise Rejected(rejected.reason, _DAMAGED) from None
    return root


def _styles(package: Package) -> dict[str, tuple[int, bool]]:
    """Style id → the level of its heading (0 for none) and whether it is an item of a list."""
    if "word/styles.xml" not in package:
        return {}
    found = {}
    for style in _parsed(package, "word/styles.xml").iter(f"{_W}style"):
        name = _value(style.find(f"{_W}name")).lower()
        heading = _HEADING.match(name)
        outline = _value(style.find(f"{_W}pPr/{_W}outlineLvl"))
        level = int(heading[1]) if heading else 1 if name in _TITLES else int(outline) + 1 if outline in set("012345678") else 0
        listed = bool(_LIST.match(name)) or style.find(f"{_W}pPr/{_W}numPr") is not None
        found[style.get(f"{_W}styleId", "")] = (level, listed and not level)
    return found


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, also those inside content controls."""
    for element in parent:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(element)


def _paragraph(writing: Writing, paragraph: Element, styles: dict[str, tuple[int, bool]]) -> None:
    properties = paragraph.find(f"{_W}pPr")
    style = _value(properties.find(f"{_W}pStyle")) if properties is not None else ""
    level, listed = styles.get(style, (0, False))
    runs = list(_runs(paragraph))
    if level:
        writing.heading("".join(run.text for run in runs), level)
    else:
        numbered = properties.find(f"{_W}numPr/{_W}numId") if properties is not None else None
        writing.line(runs, item=_value(numbered) != "0" if numbered is not None else listed)


def _table(writing: Writing, table: Element) -> None:
    """A line for every row, its cells side by side: what a project leader put there is not lost."""
    for row in table.iter(f"{_W}tr"):
        cells = (" ".join("".join(run.text for run in _runs(p)) for p in cell.iter(f"{_W}p")) for cell in row.findall(f"{_W}tc"))
        writing.line([Run(" · ".join(cell.strip() for cell in cells if cell.strip()))])


def _runs(element: Element, *, bold: bool = False) -> Iterator[Run]:
    for child in element:
        if child.tag in _PASSED_BY:
            continue
        if child.tag == f"{_W}t":
            yield Run(child.text or "", bold)
        elif child.tag in _BREAKS:
            yield Run(_BREAKS[child.tag], bold)
        else:
            yield from _runs(child, bold=_bold(child) if child.tag == f"{_W}r" else bold)


def _bold(run: Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}b")
    return mark is not None and mark.get(f"{_W}val", "true").lower() not in ("0", "false", "off")


def _value(element: Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


def _scanned(package: Package) -> Iterator[str]:
    """The text of every part that holds any, paragraph by paragraph: a number is seen though it changes its looks midway."""
    for name in package.names:
        if not _SCANNED.match(name):
            continue
        root = _parsed(package, name)
        paragraphs = list(root.iter(f"{_W}p"))
        yield from ("".join(paragraph.itertext()) for paragraph in paragraphs)
        if not paragraphs:
            yield from root.itertext()
