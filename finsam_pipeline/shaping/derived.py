"""Columns that follow from others: the calendar year, a period's days, a budget row's line and intervention.

Belongs here: what docs/architecture.md lists as extras of single sources. Does not: the ledger's extras (ledger.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.shaping.arrow import mapped
from finsam_pipeline.shaping.types import DAY

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Intervention, LineRule, Register

_PROJECT = "6"  # the budget's object column is the project dimension (interface 4)


def derive(typed: pd.DataFrame, contract: SourceContract, register: Register) -> pd.DataFrame:
    """The typed frame with the source's derived columns."""
    names = {column.name for column in contract.columns}
    if "year" in contract.supersedes_by and "year" not in names:
        key = next(column.name for column in contract.columns if column.kind is Kind.DATE)
        typed = typed.assign(year=typed[key].dt.year.astype("Int64"))
    if "period" in names and contract.column("period").kind is Kind.PERIOD:
        typed = _with_period_days(typed)
    return _with_budget_keys(typed, register) if {"line_id", "object"} <= names else typed


def known_objects(register: Register) -> set[str]:
    """Every `dimension:object` the configuration speaks of."""
    return set(register.intervention_by_object()) | {text for rule in register.line_rules for text in rule.objects}


def canonical_object(dimension: str, text: str, known: set[str]) -> str:
    """An object as the configuration writes it: `1001 Arbetsmarknad` and `1001.0` are 1001 when only that is known."""
    candidates = (text, text.split(maxsplit=1)[0], text.removesuffix(".0"))
    return next((c for c in candidates if f"{dimension}:{c}" in known), text)


def _with_period_days(typed: pd.DataFrame) -> pd.DataFrame:
    """`period_from` and `period_to`: the period's first and last day."""
    return typed.assign(
        period_from=mapped(typed["period"], lambda name: parse_period(name).first, pa.date32(), DAY),
        period_to=mapped(typed["period"], lambda name: parse_period(name).last, pa.date32(), DAY),
    )


def _with_budget_keys(typed: pd.DataFrame, register: Register) -> pd.DataFrame:
    """`line_id` canonical (by id or label), `line_known`, `object_known`, and the object's `intervention_id`.

    A row that names an account instead of a line is known when some line rule takes that account with that object; a budget no
    rule takes would otherwise be lost on the way to the statement.
    """
    lines = {fold(text): x.line_id for x in register.report_lines if x.kind == "line" for text in (x.label, x.line_id)}
    line = mapped(typed["line_id"], lambda text: lines.get(fold(text)), pa.large_string(), "str")
    known, owners = known_objects(register), register.intervention_by_object()
    written = mapped(typed["object"], lambda text: canonical_object(_PROJECT, text, known), pa.large_string(), "str")
    is_known = mapped(written, lambda text: f"{_PROJECT}:{text}" in known, pa.bool_(), "boolean")
    return typed.assign(
        line_id=line,
        object=written,
        line_known=line.notna() | (~typed["line_id_given"] & _taken_by_a_rule(typed["account"], written, register)),
        object_known=is_known.fillna(value=True).astype(bool),
        intervention_id=mapped(written, lambda text: owners.get(f"{_PROJECT}:{text}"), pa.large_string(), "str"),
    )


def _taken_by_a_rule(accounts: pd.Series, objects: pd.Series, register: Register) -> pd.Series:
    """Whether any line rule matches the account and the object (interface 3), whatever its days of validity."""
    owners = {i.id: i for i in register.interventions}
    by_object = register.intervention_by_object()
    pairs = list(zip(accounts, objects.where(objects.notna(), ""), strict=True))
    taken = {
        (account, text): any(
            _matches(rule, account, f"{_PROJECT}:{text}", owners.get(by_object.get(f"{_PROJECT}:{text}", "")))
            for rule in register.line_rules
        )
        for account, text in set(pairs)
        if isinstance(account, str)
    }
    return pd.Series([taken.get(pair, False) for pair in pairs], index=accounts.index, dtype=bool)


def _matches(rule: LineRule, account: str, target: str, intervention: Intervention | None) -> bool:
    return (
        (not rule.account_from or account[: len(rule.account_from)] >= rule.account_from)
        and (not rule.account_to or account[: len(rule.account_to)] <= rule.account_to)
        and (not rule.objects or target in rule.objects)
        and (not rule.orientation or (intervention is not None and intervention.orientation == rule.orientation))
        and (rule.settled is None or rule.settled == (intervention is not None and intervention.settled))
    )
