"""What the models are built on: accepted rows, deliveries, rule counts and the register.

Accepted rows are handed on as the files they stand in: a large ledger is read column by column where it is asked for, never whole.
Shared by the build and by whoever asks afterwards what stands behind a figure. Belongs here: putting the inputs together. Does
not: building, judging.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from finsam_pipeline import models
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.models.inputs import ACCEPTED
from finsam_pipeline.pipeline.accepting import YEAR_COLUMNS, earliest_year
from finsam_pipeline.pipeline.outcomes import CheckOutcome, SourceOutcome
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register.model import Register


def accepted_tables(work: WorkFiles) -> dict[str, Path]:
    """Source → the Parquet file of its accepted rows with `content`; a source nobody took in has none."""
    files = {name: work.table_file(f"accepted/{name}") for name in SOURCES}
    return {name: file for name, file in files.items() if file.is_file()}


def accepted_rows(
    accepted: Mapping[str, Path], source: str, columns: Sequence[str], only: pc.Expression | None = None
) -> pa.Table:
    """These columns of a source's accepted rows, of all of them or of those the expression picks."""
    if source not in accepted:
        schema = ACCEPTED[source].append(pa.field("content", pa.string()))
        return pa.schema([schema.field(name) for name in columns]).empty_table()
    return pq.read_table(accepted[source], columns=list(columns), filters=only)


def model_inputs(
    work: WorkFiles,
    register: Register,
    sources: Sequence[SourceOutcome],
    newest_day: dt.date | None,
    accepted: Mapping[str, Path],
) -> dict[str, pa.Table | Path]:
    """`accepted.<name>` and `register.<name>` for `models.build`."""
    history = [t for name in SOURCES if (t := work.read_table(f"history/{name}")) is not None]
    inputs: dict[str, pa.Table | Path] = {f"accepted.{name}": file for name, file in accepted.items()}
    inputs["accepted.participation_history"] = pa.concat_tables([ACCEPTED["participation_history"].empty_table(), *history])
    inputs["accepted.deliveries"] = _deliveries(sources)
    inputs["accepted.rule_counts"] = rule_counts(register.id, [c for s in sources for c in s.checks])
    return inputs | _register_tables(register, newest_day, accepted)


def _register_tables(register: Register, newest_day: dt.date | None, accepted: Mapping[str, Path]) -> dict[str, pa.Table]:
    """The register with every period from the earliest accepted row to the newest day; none when nothing is delivered."""
    if newest_day is None:
        return models.register_tables(register, dt.date.min, 1, 0)
    first_year = earliest_year(_days_of(accepted, source) for source in accepted) or newest_day.year
    return models.register_tables(register, newest_day, min(first_year, newest_day.year), newest_day.year)


def rule_counts(association: str, found: Sequence[CheckOutcome]) -> pa.Table:
    """`accepted.rule_counts`: how many rows failed each rule of each source."""
    rows = [
        {"association": association, "source": c.source, "rule": c.rule, "severity": c.severity, "failed_rows": c.failed_rows}
        for c in found
    ]
    return pa.Table.from_pylist(rows, schema=ACCEPTED["rule_counts"])


def _days_of(accepted: Mapping[str, Path], source: str) -> pa.Table:
    return accepted_rows(accepted, source, [name for name in YEAR_COLUMNS if name in ACCEPTED[source].names])


def _deliveries(sources: Sequence[SourceOutcome]) -> pa.Table:
    """`accepted.deliveries`: one row per content; a duplicate's rows stand under the delivery that counts."""
    columns = ACCEPTED["deliveries"].names
    best: dict[tuple[str, str, str], dict[str, object]] = {}
    for d in (d for s in sources for d in s.deliveries if d.status != "duplicate"):
        best[d.association, d.source, d.sha256] = {c: getattr(d, c) for c in columns}  # the latest delivery of a content stands
    return pa.Table.from_pylist(list(best.values()), schema=ACCEPTED["deliveries"])
