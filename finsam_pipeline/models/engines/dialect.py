"""DuckDB's SQL in another engine's words, by sqlglot.

Belongs here: the translation. Does not: running it. What sqlglot cannot say is said in the models in a way that it can (ADR 31).
"""

from __future__ import annotations

from functools import lru_cache

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import SqlglotError

from finsam_pipeline.models.engines import EngineError
from finsam_pipeline.models.flat_names import flatten


@lru_cache(maxsize=1024)  # a process that builds many associations translates once
def in_spark(sql: str) -> str:
    """A statement in Spark's SQL, its inputs as one word: a view of a session has no schema. Raises EngineError."""
    try:
        # Every name is quoted: a column may be called `group` or `date`. What sqlglot would leave out is an error.
        tree = parse_one(sql, read="duckdb").transform(flatten)
        for named in tree.find_all(exp.CTE):
            named.set("materialized", None)  # a hint to DuckDB; Spark never keeps what a name stands for
        translated: str = tree.sql("spark", identify=True, comments=False, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        raise EngineError(f"cannot be said in Spark's SQL: {str(error).splitlines()[0]}") from None
    return translated
