"""The one boundary around every asset body: what leaves it into Dagster's event log never holds a value.

Dagster keeps exceptions with their causes for ever and unredacted. So an unexpected exception is written whole to
`vault/errors/<id>` and only its id and the step go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


class StepFailed(Exception):  # noqa: N818 - says what happened, as Dagster's own events do
    """A step of the way failed unexpectedly.

    `step` is the step's name, `error_id` the file in `vault/errors` that holds the whole exception.
    """

    def __init__(self, step: str, error_id: str) -> None:
        super().__init__(f"step {step} failed; error id {error_id}")
        self.step = step
        self.error_id = error_id


def guarded(home: Path, step: str, body: Callable[[], T], on_error: Callable[[Exception, str], None] | None = None) -> T:
    """Run `body`; an exception of it is kept in the vault and a `StepFailed` without cause or context raised instead.

    `on_error(exception, error_id)` hears of it inside this process (the command line turns known errors into exit statuses).
    """
    try:
        return body()
    except Exception as error:  # noqa: BLE001 - the boundary is meant to stop everything
        caught = error
    # Outside the handler: nothing raised from here on has a context to follow back to the value.
    error_id = _keep(home, step, caught)
    if on_error:
        on_error(caught, error_id)
    raise StepFailed(step, error_id)


def _keep(home: Path, step: str, error: Exception) -> str:
    """The id of the file that holds the exception whole; a full disk must not hide which step failed."""
    from finsam_pipeline.store.errors import keep_error  # noqa: PLC0415 - only when something has gone wrong
    from finsam_pipeline.store.workspace import Workspace  # noqa: PLC0415

    try:
        return keep_error(Workspace(home), error, step)
    except OSError:
        return "not written"
