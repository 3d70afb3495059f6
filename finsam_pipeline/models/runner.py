"""Builds every model in one DuckDB connection.

Belongs here: inputs to relations, models to relations, errors without values. Does not: where inputs come from, what is
published.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import duckdb

from finsam_pipeline.models.errors import ModelError
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS, conform
from finsam_pipeline.models.project import Model, Project, load_project, packaged_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    import pyarrow as pa

_LINE = re.compile(r"\bLINE (\d+):")
# These speak of SQL alone; every other class may quote what stood in a row.
_SAFE = (duckdb.ParserException, duckdb.CatalogException, duckdb.BinderException)


@dataclass
class Built:
    """All models of one build, in order; `rows` and `seconds` are per model. Close it when done."""

    project: Project
    connection: duckdb.DuckDBPyConnection
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def table(self, model: str) -> pa.Table:
        """A model's rows as Arrow, in no particular order. KeyError when there is no such model."""
        return self.connection.sql(f'select * from "{self.project.model(model).name}"').to_arrow_table()

    def rebuild(self, model: str, inputs: Mapping[str, pa.Table | Path]) -> None:
        """Replaces inputs and builds a model again, with every model that reads it. Errors as in `build`."""
        for name, given in inputs.items():
            _register_input(self.connection, name, given)
        for stale in self.project.downstream(self.project.model(model).name):
            _build_model(self, stale)

    def close(self) -> None:
        """Ends the connection; tables taken out before stay valid."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def build(inputs: Mapping[str, pa.Table | Path], folder: Path | None = None, *, threads: int = 2) -> Built:
    """Builds the project on the inputs and returns it open.

    `inputs` maps `accepted.<name>` and `register.<name>` (see `inputs.SOURCE_SCHEMAS`) to an Arrow table or a Parquet file; what
    is missing is empty. `folder` is another project than the packaged one. Raises KeyError for an unknown input, ModelError
    for a model that fails.
    """
    project = load_project(folder) if folder else packaged_project()
    unknown = sorted(set(inputs) - set(SOURCE_SCHEMAS))
    if unknown:
        raise KeyError(f"unknown inputs: {', '.join(unknown)}")
    connection = duckdb.connect(config={"threads": threads})
    built = Built(project, connection)
    try:
        _register_inputs(connection, inputs)
        for model in project.models:
            _build_model(built, model)
    except BaseException:
        connection.close()
        raise
    return built


def _register_inputs(connection: duckdb.DuckDBPyConnection, inputs: Mapping[str, pa.Table | Path]) -> None:
    for schema in sorted({name.split(".")[0] for name in SOURCE_SCHEMAS}):
        connection.execute(f'create schema "{schema}"')
    for name, arrow_schema in SOURCE_SCHEMAS.items():
        _register_input(connection, name, inputs.get(name, arrow_schema.empty_table()))


def _register_input(connection: duckdb.DuckDBPyConnection, name: str, given: pa.Table | Path) -> None:
    wanted = SOURCE_SCHEMAS[name]
    schema, table = name.split(".")
    if isinstance(given, Path):
        origin = "read_parquet('" + given.as_posix().replace("'", "''") + "')"
    else:
        origin = f'"{schema}_{table}_given"'
        connection.register(origin.strip('"'), conform(given, wanted))
    columns = ", ".join(f'"{column}"' for column in wanted.names)
    # Views, not tables: a model reads a few columns of its source, and copying a wide ledger first costs more than it saves.
    connection.execute(f'create or replace view "{schema}"."{table}" as select {columns} from {origin}')


def _build_model(built: Built, model: Model) -> None:
    started = time.perf_counter()
    try:
        made = built.connection.execute(f'create or replace {model.materialized} "{model.name}" as\n{model.sql}').fetchall()
        # A table tells its rows as it is made; a view has to be asked.
        counted = made or built.connection.execute(f'select count(*) from "{model.name}"').fetchall()
    except duckdb.Error as error:
        raise sql_error(model.name, error, lines_before=1) from None
    built.rows[model.name] = counted[0][0]
    built.seconds[model.name] = time.perf_counter() - started


def sql_error(model: str, error: duckdb.Error, lines_before: int = 0) -> ModelError:
    """An engine's error as a ModelError: line of the model, and a text that holds no value of a row."""
    text = str(error)
    found = _LINE.search(text)
    message = text.split("\n", 1)[0] if isinstance(error, _SAFE) else type(error).__name__
    return ModelError(model, int(found[1]) - lines_before if found else None, message)
