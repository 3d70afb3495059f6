"""A document as one self-contained Swedish page: styles and drawings inline, no script, nothing fetched.

Belongs here: what only HTML needs. The page's shape is `templates/report.html.j2`, its looks `templates/report.css`.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from finsam_pipeline.report import figures
from finsam_pipeline.report.explanations import Explained
from finsam_pipeline.report.identity import particulars
from finsam_pipeline.report.numbers import printed
from finsam_pipeline.report.said import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from finsam_pipeline.report.document import Block, Document, Figure, Row, Table

_TEMPLATES = Path(__file__).parent / "templates"


class _Piece(NamedTuple):
    """Running text, then a figure with what touches it, which stays on its line, and the id of what explains it."""

    text: str
    lead: str = ""
    figure: str = ""
    tail: str = ""
    explanation: str = ""


def render_html(document: Document, drawings: Mapping[str, str] | None = None) -> str:
    """The whole page as text (UTF-8 is declared). The same document gives the same page.

    `drawings`: figure id -> SVG, where the figures are drawn already.
    """
    palette = document.identity.palette
    explained = Explained.of(document)
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
            explained=list(explained.all()),
            cells=lambda table, row: _cells(table, row, explained),
            pieces=lambda text: _pieces(text, explained),
            figures_of=lambda text: explained.texts[text].id if text in explained.texts else "",
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


def _cells(table: Table, row: Row, explained: Explained) -> list[tuple[str, str]]:
    """Each cell's text, and the id of what explains it; empty where nothing does."""
    texts = [printed(value, column.format, row.blank) for value, column in zip(row.cells, table.columns, strict=True)]
    origins = (row.origin(n) for n in range(len(texts)))
    return [(text, explained.figures[o,].id if o else "") for text, o in zip(texts, origins, strict=True)]


def _pieces(text: str, explained: Explained) -> Iterator[_Piece]:
    """A running text, figure by figure; last, what stands after them."""
    place = 0
    for figure in text.said if isinstance(text, Sentence) else ():
        before, after = text[place : figure.start], text[figure.end :]
        apart, tail = before.rstrip("("), after[: len(after) - len(after.lstrip(").,:;"))]
        letters, told = text[figure.start : figure.end], explained.figure(figure.parts)
        yield _Piece(apart, before[len(apart) :], letters, tail, told.id)
        place = figure.end + len(tail)
    yield _Piece(text[place:])


def _drawing(figure: Figure, drawn: str) -> Markup:
    """The drawing with its text alternative on the element itself."""
    label = escape(figure.alt)
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))  # noqa: S704 - its texts are escaped
