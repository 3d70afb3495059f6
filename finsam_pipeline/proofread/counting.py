"""What rounding can explain in a table, and how figures of it are written.

Persons are whole: no gap in a table of counts comes of rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from finsam_pipeline.proofread.amounts import written
from finsam_pipeline.proofread.model import Cell, Role, Table, Unit

_AMOUNTS_FROM = 1000


def counts(table: Table) -> bool:
    """Whether a table counts persons or things, so that its figures are exact."""
    if table.unit is Unit.PERSONS or (table.measure is not None and table.unit is None):
        return True
    if table.unit is not None or any(r in {Role.OUTCOME, Role.BUDGET} for r in table.roles):
        return False
    figures = [c for row in table.rows for c in row.cells if c.given]
    return all(c.places == 0 for c in figures) and max((abs(c.value) for c in figures), default=Decimal(0)) < _AMOUNTS_FROM


def slack(cells: Iterable[Cell]) -> Decimal:
    """The most that rounding each of these figures on its own can make of a gap between them."""
    own = list(cells)
    given = [c for c in own if c.given and c.value]
    places = max((c.places for c in own), default=0)
    return len(given) * Decimal(1).scaleb(-places) / 2


def shown(value: Decimal, unit: Unit | None) -> str:
    """A figure with its unit, where that is one of money or a share."""
    money = unit is not None and (unit.kronor is not None or unit is Unit.PERCENT)
    return f"{written(value)} {unit}" if money else written(value)
