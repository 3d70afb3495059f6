"""Jinja in the models: `ref`, `source`, `config`, `env_var` and the macros of the project, as dbt understands them.

Belongs here: text in, SQL out. Does not: running SQL, knowing what a model means.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError

from finsam_pipeline.models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_GENERIC_TEST = re.compile(r"{%(-?)\s*test\s+(\w+)")
_END_TEST = re.compile(r"{%(-?)\s*endtest\s*(-?)%}")


@dataclass(slots=True)
class Rendered:
    """One template as SQL, what it reads, and what it says about itself in `config()`."""

    sql: str
    refs: list[str] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)


class Renderer:
    """The templates of one project folder: its macros are read once and known in every model.

    `relation(schema, name)` says how a relation is written in SQL; schema is empty for a model.
    """

    def __init__(self, folder: Path, relation: Callable[[str, str], str] | None = None) -> None:
        self._relation = relation or quoted
        # SQL is rendered, never HTML: escaping would break its quotes.
        self._environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701
        self._environment.globals["env_var"] = _env_var
        self.generic_tests: dict[str, Callable[..., str]] = {}
        self._read_macros(folder)

    def render(self, name: str, text: str, extra: Mapping[str, object] | None = None) -> Rendered:
        """The template as SQL. Raises ModelError with the template's line."""
        out = Rendered("")

        def ref(model: str) -> str:
            out.refs.append(model)
            return self._relation("", model)

        def source(schema: str, table: str) -> str:
            out.sources.append((schema, table))
            return self._relation(schema, table)

        def config(**settings: object) -> str:
            out.config.update(settings)
            return ""

        try:
            template = self._environment.from_string(text)
            out.sql = template.render({"ref": ref, "source": source, "config": config, **(extra or {})})
        except TemplateSyntaxError as error:
            raise ModelError(name, error.lineno, error.message or "syntax error") from None
        except (TemplateError, TypeError) as error:
            raise ModelError(name, _template_line(error), str(error)) from None
        return out

    def _read_macros(self, folder: Path) -> None:
        texts = [p.read_text(encoding="utf-8") for p in sorted((folder / "macros").rglob("*.sql"))]
        generic = [p.read_text(encoding="utf-8") for p in sorted((folder / "tests" / "generic").rglob("*.sql"))]
        names = [m[2] for text in generic for m in _GENERIC_TEST.finditer(text)]
        # dbt's own way: a {% test x %} block is the macro test_x.
        texts += [_END_TEST.sub(r"{%\1 endmacro \2%}", _GENERIC_TEST.sub(r"{%\1 macro test_\2", text)) for text in generic]
        try:
            module = self._environment.from_string("\n".join(texts)).module
        except TemplateSyntaxError as error:
            raise ModelError("macros", None, error.message or "syntax error") from None
        exported = {name: value for name, value in vars(module).items() if not name.startswith("_")}
        self._environment.globals.update(exported)
        self.generic_tests = {name: exported[f"test_{name}"] for name in names}


def quoted(schema: str, name: str) -> str:
    """`"schema"."name"`, or `"name"` without a schema."""
    return f'"{schema}"."{name}"' if schema else f'"{name}"'


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise TypeError(f"the environment variable {name} is not set")
    return value


def _template_line(error: BaseException) -> int | None:
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
