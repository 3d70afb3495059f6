from __future__ import annotations

import stat
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from finsam_pipeline.store.quarantine import read_quarantine, write_quarantine
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

ROWS = pd.DataFrame(
    {
        "path": pd.array(["p", "p"], dtype="str"),
        "row": pd.array([2, 3], dtype="int64"),
        "age": pd.array([30, None], dtype="Int64"),
        "amount": pd.array([Decimal("1.10"), None], dtype=pd.ArrowDtype(pa.decimal128(18, 2))),
    }
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path).ensure()


def test_values_come_back_exact(workspace: Workspace):
    write_quarantine(workspace, "a", "budget", ROWS)
    back = read_quarantine(workspace, "a", "budget")
    assert back["amount"].tolist()[0] == Decimal("1.10")
    assert back["age"].isna().tolist() == [False, True]
    assert str(back["age"].dtype) == "int64[pyarrow]"


def test_the_file_is_private_and_its_footer_holds_no_value(workspace: Workspace):
    write_quarantine(workspace, "a", "budget", ROWS)
    file = workspace.quarantine / "a" / "budget.parquet"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    group = pq.read_metadata(file).row_group(0)
    assert all(group.column(i).statistics is None for i in range(group.num_columns))


def test_without_rows_nothing_is_kept(workspace: Workspace):
    write_quarantine(workspace, "a", "budget", ROWS)
    write_quarantine(workspace, "a", "budget", ROWS.iloc[:0])
    assert not (workspace.quarantine / "a" / "budget.parquet").exists()
    assert read_quarantine(workspace, "a", "budget").empty


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".."])
def test_a_name_is_no_way_out_of_the_vault(workspace: Workspace, name: str):
    with pytest.raises(ValueError, match="names"):
        write_quarantine(workspace, name, "budget", ROWS)
