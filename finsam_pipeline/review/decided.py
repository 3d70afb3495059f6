"""What has been decided: recorded decisions, read back, and which of them are in force on a day.

Belongs here: reading. Does not: taking a decision (`decisions`), what it does to a row (`pipeline`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from finsam_pipeline.contracts.sources import canonical_name
from finsam_pipeline.review.states import Kind
from finsam_pipeline.store.tables import decisions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Select

    from finsam_pipeline.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Decision:
    """One recorded decision; its value and free text are read by `secret_of`."""

    id: str
    item_id: str
    association: str
    source: str
    content: str
    occurrence: int
    rule: str
    kind: Kind
    column: str
    value_ref: str
    reason_code: str
    expires_on: dt.date | None
    by: str
    os_account: str
    decided_on: dt.date
    decided_at: dt.datetime
    withdrawn_on: dt.date | None = None
    withdrawn_by: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """The decision beside its item in `finsam review list --json`. `by` is as they say themselves, `os_account` is not."""
        expires = self.expires_on.isoformat() if self.expires_on else None
        column = canonical_name(self.source, self.column)
        told = {"id": self.id, "kind": str(self.kind), "column": column, "reason_code": self.reason_code, "by": self.by}
        return told | {"os_account": self.os_account, "decided_on": self.decided_on.isoformat(), "expires_on": expires}


@dataclass(frozen=True, slots=True)
class Secret:
    """What only the vault holds of a decision."""

    value: str | None = field(repr=False)
    reason: str = field(repr=False)


def read_decisions(connection: Connection, association: str | None = None) -> list[Decision]:
    """Every decision ever recorded, withdrawn and expired ones too, in order of time."""
    query = select(decisions)
    return read(connection, query if association is None else query.where(decisions.c.association == association))


def withdrawable(connection: Connection, association: str | None = None) -> dict[str, Decision]:
    """Item id → its newest decision that has not been taken back. Taking it back shows the one before."""
    return {d.item_id: d for d in read_decisions(connection, association) if d.withdrawn_on is None}


def in_force(recorded: Iterable[Decision], as_of: dt.date | None = None, expiry_day: dt.date | None = None) -> list[Decision]:
    """The decisions that hold on a day.

    Args:
        recorded: as read.
        as_of: decisions made after that day do not exist yet; None: all that have been made.
        expiry_day: the day expiry is judged by (the data's day, not the clock's); `as_of` when left out. Without either
            nothing expires.
    """
    judged_on = expiry_day or as_of
    return [d for d in recorded if _made(d, as_of) and (d.expires_on is None or judged_on is None or judged_on <= d.expires_on)]


def covered_by(held: Iterable[Decision], found: Collection[str], standing: Collection[str]) -> set[str]:
    """Ids of the items that decisions in force have settled: `covered` of `items.sync`.

    A waived or dropped row is settled although its rule still fails; a correction only when the rule no longer does. Nothing is settled
    where nothing stands that the decision is about: the row may come again, and then the decision holds again.

    Args:
        held: the decisions in force that the run applied.
        found: ids of the items the run found with those decisions applied.
        standing: ids of the decided items whose row counts.
    """
    return {
        d.item_id
        for d in held
        if (d.item_id in standing or d.item_id in found) and (d.kind is not Kind.CORRECT or d.item_id not in found)
    }


def secret_of(workspace: Workspace, decision: Decision) -> Secret:
    """The corrected value and the free-text reason, from the vault."""
    held = json.loads((workspace.vault / decision.value_ref).read_text("utf-8"))
    return Secret(held["value"], held["reason"])


def fingerprint(workspace: Workspace, held: Iterable[Decision], key: bytes) -> str:
    """Keyed hash of what the decisions say, empty for none: part of a slice's fingerprint. Who, when and why do not matter."""
    lines = sorted("\x1f".join((d.item_id, d.kind, d.column, secret_of(workspace, d).value or "")) for d in held)
    return hmac.new(key, "\x1e".join(lines).encode(), hashlib.sha256).hexdigest() if lines else ""


def read(connection: Connection, query: Select[Any]) -> list[Decision]:
    """Decisions of a query over the table, in order of time."""
    rows = connection.execute(query.order_by(decisions.c.decided_at, decisions.c.id)).mappings()
    return [Decision(**{**row, "kind": Kind(row["kind"])}) for row in rows]


def _made(decision: Decision, as_of: dt.date | None) -> bool:
    if as_of is None:
        return decision.withdrawn_on is None
    return decision.decided_on <= as_of and (decision.withdrawn_on is None or decision.withdrawn_on > as_of)
