"""Eight runs and four readers at once on one workspace: one run at a time, the others end with 5, no reader errs or mixes snapshots."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline_tests.trials.conftest import Night
from finsam_pipeline_tests.trials.runs import Launcher, assert_whole, copied, is_free, outcome, tell
from finsam_pipeline_tests.workspaces import Office

RUNS, READERS, BUSY = 8, 4, 5


class Reader(threading.Thread):
    """Opens the current snapshot and reads all of it, over and over, until told to stop. A run never takes its time in this thread."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home, self.stop = home, threading.Event()
        self.wrong: list[str] = []
        self.seen: Counter[str] = Counter()

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                snapshot = open_snapshot(self._home)
                assert_whole(snapshot)
                rows = sum(snapshot.table(mart).num_rows for mart in snapshot.marts)
                assert rows == sum(m["rows"] for m in snapshot.manifest["marts"])
            except Exception as error:  # noqa: BLE001 - whatever it is, a reader must not meet it
                self.wrong.append(f"{type(error).__name__}: {error}"[:300])
            else:
                self.seen[snapshot.id] += 1
            time.sleep(0.01)


def test_eight_runs_and_four_readers(launcher: Launcher, night: Night, tmp_path: Path):
    assert not _crowd(launcher, night, tmp_path, rounds=1)["wrong"]


@pytest.mark.long
def test_eight_runs_and_four_readers_for_long(launcher: Launcher, night: Night, tmp_path: Path):
    counted = _crowd(launcher, night, tmp_path, rounds=20)
    tell("crowd", **counted)
    assert not counted["wrong"]


def _crowd(launcher: Launcher, night: Night, folder: Path, rounds: int) -> dict[str, object]:
    """Round after round something new lies in landing, so that snapshots are switched under the readers."""
    office = Office(copied(night.base, folder / "home"))
    readers = [Reader(office.home) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    wrong: list[str] = []
    met: Counter[str] = Counter()
    try:
        for number in range(rounds):
            office.configure("targets.csv", f"year;intervention_id;measure;target\n2025;verkstan;participants;{number + 11}\n")
            wrong += _at_once(launcher, office, met)
        _until_seen(readers, office.snapshot().id)
    finally:
        for reader in readers:
            reader.stop.set()
        for reader in readers:
            reader.join()
    wrong += [w for reader in readers for w in reader.wrong]
    reads = sum((reader.seen for reader in readers), Counter[str]())
    if len(reads) != rounds + 1:
        wrong.append(f"readers saw {len(reads)} snapshots of {rounds + 1}")
    alone = Office(copied(night.base, folder / "alone"))
    alone.configure("targets.csv", f"year;intervention_id;measure;target\n2025;verkstan;participants;{rounds + 10}\n")
    launcher.run(alone.home)
    if outcome(office.home, (office.association,))["marts"] != outcome(alone.home, (office.association,))["marts"]:
        wrong.append("other marts than one run alone makes")
    return {"rounds": rounds, "ended": dict(met), "reads": sum(reads.values()), "snapshots": len(reads), "wrong": wrong}


def _until_seen(readers: list[Reader], snapshot_id: str) -> None:
    """Every reader comes to the newest snapshot once; a minute is long enough for one that does not err."""
    end = time.monotonic() + 60
    while time.monotonic() < end and not all(snapshot_id in reader.seen for reader in readers):
        time.sleep(0.05)


def _at_once(launcher: Launcher, office: Office, met: Counter[str]) -> list[str]:
    """Eight runs begun in one moment. Who comes when the first has ended finds nothing new; nobody waits."""
    ended = [run.wait() for run in [launcher.start(office.home) for _ in range(RUNS)]]
    met.update(f"status {e.status}" for e in ended)
    worked = sum('"changed": true' in e.out for e in ended)
    wrong = [] if worked == 1 else [f"{worked} runs published"]
    wrong += [f"a run ended with {e.status} {e.signal}: {e.err[-300:]}" for e in ended if e.status not in (3, BUSY)]
    return wrong if is_free(office.home) else [*wrong, "the lock is held"]
