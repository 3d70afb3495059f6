"""Rows whose difference or total does not follow from their own figures, and tables whose signs go different ways.

Which column is which, and in which order the difference is taken, the rows tell (`relations`). Does not belong here: sums down a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from finsam_pipeline.proofread.amounts import written
from finsam_pipeline.proofread.counting import counts, shown
from finsam_pipeline.proofread.model import Cell, Finding, Kind, Printed, Role, Row, RowKind, State, Sureness, Table
from finsam_pipeline.proofread.places import cell_place, table_place
from finsam_pipeline.proofread.relations import Relation, Support, relations_of

_SURE_FROM, _MANY = 0.75, 4


def table_relations(table: Table) -> list[Support]:
    """The relations between a table's columns that its own rows bear out."""
    return relations_of([r.cells for r in table.rows if r.cells and r.certain], table.roles)


def row_findings(table: Table) -> Iterator[Finding]:
    """Rows that break a relation the table's other rows bear out."""
    for held in table_relations(table):
        for row in table.rows:
            if row.cells and row.certain and held.relation.speaks(row.cells) and held.relation.gap(row.cells):
                yield _finding(table, row, held)


def settled(table: Table, rows: Sequence[Row]) -> list[Row]:
    """Lines with an outcome but a dash or nothing for a difference: left out of every difference by intention."""
    outcome, difference = table.column(Role.OUTCOME), table.column(Role.DIFFERENCE)
    if outcome is None or difference is None:
        return []
    return [
        r
        for r in rows
        if r.kind is RowKind.LINE
        and r.cells
        and r.cells[outcome].given
        and r.cells[outcome].value
        and r.cells[difference].state in {State.DASH, State.EMPTY}
    ]


def without(table: Table, row: Row, relation: Relation) -> tuple[Row | None, Decimal]:
    """The settled line that is left out of a sum row's difference, and the gap that is then left."""
    outcome = table.column(Role.OUTCOME)
    gap = relation.gap(row.cells)
    if outcome is None or outcome not in relation.terms or row.kind is RowKind.LINE:
        return None, gap
    above = table.rows[: table.rows.index(row)]
    best: tuple[Row | None, Decimal] = (None, gap)
    for own in reversed(settled(table, above)):
        less = own.cells[outcome].value
        left = gap - less if outcome == relation.minus else gap + less
        if abs(left) < abs(best[1]) and abs(left) < relation.slack(row.cells) + 1:
            best = (own, left)
    return best


def _finding(table: Table, row: Row, held: Support) -> Finding:
    relation = held.relation
    printed, computed = row.cells[relation.target].value, relation.computed(row.cells)
    gap = printed - computed
    rounding = not counts(table) and abs(gap) < relation.slack(row.cells)
    left_out, left = without(table, row, relation)
    holding = (held.exact + held.near) / max(held.rows - 1, 1)
    sure = Sureness.SURE if rounding or (holding >= _SURE_FROM and held.rows >= _MANY) else Sureness.LIKELY
    if relation.minus is None and relation.target < max(relation.terms, default=0):
        sure = Sureness.LIKELY
    return Finding(
        kind=Kind.ROW_TOTAL if relation.minus is None else Kind.DIFFERENCE,
        sureness=sure,
        printed=Printed(shown(printed, table.unit), cell_place(table, row, relation.target)),
        other=Printed(shown(computed, table.unit), f"samma rad: {formula(relation, row.cells)}"),
        gap=written(gap),
        advice=_advice(rounding, left_out, left),
        rounding=rounding,
        roundings=len(relation.terms) + 1 if rounding else 0,
    )


def _advice(rounding: bool, left_out: Row | None, left: Decimal) -> str:
    if left_out is not None:
        rest = "" if not left else f" så när som på {written(abs(left))} genom avrundning"
        return f"Stämmer{rest} om ”{left_out.label}” lämnas utanför differensen. Skriv det under tabellen."
    if rounding:
        return (
            "Talen är avrundade var för sig. Räkna på kronor, eller skriv under tabellen att avrundning gör att de inte summerar."
        )
    return "Kontrollera talet och raden det räknas av mot bokföringen eller underlaget."


def formula(relation: Relation, cells: Sequence[Cell]) -> str:
    """`36 − 73`, `30 + 14 + 1`."""
    text = " + ".join(written(cells[j].value) for j in relation.plus)
    if relation.minus is None:
        return text
    subtracted = cells[relation.minus].value
    return f"{text} − {written(subtracted)}" if subtracted >= 0 else f"{text} − ({written(subtracted)})"


def convention(table: Table) -> int:
    """1 when differences are outcome − budget, −1 when budget − outcome, 0 when the table does not tell."""
    outcome, budget, difference = (table.column(r) for r in (Role.OUTCOME, Role.BUDGET, Role.DIFFERENCE))
    for held in table_relations(table):
        if held.relation.target == difference and held.relation.minus is not None:
            if (held.relation.plus, held.relation.minus) == ((outcome,), budget):
                return 1
            if (held.relation.plus, held.relation.minus) == ((budget,), outcome):
                return -1
    return 0


def sign_findings(tables: Sequence[Table]) -> Iterator[Finding]:
    """Tables of one report that take the difference in different order."""
    first: Table | None = None
    for table in tables:
        if not convention(table):
            continue
        if first is None:
            first = table
        elif convention(table) != convention(first):
            yield Finding(
                kind=Kind.SIGN,
                sureness=Sureness.SURE,
                printed=Printed(_order(table), table_place(table)),
                other=Printed(_order(first), table_place(first)),
                gap="",
                advice="Samma tecken betyder motsatta saker i de två tabellerna. Räkna åt samma håll, eller skriv under varje tabell hur.",
            )


def _order(table: Table) -> str:
    column = table.column(Role.DIFFERENCE)
    name = "Differens" if column is None else table.headings[column]
    return f"{name} = {'utfall − budget' if convention(table) > 0 else 'budget − utfall'}"
