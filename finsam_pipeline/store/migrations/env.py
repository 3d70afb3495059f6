"""What Alembic runs to take or to compare steps: on the connection it is handed, in the transaction that is open there."""

from __future__ import annotations

from alembic import context

from finsam_pipeline.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
