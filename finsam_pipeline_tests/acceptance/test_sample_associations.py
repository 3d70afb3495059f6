"""Three made-up associations with planted faults: every expected figure and every expected quarantined row, nothing extra."""

from __future__ import annotations

import csv
import unicodedata
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

import pytest

from finsam_pipeline_tests.conftest import copy_workspace
from finsam_pipeline_tests.workspaces import Office

SAMPLES = ("forbund3", "forbund5", "forbund7")
KEYS = {
    "participants/participant_flow": ("association", "period", "intervention_id", "gender"),
    "participants/exit_reasons": ("association", "period", "intervention_id", "gender", "exit_reason"),
    "economy/income_statement": ("association", "period", "line_id"),
    "economy/intervention_budget": ("association", "period", "orientation", "intervention_id"),
    "economy/cost_distribution": ("association", "period", "category"),
    "economy/equity": ("association", "period"),
}


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Path]:
    """A run workspace and its `expected/`."""
    source = shared / "landing" / request.param
    office = Office(copy_workspace(source / "home", tmp_path_factory.mktemp(request.param) / "home"))
    said = office.run()
    assert said.status == 3, said.err
    return office, source / "expected"


def test_every_expected_figure_comes_out(sample: tuple[Office, Path]):
    office, expected = sample
    wrong, seen = [], 0
    for mart, key in KEYS.items():
        published = office.snapshot().table(mart).to_pylist()
        for row in read(expected / f"{PurePath(mart).name}.csv"):
            found = find(published, key, row)
            for measure, text in row.items():
                if measure not in key and text:
                    seen += 1
                    # a full grid leaves out what is not active: an expected 0 without a row is no difference
                    value = found[measure] if found else (0 if Decimal(text) == 0 else None)
                    if value is None or Decimal(str(value)) != Decimal(text):
                        wrong.append((mart, {k: row[k] for k in key}, measure))
    assert seen > 100
    assert wrong == []


def test_quarantine_holds_the_planted_rows_and_no_other(sample: tuple[Office, Path]):
    office, expected = sample
    found = {(i["source"], nfc(PurePath(i["path"]).name), i["row"]): i["rule"] for i in office.items()}
    wanted = {(r["source"], nfc(r["file"]), int(r["row"])): r["rule"] for r in read(expected / "quarantine.csv")}
    assert found.keys() == wanted.keys()
    assert {k: rule for k, rule in found.items() if wanted[k] not in (rule, "*")} == {}


def read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def find(published: list[dict[str, Any]], key: tuple[str, ...], row: dict[str, str]) -> dict[str, Any] | None:
    return next((r for r in published if all(str(r[k]) == row[k] for k in key)), None)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
