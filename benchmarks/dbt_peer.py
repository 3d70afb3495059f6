"""dbt itself on `dbt_like_sql/`, in an environment of its own (`make dbt-env`): a peer to measure and to compare with.

Belongs here: how dbt is called. Does not: anything the project needs in order to run.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from finsam_pipeline.models import project_folder

DBT = Path(os.environ.get("FINSAM_DBT", Path(__file__).resolve().parents[1] / ".venv-dbt" / "bin" / "dbt"))


def run_dbt(command: str, sources: Path, scratch: Path) -> tuple[Path, float]:
    """`dbt run` or `dbt build` over `sources/<schema>/<table>.parquet`.

    Gives the database dbt wrote into and the seconds dbt itself says its models took, without its start. Everything dbt writes
    stands in `scratch`. Raises RuntimeError with dbt's own words when it fails.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    database = scratch / "marts.duckdb"
    profile = (project_folder() / "profiles.example.yml").read_text(encoding="utf-8")
    (scratch / "profiles.yml").write_text(profile, encoding="utf-8")
    settings = {"FINSAM_SOURCES": str(sources), "FINSAM_DUCKDB": str(database), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    folders = {"project": project_folder(), "profiles": scratch}
    told = [f"--{name}-dir={folder}" for name, folder in folders.items()]
    told += [f"--target-path={scratch / 'target'}", f"--log-path={scratch / 'logs'}"]
    finished = subprocess.run(
        [DBT, "--no-version-check", "--no-use-colors", command, *told],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"dbt {command} failed:\n{finished.stdout[-4000:]}")
    results = json.loads((scratch / "target" / "run_results.json").read_text(encoding="utf-8"))
    return database, float(results["elapsed_time"])
