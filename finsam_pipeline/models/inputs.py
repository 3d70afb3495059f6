"""What the models read: the fixed Arrow schemas of the accepted tables and of the register.

Belongs here: schemas derived from the contracts, and the register as tables. Does not: reading files, judging rows, SQL.
A source nobody delivered is an empty table of the same schema, so no model ever asks whether it exists.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Kind
from finsam_pipeline.register.charts import balance_lines_of, cost_kinds_of, extent_of, status_of
from finsam_pipeline.register.periods import periods_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from finsam_pipeline.register.model import BalanceLine, CostKind, Intervention, PeriodKind, Register

_ARROW = {
    Kind.DATE: pa.date32(),
    Kind.INTEGER: pa.int64(),
    Kind.AMOUNT: pa.decimal128(18, 2),
    Kind.DECIMAL: pa.decimal128(18, 4),
    Kind.YES_NO: pa.bool_(),
}
_TEXT, _DAY, _INT, _BOOL = pa.string(), pa.date32(), pa.int64(), pa.bool_()
_PROVENANCE = {
    "association": _TEXT,
    "source": _TEXT,
    "path": _TEXT,
    "sha256": _TEXT,
    "delivered_on": _DAY,
    "sheet": _TEXT,
    "row": _INT,
}
_DERIVED: dict[str, dict[str, pa.DataType]] = {
    "huvudbok": {"kind": _TEXT, "fiscal_year": _INT, "year_from": _DAY, "year_to": _DAY, "voucher": _TEXT, "objects": _TEXT},
    "budget": {"period_from": _DAY, "period_to": _DAY, "intervention_id": _TEXT},
    "nyckeltal": {"period_from": _DAY, "period_to": _DAY},
    "aktiviteter": {"year": _INT},
    "programtrohet": {"year": _INT},
}
_HISTORY = {
    "intervention_id": _TEXT,
    "gender": _TEXT,
    "start_date": _DAY,
    "end_date": _DAY,
    "exit_cause": _TEXT,
    "valid_from": _DAY,
    "valid_to": _DAY,
}
_DELIVERIES = {
    "association": _TEXT,
    "source": _TEXT,
    "path": _TEXT,
    "sha256": _TEXT,
    "delivered_on": _DAY,
    "rows": _INT,
    "accepted": _INT,
    "quarantined": _INT,
    "superseded": _INT,
    "status": _TEXT,
    "covers_to": _DAY,
}
_RULE_COUNTS = {"association": _TEXT, "source": _TEXT, "rule": _TEXT, "severity": _TEXT, "failed_rows": _INT}


def _source_schema(name: str) -> pa.Schema:
    columns = {c.name: _ARROW.get(c.kind, _TEXT) for c in SOURCES[name].columns if c.kind is not Kind.IGNORED}
    return pa.schema(list({**_PROVENANCE, **columns, **_DERIVED.get(name, {})}.items()))


ACCEPTED: dict[str, pa.Schema] = {
    **{name: _source_schema(name) for name in SOURCES},
    "participation_history": pa.schema(list({**_PROVENANCE, **_HISTORY}.items())),
    "deliveries": pa.schema(list(_DELIVERIES.items())),
    "rule_counts": pa.schema(list(_RULE_COUNTS.items())),
}
"""Schemas of `source('accepted', name)`: the sources' accepted rows, their history, the deliveries, the rules' counts."""

REGISTER: dict[str, pa.Schema] = {
    "associations": pa.schema(
        [
            ("association", _TEXT),
            ("name", _TEXT),
            ("period_kind", _TEXT),
            ("chart_of_accounts", _TEXT),
            ("counts_from", _TEXT),
            ("as_of", _DAY),
            ("goal_met_percent", _INT),
            ("goal_near_percent", _INT),
        ]
    ),
    "interventions": pa.schema(
        [
            ("association", _TEXT),
            ("intervention_id", _TEXT),
            ("name", _TEXT),
            ("short_name", _TEXT),
            ("orientation", _TEXT),
            ("esf", _BOOL),
            ("settled", _BOOL),
            ("count_basis", _TEXT),
            ("starts_on", _DAY),
            ("ends_on", _DAY),
            ("sort_order", _INT),
        ]
    ),
    "intervention_objects": pa.schema([("association", _TEXT), ("intervention_id", _TEXT), ("object", _TEXT)]),
    "targets": pa.schema(
        [("association", _TEXT), ("year", _INT), ("intervention_id", _TEXT), ("measure", _TEXT), ("target", _INT)]
    ),
    "report_lines": pa.schema(
        [
            ("association", _TEXT),
            ("valid_from", _DAY),
            ("line_order", _INT),
            ("line_id", _TEXT),
            ("label", _TEXT),
            ("kind", _TEXT),
            ("block", _TEXT),
        ]
    ),
    "report_line_terms": pa.schema(
        [("association", _TEXT), ("valid_from", _DAY), ("line_id", _TEXT), ("sign", _INT), ("term_line_id", _TEXT)]
    ),
    "line_rules": pa.schema(
        [
            ("association", _TEXT),
            ("priority", _INT),
            ("line_id", _TEXT),
            ("account_from", _TEXT),
            ("account_to", _TEXT),
            ("orientation", _TEXT),
            ("settled", _BOOL),
            ("valid_from", _DAY),
            ("valid_to", _DAY),
            ("rule_no", _INT),
        ]
    ),
    "line_rule_objects": pa.schema([("association", _TEXT), ("rule_no", _INT), ("object", _TEXT)]),
    "codes": pa.schema(
        [
            ("association", _TEXT),
            ("list", _TEXT),
            ("code", _TEXT),
            ("label", _TEXT),
            ("group", _TEXT),
            ("sort_order", _INT),
            ("status", _TEXT),
            ("extent_percent", _INT),
        ]
    ),
    "cost_kinds": pa.schema(
        [
            ("association", _TEXT),
            ("range_no", _INT),
            ("kind_order", _INT),
            ("kind", _TEXT),
            ("label", _TEXT),
            ("account_from", _TEXT),
            ("account_to", _TEXT),
        ]
    ),
    "balance_lines": pa.schema(
        [
            ("association", _TEXT),
            ("range_no", _INT),
            ("line_order", _INT),
            ("line_id", _TEXT),
            ("label", _TEXT),
            ("side", _TEXT),
            ("account_from", _TEXT),
            ("account_to", _TEXT),
        ]
    ),
    "members": pa.schema(
        [("association", _TEXT), ("member_id", _TEXT), ("name", _TEXT), ("share", pa.decimal128(9, 4)), ("sort_order", _INT)]
    ),
    "budget_versions": pa.schema([("association", _TEXT), ("period", _TEXT), ("table_name", _TEXT), ("version", _TEXT)]),
    "periods": pa.schema(
        [
            ("association", _TEXT),
            ("period", _TEXT),
            ("starts_on", _DAY),
            ("ends_on", _DAY),
            ("months", _INT),
            ("kind", _TEXT),
            ("previous", _TEXT),
            ("year_before", _TEXT),
        ]
    ),
}
"""Schemas of `source('register', name)`: the configuration as tables, every one keyed by association."""

SOURCE_SCHEMAS: dict[str, pa.Schema] = {
    **{f"accepted.{name}": schema for name, schema in ACCEPTED.items()},
    **{f"register.{name}": schema for name, schema in REGISTER.items()},
}


def empty_accepted(source: str) -> pa.Table:
    """The accepted table of a source nobody delivered: right columns, no rows. KeyError for an unknown source."""
    return ACCEPTED[source].empty_table()


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table's columns in the schema's order and types; columns the schema does not know are left out.

    Raises KeyError (naming the columns) when a column is missing. Never repairs a value: a cast that would lose one raises.
    """
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise KeyError(f"missing columns: {', '.join(missing)}")
    return table.select(schema.names).replace_schema_metadata(None).cast(schema)


def register_tables(register: Register, as_of: dt.date, first_year: int, last_year: int) -> dict[str, pa.Table]:
    """One association's configuration as tables keyed `register.<table>`, with its periods of first_year-last_year."""
    rows: dict[str, list[dict[str, Any]]] = {
        "associations": [_association(register, as_of)],
        "interventions": [_intervention(i) for i in register.interventions],
        "intervention_objects": [
            {"intervention_id": i.id, "object": o} for i in register.interventions for o in i.ledger_objects
        ],
        "targets": [
            {"year": t.year, "intervention_id": t.intervention_id or None, "measure": t.measure, "target": t.target}
            for t in register.targets
        ],
        "codes": _codes(register),
        "members": [
            {"member_id": m.id, "name": m.name, "share": Decimal(m.share).quantize(Decimal("0.0001")), "sort_order": n}
            for n, m in enumerate(register.members, 1)
        ],
        "budget_versions": [
            {"period": period, "table_name": table, "version": version}
            for period, tables in register.budget_versions.items()
            for table, version in tables.items()
        ],
        "periods": _periods(register.period_kind, first_year, last_year),
        "cost_kinds": _cost_kinds(register.cost_kinds or cost_kinds_of(register.chart_of_accounts)),
        "balance_lines": _balance_lines(register.balance_lines or balance_lines_of(register.chart_of_accounts)),
        **_lines(register),
        **_line_rules(register),
    }
    return {
        f"register.{name}": pa.Table.from_pylist([{**row, "association": register.id} for row in rows[name]], schema=schema)
        for name, schema in REGISTER.items()
    }


def merge(parts: Iterable[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """The inputs of several associations as one: tables of the same name one after another."""
    merged: dict[str, list[pa.Table]] = {}
    for part in parts:
        for name, table in part.items():
            merged.setdefault(name, []).append(table)
    return {name: pa.concat_tables(tables) for name, tables in merged.items()}


def _association(register: Register, as_of: dt.date) -> dict[str, Any]:
    return {
        "name": register.name,
        "period_kind": register.period_kind.value,
        "chart_of_accounts": register.chart_of_accounts,
        "counts_from": "|".join(register.counts_from),
        "as_of": as_of,
        "goal_met_percent": register.goals.met,
        "goal_near_percent": register.goals.near,
    }


def _intervention(intervention: Intervention) -> dict[str, Any]:
    return {
        "intervention_id": intervention.id,
        "name": intervention.name,
        "short_name": intervention.short_name or intervention.name,
        "orientation": intervention.orientation,
        "esf": intervention.esf,
        "settled": intervention.settled,
        "count_basis": intervention.count_basis,
        "starts_on": intervention.starts_on,
        "ends_on": intervention.ends_on,
        "sort_order": intervention.order,
    }


def _codes(register: Register) -> list[dict[str, Any]]:
    return [
        {
            "list": c.list,
            "code": c.code,
            "label": c.label,
            "group": c.group or None,
            "sort_order": c.order,
            "status": status_of(c),
            "extent_percent": extent_of(c),
        }
        for codes in register.codes.values()
        for c in codes
    ]


def _cost_kinds(kinds: Sequence[CostKind]) -> list[dict[str, Any]]:
    places = _places([k.kind for k in kinds])
    return [
        {"range_no": n, "kind_order": places[k.kind], "kind": k.kind, "label": k.label, **_bounds(k)}
        for n, k in enumerate(kinds, 1)
    ]


def _balance_lines(lines: Sequence[BalanceLine]) -> list[dict[str, Any]]:
    places = _places([line.line_id for line in lines])
    return [
        {
            "range_no": n,
            "line_order": places[line.line_id],
            "line_id": line.line_id,
            "label": line.label,
            "side": line.side,
            **_bounds(line),
        }
        for n, line in enumerate(lines, 1)
    ]


def _places(names: Sequence[str]) -> dict[str, int]:
    """Each name's place among those that differ, by where it stands first."""
    return {name: place for place, name in enumerate(dict.fromkeys(names), 1)}


def _bounds(given: CostKind | BalanceLine) -> dict[str, str | None]:
    return {"account_from": given.account_from or None, "account_to": given.account_to or None}


def _periods(kind: PeriodKind, first_year: int, last_year: int) -> list[dict[str, Any]]:
    return [
        {
            "period": p.name,
            "starts_on": p.first,
            "ends_on": p.last,
            "months": p.months,
            "kind": "year" if p.name.isdigit() else "period",
            "previous": p.previous.name,
            "year_before": p.year_before.name,
        }
        for p in periods_of(kind, first_year, last_year)
    ]


def _lines(register: Register) -> dict[str, list[dict[str, Any]]]:
    lines = [
        {
            "valid_from": line.valid_from,
            "line_order": line.order,
            "line_id": line.line_id,
            "label": line.label,
            "kind": line.kind,
            "block": line.block,
        }
        for line in register.report_lines
    ]
    terms = [
        {"valid_from": line.valid_from, "line_id": line.line_id, "sign": sign, "term_line_id": term}
        for line in register.report_lines
        for sign, term in line.sum_of
    ]
    return {"report_lines": lines, "report_line_terms": terms}


def _line_rules(register: Register) -> dict[str, list[dict[str, Any]]]:
    rules = [
        {
            "rule_no": n,
            "priority": r.priority,
            "line_id": r.line_id,
            "account_from": r.account_from or None,
            "account_to": r.account_to or None,
            "orientation": r.orientation or None,
            "settled": r.settled,
            "valid_from": r.valid_from,
            "valid_to": r.valid_to,
        }
        for n, r in enumerate(register.line_rules, 1)
    ]
    objects = [{"rule_no": n, "object": o} for n, r in enumerate(register.line_rules, 1) for o in r.objects]
    return {"line_rules": rules, "line_rule_objects": objects}
