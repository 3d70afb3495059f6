"""What a run says when it is over, and the exit status that follows (interface 2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any

from finsam_pipeline.pipeline.outcomes import CheckOutcome, DeliveryOutcome, SliceOutcome


class ExitStatus(IntEnum):
    """The worst that applies; other classes from 10 up."""

    CLEAN = 0
    USAGE = 2
    FINDINGS = 3
    HELD = 4
    BUSY = 5
    FAILED = 10


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The outcome of `finsam run` over one or several associations."""

    snapshot_id: str | None
    published: bool
    changed: bool
    deliveries: tuple[DeliveryOutcome, ...] = ()
    checks: tuple[CheckOutcome, ...] = ()
    slices: tuple[SliceOutcome, ...] = ()
    reports: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # association, error id
    faults: tuple[tuple[str, str], ...] = ()  # association, what is wrong in its configuration
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def exit_status(self) -> ExitStatus:
        """0 clean, 3 open quarantine or rejected files, 4 a slice held back, 2 wrong configuration, 10 a run failed."""
        if self.failures:
            return ExitStatus.FAILED
        if self.faults:
            return ExitStatus.USAGE
        if any(not s.published for s in self.slices):
            return ExitStatus.HELD
        open_errors = any(c.open_rows or c.errored for c in self.checks if c.severity != "W")
        if open_errors or any(d.status == "rejected" for d in self.deliveries):
            return ExitStatus.FINDINGS
        return ExitStatus.CLEAN

    def to_json(self) -> dict[str, Any]:
        """The object `finsam run --json` prints."""
        wrong = {"error": "configuration", "message": "\n".join(what for _, what in self.faults)} if self.faults else {}
        return wrong | {
            "snapshot_id": self.snapshot_id,
            "published": self.published,
            "changed": self.changed,
            "exit_status": int(self.exit_status),
            "deliveries": [_delivery(d) for d in self.deliveries],
            "checks": [_check(c) for c in self.checks],
            "slices": [asdict(s) for s in self.slices],
            "reports": list(self.reports),
            "failures": [{"association": a, "error_id": e} for a, e in self.failures],
            "seconds": {k: round(v, 3) for k, v in self.seconds.items()},
        }


def _delivery(d: DeliveryOutcome) -> dict[str, Any]:
    out = asdict(d) | {"delivered_on": d.delivered_on.isoformat(), "drift": list(d.drift)}
    out["remarks"] = [remark.to_json() for remark in d.remarks]
    out.pop("covers_to")
    return out


def _check(c: CheckOutcome) -> dict[str, Any]:
    return {
        "name": c.name,
        "rule": c.rule,
        "source": c.source,
        "passed": c.passed,
        "severity": c.severity,
        "failed_rows": c.failed_rows,
        "open_rows": c.open_rows,
        "errored": c.errored,
        "about": list(c.about),
    }


def merge(parts: Iterable[RunSummary]) -> RunSummary:
    """One summary over several associations, taken one after another; the last snapshot is the one that stands."""
    parts = list(parts)
    return RunSummary(
        snapshot_id=next((p.snapshot_id for p in reversed(parts) if p.snapshot_id), None),
        published=any(p.published for p in parts),
        changed=any(p.changed for p in parts),
        deliveries=tuple(d for p in parts for d in p.deliveries),
        checks=tuple(c for p in parts for c in p.checks),
        slices=tuple(s for p in parts for s in p.slices),
        reports=tuple(r for p in parts for r in p.reports),
        failures=tuple(f for p in parts for f in p.failures),
        faults=tuple(f for p in parts for f in p.faults),
    )
