"""Whether a run would find anything new. Reads and hashes; writes nothing, imports neither Dagster nor Great Expectations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.intake import unseen
from finsam_pipeline.pipeline.publishing import STATE, SUMMARY
from finsam_pipeline.pipeline.stewards import standing_decisions
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline.pipeline.version import run_state
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register import ConfigurationErrors, load_register
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import read_deliveries
from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot
from finsam_pipeline.store.workspace import LandingFile, Workspace


def is_new(home: Path, association: str, as_of: dt.date | None = None) -> bool:
    """Whether this association's inputs, configuration, decisions or code differ from what its last run saw.

    An association that has never been handed a file has nothing to run on.

    Raises:
        ConfigurationErrors: the configuration is wrong; a run would say so too.
    """
    workspace, work = Workspace(home), WorkFiles(Workspace(home), association)
    register = load_register(workspace.config / association)
    seen = work.read_json(STATE)
    landed = workspace.scan_landing([association])
    if not seen and not landed:
        return False
    if not seen or not _stands(workspace, association, seen.get("slices")):
        return True
    database = Database.of(workspace)
    if unseen(workspace, database, association) or _rejected_taken_away(home, association, landed):
        return True
    with database.reading() as connection:
        deliveries = read_deliveries(connection, association, as_of)
    newest = max((d.delivered_on for d in deliveries if d.source in SOURCES), default=None)
    decisions = standing_decisions(workspace, database, association, as_of, newest)
    return bool(seen["state"] != run_state(workspace, register, deliveries, decisions.fingerprint))


def new_and_faulty(home: Path, names: Iterable[str], as_of: dt.date | None = None) -> tuple[list[str], dict[str, str]]:
    """The associations a run would find something new for; those whose configuration is wrong, with what is wrong (Swedish)."""
    new: list[str] = []
    faults: dict[str, str] = {}
    for name in names:
        try:
            if is_new(home, name, as_of):
                new.append(name)
        except ConfigurationErrors as error:
            faults[name] = str(error)
    return new, faults


def last_summary(home: Path, association: str) -> RunSummary | None:
    """What the last run of an association said; None when there was none."""
    return WorkFiles(Workspace(home), association).read_outcome(SUMMARY, RunSummary)


def _rejected_taken_away(home: Path, association: str, landed: Iterable[LandingFile]) -> bool:
    """Whether a file the last run rejected lies in landing no more: somebody has dealt with it."""
    there = {f.path for f in landed}
    said = last_summary(home, association)
    return said is not None and any(d.status == "rejected" and d.path not in there for d in said.deliveries)


def _stands(workspace: Workspace, association: str, slices: str | None) -> bool:
    """Whether what the last run judged is what the current snapshot was made of; after a rollback it is not."""
    try:
        manifest = open_snapshot(workspace.home).manifest
    except NoSnapshotError:
        return False
    judged = manifest["fingerprints"].get(association, {})
    return association in manifest["associations"] and all(family == slices for family in judged.values())
