"""Accepted rows → SQL models → staged marts, with the rules that only the models can judge (L008, L010, U002).

Belongs here: what is taken out of the models. Does not: SQL, what goes into them (`assembling`), how a rule decides.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pyarrow as pa

from finsam_pipeline import models
from finsam_pipeline.contracts.sources import HUVUDBOK, UPPFOLJNING_FINSAM
from finsam_pipeline.pipeline.assembling import accepted_tables, model_inputs, rule_counts
from finsam_pipeline.pipeline.judging import checks, place_findings
from finsam_pipeline.pipeline.outcomes import BuildOutcome, CheckOutcome, ModelOutcome, ModelTest, SourceOutcome
from finsam_pipeline.pipeline.stewards import Standing
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.privacy import mask
from finsam_pipeline.register.model import Register
from finsam_pipeline.validation import judge

MODEL_BATCHES = ("lines", "financing", "reconciliation")
_SOURCE_OF = {"lines": HUVUDBOK.name, "financing": HUVUDBOK.name, "reconciliation": UPPFOLJNING_FINSAM.name}


def build(
    work: WorkFiles, register: Register, sources: Sequence[SourceOutcome], newest_day: dt.date | None, decisions: Standing
) -> BuildOutcome:
    """Build and test the models, judge what stands in them, stage every mart as `staged/<family>/<mart>.parquet`."""
    began = time.perf_counter()
    accepted = accepted_tables(work)
    inputs = model_inputs(work, register, sources, newest_day, accepted)
    with models.build(inputs) as built:
        found = _judge_models(work, built, accepted[HUVUDBOK.name], decisions, register)
        every = [c for s in sources for c in s.checks] + list(found)
        built.rebuild("quality_rules", {"accepted.rule_counts": rule_counts(register.id, every)})
        tests = models.run_tests(built)
        for path, table in models.export(built).items():
            work.write_table(f"staged/{path}", table)
        outcome = tuple(
            ModelOutcome(
                name,
                rows,
                built.seconds[name],
                tuple(ModelTest(t.model, t.test, t.passed, t.failing_rows) for t in tests if t.model == name),
                built.project.model(name).family or "",
            )
            for name, rows in built.rows.items()
        )
    return BuildOutcome(outcome, found, time.perf_counter() - began)


def _judge_models(
    work: WorkFiles, built: models.Built, ledger: pa.Table, decisions: Standing, register: Register
) -> tuple[CheckOutcome, ...]:
    frames = {
        "lines": _lines(built, ledger),
        "financing": _financing(built, register),
        "reconciliation": _reconciliation(built),
    }
    out: list[CheckOutcome] = []
    for source in sorted(set(_SOURCE_OF.values())):
        own = {batch: f for batch, f in frames.items() if _SOURCE_OF[batch] == source}
        full = {batch: f for batch, f in own.items() if not f.empty}
        results = judge(full, source)
        findings = place_findings(results, full, decisions.waivers(source))
        work.write_frame(f"findings/{source}.models", findings)
        out += checks(source, results, findings, tuple(own))
    return tuple(out)


def _lines(built: models.Built, ledger: pa.Table) -> pd.DataFrame:
    """Voucher rows of the result accounts with the line they land on, and the content a decision belongs to."""
    lines: pd.DataFrame = built.table("int_ledger_lines").to_pandas()
    if lines.empty:
        return lines
    content = ledger.select(["sha256", "sheet", "row", "content"]).to_pandas()
    lines = lines.merge(content, on=["sha256", "sheet", "row"], how="left")
    unmapped = lines["line_id"].isna()
    about = [
        _account_and_objects(a, o) for a, o in zip(lines.loc[unmapped, "account"], lines.loc[unmapped, "objects"], strict=True)
    ]
    return lines.assign(
        row_id=range(len(lines)), about=pd.Series(about, index=lines.index[unmapped]).reindex(lines.index, fill_value="")
    )


def _account_and_objects(account: str, objects: str) -> str:
    """`konto 5010, objekt 6:77`; an object can be an employee's number."""
    named = " ".join(objects.strip("|").split("|"))
    return mask(f"konto {account}, objekt {named}" if named else f"konto {account}, utan objekt")


def _financing(built: models.Built, register: Register) -> pd.DataFrame:
    """Each member's contribution beside what the agreed shares say of the total, in periods the ledger reaches to the end."""
    shares = {m.id: m.share for m in register.members}
    periods = built.table("reference_periods").to_pylist()
    reached = {p["period"] for p in periods if p["ledger_through"] and p["ledger_through"] >= p["ends_on"]}
    rows = [
        r for r in built.table("financing").select(["period", "member_id", "outcome_kr"]).to_pylist() if r["period"] in reached
    ]
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["period"]] = totals.get(row["period"], Decimal(0)) + (row["outcome_kr"] or Decimal(0))
    frame = pd.DataFrame(
        {
            "row_id": range(len(rows)),
            "period": [r["period"] for r in rows],
            "member_id": [r["member_id"] for r in rows],
            "outcome_kr": _money([r["outcome_kr"] for r in rows]),
            "expected_kr": _money([_share(totals[r["period"]], shares.get(r["member_id"])) for r in rows]),
        }
    )
    return frame.assign(
        content=[f"financing|{r['period']}|{r['member_id']}" for r in rows], sheet=None, row=None, path="", sha256=""
    )


def _share(total: Decimal, share: Decimal | None) -> Decimal:
    return (total * (share or Decimal(0))).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _money(values: Sequence[Decimal | None]) -> pd.Series:
    return pd.Series(pa.array(values, pa.decimal128(18, 2)), dtype=pd.ArrowDtype(pa.decimal128(18, 2)))


def _reconciliation(built: models.Built) -> pd.DataFrame:
    frame: pd.DataFrame = built.table("reconciliation").to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    place = frame["period"].astype(str) + "|" + frame["intervention_id"].astype(str) + "|" + frame["gender"].astype(str)
    return frame.assign(row_id=range(len(frame)), content="reconciliation|" + place, sheet=None, row=None, path="", sha256="")
