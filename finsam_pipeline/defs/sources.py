"""One asset a landing folder: its accepted rows, with every rule that judges them as a check.

Belongs here: the asset's definition and its few lines. Does not: reading, judging.
"""
# No `from __future__ import annotations` here: Dagster reads the annotation of `context` and wants the class itself.

from collections.abc import Iterator
from typing import Any

import dagster as dg

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import SourceContract
from finsam_pipeline.defs.checks import source_check_specs, source_results
from finsam_pipeline.defs.describe import deliveries_metadata, source_schema
from finsam_pipeline.defs.names import ASSOCIATIONS, POOL, SOURCES_GROUP, STEPS, source_key
from finsam_pipeline.defs.steps import OpenRun, Steps
from finsam_pipeline.defs.timeliness import timely_check_spec, timely_result
from finsam_pipeline.pipeline.outcomes import SourceOutcome

SourceEvent = dg.MaterializeResult[None] | dg.AssetCheckResult


def source_assets() -> list[dg.AssetsDefinition]:
    """Every landing folder of the contracts."""
    return [_source_asset(contract) for contract in SOURCES.values()]


def _source_asset(contract: SourceContract) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"source_{contract.name}",
        specs=[source_spec(contract)],
        check_specs=[*source_check_specs(contract.name), timely_check_spec(contract.name)],
        required_resource_keys={STEPS},
        pool=POOL,
    )
    def take(context: dg.AssetExecutionContext) -> Iterator[SourceEvent]:
        steps: Steps = context.resources.steps
        yield from steps.do(context, f"source/{contract.name}", lambda run: _take(steps, run, contract.name))

    return take


def source_spec(contract: SourceContract) -> dg.AssetSpec:
    """The asset of one source: what a row is, its columns, who answers for it."""
    return dg.AssetSpec(
        source_key(contract.name),
        description=f"{contract.title_sv}. En rad är {contract.row_sv}.",
        group_name=SOURCES_GROUP,
        owners=[contract.owner],
        kinds={"csv", "excel", "great_expectations"},
        tags={"slice": contract.family.value} | ({"personuppgifter": ""} if contract.personal else {}),
        metadata={"dagster/column_schema": source_schema(contract)},
        partitions_def=ASSOCIATIONS,
    )


def _take(steps: Steps, run: OpenRun, source: str) -> list[SourceEvent]:
    outcome = run.way_run.take(source)
    counted: SourceEvent = dg.MaterializeResult(asset_key=source_key(source), metadata=_metadata(steps, run, outcome))
    timely = timely_result(source, run.way_run.late(outcome))
    return [counted, *source_results(source, outcome.checks, steps.way.workbook(run.association)), timely]


def _metadata(steps: Steps, run: OpenRun, outcome: SourceOutcome) -> dict[str, Any]:
    return {
        "dagster/row_count": outcome.accepted,
        "lästa rader": outcome.rows,
        "godtagna": outcome.accepted,
        "i karantän": outcome.quarantined,
        "ersatta": outcome.superseded,
        "sekunder": round(outcome.seconds, 3),
        **deliveries_metadata(steps.way.home, run.association, outcome.source, outcome.deliveries),
    }
