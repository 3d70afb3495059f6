"""A source that rests on what it rested on last time is not read again; whatever it rests on makes it be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from unittest import mock

import pytest

from finsam_pipeline.pipeline import run
from finsam_pipeline_tests.workspaces import COSTS, LATER, PEOPLE, PEOPLE_HEADER, Office, csv_text, ledger

pytestmark = pytest.mark.usefixtures("states_alone")
LEDGER, LIST = "huvudbok", "deltagaruppfoljning"


@pytest.fixture
def read() -> Iterator[list[str]]:
    """The sources of which anything is read, in order."""
    sources: list[str] = []
    plain = run.load

    def noted(workspace, contract, *rest):  # noqa: ANN002 - `load` as it is
        sources.append(contract.name)
        return plain(workspace, contract, *rest)

    with mock.patch.object(run, "load", noted):
        yield sources


def test_only_the_source_with_a_new_file_is_read_and_the_marts_are_those_of_reading_all(office: Office, read: list[str]):
    office.put(LEDGER, "juli.csv", ledger(*COSTS, "A4;2025-06-30;6110;;1,00;", "A4;2025-06-30;1930;;;1,00"), LATER)
    assert office.run().status == 0
    assert read == [LEDGER]
    incremental = office.snapshot()
    shutil.rmtree(office.home / "vault" / "work")
    assert office.run().status == 0
    assert set(read[1:]) >= {LEDGER, LIST, "budget"}
    assert office.snapshot().id == incremental.id


def test_a_changed_configuration_makes_every_source_be_read(office: Office, read: list[str]):
    office.amend("targets.csv", ";10\n", ";12\n")
    assert office.run().status == 0
    assert {LEDGER, LIST, "budget"} <= set(read)


def test_a_decision_makes_a_source_be_read_and_what_it_held_stays_in_quarantine_till_then(office: Office, read: list[str]):
    office.put(LIST, "deltagare.csv", csv_text(PEOPLE_HEADER, *PEOPLE, "7;Okänd insats;man;2025-03-01;;"), LATER)
    assert office.run().status == 3
    (item,) = office.items()
    office.put(LEDGER, "juli.csv", ledger(*COSTS), LATER)
    read.clear()
    assert office.run().status == 3
    assert read == [LEDGER]
    assert [i["id"] for i in office.items()] == [item["id"]]
    assert office.decide(item, "drop").status == 0
    read.clear()
    assert office.run().status == 0
    assert LIST in read


@pytest.mark.parametrize("lost", ["accepted", "findings", "history"])
def test_rows_that_are_no_longer_there_are_read_again(office: Office, read: list[str], lost: str):
    (office.home / "vault" / "work" / office.association / lost / f"{LIST}.parquet").unlink()
    office.put(LEDGER, "juli.csv", ledger(*COSTS), LATER)
    assert office.run().status == 0
    assert set(read) == {LEDGER, LIST}


def test_quarantine_that_is_no_longer_there_is_filled_again(office: Office, read: list[str]):
    office.put(LIST, "deltagare.csv", csv_text(PEOPLE_HEADER, *PEOPLE, "7;Okänd insats;man;2025-03-01;;"), LATER)
    assert office.run().status == 3
    held = office.home / "vault" / "quarantine" / office.association / f"{LIST}.parquet"
    held.unlink()
    office.put(LEDGER, "juli.csv", ledger(*COSTS), LATER)
    read.clear()
    assert office.run().status == 3
    assert set(read) == {LEDGER, LIST}
    assert held.is_file()


def test_a_broken_off_source_is_read_again(office: Office, read: list[str]):
    office.put(LEDGER, "juli.csv", ledger(*COSTS), LATER)
    with mock.patch.object(run, "write_quarantine", side_effect=OSError("disken är full")):
        assert office.run().status == 10
    read.clear()
    assert office.run().status == 0
    assert read == [LEDGER]
