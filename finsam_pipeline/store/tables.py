"""Tables of the operational store: deliveries, findings, decisions, audit log, runs.

Belongs here: columns and what they mean. Does not: queries, triggers, how a store gets them (`migrations`; a test holds that its
steps and these tables agree). No column holds a value of a participant row, a free-text reason or a corrected value: those stand
in the vault.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

# The number of the last step once more, for programs from before Alembic kept it: they refuse a store that is newer.
schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

# One row a file as it was handed over once: other bytes at the same path are a new delivery, and so are the first ones
# when they come back.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("association", String, nullable=False),
    Column("source", String, nullable=False),
    Column("path", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("delivered_on", Date, nullable=False),
    Column("first_seen", DateTime, nullable=False),  # UTC
    Column("size", Integer, nullable=False),  # bytes
    Column("sequence", Integer, nullable=False),  # 1, 2, … at one path
    UniqueConstraint("path", "sequence"),
    Index("deliveries_by_association", "association"),
)

# The findings of the latest run of each association, and closed ones a decision or an earlier run left behind.
findings = Table(
    "findings",
    metadata,
    Column("item_id", String(16), primary_key=True),
    Column("association", String, nullable=False),
    Column("source", String, nullable=False),
    Column("path", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sheet", String),
    Column("row", Integer),
    Column("rule", String, nullable=False),
    Column("severity", String(1), nullable=False),
    Column("column", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("status", String, nullable=False),  # open | decided | closed
    Column("content", String, nullable=False),  # keyed hash of the row's cells
    Column("occurrence", Integer, nullable=False),  # 1, 2, … among rows of the same content
    Column("first_seen_run", String, nullable=False),
    Index("findings_by_association", "association", "status"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("item_id", String(16), nullable=False),
    Column("association", String, nullable=False),
    Column("source", String, nullable=False),
    Column("content", String, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("rule", String, nullable=False),
    Column("kind", String, nullable=False),  # correct | accept | drop
    Column("column", String, nullable=False),  # canonical name for correct, else empty
    Column("value_ref", String, nullable=False),  # path under the vault that holds value and reason
    Column("reason_code", String, nullable=False),
    Column("expires_on", Date),
    Column("by", String, nullable=False),
    Column("os_account", String, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("decided_at", DateTime, nullable=False),  # UTC
    Column("withdrawn_on", Date),
    Column("withdrawn_by", String),
    Index("decisions_by_association", "association"),
    Index("decisions_by_content", "content"),
)

# The store refuses to change or delete an entry.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),  # ISO 8601, UTC: as hashed
    Column("actor", String, nullable=False),
    Column("os_account", String, nullable=False),
    Column("action", String, nullable=False),
    Column("details", Text, nullable=False),  # canonical JSON without values: as hashed
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("association", String, nullable=False),
    Column("started", DateTime, nullable=False),  # UTC
    Column("ended", DateTime),
    Column("outcome", String),
    Index("runs_by_association", "association", "started"),
)
