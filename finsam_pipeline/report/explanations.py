"""What a page says of a figure when it is asked: definition, model, key and, within the office, the rows of files behind it.

Everything comes from the figure's origin, the mart's contract and the document's sources; nothing is read. Belongs here: the words.
Does not: markup, which rows they are (`pipeline.sourcing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.report.document import Figure, Table
from finsam_pipeline.report.numbers import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.report.document import Column, Document, Row
    from finsam_pipeline.report.origin import Origin, Place

_OWN = ("association", "period")  # the report's, not the figure's


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure's. `key` as `finsam explain` takes it; `sources` one line a file and sheet."""

    id: str
    value: str
    title: str
    definitions: tuple[str, ...]
    how: str
    mart: str
    measures: tuple[str, ...]
    key: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]  # file and sheet, rows


def explanations(document: Document) -> dict[Origin, Explanation]:
    """Every origin of the document once, told by the first figure that has it."""
    found: dict[Origin, Explanation] = {}
    for table, row, n in _figures(document):
        origin = row.origin(n)
        if origin is not None and origin not in found:
            value = printed(row.cells[n], table.columns[n].format, row.blank)
            title = f"{row.cells[0]}: {_heading(table.columns[n])}"
            found[origin] = _explanation(document, origin, f"tal-{len(found) + 1}", value, title)
    return found


def _figures(document: Document) -> Iterator[tuple[Table, Row, int]]:
    for block in document.blocks():
        if isinstance(block, Table | Figure):
            table = block.table if isinstance(block, Figure) else block
            yield from ((table, row, n) for row in table.rows for n in range(len(row.cells)))


def _heading(column: Column) -> str:
    return f"{column.heading}, {column.unit}" if column.unit else column.heading


def _explanation(document: Document, origin: Origin, id_: str, value: str, title: str) -> Explanation:
    contract = MARTS[origin.mart]
    columns = {c.name: c for c in contract.columns}
    own = {"association": document.association_id, "period": document.period}
    key = {k: (own[k],) for k in _OWN if k in contract.key} | dict(origin.where)
    return Explanation(
        id=id_,
        value=value,
        title=title,
        definitions=tuple(_definition(columns[m].description_sv, columns[m].unit) for m in origin.measures),
        how=_how(origin, contract.key),
        mart=origin.mart,
        measures=origin.measures,
        key=tuple(f"{k}={'|'.join(values)}" for k, values in key.items()),
        sources=tuple((_file(place), _rows(place)) for place in document.sources.get(origin, ())),
    )


def _definition(text: str, unit: str) -> str:
    return f"{text} ({unit})" if unit and unit not in text.lower() else text


def _how(origin: Origin, key: tuple[str, ...]) -> str:
    fixed = {k for k, values in origin.where if len(values) == 1}
    added = "" if fixed.issuperset(k for k in key if k not in _OWN) else "summan av alla rader med nyckeln"
    text = ", ".join(filter(None, (added, origin.how)))
    return text[:1].upper() + text[1:]


def _file(place: Place) -> str:
    return f"{place.path}, blad {place.sheet}" if place.sheet else place.path


def _rows(place: Place) -> str:
    """`rad 5–38, 41`; empty where no row is named."""
    ranges = (str(first) if first == last else f"{first}–{last}" for first, last in place.rows)
    return f"rad {', '.join(ranges)}{' med flera' if place.more else ''}" if place.rows else ""
