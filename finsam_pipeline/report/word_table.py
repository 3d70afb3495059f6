"""A table as WordprocessingML.

Belongs here: one `<w:tbl>`. Written as text and parsed once: python-docx looks a cell up in time that grows with the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from finsam_pipeline.report.document import RowKind
from finsam_pipeline.report.paper import beside_figures, cell_texts, column_shares
from finsam_pipeline.report.word_styles import CONTENT_WIDTH, TABLE

if TYPE_CHECKING:
    from finsam_pipeline.report.document import Row, Table
    from finsam_pipeline.report.identity import Palette

_KEPT_WHOLE = 30  # rows; a longer table is broken between rows, its head repeated
_TWIP = 635  # EMU
_STYLE = {
    RowKind.SECTION: "Tabellrubrik",
    RowKind.SUBTOTAL: "Tabellsumma",
    RowKind.TOTAL: "Tabellsumma",
    RowKind.RESULT: "Tabellsumma",
    RowKind.MEMO: "Tabellnot",
    RowKind.LINE: "Tabelltext",
}


def table_element(table: Table, palette: Palette) -> Any:  # noqa: ANN401 - an lxml element
    """The table: its head repeated on every page, no row broken, figures flush right, a short one kept on one page."""
    widths = [round(CONTENT_WIDTH * share / _TWIP) for share in column_shares(table)]
    caption = quoteattr(f"{table.label}. {table.caption}" if table.label else table.caption)
    rows = [_head(table, widths)]
    for n, row in enumerate(table.rows, 1):
        keep = n < len(table.rows) and (len(table.rows) <= _KEPT_WHOLE or row.kind is RowKind.SECTION)
        rows.append(_row(table, row, widths, palette, keep=keep))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{TABLE}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val={caption}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _head(table: Table, widths: list[int]) -> str:
    cells = []
    for n, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        lines = "<w:br/>".join(_text(part) for part in (column.heading, column.unit) if part)
        inner = f"<w:p>{_paragraph(table, n, 'Tabellhuvud', keep=True)}<w:r>{lines}</w:r></w:p>"
        cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="bottom"/></w:tcPr>{inner}</w:tc>')
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _row(table: Table, row: Row, widths: list[int], palette: Palette, *, keep: bool) -> str:
    texts = cell_texts(table, row)
    spans = [len(texts)] if row.kind is RowKind.SECTION else [1] * len(texts)
    cells = []
    for n, span in enumerate(spans):
        width = sum(widths) if span > 1 else widths[n]
        joined = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        properties = (
            f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{joined}{_set_off(row.kind, palette)}<w:vAlign w:val="bottom"/></w:tcPr>'
        )
        paragraph = _paragraph(table, n, _STYLE[row.kind], keep=keep)
        cells.append(f"<w:tc>{properties}<w:p>{paragraph}<w:r>{_text(texts[n])}</w:r></w:p></w:tc>")
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _set_off(kind: RowKind, palette: Palette) -> str:
    """Lines and ground of a sum."""
    if kind not in (RowKind.TOTAL, RowKind.RESULT):
        return ""
    below = "double" if kind is RowKind.RESULT else "single"
    accent = palette.accent.lstrip("#")
    return (
        f'<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{accent}"/>'
        f'<w:bottom w:val="{below}" w:sz="6" w:space="0" w:color="{accent}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{palette.wash.lstrip("#")}"/>'
    )


def _paragraph(table: Table, n: int, style: str, *, keep: bool) -> str:
    kept = "<w:keepNext/>" if keep else ""
    side = '<w:jc w:val="right"/>' if table.columns[n].numeric else '<w:ind w:left="160"/>' if beside_figures(table, n) else ""
    return f'<w:pPr><w:pStyle w:val="{style}"/>{kept}{side}</w:pPr>'


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'
