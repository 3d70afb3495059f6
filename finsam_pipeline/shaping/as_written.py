"""Some rows of a file as somebody wrote them: the text of their cells by canonical column.

For a person who is to decide on a row that could not be read. Belongs here: finding the cells again. Does not: what they mean,
which rows are asked for, who may see them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finsam_pipeline.readers.sie_values import UNREADABLE
from finsam_pipeline.shaping.headers import find_header

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from finsam_pipeline.contracts.types import SourceContract
    from finsam_pipeline.privacy import Pseudonymiser
    from finsam_pipeline.readers.table import ReadResult, TextTable

Place = tuple[str, int]
"""The sheet as it is shown (empty in a file without sheets) and the row as the user sees it."""


def cells_as_written(
    read: ReadResult, contract: SourceContract, pseudonymiser: Pseudonymiser, places: Collection[Place]
) -> dict[Place, dict[str, str]]:
    """Place → canonical column → text, without blank cells; of two columns of one meaning the first that is filled counts."""
    found: dict[Place, dict[str, str]] = {}
    for table in read.tables:
        sheet = pseudonymiser.name(table.sheet) if table.sheet else ""
        rows = [row for wanted, row in places if wanted == sheet]
        columns = _columns(table, contract) if rows else {}
        for row, cells in _rows(table.frame, rows):
            texts = {name: text for name, at in columns.items() if (text := _first(cells, at))}
            found.setdefault((sheet, row), {}).update(texts)
    return found


def _columns(table: TextTable, contract: SourceContract) -> dict[str, list[int]]:
    """Canonical column → the positions in the frame that carry it."""
    if table.named:
        return {str(name): [n] for n, name in enumerate(table.frame.columns)}
    header = find_header(table.frame, contract)
    return header.columns if header else {}


def _rows(frame: pd.DataFrame, rows: list[int]) -> list[tuple[int, list[str]]]:
    there = frame[frame.index.isin(rows)]
    return [(int(str(row)), list(cells)) for row, cells in zip(there.index, there.fillna("").to_numpy(dtype=str), strict=True)]


def _first(cells: list[str], positions: list[int]) -> str:
    texts = (cells[n].removesuffix(UNREADABLE).strip() for n in positions)
    return next((text for text in texts if text), "")
