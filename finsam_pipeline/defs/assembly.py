"""All definitions of one workspace put together.

Belongs here: wiring. Importing it loads neither Great Expectations nor DuckDB, and needs no workspace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from finsam_pipeline.defs.automation import landing_sensor, nightly_job, nightly_schedule
from finsam_pipeline.defs.decision import decision_job
from finsam_pipeline.defs.graph import Lineage, Models, packaged_models
from finsam_pipeline.defs.look_back import look_back_job
from finsam_pipeline.defs.names import STEPS
from finsam_pipeline.defs.publish import publish_asset
from finsam_pipeline.defs.sources import source_assets
from finsam_pipeline.defs.sql_models import models_asset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from finsam_pipeline.contracts.types import MartContract
    from finsam_pipeline.defs.steps import Steps


def build_definitions(
    steps: Steps,
    models: Models | None = None,
    marts: Mapping[str, MartContract] | None = None,
    lineage: Lineage | None = None,
) -> dg.Definitions:
    """Assets, checks, job, schedule and sensor over one workspace.

    Args:
        steps: opens the workspace's runs; the resource of every asset.
        models: the SQL models by name; default: the packaged ones.
        marts: the published marts by `family/name`; default: the contracts.
        lineage: where each model's columns come from; default: not shown.
    """
    models = packaged_models() if models is None else models
    job = nightly_job()
    return dg.Definitions(
        assets=[
            *source_assets(),
            models_asset(models, _contracts() if marts is None else marts, lineage or {}),
            publish_asset(models),
        ],
        jobs=[job, decision_job, look_back_job],
        schedules=[nightly_schedule(steps.way, job)],
        sensors=[landing_sensor(steps.way, job)],
        resources={STEPS: steps},
        executor=dg.in_process_executor,
    )


def _contracts() -> Mapping[str, MartContract]:
    from finsam_pipeline.contracts.marts import MARTS  # noqa: PLC0415 - tests bring their own

    return MARTS
