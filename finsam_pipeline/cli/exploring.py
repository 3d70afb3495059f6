"""`finsam explain` and `finsam export`: sentences in Swedish for the office, JSON for machines.

Belongs here: words. Does not: how a contribution is found or a table written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from finsam_pipeline.cli.answers import guarded, usage
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.contracts.types import MartColumn
from finsam_pipeline.models.explain import DENOMINATOR, NUMERATOR, Figure, Use, analysis_name
from finsam_pipeline.models.generate import model_name
from finsam_pipeline.pipeline.at_hand import NotExplained, standing_snapshot
from finsam_pipeline.pipeline.exploring import Explained, Traced, explain_figure, trace_row
from finsam_pipeline.pipeline.fates import Fate, State
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.report.numbers import number

ROWS_SHOWN = 200  # of one figure on a terminal; --json gives them all
_ROLES = {
    "participation": "deltagande",
    "anonymous": "anonyma deltagare",
    "volume": "volym",
    "event": "aktivitet",
    "stated": "uppgift i filen",
    "target": "mål",
    "reported": "rapporterat till Uppföljning Finsam",
    "outcome": "utfall",
    "budget": "budget",
    "opening": "ingående balans",
    "unbooked": "föregående resultat, inte bokfört",
    "earlier": "årets tidigare månader",
    "result": "periodens resultat",
    "member_funds": "medlemmarnas bidrag, uppräknade till helår",
    "agreed": "överenskommen andel",
    "cost": "kostnad i prognosen",
    "income": "intäkt i prognosen",
    "voucher_row": "transaktion",
}
_TERMS = {NUMERATOR: "täljare", DENOMINATOR: "nämnare"}
_STATES = {
    State.ACCEPTED: "Raden är godkänd.",
    State.QUARANTINED: "Raden ligger i karantän och räknas inte.",
    State.DROPPED: "Raden är struken av en handläggare och räknas inte.",
    State.SUPERSEDED: "Raden är ersatt av en nyare leverans.",
    State.REJECTED: "Filen är avvisad; ingen rad i den räknas.",
    State.NO_TABLE: "Filen har inga rader som räknas.",
    State.NO_ROW: "Där står ingen datarad (rubrik, summarad, tom rad eller efter filens slut).",
}


def explain(home: Path, mart: str, keys: Sequence[str], measure: str | None, voice: Voice) -> ExitStatus:
    """The rows of files behind the figures of one row of a mart."""
    wanted = dict(k.split("=", 1) for k in keys if "=" in k)
    if len(wanted) != len(keys):
        return usage(voice, "En nyckel skrivs NYCKEL=VÄRDE, och var och en anges en gång.")

    def work() -> ExitStatus:
        found = explain_figure(home, mart, wanted, measure)
        voice.result(_explained_json(found))
        _tell_explained(found, voice)
        return ExitStatus.CLEAN if all(f.holds for f in found.figures) else ExitStatus.FAILED

    return _answered(voice, work)


def trace(home: Path, path: str, row: int, sheet: str | None, voice: Voice) -> ExitStatus:
    """The figures one row of a file is in, and what became of it."""

    def work() -> ExitStatus:
        found = trace_row(home, path, row, sheet)
        voice.result(_traced_json(found))
        _tell_traced(found, voice)
        return ExitStatus.CLEAN

    return _answered(voice, work)


def export(home: Path, url: str, schema: str | None, voice: Voice) -> ExitStatus:
    """The published marts as tables of a database."""
    from finsam_pipeline.store.export import ExportError, export_snapshot  # noqa: PLC0415 - only this command needs it

    try:
        done = export_snapshot(standing_snapshot(home), url, schema)
    except NotExplained as refused:
        return usage(voice, refused.message_sv)
    except ExportError as error:
        if error.usage:
            return usage(voice, error.message)
        voice.problem(error.message)
        voice.result({"error": "export", "message": error.message, "exit_status": int(ExitStatus.FAILED)})
        return ExitStatus.FAILED
    voice.line(
        f"{len(done.rows)} tabeller med {sum(done.rows.values())} rader i {done.target}, ögonblicksbild {done.snapshot_id}."
    )
    voice.result({"snapshot_id": done.snapshot_id, "to": done.target, "schema": schema, "tables": done.rows})
    return ExitStatus.CLEAN


def wrong_question(voice: Voice) -> ExitStatus:
    """Neither a mart nor a row was named, or both."""
    return usage(
        voice, "Ange en tabell med nyckel (finsam explain TABELL NYCKEL=VÄRDE) eller en rad (finsam explain --row FIL RAD)."
    )


def _answered(voice: Voice, work: Callable[[], ExitStatus]) -> ExitStatus:
    try:
        return guarded(voice, work)
    except NotExplained as refused:
        return usage(voice, refused.message_sv)


def _tell_explained(found: Explained, voice: Voice) -> None:
    contract = found.contract
    voice.line(f"{contract.title_sv} ({contract.path}): en rad är {contract.row_sv}.")
    voice.line(f"Modell {model_name(contract)}, källrader enligt analyses/explain/{analysis_name(contract)}.sql")
    voice.line(", ".join(f"{k}={'' if v is None else v}" for k, v in found.key.items()))
    for figure in found.figures:
        voice.line()
        _tell_figure(figure, voice)


def _tell_figure(figure: Figure, voice: Voice) -> None:
    column = figure.column
    value = "tomt" if figure.value is None else f"{_number(figure.value)} {column.unit}"
    voice.line(f"{column.name}: {value}. {column.description_sv}.")
    rows = [[c.path, c.sheet or "", str(c.row or ""), _role(c.term, c.role), _number(c.amount)] for c in figure.contributions]
    voice.table("", ["fil", "blad", "# rad", "vad", "# belopp"], rows[:ROWS_SHOWN])
    if len(rows) > ROWS_SHOWN:
        voice.line(f"… och {len(rows) - ROWS_SHOWN} rader till; --json visar alla.")
    if len(figure.parts) > 1:
        for (term, role), amount in figure.parts.items():
            voice.line(f"  {_role(term, role)}: {_number(amount)}")
    if figure.total is not None:
        said = "stämmer" if figure.holds else "STÄMMER INTE med talet"
        voice.line(f"  Tillsammans {_number(figure.total)} {column.unit}: {said}.")


def _tell_traced(found: Traced, voice: Voice) -> None:
    voice.line(f"{found.path}, rad {found.row}")
    voice.line(_said_of(found.fate, found.path))
    for f in found.fate.found:
        open_or_not = "öppen" if f.open else "varning" if f.severity == "W" else "beslutad"
        voice.line(f"  {f.rule} ({f.severity}, {open_or_not}) {f.column}: {RULES[f.rule].title_sv}")
    if not found.uses:
        voice.line("Raden finns inte i något publicerat tal.")
    rows = [[u.mart, _key(u), u.column.name, _role(u.term, u.role), _number(u.amount)] for u in found.uses]
    voice.table("Tal som raden finns i", ["tabell", "nyckel", "tal", "vad", "# belopp"], rows)


def _said_of(fate: Fate, path: str) -> str:
    said = _STATES[fate.state]
    if fate.replaced_on:
        said = f"Raden är ersatt av leveransen {fate.replaced_on:%Y-%m-%d}."
    if fate.counted_path != path:
        said = f"Filen upprepar {fate.counted_path}; där gäller: {said}"
    return f"{said} {fate.message}".rstrip()


def _role(term: str, role: str) -> str:
    words = _ROLES.get(role, role)
    return f"{_TERMS[term]}: {words}" if term in _TERMS else words


def _key(use: Use) -> str:
    return " ".join(f"{k}={v}" for k, v in use.key)


def _number(amount: Decimal | int) -> str:
    """As a report prints it, with as many decimals as the amount has; öre are two."""
    decimals = -int(Decimal(amount).normalize().as_tuple().exponent)
    return number(amount, max(decimals, 2) if decimals > 0 else 0)


def _explained_json(found: Explained) -> dict[str, Any]:
    contract = found.contract
    return {
        "snapshot_id": found.snapshot_id,
        "mart": contract.path,
        "title": contract.title_sv,
        "row": contract.row_sv,
        "model": model_name(contract),
        "key": found.key,
        "figures": [_figure_json(f) for f in found.figures],
        "contributions": [
            {
                "measure": f.column.name,
                "term": c.term,
                "role": c.role,
                "contribution": _plain(_shortest(c.amount), f.column),
                "source": c.source,
                "path": c.path,
                "sheet": c.sheet,
                "row": c.row,
            }
            for f in found.figures
            for c in f.contributions
        ],
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "measure": figure.column.name,
        "description": figure.column.description_sv,
        "unit": figure.column.unit,
        "value": _plain(figure.value, figure.column),
        "parts": [
            {"term": term, "role": role, "sum": _plain(_shortest(amount), figure.column)}
            for (term, role), amount in figure.parts.items()
        ],
        "total": _plain(figure.total, figure.column),
        "equal": figure.holds,
        "rows": len(figure.contributions),
    }


def _traced_json(found: Traced) -> dict[str, Any]:
    fate = found.fate
    return {
        "snapshot_id": found.snapshot_id,
        "path": found.path,
        "row": found.row,
        "state": str(fate.state),
        "counted_path": fate.counted_path,
        "replaced_on": fate.replaced_on.isoformat() if fate.replaced_on else None,
        "message": _said_of(fate, found.path),
        "rules": [
            {"rule": f.rule, "severity": f.severity, "column": f.column, "open": f.open, "message": RULES[f.rule].title_sv}
            for f in fate.found
        ],
        "figures": [
            {
                "mart": u.mart,
                "key": dict(u.key),
                "measure": u.column.name,
                "term": u.term,
                "role": u.role,
                "contribution": _plain(_shortest(u.amount), u.column),
                "sheet": u.sheet,
            }
            for u in found.uses
        ],
    }


def _plain(amount: Decimal | int | None, column: MartColumn) -> int | str | None:
    """A count as a number, anything else as its text: JSON has no exact decimals."""
    if amount is None or isinstance(amount, int):
        return amount
    return int(amount) if column.arrow == "int64" and amount == amount.to_integral_value() else f"{amount:f}"


def _shortest(amount: Decimal) -> Decimal:
    """Two decimals, or as many as there are."""
    short = amount.quantize(Decimal("0.01"))
    return short if short == amount else amount.normalize()
