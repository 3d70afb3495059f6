"""A document as a tagged, archivable PDF (PDF/A-2a, PDF/UA-1).

Belongs here: the document as plain data for the typesetter. The pages' shape is `templates/report.typ`; every text reaches it as
data, so that no name is ever taken for markup.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report.document import Bullets, Figure, Note, Paragraph, Table, Written
from finsam_pipeline.report.identity import particulars
from finsam_pipeline.report.paper import beside_figures, cell_texts, column_shares, for_paper, picture_width
from finsam_pipeline.report.typesetting import pdf, with_face

if TYPE_CHECKING:
    from collections.abc import Mapping

    from finsam_pipeline.report.document import Block, Document, Section

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_FACE = "Libertinus Serif"
_FIGURE_WIDTH = 116.0  # mm
_BEFORE_ANY = dt.date(2000, 1, 1)  # a document without a day


def render_pdf(document: Document, drawings: Mapping[str, str]) -> bytes:
    """The whole file. `drawings`: figure id -> SVG. The same document gives the same bytes: its day is the day of the figures."""
    day = dt.datetime.combine(document.as_of or _BEFORE_ANY, dt.time(), dt.UTC)
    return pdf(_TEMPLATE.read_bytes(), json.dumps(_data(document, drawings)), int(day.timestamp()))


def _data(document: Document, drawings: Mapping[str, str]) -> dict[str, Any]:
    identity = document.identity
    palette = identity.palette
    return {
        "title": document.title,
        "period": document.period_words,
        "association": document.association,
        "draft": document.draft,
        "particulars": particulars(document),
        "contact": identity.contact,
        "logo": list(identity.logo),
        "palette": {name: getattr(palette, name) for name in palette.__slots__},
        "sections": [_section(section, drawings) for section in for_paper(document).sections],
    }


def _section(section: Section, drawings: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": section.title,
        "numbered": bool(section.number),
        "blocks": [_block(block, drawings) for block in section.blocks],
        "sections": [_section(part, drawings) for part in section.sections],
    }


def _block(block: Block, drawings: Mapping[str, str]) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Bullets(items):
            return {"kind": "bullets", "items": items}
        case Written(lines):
            said = [{"item": line.item, "runs": [{"text": r.text, "bold": r.bold} for r in line.runs]} for line in lines]
            return {"kind": "written", "lines": said}
        case Note(text, attention):
            return {"kind": "note", "text": text, "attention": attention}
        case Table():
            return _table(block)
        case Figure():
            drawing = with_face(drawings[block.id], _FACE)
            shown = {"kind": "figure", "label": block.label, "caption": block.caption, "alt": block.alt}
            return shown | {"drawing": drawing, "width": picture_width(drawing, _FIGURE_WIDTH)}


def _table(table: Table) -> dict[str, Any]:
    shares = column_shares(table)
    return {
        "kind": "table",
        "label": table.label,
        "caption": table.caption,
        "columns": [
            {"heading": c.heading, "unit": c.unit, "numeric": c.numeric, "apart": beside_figures(table, n), "share": s}
            for n, (c, s) in enumerate(zip(table.columns, shares, strict=True))
        ],
        "rows": [{"kind": row.kind.value, "cells": cell_texts(table, row)} for row in table.rows],
        "notes": table.notes,
    }
