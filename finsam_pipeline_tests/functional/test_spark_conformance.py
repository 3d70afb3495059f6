"""Spark and DuckDB build the same models on the same inputs: every mart is the same table, in order, types and metadata.

Skips without Java or Spark's own environment; `make spark-env` makes it.
"""

from __future__ import annotations

import datetime as dt
import subprocess
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.model_data import make_inputs, write_inputs
from benchmarks.model_registers import Size
from benchmarks.spark_peer import ABSENT, PYTHON, REPOSITORY, SMALL, run_spark
from finsam_pipeline import models
from finsam_pipeline_tests.model_tables import booked, budgeted, register, rule, stay, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(ABSENT), reason=ABSENT)

_A_SCRIPT = """
from finsam_pipeline import models
from finsam_pipeline.models import ModelError
from finsam_pipeline_tests.model_tables import booked, table
import pathlib, sys
try:
    models.build({"accepted.huvudbok": table("huvudbok", booked("2025-01-01", "secret", "1"))}, pathlib.Path(sys.argv[1]), engine="spark")
except ModelError as error:
    print(error.model, error.message)
"""


def of_the_edges() -> dict[str, pa.Table]:
    """One association, first of all by name: what random rows seldom have."""
    config = register(
        id="a first",
        name='Å "first" \\ one',
        line_rules=(
            rule(10, "office", "5", "5", valid_from=dt.date(1, 1, 1), valid_to=dt.date(9999, 12, 31)),
            rule(20, "fees", "3", ""),
        ),
    )

    def since(day: str, source: str) -> dict[str, object]:
        return {**stay("2031-01-15"), "source": source, "valid_from": dt.date.fromisoformat(day)}

    # The first series of all, and its first source has no change on the first day.
    history = table("participation_history", since("2031-03-01", "sus_deltagare"), since("2031-05-01", "deltagaruppfoljning"))
    # Ties of half a thousand on both sides of zero, and as large as an amount can be before its sums pass 64 bits.
    ledger = table(
        "huvudbok",
        *(booked("2031-02-28", account, kr) for account, kr in (("5010", "500"), ("3000", "-1500"))),
        booked("2031-12-31", "5010", "4000000000000.49"),
        booked("2032-02-29", "3000", "-4000000000000.51"),
        booked("2032-02-29", "5020", "-0.01"),
    )
    budget = table(
        "budget", budgeted("2031-01-01", "2031-12-31", "office", "0.05"), budgeted("2031-02-01", "2031-04-30", "fees", "-1")
    )
    stays = table(
        "deltagaruppfoljning", stay("2031-01-31", "2031-02-01", exit_reason="work"), stay("2030-12-31", age=16, sheet="Blad 1")
    )
    tables = {"participation_history": history, "huvudbok": ledger, "budget": budget, "deltagaruppfoljning": stays}
    own = {f"accepted.{name}": _owned(given, config.id) for name, given in tables.items()}
    return own | models.register_tables(config, dt.date(2032, 12, 31), 2030, 2032)


def _owned(given: pa.Table, association: str) -> pa.Table:
    place = given.column_names.index("association")
    return given.set_column(place, given.schema.field(place), pa.array([association] * given.num_rows))


def assert_same_marts(inputs: Mapping[str, pa.Table], scratch: Path, master: str, *, tested: bool = False) -> dict[str, pa.Table]:
    sources = scratch / "sources [1] åäö"  # no pattern, and no address
    write_inputs(dict(inputs), sources)
    said = run_spark(sources, scratch / "marts", scratch / "work", master, SMALL, tested=tested)
    with models.build(inputs) as built:
        if tested:
            assert said["failing"] == sum(not test.passed for test in models.run_tests(built))
        for path, mart in models.export(built).items():
            theirs = pq.read_table(scratch / "marts" / f"{path}.parquet")
            assert theirs.schema.equals(mart.schema, check_metadata=True), path
            assert theirs.equals(mart), f"{path} differs"
            assert mart.num_rows, path
        return models.export(built)


def test_every_mart_is_the_same_in_spark(tmp_path: Path):
    inputs = models.merge(
        [make_inputs(Size(associations=6, years=3, participations=3000, voucher_rows=30_000), 7), of_the_edges()]
    )
    marts = assert_same_marts(inputs, tmp_path, "local[2]")
    own = pc.field("association") == "a first"
    assert marts["participants/registration_lag"].filter(own).num_rows
    assert pc.max(marts["economy/income_statement"].filter(own).column("outcome_tkr")).as_py() > 4_000_000_000


@pytest.mark.long
@pytest.mark.parametrize("seed", [21, 22])
def test_every_mart_is_the_same_on_two_workers(tmp_path: Path, seed: int):
    """Two workers, each a process of its own: what is sent between them is what was meant."""
    inputs = models.merge(
        [make_inputs(Size(associations=13, years=6, participations=40_000, voucher_rows=400_000), seed), of_the_edges()]
    )
    assert_same_marts(inputs, tmp_path, "local-cluster[2,1,1024]", tested=True)


def test_an_error_about_a_row_does_not_say_what_stood_in_it(tmp_path: Path):
    for part in ("models", "macros", "tests"):
        (tmp_path / "project" / part).mkdir(parents=True)
    (tmp_path / "project" / "dbt_project.yml").write_text("name: small\n", encoding="utf-8")
    failing = "select cast(account as bigint) as n from {{ source('accepted', 'huvudbok') }}"
    (tmp_path / "project" / "models" / "a.sql").write_text(failing, encoding="utf-8")
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", _A_SCRIPT, str(tmp_path / "project")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "secret" not in done.stdout + done.stderr
    assert done.stdout.split() == ["a", "CAST_INVALID_INPUT"]
