"""`finsam erase`: one participant out of everything the workspace keeps (GDPR article 17), with a receipt.

Belongs here: where the participant stands and what is removed; the receipt. Does not: how a file is emptied of a row
(`readers.blanking`) or kept (`store.archive`). The order makes it safe to be cut off anywhere: the receipt is begun first, each
original is replaced in one step, the next run makes the marts without the rows, and only then older snapshots go.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import delete, select

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.opening import OpenRun
from finsam_pipeline.pipeline.receipts import Receipt, write_receipt
from finsam_pipeline.pipeline.texts import texts_with
from finsam_pipeline.pipeline.traces import places_of
from finsam_pipeline.privacy import mask, struck_out, ten_digits
from finsam_pipeline.readers import ReadResult, Rejected, read
from finsam_pipeline.readers.blanking import blanked
from finsam_pipeline.review import audit
from finsam_pipeline.review.decided import read_decisions
from finsam_pipeline.shaping import DeliveryRef, shape
from finsam_pipeline.store.archive import original, purge, read_original, redact
from finsam_pipeline.store.atomic import PRIVATE, write_bytes
from finsam_pipeline.store.deliveries import Delivery
from finsam_pipeline.store.shelf import current_id, remove_snapshots
from finsam_pipeline.store.tables import findings
from finsam_pipeline.store.workspace import DECISIONS_SOURCE, TEXTS_SOURCE, Workspace

_PARTICIPANT = "participant"
_ROWS = ("accepted", "history", "findings", "decided", "staged")  # of the work files, those that hold or speak of rows


class EraseRefused(Exception):  # noqa: N818 - an outcome
    """Nothing was removed; `message_sv` says why and what to do, never whom it was about."""

    def __init__(self, message_sv: str) -> None:
        super().__init__(message_sv)
        self.message_sv = message_sv


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to erase, as the office says it. `identity`: participant_no as delivered, or a personnummer in any notation.

    A running number says who somebody is only within a source and often only within an intervention: name them where it stands
    for more than one.
    """

    association: str
    identity: str
    by: str
    reason: str
    source: str = ""
    intervention: str = ""

    def __repr__(self) -> str:
        return f"Wanted({self.association})"


@dataclass(frozen=True, slots=True)
class _Hit:
    """One original that holds the participant: `rows` by the sheet as the file calls it, `contents` the rows' keyed hashes."""

    delivery: Delivery
    read: ReadResult
    rows: dict[str | None, set[int]]
    contents: frozenset[str]
    interventions: frozenset[str]
    elsewhere: bool

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


def erase(home: Path, wanted: Wanted, *, keep_landing: bool = False, now: dt.datetime | None = None) -> Receipt:
    """Remove the participant from originals, quarantine, decisions, findings, kept errors and landing.

    The marts, drafts and snapshots follow with the next run: call `finish` after it.

    Raises:
        EraseRefused: nobody is found, or the number stands for several persons.
        ConfigurationErrors, WorkspaceBusy.
    """
    moment = now or dt.datetime.now().astimezone()
    with OpenRun(home, wanted.association) as run:
        hits = list(_hits(run, wanted))
        texts = _texts(run, wanted)
        _check(run, wanted, hits, texts)
        contents = {c for hit in hits for c in hit.contents}
        items = _items(run, contents)
        hits += _workbooks(run, items, wanted)
        emptied = [(hit, _without(run, hit, wanted)) for hit in hits]  # before anything is written: a file may not allow it
        receipt = _begun(run, wanted, hits, texts, moment)
        for hit, data in emptied:
            redact(run.workspace, hit.delivery.sha256, data, moment.date())
        for d in texts:
            purge(run.workspace, d.sha256, 0, moment.date())
        held = frozenset(d.sha256 for d in (*(h.delivery for h in hits), *texts))
        removed, kept = _landing(run, held, keep_landing=keep_landing)
        receipt = replace(
            receipt,
            decisions=_silenced(run, contents, moment),
            findings=_forgotten(run, items),
            errors=_emptied(run.workspace.errors),
            landing_removed=removed,
            landing_kept=kept,
        )
        for source in SOURCES:
            run.work.withdraw(f"source/{source}")
        for folder in (run.workspace.quarantine / run.association, *(run.work.folder / name for name in _ROWS)):
            shutil.rmtree(folder, ignore_errors=True)  # made anew by the next run
        write_receipt(run.workspace, receipt)
        with run.database.writing() as connection:
            about: dict[str, str | int | bool | None] = {"receipt": receipt.id, "rows": sum(receipt.rows.values())}
            audit.append(connection, mask(wanted.by), "erase", about | {"files": len(hits)}, moment)
    return receipt


def finish(workspace: Workspace, receipt: Receipt, identity: str = "") -> Receipt:
    """Remove the snapshots made before the erasure, look whether anything is left, and close the receipt.

    Args:
        workspace: after a run that published without the participant.
        receipt: as `erase` gave it.
        identity: to look for a personnummer in every file; without it nothing is looked for.
    """
    number = ten_digits(identity)
    done = replace(
        receipt,
        snapshots_removed=remove_snapshots(workspace),
        snapshot_id=current_id(workspace) or "",
        editions=tuple(sorted(workspace.relative(p) for p in (workspace.reports / receipt.association).glob("*/editions/*"))),
        still_held=tuple(places_of(workspace, number)) if number else (),
        finished=True,
    )
    write_receipt(workspace, done)
    return done


def _hits(run: OpenRun, wanted: Wanted) -> Iterator[_Hit]:
    number = ten_digits(wanted.identity)
    seen: set[tuple[str, str]] = set()
    for d in run.deliveries:
        if d.source not in SOURCES or (d.source, d.sha256) in seen or not original(run.workspace, d.sha256).exists():
            continue
        seen.add((d.source, d.sha256))
        try:
            found = read(read_original(run.workspace, d.sha256), d.path)
        except Rejected:
            continue  # nothing of it can be read; `finish` names the file if the number stands in its bytes
        hit = _hit(run, d, found, wanted, number)
        if hit.count or hit.elsewhere:
            yield hit


def _hit(run: OpenRun, d: Delivery, found: ReadResult, wanted: Wanted, number: str | None) -> _Hit:
    contract = SOURCES[d.source]
    rows: dict[str | None, set[int]] = {}
    contents: set[str] = set()
    interventions: set[str] = set()
    if contract.personal and wanted.source in ("", d.source):
        own = run.pseudonymiser.participant(d.association, d.source, wanted.identity)
        shown = {run.pseudonymiser.name(t.sheet) if t.sheet else None: t.sheet for t in found.tables}
        every = _typed(run, d, found)
        mine = every[every[_PARTICIPANT].eq(own).fillna(value=False) | every["content"].isin(_corrected_to(run, d.source, own))]
        if wanted.intervention:
            mine = mine[mine["intervention_id"].eq(wanted.intervention).fillna(value=False)]
        interventions |= set(mine["intervention_id"].fillna("").unique())
        contents |= set(mine["content"])
        for sheet, row in zip(mine["sheet"], mine["row"], strict=True):
            rows.setdefault(shown.get(sheet if isinstance(sheet, str) else None), set()).add(int(row))
    elsewhere = number is not None and any(_holds(t.frame.to_numpy().ravel(), number) for t in found.tables)
    return _Hit(d, found, rows, frozenset(contents), frozenset(interventions), elsewhere)


def _typed(run: OpenRun, d: Delivery, found: ReadResult) -> pd.DataFrame:
    """The file's rows; none of a file that was rejected, of which no row was ever counted."""
    ref = DeliveryRef(d.association, d.source, d.path, d.sha256, d.delivered_on)
    try:
        return shape(found, SOURCES[d.source], run.register, ref, run.pseudonymiser).rows
    except Rejected:
        return pd.DataFrame(columns=[_PARTICIPANT, "intervention_id", "content", "sheet", "row"])


def _corrected_to(run: OpenRun, source: str, own: str) -> set[str]:
    """The contents of rows that a steward's correction gave to the participant."""
    made = run.decisions.corrections(source)
    return {
        content
        for (content, _), cells in made.items()
        for column, value in cells.items()
        if column == _PARTICIPANT and run.pseudonymiser.participant(run.association, source, value) == own
    }


def _holds(cells: Iterable[Any], number: str) -> bool:
    return any(isinstance(cell, str) and struck_out(cell, number) != cell for cell in cells)


def _workbooks(run: OpenRun, items: AbstractSet[str], wanted: Wanted) -> Iterator[_Hit]:
    """Stewards' returned workbooks that show the participant's rows."""
    number = ten_digits(wanted.identity)
    for d in run.of(DECISIONS_SOURCE):
        try:
            found = read(read_original(run.workspace, d.sha256), d.path)
        except Rejected:
            continue
        rows = {t.sheet: {int(str(row)) for row, told in t.frame.isin(items).any(axis=1).items() if told} for t in found.tables}
        elsewhere = number is not None and any(_holds(t.frame.to_numpy().ravel(), number) for t in found.tables)
        hit = _Hit(d, found, rows, frozenset(), frozenset(), elsewhere)
        if hit.count or hit.elsewhere:
            yield hit


def _texts(run: OpenRun, wanted: Wanted) -> list[Delivery]:
    """Texts for the report in which the number stands: no report shows one, so they go whole."""
    number = ten_digits(wanted.identity)
    return texts_with(run.workspace, run.of(TEXTS_SOURCE), number) if number else []


def _without(run: OpenRun, hit: _Hit, wanted: Wanted) -> bytes:
    """The original without the rows.

    Raises:
        EraseRefused: read back, some other row would not be where it was.
    """
    number = ten_digits(wanted.identity)
    struck = partial(struck_out, number=number) if number else None
    data = blanked(read_original(run.workspace, hit.delivery.sha256), hit.delivery.path, hit.read, hit.rows, struck)
    left = {t.sheet: set(t.frame.index) - hit.rows.get(t.sheet, set()) for t in hit.read.tables}
    after = read(data, hit.delivery.path)
    found = {t.sheet: set(t.frame.index) for t in after.tables}
    # A sheet named after the number has another name now; a sheet without rows left may be no table any more.
    if sorted(map(sorted, filter(None, left.values()))) != sorted(map(sorted, filter(None, found.values()))):
        raise EraseRefused(
            f"{hit.delivery.path} går inte att skriva om utan att andra rader rubbas. Inget är raderat. Begär en ny fil utan"
            " deltagaren av den som lämnade den, och ta sedan bort den gamla."
        )
    return data


def _check(run: OpenRun, wanted: Wanted, hits: list[_Hit], texts: list[Delivery]) -> None:
    if not hits and not texts:
        raise EraseRefused(
            "Ingen sådan deltagare finns i förbundets leveranser. Kontrollera numret, --source och --intervention."
        )
    sources = {h.delivery.source for h in hits if h.count}
    interventions = {i for h in hits for i in h.interventions}
    if ten_digits(wanted.identity) is None and (len(sources) > 1 or len(interventions) > 1):
        names = {i.id: i.name for i in run.register.interventions}
        told = ", ".join(sorted(f"{names.get(i, 'okänd insats')} ({i or '–'})" for i in interventions))
        raise EraseRefused(
            f"Numret finns i flera källor eller insatser och kan vara olika personer: {', '.join(sorted(sources))}; {told}."
            " Ange --source och --intervention."
        )


def _begun(run: OpenRun, wanted: Wanted, hits: list[_Hit], texts: list[Delivery], moment: dt.datetime) -> Receipt:
    receipt = Receipt(
        id=secrets.token_hex(6),
        association=run.association,
        participant=run.pseudonymiser.participant(run.association, wanted.source, wanted.identity),
        by=mask(wanted.by),
        reason=mask(wanted.reason),  # whom it is about must not stand in the receipt
        at=moment.isoformat(timespec="seconds"),
        rows={h.delivery.path: h.count for h in hits if h.count},
        struck_out=tuple(sorted({*(h.delivery.path for h in hits if h.elsewhere), *(d.path for d in texts)})),
    )
    write_receipt(run.workspace, receipt)
    return receipt


def _landing(run: OpenRun, held: frozenset[str], *, keep_landing: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files in landing with the same bytes as an original that held the participant: removed, or named for somebody to remove."""
    noted = {d.path for d in run.deliveries if d.sha256 in held}
    there = [f for f in run.workspace.scan_landing([run.association]) if f.path in noted]
    if keep_landing:
        return (), tuple(f.path for f in there)
    for f in there:
        f.file.unlink(missing_ok=True)
    return tuple(f.path for f in there), ()


def _items(run: OpenRun, contents: AbstractSet[str]) -> set[str]:
    """Ids of the review items about the rows, open, decided or closed."""
    with run.database.reading() as connection:
        about = select(findings.c.item_id).where(
            findings.c.association == run.association, findings.c.content.in_(sorted(contents))
        )
        decided = {d.item_id for d in read_decisions(connection, run.association) if d.content in contents}
        return decided | set(connection.scalars(about))


def _forgotten(run: OpenRun, items: AbstractSet[str]) -> int:
    """The findings about the rows go; how many."""
    with run.database.writing() as connection:
        return int(connection.execute(delete(findings).where(findings.c.item_id.in_(sorted(items)))).rowcount)


def _silenced(run: OpenRun, contents: AbstractSet[str], moment: dt.datetime) -> int:
    """The corrected values and free-text reasons of decisions on the rows go; the decisions stay in the record. How many."""
    with run.database.reading() as connection:
        mine = [d for d in read_decisions(connection, run.association) if d.content in contents]
    for d in mine:
        secret = {"value": "", "reason": f"raderat {moment.date()}"}
        write_bytes(run.workspace.vault / d.value_ref, json.dumps(secret, ensure_ascii=False).encode(), PRIVATE)
    return len(mine)


def _emptied(folder: Path) -> int:
    """Kept errors may hold values nobody can search for: all of them go."""
    files = [f for f in folder.iterdir() if f.is_file()] if folder.is_dir() else []
    for f in files:
        f.unlink()
    return len(files)
