"""Our runner and dbt itself build the same folder on the same random inputs: every mart holds the same rows.

Skips without dbt's own environment; `make dbt-env` makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow.compute as pc
import pytest

from benchmarks.dbt_peer import DBT, run_dbt
from benchmarks.model_data import make_inputs, write_inputs
from benchmarks.model_registers import Size
from finsam_pipeline import models

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    Inputs = dict[str, pa.Table]

SEED = 7
pytestmark = pytest.mark.skipif(not DBT.is_file(), reason="dbt's environment is absent; `make dbt-env` makes it")

# Columns in which the marts must hold something, or equal tables would show little.
TOLD = {
    "participants/participant_flow": ("carried_in", "started", "participants", "ended", "carried_out"),
    "participants/exit_reasons": ("ended",),
    "participants/progression": ("ended",),
    "participants/background": ("participants", "started"),
    "participants/targets": ("actual",),
    "participants/registration_lag": ("value",),
    "participants/reconciliation": ("difference",),
    "participants/volume": ("total",),
    "economy/income_statement": ("outcome_kr", "budget_kr", "difference_kr", "outcome_tkr"),
    "economy/intervention_budget": ("outcome_kr", "budget_kr", "difference_kr"),
    "economy/cost_distribution": ("cost_kr",),
    "economy/full_year_forecast": ("amount_tkr",),
    "economy/financing": ("outcome_kr",),
    "economy/equity": ("opening_kr", "result_kr", "share_of_member_funds_percent"),
    "economy/cost_per_participant": ("cost_per_participant_kr", "cost_per_work_or_study_kr"),
    "economy/ledger_month": ("amount_kr",),
}


def of_dbt(database: Path, wanted: models.Built) -> dict[str, pa.Table]:
    """The marts in dbt's database, by path."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {m.mart: connection.sql(f'select * from "{m.name}"').to_arrow_table() for m in wanted.project.models if m.mart}


def made(size: Size, seed: int, scratch: Path) -> tuple[Inputs, Path]:
    """Random inputs, and the database of dbt's run on them."""
    inputs = make_inputs(size, seed)
    write_inputs(inputs, scratch / "sources")
    return inputs, run_dbt("run", scratch / "sources", scratch / "dbt")[0]


def assert_same_marts(inputs: Inputs, database: Path, seed: int) -> None:
    with models.build(inputs) as built:
        ours = models.export(built)
        theirs = of_dbt(database, built)
    assert sorted(theirs) == sorted(ours)
    for path, table in ours.items():
        order = [(name, "ascending") for name in table.column_names]
        other = theirs[path].cast(table.schema.remove_metadata()).sort_by(order)
        assert table.replace_schema_metadata(None).sort_by(order).equals(other), f"{path} differs with seed {seed}"
        for column in TOLD.get(path, ()):
            assert pc.count_distinct(table.column(column)).as_py() > 1, f"{path}.{column} says nothing with seed {seed}"
        assert table.num_rows, path


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dbt")


@pytest.fixture(scope="module")
def once(scratch: Path) -> tuple[Inputs, Path]:
    """dbt takes longer to start than to run."""
    return made(Size(associations=6, years=3, participations=3000, voucher_rows=30_000), SEED, scratch)


def test_every_mart_is_the_same_in_dbt(once: tuple[Inputs, Path]):
    assert_same_marts(*once, SEED)


def test_the_analyses_behind_explain_compile_in_dbt_and_run_on_what_it_built(once: tuple[Inputs, Path], scratch: Path):
    """dbt compiles analyses but never runs them, so a column that is gone would show here first."""
    database = once[1]
    run_dbt("compile", scratch / "sources", scratch / "dbt")
    compiled = sorted((scratch / "dbt" / "target" / "compiled").glob("*/analyses/**/*.sql"))
    assert len(compiled) == len(list((models.project_folder() / "analyses").rglob("*.sql"))) > 0
    with duckdb.connect(str(database), read_only=True) as connection:
        for analysis in compiled:
            connection.execute(f"explain {analysis.read_text(encoding='utf-8')}")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20, 24))
def test_every_mart_is_the_same_in_dbt_at_length(tmp_path: Path, seed: int):
    size = Size(associations=13, years=6, participations=40_000, voucher_rows=400_000)
    assert_same_marts(*made(size, seed, tmp_path), seed)
