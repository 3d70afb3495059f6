"""The resource every asset works through: the open run, the boundary, progress.

Belongs here: state of one Dagster run inside one process. Does not: anything that must outlive it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import dagster as dg

from finsam_pipeline.defs.boundary import StepRefused, guarded
from finsam_pipeline.defs.housekeeping import process_tags
from finsam_pipeline.defs.names import TAG_AS_OF, TAG_ERROR, TAG_OUTCOME
from finsam_pipeline.pipeline.agreeing import StepsApart
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.store.lock import WorkspaceBusy

if TYPE_CHECKING:
    from finsam_pipeline.defs.way import AssociationRun, Way

T = TypeVar("T")
BUSY_TRIES = 20
BUSY_SECONDS = 30
Outcome = Literal["clean", "findings", "held", "failed"]
_OUTCOMES: dict[ExitStatus, Outcome] = {
    ExitStatus.CLEAN: "clean",
    ExitStatus.FINDINGS: "findings",
    ExitStatus.HELD: "held",
    ExitStatus.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class StepProgress:
    """A step began, ended or failed. `seconds` is 0 while it runs; `detail` is for people and holds counts only."""

    association: str
    step: str
    state: Literal["started", "done", "failed"]
    seconds: float = 0.0
    detail: str = ""

    def __str__(self) -> str:
        """One line of progress."""
        words = f"{self.association} {self.step}"
        return words if self.state == "started" else f"{words} {self.state} in {self.seconds:.1f} s {self.detail}".rstrip()


Listener = Callable[[StepProgress], None]


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A Dagster run in this process, its association and the way's run behind it."""

    run_id: str
    association: str
    way_run: AssociationRun


@dataclass(slots=True)
class Steps:
    """Opens one run per (workspace, association, Dagster run) and keeps it while that run lasts in this process.

    `error` is the exception behind the last failed step: for telling known errors apart, never for printing. `waits`: a workspace that
    another run holds is tried again, every half minute for ten minutes; it is the one refusal that passes by itself.
    """

    way: Way
    listener: Listener | None = None
    waits: bool = False
    error: Exception | None = None
    _open: OpenRun | None = None
    _alerted: str = ""  # the run somebody was told of

    def open(self, context: dg.AssetExecutionContext) -> OpenRun:
        """The run this step belongs to; an older one is closed."""
        association = context.partition_key
        if self._open is None or (self._open.run_id, self._open.association) != (context.run.run_id, association):
            self.close()
            context.instance.add_run_tags(context.run.run_id, process_tags(context.instance, context.run.run_id))
            as_of = context.run.tags.get(TAG_AS_OF)
            way_run = self.way.open_run(association, dt.date.fromisoformat(as_of) if as_of else None)
            self._open = OpenRun(context.run.run_id, association, way_run)
        return self._open

    def close(self) -> None:
        """Let the workspace go. A process that ends without this lets it go too."""
        if self._open is not None:
            self._open.way_run.close()
            self._open = None

    def outcome(self, association: str) -> Outcome:
        """What the last publication of an association came to, by the exit status the command line would give."""
        summary = self.way.summary(association)
        return _OUTCOMES[summary.exit_status] if summary else "failed"

    def do(self, context: dg.AssetExecutionContext, step: str, body: Callable[[OpenRun], T]) -> T:
        """Run one step's body inside the boundary, telling the listener.

        Raises:
            StepFailed, StepRefused: see `guarded`.
            dagster.RetryRequested: the workspace is busy and this run waits. Nothing has been done yet, so trying again does no harm.
        """
        association, began = context.partition_key, time.perf_counter()
        self._tell(StepProgress(association, step, "started"))

        def failed(error: Exception, error_id: str) -> None:
            self.error = error
            kept = {TAG_ERROR: error_id} if error_id else {}
            context.instance.add_run_tags(context.run.run_id, {TAG_OUTCOME: "failed"} | kept)
            self._alert(context, step, error, error_id)
            self._tell(StepProgress(association, step, "failed", time.perf_counter() - began, error_id))

        try:
            result = guarded(self.way.home, step, lambda: body(self.open(context)), failed)
        except StepRefused:
            if not (self.waits and isinstance(self.error, WorkspaceBusy)):
                raise
        else:
            self._tell(StepProgress(association, step, "done", time.perf_counter() - began))
            return result
        raise dg.RetryRequested(max_retries=BUSY_TRIES, seconds_to_wait=BUSY_SECONDS)

    def _alert(self, context: dg.AssetExecutionContext, step: str, error: Exception, error_id: str) -> None:
        """Once a run, whatever else fails in it.

        A busy workspace passes by itself, single steps are begun by somebody who sees them refused, a look back concerns nobody.
        """
        quiet = isinstance(error, StepsApart | WorkspaceBusy) or TAG_AS_OF in context.run.tags
        if quiet or self._alerted == context.run.run_id:
            return
        self._alerted = context.run.run_id
        self.way.tell_failure(context.partition_key, step, error_id)

    def _tell(self, progress: StepProgress) -> None:
        if self.listener:
            self.listener(progress)
