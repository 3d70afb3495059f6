"""The demo run from process start to end, cold and with nothing new, and where the time goes. Writes a section of RESULTS.md.

    python benchmarks/run_demo.py [--runs 5] [--no-write]

Cold: a workspace that does not exist. Nothing new: `finsam run` on it once more. Both with compiled modules, as an installed package has
them; they lie in a folder of the benchmark's own, so that it does not matter who ran what before. Times with the stopwatch are
taken in runs of their own, so that it does not slow the totals.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from measuring import Cost, machine, median, run, table, write_section

FINSAM = str(Path(sys.executable).with_name("finsam"))
STOPWATCH = str(Path(__file__).with_name("stopwatch.py"))
AIMS = {"cold": 12.0, "nothing new": 4.0}
_SHOWN = 0.02  # seconds; smaller parts go with the rest
Parts = dict[str, tuple[float, float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-write", action="store_true", help="print, but leave RESULTS.md as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="finsam-bench-") as scratch:
        text = measure(Path(scratch), options.runs)
    print(text)
    if not options.no_write:
        write_section("run_demo", text)
    return 0


def measure(scratch: Path, runs: int) -> str:
    environment = {"PYTHONPYCACHEPREFIX": str(scratch / "compiled"), "PYTHONDONTWRITEBYTECODE": "", "FINSAM_HOME": ""}
    homes = [scratch / f"home-{n}" for n in range(runs)]
    first = run([FINSAM, "demo", "--home", str(scratch / "first"), "--json"], environment)
    cold = [run([FINSAM, "demo", "--home", str(home), "--json"], environment) for home in homes]
    warm = [run([FINSAM, "run", "--home", str(homes[0]), "--json"], environment) for _ in homes]
    watched_cold = [
        watched(run([sys.executable, STOPWATCH, "demo", "--home", f"{home}-parts", "--json"], environment)) for home in homes
    ]
    watched_warm = [
        watched(run([sys.executable, STOPWATCH, "run", "--home", str(homes[0]), "--json"], environment)) for _ in homes
    ]
    return "\n".join(
        [
            "## The demo run\n",
            machine("dagster", "great-expectations", "pandas", "duckdb", "matplotlib"),
            f"Medians of {runs} runs, seconds, whole process.\n",
            totals(first, cold, warm),
            "### Where the cold run spends its time\n",
            parts_table([parts for parts, _ in watched_cold]),
            "### Where a run with nothing new spends its time\n",
            parts_table([parts for parts, _ in watched_warm]),
            f"Loaded with nothing new: {', '.join(watched_warm[0][1])}.\n",
        ]
    )


def totals(first: Cost, cold: Sequence[Cost], warm: Sequence[Cost]) -> str:
    """The whole process, beside the aim and the cold run."""
    whole = median(c.wall for c in cold)
    rows = [["cold, modules not yet compiled (once)", f"{first.wall:.1f}", f"{first.cpu:.1f}", "", f"{first.wall / whole:.2f}"]]
    for (name, aim), costs in zip(AIMS.items(), (cold, warm), strict=True):
        wall, cpu = median(c.wall for c in costs), median(c.cpu for c in costs)
        rows.append([name, f"{wall:.1f}", f"{cpu:.1f}", f"{aim:.0f}", f"{wall / whole:.2f}"])
    return table(["run", "wall", "processor", "aim, wall", "of cold"], rows)


def parts_table(runs: Sequence[Parts]) -> str:
    """Medians of each part, largest first; what the stopwatch itself costs is in them."""
    names = {name for parts in runs for name in parts}
    wall = {n: median(parts.get(n, (0.0, 0.0))[0] for parts in runs) for n in names}
    cpu = {n: median(parts.get(n, (0.0, 0.0))[1] for parts in runs) for n in names}
    whole = sum(cpu.values())
    shown = sorted((n for n in names if cpu[n] >= _SHOWN), key=lambda n: -cpu[n])
    return table(
        ["part", "wall", "processor", "of all"], [[n, f"{wall[n]:.2f}", f"{cpu[n]:.2f}", f"{cpu[n] / whole:.0%}"] for n in shown]
    )


def watched(cost: Cost) -> tuple[Parts, list[str]]:
    """What the stopwatch said on the last line."""
    said = json.loads(cost.output.splitlines()[-1])
    return {name: (wall, cpu) for name, (wall, cpu) in said["parts"].items()}, said["libraries"]


if __name__ == "__main__":
    raise SystemExit(main())
