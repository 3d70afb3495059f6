"""The ledger by kind of cost, and what the association owns and owes.

Every printed sum is exact kronor added up and rounded once. Belongs here: these two tables. Does not: what an account means
(register/charts).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from finsam_pipeline.report import wording
from finsam_pipeline.report.document import Block, Column, Format, Note, Row, RowKind, Section, Table
from finsam_pipeline.report.money import exact_sum
from finsam_pipeline.report.numbers import kr, number
from finsam_pipeline.report.origin import Origins, by_measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.report.facts import Facts
    from finsam_pipeline.report.numbering import Numbering

COST_KINDS, BALANCE_SHEET = "economy/cost_kinds", "economy/balance_sheet"
_OUTSIDE = "Utanför insatserna"
_BALANCE = ("opening_kr", "change_kr", "closing_kr")
_SIDES = {"asset": "Tillgångar", "equity": "Eget kapital", "liability": "Skulder"}
_ROUNDED = "Varje tal är avrundat för sig; summorna är räknade på öre."


def cost_kinds(facts: Facts, numbering: Numbering) -> Section:
    """economy/cost_kinds: a heading for each intervention, its kinds of cost and their sum; what no intervention bears last."""
    order = {i: n for n, i in enumerate(facts.interventions)}
    rows = sorted(
        facts.rows(COST_KINDS),
        key=lambda r: (r["intervention_id"] is None, order.get(r["intervention_id"], len(order)), r["kind_order"]),
    )
    if not rows:
        return Section("kostnadsslag", "Kostnadsslag per insats")
    columns = (Column("Kostnadsslag", Format.TEXT), Column("Utfall", Format.AMOUNT, "kr"))
    notes = (_ROUNDED, *_settled(facts))
    caption = f"Kostnadsslag per insats, {facts.words}"
    table = Table("kostnadsslag-tabell", caption, columns, tuple(_kinds(facts, rows)), numbering.table(), notes)
    return Section("kostnadsslag", "Kostnadsslag per insats", (table,))


def _kinds(facts: Facts, rows: list[dict[str, Any]]) -> Iterator[Row]:
    for intervention, group in groupby(rows, lambda r: r["intervention_id"]):
        own = list(group)
        name = facts.name(intervention) if intervention else _OUTSIDE
        yield Row((name, None), RowKind.SECTION, "")
        for row in own:
            yield Row((row["label"], kr(row["outcome_kr"])), origins=_kind_origins([row]))
        if len(own) > 1:
            yield Row((f"Summa {name}", _sum(own, "outcome_kr")), RowKind.SUBTOTAL, origins=_kind_origins(own))
    yield Row(("Summa kostnader", _sum(rows, "outcome_kr")), RowKind.TOTAL, origins=by_measure(COST_KINDS, ("outcome_kr",)))


def _kind_origins(rows: list[dict[str, Any]]) -> Origins:
    where = {"intervention_id": rows[0]["intervention_id"] or "", "kind": [r["kind"] for r in rows]}
    return by_measure(COST_KINDS, ("outcome_kr",), **where)


def _settled(facts: Facts) -> tuple[str, ...]:
    names = facts.settled_names
    return (f"Avräknade insatser ({wording.listed(names)}) ingår med hela sin kostnad.",) if names else ()


def balance_sheet(facts: Facts, numbering: Numbering) -> Section:
    """economy/balance_sheet: assets, equity and liabilities, each with its sum; lines without any figure left out."""
    rows = sorted(facts.rows(BALANCE_SHEET), key=lambda r: r["line_order"])
    if not rows:
        return Section("balans", "Balansräkning")
    first, last = wording.day(facts.period.first), wording.day(facts.period.last)
    columns = (
        Column("Post", Format.TEXT),
        Column(f"Ingående {first}", Format.AMOUNT, "kr"),
        Column("Förändring", Format.AMOUNT, "kr"),
        Column(f"Utgående {last}", Format.AMOUNT, "kr"),
    )
    table = Table(
        "balans-tabell", f"Balansräkning, {facts.words}", columns, tuple(_balance(rows)), numbering.table(), (_ROUNDED,)
    )
    return Section("balans", "Balansräkning", (table, *_unbalanced(rows)))


def _balance(rows: list[dict[str, Any]]) -> Iterator[Row]:
    for side, heading in _SIDES.items():
        own = [r for r in rows if r["side"] == side]
        yield Row((heading, None, None, None), RowKind.SECTION, "")
        for row in own:
            if any(row[m] for m in _BALANCE):
                origins = by_measure(BALANCE_SHEET, _BALANCE, line_id=row["line_id"])
                yield Row((row["label"], *(kr(row[m]) for m in _BALANCE)), origins=origins)
        yield _balance_sum(f"Summa {heading.lower()}", own, RowKind.TOTAL if side == "asset" else RowKind.SUBTOTAL)
    yield _balance_sum("Summa eget kapital och skulder", [r for r in rows if r["side"] != "asset"], RowKind.TOTAL)


def _balance_sum(label: str, rows: list[dict[str, Any]], kind: RowKind) -> Row:
    origins = by_measure(BALANCE_SHEET, _BALANCE, line_id=[r["line_id"] for r in rows])
    return Row((label, *(_sum(rows, m) for m in _BALANCE)), kind, origins=origins)


def _unbalanced(rows: list[dict[str, Any]]) -> tuple[Block, ...]:
    """That the two sides differ, with the amount: a sheet that does not balance is not to be taken for one that does."""
    owned = exact_sum(r["closing_kr"] for r in rows if r["side"] == "asset") or Decimal(0)
    owed = exact_sum(r["closing_kr"] for r in rows if r["side"] != "asset") or Decimal(0)
    if owned == owed:
        return ()
    way = "mer" if owned > owed else "mindre"
    text = f"Tillgångarna är {number(abs(owned - owed), 2)} kr {way} än eget kapital och skulder vid periodens slut."
    return (Note(text, attention=True),)


def _sum(rows: list[dict[str, Any]], measure: str) -> int | None:
    return kr(exact_sum(r[measure] for r in rows))
