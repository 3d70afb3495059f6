"""`finsam review`: the stewards' commands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from finsam_pipeline.cli.answers import guarded, usage, why_not_written
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline import associations
from finsam_pipeline.pipeline.stewards import filled_workbook, import_workbook
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.privacy import mask
from finsam_pipeline.review import audit, workbook
from finsam_pipeline.review.decisions import Decision, DecisionError, DecisionInput, record, withdraw, withdrawable
from finsam_pipeline.review.items import Item
from finsam_pipeline.review.items import list_items as read_items
from finsam_pipeline.store.atomic import PRIVATE, write_bytes
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.workspace import Workspace


def list_items(home: Path, association: str | None, everything: bool, voice: Voice) -> ExitStatus:
    """Open E and B findings; with `everything` also W and decided ones."""

    def work() -> ExitStatus:
        if wrong := _unknown(home, association, voice):
            return wrong
        items, decided = _noted(home, association, everything)
        known = {i.id: decided[i.id].as_json() if i.id in decided else None for i in items}
        voice.result({"items": [i.as_json() | {"decision": known[i.id]} for i in items]})
        rows = [
            [i.id, i.association, Path(i.path).name, i.sheet or "", str(i.row or ""), i.rule, i.message, i.status]
            + ([_decided_in_words(decided.get(i.id))] if everything else [])
            for i in items
        ]
        headings = ["id", "förbund", "fil", "blad", "# rad", "regel", "vad", "läge"]
        voice.table("Att granska", headings + (["beslut"] if everything else []), rows)
        if not items:
            voice.line("Inget väntar på beslut." if home.is_dir() else f"{home} finns inte, så inget väntar på beslut där.")
        for name in sorted({i.association for i in items}):
            if (file := Workspace(home).review_workbook(name)).is_file():
                voice.line(f"Med värdena: {file}")
        return ExitStatus.CLEAN

    return guarded(voice, work)


def _noted(home: Path, association: str | None, everything: bool) -> tuple[list[Item], dict[str, Decision]]:
    """Items and the decisions that can be taken back. Where no run has been there is nothing, and nothing is made."""
    workspace = Workspace(home)
    if not workspace.vault.is_dir():
        return [], {}
    with Database.of(workspace).reading() as connection:
        items = read_items(connection, [association] if association else None, everything=everything)
        return items, withdrawable(connection, association)


def _decided_in_words(decision: Decision | None) -> str:
    return f"{decision.id} {decision.kind}, {decision.by} {decision.decided_on}" if decision else ""


def export(home: Path, association: str | None, file: Path, voice: Voice) -> ExitStatus:
    """The open items with their values, for one steward's eyes; the export is logged."""

    def work() -> ExitStatus:
        if wrong := _unknown(home, association, voice):
            return wrong
        if file.suffix.lower() != ".xlsx":
            return usage(voice, "Arbetsboken skrivs som .xlsx.")
        workspace = Workspace(home).ensure()
        database = Database.of(workspace)
        with database.writing() as connection:
            data, count = filled_workbook(workspace, connection, [association] if association else None)
            try:
                write_bytes(file.absolute(), data, PRIVATE)
            except OSError as refused:
                return usage(voice, f"{file} gick inte att skriva: {why_not_written(refused)}.")
            audit.append(connection, audit.os_account(), "export", {"items": count, "association": association})
        voice.line(f"{count} poster i {mask(str(file))}. Filen innehåller personuppgifter: förvara den därefter.")
        voice.result({"file": mask(str(file)), "items": count})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def decide(
    home: Path,
    items: list[str],
    decision: str,
    by: str,
    reason: str,
    set_value: str | None,
    expires: dt.date | None,
    voice: Voice,
) -> ExitStatus:
    """Record one decision on each item; all or none."""

    def work() -> ExitStatus:
        column, _, value = (set_value or "").partition("=")
        if set_value is not None and "=" not in set_value:
            return usage(voice, "En rättelse skrivs --set KOLUMN=VÄRDE.")
        workspace = Workspace(home).ensure()
        try:
            with Database.of(workspace).writing() as connection:
                recorded = [
                    record(
                        connection,
                        workspace,
                        DecisionInput(
                            item,
                            decision,
                            by,
                            reason,
                            column=column,
                            value=value if set_value is not None else None,
                            expires_on=expires,
                        ),
                    )
                    for item in items
                ]
        except DecisionError as refused:
            return usage(voice, refused.message_sv)
        voice.line(f"{len(recorded)} beslut antecknade. Nästa körning tillämpar dem: {command(home, 'run')}")
        voice.result({"decisions": [{"id": d.id, "item": d.item_id, "kind": str(d.kind)} for d in recorded]})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def withdraw_decision(home: Path, decision_id: str, by: str, voice: Voice) -> ExitStatus:
    """Take one decision back; its item waits again unless another decision of it stands."""

    def work() -> ExitStatus:
        try:
            with Database.of(Workspace(home).ensure()).writing() as connection:
                withdraw(connection, decision_id, by)
        except DecisionError as refused:
            return usage(voice, refused.message_sv)
        voice.line(f"Beslutet är tillbakataget. Nästa körning räknar utan det: {command(home, 'run')}")
        voice.result({"withdrawn": decision_id})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def import_file(home: Path, file: Path, voice: Voice) -> ExitStatus:
    """Take in the decisions of a returned workbook; all or none."""

    def work() -> ExitStatus:
        if not file.is_file():
            return usage(voice, f"{file} finns inte.")
        workspace = Workspace(home).ensure()
        try:
            now = dt.datetime.now().astimezone()
            recorded = import_workbook(workspace, Database.of(workspace), file.read_bytes(), file.name, now)
        except workbook.WorkbookError as error:
            return usage(voice, "\n".join(f"{p.sheet} rad {p.row or '–'}, {p.column}: {p.message_sv}" for p in error.problems))
        except DecisionError as refused:
            return usage(voice, refused.message_sv)
        voice.line(f"{len(recorded)} beslut antecknade. Nästa körning tillämpar dem: {command(home, 'run')}")
        voice.result({"decisions": [{"id": d.id, "item": d.item_id, "kind": str(d.kind)} for d in recorded]})
        return ExitStatus.CLEAN

    return guarded(voice, work)


def _unknown(home: Path, association: str | None, voice: Voice) -> ExitStatus | None:
    if association is not None and association not in associations(home):
        return usage(voice, f"{association} har ingen mapp i {home / 'config'}.")
    return None
