"""Whether a run would find anything new. Reads and hashes; writes nothing, imports neither Dagster nor Great Expectations."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.intake import unseen
from finsam_pipeline.pipeline.publishing import STATE, SUMMARY
from finsam_pipeline.pipeline.stewards import standing_decisions
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline.pipeline.version import run_state
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register import load_register
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import read_deliveries
from finsam_pipeline.store.reader import NoSnapshotError, open_snapshot
from finsam_pipeline.store.workspace import Workspace


def is_new(home: Path, association: str, as_of: dt.date | None = None) -> bool:
    """Whether this association's inputs, configuration, decisions or code differ from what its last run saw.

    Raises:
        ConfigurationErrors: the configuration is wrong; a run would say so too.
    """
    workspace, work = Workspace(home), WorkFiles(Workspace(home), association)
    register = load_register(workspace.config / association)
    seen = work.read_json(STATE)
    if not seen or not _stands(workspace, association):
        return True
    database = Database.of(workspace)
    if unseen(workspace, database, association):
        return True
    with database.reading() as connection:
        deliveries = read_deliveries(connection, association, as_of)
    newest = max((d.delivered_on for d in deliveries if d.source in SOURCES), default=None)
    decisions = standing_decisions(workspace, database, association, as_of, newest)
    return bool(seen["state"] != run_state(register, deliveries, decisions.fingerprint))


def last_summary(home: Path, association: str) -> RunSummary | None:
    """What the last run of an association said; None when there was none."""
    return WorkFiles(Workspace(home), association).read_outcome(SUMMARY, RunSummary)


def _stands(workspace: Workspace, association: str) -> bool:
    try:
        manifest = open_snapshot(workspace.home).manifest
    except NoSnapshotError:
        return False
    return association in manifest["associations"]
