"""Which intervention a row belongs to: its cell, else a title row, else the sheet's name (interface 4).

Belongs here: resolving names by the register. Does not: whether a missing one is a fault (rule P002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.shaping.arrow import mapped

if TYPE_CHECKING:
    import pandas as pd

    from finsam_pipeline.register.model import Register

_EXCEL_SHEET_NAME = 31  # characters; Excel cuts longer names off


def resolve(name: str, names: dict[str, str]) -> str | None:
    """The intervention_id of a name as written, by `Register.intervention_by_name`."""
    return names.get(fold(name))


def resolve_sheet(sheet: str | None, register: Register) -> str | None:
    """The intervention a sheet is named after; a name Excel cut off counts when only one intervention begins so."""
    if not sheet:
        return None
    names = register.intervention_by_name()
    if (found := resolve(sheet, names)) is not None:
        return found
    if len(sheet) < _EXCEL_SHEET_NAME:
        return None
    cut = {identity for name, identity in names.items() if name.startswith(fold(sheet))}
    return cut.pop() if len(cut) == 1 else None


def name_rows(cells: pd.Series, titles: pd.Series, sheet_intervention: str | None, register: Register) -> pd.Series:
    """The intervention_id of each row; null where nothing names one or what names it is not in the register.

    Args:
        cells: the rows' own cells, tidy, null when blank.
        titles: the title row that stands above each row, null when none.
        sheet_intervention: what the sheet's name says.
        register: whose names count. A cell or title that is given but unknown is not overruled by the next level.
    """
    names = register.intervention_by_name()
    written = cells.where(cells.notna(), titles)
    resolved = mapped(written, lambda text: resolve(text, names), pa.large_string(), "str")
    return resolved if sheet_intervention is None else resolved.where(written.notna(), sheet_intervention)
