"""A document as one self-contained Swedish page: styles and drawings inline, no script, nothing fetched.

Belongs here: what only HTML needs. The page's shape is `templates/report.html.j2`, its looks `templates/report.css`.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from finsam_pipeline.report import figures
from finsam_pipeline.report.explanations import explanations
from finsam_pipeline.report.identity import particulars
from finsam_pipeline.report.numbers import printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from finsam_pipeline.report.document import Block, Document, Figure, Row, Table
    from finsam_pipeline.report.explanations import Explanation
    from finsam_pipeline.report.origin import Origin

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(document: Document, drawings: Mapping[str, str] | None = None) -> str:
    """The whole page as text (UTF-8 is declared). The same document gives the same page.

    `drawings`: figure id -> SVG, where the figures are drawn already.
    """
    palette = document.identity.palette
    explained = explanations(document)
    drawn = drawings if drawings is not None else {f.id: figures.svg(f, palette) for f in document.figures()}
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            doc=document,
            palette={name.replace("_", "-"): getattr(palette, name) for name in palette.__slots__},
            particulars=particulars(document),
            contact=document.identity.contact,
            logo=_data_uri(document.identity.logo, document.identity.logo_type),
            drawing=lambda figure: _drawing(figure, drawn[figure.id]),
            explained=list(explained.values()),
            cells=lambda table, row: _cells(table, row, explained),
        )
    )


def _data_uri(content: bytes, media_type: str) -> str:
    """A picture that stands in the page itself; empty for none."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}" if content else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {
        "kind_of": _kind_of,
        "css": Markup(_TEMPLATES.joinpath("report.css").read_text("utf-8")),  # noqa: S704 - our own file
    }
    return environment


def _kind_of(block: Block) -> str:
    return type(block).__name__.lower()


def _cells(table: Table, row: Row, explained: Mapping[Origin, Explanation]) -> list[tuple[str, str]]:
    """Each cell's text, and the id of what explains it; empty where nothing does."""
    texts = [printed(value, column.format, row.blank) for value, column in zip(row.cells, table.columns, strict=True)]
    origins = (row.origin(n) for n in range(len(texts)))
    return [(text, explained[o].id if o is not None else "") for text, o in zip(texts, origins, strict=True)]


def _drawing(figure: Figure, drawn: str) -> Markup:
    """The drawing with its text alternative on the element itself."""
    label = escape(figure.alt)
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))  # noqa: S704 - its texts are escaped
