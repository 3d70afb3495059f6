"""The audit log refuses to be changed on PostgreSQL too; on SQLite it does since the first step."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_FUNCTION = """\
create function audit_refuses() returns trigger language plpgsql as
$$ begin raise exception 'the audit log is append-only' using errcode = 'integrity_constraint_violation'; end $$
"""
_TRIGGER = "create trigger audit_refuses before update or delete or truncate on audit for each statement execute function audit_refuses()"


def upgrade() -> None:
    """Take the step."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
        op.execute(_TRIGGER)
