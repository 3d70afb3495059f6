"""Values of quarantined rows, for the steward's workbook: in the vault and nowhere else.

The frame is the typed rows of `docs/architecture.md` that a rule holds; where the pipeline has a cell's own text, it stands
beside as `raw_<column>`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from finsam_pipeline.store.atomic import PRIVATE, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline.store.workspace import Workspace

_NAME = re.compile(r"[\w][\w.\-]*")


def write_quarantine(workspace: Workspace, association: str, source: str, rows: pd.DataFrame) -> None:
    """Replace what is held of one source of one association; without rows the file goes away."""
    path = quarantine_file(workspace, association, source)
    if rows.empty:
        path.unlink(missing_ok=True)
        return
    write_parquet(pa.Table.from_pandas(rows, preserve_index=False), path, statistics=False, mode=PRIVATE)


def read_quarantine(workspace: Workspace, association: str, source: str) -> pd.DataFrame:
    """The rows as written, with exact types (decimals, whole numbers with nulls); an empty frame when nothing is held."""
    path = quarantine_file(workspace, association, source)
    if not path.is_file():
        return pd.DataFrame()
    frame: pd.DataFrame = pq.ParquetFile(path).read().to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def quarantine_file(workspace: Workspace, association: str, source: str) -> Path:
    """Where the held rows of a source stand, if there are any. ValueError for what is no name."""
    if not (_NAME.fullmatch(association) and _NAME.fullmatch(source)):
        raise ValueError("an association and a source are names, not paths")
    return workspace.quarantine / association / f"{source}.parquet"
