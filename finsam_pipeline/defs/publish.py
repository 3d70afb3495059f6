"""What is given out: two slices in one switch of `current`, and the drafts remade from them.

One op, so that a held slice cannot keep the other one back: it yields no materialisation and a failed blocking check,
Dagster records the released slice and the drafts, and fails the run when the op is over.
"""
# No `from __future__ import annotations` here: Dagster reads the annotation of `context` and wants the class itself.

from collections.abc import Iterator
from typing import Any

import dagster as dg

from finsam_pipeline.contracts.types import Family
from finsam_pipeline.defs.checks import release_check_specs, release_result
from finsam_pipeline.defs.describe import mart_rows
from finsam_pipeline.defs.graph import Models
from finsam_pipeline.defs.names import (
    ASSOCIATIONS,
    OWNER,
    POOL,
    PUBLISH_GROUP,
    REPORTS,
    STEPS,
    TAG_OUTCOME,
    model_key,
    publish_key,
)
from finsam_pipeline.defs.steps import OpenRun, Steps
from finsam_pipeline.pipeline.outcomes import PublishOutcome, SliceOutcome

FAMILIES = tuple(f.value for f in Family)
_TEXTS = {
    Family.PARTICIPANTS.value: "Deltagartabellerna, prövade och utgivna tillsammans.",
    Family.ECONOMY.value: "Ekonomitabellerna, prövade och utgivna tillsammans.",
}
PublishEvent = dg.MaterializeResult[None] | dg.AssetCheckResult


def publish_asset(models: Models) -> dg.AssetsDefinition:
    """Both slices and the drafts."""

    @dg.multi_asset(
        name="publish",
        specs=[*(_slice_spec(f, models) for f in FAMILIES), _reports_spec()],
        check_specs=release_check_specs(FAMILIES),
        required_resource_keys={STEPS},
        pool=POOL,
    )
    def publish(context: dg.AssetExecutionContext) -> Iterator[PublishEvent]:
        steps: Steps = context.resources.steps
        yield from steps.do(context, "publish", lambda run: _publish(context, steps, run))

    return publish


def _slice_spec(family: str, models: Models) -> dg.AssetSpec:
    marts = [m.name for m in models.values() if m.family in (family, "reference", "quality")]
    return _spec(family, _TEXTS[family], map(model_key, marts), {"parquet", "excel"})


def _reports_spec() -> dg.AssetSpec:
    text = "Utkast till halvårsrapporten, gjorda om ur det som nu är utgivet."
    return _spec(REPORTS, text, map(publish_key, FAMILIES), {"html", "word", "pdf"})


def _spec(what: str, description: str, deps: Iterator[dg.AssetKey], kinds: set[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        publish_key(what),
        deps=list(deps),
        description=description,
        group_name=PUBLISH_GROUP,
        owners=[OWNER],
        kinds=kinds,
        skippable=True,  # a slice held back is not materialised
        partitions_def=ASSOCIATIONS,
    )


def _publish(context: dg.AssetExecutionContext, steps: Steps, run: OpenRun) -> list[PublishEvent]:
    outcome = run.way_run.publish()
    context.instance.add_run_tags(context.run.run_id, {TAG_OUTCOME: steps.outcome(run.association)})
    steps.close()
    events: list[PublishEvent] = []
    for part in (s for s in outcome.slices if s.family in FAMILIES):
        if part.published:
            events.append(
                dg.MaterializeResult(asset_key=publish_key(part.family), metadata=_slice_metadata(steps, outcome, part))
            )
        events.append(release_result(part))
    if outcome.reports:
        meta: dict[str, Any] = {"filer": dg.MetadataValue.md("\n".join(f"- `{path}`" for path in outcome.reports))}
        events.append(dg.MaterializeResult(asset_key=publish_key(REPORTS), metadata=meta))
    return events


def _slice_metadata(steps: Steps, outcome: PublishOutcome, part: SliceOutcome) -> dict[str, Any]:
    return {
        "dagster/row_count": sum(part.rows.values()),
        "dagster/uri": (steps.way.home.absolute() / "marts" / "current" / part.family).as_uri(),
        "ögonblicksbild": outcome.snapshot_id,
        "ny": outcome.changed,
        "tabeller": mart_rows(part.rows),
    }
