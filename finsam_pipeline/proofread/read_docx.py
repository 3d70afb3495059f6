"""A Word document to paragraphs and tables.

Tables made with tabs, as some offices do, are read as lines of text are. Does not belong here: what a table's cells mean.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace

import docx
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from finsam_pipeline.proofread.flattened import CAPTION, Line, blocks_of
from finsam_pipeline.proofread.grids import table_of_grid
from finsam_pipeline.proofread.model import Block, Document, Heading, Spot

_LONGEST_CAPTION = 25  # words


def read_docx(data: bytes) -> Document:
    """The document of a DOCX file; python-docx raises what it raises on a damaged one."""
    blocks: list[Block] = []
    waiting: list[str] = []
    heading = ""
    for item in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(item, WordParagraph):
            text = item.text.strip()
            if text and (item.style is not None and str(item.style.name).lower().startswith(("heading", "rubrik", "title"))):
                _flush(blocks, waiting, heading)
                heading = text
                blocks.append(Heading(text, Spot(heading=text)))
            elif text:
                waiting += item.text.split("\n")
        elif isinstance(item, WordTable):
            name, caption = _caption(waiting)
            _flush(blocks, waiting, heading)
            table = table_of_grid(_grid(item), name, caption, Spot(heading=heading))
            if table is not None:
                blocks.append(table)
    _flush(blocks, waiting, heading)
    return Document(tuple(blocks))


def _caption(waiting: list[str]) -> tuple[str, str]:
    """The line above a table, taken when it is one that names it."""
    last = waiting[-1].strip() if waiting else ""
    if match := CAPTION.match(last):
        waiting.pop()
        return f"{match[1].capitalize()} {match[2]}", match[3].strip()
    if last and len(last.split()) <= _LONGEST_CAPTION and last[-1] not in ".:!?":
        return "", last
    return "", ""


def _flush(blocks: list[Block], waiting: list[str], heading: str) -> None:
    """Paragraphs as blocks: each stands alone, but lines of tabs under one another are a table."""
    lines: list[Line] = []
    for i, text in enumerate(waiting):
        tabbed = bool(re.search(r"\t\s*[-−–]?\d", text)) or "\t" in text
        lines.append(Line(text if tabbed else " ".join(text.split()), i))
        if not tabbed:
            lines.append(Line("", i))
    for block in blocks_of(lines):
        own = block.spot.heading or heading
        blocks.append(replace(block, spot=Spot(heading=own)))
    waiting.clear()


def _grid(table: WordTable) -> Sequence[Sequence[str]]:
    """Cells as text, a merged cell once."""
    grid, above = [], set()
    for row in table.rows:
        seen, cells = set(), []
        for cell in row.cells:
            mark = cell._tc  # noqa: SLF001 - the only identity a merged cell has
            cells.append("" if mark in seen or mark in above else cell.text)
            seen.add(mark)
        above |= seen
        grid.append(cells)
    return grid
