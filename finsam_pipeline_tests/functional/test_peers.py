"""The comparison cannot rot: at its smallest size ours and the floor find what was planted and come to the same marts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks.peers import floor, meter, ours
from benchmarks.peers.checker import faults
from benchmarks.peers.data import Size, make
from benchmarks.peers.task import OPEN_ROWS, publish

if TYPE_CHECKING:
    from pathlib import Path

SIZE = Size(associations=2, years=2, voucher_rows=600, participations=60)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """What was planted, the floor's result, ours."""
    scratch = tmp_path_factory.mktemp("peers")
    planted = make(scratch / "input", SIZE)
    assert publish(scratch / "floor", lambda version: floor.make(scratch / "input", version)) == OPEN_ROWS
    home = ours.workspace(scratch / "input", scratch / "home")
    said = json.dumps(ours.bare(home), default=str)
    return planted, scratch / "floor" / "current", ours.result(home, said, scratch / "ours")


def test_floor_and_ours_find_what_was_planted_and_count_alike(compared: tuple[Path, Path, Path]):
    planted, of_floor, of_ours = compared
    assert faults(of_floor, planted, of_floor) == []
    assert faults(of_ours, planted, of_floor) == []


def test_the_input_holds_every_fault_and_the_marts_hold_figures(compared: tuple[Path, Path, Path]):
    planted, of_floor, _ = compared
    rules = set(pq.read_table(planted)["rule"].to_pylist())
    assert rules == {"L001", "L002", "L003", "L004", *(f"P{n:03d}" for n in range(1, 11) if n != 7)}
    assert json.loads((of_floor / "verdict.json").read_text("utf-8"))["rules"]["P007"] > 0
    flow = pq.read_table(of_floor / "participant_flow.parquet")
    for measure in ("carried_in", "started", "participants", "ended", "carried_out"):
        assert pc.count_distinct(flow[measure]).as_py() > 2, measure
    assert pc.count_distinct(pq.read_table(of_floor / "income_statement.parquet")["outcome_kr"]).as_py() > 50


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("quarantine", lambda t: t.slice(1), "quarantine: 1 rows missing"),
        ("participant_flow", lambda t: t.set_column(4, "carried_in", pc.add(t["carried_in"], 1)), "participant_flow: "),
        ("income_statement", lambda t: t.set_column(7, "outcome_kr", t["outcome_kr"].cast(pa.float64())), "is DOUBLE"),
    ],
)
def test_the_checker_tells_a_wrong_result(compared: tuple[Path, Path, Path], tmp_path: Path, name: str, spoil, said: str):
    planted, of_floor, _ = compared
    for file in of_floor.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    pq.write_table(spoil(pq.read_table(of_floor / f"{name}.parquet")), tmp_path / f"{name}.parquet")
    assert any(said in fault for fault in faults(tmp_path, planted, of_floor))


def test_what_a_peer_leaves_half_made_is_never_current(tmp_path: Path):
    def breaks(version: Path) -> dict[str, object]:
        (version / "quarantine.parquet").write_bytes(b"")
        return {"sources": {}}

    with pytest.raises(RuntimeError, match="not made"):
        publish(tmp_path, breaks)
    assert list(tmp_path.iterdir()) == []


def test_a_peer_that_takes_too_much_is_ended(tmp_path: Path):
    limits = meter.Limits(gigabytes=4, minutes=0.005)
    with pytest.raises(meter.EndedError, match="minutes"):
        meter.measured(["sleep", "30"], limits, tmp_path / "log")
