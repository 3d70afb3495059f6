"""One association's run in the workspace's own Dagster instance: what it records, how it ends, and what it never says."""

from __future__ import annotations

import dataclasses
import datetime as dt
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.defs import JobSummary, StepFailed, StepProgress, Steps, build_definitions, run_job
from finsam_pipeline.defs.checks import check_name
from finsam_pipeline.defs.checks import tests_result as result_of_tests  # pytest takes what begins with test for a test
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline.defs.names import DECISION, MODEL_TESTS, RELEASE_CHECK, model_key, publish_key, source_key
from finsam_pipeline.pipeline.outcomes import CheckOutcome, ModelOutcome, ModelTest, Place
from finsam_pipeline.review.decisions import DecisionError
from finsam_pipeline.store.lock import WorkspaceBusy
from finsam_pipeline_tests.fake_way import MODELS, FakeWay
from finsam_pipeline_tests.prepared import copied

if TYPE_CHECKING:
    from finsam_pipeline.defs.steps import Listener

VALUE = "19121212-1212"
FAILED_ROW = CheckOutcome(
    "P004", "sus_deltagare", "E", False, 2, 2, places=(Place("landing/a.csv", "Blad1", 7, "start_date", "0123456789abcdef"),)
)


@pytest.fixture
def home(made_instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", "")
    return copied(made_instance, tmp_path / "home")


def run(way: FakeWay, association: str = "norr", as_of: dt.date | None = None, progress: Listener | None = None):
    return run_job(way.home, association, as_of, progress, way=way, models=MODELS, marts={})


def records_of(home: Path, key: dg.AssetKey):
    with open_instance(home) as instance:
        return instance.fetch_materializations(key, limit=10).records


def check_of(home: Path, key: dg.AssetKey, name: str, partition: str | None = None):
    with open_instance(home) as instance:
        records = instance.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(key, name), limit=10)
    evaluations = [r.event.dagster_event.event_specific_data for r in records]
    return next(e for e in evaluations if partition in (None, e.partition))


def all_bytes(home: Path):
    return b"".join(p.read_bytes() for p in (home / "dagster").rglob("*") if p.is_file())


@dataclasses.dataclass
class Clean:
    """One clean run that several tests look at."""

    home: Path
    way: FakeWay
    summary: JobSummary
    heard: list[StepProgress]


@pytest.fixture(scope="module")
def clean(made_instance: Path, tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        home, heard = copied(made_instance, tmp_path_factory.mktemp("clean") / "home"), []
        way = FakeWay(home)
        yield Clean(home, way, run(way, as_of=dt.date(2025, 8, 1), progress=heard.append), heard)


def test_clean_run_records_every_asset_and_check(clean: Clean):
    assert clean.summary.outcome == "clean"
    with open_instance(clean.home) as instance:
        recorded = instance.get_run_by_id(clean.summary.run_id)
        assert recorded.status == dg.DagsterRunStatus.SUCCESS
        assert recorded.tags["finsam/outcome"] == "clean"
        assert recorded.tags["dagster/partition"] == "norr"
        graph = build_definitions(Steps(clean.way), MODELS, {}).resolve_asset_graph()
        for key in graph.get_all_asset_keys():
            assert instance.fetch_materializations(key, limit=1).records[0].partition_key == "norr"
        statuses = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(graph.asset_check_keys))
        assert statuses.keys() == graph.asset_check_keys


def test_counts_stand_under_dagsters_own_keys(clean: Clean):
    source = records_of(clean.home, source_key("huvudbok"))[0].asset_materialization.metadata
    assert source["dagster/row_count"].value == 10
    assert source["i karantän"].value == 2
    assert source["dagster/uri"].value.endswith("/landing/norr/huvudbok")
    assert records_of(clean.home, model_key("financing"))[0].asset_materialization.metadata["dagster/row_count"].value == 3


def test_as_of_reaches_the_way_and_stands_on_the_run(clean: Clean):
    assert clean.way.opened == [("norr", dt.date(2025, 8, 1))]
    with open_instance(clean.home) as instance:
        assert instance.get_run_by_id(clean.summary.run_id).tags["finsam/as_of"] == "2025-08-01"


def test_progress_tells_of_every_step_in_order(clean: Clean):
    started = [p.step for p in clean.heard if p.state == "started"]
    assert started[-2:] == ["models", "publish"]
    assert {p.step for p in clean.heard if p.state == "done"} == set(started)
    assert len(started) == len(SOURCES) + 2


def test_the_stock_event_log_reads_what_ours_wrote(clean: Clean):
    stock = SqliteEventLogStorage(str(clean.home / "dagster"))
    ours = [e.dagster_event.event_type_value for e in stock.get_logs_for_run(clean.summary.run_id) if e.dagster_event]
    assert ours[-1] == "PIPELINE_SUCCESS"
    assert ours.count("ASSET_CHECK_EVALUATION") > len({(u.source, u.rule) for u in USES})


def test_findings_leave_the_run_green_and_tag_it(home: Path):
    summary = run(FakeWay(home, failed=(FAILED_ROW,)))
    assert summary.outcome == "findings"
    with open_instance(home) as instance:
        assert instance.get_run_by_id(summary.run_id).status == dg.DagsterRunStatus.SUCCESS
    check = check_of(home, source_key("sus_deltagare"), check_name("P004"))
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert check.metadata["öppna rader"].value == 2
    assert check.metadata["att göra"].value == RULES["P004"].remedy_sv
    assert check.metadata["platser"].records[0].data == {
        "fil": "landing/a.csv",
        "blad": "Blad1",
        "rad": 7,
        "kolumn": "Inregistreringsdatum",
        "post": "0123456789abcdef",
    }
    assert check.metadata["arbetsbok med värden"].path == str(home / "vault" / "norr.xlsx")
    assert check.metadata["fatta beslut"].url.endswith(f"/jobs/{DECISION}/playground")


def test_warnings_are_no_findings(home: Path):
    warning = CheckOutcome("P007", "deltagaruppfoljning", "W", False, 3, 0)
    assert run(FakeWay(home, failed=(warning,))).outcome == "clean"
    check = check_of(home, source_key("deltagaruppfoljning"), check_name("P007"))
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_failing_model_test_is_a_table_of_tests(home: Path):
    run(FakeWay(home, failing_tests=frozenset({"financing"})))
    check = check_of(home, model_key("financing"), MODEL_TESTS)
    assert not check.passed
    assert [r.data for r in check.metadata["brustna prövningar"].records] == [
        {"test": "unique", "rader": 1, "hindrar utgivning": True}
    ]
    assert check.severity is dg.AssetCheckSeverity.ERROR
    assert check_of(home, model_key("reconciliation"), MODEL_TESTS).passed


def test_a_failing_model_test_that_only_warns_is_a_warning():
    warning = ModelTest("balance_sheet", "balances", passed=False, failing_rows=2, severity="warn")
    failed = ModelTest("balance_sheet", "unique", passed=False, failing_rows=1)
    told = result_of_tests(ModelOutcome("balance_sheet", 3, 0.0, (warning,)))
    assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert result_of_tests(ModelOutcome("balance_sheet", 3, 0.0, (warning, failed))).severity is dg.AssetCheckSeverity.ERROR


def test_held_slice_fails_the_run_and_the_other_is_released(home: Path):
    run(FakeWay(home))
    summary = run(FakeWay(home, held={"economy": ("L008",)}))
    assert summary.outcome == "held"
    with open_instance(home) as instance:
        recorded = instance.get_run_by_id(summary.run_id)
    assert recorded.status == dg.DagsterRunStatus.FAILURE
    assert recorded.tags["finsam/outcome"] == "held"
    assert [r.run_id == summary.run_id for r in records_of(home, publish_key("participants"))] == [True, False]
    assert [r.run_id == summary.run_id for r in records_of(home, publish_key("economy"))] == [False]
    assert [r.run_id == summary.run_id for r in records_of(home, publish_key("reports"))] == [True, False]
    assert check_of(home, publish_key("participants"), RELEASE_CHECK).passed
    held = check_of(home, publish_key("economy"), RELEASE_CHECK)
    assert not held.passed
    assert held.metadata["orsaker"].records[0].data == {"orsak": "L008", "att göra": RULES["L008"].remedy_sv}


def test_a_check_of_one_association_leaves_anothers_alone(home: Path):
    """Dagster keeps the status of a check per partition when it has a partitions_def (preview in 1.13)."""
    run(FakeWay(home, failed=(FAILED_ROW,)), "norr")
    run(FakeWay(home), "soder")
    assert not check_of(home, source_key("sus_deltagare"), check_name("P004"), "norr").passed
    assert check_of(home, source_key("sus_deltagare"), check_name("P004"), "soder").passed
    with open_instance(home) as instance:
        infos = instance.event_log_storage.get_asset_check_partition_info(
            [dg.AssetCheckKey(source_key("sus_deltagare"), check_name("P004"))]
        )
    assert {i.partition_key: i.latest_execution_status.value for i in infos} == {"norr": "FAILED", "soder": "SUCCEEDED"}


def test_no_value_of_an_exception_reaches_the_event_log(home: Path):
    heard: list[StepProgress] = []
    broken = ValueError(f"cannot read {VALUE}")
    broken.__cause__ = KeyError(VALUE)

    summary = run(FakeWay(home, broken={"huvudbok": broken}), progress=heard.append)
    assert summary.outcome == "failed"
    assert isinstance(summary.error, ValueError)
    assert VALUE.encode() not in all_bytes(home)
    kept = home / "vault" / "errors" / summary.error_id
    assert VALUE in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert f"step source/huvudbok failed; error id {summary.error_id}".encode() in all_bytes(home)
    assert VALUE not in "".join(map(str, heard))


def test_what_a_person_can_put_right_is_said_in_words(home: Path):
    summary = run(FakeWay(home, broken={"opening": WorkspaceBusy("another run holds this workspace")}))
    assert (summary.outcome, type(summary.error), summary.error_id) == ("failed", WorkspaceBusy, None)
    assert b"another run holds this workspace" in all_bytes(home)
    assert not list((home / "vault").rglob("*"))


def test_a_failed_step_stops_what_depends_on_it_and_nothing_is_published(home: Path):
    summary = run(FakeWay(home, broken={"models": RuntimeError("x")}))
    assert summary.summary is None
    assert len(records_of(home, source_key("huvudbok"))) == 1
    assert records_of(home, publish_key("participants")) == []


def test_a_failure_while_telling_of_a_failure_has_no_context(home: Path):
    def listener(progress: StepProgress) -> None:
        if progress.state == "failed":
            raise OSError("pipe closed")

    run(FakeWay(home, broken={"huvudbok": ValueError(VALUE)}), progress=listener)
    assert VALUE.encode() not in all_bytes(home)


def test_the_workspace_is_let_go_whatever_happens(home: Path):
    for way in (FakeWay(home), FakeWay(home, broken={"models": RuntimeError("x")})):
        run(way)
        assert (len(way.opened), way.closed) == (1, 1)


def test_nothing_is_printed(home: Path, capfd: pytest.CaptureFixture[str]):
    run(FakeWay(home, broken={"models": RuntimeError(VALUE)}))
    out = capfd.readouterr()
    assert (out.out, out.err) == ("", "")


def test_a_rule_the_way_forgets_counts_as_failed(home: Path):
    class Forgetful(FakeWay):
        def judged(self, checks: tuple[CheckOutcome, ...]) -> tuple[CheckOutcome, ...]:
            return tuple(c for c in checks if c.rule not in ("P012", "L008"))

    run(Forgetful(home))
    assert not check_of(home, source_key("budget"), check_name("P012")).passed
    assert not check_of(home, model_key("int_ledger_lines"), check_name("L008")).passed


def test_an_errored_rule_counts_as_failed(home: Path):
    run(
        FakeWay(home, failed=(dataclasses.replace(FAILED_ROW, passed=True, errored=True, failed_rows=0, open_rows=0, places=()),))
    )
    check = check_of(home, source_key("sus_deltagare"), check_name("P004"))
    assert not check.passed
    assert check.metadata["kunde inte prövas"].value


def test_places_in_the_event_log_are_limited(home: Path):
    many = tuple(Place("landing/a.csv", None, n, "start_date") for n in range(2, 400))
    run(FakeWay(home, failed=(dataclasses.replace(FAILED_ROW, failed_rows=398, places=many),)))
    check = check_of(home, source_key("sus_deltagare"), check_name("P004"))
    assert len(check.metadata["platser"].records) == 100
    assert check.metadata["rader som brister"].value == 398


@pytest.mark.parametrize("decision", ["accept", "drop"])
def test_the_decision_job_takes_codes_only(home: Path, decision: str):
    way = FakeWay(home)
    config = {"item_id": "00ff", "decision": decision, "reason_code": "confirmed", "by": "AB"}
    assert _decide(way, config).success
    assert way.decisions == [("00ff", decision, "confirmed", "AB")]


@pytest.mark.parametrize("wrong", [{"decision": "correct"}, {"reason_code": "because"}, {"value": VALUE}])
def test_the_decision_job_refuses_other_words(home: Path, wrong: dict[str, str]):
    config = {"item_id": "00ff", "decision": "accept", "reason_code": "confirmed", "by": "AB"} | wrong
    with pytest.raises(dg.DagsterInvalidConfigError):
        _decide(FakeWay(home), config)


def test_a_refused_decision_says_why(home: Path):
    way = FakeWay(home, broken={"decide": DecisionError("Ingen post med det id:t.")})
    config = {"item_id": "00ff", "decision": "drop", "reason_code": "confirmed", "by": "AB"}
    result = _decide(way, config, raise_on_error=False)
    assert "Ingen post med det id:t." in result.failure_data_for_node("decide").error.to_string()


def _decide(way: FakeWay, config: dict[str, str], *, raise_on_error: bool = True) -> dg.ExecuteInProcessResult:
    job = build_definitions(Steps(way), MODELS, {}).resolve_job_def(DECISION)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    run_config = {"ops": {"decide": {"config": config}}} | quiet
    with open_instance(way.home) as instance:
        return job.execute_in_process(instance=instance, run_config=run_config, raise_on_error=raise_on_error)


def test_a_step_failed_says_no_more_than_step_and_id():
    assert str(StepFailed("models", "abc")) == "step models failed; error id abc"


def test_definitions_warn_of_nothing(home: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build_definitions(Steps(FakeWay(home)), MODELS, {})
