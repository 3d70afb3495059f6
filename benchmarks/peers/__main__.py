"""The comparison: every peer on the same files, one after another, its result checked before its time counts. Writes PEERS.md.

    python -m benchmarks.peers 5k 1M [--only ours floor] [--runs 3] [--memory 12] [--minutes 15] [--no-write] [--folder DIR]

Belongs here: running, measuring, writing down. Does not: the input (`data`), the task (README.md), any peer's work.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import machine, median, table, write_section
from benchmarks.peers import meter, ours
from benchmarks.peers.data import SIZES, Size

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "benchmarks" / "PEERS.md"
OURS, FLOOR = "ours", "floor"
HEAD = """# Beside its peers

Written by `make bench-peers`: one task, the same files, each result checked before its time counts. What is asked for, who does what,
and what ours does besides: [peers/README.md](peers/README.md). CPU is user and system time; memory is the largest process at its peak.
"""
TITLES = {
    FLOOR: "bare DuckDB SQL, the floor",
    OURS: "`finsam run`",
    "bare": "our steps without Dagster, report and workbook",
    "polars": "polars + dataframely",
    "dbt": "dbt-duckdb, store_failures",
    "pandas": "pandas + Great Expectations + Dagster",
}
MODULES = {
    FLOOR: (".venv", "floor"),
    "polars": (".venv-peers", "polars_dataframely"),
    "dbt": (".venv-dbt", "dbt_duckdb"),
    "pandas": (".venv-peers", "pandas_gx"),
}
Run = tuple[meter.Cost, Path]  # what it took, and the folder of its result


def main() -> int:
    """Measure the sizes asked for."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("sizes", nargs="*", default=["5k"], choices=SIZES, metavar="SIZE", help=f"of {', '.join(SIZES)}")
    parser.add_argument("--only", nargs="+", choices=TITLES, default=list(TITLES), help="these peers; the floor always runs")
    parser.add_argument("--runs", type=int, default=1, help="medians of so many")
    parser.add_argument("--memory", type=float, default=12, help="GB a peer may hold before it is ended")
    parser.add_argument("--minutes", type=float, default=20, help="a peer may take")
    parser.add_argument("--folder", type=Path, help="where the files are made; a temporary one otherwise")
    parser.add_argument("--no-write", action="store_true", help="print, but leave PEERS.md as it is")
    options = parser.parse_args()
    limits = meter.Limits(options.memory, options.minutes)
    if not (PAGE.is_file() or options.no_write):
        PAGE.write_text(HEAD, "utf-8")
    with tempfile.TemporaryDirectory(prefix="finsam-peers-", dir=options.folder) as scratch:
        for name in options.sizes:
            peers = [FLOOR, *(peer for peer in TITLES if peer in options.only and peer != FLOOR)]
            text = compared(name, peers, options.runs, limits, Path(scratch))
            print(text, flush=True)
            if not options.no_write:
                write_section(f"peers {name}", text, PAGE)
    return 0


def compared(name: str, peers: list[str], runs: int, limits: meter.Limits, scratch: Path) -> str:
    """One size as Markdown."""
    home, size = scratch / name, SIZES[name]
    subprocess.run([sys.executable, "-m", "benchmarks.peers.data", str(home), name], check=True, cwd=REPOSITORY)
    head = f"## {name}: {_said(size, home)}\n\n{machine('duckdb', 'pandas', 'great-expectations', 'dagster')}\n"
    costs: dict[str, list[meter.Cost]] = {peer: [] for peer in peers}
    remarks = []
    for _ in range(runs):
        for peer in peers:
            try:
                costs[peer].append(_right(peer, home, limits, scratch))
                print(f"{name} {peer} {costs[peer][-1]}", file=sys.stderr, flush=True)
            except (meter.EndedError, FileNotFoundError) as ended:
                remarks.append(f"- {TITLES[peer]}: {ended}")
    shutil.rmtree(home)
    said = {peer: meter.Cost(*(median(c[n] for c in own) for n in range(3))) for peer, own in costs.items() if own}
    lines = ["", f"Medians of {runs}." if runs > 1 else "One run of each.", "", *remarks, *_aims(said)]
    return head + _table(said) + "".join(f"{line}\n" for line in lines)


def _right(peer: str, home: Path, limits: meter.Limits, scratch: Path) -> meter.Cost:
    """What a peer took. EndedError when its result is wrong: then its time says nothing."""
    cost, found = HANDS.get(peer, of_module(peer))(home, limits, scratch)
    planted, reference = home.with_name(f"{home.name}.planted.parquet"), scratch / "out-floor" / "current"
    command = [sys.executable, "-m", "benchmarks.peers.checker", str(planted), str(found), str(reference)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if checked.returncode:
        raise meter.EndedError(f"wrong: {'; '.join(checked.stderr.strip().splitlines()[-3:])}")
    return cost


def of_module(peer: str) -> Callable[[Path, meter.Limits, Path], Run]:
    """A peer that is a module of this folder."""

    def hand(home: Path, limits: meter.Limits, scratch: Path) -> Run:
        environment, module = MODULES[peer]
        out = scratch / f"out-{peer}"
        shutil.rmtree(out, ignore_errors=True)
        command = [_python(environment), "-m", f"benchmarks.peers.{module}", str(home), str(out)]
        return meter.measured(command, limits, scratch / f"{peer}.log"), out / "current"

    return hand


def run_ours(home: Path, limits: meter.Limits, scratch: Path) -> Run:
    """`finsam run`, as anybody would."""
    finsam = str(REPOSITORY / ".venv" / "bin" / "finsam")
    return _of_ours(lambda copy: [finsam, "run", "--home", str(copy), "--json"], home, limits, scratch)


def run_bare(home: Path, limits: meter.Limits, scratch: Path) -> Run:
    """Our steps alone."""
    return _of_ours(lambda copy: [_python(".venv"), "-m", "benchmarks.peers.ours", str(copy)], home, limits, scratch)


def _of_ours(command: Callable[[Path], list[str]], home: Path, limits: meter.Limits, scratch: Path) -> Run:
    copy = ours.workspace(home, scratch / "workspace")
    log = scratch / "ours.log"
    cost = meter.measured(command(copy), limits, log)
    return cost, ours.result(copy, log.read_text("utf-8"), scratch / "out-ours")


HANDS = {OURS: run_ours, "bare": run_bare}


def _python(environment: str) -> str:
    python = REPOSITORY / environment / "bin" / "python"
    if not python.is_file():
        raise FileNotFoundError(f"no {environment}; `make peers-env dbt-env` makes it")
    return str(python)


def _said(size: Size, home: Path) -> str:
    megabytes = sum(file.stat().st_size for file in home.rglob("*.csv")) / 1e6
    files = f"{size.associations * size.years} ledgers of {size.voucher_rows:,} rows and as many lists of {size.participations:,}"
    return f"{size.rows:,} rows, {size.associations} × {size.years} years\n\n{files} participations, {megabytes:,.1f} MB of CSV."


def _table(said: dict[str, meter.Cost]) -> str:
    floor, own = said.get(FLOOR), said.get(OURS)
    rows = []
    for peer, (wall, cpu, peak) in said.items():
        beside = [f"{value / base[n]:.2f}" if base else "" for base in (floor, own) for n, value in ((0, wall), (1, cpu))]
        rows.append([TITLES[peer], f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", *beside])
    head = ["", "wall s", "CPU s", "peak MB", "wall, of the floor", "CPU, of the floor", "wall, of ours", "CPU, of ours"]
    return table(head, rows)


def _aims(said: dict[str, meter.Cost]) -> list[str]:
    """What we set out to reach, beside what is: by the processor's seconds, since others may use the machine too."""
    own = said.get(OURS)
    if own is None:
        return []
    ahead = [peer for peer in said if peer not in (OURS, FLOOR, "bare") and said[peer].cpu < own.cpu]
    lines = [f"ahead of every peer: {'yes' if not ahead else 'no, behind ' + ', '.join(TITLES[p] for p in ahead)}"]
    if "pandas" in said:
        lines.append(f"3 × faster than pandas + Great Expectations + Dagster: {said['pandas'].cpu / own.cpu:.2f} ×")
    lines.append(f"within 3 × of the floor: {own.cpu / said[FLOOR].cpu:.1f} ×")
    lines.append(f"1 GB of memory at 20 M rows: {own.peak / 1024:.2f} GB here")
    return [f"- Aim: {line}" for line in lines]


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    sys.exit(main())
