"""The one boundary around every asset body: what leaves it into Dagster's event log never holds a value.

Dagster keeps exceptions with their causes for ever and unredacted. So an unexpected exception is written whole to
`vault/errors/<id>` and only its id and the step go on. What a person can put right at once, and what holds no row's value (a wrong
configuration, a busy workspace), is said in words instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from finsam_pipeline.machine import TooLittleMemory
from finsam_pipeline.pipeline.agreeing import StepsApart
from finsam_pipeline.register.errors import ConfigurationError, ConfigurationErrors
from finsam_pipeline.store.lock import WorkspaceBusy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
_SAYABLE = (ConfigurationError, ConfigurationErrors, StepsApart, TooLittleMemory, WorkspaceBusy)


class StepFailed(Exception):  # noqa: N818 - says what happened, as Dagster's own events do
    """A step of the way failed unexpectedly.

    `step` is the step's name, `error_id` the file in `vault/errors` that holds the whole exception.
    """

    def __init__(self, step: str, error_id: str) -> None:
        super().__init__(f"step {step} failed; error id {error_id}")
        self.step = step
        self.error_id = error_id


class StepRefused(Exception):  # noqa: N818 - as above
    """A step could not begin, for a reason a person can put right: its text says which."""


def guarded(home: Path, step: str, body: Callable[[], T], on_error: Callable[[Exception, str], None] | None = None) -> T:
    """Run `body`, letting none of its exceptions through.

    Args:
        home: the workspace, whose vault keeps an unexpected exception.
        step: the step's name.
        body: the work.
        on_error: hears of the exception and its id ("" when it is not kept), in this process only.

    Raises:
        StepRefused: the configuration is wrong, the workspace busy, memory too little, or an earlier step was done on another state.
        StepFailed: anything else. Neither has a cause or a context.
    """
    try:
        return body()
    except Exception as error:  # noqa: BLE001 - the boundary is meant to stop everything
        caught = error
    # Outside the handler: nothing raised from here on has a context to follow back to the value.
    known = isinstance(caught, _SAYABLE)
    error_id = "" if known else _keep(home, step, caught)
    if on_error:
        on_error(caught, error_id)
    raise StepRefused(str(caught)) if known else StepFailed(step, error_id)


def _keep(home: Path, step: str, error: Exception) -> str:
    """The id of the file that holds the exception whole; a full disk must not hide which step failed."""
    from finsam_pipeline.store.errors import keep_error  # noqa: PLC0415 - only when something has gone wrong
    from finsam_pipeline.store.workspace import Workspace  # noqa: PLC0415

    try:
        return keep_error(Workspace(home), error, step)
    except OSError:
        return "not written"
