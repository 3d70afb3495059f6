"""A way without files, SQL or Great Expectations: says what it is told to, so that the Dagster room can be tested alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.rules import USES, severity_of
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.defs.graph import ModelNode
from finsam_pipeline.pipeline.lateness import Late
from finsam_pipeline.pipeline.outcomes import (
    BuildOutcome,
    CheckOutcome,
    DeliveryOutcome,
    ModelOutcome,
    ModelTest,
    PublishOutcome,
    SliceOutcome,
    SourceOutcome,
)
from finsam_pipeline.pipeline.summary import RunSummary

if TYPE_CHECKING:
    from pathlib import Path

MODEL_BATCHES = {"lines", "financing", "reconciliation", "flows", "placements", "versions"}
MODELS = {
    m.name: m
    for m in (
        ModelNode("stg_ledger", "staging", sources=("huvudbok",)),
        ModelNode("int_ledger_lines", "intermediate", refs=("stg_ledger",), tested=True),
        ModelNode("financing", "marts", "economy", refs=("int_ledger_lines",), tested=True),
        ModelNode("intervention_budget", "marts", "economy", refs=("int_ledger_lines",)),
        ModelNode("participant_flow", "marts", "participants", sources=("deltagaruppfoljning", "sus_deltagare")),
        ModelNode("reconciliation", "marts", "participants", sources=tuple(SOURCES), tested=True),
    )
}


def passed_checks(source: str | None, *, on_models: bool) -> tuple[CheckOutcome, ...]:
    """Every rule of a source (or of all), passed."""
    uses = {(u.source, u.rule): u for u in USES if source in (u.source, None) and (u.batch in MODEL_BATCHES) == on_models}
    return tuple(CheckOutcome(r, s, str(severity_of(u)), True, 0, 0) for (s, r), u in uses.items())


@dataclass
class FakeWay:
    """Says what it is told to.

    `failed` replaces passed checks; `broken` maps a step (or `opening`, `decide`) to the exception it raises; `held` maps a family
    to its reasons.
    """

    home: Path
    failed: tuple[CheckOutcome, ...] = ()
    failing_tests: frozenset[str] = frozenset()
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)
    broken: dict[str, Exception] = field(default_factory=dict)
    known: list[str] = field(default_factory=lambda: ["norr", "soder"])
    new: list[str] = field(default_factory=lambda: ["norr", "soder"])
    landing: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)
    opened: list[tuple[str, dt.date | None]] = field(default_factory=list)
    closed: int = 0
    said: dict[str, RunSummary] = field(default_factory=dict)
    decisions: list[tuple[str, str, str, str]] = field(default_factory=list)
    failures: list[tuple[str, str, str]] = field(default_factory=list)  # association, step, error id
    late: dict[str, Late] = field(default_factory=dict)  # by source
    snapshots: list[str] = field(default_factory=list)  # ids of the next publications, then "abc"
    states: dict[str, dict[dt.date | None, str]] = field(default_factory=dict)  # association -> day -> what its inputs are

    def open_run(self, association: str, as_of: dt.date | None) -> FakeRun:
        self.opened.append((association, as_of))
        if "opening" in self.broken:
            raise self.broken["opening"]
        return FakeRun(self, association, as_of)

    def summary(self, association: str) -> RunSummary | None:
        return self.said.get(association)

    def tell_failure(self, association: str, step: str, error_id: str) -> None:
        self.failures.append((association, step, error_id))

    def decide(self, item_id: str, decision: str, reason_code: str, by: str) -> None:
        if "decide" in self.broken:
            raise self.broken["decide"]
        self.decisions.append((item_id, decision, reason_code, by))

    def workbook(self, association: str) -> Path:
        return self.home / "vault" / f"{association}.xlsx"

    def associations(self) -> list[str]:
        return self.known

    def whats_new(self) -> list[str]:
        return self.new

    def landing_state(self, association: str) -> list[tuple[str, int, int]]:
        return self.landing.get(association, [])

    def judged(self, checks: tuple[CheckOutcome, ...]) -> tuple[CheckOutcome, ...]:
        other = {(c.source, c.rule): c for c in self.failed}
        return tuple(other.get((c.source, c.rule), c) for c in checks)


@dataclass
class FakeRun:
    """One association's run of a FakeWay."""

    way: FakeWay
    association: str
    as_of: dt.date | None = None

    @property
    def state(self) -> str:
        return self.way.states.get(self.association, {}).get(self.as_of, str(self.as_of))

    def late(self, outcome: SourceOutcome) -> Late | None:
        return self.way.late.get(outcome.source)

    def take(self, source: str) -> SourceOutcome:
        self._break(source)
        path = f"landing/{self.association}/{source}/export.csv"
        delivery = DeliveryOutcome(self.association, source, path, "0" * 64, dt.date(2025, 7, 1), "accepted", 12, 10, 2)
        return SourceOutcome(source, (delivery,), self.way.judged(passed_checks(source, on_models=False)))

    def build(self) -> BuildOutcome:
        self._break("models")
        models = [
            ModelOutcome(m, 3, 0.0, (ModelTest(m, "unique", m not in self.way.failing_tests, int(m in self.way.failing_tests)),))
            for m in MODELS
        ]
        return BuildOutcome(tuple(models), self.way.judged(passed_checks(None, on_models=True)))

    def publish(self) -> PublishOutcome:
        self._break("publish")
        slices = tuple(
            SliceOutcome(self.association, f, f not in self.way.held, self.way.held.get(f, ()), {f"{f}/a": 3})
            for f in ("participants", "economy", "reference", "quality")
        )
        reports = (f"reports/{self.association}/2025H1/draft/halvarsrapport.html",)
        identity = self.way.snapshots.pop(0) if self.way.snapshots else "abc"
        summary = RunSummary(identity, published=True, changed=True, checks=self.way.failed, slices=slices, reports=reports)
        self.way.said[self.association] = replace(summary)
        return PublishOutcome(identity, True, slices, reports)

    def close(self) -> None:
        self.way.closed += 1

    def _break(self, step: str) -> None:
        if step in self.way.broken:
            raise self.way.broken[step]
