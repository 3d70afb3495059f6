"""Stewards on the way: the workbook of what waits for them, decisions taken in from returned workbooks, and which hold for a run.

Belongs here: putting `review/` and a run together. Does not: what a decision may say, how an item is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.judging import Waivers
from finsam_pipeline.pipeline.originals import with_texts
from finsam_pipeline.privacy import mask
from finsam_pipeline.register import ConfigurationErrors, load_register
from finsam_pipeline.review import audit, workbook
from finsam_pipeline.review.decisions import (
    Decision,
    DecisionError,
    fingerprint,
    in_force,
    read_decisions,
    record,
    secret_of,
)
from finsam_pipeline.review.items import Item, list_items
from finsam_pipeline.review.states import Kind
from finsam_pipeline.shaping.cells import allowed_texts
from finsam_pipeline.store.archive import read_original
from finsam_pipeline.store.atomic import PRIVATE, write_bytes
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import Delivery
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.store.quarantine import read_quarantine
from finsam_pipeline.store.workspace import Workspace

RUN_ACTOR = "finsam run"  # who exported, in the audit log, when a run renews the workbook
MOST_ITEMS = 1_000  # in a run's own workbook: a run must not wait for a sheet nobody goes through row by row
READ_AGAIN = 2_000_000  # bytes of a file that a run's own workbook may read again: a fraction of a second


@dataclass(frozen=True, slots=True)
class Standing:
    """The decisions in force for one association.

    `values`: decision id → corrected value (from the vault). `fingerprint`: a keyed hash of what they say, empty for none; who
    and when do not matter to a snapshot.
    """

    decisions: tuple[Decision, ...]
    values: dict[str, str]
    fingerprint: str = ""

    def corrections(self, source: str) -> dict[tuple[str, int], dict[str, str]]:
        """(content, occurrence) → column → the text that replaces the cell."""
        out: dict[tuple[str, int], dict[str, str]] = {}
        for d in self.of(source, Kind.CORRECT):
            out.setdefault((d.content, d.occurrence), {})[d.column] = self.values[d.id]
        return out

    def waivers(self, source: str) -> Waivers:
        """Rules waived and rows dropped."""
        return Waivers(
            frozenset((d.content, d.occurrence, d.rule) for d in self.of(source, Kind.ACCEPT)),
            frozenset((d.content, d.occurrence) for d in self.of(source, Kind.DROP)),
        )

    def of(self, source: str, kind: Kind | None = None) -> Iterable[Decision]:
        """Those about a source's rows, of one kind or of all."""
        return (d for d in self.decisions if d.source == source and kind in (None, d.kind))


def standing_decisions(
    workspace: Workspace, database: Database, association: str, as_of: dt.date | None, newest_day: dt.date | None
) -> Standing:
    """The decisions that hold: made by `as_of`, not withdrawn, not expired on the data's newest day (never the clock's)."""
    with database.reading() as connection:
        held = in_force(read_decisions(connection, association), as_of, as_of or newest_day)
    values = {d.id: secret_of(workspace, d).value or "" for d in held if d.kind is Kind.CORRECT}
    said = fingerprint(workspace, held, pseudonym_key(workspace)) if held else ""
    return Standing(tuple(held), values, said)


def take_in_workbooks(
    workspace: Workspace, database: Database, delivered: Sequence[Delivery], taken: Collection[int], now: dt.datetime
) -> dict[int, str]:
    """Record the decisions of returned workbooks in `landing/<association>/beslut/`.

    Args:
        workspace: whose archive and vault.
        database: the operational store.
        delivered: the workbooks.
        taken: ids of those whose decisions an earlier run recorded: they are never read twice, since their items may be closed by now.
        now: the moment of decision.

    Returns:
        Delivery id → why it was refused, in Swedish and without values; empty for those taken in now or before.
    """
    return {d.id: "" if d.id in taken else _refusal(workspace, database, d, now) for d in delivered}


def _refusal(workspace: Workspace, database: Database, delivery: Delivery, now: dt.datetime) -> str:
    try:
        import_workbook(workspace, database, read_original(workspace, delivery.sha256), delivery.path, now)
    except workbook.WorkbookError as error:
        return " ".join(f"{mask(p.sheet)} rad {p.row or '–'}, {p.column}: {p.message_sv}" for p in error.problems)
    except DecisionError as error:
        return error.message_sv
    return ""


def import_workbook(workspace: Workspace, database: Database, data: bytes, name: str, now: dt.datetime) -> list[Decision]:
    """All decisions of one workbook, or none.

    Raises:
        WorkbookError, DecisionError: with what has to be changed.
    """
    wanted = workbook.parse(data)
    if not wanted:
        return []
    with database.writing() as connection:
        known = {d.id for d in read_decisions(connection)}
        recorded = [d for d in (record(connection, workspace, w, now) for w in wanted) if d.id not in known]
        if recorded:
            audit.append(connection, recorded[0].by, "import", {"file": mask(name), "decisions": len(recorded)}, now)
    return recorded


def filled_workbook(
    workspace: Workspace, connection: Connection, associations: Sequence[str] | None, most: int | None = None
) -> tuple[bytes, int]:
    """The workbook of what waits, with the values, and how many items wait.

    `most`: no more of them stand in it, and large files are not read again for the text of cells that gave no value.
    """
    items = list_items(connection, associations)
    shown = items[:most]
    by_source: dict[tuple[str, str], list[Item]] = {}
    for item in shown:
        by_source.setdefault((item.association, item.source), []).append(item)
    largest = None if most is None else READ_AGAIN
    values = {
        key: with_texts(workspace, key[1], read_quarantine(workspace, *key), own, largest)
        for key, own in sorted(by_source.items())
    }
    offered = _offered(workspace, {association for association, _ in by_source})
    return workbook.export(shown, values, offered, left_out=len(items) - len(shown)), len(items)


def _offered(workspace: Workspace, associations: Iterable[str]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """What a corrected cell may say, by association, source and column, where there is a list of it."""
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for association in sorted(associations):
        try:
            register = load_register(workspace.config / association)
        except ConfigurationErrors:  # a decision can be taken without lists; the run says what is wrong
            continue
        for source, contract in SOURCES.items():
            for column in contract.columns:
                if texts := allowed_texts(column, register):
                    found[association, source, column.name] = texts
    return found


def renew_workbook(workspace: Workspace, database: Database, association: str) -> bool:
    """Leave the workbook of what waits in the vault, where the checks in the UI point; none when nothing waits.

    Returns whether a workbook was written: the same items and values leave it, and the audit log, as they are.
    """
    path = workspace.review_workbook(association)
    with database.writing() as connection:
        data, count = filled_workbook(workspace, connection, [association], MOST_ITEMS)
        if not count:
            path.unlink(missing_ok=True)
            return False
        if path.is_file() and path.read_bytes() == data:
            return False
        write_bytes(path, data, PRIVATE)
        audit.append(connection, RUN_ACTOR, "export", {"items": min(count, MOST_ITEMS), "association": association})
    return True
