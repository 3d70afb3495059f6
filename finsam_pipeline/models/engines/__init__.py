"""The engines the models can be built in: DuckDB, and Spark where one machine is outgrown.

Belongs here: what an engine does for the runner, which one is chosen. Does not: the models, what is published.

An engine is a matter of the machine, not of an association: the marts are the same bytes, so the setting is an environment variable
and stands in no snapshot's identity.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from finsam_pipeline.register.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from finsam_pipeline.models.project import Model

VARIABLE = "FINSAM_ENGINE"
DUCKDB, SPARK = "duckdb", "spark"


class EngineError(Exception):
    """An engine cannot run a statement.

    `message` speaks of SQL alone, or is the error's class: it never quotes what stands in a row. `line` counts from 1 in the
    statement as it was handed in; None when it is not known.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Engine(Protocol):
    """A place for relations. Statements are in DuckDB's SQL whatever the engine; each method raises EngineError."""

    def give(self, name: str, given: pa.Table | Path, columns: Sequence[str]) -> None:
        """Makes or replaces an input, named `accepted.<name>` or `register.<name>`: these columns of a table or a Parquet file."""

    def make(self, model: Model) -> int:
        """Makes or replaces a model's relation and says how many rows it has."""

    def query(self, sql: str, bound: Sequence[object] = ()) -> pa.Table:
        """The rows of a statement with `bound` for its `?`, in no particular order unless it says so."""

    def fetch(self, sql: str, bound: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The same as Python's own values: for a few rows, half the work of a table."""

    def close(self) -> None:
        """Lets go of every relation; tables taken out before stay valid."""


def chosen_engine() -> str:
    """The engine of this machine: `FINSAM_ENGINE`, else DuckDB. Raises ConfigurationError for one that is not there."""
    name = os.environ.get(VARIABLE, "").strip().casefold() or DUCKDB
    if name not in (DUCKDB, SPARK):
        raise ConfigurationError(VARIABLE, None, f"ska vara {DUCKDB} eller {SPARK}.")
    if name == SPARK and find_spec("pyspark") is None:
        raise ConfigurationError(
            VARIABLE, None, "är spark, men PySpark är inte installerat: pip install 'finsam-pipeline[spark]'."
        )
    if name == SPARK and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ConfigurationError(VARIABLE, None, "är spark, men Java finns inte på datorn: Spark behöver Java 17 eller 21.")
    return name


def open_engine(name: str, threads: int) -> Engine:
    """An engine without relations. `threads` is for DuckDB; Spark has what it is configured with. KeyError for an unknown name."""
    if name == DUCKDB:
        from finsam_pipeline.models.engines.duck import DuckEngine  # noqa: PLC0415 - one engine is imported, not all

        return DuckEngine(threads)
    if name == SPARK:
        from finsam_pipeline.models.engines.spark import SparkEngine  # noqa: PLC0415 - PySpark need not be there

        return SparkEngine()
    raise KeyError(name)
