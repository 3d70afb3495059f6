"""The tests the schema files and `tests/` declare, in dbt's own format, run as SQL.

Belongs here: unique, not_null, accepted_values, relationships, the project's own generic tests, singular tests. Does not: what
follows from a failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from finsam_pipeline.models.engines import EngineError
from finsam_pipeline.models.errors import ModelError
from finsam_pipeline.models.runner import Built

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from finsam_pipeline.models.project import Project
    from finsam_pipeline.models.render import Renderer


@dataclass(frozen=True, slots=True)
class ModelTestResult:
    """One test of one model: how many rows fail it. `severity` is `error` or `warn`; no row's value stands here."""

    model: str
    test: str
    passed: bool
    failing_rows: int
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class _Test:
    model: str
    name: str
    sql: str
    severity: str = "error"


def run_tests(built: Built) -> list[ModelTestResult]:
    """Every test of the project on the built models, in the models' order. Raises ModelError for a test that does not run."""
    by_model: dict[str, list[_Test]] = {}
    for test in _declared(built.project):
        by_model.setdefault(test.model, []).append(test)
    return [result for model, tests in by_model.items() for result in _run(built, model, tests)]


def _run(built: Built, model: str, tests: list[_Test]) -> Iterator[ModelTestResult]:
    # One statement a model: a few hundred small ones cost more in planning than in counting.
    sql = "\nunion all\n".join(
        f"select {n} as place, count(*) as failing from (\n{t.sql}\n) as failures" for n, t in enumerate(tests)
    )
    try:
        counts = dict(built.fetch(sql))
    except EngineError as error:
        raise ModelError(model, None, f"a test does not run: {error.message}") from None
    for n, test in enumerate(tests):
        yield ModelTestResult(test.model, test.name, counts[n] == 0, counts[n], test.severity)


def _declared(project: Project) -> Iterator[_Test]:
    for model in project.models:
        entry = project.properties.get(model.name, {})
        for declared in entry.get("data_tests", []):
            yield _generic(project.renderer, model.name, None, declared)
        for column in entry.get("columns", []):
            for declared in column.get("data_tests", []):
                yield _generic(project.renderer, model.name, column["name"], declared)
    for test in project.singular_tests:
        yield _Test(test.refs[0] if test.refs else test.name, test.name, test.sql, test.severity)


def _generic(renderer: Renderer, model: str, column: str | None, declared: str | dict[str, Any]) -> _Test:
    name, given = (declared, {}) if isinstance(declared, str) else next(iter(declared.items()))
    settings = dict(given)
    severity = settings.pop("config", {}).get("severity", "error")
    arguments = settings.get("arguments", settings)  # dbt takes both forms
    relation = f'"{model}"'
    if name in renderer.generic_tests:
        sql = renderer.generic_tests[name](model=relation, **({"column_name": column} if column else {}), **arguments)
    elif name in _BUILT_IN and column:
        sql = _BUILT_IN[name](relation, f'"{column}"', {k: _argument(renderer, v) for k, v in arguments.items()})
    else:
        raise ModelError(model, None, f"the test {name} does not exist")
    return _Test(model, f"{name}_{column}" if column else name, sql, severity)


def _argument(renderer: Renderer, value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """`ref('x')` and `source('a', 'b')` as a relation; anything else as it stands."""
    if isinstance(value, str) and value.startswith(("ref(", "source(")):
        return renderer.render("schema", f"{{{{ {value} }}}}").sql
    return value


def _unique(relation: str, column: str, _: dict[str, Any]) -> str:
    return f"select {column} from {relation} where {column} is not null group by {column} having count(*) > 1"


def _not_null(relation: str, column: str, _: dict[str, Any]) -> str:
    return f"select 1 from {relation} where {column} is null"


def _accepted_values(relation: str, column: str, arguments: dict[str, Any]) -> str:
    values = ", ".join("'" + str(v).replace("'", "''") + "'" for v in arguments["values"])
    return f"select 1 from {relation} where cast({column} as varchar) not in ({values})"


def _relationships(relation: str, column: str, arguments: dict[str, Any]) -> str:
    return (
        f"select 1 from {relation} as child where child.{column} is not null and not exists "
        f'(select 1 from {arguments["to"]} as parent where parent."{arguments["field"]}" = child.{column})'
    )


_BUILT_IN: dict[str, Callable[[str, str, dict[str, Any]], str]] = {
    "unique": _unique,
    "not_null": _not_null,
    "accepted_values": _accepted_values,
    "relationships": _relationships,
}
