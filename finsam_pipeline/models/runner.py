"""Builds every model in one engine.

Belongs here: inputs to relations, models to relations. Does not: how an engine does it, where inputs come from, what is published.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from finsam_pipeline.models.engines import DUCKDB, Engine, EngineError, open_engine
from finsam_pipeline.models.errors import ModelError
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS, conform
from finsam_pipeline.models.project import Model, Project, load_project, packaged_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import duckdb


@dataclass
class Built:
    """All models of one build, in order; `rows` and `seconds` are per model. Close it when done."""

    project: Project
    engine: Engine
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def table(self, model: str) -> pa.Table:
        """A model's rows as Arrow, in no particular order. KeyError when there is no such model."""
        return self.query(f'select * from "{self.project.model(model).name}"')

    def query(self, sql: str, bound: Sequence[object] = ()) -> pa.Table:
        """Rows of a statement on models and inputs, in DuckDB's SQL with `bound` for its `?`. EngineError when it does not run."""
        return self.engine.query(sql, bound)

    def fetch(self, sql: str, bound: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """As `query`, as Python's own values: for a few rows, half the work."""
        return self.engine.fetch(sql, bound)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB's own connection, for what no other engine is asked. TypeError when the models stand in another."""
        from finsam_pipeline.models.engines.duck import DuckEngine  # noqa: PLC0415 - the other engine does without

        if not isinstance(self.engine, DuckEngine):
            raise TypeError("these models do not stand in DuckDB")
        return self.engine.connection

    def rebuild(self, model: str, inputs: Mapping[str, pa.Table | Path]) -> None:
        """Replaces inputs and builds a model again, with every model that reads it. Errors as in `build`."""
        for name, given in inputs.items():
            _give(self.engine, name, given)
        for stale in self.project.downstream(self.project.model(model).name):
            _build_model(self, stale)

    def close(self) -> None:
        """Lets go of the relations; tables taken out before stay valid."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def build(inputs: Mapping[str, pa.Table | Path], folder: Path | None = None, *, threads: int = 2, engine: str = DUCKDB) -> Built:
    """Builds the project on the inputs and returns it open.

    `inputs` maps `accepted.<name>` and `register.<name>` (see `inputs.SOURCE_SCHEMAS`) to an Arrow table or a Parquet file; what
    is missing is empty. `folder` is another project than the packaged one, `engine` one of `engines`. Raises KeyError for an unknown
    input, ModelError for a model that fails.
    """
    project = load_project(folder) if folder else packaged_project()
    unknown = sorted(set(inputs) - set(SOURCE_SCHEMAS))
    if unknown:
        raise KeyError(f"unknown inputs: {', '.join(unknown)}")
    built = Built(project, open_engine(engine, threads))
    try:
        for name, schema in SOURCE_SCHEMAS.items():
            _give(built.engine, name, inputs.get(name, schema.empty_table()))
        for model in project.models:
            _build_model(built, model)
    except BaseException:
        built.close()
        raise
    return built


def _give(engine: Engine, name: str, given: pa.Table | Path) -> None:
    wanted = SOURCE_SCHEMAS[name]
    engine.give(name, conform(given, wanted) if isinstance(given, pa.Table) else given, wanted.names)


def _build_model(built: Built, model: Model) -> None:
    started = time.perf_counter()
    try:
        built.rows[model.name] = built.engine.make(model)
    except EngineError as error:
        raise ModelError(model.name, error.line, error.message) from None
    built.seconds[model.name] = time.perf_counter() - started
