"""What our own expectations share: a row-wise verdict over several columns, in pandas.

A subclass states `map_metric` and `holds`; its metric provider is derived from them, so `holds` is the rule's only
implementation. Great Expectations counts, lists and reports the rows for which it is false.

Belongs here: the frame around a verdict. Does not: any verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.metric_configuration import MetricConfiguration

from finsam_pipeline.contracts.rules import WAIVED, severity_of, uses_of
from finsam_pipeline.contracts.types import Severity

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import RuleUse

_TABLE_KEYS = ("batch_id", "table", "row_condition", "condition_parser")


class RowMetric(MulticolumnMapMetricProvider):  # type: ignore[misc] # the library is untyped
    """The rows for which an expectation's verdict is false. One subclass an expectation, made by `RowExpectation`."""

    expectation: ClassVar[type[RowExpectation]]

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, rows: pd.DataFrame, **kwargs: Any) -> pd.Series[bool]:  # noqa: ANN401, N805 - the library passes the class
        return cls.expectation.verdict(rows, **kwargs)


class RestingMetric(RowMetric):
    """A metric that waits for the failures of the source's other E rules."""

    condition_value_keys = ("source",)

    @classmethod
    def _get_evaluation_dependencies(cls, metric: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        found: dict[str, Any] = super()._get_evaluation_dependencies(metric, *args, **kwargs)
        if metric.metric_name == f"{cls.condition_metric_name}.condition":
            others = cls.expectation.others(metric.metric_value_kwargs["source"])
            found |= {name: _condition_of(use, metric.metric_domain_kwargs) for name, use in others.items()}
        return found


class RowExpectation(MulticolumnMapExpectation):  # type: ignore[misc] # the library is untyped
    """A row must satisfy `holds(rows)`; a missing value is the verdict's own business, no row is skipped."""

    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "never"
    map_metric: ClassVar[str | None] = None
    metric: ClassVar[type[RowMetric]] = RowMetric
    together: ClassVar[tuple[str, ...]] = ()  # rows alike in these columns are compared and never judged apart

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401
        """Register the metric of a concrete rule under its `map_metric`."""
        super().__init_subclass__(**kwargs)
        if cls.map_metric is not None:
            members = {"__module__": cls.__module__, "condition_metric_name": cls.map_metric, "expectation": cls}
            metaclass: Any = type(cls.metric)
            metaclass(f"{cls.__name__}Metric", (cls.metric,), members)

    @staticmethod
    def holds(rows: pd.DataFrame) -> pd.Series[bool]:
        """For each row of `column_list`, whether the rule holds. Never null. The index is row_id."""
        raise NotImplementedError

    @classmethod
    def verdict(cls, rows: pd.DataFrame, **_: Any) -> pd.Series[bool]:  # noqa: ANN401
        """What the metric computes: `holds` as plain booleans."""
        return cls.holds(rows).astype(bool)

    @classmethod
    def others(cls, source: str) -> dict[str, RuleUse]:
        """The rules this one rests on: none."""
        raise NotImplementedError(source)


class RestingExpectation(RowExpectation):
    """A rule that leaves out the rows another E rule of the source holds.

    Those verdicts are metrics this one depends on: each is computed once, by its own expectation's condition.
    """

    source: str
    rule: ClassVar[str]
    metric: ClassVar[type[RowMetric]] = RestingMetric
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "source")

    @staticmethod
    def holds_beside(rows: pd.DataFrame, held: pd.Series[bool]) -> pd.Series[bool]:
        """For each row, whether the rule holds; `held` marks the rows another E rule holds."""
        raise NotImplementedError

    @classmethod
    def verdict(cls, rows: pd.DataFrame, **kwargs: Any) -> pd.Series[bool]:  # noqa: ANN401
        """`holds_beside`, told which rows the other E rules hold."""
        held = pd.Series(data=False, index=rows.index)
        for name, use in cls.others(kwargs["source"]).items():
            held |= kwargs["_metrics"][name][0] & ~rows[WAIVED].str.contains(f"|{use.rule}|", regex=False)
        return cls.holds_beside(rows.drop(columns=WAIVED), held).astype(bool)

    @classmethod
    def others(cls, source: str) -> dict[str, RuleUse]:
        """The E rules on the source's rows but this one, by a name for the metric of each."""
        uses = (u for u in uses_of(source) if severity_of(u) is Severity.ERROR and u.rule != cls.rule)
        return {f"{u.rule}.{u.column}": u for u in uses}


def _condition_of(use: RuleUse, domain: dict[str, Any]) -> Any:  # noqa: ANN401
    """The metric that holds the failures of another expectation, on the same table as `domain`."""
    kwargs = dict(use.kwargs)
    implementation = get_expectation_impl(use.expectation)
    table = {key: domain[key] for key in _TABLE_KEYS if key in domain}
    if implementation.domain_type is MetricDomainTypes.MULTICOLUMN:
        table |= {"column_list": list(kwargs["column_list"]), "ignore_row_if": "never"}  # type: ignore[call-overload]
    else:
        table |= {"column": kwargs["column"]}
    values = {"source": kwargs["source"]} if "source" in kwargs else {}
    return MetricConfiguration(f"{implementation.map_metric}.condition", table, values)
