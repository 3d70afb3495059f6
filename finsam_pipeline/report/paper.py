"""What a page of paper needs that a screen does not: the numbers behind the figures, and widths of columns.

Belongs here: what PDF and DOCX share. Does not: either one's look.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from finsam_pipeline.report.document import Paragraph, RowKind, Section, Table
from finsam_pipeline.report.numbers import printed

if TYPE_CHECKING:
    from finsam_pipeline.report.document import Document, Row

LETTERS = 88  # letters of table text on a line of A4, in a face as wide as Arial
_CAPITAL = 1.4  # how much wider a capital is
_GAP = 2  # letters between two columns
_WIDEST = 44  # a text column is asked to wrap beyond this
_HIGHEST = 215.0  # mm of a page that a figure may take, its caption left out
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_HEAD = 14  # a heading over figures is asked to wrap beyond this


def for_paper(document: Document) -> Document:
    """The document as paper can hold it: wide tables in parts, and an appendix of the numbers that stand in a figure only."""
    sections = tuple(map(_fitting, document.sections))
    if figures := document.figures_without_table():
        tables = (replace(f.table, caption=f"{f.label}: {f.table.caption}" if f.label else f.table.caption) for f in figures)
        text = "Här står de tal som i rapporten bara visas i en figur."
        number = str(1 + sum(1 for section in sections if section.number))
        sections += (_fitting(Section("figurernas-tal", "Talen i figurerna", (Paragraph(text), *tables), (), number)),)
    return replace(document, sections=sections)


def _fitting(section: Section) -> Section:
    blocks = tuple(part for block in section.blocks for part in (_parts(block) if isinstance(block, Table) else (block,)))
    return replace(section, blocks=blocks, sections=tuple(map(_fitting, section.sections)))


def _parts(table: Table) -> tuple[Table, ...]:
    """A table wider than the page in as few parts as fit, as even as can be, each with the column of labels."""
    least = _least(table)
    others = range(1, len(least))
    for count in range(1, len(least)):
        shares = [others[len(others) * n // count : len(others) * (n + 1) // count] for n in range(count)]
        if all(least[0] + sum(least[n] for n in share) <= LETTERS for share in shares):
            return (table,) if count == 1 else tuple(_part(table, (0, *share), n, count) for n, share in enumerate(shares, 1))
    return (table,)  # a single word is wider than the page: nothing is gained by parting


def _part(table: Table, columns: tuple[int, ...], n: int, count: int) -> Table:
    caption = f"{table.caption} (del {n} av {count})"
    return replace(
        table,
        id=table.id if n == 1 else f"{table.id}-{n}",
        label=table.label if n == 1 else "",  # one number, however many parts
        caption=caption if n == 1 or not table.label else f"{table.label}, fortsättning. {caption}",
        columns=tuple(table.columns[k] for k in columns),
        rows=tuple(replace(row, cells=tuple(row.cells[k] for k in columns), origins=()) for row in table.rows),
        notes=table.notes if n == count else (),
    )


def picture_width(drawing: str, widest: float) -> float:
    """How wide a drawing is set, in the unit of `widest` (mm): as wide as that, unless it would be higher than a page."""
    found = _VIEW_BOX.search(drawing)
    return min(widest, _HIGHEST * float(found[1]) / float(found[2])) if found else widest


def cell_texts(table: Table, row: Row) -> list[str]:
    """The row's cells as a reader sees them."""
    return [printed(value, column.format, row.blank) for value, column in zip(row.cells, table.columns, strict=True)]


def beside_figures(table: Table, n: int) -> bool:
    """Whether a column of text follows one of figures: they would touch without some room between."""
    return n > 0 and table.columns[n - 1].numeric and not table.columns[n].numeric


def column_shares(table: Table) -> list[float]:
    """How large a part of the table's width each column takes; they add up to 1.

    No word and no figure is broken as long as there is room: every column gets what its longest word needs, what is left goes to
    those that want more, and the first column, which holds the labels, takes the rest.
    """
    columns, least = _columns(table), _least(table)
    wanted = [
        max(low, _GAP + min(max(breadth(c.heading[:_HEAD] if c.numeric else c.heading), *map(breadth, cells), 0.0), _WIDEST))
        for low, c, cells in zip(least, table.columns, columns, strict=True)
    ]
    room = max(0, LETTERS - sum(least))
    more = [want - low for want, low in zip(wanted, least, strict=True)]
    given = min(1.0, room / sum(more)) if sum(more) else 0.0
    widths = [low + given * extra for low, extra in zip(least, more, strict=True)]
    widths[0] += max(0.0, LETTERS - sum(widths))
    return [width / sum(widths) for width in widths]


def _columns(table: Table) -> list[list[str]]:
    """The printed cells, column by column; a heading within the table goes over all of them and does not count."""
    lines = [cell_texts(table, row) for row in table.rows if row.kind is not RowKind.SECTION]
    return [[line[n] for line in lines] for n in range(len(table.columns))]


def _least(table: Table) -> list[float]:
    """What each column needs for its longest word, in letters."""
    return [
        _GAP + max(map(_longest_word, (c.heading, c.unit, *cells)))
        for c, cells in zip(table.columns, _columns(table), strict=True)
    ]


def breadth(text: str) -> float:
    """How wide a text is, in letters."""
    return sum(_CAPITAL if letter.isupper() else 1.0 for letter in text)


def _longest_word(text: str) -> float:
    # Only a plain blank or a hyphen lets a line break: not the no-break space within a figure.
    return max((breadth(word) for word in text.replace("-", "- ").split(" ")), default=0.0)
