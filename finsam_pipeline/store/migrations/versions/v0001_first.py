"""The schema as it was before there were steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REFUSE = "create trigger audit_refuses_{0} before {0} on audit begin select raise(abort, 'the audit log is append-only'); end"


def upgrade() -> None:
    """Take the step."""
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
    op.execute("insert into schema_version (version) values (1)")
    _deliveries()
    _findings()
    _decisions()
    _audit()
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("association", sa.String, nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("ended", sa.DateTime),
        sa.Column("outcome", sa.String),
    )
    op.create_index("runs_by_association", "runs", ["association", "started"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("association", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("delivered_on", sa.Date, nullable=False),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.UniqueConstraint("path", "sequence"),
    )
    op.create_index("deliveries_by_association", "deliveries", ["association"])


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("item_id", sa.String(16), primary_key=True),
        sa.Column("association", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sheet", sa.String),
        sa.Column("row", sa.Integer),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("severity", sa.String(1), nullable=False),
        sa.Column("column", sa.String, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("first_seen_run", sa.String, nullable=False),
    )
    op.create_index("findings_by_association", "findings", ["association", "status"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("item_id", sa.String(16), nullable=False),
        sa.Column("association", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("column", sa.String, nullable=False),
        sa.Column("value_ref", sa.String, nullable=False),
        sa.Column("reason_code", sa.String, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("os_account", sa.String, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("withdrawn_on", sa.Date),
        sa.Column("withdrawn_by", sa.String),
    )
    op.create_index("decisions_by_association", "decisions", ["association"])
    op.create_index("decisions_by_content", "decisions", ["content"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("os_account", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(_REFUSE.format(act))
