"""Which failing model tests hold a slice back."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from finsam_pipeline.pipeline.opening import OpenRun
from finsam_pipeline.pipeline.outcomes import BuildOutcome, ModelOutcome, ModelTest
from finsam_pipeline.store.workspace import Workspace


@pytest.mark.parametrize(
    ("severity", "family", "held"),
    [
        ("error", "economy", {"economy": ["model:m"], "participants": []}),
        ("error", "", {"economy": ["model:m"], "participants": ["model:m"]}),  # every mart rests on it
        ("warn", "economy", {"economy": [], "participants": []}),
    ],
)
def test_a_failing_test_holds_back_what_rests_on_its_model_unless_it_only_warns(
    tmp_path: Path, severity: str, family: str, held: dict[str, list[str]]
):
    tests = (ModelTest("m", "balances", passed=False, failing_rows=1, severity=severity),)
    run = object.__new__(OpenRun)
    run.workspace = Workspace(tmp_path)
    run.work = mock.Mock(read_outcome=mock.Mock(return_value=BuildOutcome((ModelOutcome("m", 1, 0.0, tests, family),), (), 0.0)))
    with mock.patch.object(OpenRun, "sources", return_value=()):
        assert run.families_blocked() == held
