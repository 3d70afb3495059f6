"""Great Expectations at work: one in-memory context a process, a checkpoint a suite, our own action.

Only row ids leave this module. An exception's text, a traceback or an unexpected value may hold a participant's data: results
are asked for without values, the library's loggers are silent, and an error becomes the absence of a verdict.

Belongs here: everything that knows Great Expectations' objects. Does not: what a rule means.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

import great_expectations as gx
from great_expectations.checkpoint.actions import ValidationAction
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine import pandas_execution_engine
from great_expectations.expectations.registry import get_expectation_impl

from finsam_pipeline.contracts.rules import USES
from finsam_pipeline.validation import expectations, suites  # noqa: F401 - importing our expectations registers them
from finsam_pipeline.validation.pieces import MOST_ROWS, cut

if TYPE_CHECKING:
    import pandas as pd

Failures = dict[tuple[str, str, str], tuple[int, ...] | None]
"""(rule, column, expectation) → failing row ids; None when the rule could not be judged."""

_LOG = logging.getLogger(__name__)
_ROW_ID = "row_id"
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "unexpected_index_column_names": [_ROW_ID],
    "return_unexpected_index_query": False,
    "partial_unexpected_count": 0,
}
_SITE = "data_docs"
_KEPT: list[Path] = []  # while pages are being made, results are kept for them
_LOCK = RLock()  # a context is not made for several threads


class CollectFindings(ValidationAction):  # type: ignore[misc] # the library is untyped
    """Keeps the failing row ids of the last run, and nothing else of it."""

    type: Literal["collect_findings"] = "collect_findings"
    name: str = "collect_findings"
    _failures: Failures = PrivateAttr(default_factory=dict)

    def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:  # noqa: ANN401, ARG002
        """Take over the verdicts of every validation in the checkpoint."""
        self._failures.clear()
        for validation in checkpoint_result.run_results.values():
            self._failures.update(_verdict(result) for result in validation.results)
        return {}

    def collected(self) -> Failures:
        """The verdicts of the last run."""
        return dict(self._failures)


def failures(frame: pd.DataFrame, source: str, batch: str) -> Failures:
    """Run the suite of (source, batch) over a table that has rows. A rule that is absent was not judged.

    A large table goes through in pieces, unless pages are being made of it: rules that may be cut at the same borders together.
    """
    with _LOCK:
        if len(frame) <= MOST_ROWS or _KEPT:
            return _run(frame, source, batch, None)
        found: Failures = {}
        for together in _borders(source, batch):
            parts = [_run(part, source, batch, together) for part in cut(frame, together, MOST_ROWS)]
            found |= _merged(parts)
        return found


def _run(frame: pd.DataFrame, source: str, batch: str, together: tuple[str, ...] | None) -> Failures:
    """The verdicts of the suite, or of its rules that are cut at these borders, on a table or a piece of it."""
    action, checkpoint, columns = _checkpoint(source, batch, together)
    try:
        # Great Expectations copies every column it is given
        named = [column for column in frame.columns if column in columns or column == _ROW_ID]
        checkpoint.run(batch_parameters={"dataframe": frame[named].set_index(_ROW_ID)})
        return action.collected()
    except Exception as error:  # noqa: BLE001 - whatever it says may quote a row
        _LOG.error("suite %s could not be run: %s", suites.suite_name(source, batch), type(error).__name__)
        return {}
    finally:
        _forget()


def _merged(parts: list[Failures]) -> Failures:
    """The verdicts of all pieces as one; a rule one piece has no verdict on has none."""
    judged = set(parts[0]).intersection(*parts[1:])
    found: Failures = {}
    for key in judged:
        rows = [part[key] for part in parts]
        found[key] = None if None in rows else tuple(sorted(row for part in rows for row in part or ()))
    return found


@contextmanager
def documented(folder: Path) -> Iterator[None]:
    """What is judged inside becomes Great Expectations' own pages in `folder`: suites, counts and row ids, no values.

    A table is judged once inside; a suite judged on nothing has a page of its expectations alone.
    """
    with _LOCK:
        context = _context()
        place = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
        context.add_data_docs_site(
            _SITE,
            {
                "class_name": "SiteBuilder",
                "store_backend": place,
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            },
        )
        _KEPT.append(folder)
        try:
            yield
            for source, batch in dict.fromkeys((u.source, u.batch) for u in USES):
                _checkpoint(source, batch, None)  # so that its suite is there
            context.build_data_docs(site_names=[_SITE])
        finally:
            _KEPT.pop()
            context.delete_data_docs_site(_SITE)
            _forget()


def _verdict(result: Any) -> tuple[tuple[str, str, str], tuple[int, ...] | None]:  # noqa: ANN401
    configuration = result.expectation_config
    key = (configuration.meta["rule"], configuration.meta["column"], configuration.type)
    if _errored(result.exception_info):
        return key, None
    found = result.result.get("unexpected_index_list", [])
    rows = tuple(sorted(int(i) for i in found[0][_ROW_ID])) if found else ()
    sound = bool(result.success) == (not rows) and result.result["unexpected_count"] == len(rows)
    return key, rows if sound else None


def _errored(exception_info: dict[str, Any]) -> bool:
    """One entry for the expectation, or one a metric."""
    infos = [exception_info] if "raised_exception" in exception_info else exception_info.values()
    return any(info["raised_exception"] for info in infos)


@cache
def _context() -> Any:  # noqa: ANN401
    # Tables up to this size are given a fingerprint, which costs as much as the rules and nobody reads.
    pandas_execution_engine.HASH_THRESHOLD = 0
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.data_sources.add_pandas("typed").add_dataframe_asset("table").add_batch_definition_whole_dataframe("whole")
    return context


@cache
def _checkpoint(source: str, batch: str, together: tuple[str, ...] | None = None) -> tuple[CollectFindings, Any, set[str]]:
    """The checkpoint of one suite or of its rules with these borders, the action that keeps its verdicts, the columns it names."""
    context, declared = _context(), suites.load(source, batch)
    columns = _columns(declared["expectations"], source, batch)
    if together is not None:
        kept = [e for e in declared["expectations"] if _cut_at(e["type"], _borders(source, batch)) == together]
        declared |= {"expectations": kept, "name": "/".join((declared["name"], *together, "")), "id": None}
        columns = _columns(kept, source, batch)
    suite = context.suites.add(gx.ExpectationSuite(**declared))
    table = context.data_sources.get("typed").get_asset("table").get_batch_definition("whole")
    validation = context.validation_definitions.add(gx.ValidationDefinition(name=suite.name, data=table, suite=suite))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name=suite.name, validation_definitions=[validation], actions=[CollectFindings()], result_format=_RESULT_FORMAT
        )
    )
    return checkpoint.actions[0], checkpoint, columns


@cache
def _borders(source: str, batch: str) -> tuple[tuple[str, ...], ...]:
    """The different borders at which the suite's rules may be cut; rules that may be cut anywhere go with the first."""
    named = dict.fromkeys(_together(e["type"]) for e in suites.load(source, batch)["expectations"])
    return tuple(together for together in named if together) or ((),)


def _cut_at(expectation: str, borders: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return _together(expectation) or borders[0]


def _together(expectation: str) -> tuple[str, ...]:
    """What the expectation compares; one of Great Expectations' own looks at each row alone."""
    together: tuple[str, ...] = getattr(get_expectation_impl(expectation), "together", ())
    return together


def _columns(declared: list[dict[str, Any]], source: str, batch: str) -> set[str]:
    """Every column the expectations name, those of the rules they rest on included."""
    kwargs = [e["kwargs"] for e in declared]
    if any("source" in k for k in kwargs):
        kwargs += [e["kwargs"] for e in suites.load(source, batch)["expectations"]]
    return {name for k in kwargs for name in (*k.get("column_list", ()), k.get("column")) if name}


def _forget() -> None:
    """Drop the table and the stored result: the process may live for months."""
    context = _context()
    loaded = context.data_sources.get("typed").get_execution_engine().batch_manager
    loaded.reset_batch_cache()
    loaded.batch_data_cache.clear()
    if _KEPT:
        return
    store = context.validation_results_store
    for key in store.list_keys():
        store.remove_key(key)
