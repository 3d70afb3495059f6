"""Four core marts once more in pandas, on random inputs of several associations: the same keys, counts and öre as the SQL's."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.model_data import make_inputs, write_inputs
from benchmarks.model_registers import Size
from benchmarks.pandas_marts import pandas_marts
from finsam_pipeline import models

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

MARTS = {
    "participants/participant_flow": ("carried_in", "started", "participants", "ended", "carried_out"),
    "participants/exit_reasons": ("ended",),
    "economy/income_statement": ("outcome_kr", "budget_kr", "difference_kr"),
    "economy/intervention_budget": ("outcome_kr", "budget_kr", "difference_kr"),
}
KEYS = ("association", "period", "intervention_id", "gender", "exit_reason", "line_order", "line_id", "orientation")


def of_sql(mart: pa.Table, measures: tuple[str, ...]) -> set[tuple[object, ...]]:
    keys = [k for k in KEYS if k in mart.column_names]
    ore = {
        m: [None if v is None else int(v * (100 if isinstance(v, Decimal) else 1)) for v in mart.column(m).to_pylist()]
        for m in measures
    }
    return set(zip(*(mart.column(k).to_pylist() for k in keys), *ore.values(), strict=True))


def of_pandas(mart: pd.DataFrame, measures: tuple[str, ...]) -> set[tuple[object, ...]]:
    keys = [k for k in KEYS if k in mart.columns]
    figures = [[None if pd.isna(v) else int(v) for v in mart[m.replace("_kr", "_ore")]] for m in measures]
    return set(zip(*(mart[k].tolist() for k in keys), *figures, strict=True))


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.long), pytest.param(5, marks=pytest.mark.long)])
def test_pandas_comes_to_the_same_figures(tmp_path: Path, seed: int):
    inputs = make_inputs(Size(associations=6, years=3, participations=3000, voucher_rows=20_000), seed)
    write_inputs(inputs, tmp_path)
    theirs = pandas_marts(tmp_path)
    with models.build(inputs) as built:
        ours = models.export(built)
    for path, measures in MARTS.items():
        wanted = of_pandas(theirs[path.split("/")[1]], measures)
        assert of_sql(ours[path], measures) == wanted, path
        assert len(wanted) == ours[path].num_rows, path
