"""Taking a decision: what a steward may decide, recorded with who and why.

Belongs here: validation of a decision, conflicts, withdrawal. Does not: what a decision does to a row (`pipeline`). The
corrected value and the free-text reason stand in `vault/decisions/<id>.json` and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from finsam_pipeline.contracts.folding import fold_header
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Kind as CellKind
from finsam_pipeline.review import audit
from finsam_pipeline.review.decided import Decision, in_force, read, read_decisions, secret_of
from finsam_pipeline.review.items import Item, find_item, set_status
from finsam_pipeline.review.states import DECIDABLE, Event, Kind, Status
from finsam_pipeline.store.atomic import PRIVATE, write_text
from finsam_pipeline.store.tables import decisions

if TYPE_CHECKING:

    from sqlalchemy import Connection

    from finsam_pipeline.store.workspace import Workspace

REASONS: dict[str, str] = {
    "confirmed": "Kontrollerat med den som lämnade uppgiften",
    "misspelled": "Skrivfel i underlaget",
    "duplicate": "Dubblett",
    "not_ours": "Hör inte till förbundet",
    "known_change": "Känd och avsiktlig ändring",
    "incomplete": "Uppgiften går inte att få fram",
    "other": "Annat skäl",
}


class DecisionError(Exception):
    """The decision cannot be taken; `message_sv` says why and what to do, without any value."""

    def __init__(self, message_sv: str) -> None:
        super().__init__(message_sv)
        self.message_sv = message_sv


class UnknownItem(DecisionError):  # noqa: N818 - an outcome
    """No item of that id waits for a decision."""


class DecisionConflict(DecisionError):  # noqa: N818 - an outcome
    """Another decision in force says something else about the same row."""


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """One decision as a person makes it.

    `column` (canonical or as a header) and `value` for `correct` only; an empty value clears the cell. `reason_code` is one of
    REASONS, `reason` free text; one of them is needed. `expires_on`, the last day it holds, for `accept` only. `sheet` and `row`
    say where in a workbook it stood.
    """

    item_id: str
    kind: str
    by: str
    reason: str = field(default="", repr=False)
    reason_code: str = ""
    column: str = ""
    value: str | None = field(default=None, repr=False)
    expires_on: dt.date | None = None
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class _Sound:
    """A decision whose every part is allowed, before it is held against those that stand."""

    item: Item
    kind: Kind
    column: str
    code: str
    value: str | None = field(repr=False)
    expires_on: dt.date | None


def record(connection: Connection, workspace: Workspace, wanted: DecisionInput, now: dt.datetime | None = None) -> Decision:
    """Record a decision and its audit entry in the caller's transaction.

    The same decision again gives the one that stands. The item becomes `decided`; the next run applies it.

    Args:
        connection: of `Database.writing`.
        workspace: whose vault takes the value and the reason.
        wanted: as the person made it.
        now: aware; its own day is the day of decision.

    Raises:
        UnknownItem: no open or decided item of that id.
        DecisionConflict: another decision in force says something else; withdraw it first.
        DecisionError: who, why, column, value or expiry missing or not allowed.
    """
    moment = now or dt.datetime.now().astimezone()
    sound = _validated(wanted, _item(connection, wanted.item_id), moment.date())
    for other in _standing(connection, sound.item, moment.date()):
        value = secret_of(workspace, other).value
        if _same(other, value, sound):
            return other
        if _contradicts(other, value, sound):
            raise DecisionConflict(
                f"Ett annat beslut gäller redan för raden (av {other.by} {other.decided_on})."
                " Ta tillbaka det först, eller låt det stå."
            )
    decision = _new(sound, wanted.by.strip(), moment)
    secret = {"value": sound.value, "reason": wanted.reason.strip()}
    write_text(workspace.vault / decision.value_ref, json.dumps(secret, ensure_ascii=False), PRIVATE)
    connection.execute(insert(decisions).values(**_columns(decision)))
    set_status(connection, sound.item, Event.DECIDE)
    audit.append(connection, decision.by, "decide", _told(decision), moment)
    return decision


def withdraw(connection: Connection, decision_id: str, by: str, now: dt.datetime | None = None) -> None:
    """Take a decision back from today on; the item is open again unless another decision of it stands. Nothing is deleted.

    Raises:
        DecisionError: no such decision in force, or nobody says who.
    """
    moment = now or dt.datetime.now().astimezone()
    if not by.strip():
        raise DecisionError("Ange vem som tar tillbaka beslutet.")
    row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).mappings().first()
    if row is None or row["withdrawn_on"] is not None:
        raise DecisionError("Inget gällande beslut har det id:t.")
    gone = {"withdrawn_on": moment.date(), "withdrawn_by": by.strip()}
    connection.execute(update(decisions).where(decisions.c.id == decision_id).values(**gone))
    item = find_item(connection, row["item_id"])
    others = [d for d in read_decisions(connection, row["association"]) if d.item_id == row["item_id"]]
    if item is not None and not in_force(others, moment.date()):
        set_status(connection, item, Event.WITHDRAW)
    audit.append(connection, by.strip(), "withdraw", {"decision": decision_id, "item": row["item_id"]}, moment)


def correctable(source: str) -> dict[str, str]:
    """Canonical name -> header of every column of a source that a decision may correct. Empty for an unknown source."""
    contract = SOURCES.get(source)
    return {c.name: c.headers[0] for c in contract.columns if c.kind is not CellKind.IGNORED} if contract else {}


def _item(connection: Connection, identity: str) -> Item:
    item = find_item(connection, identity)
    if item is None or item.status == Status.CLOSED:
        raise UnknownItem("Ingen post med det id:t väntar på beslut. Raden kan ha ändrats eller rättats; hämta en ny lista.")
    return item


def _validated(wanted: DecisionInput, item: Item, today: dt.date) -> _Sound:
    allowed = DECIDABLE.get(item.severity, ())
    if wanted.kind not in {str(k) for k in allowed}:
        raise DecisionError(f"Beslutet går inte att fatta om regel {item.rule}; möjliga: {', '.join(allowed) or 'inga'}.")
    if not wanted.by.strip():
        raise DecisionError("Ange vem som beslutar.")
    code = wanted.reason_code or ("other" if wanted.reason.strip() else "")
    if not code:
        raise DecisionError("Ange skäl.")
    if code not in REASONS:
        raise DecisionError(f"Skälet finns inte i listan: {', '.join(REASONS)}.")
    kind = Kind(wanted.kind)
    _check_expiry(kind, wanted.expires_on, today)
    column = _corrected_column(kind, wanted, item.source)
    return _Sound(item, kind, column, code, wanted.value if kind is Kind.CORRECT else None, wanted.expires_on)


def _check_expiry(kind: Kind, expires_on: dt.date | None, today: dt.date) -> None:
    if expires_on is None:
        return
    if kind is not Kind.ACCEPT:
        raise DecisionError("Bara ett godkännande kan ha en sista dag.")
    if expires_on < today:
        raise DecisionError("Sista dagen har redan passerat.")


def _corrected_column(kind: Kind, wanted: DecisionInput, source: str) -> str:
    if kind is not Kind.CORRECT:
        if wanted.column or wanted.value:
            raise DecisionError("Kolumn och nytt värde hör bara till en rättelse.")
        return ""
    columns = correctable(source)
    contract = SOURCES.get(source)
    by_header = {fold_header(h): c.name for c in (contract.columns if contract else ()) for h in (*c.headers, c.name)}
    name = by_header.get(fold_header(wanted.column), "")
    if name not in columns:
        raise DecisionError(f"Ange kolumnen som rättas, en av: {', '.join(columns.values())}.")
    if wanted.value is None:
        raise DecisionError("Ange det nya värdet.")
    return name


def _standing(connection: Connection, item: Item, today: dt.date) -> list[Decision]:
    """Decisions in force about the same row, whichever rule they answer."""
    about = select(decisions).where(
        decisions.c.association == item.association,
        decisions.c.source == item.source,
        decisions.c.content == item.content,
        decisions.c.occurrence == item.occurrence,
    )
    return in_force(read(connection, about), None, today)


def _same(other: Decision, value: str | None, sound: _Sound) -> bool:
    said = (other.item_id, other.kind, other.column, other.expires_on, value)
    return said == (sound.item.id, sound.kind, sound.column, sound.expires_on, sound.value)


def _contradicts(other: Decision, value: str | None, sound: _Sound) -> bool:
    """On one item anything but a second column; on another rule's item of the row only a second value of one cell."""
    if other.kind is Kind.CORRECT and sound.kind is Kind.CORRECT:
        return other.column == sound.column and value != sound.value
    return other.item_id == sound.item.id


def _new(sound: _Sound, by: str, moment: dt.datetime) -> Decision:
    identity = secrets.token_hex(8)
    return Decision(
        id=identity,
        item_id=sound.item.id,
        association=sound.item.association,
        source=sound.item.source,
        content=sound.item.content,
        occurrence=sound.item.occurrence,
        rule=sound.item.rule,
        kind=sound.kind,
        column=sound.column,
        value_ref=f"decisions/{identity}.json",
        reason_code=sound.code,
        expires_on=sound.expires_on,
        by=by,
        os_account=audit.os_account(),
        decided_on=moment.date(),
        decided_at=moment.astimezone(dt.UTC).replace(tzinfo=None),
    )


def _told(decision: Decision) -> dict[str, str | int | bool | None]:
    return {
        "decision": decision.id,
        "item": decision.item_id,
        "rule": decision.rule,
        "kind": str(decision.kind),
        "column": decision.column,
        "reason_code": decision.reason_code,
    }


def _columns(decision: Decision) -> dict[str, Any]:
    values = {name: getattr(decision, name) for name in Decision.__slots__}
    return values | {"kind": str(decision.kind)}
