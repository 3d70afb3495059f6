"""dbt with its DuckDB adapter, as its manual does it: CSV sources, models, tests that store their failures, external marts.

Run: `python -m benchmarks.peers.dbt_duckdb HOME OUT`, in dbt's environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.peers.floor import padded
from benchmarks.peers.task import RULES, main

PROJECT = Path(__file__).with_name("dbt")
DBT = Path(sys.executable).with_name("dbt")
_HELD = "len(list_filter(failed, lambda x: x <> 'P007')) > 0"
_COUNTS = f"""
select source, count(*), count(*) filter (not {_HELD}), count(*) filter ({_HELD}) from (
    select source, failed from judged_ledger union all select source, failed from judged_participations
) group by source"""
_RULES = """
select rule, count(*) from (
    select unnest(failed) as rule from judged_ledger union all select unnest(failed) from judged_participations
) group by rule"""


def make(home: Path, out: Path) -> dict[str, object]:
    """`dbt build`; the verdict is asked of the database it leaves."""
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        settings = {
            "PEER_HOME": str(home),
            "PEER_OUT": str(out),
            "PEER_SCRATCH": scratch,
            "PEER_INNER": padded(0x36),
            "PEER_OUTER": padded(0x5C),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        folders = [
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={scratch}/target",
            f"--log-path={scratch}",
        ]
        subprocess.run([DBT, "--quiet", "--no-version-check", "build", *folders], env=os.environ | settings, check=True)
        with duckdb.connect(f"{scratch}/peer.duckdb", read_only=True) as connection:
            counts = connection.execute(_COUNTS).fetchall()
            failed = dict.fromkeys(RULES, 0) | dict(connection.execute(_RULES).fetchall())
    sources = {name: {"rows": rows, "accepted": kept, "quarantined": held} for name, rows, kept, held in counts}
    return {"sources": sources, "rules": failed}


if __name__ == "__main__":
    main(make)
