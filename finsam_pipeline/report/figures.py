"""Draws a figure's table as SVG, from which every format takes its picture.

Readable in black and white: each series has its own lightness and hatch, and every bar carries its figure. Deterministic: no
date, fixed ids, no fonts of the machine in the SVG (text stays text, set in the page's own face). matplotlib is imported
when something is drawn, since that takes about a second. Does not belong here: what a figure shows (see document.ChartKind).
"""

from __future__ import annotations

import io
import re
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report.document import ChartKind, Column, Figure, RowKind, Value
from finsam_pipeline.report.identity import Palette
from finsam_pipeline.report.numbers import NBSP, printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Styles = tuple[tuple[str, str], ...]  # fill and hatch of each series

_INK, _SOFT, _LINE = "#1c2b33", "#52646e", "#c9d3d8"
_HATCHES = ("", "////", "", "\\\\\\\\")
_WIDTH = 5.2  # inches: every figure is as wide, so that its text is of one size, on a phone too
_BAR = 0.165  # inches a lying bar is high
_WRAP, _WRAP_MOST = 24, 36  # letters a line of a row's label
_LABEL_LINE = 0.16  # inches a line of a label is high
_RC: dict[str, Any] = {
    "svg.hashsalt": "finsam",
    "svg.fonttype": "none",
    "font.size": 9.5,
    "font.family": "DejaVu Sans",
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.linewidth": 0.8,
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "hatch.linewidth": 0.6,
    "hatch.color": _INK,
}


def svg(figure: Figure, palette: Palette | None = None) -> str:
    """The figure as an inline `<svg>` element: no size of its own, ids prefixed with the figure's, no external reference."""
    buffer = io.StringIO()
    with _drawn(figure, _styles(palette or Palette())) as canvas:
        canvas.savefig(
            buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _tidy(buffer.getvalue(), figure.id)


@contextmanager
def _drawn(figure: Figure, styles: Styles) -> Iterator[Any]:
    import matplotlib as mpl  # noqa: PLC0415 - it takes a second, and only when something is drawn
    from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

    with mpl.rc_context(_RC):
        canvas = Canvas(figsize=(_WIDTH, _height(figure)), layout="constrained")
        _DRAWERS[figure.kind](canvas, figure, styles)
        yield canvas


def _styles(palette: Palette) -> Styles:
    """Fill and hatch by series: dark, middle, light, white. The steps in lightness survive a black-and-white print."""
    return tuple(zip((palette.accent, palette.second, palette.third, "#ffffff"), _HATCHES, strict=True))


def _height(figure: Figure) -> float:
    rows, bars = _rows(figure), max(1, len(_series(figure, _styles(Palette()))))
    if figure.kind is ChartKind.FLOW:
        return 2.6
    if figure.kind is ChartKind.SHARES:
        return 0.3 + 0.42 * len(rows)
    most = max((len(lines) for lines in _labels(figure)), default=1)
    return 0.55 + len(rows) * max(0.36, bars * _BAR + 0.14, most * _LABEL_LINE + 0.08)


def _rows(figure: Figure) -> list[tuple[Value, ...]]:
    return [row.cells for row in figure.table.rows if row.kind is RowKind.LINE]


def _series(figure: Figure, styles: Styles) -> list[tuple[Column, list[Value], tuple[str, str]]]:
    """The columns that become bars, with their style; one that is zero all through is left to the table."""
    columns = figure.table.columns[1:]
    if figure.kind is ChartKind.TOTAL_AND_PARTS:
        columns = columns[:-1]
    rows = _rows(figure)
    found = [(c, [cells[n] for cells in rows], styles[(n - 1) % len(styles)]) for n, c in enumerate(columns, 1)]
    return [series for series in found if any(v not in (0, None) for v in series[1])] or found[:1]


def _labels(figure: Figure, letters: int = 0) -> list[list[str]]:
    """The rows' labels, in lines: as long as asked for, else so long that the longest label has about three."""
    texts = [str(cells[0]) for cells in _rows(figure)]
    width = letters or max(_WRAP, min(_WRAP_MOST, max(map(len, texts), default=0) // 3 + 5))
    return [textwrap.wrap(text, width, break_long_words=False) or [""] for text in texts]


def _size(value: Value) -> float:
    """How long a bar is; a masked or missing figure has none."""
    return 0.0 if value is None or isinstance(value, str) else float(value)


def _flow(canvas: Any, figure: Figure, styles: Styles) -> None:  # noqa: ANN401 - matplotlib is untyped
    axes = canvas.add_subplot()
    values = [cells[1] for cells in _rows(figure)]
    fills = (styles[0], styles[1], styles[2], styles[0])
    for n, value in enumerate(values):
        fill, hatch = fills[n % len(fills)]
        axes.bar(n, _size(value), width=0.62, color=fill, hatch=hatch, edgecolor=_INK, linewidth=0.6)
        below = _size(value) < 0
        text = printed(value, figure.table.columns[1].format)
        axes.annotate(text, (n, _size(value)), (0, -4 if below else 4), textcoords="offset points", ha="center",
                      va="top" if below else "bottom", fontsize=11, fontweight="bold")  # fmt: skip
    for n, lines in enumerate(_labels(figure, 16)):
        for k, line in enumerate(lines):
            axes.annotate(line, (n, 0), (0, -8 - 11.5 * k), xycoords=("data", "axes fraction"), textcoords="offset points",
                          ha="center", va="top")  # fmt: skip
    axes.set_xticks([])
    axes.set_yticks([])
    axes.margins(y=0.16)
    if any(_size(v) < 0 for v in values):
        axes.axhline(0, color=_INK, linewidth=0.8)
    _bare(axes, keep="bottom")


def _grouped(canvas: Any, figure: Figure, styles: Styles) -> None:  # noqa: ANN401 - matplotlib is untyped
    axes = canvas.add_subplot()
    _bars(axes, _series(figure, styles))
    _row_labels(axes, _labels(figure))
    _legend(canvas, _series(figure, styles))


def _total_and_parts(canvas: Any, figure: Figure, styles: Styles) -> None:  # noqa: ANN401 - matplotlib is untyped
    left, right = canvas.subplots(1, 2, width_ratios=(1, 1.25))
    total = figure.table.columns[-1]
    _bars(left, [(total, [cells[-1] for cells in _rows(figure)], (_SOFT, ""))], high=0.55)
    _bars(right, _series(figure, styles))
    _row_labels(left, _labels(figure))
    right.set_yticks([])
    left.set_title(total.heading, fontsize=9, loc="left", color=_SOFT)
    right.set_title("Per kön", fontsize=9, loc="left", color=_SOFT)
    _legend(canvas, _series(figure, styles))


def _shares(canvas: Any, figure: Figure, styles: Styles) -> None:  # noqa: ANN401 - matplotlib is untyped
    axes = canvas.add_subplot()
    amount, share = figure.table.columns[1:3]
    rows = _rows(figure)
    texts = [f"{printed(c[1], amount.format)}{NBSP}{amount.unit} · {printed(c[2], share.format)}{NBSP}%" for c in rows]
    for n, cells in enumerate(rows):
        fill, hatch = styles[n % len(styles)]
        axes.barh(n, _size(cells[1]), height=0.62, color=fill, hatch=hatch, edgecolor=_INK, linewidth=0.6)
        _value(axes, n, _size(cells[1]), texts[n])
    # Room for the text after the longest bar; a share of the axis, since the text does not grow with the figures.
    axes.set_xlim(min(0.0, *(_size(c[1]) for c in rows)), max(1.0, *(_size(c[1]) for c in rows)) * 1.75)
    _row_labels(axes, _labels(figure))
    _bare(axes, keep="left")
    _rows_downwards(axes, len(rows))


def _bars(axes: Any, series: Sequence[tuple[Column, list[Value], tuple[str, str]]], high: float | None = None) -> None:  # noqa: ANN401 - matplotlib is untyped
    height = high or 0.84 / len(series)
    for n, (column, values, (fill, hatch)) in enumerate(series):
        offset = (n - (len(series) - 1) / 2) * height
        places = [row + offset for row in range(len(values))]
        axes.barh(places, [_size(v) for v in values], height=height * 0.9, color=fill, hatch=hatch, edgecolor=_INK, linewidth=0.5)
        for place, value in zip(places, values, strict=True):
            _value(axes, place, _size(value), printed(value, column.format))
    most = max((_size(v) for _, values, _ in series for v in values), default=0)
    axes.set_xlim(0, max(most, 1) * 1.12)
    _bare(axes, keep="left")
    _rows_downwards(axes, len(series[0][1]))


def _value(axes: Any, place: float, size: float, text: str) -> None:  # noqa: ANN401 - matplotlib is untyped
    axes.annotate(text, (max(size, 0), place), (3, 0), textcoords="offset points", va="center_baseline", fontsize=8.5)


def _row_labels(axes: Any, labels: list[list[str]]) -> None:  # noqa: ANN401 - matplotlib is untyped
    """Each line is a text of its own, flush right: it stays so in whatever face a page sets it."""
    axes.set_yticks([])
    for row, lines in enumerate(labels):
        for k, line in enumerate(lines):
            up = 11.5 * ((len(lines) - 1) / 2 - k)
            axes.annotate(line, (0, row), (-8, up), xycoords=("axes fraction", "data"), textcoords="offset points",
                          ha="right", va="center_baseline")  # fmt: skip


def _rows_downwards(axes: Any, rows: int) -> None:  # noqa: ANN401 - matplotlib is untyped
    """The first row at the top, in every panel alike."""
    axes.set_ylim(rows - 0.5, -0.5)


def _bare(axes: Any, keep: str) -> None:  # noqa: ANN401 - matplotlib is untyped
    for name, spine in axes.spines.items():
        spine.set_visible(name == keep)
    axes.tick_params(axis="y", length=0, pad=6)
    if keep == "left":
        axes.set_xticks([])


def _legend(canvas: Any, series: Sequence[tuple[Column, list[Value], tuple[str, str]]]) -> None:  # noqa: ANN401 - matplotlib is untyped
    from matplotlib.patches import Patch  # noqa: PLC0415

    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=_INK, linewidth=0.5, label=c.heading) for c, _, (fill, hatch) in series
    ]
    canvas.legend(
        handles=handles,
        loc="outside upper left",
        ncols=len(handles),
        frameon=False,
        fontsize=9,
        handlelength=1.6,
        borderaxespad=0.2,
    )


_DRAWERS = {
    ChartKind.FLOW: _flow,
    ChartKind.GROUPED: _grouped,
    ChartKind.TOTAL_AND_PARTS: _total_and_parts,
    ChartKind.SHARES: _shares,
}


def _tidy(text: str, prefix: str) -> str:
    """One inline element out of a whole SVG file: several stand on a page, so ids are unique and styles do not leak."""
    text = text[text.index("<svg") :].strip()
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r"'DejaVu Sans'[^;\"]*|DejaVu Sans", "inherit", text)
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', text))
    text = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", text)
    text = re.sub(r'(url\(|href=")#', rf"\1#{prefix}-", text)
    return re.sub(r"\n\s*\n+", "\n", text)
