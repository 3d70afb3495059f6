"""`finsam export`: the standing snapshot as tables of any database SQLAlchemy speaks to, all of it or nothing.

One table a mart, `economy_income_statement`, and `finsam_snapshot` with one row that says which snapshot they are. Everything
happens in one transaction: readers see the snapshot before or the one after. A table that already has the right columns keeps its
place and gets new rows, so the views, indexes and rights somebody put on it stay; only one of another form is made anew.

Belongs here: marts → tables and rows. Does not: which snapshot stands, a figure, a URL's words for a person.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import ARROW

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from finsam_pipeline.contracts.types import MartColumn, MartContract
    from finsam_pipeline.store.reader import Snapshot

SNAPSHOT_TABLE = "finsam_snapshot"
_BATCH = 5_000
_SQLITE_DIGITS = 15  # what its numbers hold exactly


class ExportError(Exception):
    """The export could not be made and nothing was changed; `message` names the database without its password."""

    def __init__(self, message: str, *, usage: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Exported:
    """What stands in the database now. `target` is the URL without its password; `rows` by table."""

    snapshot_id: str
    target: str
    rows: dict[str, int]


def export_snapshot(snapshot: Snapshot, url: str, schema: str | None = None) -> Exported:
    """Replace the marts in a database with those of a snapshot, in one transaction.

    Args:
        snapshot: what is loaded.
        url: SQLAlchemy URL.
        schema: the database schema the tables stand in; made when it is missing.

    Raises:
        ExportError: no such database or driver, no right to write, or a view that needs a table which must be made anew.
    """
    target = _target(url)
    metadata = _metadata(schema)
    with _translated(target):
        engine = _engine(target)
        if schema and engine.dialect.name == "sqlite":
            raise ExportError("SQLite har inga scheman. Utelämna --schema.", usage=True)
        with engine.begin() as connection:
            _prepare(connection, metadata, schema)
            rows = {_table_name(c): _load(connection, metadata, snapshot, c) for c in MARTS.values() if snapshot.has(c.path)}
            _say_which(connection, metadata, snapshot)
    return Exported(snapshot.id, target.render_as_string(hide_password=True), rows)


def mart_table(metadata: sa.MetaData, contract: MartContract) -> sa.Table:
    """A mart as a table: exact types, what each column is and its unit as comments, the key as primary key where it has no null."""
    nullable = {c.name for c in contract.columns if c.nullable}
    columns = [
        sa.Column(
            c.name,
            _type(c),
            nullable=c.nullable,
            primary_key=c.name in contract.key and not nullable & set(contract.key),
            autoincrement=False,
            comment=f"{c.description_sv} ({c.unit})" if c.unit else c.description_sv,
        )
        for c in contract.columns
    ]
    return sa.Table(_table_name(contract), metadata, *columns, comment=f"{contract.title_sv}: en rad är {contract.row_sv}")


class ExactDecimal(TypeDecorator[Decimal]):
    """NUMERIC that is read back as the Decimal it was. SQLite has none of its own and is handed the digits as text."""

    impl = sa.Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """SQLAlchemy's own type, except on SQLite."""
        numeric = self.impl_instance
        if dialect.name == "sqlite" and isinstance(numeric, sa.Numeric):
            return _SqliteNumeric(numeric.precision or 18, numeric.scale or 0)
        return numeric


class _SqliteNumeric(UserDefinedType[Decimal]):
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        self.precision, self.scale = precision, scale

    def get_col_spec(self, **_: object) -> str:
        return f"NUMERIC({self.precision}, {self.scale})"

    def bind_processor(self, dialect: sa.Dialect) -> Any:  # noqa: ANN401, ARG002 - the dialect's own protocol
        def bound(value: Decimal | None) -> str | None:
            if value is not None and len(value.normalize().as_tuple().digits) > _SQLITE_DIGITS:
                raise ExportError(f"SQLite håller inte fler än {_SQLITE_DIGITS} siffror exakt. Välj en annan databas.")
            return None if value is None else f"{value:f}"

        return bound

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ANN401, ARG002 - as above
        step = Decimal(1).scaleb(-self.scale)

        def found(value: float | str | None) -> Decimal | None:
            return None if value is None else Decimal(str(value)).quantize(step)

        return found


def _type(column: MartColumn) -> TypeEngine[Any]:
    kind = ARROW[column.arrow]
    plain: dict[str, TypeEngine[Any]] = {"string": sa.Text(), "int64": sa.BigInteger(), "bool": sa.Boolean(), "date": sa.Date()}
    return plain[column.arrow] if column.arrow in plain else ExactDecimal(kind.precision, kind.scale)


def _table_name(contract: MartContract) -> str:
    return f"{contract.family}_{contract.name}"


def _metadata(schema: str | None) -> sa.MetaData:
    metadata = sa.MetaData(schema=schema)
    for contract in MARTS.values():
        mart_table(metadata, contract)
    sa.Table(
        SNAPSHOT_TABLE,
        metadata,
        sa.Column("snapshot_id", sa.Text(), nullable=False, comment="Ögonblicksbildens id"),
        sa.Column("as_of", sa.Date(), comment="Senaste leveransdag som räknas"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="När den publicerades"),
        sa.Column("code_version", sa.Text(), nullable=False, comment="Programmets version"),
        comment="Den ögonblicksbild som tabellerna är",
    )
    return metadata


def _engine(target: URL) -> sa.Engine:
    engine = sa.create_engine(target, poolclass=NullPool, hide_parameters=True)
    if engine.dialect.name == "sqlite":  # its driver begins no transaction before a table is made or dropped

        @sa.event.listens_for(engine, "connect")
        def connected(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own types
            connection.isolation_level = None

        @sa.event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            connection.exec_driver_sql("begin immediate")

    return engine


def _prepare(connection: Connection, metadata: sa.MetaData, schema: str | None) -> None:
    """Every table there in today's form; two exports at once wait for each other."""
    if schema and not sa.inspect(connection).has_schema(schema):
        connection.execute(sa.schema.CreateSchema(schema))
    there = sa.inspect(connection)
    for table in metadata.sorted_tables:
        if there.has_table(table.name, schema=schema) and not _same_form(connection, there, table):
            table.drop(connection)
    standing = [t for t in metadata.sorted_tables if sa.inspect(connection).has_table(t.name, schema=schema)]
    metadata.create_all(connection)
    if connection.dialect.supports_comments:
        for table in standing:
            _comment(connection, table)
    if connection.dialect.name == "postgresql":
        which = metadata.tables[f"{schema}.{SNAPSHOT_TABLE}" if schema else SNAPSHOT_TABLE]
        quoted = connection.dialect.identifier_preparer.format_table(which)
        connection.exec_driver_sql(f"lock table {quoted} in share row exclusive mode")


def _comment(connection: Connection, table: sa.Table) -> None:
    """What a table that stays says about itself, in today's words."""
    connection.execute(sa.schema.SetTableComment(table))
    for column in table.columns:
        connection.execute(sa.schema.SetColumnComment(column))


def _same_form(connection: Connection, there: sa.Inspector, table: sa.Table) -> bool:
    """Whether a table has the columns of today's mart, in order, of the same types."""
    found = there.get_columns(table.name, schema=table.schema)
    compiled = connection.dialect
    was = [(c["name"], c["type"].compile(compiled), bool(c["nullable"])) for c in found]
    return was == [(c.name, c.type.compile(compiled), bool(c.nullable)) for c in table.columns]


def _load(connection: Connection, metadata: sa.MetaData, snapshot: Snapshot, contract: MartContract) -> int:
    name = _table_name(contract)
    table = metadata.tables[f"{metadata.schema}.{name}" if metadata.schema else name]
    rows = snapshot.table(contract.path).select([c.name for c in contract.columns])
    connection.execute(sa.delete(table))
    for batch in rows.to_batches(max_chunksize=_BATCH):
        if batch.num_rows:
            connection.execute(sa.insert(table), batch.to_pylist())
    return int(rows.num_rows)


def _say_which(connection: Connection, metadata: sa.MetaData, snapshot: Snapshot) -> None:
    said = snapshot.manifest
    table = metadata.tables[f"{metadata.schema}.{SNAPSHOT_TABLE}" if metadata.schema else SNAPSHOT_TABLE]
    connection.execute(sa.delete(table))
    connection.execute(
        sa.insert(table).values(
            snapshot_id=snapshot.id,
            as_of=dt.date.fromisoformat(said["as_of"]) if said["as_of"] else None,
            created_at=dt.datetime.fromisoformat(said["created_at"]),
            code_version=said["code_version"],
        )
    )


def _target(url: str) -> URL:
    try:
        target = make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # its text repeats the URL, password and all
        raise ExportError(
            "Adressen är ingen databas-URL. Skriv till exempel postgresql://user@server/databas.", usage=True
        ) from None
    return target.set(drivername="postgresql") if target.drivername == "postgres" else target


@contextlib.contextmanager
def _translated(target: URL) -> Iterator[None]:
    """The database's own errors without what they may repeat: a password, a row."""
    shown = target.render_as_string(hide_password=True)
    try:
        yield
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError):
        raise ExportError(
            f"Drivrutinen för {target.drivername} saknas. För PostgreSQL: pip install 'finsam-pipeline[postgres]'.", usage=True
        ) from None
    except sa.exc.SQLAlchemyError as error:
        if isinstance(error, sa.exc.StatementError) and isinstance(error.orig, ExportError):
            raise error.orig from None
        raise ExportError(f"{shown}: {_reason(error)}. Ingenting har ändrats.") from None


def _reason(error: sa.exc.SQLAlchemyError) -> str:
    """The kind of error, and the database's own code for it where there is one."""
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    kind = type(original or error).__name__
    if isinstance(error, sa.exc.OperationalError) and not code:
        return f"{kind}: servern svarar inte, eller släpper inte in användaren"
    return f"{kind} {code}" if code else kind
