"""What a finding is about is told alike on the command line, to stewards and in the Dagster UI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from finsam_pipeline.defs.describe import check_metadata
from finsam_pipeline.pipeline.model_frames import _account_and_objects
from finsam_pipeline.pipeline.outcomes import CheckOutcome
from finsam_pipeline.pipeline.summary import ExitStatus, RunSummary, merge
from finsam_pipeline.review.items import message

WORKBOOK = Path("vault/granskning.xlsx")
UNMAPPED = CheckOutcome("L008", "huvudbok", "B", False, 2, 2, about=("konto 8423, objekt 6:77: 2 rader",))


def test_the_check_in_the_ui_names_accounts_and_objects():
    assert check_metadata(UNMAPPED, WORKBOOK)["avser"].value == "- konto 8423, objekt 6:77: 2 rader"
    assert "avser" not in check_metadata(CheckOutcome("L001", "huvudbok", "E", False, 2, 2), WORKBOOK)


def test_an_item_says_what_it_is_about_instead_of_a_column():
    told = message("L008", "huvudbok", "account", "konto 8423, objekt 6:77")
    assert told.startswith("Konto eller objekt saknar rad i resultatrapporten (konto 8423, objekt 6:77). ")
    assert "(kolumn Konto)" in message("L004", "huvudbok", "account")


@pytest.mark.parametrize(
    ("objects", "told"),
    [("|6:77|", "konto 5010, objekt 6:77"), ("", "konto 5010, utan objekt"), ("|1:20|6:77|", "konto 5010, objekt 1:20 6:77")],
)
def test_an_unmapped_row_is_named_by_account_and_objects(objects: str, told: str):
    assert _account_and_objects("5010", objects) == told


def test_an_employee_dimension_shows_no_personnummer():
    assert "19121212" not in _account_and_objects("7010", "|7:19121212-1212|")


def test_the_worst_of_several_associations_is_the_exit_status():
    clean, held = RunSummary("a", True, True), RunSummary("b", True, True, checks=(UNMAPPED,))
    faulty = RunSummary("b", False, False, faults=(("x", "config/x/association.yaml, rad 2: fel"),))
    failed = RunSummary("b", False, False, failures=(("x", "0123"),))
    assert [merge(parts).exit_status for parts in ([clean], [clean, held], [clean, faulty, held], [clean, faulty, failed])] == [
        ExitStatus.CLEAN,
        ExitStatus.FINDINGS,
        ExitStatus.USAGE,
        ExitStatus.FAILED,
    ]
    said = json.loads(json.dumps(merge([clean, faulty]).to_json()))
    assert (said["error"], said["message"]) == ("configuration", "config/x/association.yaml, rad 2: fel")
