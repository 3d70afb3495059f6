"""Which engine is chosen, and every statement of the project in Spark's words; functional/test_spark_conformance.py runs them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from finsam_pipeline import models
from finsam_pipeline.models import engines
from finsam_pipeline.models.engines import EngineError, duck
from finsam_pipeline.models.engines.dialect import in_spark
from finsam_pipeline.models.engines.duck import DuckEngine
from finsam_pipeline.models.project import Model
from finsam_pipeline.models.tests import _declared
from finsam_pipeline.register import ConfigurationError
from finsam_pipeline_tests.model_tables import register, rows, stay, table


def test_duckdb_is_the_engine_unless_another_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(engines.VARIABLE, raising=False)
    assert models.chosen_engine() == "duckdb"
    monkeypatch.setenv(engines.VARIABLE, " DuckDB ")
    assert models.chosen_engine() == "duckdb"


@pytest.mark.parametrize(
    ("name", "pyspark", "java", "said"),
    [("oracle", True, True, "duckdb eller spark"), ("spark", False, True, "PySpark"), ("spark", True, False, "Java")],
)
def test_an_engine_that_is_not_there_is_a_fault_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch, name: str, pyspark: bool, java: bool, said: str
):
    monkeypatch.setenv(engines.VARIABLE, name)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(engines, "find_spec", lambda _: object() if pyspark else None)
    monkeypatch.setattr(engines.shutil, "which", lambda _: "/usr/bin/java" if java else None)
    with pytest.raises(ConfigurationError, match=said) as caught:
        models.chosen_engine()
    assert caught.value.file == engines.VARIABLE


def test_spark_is_chosen_where_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(engines.VARIABLE, "spark")
    monkeypatch.setattr(engines, "find_spec", lambda _: object())
    monkeypatch.setattr(engines.shutil, "which", lambda _: "/usr/bin/java")
    assert models.chosen_engine() == "spark"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("select a // b from t", "SELECT `a` DIV `b` FROM `t`"),  # whole numbers, never a DOUBLE
        ("select a from t order by a", "SELECT `a` FROM `t` ORDER BY `a` NULLS LAST"),
        ("select arg_min(a, b) from t", "SELECT MIN_BY(`a`, `b`) FROM `t`"),
        ("select t.* exclude (a) from t", "SELECT `t`.* EXCEPT (`a`) FROM `t`"),
        ('select "group" from "accepted"."huvudbok" as h', "SELECT `group` FROM `accepted__huvudbok` AS `h`"),
        ('select huvudbok.a from "accepted"."huvudbok"', "SELECT `huvudbok`.`a` FROM `accepted__huvudbok` AS `huvudbok`"),
        ("with t as not materialized (select 1 as a) select a from t", "WITH `t` AS (SELECT 1 AS `a`) SELECT `a` FROM `t`"),
        ("select a from t where a is not distinct from ?", "SELECT `a` FROM `t` WHERE `a` IS NOT DISTINCT FROM ?"),
    ],
)
def test_a_statement_means_the_same_in_spark(ours: str, theirs: str):
    assert in_spark(ours) == theirs


def test_every_model_test_and_analysis_can_be_said_in_spark():
    project = models.packaged_project()
    analyses = sorted((project.folder / "analyses").rglob("*.sql"))
    said = [m.sql for m in project.models] + [t.sql for t in _declared(project)]
    said += [project.renderer.render(file.stem, file.read_text(encoding="utf-8")).sql for file in analyses]
    for sql in said:
        assert not re.search('"|::', in_spark(sql)), sql  # to Spark, what stands in double quotes is a text
    assert len(said) > 300


def test_what_cannot_be_said_in_spark_is_an_error():
    with pytest.raises(EngineError, match="cannot be said"):
        in_spark("select from where")


def test_an_engine_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        models.build({}, engine="oracle")


def test_only_duckdb_has_a_connection_of_duckdb():
    with models.build({}) as result:
        assert result.connection is not None
        assert isinstance(result.engine, DuckEngine)
        result.engine, own = object(), result.engine  # type: ignore[assignment]
        with pytest.raises(TypeError):
            _ = result.connection
        result.engine = own


def test_a_source_that_comes_later_counts_from_its_own_day():
    """The first series of all, and in it the first source has no change on the first day: nothing has been summed up yet."""

    def since(day: str, source: str, **facts: object) -> dict[str, object]:
        return {**stay("2025-01-15"), "source": source, "valid_from": dt.date.fromisoformat(day), **facts}

    history = table("participation_history", since("2025-03-01", "sus_deltagare"), since("2025-05-01", "deltagaruppfoljning"))
    inputs = {"accepted.participation_history": history, **models.register_tables(register(), dt.date(2025, 12, 31), 2025, 2025)}
    with models.build(inputs) as result:
        counted = rows(result, "participants/registration_lag", "delivered_on", "value", period="2025H1", measure="started")
    assert counted == [(dt.date(2025, 3, 1), 1), (dt.date(2025, 5, 1), 1)]


def test_what_a_large_table_says_again_and_again_stands_in_memory_once(monkeypatch: pytest.MonkeyPatch):
    sql = "select 'landing/dalen/huvudbok/2025-07-10/a long name.csv' as path, row from range(400000) as rows(row)"
    model = Model("lines", "staging", "", Path("lines.sql"), "", "table", sql, (), ())

    def memory(large: int) -> int:
        monkeypatch.setattr(duck, "_LARGE", large)
        engine = DuckEngine(1)
        try:
            assert engine.make(model) == 400_000
            assert engine.fetch("select count(*), sum(row), count(distinct path) from lines") == [(400_000, 79_999_800_000, 1)]
            return int(engine.fetch("select sum(memory_usage_bytes) from duckdb_memory()")[0][0])
        finally:
            engine.close()

    assert memory(400_000) * 5 < memory(400_001)
