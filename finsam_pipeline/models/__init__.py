"""Runs the project in `dbt_like_sql/`: inputs, graph, rendering, engines, model tests, export of marts, lineage.

Belongs here: everything between accepted rows and staged marts. Does not: Dagster, files of a source, what is published.
"""

from finsam_pipeline.models.engines import DUCKDB, chosen_engine
from finsam_pipeline.models.errors import ModelError
from finsam_pipeline.models.inputs import conform, empty_accepted, merge, register_tables
from finsam_pipeline.models.marts import export
from finsam_pipeline.models.project import Model, Project, load_project, packaged_project, project_folder
from finsam_pipeline.models.runner import Built, build
from finsam_pipeline.models.tests import ModelTestResult, run_tests

__all__ = [
    "DUCKDB",
    "Built",
    "Model",
    "ModelError",
    "ModelTestResult",
    "Project",
    "build",
    "chosen_engine",
    "conform",
    "empty_accepted",
    "export",
    "load_project",
    "merge",
    "packaged_project",
    "project_folder",
    "register_tables",
    "run_tests",
]
