"""Accepted rows → SQL models → staged marts, with the rules that only the models can judge.

Belongs here: what is taken out of the models. Does not: SQL, what goes into them (`assembling`), which tables the rules judge
(`model_frames`), how a rule decides.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from finsam_pipeline import models
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.assembling import accepted_tables, model_inputs, rule_counts
from finsam_pipeline.pipeline.drafts import drafted_period
from finsam_pipeline.pipeline.findings import with_items
from finsam_pipeline.pipeline.judging import checks, place_findings
from finsam_pipeline.pipeline.model_frames import frames_of
from finsam_pipeline.pipeline.outcomes import BuildOutcome, CheckOutcome, ModelOutcome, ModelTest, SourceOutcome
from finsam_pipeline.pipeline.sourcing import Staged, keep_places
from finsam_pipeline.pipeline.stewards import Standing
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register.model import Register
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.validation import judge


def build(
    work: WorkFiles, register: Register, sources: Sequence[SourceOutcome], newest_day: dt.date | None, decisions: Standing
) -> BuildOutcome:
    """Build and test the models, judge what stands in them, stage every mart as `staged/<family>/<mart>.parquet`."""
    began = time.perf_counter()
    accepted = accepted_tables(work)
    inputs = model_inputs(work, register, sources, newest_day, accepted)
    engine = models.chosen_engine()
    with models.build(inputs, engine=engine) as built:
        found = _judge_models(work, built, accepted, decisions, register)
        every = [c for s in sources for c in s.checks] + list(found)
        built.rebuild("quality_rules", {"accepted.rule_counts": rule_counts(register.id, every)})
        tests = models.run_tests(built)
        staged = models.export(built)
        for path, table in staged.items():
            work.write_table(f"staged/{path}", table)
        if newest_day is not None:
            period = drafted_period(register, newest_day, Staged(staged)).name
            with _explaining(built, engine, inputs) as asked:
                keep_places(work, register, asked, staged, period)
        outcome = tuple(
            ModelOutcome(
                name,
                rows,
                built.seconds[name],
                tuple(ModelTest(t.model, t.test, t.passed, t.failing_rows, t.severity) for t in tests if t.model == name),
                built.project.model(name).family or "",
            )
            for name, rows in built.rows.items()
        )
    return BuildOutcome(outcome, found, time.perf_counter() - began)


@contextlib.contextmanager
def _explaining(built: models.Built, engine: str, inputs: Mapping[str, pa.Table | Path]) -> Iterator[models.Built]:
    """The models in DuckDB, which alone is asked what stands behind a figure, whatever the engine (docs/adr/0031)."""
    if engine == models.DUCKDB:
        yield built
        return
    with models.build(inputs) as in_duckdb:
        yield in_duckdb


def _judge_models(
    work: WorkFiles, built: models.Built, accepted: Mapping[str, Path], decisions: Standing, register: Register
) -> tuple[CheckOutcome, ...]:
    key = pseudonym_key(work.workspace)
    every = frames_of(built, accepted, register)
    out: list[CheckOutcome] = []
    for source in (name for name in SOURCES if any(of == name for of, _ in every)):
        own = {batch: frame for (of, batch), frame in every.items() if of == source}
        full = {batch: frame for batch, frame in own.items() if not frame.empty}
        results = judge(full, source)
        found = place_findings(results, full, decisions.waivers(source))
        findings = with_items(found, work.association, source, key)
        work.write_frame(f"findings/{source}.models", findings)
        out += checks(source, results, findings, tuple(own))
    return tuple(out)
