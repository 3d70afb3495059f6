"""Tables in, tables out: small inputs for the models, everything a test does not speak of left at a plain default."""
# ruff: noqa: ANN401 - a test sets whatever fact it speaks of

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import pyarrow as pa

from finsam_pipeline import models
from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models import Built, runner
from finsam_pipeline.models.inputs import ACCEPTED
from finsam_pipeline.models.marts import _export
from finsam_pipeline.models.project import packaged_project
from finsam_pipeline.register.model import Code, Intervention, LineRule, Member, PeriodKind, Register, ReportLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

HOME = "north"
DAY = dt.date(2030, 12, 31)
KR = Decimal


def intervention(name: str, **facts: Any) -> Intervention:
    plain = Intervention(name, name.title(), name, (), "individual", False, False, "interval", None, None, (f"6:{name}",), 1)
    return replace(plain, **facts)


def line(order: int, name: str, block: str, kind: str = "line", sum_of: str = "") -> ReportLine:
    terms = tuple((-1, t[1:]) if t.startswith("-") else (1, t) for t in sum_of.split("|") if t)
    return ReportLine(dt.date(2000, 1, 1), order, name, name.title(), kind, block, terms)


def rule(priority: int, name: str, low: str, high: str, **facts: Any) -> LineRule:
    return replace(LineRule(priority, name, low, high, (), "", None, None, None), **facts)


LINES = (
    line(1, "heading", "income", "section"),
    line(2, "grant", "income"),
    line(3, "fees", "income"),
    line(4, "income", "income", "total", "grant|fees"),
    line(5, "projects", "activities"),
    line(6, "office", "office"),
    line(7, "costs", "cost", "total", "projects|office"),
    line(8, "result", "result", "result", "income|-costs"),
    line(9, "equity", "equity", "memo"),
)
CODES = {
    "exit_reason": (
        Code("exit_reason", "work", "Work", (), "work", 1),
        Code("exit_reason", "school", "Studier", (), "work_or_study", 2),
        Code("exit_reason", "either", "Something", (), "work_or_study", 3),
        Code("exit_reason", "closer", "Closer", (), "closer_to_work", 4),
        Code("exit_reason", "moved", "Moved", (), "", 5),
    ),
    "occupation": (
        Code("occupation", "half", "Arbetar 50 %", (), "", 1),
        Code("occupation", "full", "Arbetar (100 procent)", (), "", 2),
        Code("occupation", "school", "Studerar", (), "", 3),
        Code("occupation", "either", "Arbetar och/eller studerar", (), "", 4),
        Code("occupation", "seeks", "Söker arbete", (), "", 5),
        Code("occupation", "none", "Ingen", (), "", 6),
    ),
    "income": (Code("income", "wage", "Lön", (), "", 1), Code("income", "sick", "Sjukpenning", (), "", 2)),
}
"""Codes of every kind that a result is judged by."""
RULES = (
    rule(10, "projects", "4000", "7999", orientation="individual"),
    rule(20, "grant", "31", "31"),
    rule(30, "fees", "3000", "3999"),
    rule(40, "office", "4000", "8499"),
    rule(50, "equity", "2010", "2099"),
)


def register(*interventions: Intervention, **facts: Any) -> Register:
    plain = Register(
        id=HOME,
        name="North",
        organisation_number="",
        period_kind=PeriodKind.HALF_YEAR,
        chart_of_accounts="bas",
        members=(Member("grant", "State", Decimal("0.5")), Member("fees", "Town", Decimal("0.5"))),
        interventions=interventions or (intervention("one"),),
        targets=(),
        report_lines=LINES,
        line_rules=RULES,
        codes={
            "exit_reason": (
                Code("exit_reason", "work", "Work", (), "work_or_study", 1),
                Code("exit_reason", "moved", "Moved", (), "", 2),
            )
        },
        report_layouts=(),
        budget_versions={},
        counts_from=("deltagaruppfoljning", "sus_deltagare"),
        coverage={},
    )
    return replace(plain, **facts)


def table(source: str, *rows: Mapping[str, Any]) -> pa.Table:
    """The accepted table of a source; every row gets a provenance of its own."""
    provenance = {"association": HOME, "source": source, "path": f"{source}.csv", "sha256": "f" * 64, "delivered_on": DAY}
    return pa.Table.from_pylist([{**provenance, "row": n, **row} for n, row in enumerate(rows, 2)], schema=ACCEPTED[source])


def stay(start: str, end: str | None = None, name: str = "one", gender: str = "woman", **facts: Any) -> dict[str, Any]:
    """A participation from one day to another."""
    return {
        "intervention_id": name,
        "gender": gender,
        "start_date": dt.date.fromisoformat(start),
        "end_date": dt.date.fromisoformat(end) if end else None,
        **facts,
    }


def booked(day: str, account: str, kr: str, project: str = "") -> dict[str, Any]:
    """A voucher row of a calendar year, debit positive."""
    objects = f"|6:{project}|" if project else ""
    date = dt.date.fromisoformat(day)
    year = {"year_from": dt.date(date.year, 1, 1), "year_to": dt.date(date.year, 12, 31)}
    return {"kind": "transaction", "date": date, "account": account, "amount": KR(kr), "objects": objects, **year}


def opening(year: int, account: str, kr: str) -> dict[str, Any]:
    """An opening balance, debit positive."""
    first = dt.date(year, 1, 1)
    return {"kind": "opening", "fiscal_year": year, "year_from": first, "date": first, "account": account, "amount": KR(kr)}


def budgeted(first: str, last: str, name: str, kr: str, project: str | None = None, **facts: Any) -> dict[str, Any]:
    """A budget amount for whole months, with the sign a report prints."""
    return {
        "version": "v1",
        "decided_on": dt.date(2020, 1, 1),
        "period_from": dt.date.fromisoformat(first),
        "period_to": dt.date.fromisoformat(last),
        "line_id": name,
        "object": project,
        "intervention_id": project,
        "amount": KR(kr),
        **facts,
    }


class Asked(Built):
    """Models of which each is made when it is first looked at: a test looks at one or two of seventy."""

    def make(self, *names: str) -> None:
        """Make the models of these names and what they read, where they do not stand."""
        wanted = set(names)
        for model in reversed(self.project.models):
            if model.name in wanted:
                wanted.update(model.refs)
        for model in self.project.models:
            if model.name in wanted and model.name not in self.rows:
                runner._build_model(self, model)

    def table(self, model: str) -> pa.Table:
        self.make(model)
        return self.engine.query(f'select * from "{model}"')

    def query(self, sql: str, bound: Sequence[object] = ()) -> pa.Table:
        self.make(*(m.name for m in self.project.models))
        return super().query(sql, bound)

    def fetch(self, sql: str, bound: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        self.make(*(m.name for m in self.project.models))
        return super().fetch(sql, bound)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        self.make(*(m.name for m in self.project.models))
        return super().connection


def asked(inputs: Mapping[str, pa.Table | Path]) -> Asked:
    """The models over these inputs, none of them made yet."""
    project = packaged_project()
    with mock.patch.object(runner, "packaged_project", return_value=replace(project, models=())):
        return Asked(project, models.build(inputs, threads=1).engine)


def built(config: Register, *tables: pa.Table, years: tuple[int, int] = (2025, 2025)) -> Asked:
    """The models over these accepted tables; a table's source is read from its rows."""
    inputs = {f"accepted.{t.column('source')[0].as_py()}": t for t in tables if t.num_rows}
    return asked(inputs | models.register_tables(config, DAY, *years))


def rows(result: Built, mart: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
    """The mart's rows with these values, in key order, as tuples of these columns."""
    found = _export(result, MARTS[mart]).to_pylist()
    return [tuple(r[c] for c in columns) for r in found if all(r[c] == v for c, v in where.items())]
