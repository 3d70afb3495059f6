"""The definition graph: what stands in the Dagster UI. A rename is a visible diff in definition_graph.txt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.definitions import workspace_home
from finsam_pipeline.defs import Steps, build_definitions
from finsam_pipeline.defs.graph import packaged_lineage, packaged_models
from finsam_pipeline.defs.names import ASSOCIATIONS, FAMILY_GROUPS, model_key, publish_key, source_key
from finsam_pipeline_tests.fake_way import FakeWay

Specs = dict[dg.AssetKey, dg.AssetSpec]
Checks = dict[dg.AssetCheckKey, dg.AssetCheckSpec]
SNAPSHOT = Path(__file__).parent / "definition_graph.txt"


@pytest.fixture(scope="module")
def definitions():
    return build_definitions(Steps(FakeWay(Path("home"))), lineage=packaged_lineage())


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions):
    return {spec.key: spec for spec in definitions.resolve_all_asset_specs()}


@pytest.fixture(scope="module")
def checks(definitions: dg.Definitions):
    graph = definitions.resolve_asset_graph()
    return {key: graph.get_check_spec(key) for key in graph.asset_check_keys}


def drawn(definitions: dg.Definitions, specs: Specs, checks: Checks):
    """The graph as lines: an asset with its group and what it is made from, a check with what it does."""
    lines = []
    for key in sorted(specs, key=str):
        spec = specs[key]
        deps = " ".join(sorted(d.asset_key.to_user_string() for d in spec.deps))
        lines.append(f"{key.to_user_string()} [{spec.group_name}] <- {deps}".rstrip(" <-"))
        own = sorted(c for c in checks if c.asset_key == key)
        lines += [f"    {check.name}" + (" blocking" if checks[check].blocking else "") for check in own]
    repository = definitions.get_repository_def()
    named = [*repository.job_names, *(s.name for s in repository.schedule_defs), *(s.name for s in repository.sensor_defs)]
    return "\n".join([*lines, *sorted(n for n in named if not n.startswith("__"))]) + "\n"


def test_the_graph_is_the_one_we_know(definitions: dg.Definitions, specs: Specs, checks: Checks):
    now = drawn(definitions, specs, checks)
    if os.environ.get("FINSAM_RENEW_SNAPSHOTS"):
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert now == SNAPSHOT.read_text(encoding="utf-8"), "meant? then run this test once with FINSAM_RENEW_SNAPSHOTS=1"


def test_every_rule_of_every_source_is_one_check(checks: Checks):
    on_assets = sorted((c.metadata["regel"], c.name[:4]) for c in checks.values() if c.name[:4] in RULES)
    assert on_assets == sorted({(f"{u.source}/{u.rule}", u.rule) for u in USES})
    assert all(RULES[c.name[:4]].short in c.name for c in checks.values() if c.name[:4] in RULES)


def test_every_check_is_kept_per_association(checks: Checks):
    assert all(c.partitions_def == ASSOCIATIONS for c in checks.values())


def test_only_the_slices_block(checks: Checks):
    assert {k.asset_key for k, c in checks.items() if c.blocking} == {publish_key("participants"), publish_key("economy")}


def test_every_source_and_mart_shows_its_columns_with_units(specs: Specs):
    for name, contract in SOURCES.items():
        columns = {c.name: c for c in specs[source_key(name)].metadata["dagster/column_schema"].columns}
        assert "comment" not in columns
        for column in (c for c in contract.columns if c.name in columns and c.unit):
            assert columns[column.name].description.endswith(f"({column.unit})")
    by_path = {node.mart: specs[model_key(node.name)] for node in packaged_models().values() if node.mart}
    assert by_path.keys() == MARTS.keys()
    for path, mart in MARTS.items():
        assert by_path[path].group_name == FAMILY_GROUPS[mart.family]
        assert [c.name for c in by_path[path].metadata["dagster/column_schema"].columns] == [c.name for c in mart.columns]


def test_every_asset_says_what_it_is_and_who_answers_for_it(specs: Specs):
    assert [k.to_user_string() for k, s in specs.items() if not s.description or not s.owners or not s.kinds] == []


def test_each_slice_waits_for_its_own_marts_only(specs: Specs):
    deps = {d.asset_key for d in specs[publish_key("economy")].deps}
    assert model_key("income_statement") in deps
    assert model_key("participant_flow") not in deps


def test_column_lineage_follows_the_models_deps(specs: Specs):
    assert [n for n in packaged_models() if "dagster/column_lineage" not in specs[model_key(n)].metadata] == []
    for name, node in packaged_models().items():
        deps = {d.asset_key for d in specs[model_key(name)].deps}
        lineage = specs[model_key(name)].metadata["dagster/column_lineage"].deps_by_column
        assert {d.asset_key for origins in lineage.values() for d in origins} <= deps, node.name
    amount = specs[model_key("stg_ledger")].metadata["dagster/column_lineage"].deps_by_column
    assert any(d.asset_key == source_key("huvudbok") for origins in amount.values() for d in origins)


def test_models_point_at_their_sql(specs: Specs):
    reference = specs[model_key("income_statement")].metadata["dagster/code_references"].code_references[0]
    assert Path(reference.file_path).read_text(encoding="utf-8").startswith("--")


def test_loading_the_code_location_is_light_and_needs_no_workspace(tmp_path: Path):
    heavy = ("great_expectations", "matplotlib")
    code = f"import finsam_pipeline.definitions, sys; print([m for m in {heavy!r} if m in sys.modules])"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FINSAM_", "DAGSTER_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "env_file", "expected"),
    [
        (None, None, "finsam-home"),
        (None, "DAGSTER_HOME=/x\nFINSAM_HOME=demo\n", "demo"),
        (None, "export FINSAM_HOME='other'\n", "other"),
        (None, "FINSAM_HOME=\n", "finsam-home"),
        ("given", "FINSAM_HOME=demo\n", "given"),
    ],
)
def test_the_workspace_is_named_by_variable_then_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None, env_file: str | None, expected: str
):
    monkeypatch.delenv("FINSAM_HOME", raising=False)
    if variable:
        monkeypatch.setenv("FINSAM_HOME", variable)
    if env_file:
        (tmp_path / ".env").write_text(env_file, encoding="utf-8")
    assert workspace_home(tmp_path) == tmp_path / expected
