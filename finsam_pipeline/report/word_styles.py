"""The looks of the Word file, as styles: the office changes a style, not a hundred paragraphs.

Belongs here: page, language, styles, numbering of headings, what the file says about itself. Does not: any text of the report.
Arial, since every office has it and LibreOffice's own substitute is as wide.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.styles.style import ParagraphStyle

    from finsam_pipeline.report.document import Document
    from finsam_pipeline.report.identity import Palette

FACE = "Arial"
LANGUAGE = "sv-SE"
MARGIN = Mm(25)
CONTENT_WIDTH = Mm(210) - 2 * MARGIN
TABLE = "Rapporttabell"
HEADING_LEVELS = 3
_NUMBERING = 40  # an id no list of python-docx's template has
_A_DAY = dt.date(2000, 1, 1)  # for a document without a day

# style -> based on, size, bold, colour, space before, space after; points. Names that Word does not know are the office's, in Swedish.
_STYLES: dict[str, tuple[str, float, bool, str, float, float]] = {
    "Body Text": ("Normal", 10.5, False, "ink", 0, 8),
    "List Bullet": ("Normal", 10.5, False, "ink", 0, 4),
    "Title": ("Normal", 30, True, "accent", 0, 0),
    "Subtitle": ("Normal", 22, False, "accent", 0, 14),
    "Heading 1": ("Normal", 18, True, "accent", 0, 10),
    "Heading 2": ("Normal", 13, True, "accent", 18, 6),
    "Heading 3": ("Normal", 11, True, "accent", 14, 4),
    "Caption": ("Normal", 9.5, False, "ink", 12, 4),
    "Förbund": ("Normal", 12, False, "soft", 0, 60),
    "Logotyp": ("Normal", 12, False, "soft", 0, 30),
    "Utkast": ("Normal", 10, True, "warn", 0, 10),
    "Uppgifter": ("Normal", 9.5, False, "ink", 0, 3),
    "Innehållsrubrik": ("Normal", 14, True, "accent", 34, 8),
    "toc 1": ("Normal", 9.5, True, "ink", 6, 2),
    "toc 2": ("Normal", 9.5, False, "ink", 0, 1),
    "Figur": ("Normal", 10, False, "ink", 0, 12),
    "Anmärkning": ("Normal", 10, False, "ink", 6, 10),
    "Observera": ("Normal", 10, False, "warn", 6, 10),
    "Tabellhuvud": ("Normal", 8.5, True, "soft", 2, 2),
    "Tabelltext": ("Normal", 9, False, "ink", 2, 2),
    "Tabellrubrik": ("Tabelltext", 9, True, "accent", 6, 2),
    "Tabellsumma": ("Tabelltext", 9, True, "ink", 2, 2),
    "Tabellnot": ("Tabelltext", 9, False, "soft", 2, 2),
    "Tabellfot": ("Normal", 8.5, False, "soft", 3, 0),
    "Efter tabell": ("Normal", 4, False, "ink", 0, 6),
}
_KEEP_WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "Caption", "Innehållsrubrik")


def dress(word: Word, document: Document) -> None:
    """Page, language, styles and properties of an empty file."""
    palette = document.identity.palette
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    section.different_first_page_header_footer = True
    _language(word)
    for name in _STYLES:
        _style(word, name, palette)
    _particular(word, palette)
    _heading_numbers(word)
    word.styles.element.append(_table_style(palette))
    _properties(word, document)


def _style(word: Word, name: str, palette: Palette) -> None:
    base, size, bold, colour, before, after = _STYLES[name]
    known = [s for s in word.styles if s.name == name]
    style: Any = known[0] if known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.startswith("toc"))
    style.base_style = word.styles[base]
    _bare(style)
    style.hidden, style.quick_style = False, True
    _face(style)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(getattr(palette, colour).lstrip("#").upper())
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = name in _KEEP_WITH_NEXT


def _bare(style: ParagraphStyle) -> None:
    """The template's own borders, spacing of letters and theme fonts go; its list of bullets stays."""
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:contextualSpacing"):
        for found in properties.findall(qn(tag)):
            properties.remove(found)
    looks = style.element.find(qn("w:rPr"))
    if looks is not None:
        style.element.remove(looks)


def _face(style: Any) -> None:  # noqa: ANN401 - python-docx leaves its elements untyped
    style.font.name = FACE
    fonts = style.element.rPr.rFonts
    for kind in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FACE)


def _particular(word: Word, palette: Palette) -> None:
    """What the table of styles does not say."""
    word.styles["Heading 1"].paragraph_format.page_break_before = True
    for name in ("Body Text", "List Bullet"):
        word.styles[name].paragraph_format.line_spacing = 1.2
    word.styles["Subtitle"].element.get_or_add_pPr().append(_edge("bottom", palette.accent, 18, 8))
    for name, edge, ground in (("Anmärkning", palette.soft, palette.wash), ("Observera", palette.warn, palette.warn_wash)):
        properties = word.styles[name].element.get_or_add_pPr()
        properties.insert_element_before(_edge("left", edge, 24, 6), "w:shd", "w:spacing", "w:ind", "w:jc")
        properties.insert_element_before(_ground(ground), "w:spacing", "w:ind", "w:jc")
    for name, indent in (("toc 1", Mm(0)), ("toc 2", Mm(6))):
        word.styles[name].paragraph_format.left_indent = indent
        word.styles[name].paragraph_format.tab_stops.add_tab_stop(indent + Mm(10))


def _edge(side: str, colour: str, eighths: int, space: int) -> Any:  # noqa: ANN401 - an lxml element
    line = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour.lstrip("#")}"/>'
    return parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>")


def _ground(colour: str) -> Any:  # noqa: ANN401 - an lxml element
    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour.lstrip("#")}"/>')


def _language(word: Word) -> None:
    """Swedish, for the spelling checker and for a screen reader; hyphenation as the office sets it."""
    normal: Any = word.styles["Normal"]
    _face(normal)
    normal.font.size = Pt(10.5)
    tag = f'<w:lang {nsdecls("w")} w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'
    default = word.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for holder in (default, normal.element.get_or_add_rPr()):
        for old in holder.findall(qn("w:lang")):
            holder.remove(old)
        holder.append(parse_xml(tag))
    settings = word.settings.element
    for name in ("w:compat", "w:themeFontLang"):
        for old in settings.findall(qn(name)):
            settings.remove(old)
    mode = 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
    compat = parse_xml(f"<w:compat {nsdecls('w')}><w:compatSetting {mode}/></w:compat>")
    settings.insert_element_before(
        compat, "w:docVars", "w:rsids", "m:mathPr", "w:attachedSchema", "w:clrSchemeMapping", "w:shapeDefaults"
    )
    language = parse_xml(f'<w:themeFontLang {nsdecls("w")} w:val="{LANGUAGE}"/>')
    settings.insert_element_before(language, "w:clrSchemeMapping", "w:shapeDefaults", "w:decimalSymbol", "w:listSeparator")


def _heading_numbers(word: Word) -> None:
    """1, 1.1, 1.1.1 as numbering of the heading styles: a section the office puts in renumbers those after it."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{n + 1}"/>'
        f'<w:suff w:val="tab"/><w:lvlText w:val="{".".join(f"%{k}" for k in range(1, n + 2))}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:tabs><w:tab w:val="num" w:pos="680"/></w:tabs><w:ind w:left="680" w:hanging="680"/></w:pPr></w:lvl>'
        for n in range(HEADING_LEVELS)
    )
    numbering = word.part.numbering_part.element
    kinds = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_NUMBERING}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    numbering.insert_element_before(parse_xml(kinds), "w:num")
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{_NUMBERING}"><w:abstractNumId w:val="{_NUMBERING}"/></w:num>'))
    for n in range(HEADING_LEVELS):
        properties: Any = word.styles[f"Heading {n + 1}"].element.get_or_add_pPr()
        chosen = properties.get_or_add_numPr()
        chosen.get_or_add_ilvl().val = n
        chosen.get_or_add_numId().val = _NUMBERING


def _table_style(palette: Palette) -> Any:  # noqa: ANN401 - an lxml element
    accent, line = palette.accent.lstrip("#"), palette.line.lstrip("#")
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}"><w:name w:val="{TABLE}"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/>'
        "<w:tblPr><w:tblBorders>"
        f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/></w:tblBorders>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
        f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{accent}"/><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{accent}"/>'
        "</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    )


def _properties(word: Word, document: Document) -> None:
    about = word.core_properties
    about.title = f"{document.title} {document.period_words} – {document.association}"
    about.author = about.last_modified_by = document.association
    about.language = LANGUAGE
    about.comments = f"Ögonblicksbild {document.snapshot_id}" if document.snapshot_id else ""
    about.created = about.modified = dt.datetime.combine(document.as_of or _A_DAY, dt.time(), dt.UTC)
    about.revision = 1
