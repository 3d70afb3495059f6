"""The ledger of deliveries: which content was handed over where, when, in which order.

Belongs here: noting what landing holds and reading it back. Does not: which delivery counts (`pipeline.selection`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from finsam_pipeline.store.tables import deliveries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Select

    from finsam_pipeline.store.workspace import LandingFile


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as it was handed over once. `sequence` counts the contents that have stood at this path, from 1."""

    id: int
    association: str
    source: str
    path: str
    sha256: str
    delivered_on: dt.date
    first_seen: dt.datetime  # UTC, naive
    size: int
    sequence: int


def note_deliveries(connection: Connection, files: Iterable[tuple[LandingFile, str]], seen_at: dt.datetime) -> list[Delivery]:
    """Note every (file, SHA-256) that is not what last stood at its path, and give the new deliveries in path order.

    The day of delivery is the folder's, else the day of `seen_at` in its own time zone.
    """
    latest = _latest(connection)
    stamp = seen_at.astimezone(dt.UTC).replace(tzinfo=None) if seen_at.tzinfo else seen_at
    new = []
    for landed, sha256 in sorted(files, key=lambda f: f[0].path):
        known, sequence = latest.get(landed.path, ("", 0))
        if known != sha256:
            latest[landed.path] = (sha256, sequence + 1)
            new.append(
                {
                    "association": landed.association,
                    "source": landed.source,
                    "path": landed.path,
                    "sha256": sha256,
                    "delivered_on": landed.day or seen_at.date(),
                    "first_seen": stamp,
                    "size": landed.size,
                    "sequence": sequence + 1,
                }
            )
    if not new:
        return []
    known_to = connection.scalar(select(func.coalesce(func.max(deliveries.c.id), 0)))
    connection.execute(insert(deliveries), new)
    return _read(connection, select(deliveries).where(deliveries.c.id > known_to))


def read_deliveries(connection: Connection, association: str, as_of: dt.date | None = None) -> list[Delivery]:
    """Every delivery of an association up to and including `as_of`, in the order they were noted."""
    query = select(deliveries).where(deliveries.c.association == association)
    if as_of is not None:
        query = query.where(deliveries.c.delivered_on <= as_of)
    return _read(connection, query)


def _read(connection: Connection, query: Select[Any]) -> list[Delivery]:
    return [Delivery(**row) for row in connection.execute(query.order_by(deliveries.c.id)).mappings()]


def _latest(connection: Connection) -> dict[str, tuple[str, int]]:
    newest = select(deliveries.c.path, func.max(deliveries.c.sequence).label("sequence")).group_by(deliveries.c.path).subquery()
    query = select(deliveries.c.path, deliveries.c.sha256, deliveries.c.sequence).join(
        newest, (newest.c.path == deliveries.c.path) & (newest.c.sequence == deliveries.c.sequence)
    )
    return {row.path: (row.sha256, row.sequence) for row in connection.execute(query)}
