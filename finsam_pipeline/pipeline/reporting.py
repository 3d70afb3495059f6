"""`finsam report`: a draft or an edition from the published marts.

Belongs here: whether a report may be made, where it goes, what an edition freezes. Does not: what the page says.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from finsam_pipeline.hints import command
from finsam_pipeline.pipeline.drafts import write_formats
from finsam_pipeline.pipeline.editions import FIGURES, earlier_editions, last_edition
from finsam_pipeline.pipeline.publishing import TEXTS
from finsam_pipeline.pipeline.sourcing import found_again
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.pipeline.texts import Texts
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.privacy import contains_personnummer
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.register.reporting import FORMATS
from finsam_pipeline.store.atomic import make_folder, sync_folder, temporary_name, write_bytes
from finsam_pipeline.store.reader import NoSnapshotError, Snapshot, open_snapshot
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from finsam_pipeline.report.disclosure import Record
    from finsam_pipeline.report.document import Document

_EDITION = re.compile(r"^[\w][\w.\-]{0,79}$")


class ReportRefused(Exception):  # noqa: N818 - an outcome with an exit status of its own
    """The report is not made; `message_sv` says why and what to do."""

    def __init__(self, reason: str, message_sv: str, exit_status: ExitStatus = ExitStatus.USAGE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message_sv = message_sv
        self.exit_status = exit_status


def make_report(
    home: Path, register: Register, period: str, formats: tuple[str, ...], edition: str | None, *, draft: bool = False
) -> tuple[str, ...]:
    """Make the report of one period; paths relative to the workspace.

    Args:
        home: the workspace.
        register: the association.
        period: its name.
        formats: of FORMATS. An edition has all of them, since none can be added to it later.
        edition: freeze the report, its figures and the manifest under this name, for good.
        draft: make it although the ledger does not reach the period's end (L009).

    Raises:
        ReportRefused: unknown period or format, no marts, an edition that exists, or a period that is not complete.
    """
    from finsam_pipeline.report.changes import with_changes  # noqa: PLC0415 - drawing costs a second to import
    from finsam_pipeline.report.halfyear import publishable  # noqa: PLC0415 - as above

    workspace = Workspace(home)
    snapshot = _snapshot(home)
    _check(snapshot, register, period, formats, draft=draft)
    folder = workspace.reports / register.id / period
    if edition is not None:
        _check_name(folder, edition)
    earlier = earlier_editions(workspace, register, period)
    work = WorkFiles(workspace, register.id)
    texts = work.read_outcome(TEXTS, Texts) or Texts()
    document, told = publishable(snapshot, register, period, draft=edition is None, earlier=earlier, texts=texts.of(period))
    last = last_edition(workspace, register.id, period)
    document = with_changes(document, last)
    if edition is None:
        document = found_again(document, work, register, snapshot)
        made = write_formats(folder / "draft", document, formats)
    else:
        made = _write_edition(snapshot, folder / "editions" / edition, document, told, last.order + 1 if last else 1)
    return tuple(workspace.relative(path) for path in made)


def _check_name(folder: Path, edition: str) -> None:
    if not _EDITION.fullmatch(edition) or contains_personnummer(edition):
        raise ReportRefused(
            "edition_name",
            "En utgåvas namn består av bokstäver, siffror, punkt, bindestreck och understreck, inte personnummer.",
        )
    if (folder / "editions" / edition).exists():
        raise ReportRefused("edition_exists", f"Utgåvan {edition} finns redan och skrivs aldrig över. Välj ett annat namn.")


def _write_edition(snapshot: Snapshot, folder: Path, document: Document, told: Record, order: int) -> tuple[Path, ...]:
    """Made beside its place and moved there whole: a half-made edition could be neither mended nor made again."""
    from finsam_pipeline.report.changes import FILE_NAME as PRINTED  # noqa: PLC0415 - as above
    from finsam_pipeline.report.changes import printed_of  # noqa: PLC0415 - as above
    from finsam_pipeline.report.disclosure import FILE_NAME as TOLD  # noqa: PLC0415 - as above

    staged = temporary_name(folder.parents[1])
    try:
        _freeze(snapshot, staged / FIGURES)
        write_bytes(staged / FIGURES / TOLD, told.bytes())
        write_bytes(staged / FIGURES / PRINTED, printed_of(document, order))
        made = write_formats(staged, document)
        make_folder(folder.parent, staged.stat().st_mode & 0o777)
        staged.rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return tuple(folder / path.name for path in made)


def _snapshot(home: Path) -> Snapshot:
    try:
        return open_snapshot(home)
    except NoSnapshotError:
        raise ReportRefused("no_snapshot", f"Det finns inga publicerade marts ännu. Kör först: {command(home, 'run')}") from None


def _check(snapshot: Snapshot, register: Register, period: str, formats: tuple[str, ...], *, draft: bool) -> None:
    unknown = [f for f in formats if f not in FORMATS]
    if unknown:
        raise ReportRefused("format", f"Formatet {', '.join(unknown)} finns inte. Välj bland {', '.join(FORMATS)}.")
    try:
        parse_period(period)
    except ValueError:
        raise ReportRefused("period", "En period skrivs 2025H1, 2025T1, 2025Q1 eller 2025.") from None
    rows = snapshot.table("reference/periods").to_pylist()
    own = next((r for r in rows if (r["association"], r["period"]) == (register.id, period)), None)
    if own is None:
        known = ", ".join(r["period"] for r in rows if r["association"] == register.id)
        raise ReportRefused("period", f"Det finns inga uppgifter för {period}. Perioder med uppgifter: {known or 'inga'}.")
    if not draft and (own["ledger_through"] is None or own["ledger_through"] < own["ends_on"]):
        reach = f"till {own['ledger_through']}" if own["ledger_through"] else "inte alls in i perioden"
        raise ReportRefused(
            "L009",
            f"Huvudboken räcker {reach}, men perioden slutar {own['ends_on']} (regel L009). Lämna en nyare huvudbok, "
            "eller gör ett utkast med --draft.",
            ExitStatus.HELD,
        )


def _freeze(snapshot: Snapshot, folder: Path) -> None:
    """The figures an edition was made from: every mart and the manifest, byte for byte."""
    for mart in snapshot.manifest["marts"]:
        write_bytes(folder / mart["path"], (snapshot.path / mart["path"]).read_bytes())
    write_bytes(folder / "manifest.json", json.dumps(snapshot.manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
