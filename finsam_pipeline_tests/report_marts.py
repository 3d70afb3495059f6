"""Marts and a register of an association that does not exist, small enough to check a report by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.register.model import (
    Code,
    Intervention,
    Member,
    PeriodKind,
    Register,
    ReportLayout,
    ReportLine,
    TableLayout,
)

PERIOD = "2031H1"
HERE = {"association": "provby", "period": PERIOD}
Rows = dict[str, list[dict[str, Any]]]
COLUMNS = ("outcome", "budget", "difference")

# intervention -> gender -> (carried_in, started, ended)
FLOWS = {
    "bron": {"woman": (10, 5, 4), "man": (3, 2, 1), "other": (0, 1, 0), "anonymous": (0, 0, 0)},
    "mote": {"woman": (0, 6, 2), "man": (0, 4, 7), "other": (0, 0, 0), "anonymous": (0, 0, 0)},
    "vilan": dict.fromkeys(("woman", "man", "other", "anonymous"), (0, 0, 0)),
}
# (intervention, gender, reason) -> ended
EXITS = {
    ("bron", "woman", "arbete"): 1,
    ("bron", "woman", "annat"): 3,
    ("bron", "man", "studier"): 1,
    ("mote", "woman", "annat"): 2,
    ("mote", "man", "arbete"): 3,
    ("mote", "man", "annat"): 4,
}
# line_id -> label, kind, block, sum_of, outcome kr, budget kr
LINES: dict[str, tuple[str, str, str, tuple[tuple[int, str], ...], str | None, str | None]] = {
    "in": ("Intäkter", "section", "income", (), None, None),
    "stat": ("Staten", "line", "income", (), "1000400.00", "1000000"),
    "stad": ("Staden", "line", "income", (), "1000400.00", "1000000"),
    "alla_in": ("Summa intäkter", "total", "income", ((1, "stat"), (1, "stad")), "2000800.00", "2000000"),
    "insatser": ("Insatser", "line", "cost", (), "1500500.00", "1600000"),
    "kansli": ("Kansli", "line", "cost", (), "700000.00", "650000"),
    "alla_ut": ("Summa kostnader", "total", "cost", ((1, "insatser"), (1, "kansli")), "2200500.00", "2250000"),
    "res": ("Årets resultat", "result", "result", ((1, "alla_in"), (-1, "alla_ut")), "-199700.00", "-250000"),
    "eget": ("Ingående eget kapital", "memo", "equity", (), "900000.00", None),
}


def tkr(kronor: Decimal | None) -> int | None:
    """Half up by hand, so that the report is not checked against its own rounding."""
    return None if kronor is None else (1 if kronor >= 0 else -1) * int((abs(kronor) + 500) // 1000)


def intervention(
    id_: str, name: str, basis: str = "interval", orientation: str = "individual", *, settled: bool = False
) -> Intervention:
    return Intervention(id_, name, name[:6], (), orientation, False, settled, basis, dt.date(2030, 1, 1), None, (), len(name))


def register(**changes: object) -> Register:
    layout = TableLayout(COLUMNS, "outcome_minus_budget", "tkr")
    lines = tuple(
        ReportLine(dt.date(2030, 1, 1), n, line, label, kind, block, sum_of)
        for n, (line, (label, kind, block, sum_of, *_)) in enumerate(LINES.items(), 1)
    )
    made = Register(
        id="provby",
        name="Samordningsförbundet Provby & Co",
        organisation_number="",
        period_kind=PeriodKind.HALF_YEAR,
        chart_of_accounts="bas",
        members=(Member("stat", "Staten", Decimal("0.5")), Member("stad", "Staden", Decimal("0.5"))),
        interventions=(
            intervention("bron", "Bron"),
            intervention("mote", "Möten", "event"),
            intervention("vilan", "Viloår"),
            intervention("dialog", "Dialogmöten", orientation="structural"),
        ),
        targets=(),
        report_lines=lines,
        line_rules=(),
        codes={
            "exit_reason": (
                Code("exit_reason", "annat", "Annat", (), "other", 3),
                Code("exit_reason", "arbete", "Arbete", (), "work_or_study", 1),
                Code("exit_reason", "studier", "Studier", (), "work_or_study", 2),
            )
        },
        report_layouts=(ReportLayout(dt.date(2030, 1, 1), layout, replace(layout, unit="kr")),),
        budget_versions={},
        counts_from=("deltagaruppfoljning",),
        coverage={},
    )
    return replace(made, **changes)


def _flow(flows: dict[str, dict[str, tuple[int, int, int]]]) -> list[dict[str, Any]]:
    return [
        {
            **HERE,
            "intervention_id": i,
            "gender": g,
            "carried_in": c,
            "started": s,
            "participants": c + s,
            "ended": e,
            "carried_out": c + s - e,
        }
        for i, genders in flows.items()
        for g, (c, s, e) in genders.items()
    ]


def statement_row(order: int, line: str) -> dict[str, Any]:
    label, kind, block, _, out, bud = LINES[line]
    outcome, budget = (None if t is None else Decimal(t) for t in (out, bud))
    money = {"outcome": outcome, "budget": budget, "difference": None if outcome is None or budget is None else outcome - budget}
    amounts = {f"{c}_kr": v for c, v in money.items()} | {f"{c}_tkr": tkr(v) for c, v in money.items()}
    return {**HERE, "line_order": order, "line_id": line, "label": label, "kind": kind, "block": block, **amounts}


def budget_row(id_: str, orientation: str, outcome: str, budget: str | None, *, settled: bool = False) -> dict[str, Any]:
    spent, planned = Decimal(outcome), None if budget is None else Decimal(budget)
    difference = None if planned is None or settled else spent - planned
    keys = {"orientation": orientation, "intervention_id": id_}
    return {**HERE, **keys, "outcome_kr": spent, "budget_kr": planned, "difference_kr": difference}


def reconciled(id_: str, gender: str, left: int, right: int) -> dict[str, Any]:
    values = {"left_value": left, "right_value": right, "difference": left - right}
    sources = {"left_source": "uppfoljning_finsam", "right_source": "deltagaruppfoljning"}
    return {**HERE, "intervention_id": id_, **sources, "gender": gender, **values}


def rows() -> Rows:
    """Every mart the report reads, as rows one may change before `Fixed` makes tables of them."""
    person = {"association": "provby"}
    return {
        "participants/participant_flow": _flow(FLOWS),
        "participants/exit_reasons": [
            {**HERE, "intervention_id": i, "gender": g, "exit_reason": r, "ended": n} for (i, g, r), n in EXITS.items()
        ],
        "participants/targets": [
            {**HERE, "year": 2031, "intervention_id": "bron", "measure": "participants", "target": 32, "actual": 21}
        ],
        "participants/activities": [{**HERE, "type": "frukost", "events": 3, "attendees": 1200}],
        "participants/programme_fidelity": [
            {**person, "date": day, "intervention_id": "bron", "points": Decimal(points), "max_points": Decimal(125),
             "threshold": None, "active_share": Decimal("47.50")}
            for day, points in ((dt.date(2031, 3, 1), 95), (dt.date(2031, 9, 1), 111))
        ],
        "participants/reconciliation": [
            reconciled("bron", *own) for own in (("woman", 15, 15), ("man", 7, 5), ("total", 22, 21))
        ],
        "economy/income_statement": [statement_row(n, line) for n, line in enumerate(LINES, 1)],
        "economy/intervention_budget": [
            budget_row("bron", "individual", "1000000.50", "900000"),
            budget_row("mote", "individual", "200000.50", "400000"),
            budget_row("dialog", "structural", "300000.00", "300000"),
        ],
        "economy/cost_distribution": [
            {**HERE, "category": c, "cost_kr": Decimal(v), "share_percent": Decimal(s)}
            for c, v, s in (("office", "700000", "31.8"), ("individual", "1200001", "54.5"), ("structural", "300499", "13.7"))
        ],
        "economy/full_year_forecast": [
            {**HERE, "line_order": n, "label": label, "kind": kind, "amount_tkr": amount}
            for n, (label, kind, amount) in enumerate(
                (("Utfall", "outcome", 2201), ("Hösten", "cost", 1900), ("Summa", "total", 4101), ("Intäkter", "income", 4000),
                 ("Resultat", "result", -101), ("Eget kapital", "equity", 799)), 1)
        ],
        "economy/financing": [
            {**HERE, "member_id": m, "outcome_kr": Decimal(1000400), "share_percent": Decimal(50),
             "agreed_share_percent": Decimal(50)}
            for m in ("stad", "stat")
        ],
        "economy/equity": [
            {**HERE, "opening_kr": Decimal(900000), "result_kr": Decimal(-199700), "closing_kr": Decimal(700300),
             "share_of_member_funds_percent": None}
        ],
        "quality/deliveries": [
            {**person, "source": "deltagaruppfoljning", "sha256": "a", "path": "landing/hemligt namn.xlsx",
             "delivered_on": dt.date(2031, 8, 1), "rows": 40, "accepted": 37, "quarantined": 3, "superseded": 0,
             "status": "accepted_with_quarantine"},
            {**person, "source": "budget", "sha256": "b", "path": "landing/b.csv", "delivered_on": dt.date(2031, 1, 5),
             "rows": 0, "accepted": 0, "quarantined": 0, "superseded": 0, "status": "rejected"},
        ],
        "quality/rules": [
            {**person, "source": "deltagaruppfoljning", "rule": rule, "severity": s, "failed_rows": n}
            for rule, s, n in (("P007", "W", 2), ("P005", "E", 3), ("P001", "E", 0))
        ],
    }  # fmt: skip


class Fixed:
    """Marts in memory, every table cast to its contract; a mart left out is absent."""

    def __init__(self, rows: Rows, **manifest: object) -> None:
        self.manifest = {"snapshot_id": "0123456789abcdef", "as_of": "2031-08-15", **manifest}
        self._tables = {name: pa.Table.from_pylist(own, schema=MARTS[name].schema) for name, own in rows.items()}

    def table(self, mart: str) -> pa.Table:
        return self._tables[mart]
