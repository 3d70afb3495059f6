"""A document in the formats asked for.

Belongs here: which formats there are, and what they share: each figure is drawn once. Does not: any format's own look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finsam_pipeline.register.reporting import FORMATS
from finsam_pipeline.report import figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from finsam_pipeline.report.document import Document

_WITHOUT_FIGURES = {"xlsx"}
Drawings = dict[str, str]  # figure id -> inline SVG


def draw(document: Document) -> Drawings:
    """Every figure of the document, in its colours."""
    palette = document.identity.palette
    return {figure.id: figures.svg(figure, palette) for figure in document.figures()}


def render(document: Document, formats: Iterable[str] = FORMATS) -> dict[str, bytes]:
    """Format -> the whole file. The same document gives the same bytes. KeyError for a format that is not of FORMATS."""
    from finsam_pipeline.report.html import render_html  # noqa: PLC0415 - each format's library is imported for it alone
    from finsam_pipeline.report.pdf import render_pdf  # noqa: PLC0415
    from finsam_pipeline.report.typesetting import forget  # noqa: PLC0415
    from finsam_pipeline.report.word import render_docx  # noqa: PLC0415
    from finsam_pipeline.report.workbook import render_xlsx  # noqa: PLC0415

    wanted = tuple(dict.fromkeys(formats))
    forget()
    drawings = draw(document) if set(wanted) - _WITHOUT_FIGURES else {}
    makers = {
        "html": lambda: render_html(document, drawings).encode(),
        "docx": lambda: render_docx(document, drawings),
        "xlsx": lambda: render_xlsx(document),
        "pdf": lambda: render_pdf(document, drawings),
    }
    return {name: makers[name]() for name in wanted}
