"""Accepted rows are written some at a time: the same rows, whatever "some" is, and none where all are held."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from finsam_pipeline.pipeline import accepting
from finsam_pipeline_tests.workspaces import LATER, Office, ledger

pytestmark = pytest.mark.usefixtures("states_alone")


def accepted(office: Office, source: str) -> Path:
    return office.home / "vault" / "work" / "dalen" / "accepted" / f"{source}.parquet"


@pytest.mark.parametrize("at_once", [1, 3, 4, 1000])
@pytest.mark.parametrize("source", ["huvudbok", "deltagaruppfoljning", "budget"])
def test_the_same_rows_stand_in_as_many_groups_as_it_takes(
    run_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, source: str
):
    whole = pq.read_table(accepted(run_office, source))
    office = run_office.copy_to(tmp_path / "home")
    accepted(office, source).unlink()
    monkeypatch.setattr(accepting, "_AT_ONCE", at_once)
    office.put(
        "aktiviteter", "ny.csv", "Datum;Aktivitet;Typ;Antal deltagare;Arrangör\n2025-03-01;Möte;Träff;3;Kansliet\n".encode()
    )
    assert office.run().status == 0
    file = pq.ParquetFile(accepted(office, source))
    assert file.read().equals(whole)
    assert file.metadata.num_row_groups == -(-whole.num_rows // at_once)


def test_a_part_of_which_every_row_is_held_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(accepting, "_AT_ONCE", 2)
    before = pq.read_table(accepted(office, "huvudbok"))
    office.put("huvudbok", "fel.csv", ledger("B1;2025-03-01;6110;;1,00;", "B1;2025-03-01;1930;;;2,00"), LATER)
    assert office.run().status == 3
    assert pq.read_table(accepted(office, "huvudbok")).equals(before)
