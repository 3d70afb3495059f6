"""The same ledger as a voucher list and as one SIE file gives the same marts, to the öre."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from finsam_pipeline.store.reader import Snapshot, open_snapshot
from finsam_pipeline_tests.conftest import copy_workspace
from finsam_pipeline_tests.prepared import marts_alone
from finsam_pipeline_tests.workspaces import Office

# These say which files there were, and what each file lets one judge; the figures are the others.
ABOUT_FILES = {"quality/deliveries", "quality/rules", "reference/periods"}


@pytest.fixture(scope="module")
def twin(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    home = copy_workspace(shared / "landing" / "stockholm-2025H1", tmp_path_factory.mktemp("twin") / "home")
    (ledger,) = (home / "landing").glob("*/huvudbok")
    shutil.rmtree(ledger)
    copy_workspace(next((shared / "landing" / "stockholm-2025H1-sie" / "landing").glob("*/huvudbok")), ledger)
    with marts_alone():
        said = Office(home).run()
    assert said.status == 0, said.err
    return open_snapshot(home)


def test_every_figure_is_the_same(stockholm_home: Path, twin: Snapshot):
    listed = open_snapshot(stockholm_home)
    different = [
        mart
        for mart in listed.marts
        if mart not in ABOUT_FILES and listed.table(mart).to_pylist() != twin.table(mart).to_pylist()
    ]
    assert different == []
    assert listed.table("economy/ledger_month").num_rows > 100
