"""Steps from one schema of the operational store to the next, and which step a store stands at.

Belongs here: the order of steps and taking them (Alembic). Does not: what a column means (`tables`), when a store is opened
(`database`). `versions/` holds one file a step, numbered without gaps; a step that was released is never edited. Alembic takes a
third of a second to import, so it is imported only when a step has to be taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select, text, update

from finsam_pipeline.store.tables import schema_version

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

_FOLDER = Path(__file__).parent


def revisions() -> tuple[str, ...]:
    """The numbers of all steps, first to last (`0001`, `0002` and so on)."""
    return tuple(sorted(file.name[1:5] for file in (_FOLDER / "versions").glob("v[0-9][0-9][0-9][0-9]_*.py")))


def standing(connection: Connection) -> str | None:
    """The last step a store has taken; None for a store with no tables.

    A store that was made before there were steps says its version in `schema_version` alone.
    """
    if stamped(connection):
        stamp: str | None = connection.scalar(text("select version_num from alembic_version"))
        return stamp
    if inspect(connection).has_table(schema_version.name):
        version = connection.scalar(select(schema_version.c.version))
        return None if version is None else f"{version:04d}"
    return None


def stamped(connection: Connection) -> bool:
    """Whether the store knows of steps at all."""
    return inspect(connection).has_table("alembic_version")


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take every step that is missing, in the caller's transaction: all of them last, or none does.

    Args:
        connection: of `Database.writing`, so that nobody else takes the same steps.
        to: the step to stop at; tests stop early.
    """
    from alembic import command  # noqa: PLC0415 - see above

    config = alembic_config(connection)
    known = standing(connection)
    if known is not None and not stamped(connection):
        command.stamp(config, known)
    command.upgrade(config, to)
    # Programs from before there were steps look here, and refuse a store that is newer than they are.
    connection.execute(update(schema_version).values(version=int(standing(connection) or 0)))


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings, without a file: the folder of steps, and the connection they are taken on."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
