"""What stands on every page and belongs to none: running heads, feet and page numbers.

Belongs here: which lines those are. Does not: where pages come from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from finsam_pipeline.proofread.flattened import CAPTION
from finsam_pipeline.proofread.model import RowKind
from finsam_pipeline.proofread.pieces import tail
from finsam_pipeline.proofread.vocabulary import roles_in, row_kind

_EDGE = 2  # lines from the top and from the bottom
_FEWEST = 3  # pages
_PAGE = re.compile(r"\d+\s*(?:\(\d+\)|/\s*\d+|av\s+\d+)\s*$")  # 3 (12), 3/12, 3 av 12


def without_furniture(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages with the lines blanked that stand at the edge of three pages and more, their digits aside."""
    seen = Counter(mark for page in pages for mark in {_mark(page[i]) for i in _edges(page)})
    kept = [list(page) for page in pages]
    for page in kept:
        for i in _edges(page):
            if seen[_mark(page[i])] >= _FEWEST and not _row(page[i]):
                page[i] = ""
    return kept


def _edges(page: Sequence[str]) -> list[int]:
    written = [i for i, text in enumerate(page) if text.strip()]
    return [*written[:_EDGE], *written[-_EDGE:]]


def _row(text: str) -> bool:
    """A part of a table: its caption, its headings, figures alone, several figures, or a sum. They too stand at the edge of many pages."""
    if CAPTION.match(text) or roles_in(text):
        return True
    label, pieces = tail(_PAGE.sub("", text))
    return not (label or _PAGE.search(text)) or len(pieces) > 1 or row_kind(label, figures=True) is RowKind.TOTAL


def _mark(text: str) -> str:
    return re.sub(r"[\s\d]+", " ", text).strip()
