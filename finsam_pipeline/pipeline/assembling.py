"""What the models are built on: accepted rows, deliveries, rule counts and the register, as Arrow tables.

Shared by the build and by whoever asks afterwards what stands behind a figure. Belongs here: putting the inputs together. Does
not: building, judging.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from finsam_pipeline import models
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.models.inputs import ACCEPTED
from finsam_pipeline.pipeline.accepting import earliest_year
from finsam_pipeline.pipeline.outcomes import CheckOutcome, SourceOutcome
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register.model import Register


def accepted_tables(work: WorkFiles) -> dict[str, pa.Table]:
    """Source → its accepted rows with `content`; a source nobody took in is an empty table of the models' schema."""
    return {name: _accepted(work, name) for name in SOURCES}


def model_inputs(
    work: WorkFiles,
    register: Register,
    sources: Sequence[SourceOutcome],
    newest_day: dt.date | None,
    accepted: Mapping[str, pa.Table],
) -> dict[str, pa.Table]:
    """`accepted.<name>` and `register.<name>` for `models.build`."""
    history = [t for name in SOURCES if (t := work.read_table(f"history/{name}")) is not None]
    inputs: dict[str, pa.Table] = {f"accepted.{n}": t.select(ACCEPTED[n].names) for n, t in accepted.items()}
    inputs["accepted.participation_history"] = pa.concat_tables([ACCEPTED["participation_history"].empty_table(), *history])
    inputs["accepted.deliveries"] = _deliveries(sources)
    inputs["accepted.rule_counts"] = rule_counts(register.id, [c for s in sources for c in s.checks])
    return inputs | _register_tables(register, newest_day, accepted.values())


def _register_tables(register: Register, newest_day: dt.date | None, accepted: Iterable[pa.Table]) -> dict[str, pa.Table]:
    """The register with every period from the earliest accepted row to the newest day; none when nothing is delivered."""
    if newest_day is None:
        return models.register_tables(register, dt.date.min, 1, 0)
    first_year = earliest_year(accepted) or newest_day.year
    return models.register_tables(register, newest_day, min(first_year, newest_day.year), newest_day.year)


def rule_counts(association: str, found: Sequence[CheckOutcome]) -> pa.Table:
    """`accepted.rule_counts`: how many rows failed each rule of each source."""
    rows = [
        {"association": association, "source": c.source, "rule": c.rule, "severity": c.severity, "failed_rows": c.failed_rows}
        for c in found
    ]
    return pa.Table.from_pylist(rows, schema=ACCEPTED["rule_counts"])


def _accepted(work: WorkFiles, source: str) -> pa.Table:
    table = work.read_table(f"accepted/{source}")
    return ACCEPTED[source].empty_table() if table is None else table


def _deliveries(sources: Sequence[SourceOutcome]) -> pa.Table:
    """`accepted.deliveries`: one row per content; a duplicate's rows stand under the delivery that counts."""
    columns = ACCEPTED["deliveries"].names
    best: dict[tuple[str, str, str], dict[str, object]] = {}
    for d in (d for s in sources for d in s.deliveries if d.status != "duplicate"):
        best[d.association, d.source, d.sha256] = {c: getattr(d, c) for c in columns}  # the latest delivery of a content stands
    return pa.Table.from_pylist(list(best.values()), schema=ACCEPTED["deliveries"])
