"""What a report says, apart from how any format shows it.

Belongs here: sections, paragraphs, tables, figures and notes as plain values. Numbers stay numbers (int, Decimal) with the
`Format` of their column, so that HTML prints them in Swedish and a workbook keeps them as figures. A figure is drawn from
its own table and from nothing else: what is masked in the table cannot show in the drawing. Does not belong here: marts,
wording, drawing, files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from finsam_pipeline.report.identity import Identity
from finsam_pipeline.report.origin import Origin, Origins, Place
from finsam_pipeline.report.said import Sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from finsam_pipeline.readers.prose import Line

# A str in a column of numbers is printed as it stands (a masked cell); None is "no figure".
Value = int | Decimal | str | None


class Format(StrEnum):
    """How the values of one column are written."""

    TEXT = "text"
    COUNT = "count"  # persons, rows, events: whole numbers, zero printed as 0
    AMOUNT = "amount"  # whole kr or tkr, already in the column's unit
    PERCENT = "percent"  # whole percent
    PERCENT_1 = "percent_1"  # percent with one decimal
    DECIMAL = "decimal"  # as many decimals as the value needs, at most two


class RowKind(StrEnum):
    """What a table row is; the same words as in `economy/income_statement.kind`."""

    SECTION = "section"
    LINE = "line"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    RESULT = "result"
    MEMO = "memo"


class ChartKind(StrEnum):
    """How a figure's table is drawn."""

    FLOW = "flow"  # one upright bar a row, one series
    GROUPED = "grouped"  # lying bars, one group a row, one bar a series
    TOTAL_AND_PARTS = "total_and_parts"  # two panels: the last series alone, and the others grouped
    SHARES = "shares"  # lying bars of the first series, labelled with the second (percent) too


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: heading, how its values are written, and their unit where the heading does not say it."""

    heading: str
    format: Format = Format.COUNT
    unit: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the values are figures, to be set flush right."""
        return self.format is not Format.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; as many cells as the table has columns, the first one its label. None prints as `blank`.

    `origins`: where each cell comes from, or nothing at all. Only a format that explains its figures asks for them.
    """

    cells: tuple[Value, ...]
    kind: RowKind = RowKind.LINE
    blank: str = "–"
    origins: Origins = ()

    def __post_init__(self) -> None:
        """An origin too many or too few would explain the figure beside."""
        if self.origins and len(self.origins) != len(self.cells):
            raise ValueError(f"{len(self.origins)} origins of {len(self.cells)} cells")

    def origin(self, column: int) -> Origin | None:
        """Where the figure in a column comes from; None for a label, a gap, a masked figure, or where nobody has said."""
        figure = self.origins and isinstance(self.cells[column], int | Decimal)
        return self.origins[column] if figure else None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption above and its notes below. `label` is its number ("Tabell 1"), empty when unnumbered."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    label: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A row with a cell too many or too few is a mistake in the builder, not a gap in the data."""
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: a row has not {len(self.columns)} cells")


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of `table`, with a text for those who do not see it."""

    id: str
    caption: str
    alt: str
    kind: ChartKind
    table: Table
    label: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody has written, with its lists and what is set bold; taken in from a file, not made here."""

    lines: tuple[Line, ...]

    def groups(self) -> list[tuple[bool, tuple[Line, ...]]]:
        """Lines that belong together: (whether they are items of a list, the lines)."""
        return [(item, tuple(lines)) for item, lines in groupby(self.lines, key=lambda line: line.item)]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark set apart from the text: something is missing, or something should be looked at."""

    text: str
    attention: bool = False


Block = Paragraph | Bullets | Written | Note | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks and subsections. `id` is the anchor; `number` as printed ("1.2"), empty when unnumbered.

    `plain`: it never has a number, nor has anything under it.
    """

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    number: str = ""
    plain: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing under the heading."""
        return not self.blocks and not self.sections


@dataclass(frozen=True, slots=True)
class Document:
    """One report. `period` is its name (2025H1), `period_words` the same in words; `as_of` the newest day it knows of.

    `sources`: the rows of files behind a figure, by its origin; only in what stays within the office.
    """

    title: str
    association_id: str
    association: str
    period: str
    period_words: str
    draft: bool
    snapshot_id: str
    as_of: dt.date | None
    sections: tuple[Section, ...] = field(default=())
    identity: Identity = field(default_factory=Identity)
    sources: Mapping[Origin, tuple[Place, ...]] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """Every block, in reading order."""
        yield from _blocks(self.sections)

    def tables(self) -> list[Table]:
        """Every table of its own (the figures' tables not included), in reading order."""
        return [b for b in self.blocks() if isinstance(b, Table)]

    def figures(self) -> list[Figure]:
        """Every figure, in reading order."""
        return [b for b in self.blocks() if isinstance(b, Figure)]

    def origins(self) -> list[Origin]:
        """Where its figures come from, each origin once: those of tables and figures in reading order, then those of text alone."""
        tables = (
            block.table if isinstance(block, Figure) else block for block in self.blocks() if isinstance(block, Table | Figure)
        )
        rows = (row for table in tables for row in table.rows)
        found = (row.origin(n) for row in rows for n in range(len(row.cells)))
        said = (origin for text in self.sentences() for origin in text.origins)
        return list(dict.fromkeys(o for o in (*found, *said) if o is not None))

    def sentences(self) -> list[Sentence]:
        """The running text with figures that say where they come from, in reading order."""
        texts = (text for block in self.blocks() for text in _texts(block))
        return [text for text in texts if isinstance(text, Sentence)]

    def figures_without_table(self) -> list[Figure]:
        """The figures whose numbers stand in no table of the document: paper has no button that shows them."""
        printed = [{row.cells[: len(f.table.columns)] for t in self.tables() for row in t.rows} for f in self.figures()]
        return [f for f, told in zip(self.figures(), printed, strict=True) if not told.issuperset(r.cells for r in f.table.rows)]

    def numbered(self, *, before: Section) -> Document:
        """The same document with its sections numbered 1, 1.1, ... and the unnumbered section `before` put first."""
        return replace(self, sections=(before, *_number(self.sections, "")))


def _texts(block: Block) -> tuple[str, ...]:
    match block:
        case Paragraph(text) | Note(text):
            return (text,)
        case Bullets(items):
            return items
        case _:
            return ()


def _blocks(sections: tuple[Section, ...]) -> Iterator[Block]:
    for section in sections:
        yield from section.blocks
        yield from _blocks(section.sections)


def _number(sections: tuple[Section, ...], above: str) -> tuple[Section, ...]:
    return tuple(
        section if section.plain else replace(section, number=f"{above}{n}", sections=_number(section.sections, f"{above}{n}."))
        for n, section in enumerate(sections, 1)
    )
