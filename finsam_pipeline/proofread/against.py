"""A report's figures against published ones.

The published figures are handed in by label: this room knows no marts. Only rows whose label is one of theirs are compared. Does not belong
here: where the published figures come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.amounts import half_up, written
from finsam_pipeline.proofread.counting import shown
from finsam_pipeline.proofread.model import (
    GENDER_ROLES,
    Cell,
    Document,
    Finding,
    Kind,
    Measure,
    Printed,
    Role,
    Row,
    Sureness,
    Table,
)
from finsam_pipeline.proofread.places import cell_place
from finsam_pipeline.proofread.rowwise import convention
from finsam_pipeline.proofread.splits import GENDERS, Split
from finsam_pipeline.proofread.vocabulary import folded


@dataclass(frozen=True, slots=True)
class Published:
    """Figures of one association and period, for comparison.

    `money`: folded label -> role -> kronor, outcome − budget for the difference; one mapping a mart. `counts`: measure -> folded label
    -> role -> persons; the total of all under an empty label.
    """

    money: Sequence[Mapping[str, Mapping[Role, Decimal]]]
    counts: Mapping[Measure, Mapping[str, Mapping[Role, int]]]
    source: str


def against_findings(document: Document, published: Published, splits: Sequence[Split]) -> Iterator[Finding]:
    """Every figure of a known row that is not the published one."""
    for table in document.tables:
        if table.measure is not None:
            yield from _counts(table, published)
        else:
            yield from _money(table, published)
    yield from _stated(splits, published)


def _money(table: Table, published: Published) -> Iterator[Finding]:
    if table.unit is None or table.unit.kronor is None or table.column(Role.OUTCOME) is None:
        return
    marts = [(sum(1 for r in table.rows if r.cells and folded(r.label) in mart), mart) for mart in published.money]
    known, mart = max(marts, key=lambda m: m[0], default=(0, {}))
    if not known:
        return
    for row in table.rows:
        own = mart.get(folded(row.label)) if row.cells and row.certain else None
        for j, role in enumerate(table.roles):
            if own is None or role not in own or not row.cells[j].given:
                continue
            sign = -1 if role is Role.DIFFERENCE and convention(table) < 0 else 1
            yield from _unlike(table, row, j, sign * own[role] / table.unit.kronor, published)


def _counts(table: Table, published: Published) -> Iterator[Finding]:
    own = published.counts.get(table.measure) if table.measure else None
    if not own:
        return
    for row in table.rows:
        label = "" if row.kind.value == "total" else folded(row.label)
        figures = own.get(label) if row.cells and row.certain else None
        for j, role in enumerate(table.roles):
            if figures is not None and role in figures and row.cells[j].given:
                yield from _unlike(table, row, j, Decimal(figures[role]), published)


def _unlike(table: Table, row: Row, column: int, actual: Decimal, published: Published) -> Iterator[Finding]:
    cell: Cell = row.cells[column]
    if half_up(actual, cell.places) == cell.value:
        return
    yield _finding(
        Printed(shown(cell.value, table.unit), cell_place(table, row, column)),
        Printed(shown(half_up(actual, max(cell.places, 2)), table.unit), f"{published.source}, ”{row.label}”"),
        cell.value - actual,
        rounding=table.measure is None and abs(cell.value - actual) <= Decimal(1).scaleb(-cell.places),
    )


def _stated(splits: Sequence[Split], published: Published) -> Iterator[Finding]:
    """Totals stated in text: the largest split of each measure."""
    for measure, labels in published.counts.items():
        own = [s for s in splits if s.measure is measure and not s.grand]
        actual = labels.get("")
        if not own or not actual:
            continue
        largest = max(own, key=lambda s: s.whole)
        pairs = [(largest.whole, Role.TOTAL), *zip(map(largest.of, GENDERS), GENDER_ROLES, strict=True)]
        for value, role in pairs:
            if value and value != actual.get(role, 0):
                place = Printed(f"{written(value)} ({role})", largest.place)
                yield _finding(
                    place, Printed(str(actual.get(role, 0)), f"{published.source}, {measure}"), value - actual.get(role, 0)
                )


def _finding(printed: Printed, other: Printed, gap: Decimal, *, rounding: bool = False) -> Finding:
    return Finding(
        kind=Kind.MART,
        sureness=Sureness.LIKELY,
        printed=printed,
        other=other,
        gap=written(gap),
        advice="Rapporten och de publicerade siffrorna skiljer sig. Rätta rapporten, eller se finsam explain för raderna bakom siffran.",
        rounding=rounding,
        roundings=1 if rounding else 0,
    )
