"""A PDF to paragraphs and tables, by where its words stand.

Few reports draw all lines of their tables, so that cells are told by the white between words. Does not belong here: what a row says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pdfplumber

from finsam_pipeline.proofread.flattened import Line, blocks_of
from finsam_pipeline.proofread.model import Document
from finsam_pipeline.proofread.pages import without_furniture

_SAME_LINE = 0.45  # of the size of type
_CELL_GAP = 0.5  # between figures: a blank between thousands is a quarter of the size
_WORD_GAP = 1.6
_MOST_PAGES = 400


def read_pdf(data: bytes) -> Document:
    """The document of a PDF file; pdfplumber raises what it raises on a damaged one."""
    pages: list[list[str]] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages[:_MOST_PAGES]:
            pages.append(list(_texts(page.extract_words(extra_attrs=["size"]))))
            page.close()
    numbered = [(text, number) for number, page in enumerate(without_furniture(pages), 1) for text in page]
    lines = [Line(text, i, number) for i, (text, number) in enumerate(numbered, 1)]
    return Document(tuple(blocks_of(lines)))


def _texts(words: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A page's lines; an empty one where the space between two is wider than between most."""
    rows = _rows(words)
    tops = [min(w["top"] for w in row) for row in rows]
    steps = sorted(b - a for a, b in pairwise(tops))
    usual = steps[len(steps) // 4] if steps else 0.0
    for i, row in enumerate(rows):
        if i and tops[i] - tops[i - 1] > 1.5 * usual:
            yield ""
        yield _text(row)
    yield ""


def _rows(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (w["bottom"], w["x0"])):
        if rows and abs(word["bottom"] - rows[-1][0]["bottom"]) < _SAME_LINE * word["size"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w["x0"]) for row in rows]


def _text(row: Sequence[dict[str, Any]]) -> str:
    text = str(row[0]["text"])
    for before, word in pairwise(row):
        gap = (word["x0"] - before["x1"]) / max(word["size"], 1)
        figures = all(re.fullmatch(r"[-−–+]?[\d.,%<*·]+|[-–−]", w["text"]) for w in (before, word))
        text += ("\t" if gap > (_CELL_GAP if figures else _WORD_GAP) else " ") + word["text"]
    return text
