"""The SQL models by several hands on the same data: our runner (on DuckDB, on Spark), bare SQL, dbt, pandas. Writes part of RESULTS.md.

    python -m benchmarks.models [--associations 80 --years 10 --participations 500000 --voucher-rows 10000000] [--runs 3] [--no-write]

Every hand works in a process of its own, reads the same Parquet files and ends with its marts built. Ours and dbt build the folder
`dbt_like_sql/`, the bare SQL is its rendered models as one script in one DuckDB connection, pandas makes four core marts. All
must come to the same figures, or nothing is reported. One association is measured first, then all of them. Reading the project's
files (our runner: once a process) and starting (dbt: each time) are in the whole process, not in the build. CPU is user and system
time of the build, of dbt with its start: on a machine that others use too it says more than the wall clock, and ratios are of it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import duckdb

from benchmarks.dbt_peer import DBT, run_dbt
from benchmarks.measuring import machine, median, peak_megabytes, run, table, write_section
from benchmarks.model_data import make_inputs, write_inputs
from benchmarks.model_registers import Size
from benchmarks.pandas_marts import pandas_marts
from benchmarks.spark_peer import ABSENT, run_spark
from finsam_pipeline import models
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS

CORE = {
    "participant_flow": "participants",
    "exit_reasons": "ended",
    "income_statement": "outcome_kr",
    "intervention_budget": "outcome_kr",
}
THREADS = 2
Measured = dict[str, float | dict[str, int]]


def main() -> int:
    """Measure both sizes, print the tables, keep them in RESULTS.md."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--associations", type=int, default=8)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--participations", type=int, default=50_000)
    parser.add_argument("--voucher-rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3, help="of one association; all of them are measured once")
    parser.add_argument("--no-write", action="store_true", help="print, but leave RESULTS.md as it is")
    parser.add_argument("--hand", choices=HANDS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hand:
        print(json.dumps(HANDS[options.hand](options.folder)))
        return 0
    size = Size(options.associations, options.years, options.participations, options.voucher_rows)
    with tempfile.TemporaryDirectory(prefix="finsam-bench-") as scratch:
        text = report(size, options.runs, Path(scratch))
    print(text)
    if not options.no_write:
        write_section("models", text)
    return 0


def report(size: Size, runs: int, scratch: Path) -> str:
    """Both sizes as Markdown."""
    one = replace(
        size,
        associations=1,
        participations=size.participations // size.associations,
        voucher_rows=size.voucher_rows // size.associations,
    )
    text = "## The SQL models: our runner, the bare SQL, dbt, pandas\n\n" + machine("duckdb", "pandas", "pyarrow")
    for each, times in ((one, runs), (size, 1)):
        folder = scratch / str(each.associations)
        write_inputs(make_inputs(each), folder / "sources")
        text += f"\n### {_said(each)}\n\n{compared(folder, times)}"
    return text


def compared(folder: Path, runs: int) -> str:
    """Every hand on one folder, in turn, as a table. RuntimeError when two come to different figures.

    Tests and published form are measured where runs are repeated: on one association, which is what a run builds.
    """
    absent = {"dbt": not DBT.is_file(), "spark": bool(ABSENT), "staging": runs == 1}
    hands = [h for h in HANDS if not absent.get(h)]
    found: dict[str, list[Measured]] = {h: [] for h in hands}
    for _ in range(runs):
        for hand in hands:
            # One at a time: each has the machine to itself.
            cost = run([sys.executable, "-m", "benchmarks.models", "--hand", hand, "--folder", str(folder)])
            found[hand].append(json.loads(cost.output.splitlines()[-1]) | {"wall": cost.wall})
    figures = {hand: measured[0]["figures"] for hand, measured in found.items()}
    if any(f != figures["runner"] for f in figures.values()):
        raise RuntimeError(f"the hands come to different figures: {figures}")
    ours = median(_of(found["runner"], "cpu"))
    rows = [_row(TITLES[hand], measured, ours) for hand, measured in found.items()]
    return table(("", "build s", "CPU s", "CPU of ours", "whole process s", "peak MB"), rows)


def _row(title: str, measured: list[Measured], ours: float) -> list[str]:
    seconds, cpu, wall, peak = (median(_of(measured, name)) for name in ("seconds", "cpu", "wall", "peak"))
    return [title, f"{seconds:.2f}", f"{cpu:.2f}", f"{cpu / ours:.2f}", f"{wall:.2f}", f"{peak:.0f}"]


def _of(measured: list[Measured], name: str) -> Iterable[float]:
    return [value for m in measured if isinstance(value := m[name], float)]


def _said(size: Size) -> str:
    stays, rows = (f"{n:,}".replace(",", "\N{NO-BREAK SPACE}") for n in (size.participations, size.voucher_rows))
    many = "s" if size.associations > 1 else ""
    return f"{size.associations} association{many} × {size.years} years: {stays} participations, {rows} voucher rows"


def with_runner(folder: Path) -> Measured:
    """Our runner: every model built in memory."""
    inputs, _, clock = _inputs(folder), models.packaged_project(), _Clock()
    with models.build(inputs, threads=THREADS) as built:
        return clock.measured() | {"figures": _figures(built.connection)}


def with_staging(folder: Path) -> Measured:
    """Our runner as a run uses it: built, every model test run, every mart in its published form."""
    inputs, _, clock = _inputs(folder), models.packaged_project(), _Clock()
    with models.build(inputs, threads=THREADS) as built:
        failed = [t for t in models.run_tests(built) if not t.passed and t.severity == "error"]  # random books do not balance
        models.export(built)
        if failed:
            raise RuntimeError(f"model tests fail: {failed}")
        return clock.measured() | {"figures": _figures(built.connection)}


def with_bare_sql(folder: Path, names: set[str] | None = None) -> Measured:
    """The rendered models (all, or those names and what they read) as one script."""
    project = models.packaged_project()
    wanted = _upstream(project, names) if names else {m.name for m in project.models}
    script = [f'create schema "{schema}"' for schema in ("accepted", "register")]
    script += [f"create view {name} as select * from read_parquet('{path}')" for name, path in _inputs(folder).items()]
    script += [f'create {m.materialized} "{m.name}" as\n{m.sql}' for m in project.models if m.name in wanted]
    clock = _Clock()
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(";\n".join(script))
        return clock.measured() | {"figures": _figures(connection)}


def with_core_sql(folder: Path) -> Measured:
    """The models that the four core marts need, as one script."""
    return with_bare_sql(folder, set(CORE))


def with_dbt(folder: Path) -> Measured:
    """`dbt run` into a database of its own; `seconds` are without dbt's start."""
    with tempfile.TemporaryDirectory(prefix="finsam-dbt-") as scratch:
        database, seconds = run_dbt("run", folder / "sources", Path(scratch))
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        with duckdb.connect(str(database), read_only=True) as connection:
            figures = _figures(connection)
    return {"seconds": seconds, "cpu": spent.ru_utime + spent.ru_stime, "peak": spent.ru_maxrss / 1024, "figures": figures}


def with_spark(folder: Path) -> Measured:
    """Spark on this machine's cores, every mart in its published form; `seconds` are without Spark's start, CPU is with it."""
    with tempfile.TemporaryDirectory(prefix="finsam-spark-") as scratch:
        out = Path(scratch) / "marts"
        memory = {"spark.driver.memory": "4g", "spark.sql.shuffle.partitions": str(THREADS)}
        said = run_spark(folder / "sources", out, Path(scratch) / "work", f"local[{THREADS}]", memory)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        with duckdb.connect() as connection:
            for model in models.packaged_project().models:
                if model.mart:
                    connection.execute(
                        f"create view \"{model.name}\" as select * from read_parquet('{out / model.mart}.parquet')"
                    )
            figures = _figures(connection)
    cost = {"cpu": spent.ru_utime + spent.ru_stime, "peak": spent.ru_maxrss / 1024}
    return {"seconds": said["build"] + said["marts"], "figures": figures, **cost}


def with_pandas(folder: Path) -> Measured:
    """Four core marts in pandas."""
    clock = _Clock()
    marts = pandas_marts(folder / "sources")
    measured = clock.measured()
    sums = {name: marts[name][column.replace("_kr", "_ore")].sum() for name, column in CORE.items()}
    return measured | {"figures": {name: int(value) for name, value in sums.items()}}


HANDS: dict[str, Callable[[Path], Measured]] = {
    "runner": with_runner,
    "staging": with_staging,
    "bare": with_bare_sql,
    "core": with_core_sql,
    "dbt": with_dbt,
    "spark": with_spark,
    "pandas": with_pandas,
}
TITLES = {
    "runner": "our runner",
    "staging": "our runner, with model tests and marts in their published form",
    "bare": "the bare SQL in DuckDB",
    "core": "the bare SQL, what four core marts need",
    "dbt": "dbt (build without its start, CPU with it)",
    "spark": "our runner on Spark (build without its start, CPU with it)",
    "pandas": "pandas, the same four core marts",
}


def _inputs(folder: Path) -> dict[str, Path]:
    return {name: folder / "sources" / f"{name.replace('.', '/')}.parquet" for name in SOURCE_SCHEMAS}


def _upstream(project: models.Project, names: set[str]) -> set[str]:
    """The models and everything they read."""
    for model in reversed(project.models):
        if model.name in names:
            names = names | set(model.refs)
    return names


def _figures(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """One sum of each core mart, money in öre: what every hand must come to."""
    asked = ", ".join(
        f"(select sum({column}{' * 100' if column.endswith('_kr') else ''}) from {mart})" for mart, column in CORE.items()
    )
    (sums,) = connection.execute(f"select {asked}").fetchall()
    return {mart: int(value) for mart, value in zip(CORE, sums, strict=True)}


class _Clock:
    """Started when made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def measured(self) -> Measured:
        """What this process took since, and its peak memory."""
        return {"seconds": time.perf_counter() - self._wall, "cpu": time.process_time() - self._cpu, "peak": peak_megabytes()}


if __name__ == "__main__":
    sys.exit(main())
