"""Dagster: assets, checks, jobs, schedule and sensor over the way in `pipeline/`.

Belongs here: what stands in the Dagster UI and when runs are requested; each asset is a few lines that call the way. Does
not: SQL, parsing, rules, data frames.
"""

from finsam_pipeline.defs.assembly import build_definitions
from finsam_pipeline.defs.boundary import StepFailed, StepRefused
from finsam_pipeline.defs.instance import JobSummary, prepare_instance, run_job
from finsam_pipeline.defs.steps import StepProgress, Steps

__all__ = ["JobSummary", "StepFailed", "StepProgress", "StepRefused", "Steps", "build_definitions", "prepare_instance", "run_job"]
