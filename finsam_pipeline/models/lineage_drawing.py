"""Column lineage as a picture: what each column of a mart is made of, drawn as SVG with no other tool than text.

Belongs here: which columns stand where, boxes and curves. Does not: reading lineage from SQL (`lineage`), a page around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from finsam_pipeline.models.lineage import Lineage

Place = tuple[str, str]  # relation, column
_ROW, _HEAD, _GAP, _PAD = 16, 22, 14, 8  # heights of a column's row, of a box's head, between boxes, around everything
_LETTER, _LEAST, _BETWEEN = 6.6, 120, 70  # width of a letter at this size, of the smallest box, between ranks


@dataclass(frozen=True, slots=True)
class _Box:
    """One relation and its columns that count, at its place."""

    relation: str
    columns: tuple[str, ...]
    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        return _HEAD + _ROW * len(self.columns) + 4

    def middle(self, column: str) -> float:
        """Where a curve meets the column's row."""
        return self.y + _HEAD + _ROW * (self.columns.index(column) + 0.5)


def drawing(lineage: Lineage, model: str, title: str) -> str:
    """An SVG of everything the model's columns come from, sources to the left. `title` is what a screen reader says."""
    edges = upstream(lineage, model)
    boxes = _placed(_columns(lineage, model, edges), _ranks(model, edges))
    width = max(b.x + b.width for b in boxes.values()) + _PAD
    height = max(b.y + b.height for b in boxes.values()) + _PAD
    curves = "".join(_curve(boxes[a[0]], a[1], boxes[b[0]], b[1]) for a, b in edges)
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img"'
        f' aria-label="{escape(title)}"><title>{escape(title)}</title>{curves}{"".join(map(_drawn, boxes.values()))}</svg>'
    )


def upstream(lineage: Lineage, model: str) -> list[tuple[Place, Place]]:
    """Every (from, to) of columns on the way to the model's columns, sorted."""
    edges: set[tuple[Place, Place]] = set()
    waiting = [(model, column) for column in lineage[model]]
    seen = set(waiting)
    while waiting:
        at = waiting.pop()
        for origin in lineage.get(at[0], {}).get(at[1], []):
            edges.add((origin, at))
            if origin not in seen:
                seen.add(origin)
                waiting.append(origin)
    return sorted(edges)


def _columns(lineage: Lineage, model: str, edges: list[tuple[Place, Place]]) -> dict[str, tuple[str, ...]]:
    """Relation → its columns that are on the way; all of the model's own."""
    found: dict[str, set[str]] = {model: set(lineage[model])}
    for place in (p for edge in edges for p in edge):
        found.setdefault(place[0], set()).add(place[1])
    return {r: tuple(c for c in lineage.get(r, {}) if c in names) or tuple(sorted(names)) for r, names in found.items()}


def _ranks(model: str, edges: list[tuple[Place, Place]]) -> dict[str, int]:
    """Relation → how many steps it stands from the model at most; the model itself 0."""
    ranks = {model: 0}
    arrows = {(a[0], b[0]) for a, b in edges}
    for _ in arrows:  # the longest way has no more steps than there are arrows
        for a, b in arrows:
            if b in ranks:
                ranks[a] = max(ranks.get(a, 0), ranks[b] + 1)
    return ranks


def _placed(columns: dict[str, tuple[str, ...]], ranks: dict[str, int]) -> dict[str, _Box]:
    boxes: dict[str, _Box] = {}
    x = float(_PAD)
    for rank in sorted(set(ranks.values()), reverse=True):
        here = sorted(r for r in columns if ranks[r] == rank)
        width = max(_LEAST, *(_LETTER * max(map(len, (r, *columns[r]))) + 2 * _PAD for r in here))
        y = float(_PAD)
        for relation in here:
            boxes[relation] = _Box(relation, columns[relation], x, y, width)
            y += boxes[relation].height + _GAP
        x += width + _BETWEEN
    return boxes


def _drawn(box: _Box) -> str:
    kind = "source" if "." in box.relation else "model"
    rows = "".join(f'<text x="{box.x + _PAD:.1f}" y="{box.middle(c) + 4:.1f}">{escape(c)}</text>' for c in box.columns)
    return (
        f'<g class="{kind}"><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="4"/>'
        f'<text class="head" x="{box.x + _PAD:.1f}" y="{box.y + 15:.1f}">{escape(box.relation)}</text>{rows}</g>'
    )


def _curve(start: _Box, column: str, end: _Box, to: str) -> str:
    x1, y1, x2, y2 = start.x + start.width, start.middle(column), end.x, end.middle(to)
    bend = (x2 - x1) / 2
    said = escape(f"{start.relation}.{column} → {end.relation}.{to}")
    way = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return f'<path d="{way}"><title>{said}</title></path>'
