"""Disclosure control: no small count of persons in what is published, and nothing it can be worked out from.

How: every count of persons a report reads is traced to its base cells (cells.py), the report is built as always, every figure it
prints is one equation (system.py), the small ones are hidden and with them what would give them away (suppression.py), in this
edition and together with those before (record.py); then marks take the place of numbers (masking.py).

Belongs here: the order of that. Does not: policy (register/disclosure.py), formats, files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.report.disclosure.appendix import with_appendix
from finsam_pipeline.report.disclosure.cells import FLOW, Cells, Row
from finsam_pipeline.report.disclosure.joining import Joined
from finsam_pipeline.report.disclosure.masking import cells_shown, figures, masked
from finsam_pipeline.report.disclosure.record import FILE_NAME, Record, as_told, read_record, together
from finsam_pipeline.report.disclosure.suppression import Suppression, is_small, suppress
from finsam_pipeline.report.disclosure.system import Cell, Published
from finsam_pipeline.report.disclosure.wider import WiderCells
from finsam_pipeline.report.traced import Terms, Trace

if TYPE_CHECKING:
    from finsam_pipeline.register.disclosure import DisclosurePolicy
    from finsam_pipeline.report.document import Document
    from finsam_pipeline.report.facts import Facts

__all__ = ["FILE_NAME", "Record", "read_record", "without_small_counts"]


def without_small_counts(
    facts: Facts, policy: DisclosurePolicy, built: Callable[[Facts], Document], earlier: Iterable[Record] = ()
) -> tuple[Document, Record]:
    """A report as it may be read outside, and what it tells.

    Args:
        facts: of the report, not traced.
        policy: of the association.
        built: makes the report from facts.
        earlier: what its readers have already, of any period.
    """
    interval = frozenset(i.id for i in facts.register.interventions if i.count_basis == "interval")
    cells = Cells(Trace(), lambda mart: facts.rows(mart, every_period=True), interval, frozenset(map(fold, policy.open)))
    wider = WiderCells(cells, facts.register.codes)
    joined = Joined.of(facts.register, policy, facts.rows(FLOW))

    def traced(mart: str, rows: list[Row]) -> list[Row]:
        return joined.rows(mart, wider.rows(mart, rows) if wider.traces(mart) else cells.rows(mart, rows))

    seen = replace(facts, register=joined.register, seen=traced)
    control = _Control(cells, policy, tuple(earlier), built(seen))
    return control.document(), control.record()


@dataclass
class _Control:
    cells: Cells
    policy: DisclosurePolicy
    earlier: tuple[Record, ...]
    built: Document

    def __post_init__(self) -> None:
        if self.earlier:
            before = parse_period(self.built.period).year_before.name  # a report may compare with it
            self.cells.between_periods({self.built.period, before, *(r.period for r in self.earlier)})
        self.now = self._published()
        self.told = {as_told(terms, self.now.values): terms for terms in (*self.now.cells, *self.now.protected)}
        everything = together(self.now, self.earlier)
        self.choice = suppress(everything, self.policy) if self.policy.masks else Suppression(*[frozenset[Terms]()] * 3)
        self.hidden = frozenset(self.told[t] for t in self.choice.hidden)

    def document(self) -> Document:
        """With marks for numbers, and the appendix that says by which policy."""
        shown = masked(self.built, self.cells.trace, self.hidden, self.policy)
        exposed = sum(t in self.told for t in self.choice.exposed)
        counts = cells_shown(self.built, self.hidden)
        return with_appendix(shown, self.policy, counts, exposed, {r.edition for r in self.earlier if r.edition})

    def record(self) -> Record:
        """What readers have now."""
        now = self.now
        guarded = {t for t in now.cells if t in self.cells.trace.counts and is_small(now.value(t), self.policy)} & self.hidden
        exposed = {self.told[t] for t in self.choice.exposed if t in self.told}
        used = {cell for terms in (*now.cells, *now.shown) for cell, _ in terms}
        return Record(
            self.built.period,
            values={cell: now.values[cell] for cell in used},
            shown=frozenset(now.shown | (now.cells.keys() - self.hidden)),
            masked=self.hidden,
            protected=frozenset((guarded | now.protected) - exposed),
            floors=frozenset(now.floors),
        )

    def _published(self) -> Published:
        values, cells = self.cells.trace.values, self.cells
        printed = figures(self.built, cells.trace)
        # Dear: what is printed often, and great totals rather than the cells they are made of.
        now = Published(values, {t: Cell(weight=n, persons=t in cells.trace.counts) for t, n in printed.items()})
        now.cells = {t: replace(c, weight=c.weight * (1 + math.log10(1 + abs(now.value(t))))) for t, c in now.cells.items()}
        told = {cell for terms in now.cells for cell, _ in terms}
        now.shown = cells.relations | {terms for terms, parts in cells.splits.items() if parts & told}
        used = {cell for terms in (*now.cells, *now.shown) for cell, _ in terms}
        now.barred = {t for t in now.cells if any(cell in cells.untold for cell, _ in t)}
        derived = {t for t in cells.derived(self.built.period) if {cell for cell, _ in t} <= used}
        now.protected = {t for t in derived - now.cells.keys() if is_small(now.value(t), self.policy)}
        now.floors = {t for t in cells.floors if t and {cell for cell, _ in t} <= used}
        return now
