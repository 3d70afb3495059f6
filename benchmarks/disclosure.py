"""What disclosure control costs: how many figures are left, beside hiding the small ones alone; into docs/disclosure.md.

Run: `python -m benchmarks.disclosure [home association period ...]`: the random tables of the trials, and any workspaces' reports.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

from finsam_pipeline import open_snapshot
from finsam_pipeline.register import load_register
from finsam_pipeline.register.disclosure import DisclosurePolicy
from finsam_pipeline.report import disclosure
from finsam_pipeline.report.disclosure.suppression import Suppression, suppress
from finsam_pipeline.report.disclosure.system import Cell, Published
from finsam_pipeline.report.halfyear import publishable
from finsam_pipeline_tests import disclosure_tables as tables
from finsam_pipeline_tests.attacker import Attacker, Sum, recovered

PAGE = Path(__file__).resolve().parents[1] / "docs" / "disclosure.md"
POLICY = DisclosurePolicy(method="mask")
TABLES = 300
MAKES = {"Tabell, två led": tables.one_table, "Tre led, bara marginaler": tables.cube, "Flöde och orsaker": tables.linked}
HEAD = "| | tal | visas, bara små dolda | visas | tabeller där ett litet tal går att räkna ut, bara små dolda | nu | ms |"


def value(terms: Iterable[tuple[str, int]], values: dict[str, int]) -> int:
    return sum(values[c] * n for c, n in terms)


def caught(values: dict[str, int], sums: list[Sum], choice: Suppression) -> bool:
    attacker, secrets = Attacker(), {}
    for s in sums:
        true = value(s, values)
        if frozenset(s) in choice.hidden:
            attacker.at_least.append((s, min(1, true)))
        else:
            attacker.equations.append((s, true))
        if frozenset(s) in choice.small:
            secrets[s] = true
    return bool(recovered(attacker, secrets, POLICY.width))


def random_tables(name: str, make: Callable[[np.random.Generator], tuple[dict[str, int], list[Sum]]]) -> str:
    cells = bare = left = caught_bare = caught_now = 0
    spent = 0.0
    for seed in range(TABLES):
        values, sums = make(np.random.default_rng(100_000 + seed))
        system = Published(values, {frozenset(s): Cell() for s in sums}, floors=set(map(frozenset, sums)))
        before = time.process_time()
        choice = suppress(system, POLICY)
        spent += time.process_time() - before
        cells += len(system.cells)
        bare += len(system.cells) - len(choice.small)
        left += len(system.cells) - len(choice.hidden)
        caught_bare += caught(values, sums, replace(choice, others=frozenset()))
        caught_now += caught(values, sums, choice)
    return row(f"{name}, {TABLES} slumpade", cells, bare, left, f"{caught_bare}", f"{caught_now}", 1000 * spent / TABLES)


def row(name: str, cells: int, bare: int, left: int, caught_bare: str, caught_now: str, spent: float) -> str:
    share = [f"{100 * n / cells:.1f} %".replace(".", ",") for n in (bare, left)]
    return f"| {name} | {cells} | {share[0]} | {share[1]} | {caught_bare} | {caught_now} | {spent:.0f} |"


def report(home: Path, association: str, period: str) -> Iterator[str]:
    """The figures of one report, as each distinct sum it prints."""
    snapshot, register = open_snapshot(home), load_register(home / "config" / association)
    for label, policy in (
        ("under 5", {"method": "mask"}),
        ("under 5, orsaker i grupper", {"method": "coarser", "join": ["exit_reasons"]}),
        ("under 10", {"method": "mask", "below": 10}),
    ):
        changed, seen, spent = replace(register, settings=register.settings | {"disclosure": policy}), [], 0.0

        def watched(system: Published, own: DisclosurePolicy) -> Suppression:
            before = time.process_time()
            seen.append((system, suppress(system, own), time.process_time() - before))  # noqa: B023 - used at once
            return seen[-1][1]  # noqa: B023

        with mock.patch.object(disclosure, "suppress", watched):
            publishable(snapshot, changed, period)
            publishable(snapshot, changed, period)  # the first one imports the solver
        system, choice, spent = seen[-1]
        cells = len(system.cells)
        yield row(f"{period}, {label}", cells, cells - len(choice.small), cells - len(choice.hidden), "–", "–", 1000 * spent)


def main(words: list[str]) -> None:
    lines = [random_tables(name, make) for name, make in MAKES.items()]
    for n in range(0, len(words), 3):
        lines += report(Path(words[n]), *words[n + 1 : n + 3])
    made = "\n".join([HEAD, "|---|---:|---:|---:|---:|---:|---:|", *lines])
    text = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(r"(?s)(<!-- measured -->\n).*?(\n<!-- end -->)", lambda m: m[1] + made + m[2], text), "utf-8")
    print(made)


if __name__ == "__main__":
    main(sys.argv[1:])
