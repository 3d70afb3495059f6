"""What has changed since the last edition of the same period: the figures that edition printed beside those printed now.

An edition keeps what its tables print (`figures/tables.json`), a mark where it hid a figure. A figure that either of the two hides is
not told: nothing stands here that they do not both say already. Belongs here: that file's form, the comparison, its
section. Does not: where editions are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from finsam_pipeline.report import wording
from finsam_pipeline.report.document import Column, Format, Paragraph, Row, RowKind, Section, Table, Value
from finsam_pipeline.report.numbers import number
from finsam_pipeline.report.traced import HIDDEN_IN_TABLE

if TYPE_CHECKING:
    from finsam_pipeline.report.document import Document

FILE_NAME = "tables.json"
_VERSION = 1
_EVIDENCE = "uppgifterna"  # what the figures say about themselves is another matter
_MOST = 60  # rows told one by one
Place = tuple[str, str, str, str]  # table's id, row, its number among rows of that name, column


@dataclass(frozen=True)
class Printed:
    """What one edition's tables print. `order`: the how-manieth edition of its period; `figures`: place -> figure, as text."""

    edition: str
    order: int
    as_of: str
    figures: Mapping[Place, str | None] = field(repr=False)


def printed_of(document: Document, order: int) -> bytes:
    """What the document prints, as the edition's file; the same document gives the same bytes."""
    figures = [[*place, None if value is None else str(value)] for place, (_, value) in _figures(document).items()]
    said = {"version": _VERSION, "order": order, "as_of": str(document.as_of or ""), "figures": figures}
    return (json.dumps(said, ensure_ascii=False) + "\n").encode()


def read_printed(content: bytes, edition: str) -> Printed:
    """An edition's file. ValueError or KeyError when it is none."""
    said = json.loads(content)
    if said["version"] != _VERSION:
        raise ValueError("a record of what an edition prints, of an unknown version")
    figures = {(table, row, nth, column): value for table, row, nth, column, value in said["figures"]}
    return Printed(edition, int(said["order"]), said["as_of"], figures)


def with_changes(document: Document, last: Printed | None) -> Document:
    """The document with a section last on what has changed since; as it was when nothing has, or there is no edition."""
    lines = list(_changed(document, last)) if last else []
    if not last or not lines or not document.sections:
        return document
    *parts, end = document.sections
    number_ = f"{end.number}.{len(end.sections) + 1}" if end.number else ""
    own = Section("andrat", "Ändrat sedan förra utgåvan", _told(lines, last), number=number_)
    return replace(document, sections=(*parts, replace(end, sections=(*end.sections, own))))


def _told(lines: list[Row], last: Printed) -> tuple[Paragraph, Table]:
    stood = f", med uppgifterna som de stod {wording.iso_day(last.as_of)}," if last.as_of else ""
    have = wording.plural(len(lines), "tal i tabeller och figurer", "tal i tabeller och figurer")
    text = f"Sedan utgåvan {last.edition}{stood} har {have} ändrats."
    shown = f" De första {number(_MOST)} står här." if len(lines) > _MOST else ""
    columns = (
        Column("Tabell", Format.TEXT),
        Column("Rad", Format.TEXT),
        Column("Kolumn", Format.TEXT),
        Column("I utgåvan", Format.DECIMAL),
        Column("Nu", Format.DECIMAL),
    )
    table = Table("andrat-tabell", f"Tal som har ändrats sedan utgåvan {last.edition}", columns, tuple(lines[:_MOST]))
    return Paragraph(text + shown), table


def _changed(document: Document, last: Printed) -> Iterator[Row]:
    """A row for each figure that the two print otherwise, also where the row it stands on is new or gone."""
    now = _figures(document)
    names = {place[0]: name for place, (name, _) in now.items()}
    tables = {place[0] for place in last.figures}
    rows = {place[:3] for place in last.figures} & {place[:3] for place in now}
    for place in dict.fromkeys((*now, *last.figures)):
        if place[0] not in names or place[0] not in tables:
            continue  # a table that was chosen in one of them only
        if place[:3] in rows and not (place in now and place in last.figures):
            continue  # a column that only one of them has
        was, is_ = last.figures.get(place), now[place][1] if place in now else None
        if was == HIDDEN_IN_TABLE or isinstance(is_, str):
            continue
        before = None if was is None else Decimal(was)
        if (before or 0) != (is_ or 0):
            table, row, _, column = place
            yield Row((names[table], row, column, before, is_))


def _figures(document: Document) -> dict[Place, tuple[str, Value]]:
    """Every figure of the report's own tables: its table's name, and what is printed; a str is a hidden one."""
    found: dict[Place, tuple[str, Value]] = {}
    for table in _tables(document):
        name, seen = table.label or table.caption, Counter[str]()
        texts = next((n for n, column in enumerate(table.columns) if column.numeric), len(table.columns))
        for label, row in _named(table, texts):
            seen[label] += 1
            for column, cell in zip(table.columns[texts:], row.cells[texts:], strict=True):
                heading = f"{column.heading}, {column.unit}" if column.unit else column.heading
                if column.numeric:
                    found[table.id, label, str(seen[label]), heading] = (name, cell)
    return found


def _named(table: Table, texts: int) -> list[tuple[str, Row]]:
    """The rows with what they are called: the words before the figures, and the heading above where several rows have the same."""
    own = [", ".join(str(cell) for cell in row.cells[:texts] if cell) for row in table.rows]
    several, above, named = Counter(own), "", []
    for label, row in zip(own, table.rows, strict=True):
        above = label if row.kind is RowKind.SECTION else above
        named.append((f"{above}: {label}" if several[label] > 1 and above not in ("", label) else label, row))
    return named


def _tables(document: Document) -> Iterator[Table]:
    own = replace(document, sections=tuple(s for s in document.sections if s.id != _EVIDENCE))
    yield from own.tables()
    yield from (replace(f.table, label=f.label) for f in own.figures_without_table())
