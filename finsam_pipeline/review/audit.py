"""The audit log: appended to, never changed, each entry hashed together with the one before.

Belongs here: adding and verifying entries. Does not: which acts are logged. The store refuses to change an entry (SQLite); the
chain shows it where somebody went around the store. An end that was cut off shows only against a head kept elsewhere: see
`head`.
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from finsam_pipeline.store.tables import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its number (0 when the log is empty) and hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds; `broken_at` is the number of the first entry that does not fit, `entries` how many there are."""

    entries: int
    broken_at: int | None

    @property
    def holds(self) -> bool:
        """Every entry is the one that was written."""
        return self.broken_at is None


def os_account() -> str:
    """Who the operating system says is acting; `unknown` in a container without a user name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def append(
    connection: Connection, actor: str, action: str, details: Mapping[str, str | int | bool | None], at: dt.datetime | None = None
) -> Head:
    """Add one entry in the caller's transaction, so that an act and its entry last together or not at all.

    Args:
        connection: of `Database.writing`.
        actor: who, as they say themselves.
        action: `decide`, `withdraw`, `export`, `import`.
        details: ids, rules, kinds and counts; never a value or a free text.
        at: aware; now when left out.
    """
    last = head(connection)
    entry = {
        "seq": last.seq + 1,
        "at": (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).isoformat(),
        "actor": actor,
        "os_account": os_account(),
        "action": action,
        "details": json.dumps(dict(details), ensure_ascii=False, sort_keys=True),
        "prev_hash": last.hash,
    }
    digest = _digest(entry)
    connection.execute(insert(audit).values(**entry, hash=digest))
    return Head(last.seq + 1, digest)


def head(connection: Connection) -> Head:
    """The last entry; kept outside the store (in a backup, a minute book), it shows whether the log was cut short."""
    row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return Head(row.seq, row.hash) if row else Head(0, START)


def verify(connection: Connection, expected: Head | None = None) -> Verdict:
    """Recompute the chain; with `expected` (an earlier head) also that the log still holds that entry."""
    previous, count = START, 0
    hashes = {0: START}
    for row in connection.execute(select(audit).order_by(audit.c.seq)).mappings():
        entry = dict(row)
        digest = entry.pop("hash")
        if entry["seq"] != count + 1 or entry["prev_hash"] != previous or digest != _digest(entry):
            return Verdict(count, count + 1)
        previous, count = digest, count + 1
        hashes[count] = digest
    if expected is not None and hashes.get(expected.seq) != expected.hash:
        return Verdict(count, min(expected.seq, count + 1))
    return Verdict(count, None)


def _digest(entry: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
