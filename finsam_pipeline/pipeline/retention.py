"""What `retention:` and `archive:` of association.yaml ask to be removed, and removing it.

Belongs here: which files are too old on a day. Does not: the settings' shape (`register.retention`), how bytes are removed
(`store`), whether the clock can be believed (`clock`). Without a setting nothing is removed. Never an edition; never a file that waits
for somebody (a rejected one). The day is the clock's: no figure reads it, but once an original is gone the next run makes the marts
without its rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from finsam_pipeline.pipeline import clock
from finsam_pipeline.pipeline.holding import Hold
from finsam_pipeline.pipeline.newness import last_summary
from finsam_pipeline.pipeline.outcomes import DeliveryOutcome
from finsam_pipeline.register import ConfigurationErrors, list_associations, load_register
from finsam_pipeline.register.retention import Archive, Retention, archive_policy, retention_settings
from finsam_pipeline.review import audit
from finsam_pipeline.store.archive import forget_bytes, original, purge
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import Delivery, read_deliveries
from finsam_pipeline.store.shelf import Shelved, pinned, remove_snapshots, shelved
from finsam_pipeline.store.workspace import LandingFile, Workspace

_ACTOR = "retention"


@dataclass(frozen=True, slots=True)
class Old:
    """One thing that is due. `kind`: landing, original, unkept (an original whose archive policy has had its use), snapshot, error.

    `what`: the path as shown, a snapshot's id or an error's id. `since`: the day it counts from. `delivery`: an original's, since
    one path may have held several contents.
    """

    kind: str
    what: str
    since: dt.date
    rule: str
    association: str = ""
    delivery: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one association."""

    name: str
    keep: Retention
    archive: Archive
    deliveries: Sequence[Delivery]
    outcomes: dict[tuple[str, str], DeliveryOutcome]  # (path, sha256)
    landed: Sequence[LandingFile]


def due(home: Path, today: dt.date) -> list[Old]:
    """Everything that the settings ask to be removed on that day; nothing is removed.

    Raises:
        ConfigurationErrors.
    """
    workspace = Workspace(home)
    every = [k for name in list_associations(workspace.config) if (k := _known(workspace, name)) is not None]
    out = [old for known in every for old in (*_landing(known, today), *_originals(workspace, known, today))]
    return out + _shared(workspace, every, today)


def remove_due(home: Path, today: dt.date | None = None) -> list[Old]:
    """Remove what is due and say so in the audit log (kinds and counts). Under the workspace's lock.

    Args:
        home: the workspace.
        today: a day that a person vouches for; None: the clock's, if it can be believed.

    Raises:
        ConfigurationErrors, WorkspaceBusy.
        ClockDoubted: nothing was removed.
    """
    day = today or clock.today()
    workspace = Workspace(home)
    if not has_settings(workspace):
        return []
    with Hold(workspace):
        if today is None:
            clock.require(workspace, day)
        elif today == clock.today():
            clock.believe(workspace, today)
        gone = due(home, day)
        every = {name: _known(workspace, name) for name in {o.association for o in gone if o.association}}
        for known in every.values():
            if known is not None:
                _remove(workspace, known, [o for o in gone if o.association == known.name], day)
        snapshots = {o.what for o in gone if o.kind == "snapshot"}
        remove_snapshots(workspace, lambda s: s.id in snapshots)
        for old in gone:
            if old.kind == "error":
                (workspace.errors / old.what).unlink(missing_ok=True)
        _log(workspace, gone)
    return gone


def has_settings(workspace: Workspace) -> bool:
    """Whether any association has decided that something is to be removed."""
    return any(_settles(workspace, name) for name in list_associations(workspace.config))


def _settles(workspace: Workspace, name: str) -> bool:
    """Whether an association has decided anything; a wrong configuration has decided nothing."""
    try:
        settings = load_register(workspace.config / name).settings
    except ConfigurationErrors:
        return False
    return retention_settings(settings) is not None or archive_policy(settings) is not Archive.KEEP


def _known(workspace: Workspace, name: str) -> _Known | None:
    settings = load_register(workspace.config / name).settings
    keep, archive = retention_settings(settings), archive_policy(settings)
    said = last_summary(workspace.home, name)
    if not workspace.home.is_dir() or said is None:
        return None
    with Database.of(workspace).reading() as connection:
        deliveries = read_deliveries(connection, name)
    outcomes = {(d.path, d.sha256): d for d in said.deliveries if d.association == name}
    return _Known(name, keep or Retention(), archive, deliveries, outcomes, workspace.scan_landing([name]))


def _landing(known: _Known, today: dt.date) -> Iterator[Old]:
    """Files in landing that were taken in, that no run rejected, and that have lain there long enough."""
    if known.keep.landing_days is None:
        return
    noted = {d.path: d for d in known.deliveries}
    for f in known.landed:
        d = noted.get(f.path)
        outcome = known.outcomes.get((f.path, d.sha256)) if d else None
        settled = d is not None and d.size == f.size and (outcome is None or outcome.status != "rejected")
        if d is not None and settled and (today - d.first_seen.date()).days > known.keep.landing_days:
            yield Old("landing", f.path, d.first_seen.date(), f"landing_days: {known.keep.landing_days}", known.name)


def _originals(workspace: Workspace, known: _Known, today: dt.date) -> Iterator[Old]:
    for d in known.deliveries:
        if not original(workspace, d.sha256).exists():
            continue
        years = known.keep.originals_years
        outcome = known.outcomes.get((d.path, d.sha256))
        if years is not None and today.year - d.delivered_on.year > years:
            yield Old("original", d.path, d.delivered_on, f"originals_years: {years}", known.name, d.id)
        elif outcome is None:
            continue
        elif known.archive is not Archive.KEEP and outcome.status == "superseded":
            yield Old("original", d.path, d.delivered_on, f"archive: {known.archive}", known.name, d.id)
        elif known.archive is Archive.HASH_ONLY:
            yield Old("unkept", d.path, d.delivered_on, "archive: hash_only", known.name, d.id)


def _shared(workspace: Workspace, every: Sequence[_Known], today: dt.date) -> list[Old]:
    """Snapshots and kept errors speak of all associations: the longest time any of them asks for, and only when all have decided."""
    out = []
    if (days := _longest(k.keep.snapshots_days for k in every)) is not None:
        held = pinned(workspace)
        for s, replaced in _with_days(shelved(workspace)):
            kept, rule = (1, "snapshots_days: mellansteg") if s.passing else (days, f"snapshots_days: {days}")
            if not s.current and (today - replaced).days > kept and (held is None or held.snapshot_id != s.id):
                out.append(Old("snapshot", s.id, replaced, rule))
    if (days := _longest(k.keep.errors_days for k in every)) is not None:
        for f in sorted(workspace.errors.glob("*")) if workspace.errors.is_dir() else ():
            written = dt.datetime.fromtimestamp(f.stat().st_mtime).astimezone().date()
            if (today - written).days > days:
                out.append(Old("error", f.name, written, f"errors_days: {days}"))
    return out


def _with_days(newest_first: Sequence[Shelved]) -> Iterator[tuple[Shelved, dt.date]]:
    """Each snapshot with the day it was replaced: one that stood for a year may still be read when a new one comes.

    Where nobody noted it, the day its successor was made.
    """
    newer = [*newest_first[:1], *newest_first]
    for successor, s in zip(newer, newest_first, strict=False):
        yield s, (s.replaced_at or successor.created_at).date()


def _longest(days: Iterable[int | None]) -> int | None:
    given = list(days)
    return max((d for d in given if d is not None), default=None) if all(d is not None for d in given) else None


def _remove(workspace: Workspace, known: _Known, gone: Sequence[Old], day: dt.date) -> None:
    files = {o.what for o in gone if o.kind == "landing"}
    for f in known.landed:
        if f.path in files:
            f.file.unlink(missing_ok=True)
    kinds = {o.delivery: o.kind for o in gone if o.delivery}
    needed = _needed(workspace, kinds)
    for d in known.deliveries:
        if d.id not in kinds or d.sha256 in needed:
            continue
        if kinds[d.id] == "unkept":
            forget_bytes(workspace, d.sha256)
        else:
            outcome = known.outcomes.get((d.path, d.sha256))
            purge(workspace, d.sha256, outcome.rows if outcome else 0, day)


def _needed(workspace: Workspace, due_deliveries: Container[int]) -> set[str]:
    """Originals that a delivery which is not due, here or in another association, is read from."""
    with Database.of(workspace).reading() as connection:
        every = [d for name in list_associations(workspace.config) for d in read_deliveries(connection, name)]
    return {d.sha256 for d in every if d.id not in due_deliveries}


def _log(workspace: Workspace, gone: Sequence[Old]) -> None:
    if not gone:
        return
    counts: dict[str, str | int | bool | None] = {}
    for old in gone:
        counts[old.kind] = int(counts.get(old.kind) or 0) + 1
    with Database.of(workspace).writing() as connection:
        audit.append(connection, _ACTOR, "remove", counts)
