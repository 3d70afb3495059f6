"""Every figure of built marts beside what its contributions come to, a whole mart at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from finsam_pipeline import models
from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models.explain import Contribution, combined, explained_marts, in_analysis, measures

if TYPE_CHECKING:
    from finsam_pipeline.models import Built

Unequal = tuple[str, dict[str, Any], str, object, object]


_ROWS = "term, role, cast(contribution as decimal(28, 5)), source, path, sheet, row"
_SUMS = "term, role, sum(cast(contribution as decimal(28, 5))), '', '', null, null"


def contributions(built: Built, mart: str, columns: str = _ROWS) -> dict[tuple[object, ...], list[Contribution]]:
    """(key..., measure) → its contributions."""
    contract = MARTS[mart]
    keys = ", ".join(f'"{k}"' for k in contract.key)
    grouped = " group by all" if columns is _SUMS else ""
    found: dict[tuple[object, ...], list[Contribution]] = {}
    for row in in_analysis(built, contract, f"select {keys}, figure, {columns} from {{analysis}}{grouped}", []):
        width = len(contract.key) + 1
        if row[width + 2]:
            found.setdefault(row[:width], []).append(Contribution(*row[width:]))
    return found


def unequal(built: Built) -> tuple[list[Unequal], dict[str, int]]:
    """Figures whose contributions do not add up to them, and how many figures other than zero each mart has."""
    wrong: list[Unequal] = []
    counted: dict[str, int] = {}
    for mart, table in models.export(built).items():
        if mart not in explained_marts():
            continue
        known = contributions(built, mart, _SUMS)  # three million rows of the example, added up before they are fetched
        for row in table.to_pylist():
            key = tuple(row[k] for k in MARTS[mart].key)
            for column in measures(MARTS[mart]):
                value = row[column.name]
                if value is None:
                    continue
                total = combined(column, known.get((*key, column.name), []))
                counted[mart] = counted.get(mart, 0) + bool(value)
                if total != value:
                    wrong.append((mart, row, column.name, value, total))
    return wrong, counted
