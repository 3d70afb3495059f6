"""The floor: one script of SQL in DuckDB and nothing else. No lineage, no tests, no store, no review: what the machine can do.

Run: `python -m benchmarks.peers.floor HOME OUT`
"""

from __future__ import annotations

from pathlib import Path
from string import Template

import duckdb

from benchmarks.peers.task import KEY, RULES, main

SCRIPT = Path(__file__).with_suffix(".sql")
_BLOCK = 64  # bytes of SHA-256's block
_COUNTS = """
select source, rows, rows - held as accepted, held as quarantined from (
    select 'huvudbok' as source, (select count(*) from ledger) as rows, count(distinct place) as held from ledger_findings
    union all
    select 'deltagaruppfoljning', (select count(*) from lists), count(distinct place) from list_findings
)"""
_RULES = """
select rule, count(*) from (select rule from ledger_findings union all select rule from list_findings) group by rule
union all
select 'P007', count(*) from judged where end_date is not null and not reason_given"""


def padded(byte: int) -> str:
    """The key, padded and mixed as HMAC says, as a literal of DuckDB's blobs."""
    return "".join(f"\\x{k ^ byte:02X}" for k in KEY.ljust(_BLOCK, b"\0"))


def make(home: Path, out: Path) -> dict[str, object]:
    """Run the script; the verdict is asked of its tables."""
    script = Template(SCRIPT.read_text(encoding="utf-8"))
    with duckdb.connect(config={"threads": 2, "temp_directory": str(out.parent / "spill")}) as connection:
        connection.execute(script.substitute(home=home, out=out, inner=padded(0x36), outer=padded(0x5C)))
        counts = connection.execute(_COUNTS).fetchall()
        failed = dict.fromkeys(RULES, 0) | dict(connection.execute(_RULES).fetchall())
    sources = {name: {"rows": rows, "accepted": kept, "quarantined": held} for name, rows, kept, held in counts}
    return {"sources": sources, "rules": failed}


if __name__ == "__main__":
    main(make)
