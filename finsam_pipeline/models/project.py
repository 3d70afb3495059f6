"""The folder `dbt_like_sql/` as a graph of models.

Belongs here: finding the folder, reading models and their schema files, the order to build in. Does not: running SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from finsam_pipeline.models.errors import ModelError
from finsam_pipeline.models.inputs import SOURCE_SCHEMAS
from finsam_pipeline.models.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Model:
    """One model.

    `layer` is `staging`, `intermediate` or `marts`, `family` the mart family (empty outside marts), `path` is relative to the
    project's folder, `sql` is rendered for DuckDB and `description` is the comment that opens the file: what one row is.
    """

    name: str
    layer: str
    family: str
    path: Path
    description: str
    materialized: str
    sql: str
    refs: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]

    @property
    def mart(self) -> str | None:
        """`economy/equity` for a mart, else None. `quality_rules` is `quality/rules`: the prefix only keeps relations apart."""
        return f"{self.family}/{self.name.removeprefix(f'{self.family}_')}" if self.family else None


@dataclass(frozen=True, slots=True)
class SingularTest:
    """One file of `tests/`: its rows are the failures."""

    name: str
    sql: str
    refs: tuple[str, ...]
    severity: str


@dataclass(frozen=True)
class Project:
    """All models in an order in which each stands after what it reads, the project's tests and its schema files' content."""

    folder: Path
    models: tuple[Model, ...]
    singular_tests: tuple[SingularTest, ...]
    properties: dict[str, dict[str, Any]]
    renderer: Renderer

    def downstream(self, name: str) -> list[Model]:
        """The model and every model that reads it, at first or second hand, in the order to build them."""
        reached = {name}
        for model in self.models:
            if reached.intersection(model.refs):
                reached.add(model.name)
        return [m for m in self.models if m.name in reached]

    def model(self, name: str) -> Model:
        """The model of that name. KeyError when there is none."""
        for model in self.models:
            if model.name == name:
                return model
        raise KeyError(name)


def project_folder() -> Path:
    """Where `dbt_like_sql` stands: inside the installed package, or at the root of a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "dbt_like_sql", package.parent / "dbt_like_sql"):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise FileNotFoundError("dbt_like_sql is neither in the installed package nor beside it")


@lru_cache(maxsize=1)
def packaged_project() -> Project:
    """The project that comes with this version, read once a process."""
    return load_project(project_folder())


def load_project(folder: Path) -> Project:
    """Reads every model, test and schema file of a folder.

    Raises ModelError naming model and line for a template that does not render, a ref or source that does not exist, two models
    of one name, and models that wait for each other.
    """
    renderer = Renderer(folder)
    materialized = _materializations(folder)
    models: dict[str, Model] = {}
    for path in sorted((folder / "models").rglob("*.sql")):
        model = _read_model(folder, path, renderer, materialized)
        if model.name in models:
            raise ModelError(model.name, None, f"stands twice: {models[model.name].path} and {model.path}")
        models[model.name] = model
    _check_references(folder, models.values())
    tests = tuple(_read_test(path, renderer) for path in sorted((folder / "tests").glob("*.sql")))
    return Project(folder, tuple(_in_order(models)), tests, _properties(folder), renderer)


def _read_model(folder: Path, path: Path, renderer: Renderer, materialized: dict[str, str]) -> Model:
    rendered = renderer.render(path.stem, path.read_text(encoding="utf-8"))
    layer, _, family = path.relative_to(folder / "models").parent.as_posix().partition("/")
    return Model(
        name=path.stem,
        layer=layer,
        family=family,
        path=path.relative_to(folder),
        description=_opening_comment(rendered.sql),
        materialized=rendered.config.get("materialized") or materialized.get(layer, "view"),
        sql=rendered.sql,
        refs=tuple(dict.fromkeys(rendered.refs)),
        sources=tuple(dict.fromkeys(rendered.sources)),
    )


def _opening_comment(sql: str) -> str:
    lines = takewhile(lambda line: line.startswith("--"), sql.splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines).removeprefix("One row: ")


def _read_test(path: Path, renderer: Renderer) -> SingularTest:
    rendered = renderer.render(path.stem, path.read_text(encoding="utf-8"))
    return SingularTest(
        path.stem, rendered.sql, tuple(dict.fromkeys(rendered.refs)), str(rendered.config.get("severity", "error"))
    )


def _materializations(folder: Path) -> dict[str, str]:
    project = yaml.safe_load((folder / "dbt_project.yml").read_text(encoding="utf-8"))
    layers: dict[str, dict[str, str]] = project.get("models", {}).get(project["name"], {})
    return {layer: settings.get("+materialized", "view") for layer, settings in layers.items()}


def _check_references(folder: Path, models: Iterable[Model]) -> None:
    models = list(models)
    known = {m.name for m in models}
    for model in models:
        unknown = [("ref", r) for r in model.refs if r not in known]
        unknown += [("source", s[1]) for s in model.sources if ".".join(s) not in SOURCE_SCHEMAS]
        for kind, name in unknown:
            line = _line_of(folder / model.path, kind, name)
            raise ModelError(model.name, line, f"{kind} '{name}' does not exist")


def _line_of(path: Path, kind: str, name: str) -> int | None:
    wanted = re.compile(rf"\b{kind}\s*\(.*['\"]{re.escape(name)}['\"]\s*\)")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if wanted.search(line):
            return number
    return None


def _in_order(models: dict[str, Model]) -> list[Model]:
    try:
        return [models[name] for name in TopologicalSorter({m.name: m.refs for m in models.values()}).static_order()]
    except CycleError as error:
        circle: list[str] = error.args[1]
        raise ModelError(circle[0], None, f"models wait for each other: {' -> '.join(circle)}") from None


def _properties(folder: Path) -> dict[str, dict[str, Any]]:
    """Model name -> its entry in a schema file (description, columns, tests)."""
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "models").rglob("*.yml")):
        for entry in (yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) or {}).get("models", []):  # noqa: S506 - a safe loader
            entries[entry["name"]] = entry
    return entries


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
