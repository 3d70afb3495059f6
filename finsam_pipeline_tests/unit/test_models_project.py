"""The project folder: graph, errors that point at model and line, schema files, tests, lineage."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from finsam_pipeline import models
from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models import generate
from finsam_pipeline.models.lineage import column_lineage
from finsam_pipeline_tests.model_tables import booked, built, register, stay, table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: p\nmodels:\n  p:\n    staging:\n      +materialized: table\n")
    return tmp_path


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / "models" / "staging" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_models_stand_after_what_they_read():
    seen: set[str] = set()
    for model in models.packaged_project().models:
        assert seen.issuperset(model.refs), model.name
        seen.add(model.name)


def test_an_unknown_ref_is_named_with_its_model_and_line(folder: Path):
    with pytest.raises(models.ModelError) as caught:
        models.load_project(write(folder, a="select 1 as x\nfrom {{ ref('nowhere') }}"))
    assert (caught.value.model, caught.value.line) == ("a", 2)


def test_an_unknown_source_is_named_with_its_model_and_line(folder: Path):
    with pytest.raises(models.ModelError, match="a, line 1: source 'nowhere'"):
        models.load_project(write(folder, a="select * from {{ source('accepted', 'nowhere') }}"))


def test_models_that_wait_for_each_other_are_named(folder: Path):
    with pytest.raises(models.ModelError, match="wait for each other"):
        models.load_project(write(folder, a="select * from {{ ref('b') }}", b="select * from {{ ref('a') }}"))


def test_a_template_that_does_not_render_is_named_with_its_line(folder: Path):
    with pytest.raises(models.ModelError) as caught:
        models.load_project(write(folder, a="select 1\n, {{ half_down(1) }}"))
    assert (caught.value.model, caught.value.line) == ("a", 2)


def test_wrong_sql_is_named_with_its_line(folder: Path):
    with pytest.raises(models.ModelError) as caught:
        models.build({}, write(folder, a="select path,\n    no_such_column\nfrom {{ source('accepted', 'huvudbok') }}"))
    assert (caught.value.model, caught.value.line) == ("a", 2)
    assert "no_such_column" in caught.value.message


def test_an_error_about_a_row_does_not_say_what_stood_in_it(folder: Path):
    ledger = table("huvudbok", booked("2025-01-01", "secret", "1"))
    with pytest.raises(models.ModelError) as caught:
        models.build(
            {"accepted.huvudbok": ledger},
            write(folder, a="select cast(account as bigint) as n from {{ source('accepted', 'huvudbok') }}"),
        )
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_an_unknown_input_is_refused():
    with pytest.raises(KeyError, match=r"accepted\.nowhere"):
        models.build({"accepted.nowhere": table("huvudbok")})


def test_a_parquet_file_is_as_good_as_a_table(tmp_path: Path):
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(table("deltagaruppfoljning", stay("2025-02-01")), tmp_path / "it's.parquet")
    inputs = models.register_tables(register(), stay("2025-12-31")["start_date"], 2025, 2025)
    with models.build(inputs | {"accepted.deltagaruppfoljning": tmp_path / "it's.parquet"}) as result:
        assert result.rows["stg_participations"] == 1


def test_every_mart_is_exported_as_its_contract_says_even_when_nothing_is_delivered():
    with models.build({}) as result:
        exported = models.export(result)
        assert set(result.rows) == set(result.seconds) == {m.name for m in models.packaged_project().models}
    assert list(exported) == list(MARTS)
    for path, contract in MARTS.items():
        assert exported[path].schema.equals(contract.schema, check_metadata=True), path


def test_a_mart_is_sorted_by_its_key():
    with built(register(), table("deltagaruppfoljning", stay("2025-02-01"))) as result:
        for path, exported in models.export(result).items():
            keys = [tuple((row[k] is None, row[k] or "") for k in MARTS[path].key) for row in exported.to_pylist()]  # null last
            assert keys == sorted(keys), path


def test_a_mart_may_be_built_again_on_other_inputs():
    from finsam_pipeline.models.inputs import ACCEPTED  # noqa: PLC0415

    count = {"association": "north", "source": "huvudbok", "rule": "L001", "severity": "E", "failed_rows": 3}
    with models.build({}) as result:
        assert result.rows["quality_rules"] == 0
        result.rebuild(
            "quality_rules",
            {"accepted.rule_counts": ACCEPTED["rule_counts"].empty_table().from_pylist([count], schema=ACCEPTED["rule_counts"])},
        )
        assert models.export(result)["quality/rules"].to_pylist() == [count]


def test_the_marts_schema_files_say_what_the_contracts_say(tmp_path: Path):
    assert generate.drifted() == []
    copy = Path(shutil.copytree(models.project_folder(), tmp_path / "copy"))
    target = copy / "models" / "marts" / "economy" / "schema.yml"
    target.write_text(target.read_text().replace("equity", "equality", 1))
    assert generate.drifted(copy) == [target]
    assert generate.write(copy) == [target]
    assert generate.drifted(copy) == []


def test_every_model_has_a_description_and_says_what_one_row_is():
    project = models.packaged_project()
    for model in project.models:
        text = (project.folder / model.path).read_text(encoding="utf-8")
        assert text.startswith("-- One row:"), model.name
        assert project.properties[model.name]["description"], model.name


def test_every_described_model_and_column_exists():
    project = models.packaged_project()
    with models.build({}) as result:
        for name, entry in project.properties.items():
            columns = set(result.table(name).column_names)
            assert {c["name"] for c in entry.get("columns", [])} <= columns, name


def test_no_number_or_name_of_an_association_stands_in_the_sql():
    project = models.packaged_project()
    for model in project.models:
        text = (project.folder / model.path).read_text(encoding="utf-8")
        code = "\n".join(part for part in text.splitlines() if not part.startswith("--"))
        # 8999 is the chart's own closing account, the others scale öre and percent.
        assert set(re.findall(r"\b\d{4,}\b", code)) <= {"8999", "1000", "10000", "100000"}, model.name


def test_the_models_own_tests_pass_on_sound_rows_and_fail_on_broken_ones():
    sound = table("deltagaruppfoljning", stay("2025-02-01"))
    with built(register(), sound) as result:
        outcomes = models.run_tests(result)
        assert [t for t in outcomes if not t.passed] == []
        assert {"unique_combination", "not_null_gender", "accepted_values_gender", "flow_adds_up"} <= {t.test for t in outcomes}
    broken = table("deltagaruppfoljning", stay("2025-02-01", gender="x"), stay("2025-02-01", name="gone"))
    with built(register(), broken) as result:
        failed = {(t.model, t.test): t.failing_rows for t in models.run_tests(result) if not t.passed}
    assert failed[("stg_participations", "accepted_values_gender")] == 1


def test_a_foreign_key_and_a_doubled_key_are_found(folder: Path):
    write(folder, a="select * from (values (1), (1), (2)) as t (n)", b="select 1 as n")
    tests = "[unique, {accepted_values: {values: [1]}}, {relationships: {to: ref('b'), field: n}}]"
    (folder / "models" / "staging" / "schema.yml").write_text(
        f"models: [{{name: a, columns: [{{name: n, data_tests: {tests}}}]}}]"
    )
    with models.build({}, folder) as result:
        assert [(t.test, t.failing_rows) for t in models.run_tests(result)] == [
            ("unique_n", 1),
            ("accepted_values_n", 1),
            ("relationships_n", 1),
        ]


def test_lineage_follows_columns_through_ctes_to_what_is_read():
    lineage = column_lineage(models.packaged_project())
    assert lineage["income_statement"]["outcome_kr"] == [("int_leaf_amounts", "outcome_ore"), ("int_line_leaves", "sign")]
    assert lineage["reference_members"]["share"] == [("register.members", "share")]
    assert lineage["participant_flow"]["gender"] == []
    with models.build({}) as result:
        for name, columns in lineage.items():
            assert list(columns) == result.table(name).column_names
