"""The SQL models by four hands on the same data: our runner, the bare SQL, dbt, and pandas. Writes a section of RESULTS.md.

    python -m benchmarks.models [--associations 80 --years 10 --participations 500000 --voucher-rows 10000000] [--runs 3] [--no-write]

Every hand works in a process of its own, reads the same Parquet files and ends with its marts built. Ours and dbt build the folder
`dbt_like_sql/`, the bare SQL is its rendered models as one script in one DuckDB connection, pandas makes four core marts. All
must come to the same figures, or nothing is reported. One association is measured first, then all of them. Reading the project's
files (our runner: once a process) and starting (dbt: each time) are in the whole process, not in the build.
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
    """Every hand on one folder, in turn, as a table. RuntimeError when two come to different figures."""
    hands = [h for h in HANDS if h != "dbt" or DBT.is_file()]
    found: dict[str, list[Measured]] = {h: [] for h in hands}
    for _ in range(runs):
        for hand in hands:
            cost = run([sys.executable, "-m", "benchmarks.models", "--hand", hand, "--folder", str(folder)])
            found[hand].append(json.loads(cost.output.splitlines()[-1]) | {"wall": cost.wall, "cpu": cost.cpu})
    figures = {hand: measured[0]["figures"] for hand, measured in found.items()}
    if any(f != figures["runner"] for f in figures.values()):
        raise RuntimeError(f"the hands come to different figures: {figures}")
    ours = median(_of(found["runner"], "seconds"))
    rows = [_row(TITLES[hand], measured, ours) for hand, measured in found.items()]
    core = median(_of(found["runner"], "core_seconds"))
    rows.append([TITLES["core"], f"{core:.2f}", f"{core / ours:.2f}", "", "", ""])
    return table(("", "build s", "of ours", "whole process s", "CPU s", "peak MB"), rows)


def _row(title: str, measured: list[Measured], ours: float) -> list[str]:
    seconds = median(_of(measured, "seconds"))
    others = [median(_of(measured, name)) for name in ("wall", "cpu", "peak")]
    return [title, f"{seconds:.2f}", f"{seconds / ours:.2f}", f"{others[0]:.2f}", f"{others[1]:.2f}", f"{others[2]:.0f}"]


def _of(measured: list[Measured], name: str) -> Iterable[float]:
    return [value for m in measured if isinstance(value := m[name], float)]


def _said(size: Size) -> str:
    stays, rows = (f"{n:,}".replace(",", "\N{NO-BREAK SPACE}") for n in (size.participations, size.voucher_rows))
    many = "s" if size.associations > 1 else ""
    return f"{size.associations} association{many} × {size.years} years: {stays} participations, {rows} voucher rows"


def with_runner(folder: Path) -> Measured:
    """Our runner: every model built in memory."""
    inputs, _ = _inputs(folder), models.packaged_project()
    began = time.perf_counter()
    with models.build(inputs, threads=THREADS) as built:
        seconds = time.perf_counter() - began
        names = _upstream(built.project, set(CORE))
        core = sum(built.seconds[n] for n in names)
        return _measured(seconds, _figures(built.connection)) | {"core_seconds": core}


def with_staging(folder: Path) -> Measured:
    """Our runner as a run uses it: built, every model test run, every mart in its published form."""
    inputs, _ = _inputs(folder), models.packaged_project()
    began = time.perf_counter()
    with models.build(inputs, threads=THREADS) as built:
        failed = [t for t in models.run_tests(built) if not t.passed]
        models.export(built)
        if failed:
            raise RuntimeError(f"model tests fail: {failed}")
        return _measured(time.perf_counter() - began, _figures(built.connection))


def with_bare_sql(folder: Path) -> Measured:
    """The rendered models as one script."""
    project = models.packaged_project()
    script = [f'create schema "{schema}"' for schema in ("accepted", "register")]
    script += [f"create view {name} as select * from read_parquet('{path}')" for name, path in _inputs(folder).items()]
    script += [f'create {m.materialized} "{m.name}" as\n{m.sql}' for m in project.models]
    began = time.perf_counter()
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(";\n".join(script))
        return _measured(time.perf_counter() - began, _figures(connection))


def with_dbt(folder: Path) -> Measured:
    """`dbt run` into a database of its own; `seconds` are without dbt's start."""
    with tempfile.TemporaryDirectory(prefix="finsam-dbt-") as scratch:
        database, seconds = run_dbt("run", folder / "sources", Path(scratch))
        with duckdb.connect(str(database), read_only=True) as connection:
            measured = _measured(seconds, _figures(connection))
    return measured | {"peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def with_pandas(folder: Path) -> Measured:
    """Four core marts in pandas."""
    began = time.perf_counter()
    marts = pandas_marts(folder / "sources")
    seconds = time.perf_counter() - began
    sums = {name: marts[name][column.replace("_kr", "_ore")].sum() for name, column in CORE.items()}
    return _measured(seconds, {name: int(value) for name, value in sums.items()})


HANDS: dict[str, Callable[[Path], Measured]] = {
    "runner": with_runner,
    "staging": with_staging,
    "bare": with_bare_sql,
    "dbt": with_dbt,
    "pandas": with_pandas,
}
TITLES = {
    "runner": "our runner",
    "staging": "our runner, with model tests and marts in their published form",
    "bare": "the bare SQL in DuckDB",
    "dbt": "dbt (build: without its start)",
    "pandas": "pandas, four core marts alone",
    "core": "our runner, the models those four need",
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


def _measured(seconds: float, figures: dict[str, int]) -> Measured:
    return {"seconds": seconds, "peak": peak_megabytes(), "figures": figures}


if __name__ == "__main__":
    sys.exit(main())
