"""The vocabulary every declaration in this room is written in.

A declaration says what a table looks like and what must hold for it. Arrow schemas, Great Expectations suites, the data
dictionary, Dagster's column metadata and the tests' generators are derived from it, so a new source or a new alias is a
declaration and not code. Nothing here knows bytes, Dagster or SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa


class Severity(StrEnum):
    """What a failed rule does: E quarantines the row, W keeps and counts it, B blocks publication of a slice."""

    ERROR = "E"
    WARNING = "W"
    BLOCKING = "B"


class Family(StrEnum):
    """The slice an association's figures are published or held back in."""

    PARTICIPANTS = "participants"
    ECONOMY = "economy"


class Kind(StrEnum):
    """How a cell's text becomes a value. The parser of each kind stands in `shaping.cells`."""

    TEXT = "text"  # str, stripped, blank -> null
    DATE = "date"  # datetime64[s]
    INTEGER = "integer"  # Int64
    AMOUNT = "amount"  # decimal128(18, 2), öre exact; two forms of minus, thousands marks, one decimal mark a column
    DECIMAL = "decimal"  # decimal128(18, 4): shares, points
    YES_NO = "yes_no"  # boolean: ja/nej
    GENDER = "gender"  # woman | man | other
    INTERVENTION = "intervention"  # intervention_id through the register
    CODE = "code"  # code through the register's list named in Column.code_list
    AGE_GROUP = "age_group"  # one of AGE_GROUPS
    PERIOD = "period"  # 2025H1, 2025T1, 2025Q1, 2025-03, 2025
    ACCOUNT = "account"  # 4-6 digits, else null
    PARTICIPANT = "participant"  # keyed pseudonym, made before anything is written
    CHOICE = "choice"  # one of Column.choices (text folded -> code)
    IGNORED = "ignored"  # known header, read past and never stored (comments)


AGE_GROUPS = ("16-19", "20-29", "30-39", "40-49", "50-59", "60-")
MONTHS_GROUPS = ("0-11", "12-23", "24-59", "60-")
GENDERS = ("woman", "man", "other")
UNKNOWN = "unknown"
NO_EXIT_REASON = "uppgift_saknas"


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column of a source.

    `headers` are the aliases as people write them (folded before comparison). A typed frame holds the column under
    `name`; for every column with `flagged` it also holds a boolean `<name>_given`: the cell was not blank, so
    "given but null" means unreadable or not in the list. `called`: what interface 4 calls the column, where the typed one holds
    something else (a pseudonym, an id); findings and decisions name it so.
    """

    name: str
    kind: Kind
    headers: tuple[str, ...]
    description_sv: str
    description_en: str
    unit: str = ""
    required: bool = False
    code_list: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    flagged: bool = False
    sensitive: bool = False
    called: str = ""

    @property
    def canonical(self) -> str:
        """The name people outside use."""
        return self.called or self.name


@dataclass(frozen=True, slots=True)
class SourceContract:
    """One landing folder: what a row is, its columns, and which delivery replaces which.

    `supersedes_by` names the typed columns whose value is the key that the newest delivery day replaces (interface 4);
    the ledger and the participant sources have rules of their own in `pipeline.selection`.
    """

    name: str
    family: Family
    title_sv: str
    row_sv: str
    row_en: str
    columns: tuple[Column, ...]
    supersedes_by: tuple[str, ...] = ()
    needs_any: tuple[tuple[str, ...], ...] = ()  # of each group at least one column must be there
    personal: bool = False
    counts_total_row: bool = False  # a Summa row counts the rows (participant lists)
    owner: str = "team:forbundskansli"

    def column(self, name: str) -> Column:
        """The column of that canonical name. KeyError when the source has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of interface 5, or one of the project's own (always W).

    `short` is the rule in a few words fit for a name: with the id it names the check in the Dagster UI, and the history of a
    check hangs on its name, so it stays when a title is reworded.
    """

    id: str
    severity: Severity
    short: str
    title_sv: str
    title_en: str
    remedy_sv: str


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule applied to one judged table ("batch") of one source: becomes one expectation in that batch's suite."""

    rule: str
    source: str
    batch: str  # rows | controls | coverage | ledgers | lines | financing | reconciliation | flows | placements | versions
    column: str  # the column a finding names; "" when the whole row is meant
    expectation: str  # GX expectation type in snake_case, built in or custom
    kwargs: tuple[tuple[str, object], ...] = ()
    severity: Severity | None = None  # when it differs from the rule's own (L007 for participant lists)
    title_sv: str = ""  # as above
    remedy_sv: str = ""  # as above


@dataclass(frozen=True, slots=True)
class MartColumn:
    """One published column. `arrow` is one of ARROW; `unit` is stored in the Parquet field metadata."""

    name: str
    arrow: str
    description_sv: str
    description_en: str
    unit: str = ""
    nullable: bool = False


ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "money": pa.decimal128(18, 2),
    "percent": pa.decimal128(9, 1),
    "share": pa.decimal128(9, 4),
    "points": pa.decimal128(18, 2),
    "figure": pa.decimal128(18, 4),
}


@dataclass(frozen=True, slots=True)
class MartContract:
    """One published mart: `family/name.parquet`, sorted by `key`."""

    family: str  # participants | economy | reference | quality
    name: str
    title_sv: str
    row_sv: str
    row_en: str
    key: tuple[str, ...]
    columns: tuple[MartColumn, ...] = field(default=())

    @property
    def path(self) -> str:
        """`participants/participant_flow`."""
        return f"{self.family}/{self.name}"

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema with description and unit in each field's metadata."""
        return pa.schema(
            [
                pa.field(
                    c.name,
                    ARROW[c.arrow],
                    nullable=c.nullable,
                    metadata={
                        "description": c.description_en,
                        "description_sv": c.description_sv,
                        "unit": c.unit,
                    },
                )
                for c in self.columns
            ]
        )
