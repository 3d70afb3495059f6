"""Runs `finsam` in this process and says where its time went, as JSON on the last line of standard output.

    python benchmarks/stopwatch.py demo --home DIR

Every second belongs to exactly one part: a part that begins inside another stops the other's watch. The first import of a large library
is a part; so are the steps of the way, known by the function that does them. The hooks stand here so that no measuring is in the product.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LIBRARIES = ("great_expectations", "dagster", "pandas", "pyarrow", "duckdb", "matplotlib", "sqlalchemy", "xlsxwriter", "jinja2")
# part → where the functions are looked up by those that call them
STEPS = {
    "writing the example": ["finsam_pipeline.demo.write_demo"],
    "reading and shaping": ["finsam_pipeline.pipeline.run.load"],
    "judging": ["finsam_pipeline.pipeline.run.judge_source", "finsam_pipeline.pipeline.building.judge"],
    "modelling": ["finsam_pipeline.pipeline.building.build"],
    "publishing: marts and manifest": ["finsam_pipeline.pipeline.publishing.publish_snapshot"],
    "publishing: marts.xlsx": ["finsam_pipeline.store.snapshots.marts_workbook"],
    "drafting the report": ["finsam_pipeline.pipeline.publishing.draft_reports"],
    "Dagster's own work": ["finsam_pipeline.defs.instance.run_job"],
    "looking for news": ["finsam_pipeline.pipeline.newness.is_new"],
}
REST = "everything else"


class Stopwatch:
    """Exclusive seconds of each part: by the wall's clock, and of processor time (on a machine that others use too, the surer one)."""

    def __init__(self) -> None:
        self._wall: Counter[str] = Counter()
        self._cpu: Counter[str] = Counter()
        self._running, self._since = [REST], (time.perf_counter(), time.process_time())

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time spent inside belongs to `name`, but for the parts within it."""
        self._turn()
        self._running.append(name)
        try:
            yield
        finally:
            self._turn()
            self._running.pop()

    def stop(self) -> dict[str, tuple[float, float]]:
        """Part → wall and processor seconds."""
        self._turn()
        return {part: (wall, self._cpu[part]) for part, wall in self._wall.items()}

    def _turn(self) -> None:
        now = (time.perf_counter(), time.process_time())
        self._wall[self._running[-1]] += now[0] - self._since[0]
        self._cpu[self._running[-1]] += now[1] - self._since[1]
        self._since = now


def watch_imports(watch: Stopwatch) -> None:
    """The first import of each large library becomes a part."""
    plain = builtins.__import__

    def importing(name: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
        library = name.partition(".")[0]
        if library in LIBRARIES and name not in sys.modules:
            with watch.part(f"import {library}"):
                return plain(name, *rest, **named)
        return plain(name, *rest, **named)

    builtins.__import__ = importing


def watch_steps(watch: Stopwatch) -> None:
    """Wrap each step as soon as the module that calls it is there."""
    waiting = {place: part for part, places in STEPS.items() for place in places}
    outer = builtins.__import__

    def importing(*args: Any, **named: Any) -> Any:  # noqa: ANN401
        module = outer(*args, **named)
        for place in [p for p in waiting if _is_there(p)]:
            _wrap(place, waiting.pop(place), watch)
        return module

    builtins.__import__ = importing


def _is_there(place: str) -> bool:
    module, _, name = place.rpartition(".")
    return hasattr(sys.modules.get(module), name)


def _wrap(place: str, part: str, watch: Stopwatch) -> None:
    module, _, name = place.rpartition(".")
    step: Callable[..., Any] = getattr(sys.modules[module], name)

    @functools.wraps(step)
    def timed(*args: Any, **named: Any) -> Any:  # noqa: ANN401
        with watch.part(part):
            return step(*args, **named)

    setattr(sys.modules[module], name, timed)


def main() -> int:
    """Run, tell, and end with the command's own exit status."""
    watch = Stopwatch()
    watch_imports(watch)
    watch_steps(watch)
    status = 0
    try:
        importlib.import_module("finsam_pipeline.cli").main()
    except SystemExit as ended:
        status = int(ended.code or 0)
    parts = watch.stop()
    loaded = sorted(name for name in LIBRARIES if name in sys.modules)
    sys.stdout.write("\n" + json.dumps({"parts": parts, "libraries": loaded}) + "\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
