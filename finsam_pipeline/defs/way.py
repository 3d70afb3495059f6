"""What the assets need of the way through the pipeline, as a Protocol, and the real one, imported when first used.

Belongs here: the seam. Tests put a fake on this side of it; importing this module loads neither pandas nor Great
Expectations.
"""
# ruff: noqa: PLC0415 - every code server and every `finsam run` loads this room; the way behind it is loaded when first used

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from finsam_pipeline.pipeline.lateness import Late
    from finsam_pipeline.pipeline.outcomes import BuildOutcome, PublishOutcome, SourceOutcome
    from finsam_pipeline.pipeline.summary import RunSummary

FileState = tuple[str, int, int]  # path relative to the workspace, bytes, mtime in ns


class AssociationRun(Protocol):
    """One association's run. Every step leaves its result on disk, so steps may run in other processes."""

    @property
    def state(self) -> str:
        """A hash over all that the run depends on: the same state gives the same tables."""

    def late(self, outcome: SourceOutcome) -> Late | None:
        """What `expected:` says of the source, when its latest delivery has not come."""

    def take(self, source: str) -> SourceOutcome:
        """Read, type, select and judge one source."""

    def build(self) -> BuildOutcome:
        """Build and test every SQL model, and judge the rules that need them."""

    def publish(self) -> PublishOutcome:
        """Release the audited slices in one switch and remake the drafts."""

    def close(self) -> None:
        """Let the workspace go. More than once does no harm."""


class Way(Protocol):
    """One workspace and what can be done in it."""

    @property
    def home(self) -> Path:
        """The workspace."""

    def open_run(self, association: str, as_of: dt.date | None) -> AssociationRun:
        """A run of one association, seeing deliveries and decisions up to `as_of`."""

    def summary(self, association: str) -> RunSummary | None:
        """What the last publication of an association said of the whole run; None when there was none."""

    def tell_failure(self, association: str, step: str, error_id: str) -> None:
        """Alert whoever wants to know that a run came to no end. Never raises."""

    def decide(self, item_id: str, decision: str, reason_code: str, by: str) -> None:
        """Record a steward's decision (`accept` or `drop`) on a review item; the next run applies it."""

    def workbook(self, association: str) -> Path:
        """Where each run leaves what waits for the stewards, with its values."""

    def associations(self) -> Sequence[str]:
        """Every configured association."""

    def whats_new(self) -> Sequence[str]:
        """Associations with something to do. Quick: no file is parsed."""

    def landing_state(self, association: str) -> Sequence[FileState]:
        """The association's deliveries by path, size and time of change; contents are never read."""


@dataclass(frozen=True, slots=True)
class PipelineWay:
    """The way in `finsam_pipeline.pipeline`."""

    home: Path

    def open_run(self, association: str, as_of: dt.date | None) -> AssociationRun:
        """See `Way`."""
        from finsam_pipeline import pipeline

        return pipeline.open_run(self.home, association, as_of)

    def summary(self, association: str) -> RunSummary | None:
        """See `Way`."""
        from finsam_pipeline.pipeline.newness import last_summary

        return last_summary(self.home, association)

    def tell_failure(self, association: str, step: str, error_id: str) -> None:
        """See `Way`."""
        from finsam_pipeline.pipeline.alerting import Failure, tell
        from finsam_pipeline.store.workspace import Workspace

        tell(Workspace(self.home), association, Failure(step, error_id))

    def decide(self, item_id: str, decision: str, reason_code: str, by: str) -> None:
        """See `Way`."""
        from finsam_pipeline.review.decisions import DecisionInput, record
        from finsam_pipeline.store.database import Database
        from finsam_pipeline.store.workspace import Workspace

        workspace = Workspace(self.home)
        with Database.of(workspace).writing() as connection:
            record(connection, workspace, DecisionInput(item_id, decision, by, reason_code=reason_code))

    def workbook(self, association: str) -> Path:
        """See `Way`."""
        from finsam_pipeline.store.workspace import Workspace

        return Workspace(self.home.absolute()).review_workbook(association)

    def associations(self) -> Sequence[str]:
        """See `Way`."""
        from finsam_pipeline import pipeline

        return pipeline.associations(self.home)

    def whats_new(self) -> Sequence[str]:
        """See `Way`."""
        from finsam_pipeline import pipeline

        return pipeline.whats_new(self.home)

    def landing_state(self, association: str) -> Sequence[FileState]:
        """See `Way`."""
        from finsam_pipeline.store.workspace import Workspace

        return [(f.path, f.size, f.mtime_ns) for f in Workspace(self.home).scan_landing([association])]
