"""Whether a source has come by the day `expected:` in association.yaml names, as a check on the source.

A warning: it changes no exit status and holds nothing back. The one check that may turn without anything new in landing, so it is
as fresh as the last run; the schedule sees to one a night.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from finsam_pipeline.defs.checks import check_spec
from finsam_pipeline.defs.names import TIMELY_CHECK, source_key

if TYPE_CHECKING:
    from finsam_pipeline.pipeline.lateness import Late

_TEXT = "Leveransen har kommit till den dag som expected: i association.yaml anger. Är ingen dag angiven kan den inte vara sen."


def timely_check_spec(source: str) -> dg.AssetCheckSpec:
    """The check of one source."""
    return check_spec(TIMELY_CHECK, source_key(source), _TEXT)


def timely_result(source: str, late: Late | None) -> dg.AssetCheckResult:
    """Passed unless something is late; then since when."""
    meta = (
        {"väntades senast": late.due.isoformat(), "senaste leverans": late.last.isoformat() if late.last else "aldrig"}
        if late
        else {}
    )
    return dg.AssetCheckResult(
        passed=late is None,
        asset_key=source_key(source),
        check_name=TIMELY_CHECK,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=meta,
    )
