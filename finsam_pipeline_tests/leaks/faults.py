"""Runs commands one after another in one process, each with a fault set or none: `python faults.py` with a list on standard input.

A fault is what a library does on a bad day: it raises, chained and with notes, and every text quotes a row. Nothing in the pipeline
knows of this; a part is replaced from outside while the command runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn
from unittest import mock

FAULTS = {
    "intake": "finsam_pipeline.pipeline.run.take_in_new",
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


def main() -> None:
    """Each command's exit status, as a JSON list in the file named last on the command line."""
    from finsam_pipeline import cli  # noqa: PLC0415 - as the console script does

    statuses = []
    for command in json.load(sys.stdin):
        sys.argv = ["finsam", *command["words"]]
        with _fault(command.get("fault", ""), command.get("value", "")):
            try:
                cli.main()
            except SystemExit as ended:
                statuses.append(ended.code)
    with open(_ANSWER, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(statuses, file)


def _fault(name: str, value: str) -> AbstractContextManager[Any]:
    return mock.patch(FAULTS[name], _raising(value)) if name else nullcontext()


def _raising(value: str) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        try:
            int(value)
            raise KeyError(value)
        except (KeyError, ValueError) as first:
            error = ValueError(f"cannot convert {value} in row 7")
            error.add_note(f"while reading {value}")
            raise error from first

    return fail


if __name__ == "__main__":
    _ANSWER = sys.argv[1]
    main()
