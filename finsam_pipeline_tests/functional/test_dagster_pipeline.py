"""The real way on the example workspace, twice: as it stands, and with faults put in. The UI says what the command line says."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.defs import JobSummary, Steps, build_definitions, run_job
from finsam_pipeline.defs.checks import check_name
from finsam_pipeline.defs.instance import open_instance
from finsam_pipeline.defs.names import RELEASE_CHECK, TAG_OUTCOME, publish_key, source_key
from finsam_pipeline.defs.way import PipelineWay
from finsam_pipeline.pipeline.newness import last_summary
from finsam_pipeline_tests.prepared import copied

Runs = tuple[Path, JobSummary, JobSummary]
PERSONNUMMER = "19121212-1212"
MARK = "OVANTAT"


@pytest.fixture(scope="module")
def runs(demo_home: Path, tmp_path_factory: pytest.TempPathFactory):
    """The workspace, the clean run, and the run with faults: a personnummer in a list, an account no rule matches."""
    home = copied(demo_home, tmp_path_factory.mktemp("example") / "home")
    [association] = PipelineWay(home).associations()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", "")
        with open_instance(home) as instance:
            [recorded] = instance.get_runs()
        clean = JobSummary(association, recorded.run_id, recorded.tags[TAG_OUTCOME], last_summary(home, association))
        add_faults(home, association)
        held = run_job(home, association)
        yield home, clean, held


def add_faults(home: Path, association: str) -> None:
    [people] = (home / "landing" / association / "deltagaruppfoljning").rglob("*.csv")
    lines = people.read_text(encoding="cp1252").splitlines()
    cells = lines[1].split(";")
    cells[0], cells[-1] = PERSONNUMMER, MARK
    people.write_text("\n".join([*lines, ";".join(cells)]) + "\n", encoding="cp1252")
    rules = home / "config" / association / "line_rules.csv"
    kept = rules.read_text(encoding="utf-8").splitlines()
    rules.write_text("\n".join(kept[:-3]) + "\n", encoding="utf-8")


def evaluations(home: Path, run_id: str):
    """Check evaluations of one run: (asset, check) -> evaluation."""
    with open_instance(home) as instance:
        logs = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    found = [log.dagster_event.event_specific_data for log in logs]
    return {(e.asset_key, e.check_name): e for e in found}


def test_the_example_is_clean_and_every_check_has_run(runs: Runs):
    home, clean, _ = runs
    assert clean.outcome == "clean"
    with open_instance(home) as instance:
        assert instance.get_run_by_id(clean.run_id).status == dg.DagsterRunStatus.SUCCESS
    graph = build_definitions(Steps(PipelineWay(home))).resolve_asset_graph()
    assert {(k.asset_key, k.name) for k in graph.asset_check_keys} == evaluations(home, clean.run_id).keys()


def test_a_check_says_what_the_command_line_says(runs: Runs):
    home, clean, held = runs
    for run in (clean, held):
        shown = {
            (e.check_name[:4], e.passed, e.metadata["rader som brister"].value, e.metadata["öppna rader"].value)
            for e in evaluations(home, run.run_id).values()
            if e.check_name[:4] in RULES
        }
        assert shown == {(c.rule, c.passed, c.failed_rows, c.open_rows) for c in run.summary.checks}


def test_faults_hold_one_slice_and_release_the_other(runs: Runs):
    home, clean, held = runs
    assert held.outcome == "held"
    with open_instance(home) as instance:
        assert instance.get_run_by_id(held.run_id).status == dg.DagsterRunStatus.FAILURE
        latest = {
            family: instance.fetch_materializations(publish_key(family), limit=1).records[0].run_id
            for family in ("participants", "economy", "reports")
        }
    assert latest == {"participants": held.run_id, "economy": clean.run_id, "reports": held.run_id}
    found = evaluations(home, held.run_id)
    assert not found[source_key("deltagaruppfoljning"), check_name("P012")].passed
    assert not found[publish_key("economy"), RELEASE_CHECK].passed
    assert found[publish_key("participants"), RELEASE_CHECK].passed


def test_places_name_file_and_row_and_nothing_personal_reaches_dagster(runs: Runs):
    home, _, held = runs
    place = (
        evaluations(home, held.run_id)[source_key("deltagaruppfoljning"), check_name("P012")].metadata["platser"].records[0].data
    )
    assert place["fil"].endswith(".csv")
    assert place["rad"] > 1
    kept = b"".join(p.read_bytes() for p in (home / "dagster").rglob("*") if p.is_file())
    for secret in (PERSONNUMMER, PERSONNUMMER.replace("-", ""), MARK):
        assert secret.encode() not in kept


def test_nothing_is_new_after_a_run_and_the_workspace_is_free(runs: Runs):
    home, _, held = runs
    way = PipelineWay(home)
    assert list(way.whats_new()) == []
    assert way.landing_state(held.association)
    way.open_run(held.association, None).close()
