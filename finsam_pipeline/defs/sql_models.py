"""All SQL models as assets of one op: they are built in one DuckDB connection, and drawn one by one with their refs.

Belongs here: the assets' definitions. Does not: SQL, building, testing.
"""
# No `from __future__ import annotations` here: Dagster reads the annotation of `context` and wants the class itself.

import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import MartContract
from finsam_pipeline.defs.checks import CheckTarget, model_check_specs, model_rule_results, model_rule_targets, tests_result
from finsam_pipeline.defs.describe import mart_schema
from finsam_pipeline.defs.graph import Lineage, ModelNode, Models
from finsam_pipeline.defs.names import ASSOCIATIONS, OWNER, POOL, STEPS, model_key, source_key
from finsam_pipeline.defs.steps import OpenRun, Steps

Columns = Mapping[str, Sequence[tuple[str, str]]]  # column -> (upstream, column) pairs
ModelEvent = dg.MaterializeResult[None] | dg.AssetCheckResult


def models_asset(models: Models, marts: Mapping[str, MartContract], lineage: Lineage) -> dg.AssetsDefinition:
    """One op for all models. `marts` is keyed `family/name`, `lineage` by model."""
    targets = model_rule_targets(models)

    @dg.multi_asset(
        name="models",
        specs=[model_spec(node, marts, lineage.get(node.name, {})) for node in models.values()],
        check_specs=model_check_specs(models),
        required_resource_keys={STEPS},
        pool=POOL,
    )
    def build(context: dg.AssetExecutionContext) -> Iterator[ModelEvent]:
        steps: Steps = context.resources.steps
        yield from steps.do(context, "models", lambda run: _build(steps, run, models, targets))

    return build


def model_spec(node: ModelNode, marts: Mapping[str, MartContract], columns: Columns) -> dg.AssetSpec:
    """The asset of one model; a mart shows its published columns with units."""
    mart = marts.get(node.mart)
    return dg.AssetSpec(
        model_key(node.name),
        deps=[*map(model_key, node.refs), *map(source_key, node.sources)],
        description=f"{mart.title_sv}. En rad är {mart.row_sv}." if mart else node.description or None,
        group_name=node.group,
        owners=[OWNER],
        kinds={"duckdb", "sql", "parquet"} if mart else {"duckdb", "sql"},
        tags={"slice": node.family} if node.family else {},
        metadata=_static_metadata(node, mart, columns),
        partitions_def=ASSOCIATIONS,
    )


def _static_metadata(node: ModelNode, mart: MartContract | None, columns: Columns) -> dict[str, Any]:
    meta: dict[str, Any] = {"dagster/column_schema": mart_schema(mart)} if mart else {}
    if columns:
        meta["dagster/column_lineage"] = _column_lineage(columns)
    if node.file:
        meta["dagster/code_references"] = _code_reference(node.file)
    return meta


def _column_lineage(columns: Columns) -> dg.TableColumnLineage:
    """Columns of models and landing folders; those of the configuration are no assets and are left out."""
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(key, name) for upstream, name in origins if (key := _upstream_key(upstream))]
            for column, origins in columns.items()
        }
    )


def _upstream_key(upstream: str) -> dg.AssetKey | None:
    schema, _, table = upstream.rpartition(".")
    if not schema:
        return model_key(table)
    return source_key(table) if table in SOURCES else None


def _code_reference(file: Path) -> dg.CodeReferencesMetadataValue:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # code references are beta in Dagster 1.13
        return dg.CodeReferencesMetadataValue(code_references=[dg.LocalFileCodeReference(file_path=str(file), line_number=1)])


def _build(steps: Steps, run: OpenRun, models: Models, targets: Mapping[CheckTarget, dg.AssetKey]) -> list[ModelEvent]:
    built = run.way_run.build()
    events: list[ModelEvent] = []
    for outcome in built.models:
        meta = {"dagster/row_count": outcome.rows, "sekunder": round(outcome.seconds, 3)}
        events.append(dg.MaterializeResult(asset_key=model_key(outcome.model), metadata=meta))
        if models[outcome.model].tested:
            events.append(tests_result(outcome))
    return [*events, *model_rule_results(targets, built.checks, steps.way.workbook(run.association))]
