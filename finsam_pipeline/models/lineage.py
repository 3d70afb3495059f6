"""Which upstream columns each column of a model is made of, read from the SQL itself.

Belongs here: parsing and tracing with sqlglot. Does not: drawing it. It takes a second or two for all
models, so callers keep the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one
from sqlglot.lineage import Node, lineage

from finsam_pipeline.models.errors import ModelError
from finsam_pipeline.models.flat_names import dotted, flat, flatten
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from finsam_pipeline.models.project import Model, Project

Lineage = dict[str, dict[str, list[tuple[str, str]]]]


def column_lineage(project: Project) -> Lineage:
    """Model -> column -> the (upstream, column) pairs its values come from, sorted.

    An upstream is a model's name or `accepted.<name>` / `register.<name>`. A column made of constants alone has none. Columns a
    model only joins or filters on are not values of its columns and do not appear. Raises ModelError for SQL sqlglot cannot read.
    """
    schema: dict[str, list[str]] = {flat(name): table.names for name, table in SOURCE_SCHEMAS.items()}
    found: Lineage = {}
    for model in project.models:
        found[model.name] = _of_model(model, schema)
        schema[model.name] = list(found[model.name])
    return found


def _of_model(model: Model, schema: Mapping[str, list[str]]) -> dict[str, list[tuple[str, str]]]:
    try:
        tree = parse_one(model.sql, read="duckdb").transform(flatten)
        read = {table.name for table in tree.find_all(exp.Table)}
        known = {name: dict.fromkeys(schema[name], "text") for name in read & set(schema)}
        nodes = lineage(None, tree, schema=known, dialect="duckdb", trim_selects=False, copy=False)
    except Exception as error:
        raise ModelError(model.name, None, f"its lineage cannot be read: {type(error).__name__}") from error
    return {column: _leaves(node) for column, node in nodes.items()}


def _leaves(node: Node) -> list[tuple[str, str]]:
    leaves = (leaf for leaf in node.walk() if not leaf.downstream and isinstance(leaf.source, exp.Table))
    return sorted({(dotted(leaf.source.name), leaf.name.rsplit(".", 1)[-1].strip('"')) for leaf in leaves})
