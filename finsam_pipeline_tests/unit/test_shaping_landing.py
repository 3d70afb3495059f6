"""The shared samples: every file shapes without loss, and one ledger gives the same rows as CSV and as SIE."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.register.load import load_register
from finsam_pipeline.shaping import DeliveryRef, Shaped, shape
from finsam_pipeline_tests.shaping_tables import KEY

if TYPE_CHECKING:
    from pathlib import Path

LEDGERS = ("stockholm-2025H1", "stockholm-2025H1-sie")


def shaped(file: Path, config: Path) -> Shaped:
    """A sample `landing/<association>/<source>/<day>/<file>`, shaped."""
    source, day = file.parts[-3:-1]
    data = file.read_bytes()
    ref = DeliveryRef(config.name, source, file.name, hashlib.sha256(data).hexdigest(), dt.date.fromisoformat(day))
    return shape(read(data, file.name), SOURCES[source], load_register(config), ref, Pseudonymiser(KEY))


@pytest.mark.parametrize("home", ["forbund3/home", "forbund5/home", "forbund7/home", "stockholm-2025H1"])
def test_every_sample_shapes_and_its_control_totals_hold(shared: Path, home: str):
    config = next((shared / "landing" / home / "config").iterdir())
    for file in sorted((shared / "landing" / home / "landing").glob("*/*/*/*")):
        out = shaped(file, config)
        assert out.physical_rows == len(out.rows) > 0
        assert out.drift == []
        assert not out.rows.duplicated(["sheet", "row"]).any()
        assert (out.controls["declared"] == out.controls["actual"]).all()


def test_planted_personnummer_are_found_in_their_rows_and_nowhere_else(shared: Path):
    for home in sorted((shared / "landing").glob("forbund*")):
        config = next((home / "home" / "config").iterdir())
        planted = pd.read_csv(home / "expected" / "quarantine.csv").query("rule == 'P012'")
        assert len(planted) > 0
        for (source, name), rows in planted.groupby(["source", "file"]):
            file = max((home / "home" / "landing" / config.name / str(source)).glob(f"*/{name}"))
            found = shaped(file, config).rows
            assert found.loc[found["personnummer_in"].notna(), "row"].tolist() == sorted(rows["row"])


def test_one_ledger_as_csv_and_as_sie_gives_the_same_rows(shared: Path):
    config = shared / "landing" / LEDGERS[0] / "config" / "stockholm"
    columns = ["voucher", "account", "date", "amount", "objects", "kind"]
    frames = []
    for folder in LEDGERS:
        files = sorted((shared / "landing" / folder / "landing" / "stockholm" / "huvudbok").glob("*/*"))
        rows = pd.concat([shaped(file, config).rows[columns] for file in files])
        frames.append(rows.astype(str).sort_values(columns).reset_index(drop=True))
    pd.testing.assert_frame_equal(*frames)
