"""Spark on the same models, in an environment of its own (`make spark-env`): the other engine, to measure and to compare with.

    .venv-spark/bin/python -m benchmarks.spark_peer SOURCES OUT

reads `SOURCES/<schema>/<table>.parquet`, builds every model in Spark and writes each mart as `OUT/<family>/<mart>.parquet`, in the form in
which it is published. Belongs here: how the engine is called from outside. Does not: anything the project needs in order to run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pyarrow.parquet as pq

from finsam_pipeline import models
from finsam_pipeline.models.engines import SPARK
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS

REPOSITORY = Path(__file__).resolve().parents[1]
PYTHON = Path(os.environ.get("FINSAM_SPARK_PYTHON", REPOSITORY / ".venv-spark" / "bin" / "python"))
ABSENT = (
    ""
    if PYTHON.is_file() and shutil.which("java")
    else "Java or Spark's environment is absent; `make spark-env` makes the latter"
)
_HERE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
# A few thousand rows cost Spark the making of its plans and nothing else, so nothing is compiled for them.
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


def run_spark(
    sources: Path,
    out: Path,
    scratch: Path,
    master: str,
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    tested: bool = False,
) -> dict[str, float]:
    """Builds the models of `sources` on a master such as `local[2]`; `tested`: with every model test, whose failures are counted.

    `settings` are Spark's, such as `SMALL`.
    Gives the seconds of Spark's start, the build, the tests and the marts, and how many tests fail. RuntimeError with Spark's own words
    when it fails.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    told = "".join(f" --conf {name}={value}" for name, value in {**_HERE, **settings}.items())
    environment = {
        "PYSPARK_SUBMIT_ARGS": f"--master {master}{told} pyspark-shell",
        "PYSPARK_PYTHON": str(PYTHON),
        "SPARK_LOCAL_DIRS": str(scratch),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONWARNINGS": "ignore",
    }
    command = [PYTHON, "-m", "benchmarks.spark_peer", str(sources), str(out), *(["tested"] if tested else [])]
    done = subprocess.run(command, env=os.environ | environment, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Spark failed:\n{done.stderr[-4000:]}")
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def main() -> int:
    """Build, write, say how long it took."""
    sources, out = Path(sys.argv[1]), Path(sys.argv[2])
    inputs = {name: sources / f"{name.replace('.', '/')}.parquet" for name in SOURCE_SCHEMAS}
    said, clock = {}, time.perf_counter()
    models.build(
        {"register.periods": SOURCE_SCHEMAS["register.periods"].empty_table()}, _empty_project(out), engine=SPARK
    ).close()
    said["start"], clock = time.perf_counter() - clock, time.perf_counter()
    with models.build(inputs, engine=SPARK) as built:
        said["build"], clock = time.perf_counter() - clock, time.perf_counter()
        if sys.argv[3:] == ["tested"]:
            said["failing"] = sum(not test.passed for test in models.run_tests(built))
            said["tests"], clock = time.perf_counter() - clock, time.perf_counter()
        for path, table in models.export(built).items():
            file = out / f"{path}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, file)
        said["marts"] = time.perf_counter() - clock
    _end()
    print(json.dumps(said))
    return 0


def _end() -> None:
    """Waits for Spark's own process, so that none is left and its CPU time is counted."""
    from pyspark import SparkContext  # noqa: PLC0415 - whoever asks for `run_spark` need not have it
    from pyspark.sql import SparkSession  # noqa: PLC0415

    java = SparkContext._gateway.proc  # noqa: SLF001 - PySpark leaves it to end by itself
    SparkSession.builder.getOrCreate().stop()
    java.stdin.close()
    java.wait()


def _empty_project(out: Path) -> Path:
    """A project without models, on which Spark starts and does nothing else."""
    folder = out / "empty_project"
    for part in ("models", "macros", "tests"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text("name: empty\n", encoding="utf-8")
    return folder


if __name__ == "__main__":
    sys.exit(main())
