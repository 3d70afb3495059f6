"""Spark through PySpark: where it runs and with how much is Spark's own configuration (`spark-defaults.conf`, `PYSPARK_SUBMIT_ARGS`).

Belongs here: relations and errors of Spark. Does not: what a cluster looks like. Files that are handed in must be where the workers see
them under the same path; tables are sent.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JError
from pyspark.errors import AnalysisException, PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from finsam_pipeline.models.engines import EngineError
from finsam_pipeline.models.engines.dialect import in_spark
from finsam_pipeline.models.flat_names import flat

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from finsam_pipeline.models.project import Model

# Figures must not depend on how a cluster is set up: no zone moves a day, an overflow or a division by zero is an error, not a null.
_FIXED = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true", "spark.sql.caseSensitive": "false"}
# Spark's pages have no login and its bars would stand among our log lines.
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
_PATTERN = re.compile(r"([\\*?\[\]{}])")


class SparkEngine:
    """An engine on a session of its own. What runs below it stays up as long as the process: starting Spark takes seconds."""

    def __init__(self) -> None:
        # Both would quote the values of a row that Spark stumbles over.
        PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
        builder = SparkSession.builder.appName("finsam")
        for name, value in _QUIET.items():
            builder = builder.config(name, value)
        running = builder.getOrCreate()
        running.sparkContext.setLogLevel("OFF")
        self._session = running.newSession()
        self._views: set[str] = set()
        for name, value in _FIXED.items():
            self._session.conf.set(name, value)

    def give(self, name: str, given: pa.Table | Path, columns: Sequence[str]) -> None:
        """See `Engine`."""
        read = self._session.read.parquet
        frame = read(_address(given)) if isinstance(given, Path) else self._session.createDataFrame(given)
        self._name(frame.select(*columns), flat(name))

    def make(self, model: Model) -> int:
        """See `Engine`."""
        try:
            frame = self._session.sql(in_spark(model.sql))
            if model.materialized == "table":
                # The rows stay with the workers and the plan ends here: without that each model would plan all before it again.
                frame = frame.localCheckpoint()
            self._name(frame, model.name)
            return int(frame.count())
        except (PySparkException, Py4JError) as error:
            raise _told(error) from None

    def query(self, sql: str, bound: Sequence[object] = ()) -> pa.Table:
        """See `Engine`."""
        try:
            return self._session.sql(in_spark(sql), args=list(bound) or None).toArrow()
        except (PySparkException, Py4JError) as error:
            raise _told(error) from None

    def fetch(self, sql: str, bound: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """See `Engine`."""
        found = self.query(sql, bound)
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def close(self) -> None:
        """See `Engine`."""
        for view in self._views:
            self._session.catalog.dropTempView(view)
        self._views.clear()

    def _name(self, frame: Any, name: str) -> None:  # noqa: ANN401 - PySpark need not be installed
        frame.createOrReplaceTempView(name)
        self._views.add(name)


def _address(file: Path) -> str:
    """A file where it lies: not in the cluster's own file system, and its name is no pattern."""
    return "file://" + _PATTERN.sub(r"\\\1", file.absolute().as_posix())


def _told(error: Exception) -> EngineError:
    """Spark's error as one that holds no value of a row: its condition, and for what was found before any row was read its first line."""
    if isinstance(error, AnalysisException):
        return EngineError(str(error).strip().splitlines()[0])
    condition = error.getCondition() if isinstance(error, PySparkException) else None
    return EngineError(condition or type(error).__name__)
