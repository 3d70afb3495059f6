"""What a page says of a figure when it is asked: definition, model, key and, within the office, the rows of files behind it.

Everything comes from the figure's origin, the mart's contract and the document's sources; nothing is read. Belongs here: the words.
Does not: markup, which rows they are (`pipeline.sourcing`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.report.document import Figure, Table
from finsam_pipeline.report.numbers import number, printed
from finsam_pipeline.report.said import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from finsam_pipeline.report.document import Column, Document, Row
    from finsam_pipeline.report.origin import Origin, Place
    from finsam_pipeline.report.said import Part, Said

_OWN = ("association", "period")  # the report's, not the figure's


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure's. `key` as `finsam explain` takes it; `sources` one line a file and sheet.

    A share, and a text with several figures, have none of that but `parts`: the figures it is made of, each with its letters.
    """

    id: str
    value: str
    title: str
    definitions: tuple[str, ...] = ()
    how: str = ""
    mart: str = ""
    measures: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()  # file and sheet, rows
    parts: tuple[tuple[str, Explanation], ...] = ()


@dataclass
class Explained:
    """Every explanation of a document: by the origins of a figure (a share has two), and by text where one has several figures."""

    document: Document
    figures: dict[tuple[Origin, ...], Explanation] = field(default_factory=dict)
    texts: dict[Sentence, Explanation] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document) -> Explained:
        """Each origin once, told by the first table or figure that has it, else by the first text."""
        made = cls(document)
        for table, row, n in _figures(document):
            if origin := row.origin(n):
                value = printed(row.cells[n], table.columns[n].format, row.blank)
                made._figure(origin, value, ": ".join(dict.fromkeys((str(row.cells[0]), _heading(table.columns[n])))))
        for text in document.sentences():
            made._text(text)
        return made

    def all(self) -> Iterator[Explanation]:
        """What the page holds, in order."""
        yield from (*self.figures.values(), *self.texts.values())

    def figure(self, parts: Iterable[Part]) -> Explanation:
        """That of a figure in a text."""
        return self.figures[_origins(parts)]

    def _figure(self, origin: Origin, value: str, title: str) -> Explanation:
        if (origin,) not in self.figures:
            self.figures[origin,] = _explanation(self.document, origin, self._id(), value, title)
        return self.figures[origin,]

    def _id(self) -> str:
        return f"tal-{len(self.figures) + 1}"

    def _text(self, text: Sentence) -> None:
        found = [(text[figure.start : figure.end], self._said(text, figure)) for figure in text.said]
        if len(found) > 1 and text not in self.texts:
            self.texts[text] = Explanation(f"text-{len(self.texts) + 1}", "", "Talen i texten", parts=tuple(found))

    def _said(self, text: Sentence, figure: Said) -> Explanation:
        letters = text[figure.start : figure.end]
        if len(figure.parts) == 1:
            origin = figure.parts[0].origin
            return self._figure(origin, letters, MARTS[origin.mart].title_sv)
        made_of = [(number(part.count or 0), part.origin) for part in figure.parts]
        parts = tuple((count, self._figure(origin, count, MARTS[origin.mart].title_sv)) for count, origin in made_of)
        share = Explanation(self._id(), letters, f"Andel: {' ÷ '.join(count for count, _ in parts)}", parts=parts)
        return self.figures.setdefault(_origins(figure.parts), share)


def _origins(parts: Iterable[Part]) -> tuple[Origin, ...]:
    return tuple(part.origin for part in parts)


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
