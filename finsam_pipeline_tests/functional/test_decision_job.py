"""A steward's decision from the Dagster UI on a real workspace: recorded with its audit entry, and nothing else kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest

from finsam_pipeline.defs import Steps, build_definitions
from finsam_pipeline.defs.decision import decision_job
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline.defs.names import DECISION
from finsam_pipeline.defs.way import PipelineWay
from finsam_pipeline.review import audit
from finsam_pipeline.review.decided import read_decisions
from finsam_pipeline.review.decisions import REASONS
from finsam_pipeline.review.items import Found, find_item, item_of, sync
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.tables import audit as audit_table
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.fake_way import MODELS

if TYPE_CHECKING:
    from pathlib import Path

ITEM = item_of(
    Found("a", "deltagaruppfoljning", "landing/a/x.csv", "5" * 64, None, 5, "P004", "E", "start_date", "c1"), b"k" * 32
)
WANTED = {"item_id": ITEM.id, "decision": "accept", "reason_code": "confirmed", "by": "Anna"}
PERSONNUMMER = "19121212-1212"


@pytest.fixture
def workspace(dagster_made: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:  # noqa: ARG001 - it is there
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    monkeypatch.setenv("DAGSTER_HOME", "")
    made = Workspace(tmp_path).ensure()
    with Database.of(made).writing() as connection:
        sync(connection, "a", [ITEM])
    return made


def decide(workspace: Workspace, **changed: str) -> dg.ExecuteInProcessResult:
    job = build_definitions(Steps(PipelineWay(workspace.home)), MODELS, {}).resolve_job_def(DECISION)
    config: dict[str, Any] = {"ops": {"decide": {"config": WANTED | changed}}}
    config["loggers"] = {"console": {"config": {"log_level": "CRITICAL"}}}
    with open_instance(workspace.home) as instance:
        return job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)


def refusal(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    return result.failure_data_for_node("decide").error.to_string()


def test_a_decision_and_its_audit_entry_are_recorded_together(workspace: Workspace):
    assert decide(workspace).success
    with Database.of(workspace).reading() as connection:
        (decision,) = read_decisions(connection)
        (entry,) = connection.execute(audit_table.select()).mappings()
        assert audit.verify(connection).broken_at is None
        assert find_item(connection, ITEM.id).status == "decided"
    assert (decision.item_id, decision.kind, decision.reason_code, decision.by) == (ITEM.id, "accept", "confirmed", "Anna")
    assert (entry["action"], entry["actor"], entry["os_account"]) == ("decide", "Anna", audit.os_account())


def test_a_conflicting_decision_is_refused_in_words(workspace: Workspace):
    decide(workspace)
    said = refusal(decide(workspace, decision="drop"))
    assert "Ett annat beslut gäller redan för raden" in said
    with Database.of(workspace).reading() as connection:
        assert [d.kind for d in read_decisions(connection)] == ["accept"]
        assert audit.head(connection).seq == 1


def test_the_same_decision_again_is_recorded_once(workspace: Workspace):
    assert decide(workspace).success
    assert decide(workspace).success
    with Database.of(workspace).reading() as connection:
        assert len(read_decisions(connection)) == 1


@pytest.mark.parametrize(("by", "says"), [(" ", "Ange vem"), (PERSONNUMMER, "inte med personnummer"), ("x" * 81, "högst 80")])
def test_who_decides_is_a_name(workspace: Workspace, by: str, says: str):
    said = refusal(decide(workspace, by=by))
    assert says in said
    assert PERSONNUMMER not in said
    with Database.of(workspace).reading() as connection:
        assert (read_decisions(connection), audit.head(connection).seq) == ([], 0)


def test_an_unknown_item_is_refused_in_words(workspace: Workspace):
    assert "Ingen post med det id:t" in refusal(decide(workspace, item_id="0" * 16))


def test_the_run_configuration_holds_the_four_fields_and_nothing_else():
    schema = decision_job.get_node_named("decide").definition.config_schema.config_type
    assert set(schema.fields) == {"item_id", "decision", "reason_code", "by"}
    assert {v.config_value for v in schema.fields["decision"].config_type.enum_values} == {"accept", "drop"}
    assert {v.config_value for v in schema.fields["reason_code"].config_type.enum_values} == set(REASONS)
    assert "egen uppgift" in schema.fields["by"].description
    assert decision_job.partitions_def is None
