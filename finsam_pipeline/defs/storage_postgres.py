"""Dagster's PostgreSQL storage with connections that stay open.

The storage Dagster brings opens a connection, with its password exchange, for every event outside the webserver: on a server of
its own that is most of the time of a run. This one keeps one open a storage, as the webserver does. It is named in `dagster.yaml`;
tables are Dagster's own, so the stock class reads the same database. Needs the extra `postgres`.

Belongs here: connections. Does not: what an event is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_postgres.storage import DagsterPostgresStorage
from dagster_postgres.utils import pg_url_from_config
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dagster._serdes import ConfigurableClassData

_RECYCLE_SECONDS = 3600
_MOST_MORE = 10  # connections beside the one that is kept, when threads ask at once


class PooledPostgresStorage(DagsterPostgresStorage):
    """The stock PostgreSQL storage on pooled connections."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> PooledPostgresStorage:
        """Made by Dagster from `dagster.yaml`."""
        storage = cls(_with_driver(pg_url_from_config(config_value)), inst_data=inst_data)
        for part in (storage.run_storage, storage.event_log_storage, storage.schedule_storage):
            part.optimize_for_webserver(statement_timeout=0, pool_recycle=_RECYCLE_SECONDS, max_overflow=_MOST_MORE)
        return storage


def _with_driver(url: str) -> str:
    """The driver Dagster's own SQL is written for; SQLAlchemy would take another when a URL names none."""
    parsed = make_url(url)
    named = parsed if "+" in parsed.drivername else parsed.set(drivername="postgresql+psycopg2")
    return named.render_as_string(hide_password=False)
