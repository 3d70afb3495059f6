"""Runs commands one after another in one process, each with a fault set or none: `python faults.py` with a list a line on standard
input, and its answers before the next list is given.

A fault is what a library does on a bad day: it raises, chained and with notes, and every text quotes a row. Nothing in the pipeline
knows of this; a part is replaced from outside while the command runs.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn
from unittest import mock

FAULTS = {
    "intake": "finsam_pipeline.pipeline.intake.take_in",
    "reading": "finsam_pipeline.pipeline.loading.read",
    "shaping": "finsam_pipeline.pipeline.loading.shape",
    "judging": "finsam_pipeline.pipeline.judging.judge",
    "expectation": "finsam_pipeline.validation.expectations.base.RowExpectation.verdict",
    "models": "finsam_pipeline.models.build",
    "publishing": "finsam_pipeline.pipeline.publishing.publish_snapshot",
    "drafts": "finsam_pipeline.pipeline.publishing.draft_reports",
    "status": "finsam_pipeline.pipeline.standing.standing_status",
    "check": "finsam_pipeline.pipeline.checking.check_file",
    "list": "finsam_pipeline.cli.reviewing.read_items",
}


ENDED = "\x1e\n"  # stands after each command's exit status on standard output, and once more after the last of a list


def main() -> None:
    """Each command's own words, then its exit status and ENDED; `typed` is what stands on its standard input."""
    from finsam_pipeline import cli  # noqa: PLC0415 - as the console script does

    for commands in sys.stdin:
        for command in json.loads(commands):
            typed = mock.patch.object(sys, "stdin", io.StringIO(command["typed"]))
            sys.argv = ["finsam", *command["words"]]
            with typed, _fault(command["fault"], command["text"]):
                try:
                    cli.main()
                except SystemExit as ended:
                    sys.stdout.write(f"\n{ended.code}{ENDED}")
        sys.stdout.write(ENDED)
        sys.stdout.flush()


def _fault(name: str, value: str) -> AbstractContextManager[Any]:
    return mock.patch(FAULTS[name], _raising(value)) if name else nullcontext()


def _raising(value: str) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        try:
            int(value)
            raise KeyError(value)  # noqa: TRY301 - the chain is what is wanted
        except (KeyError, ValueError) as first:
            error = ValueError(f"cannot convert {value} in row 7")
            error.add_note(f"while reading {value}")
            raise error from first

    return fail


if __name__ == "__main__":
    main()
