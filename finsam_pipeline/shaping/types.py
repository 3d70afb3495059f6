"""What goes into shaping and what comes out.

Belongs here: the frames' names. Does not: how they are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    import datetime as dt

MONEY = pd.ArrowDtype(pa.decimal128(18, 2))
EXACT = pd.ArrowDtype(pa.decimal128(18, 4))
DAY = "datetime64[s]"


@dataclass(frozen=True, slots=True)
class DeliveryRef:
    """The delivery a file belongs to. `path` is relative to the workspace."""

    association: str
    source: str
    path: str
    sha256: str
    delivered_on: dt.date


@dataclass(frozen=True, slots=True)
class Shaped:
    """One file's typed rows (docs/architecture.md, "Typed rows" and "Controls").

    `rows`: every data row of the file, `row_id` 0..n-1 in order of sheet and row. `controls`: what the file states about
    itself. `drift`: headers that no column knows, masked. `mentions`: intervention_ids that a cell, a title row or a sheet
    name speaks of. `physical_rows`: the data rows read, equal to len(rows). `facts`: the reader's, plus `not_data`: how
    many lines were something else than data, by kind. `remarks`: the reader's, (row or None, code).
    """

    rows: pd.DataFrame
    controls: pd.DataFrame
    drift: list[str] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    physical_rows: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    remarks: list[tuple[int | None, str]] = field(default_factory=list)
