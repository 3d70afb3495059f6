"""`judge`: tables in, one result a rule and column out.

Belongs here: the room's public words. Does not: anything of Great Expectations, which `engine` knows.
"""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from finsam_pipeline.contracts.rules import WAIVED, severity_of, uses_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from finsam_pipeline.contracts.types import RuleUse, Severity

BATCHES = ("rows", "controls", "coverage", "ledgers", "lines", "financing", "reconciliation", "flows", "placements", "versions")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one use of a rule found in one table.

    `row_ids` are the failing rows, ascending, each once; no value of a row stands in a result. `errored`: the rule could not
    be judged (`passed` is False, `row_ids` empty): the caller holds back what depends on it. A rule used on several columns
    has a result a column, so one row may fail the same rule in more than one of them.
    """

    rule: str
    source: str
    batch: str
    severity: Severity
    column: str
    passed: bool
    errored: bool
    row_ids: tuple[int, ...] = ()

    @property
    def failed_rows(self) -> int:
        """How many rows fail."""
        return len(self.row_ids)


def judge(
    frames: Mapping[str, pd.DataFrame], source: str, waived: Mapping[str, Collection[int]] | None = None
) -> list[RuleResult]:
    """Judge the tables of one source by its suites.

    Args:
        frames: batch name (one of `BATCHES`) → table with a unique int64 `row_id` and every column the suite names, null where
            a file had none (docs/architecture.md): the caller guarantees them, a missing column is an errored rule. Further
            columns are ignored; a batch the source has no rules for gives nothing. The frames are not changed.
        source: the landing folder.
        waived: rule → ids of the `rows` for which a steward has waived it (`accept`). Such a row is still reported; but the rules
            that leave out what other rules hold (P009, P013, L001) no longer see it as held.

    Returns:
        For every batch given, one result a rule use, in the order of `contracts.rules.USES`. An empty table passes.

    Raises:
        KeyError: a batch name nobody knows.
    """
    unknown = set(frames) - set(BATCHES)
    if unknown:
        raise KeyError(f"no such batch: {', '.join(sorted(unknown))}")
    results: list[RuleResult] = []
    for batch in BATCHES:
        uses = uses_of(source, batch)
        if batch not in frames or not uses:
            continue
        frame = _with_waivers(frames[batch], waived or {}) if batch == "rows" else frames[batch]
        failures = _failures(frame, source, batch)
        results += [_result(use, failures.get((use.rule, use.column, use.expectation))) for use in uses]
    return results


def documented(folder: Path) -> AbstractContextManager[None]:
    """What `judge` judges inside becomes Great Expectations' own pages in `folder`: counts and row ids, no values."""
    pages: AbstractContextManager[None] = _engine().documented(folder)
    return pages


def _with_waivers(frame: pd.DataFrame, waived: Mapping[str, Collection[int]]) -> pd.DataFrame:
    marks = pd.Series("", index=frame.index, dtype="str")
    for rule in sorted(waived):
        marks[frame["row_id"].isin(list(waived[rule]))] += f"|{rule}|"
    return frame.assign(**{WAIVED: marks})


def _failures(frame: pd.DataFrame, source: str, batch: str) -> dict[tuple[str, str, str], tuple[int, ...] | None]:
    if frame.empty:
        return {(u.rule, u.column, u.expectation): () for u in uses_of(source, batch)}
    found: dict[tuple[str, str, str], tuple[int, ...] | None] = _engine().failures(frame, source, batch)
    return found


@cache
def _engine() -> Any:  # noqa: ANN401 - a module
    """Great Expectations at work: imported when first needed, without a sound on the net, in a log or as a warning."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)  # it logs tracebacks, and they may hold values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what it imports itself
        return importlib.import_module("finsam_pipeline.validation.engine")


def _result(use: RuleUse, row_ids: tuple[int, ...] | None) -> RuleResult:
    """A rule without a verdict has not passed."""
    return RuleResult(
        rule=use.rule,
        source=use.source,
        batch=use.batch,
        severity=severity_of(use),
        column=use.column,
        passed=row_ids == (),
        errored=row_ids is None,
        row_ids=row_ids or (),
    )
