"""Taking a decision: what a steward may decide, recorded with who and why.

Belongs here: validation of a decision, conflicts, withdrawal. Does not: what a decision does to a row (`pipeline`). The
corrected value and the free-text reason stand in `vault/decisions/<id>.json` and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from finsam_pipeline.review import audit
from finsam_pipeline.review.decided import (
    Decision,
    covered_by,
    fingerprint,
    in_force,
    read,
    read_decisions,
    secret_of,
    withdrawable,
)
from finsam_pipeline.review.items import Item, find_item, set_status
from finsam_pipeline.review.states import Event, Kind, Status
from finsam_pipeline.review.wanted import (
    REASONS,
    DecisionConflict,
    DecisionError,
    DecisionInput,
    Sound,
    UnknownItem,
    correctable,
    validated,
    who,
)
from finsam_pipeline.store.atomic import PRIVATE, write_text
from finsam_pipeline.store.tables import decisions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from finsam_pipeline.store.workspace import Workspace

__all__ = [
    "REASONS",
    "Decision",
    "DecisionConflict",
    "DecisionError",
    "DecisionInput",
    "UnknownItem",
    "correctable",
    "covered_by",
    "fingerprint",
    "in_force",
    "read_decisions",
    "record",
    "secret_of",
    "withdraw",
    "withdrawable",
]


def record(connection: Connection, workspace: Workspace, wanted: DecisionInput, now: dt.datetime | None = None) -> Decision:
    """Record a decision and its audit entry in the caller's transaction.

    The same decision again gives the one that stands. The item becomes `decided`; the next run applies it. A correction that a
    run has found not to help (its item is open again) is replaced by the next decision.

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
    sound = validated(wanted, _item(connection, wanted.item_id), moment.date())
    for other in _standing(connection, sound.item, moment.date()):
        value = secret_of(workspace, other).value
        if _same(other, value, sound):
            return other
        if _did_not_help(other, sound):
            _take_back(connection, other.id, wanted.by.strip(), moment)
        elif _contradicts(other, value, sound):
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
    name = who(by)
    row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).mappings().first()
    if row is None or row["withdrawn_on"] is not None:
        raise DecisionError("Inget gällande beslut har det id:t.")
    _take_back(connection, decision_id, name, moment)
    item = find_item(connection, row["item_id"])
    others = [d for d in read_decisions(connection, row["association"]) if d.item_id == row["item_id"]]
    if item is not None and not in_force(others, moment.date()):
        set_status(connection, item, Event.WITHDRAW)


def _take_back(connection: Connection, decision_id: str, by: str, moment: dt.datetime) -> None:
    gone = {"withdrawn_on": moment.date(), "withdrawn_by": by}
    connection.execute(update(decisions).where(decisions.c.id == decision_id).values(**gone))
    audit.append(connection, by, "withdraw", {"decision": decision_id}, moment)


def _item(connection: Connection, identity: str) -> Item:
    item = find_item(connection, identity)
    if item is None or item.status == Status.CLOSED:
        raise UnknownItem("Ingen post med det id:t väntar på beslut. Raden kan ha ändrats eller rättats; hämta en ny lista.")
    return item


def _standing(connection: Connection, item: Item, today: dt.date) -> list[Decision]:
    """Decisions in force about the same row, whichever rule they answer."""
    about = select(decisions).where(
        decisions.c.association == item.association,
        decisions.c.source == item.source,
        decisions.c.content == item.content,
        decisions.c.occurrence == item.occurrence,
    )
    return in_force(read(connection, about), None, today)


def _same(other: Decision, value: str | None, sound: Sound) -> bool:
    said = (other.item_id, other.kind, other.column, other.expires_on, value)
    return said == (sound.item.id, sound.kind, sound.column, sound.expires_on, sound.value)


def _did_not_help(other: Decision, sound: Sound) -> bool:
    """A correction of this very item, which a run has applied and still found failing; another column may be one of two."""
    tried = other.kind is Kind.CORRECT and other.item_id == sound.item.id and sound.item.status == Status.OPEN
    return tried and (sound.kind is not Kind.CORRECT or other.column == sound.column)


def _contradicts(other: Decision, value: str | None, sound: Sound) -> bool:
    """On one item anything but a second column; on another rule's item of the row only a second value of one cell."""
    if other.kind is Kind.CORRECT and sound.kind is Kind.CORRECT:
        return other.column == sound.column and value != sound.value
    return other.item_id == sound.item.id


def _new(sound: Sound, by: str, moment: dt.datetime) -> Decision:
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
