"""What assets and results say about themselves, under Dagster's own metadata keys: schemas, places of findings, counts.

Belongs here: contracts and outcomes -> Dagster metadata. Does not: values of rows; a place is a file, a sheet, a row number
and a column name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import dagster as dg

from finsam_pipeline.contracts.rules import words_of
from finsam_pipeline.contracts.sources import column_title
from finsam_pipeline.contracts.types import ARROW, Column, Kind, MartContract, SourceContract
from finsam_pipeline.defs.names import LAUNCHPAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from finsam_pipeline.pipeline.outcomes import CheckOutcome, DeliveryOutcome, ModelTest, Place

PLACES_SHOWN = 100  # the event log keeps them for ever; the steward's workbook has them all
_ARROW_TYPE = {
    Kind.DATE: "date",
    Kind.INTEGER: "int64",
    Kind.AMOUNT: "decimal128(18, 2)",
    Kind.DECIMAL: "decimal128(18, 4)",
    Kind.YES_NO: "bool",
}
_PLACE_SCHEMA = dg.TableSchema(
    [
        dg.TableColumn("fil", "string", "Filen, räknat från arbetsytan"),
        dg.TableColumn("blad", "string", "Arkets namn"),
        dg.TableColumn("rad", "int", "Radnummer som det syns i filen"),
        dg.TableColumn("kolumn", "string", "Kolumnen felet gäller, som filen kallar den"),
        dg.TableColumn("post", "string", "Postens id, att klistra in i jobbet record_decision; tomt när inget väntar på beslut"),
    ]
)


def source_schema(contract: SourceContract) -> dg.TableSchema:
    """The columns of a source's accepted rows. Ignored columns are never stored and do not stand here."""
    return dg.TableSchema([_source_column(c) for c in contract.columns if c.kind is not Kind.IGNORED])


def mart_schema(mart: MartContract) -> dg.TableSchema:
    """The columns of a published mart, key columns first as in the contract."""
    return dg.TableSchema(
        [
            dg.TableColumn(
                c.name,
                str(ARROW[c.arrow]),
                _with_unit(c.description_sv, c.unit),
                constraints=dg.TableColumnConstraints(nullable=c.nullable),
            )
            for c in mart.columns
        ]
    )


def _source_column(column: Column) -> dg.TableColumn:
    tags = {"skyddad": ""} if column.sensitive else {}
    return dg.TableColumn(
        column.name, _ARROW_TYPE.get(column.kind, "string"), _with_unit(column.description_sv, column.unit), tags=tags
    )


def _with_unit(text: str, unit: str) -> str:
    return f"{text} ({unit})" if unit else text


def deliveries_metadata(home: Path, association: str, source: str, deliveries: Iterable[DeliveryOutcome]) -> dict[str, Any]:
    """Counts of a source's rows, its deliveries as a table, and where they lie."""
    rows = [
        dg.TableRecord(
            {
                "fil": d.path,
                "dag": d.delivered_on.isoformat(),
                "status": d.status,
                "rader": d.rows,
                "godtagna": d.accepted,
                "i karantän": d.quarantined,
                "ersatta": d.superseded,
                "orsak": d.reason,
                "okända kolumner": len(d.drift),
                "anmärkningar": sum(r.count for r in d.remarks),
            }
        )
        for d in deliveries
    ]
    meta: dict[str, Any] = {"dagster/uri": (home.absolute() / "landing" / association / source).as_uri()}
    return meta | ({"leveranser": dg.MetadataValue.table(rows)} if rows else {})


def check_metadata(outcome: CheckOutcome, workbook: Path) -> dict[str, Any]:
    """A rule's counts, what to do about it, where the values are, and the first places where it failed."""
    meta: dict[str, Any] = {"rader som brister": outcome.failed_rows, "öppna rader": outcome.open_rows}
    if outcome.errored:
        meta["kunde inte prövas"] = True
    if outcome.failed_rows or outcome.errored:
        meta["att göra"] = words_of(outcome.rule, outcome.source)[1]
    if outcome.open_rows:
        meta |= {"arbetsbok med värden": dg.MetadataValue.path(workbook), "fatta beslut": dg.MetadataValue.url(LAUNCHPAD)}
    if outcome.about:
        meta["avser"] = dg.MetadataValue.md("\n".join(f"- {_inert(text)}" for text in outcome.about))
    records = [_place(p, outcome.source) for p in outcome.places[:PLACES_SHOWN] if p.path or p.item]
    if records:
        meta["platser"] = dg.MetadataValue.table(records, schema=_PLACE_SCHEMA)
    return meta


def _inert(text: str) -> str:
    """What a cell said (an account, an object), as Markdown that shows it and nothing else."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!&])", r"\\\1", " ".join(text.split()))


def _place(place: Place, source: str) -> dg.TableRecord:
    column = column_title(source, place.column)
    return dg.TableRecord({"fil": place.path, "blad": place.sheet or "", "rad": place.row, "kolumn": column, "post": place.item})


def tests_metadata(tests: Iterable[ModelTest]) -> dict[str, Any]:
    """How many tests a model has, and the failing ones as a table."""
    tests = list(tests)
    failing = [
        dg.TableRecord({"test": t.test, "rader": t.failing_rows, "hindrar utgivning": t.blocks}) for t in tests if not t.passed
    ]
    meta: dict[str, Any] = {"prövningar": len(tests), "brister": len(failing)}
    return meta | ({"brustna prövningar": dg.MetadataValue.table(failing)} if failing else {})


def mart_rows(rows: Mapping[str, int]) -> dg.MetadataValue[Any]:
    """Rows of each mart of a slice as a table."""
    return dg.MetadataValue.table([dg.TableRecord({"tabell": name, "rader": n}) for name, n in sorted(rows.items())])
