"""This project beside its peers: `finsam run` as it is, and its result told in the comparison's words.

    python -m benchmarks.peers.ours HOME            the way a workspace is run, without Dagster, report and workbook

Belongs here: where our files stand. Does not: anything that is measured but `bare`, which runs the same steps in the same
order as `finsam run` and leaves out what no peer makes.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from unittest import mock

import duckdb

from benchmarks.peers.task import MARTS, RULES

_FAMILIES = {"participant_flow": "participants", "exit_reasons": "participants"}
_SOURCES = ("huvudbok", "deltagaruppfoljning")


def workspace(home: Path, copy: Path) -> Path:
    """A workspace of its own to run in, with the input's configuration and links to its files."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home / "config", copy / "config")
    shutil.copytree(home / "landing", copy / "landing", copy_function=lambda a, b: Path(b).hardlink_to(a))
    return copy


def result(home: Path, said: str, out: Path) -> Path:
    """What a run left, as the comparison's folder of files. `said`: what `finsam run --json` printed."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name in MARTS:
        shutil.copyfile(home / "marts" / "current" / _FAMILIES.get(name, "economy") / f"{name}.parquet", out / f"{name}.parquet")
    work = home / "vault" / "work"
    accepted = (
        "select association, participant, intervention_id, gender, birth_year, start_date, end_date,"
        f" coalesce(exit_reason, 'uppgift_saknas') as exit_reason from '{work}/*/accepted/deltagaruppfoljning.parquet'"
    )
    places = "split_part(path, '/', 2) as association, split_part(path, '/', 3) as source, path, \"row\", rule, \"column\""
    files = [f"{work}/*/findings/{source}.parquet" for source in _SOURCES]
    findings = f"select {places} from read_parquet({files}, union_by_name = true) where severity = 'E'"
    duckdb.sql(f"copy ({accepted}) to '{out}/participations.parquet'")
    duckdb.sql(f"copy ({findings}) to '{out}/quarantine.parquet'")
    (out / "verdict.json").write_text(json.dumps(verdict(json.loads(said))), encoding="utf-8")
    return out


def verdict(said: dict[str, object]) -> dict[str, object]:
    """Rows by source and failed rows by rule, of the rules compared."""
    sources = {name: dict.fromkeys(("rows", "accepted", "quarantined"), 0) for name in _SOURCES}
    for delivery in said["deliveries"]:  # type: ignore[attr-defined]
        for count in ("rows", "accepted", "quarantined"):
            sources[delivery["source"]][count] += delivery[count]
    failed = dict.fromkeys(RULES, 0)
    for check in said["checks"]:  # type: ignore[attr-defined]
        source, _, rule = check["name"].partition("/")
        if source in _SOURCES and rule in failed:
            failed[rule] += check["failed_rows"]
    return {"sources": sources, "rules": failed}


def bare(home: Path) -> dict[str, object]:
    """Every association's steps, without Dagster's record of them, drafts and marts.xlsx. No user can run this."""
    from finsam_pipeline.pipeline import associations, open_run  # noqa: PLC0415
    from finsam_pipeline.pipeline.newness import last_summary  # noqa: PLC0415
    from finsam_pipeline.pipeline.summary import merge  # noqa: PLC0415

    with (
        mock.patch("finsam_pipeline.pipeline.publishing.draft_reports", return_value=()),
        mock.patch("finsam_pipeline.store.snapshots.marts_workbook", return_value=b""),
        mock.patch("finsam_pipeline.pipeline.building.keep_places"),
    ):
        for association in associations(home):
            with open_run(home, association, None) as run:
                run.take_all()
                run.build()
                run.publish()
    return merge([s for a in associations(home) if (s := last_summary(home, a))]).to_json()


if __name__ == "__main__":
    print(json.dumps(bare(Path(sys.argv[1]))))
