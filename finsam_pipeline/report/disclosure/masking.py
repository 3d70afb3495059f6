"""A document of traced figures → the document that is read, with what may not be shown hidden everywhere.

Belongs here: finding every figure of a document, and putting mark or number in its place. Does not: which are hidden
(suppression.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report.document import Bullets, Document, Figure, Note, Paragraph, Table
from finsam_pipeline.report.said import Known, sentence
from finsam_pipeline.report.traced import HIDDEN_IN_TABLE, Counted, Share, Terms, Trace, unmarked

if TYPE_CHECKING:
    from finsam_pipeline.register.disclosure import DisclosurePolicy

NOTHING_LEFT = "Vad som står att säga här visas inte, eftersom små tal då kunde räknas ut."
HIDDEN_IN_ALT = "Tal som inte visas har ingen stapel."


def figures(document: Document, trace: Trace) -> Counter[Terms]:
    """How often each sum is printed: in the cells of tables and figures, and in any text."""
    found: Counter[Terms] = Counter()
    for rests_on in (*trace.printed, *(v.rests_on for v in _traced(document))):
        found.update(terms for terms in rests_on if terms)
    return found


def cells_shown(document: Document, hidden: frozenset[Terms]) -> tuple[int, int]:
    """How many traced cells of tables and figures there are, and how many of them are hidden."""
    cells = list(_traced(document))
    return len(cells), sum(not hidden.isdisjoint(v.rests_on) for v in cells)


def masked(document: Document, trace: Trace, hidden: frozenset[Terms], policy: DisclosurePolicy) -> Document:
    """The document with plain numbers, the hidden ones as marks; a sentence that would be nothing but marks is gone."""
    made: Document = _Masking(trace, hidden, policy).of(document)
    return made


def explanation(policy: DisclosurePolicy) -> str:
    """The note under a table with marks in it."""
    least = "0" if policy.smallest == 0 else "1"
    return (
        f"{HIDDEN_IN_TABLE} = visas inte: {least}–{policy.below - 1} personer, eller ett tal som ett så litet kan räknas ut ur."
    )


def _traced(value: Any) -> Iterator[Counted | Share]:  # noqa: ANN401 - any part of a document
    if isinstance(value, Counted | Share):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _traced(part)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _traced(getattr(value, part.name))


@dataclass(frozen=True)
class _Masking:
    trace: Trace
    hidden: frozenset[Terms]
    policy: DisclosurePolicy

    def of(self, value: Any) -> Any:  # noqa: ANN401 - any part of a document
        """The same part as it is read."""
        if isinstance(value, Counted | Share):
            return self._cell(value)
        if isinstance(value, Known):
            return Decimal(value)
        if type(value) is str:  # an enumeration's word is a str too, and is left alone
            return sentence(unmarked(value, lambda n: not self.hidden.isdisjoint(self.trace.printed[n])))
        if isinstance(value, tuple):
            return tuple(part for part in map(self.of, value) if not _blank(part))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        parts = {part.name: self.of(getattr(value, part.name)) for part in fields(value)}
        if isinstance(value, Bullets):
            parts["items"] = tuple(item for item in parts["items"] if item.strip()) or (NOTHING_LEFT,)
        noted = self._notes(value, parts)
        return replace(value, **parts, **noted)

    def _cell(self, value: Counted | Share) -> int | Decimal | str:
        if not self.hidden.isdisjoint(value.rests_on):
            return HIDDEN_IN_TABLE
        return int(value) if isinstance(value, Counted) else Decimal(value)

    def _notes(self, value: object, parts: dict[str, Any]) -> dict[str, Any]:
        """What the marks mean, beside a table; for whoever does not see the drawing, that some bars are missing."""
        if isinstance(value, Table) and _marks(parts["rows"]):
            return {"notes": (*parts.pop("notes"), explanation(self.policy))}
        if isinstance(value, Figure) and _marks(parts["table"].rows):
            return {"alt": f"{parts.pop('alt')} {HIDDEN_IN_ALT}"}
        return {}


def _marks(rows: Iterable[Any]) -> bool:
    return any(HIDDEN_IN_TABLE in row.cells for row in rows)


def _blank(part: object) -> bool:
    """A block of which nothing is left."""
    return isinstance(part, Paragraph | Note) and not part.text.strip()
