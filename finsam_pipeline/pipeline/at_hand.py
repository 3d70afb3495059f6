"""What the standing figures were made from, opened for reading: accepted rows, deliveries, decisions, configuration.

Answers only while these are what the snapshot's slices were made from. Belongs here: whether they are, and building the models on
them again. Does not: a question about them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from finsam_pipeline import models
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline.assembling import accepted_tables, model_inputs
from finsam_pipeline.pipeline.outcomes import SourceOutcome
from finsam_pipeline.pipeline.publishing import STATE
from finsam_pipeline.pipeline.stewards import Standing, standing_decisions
from finsam_pipeline.pipeline.version import run_state
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register import load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import Delivery, read_deliveries
from finsam_pipeline.store.reader import NoSnapshotError, Snapshot, open_snapshot
from finsam_pipeline.store.workspace import Workspace

_RUN_FIRST = "Kör först: {run} ({why})"


class NotExplained(Exception):  # noqa: N818 - an outcome with an exit status of its own
    """The question cannot be answered; `message_sv` says why and what exists."""

    def __init__(self, message_sv: str) -> None:
        super().__init__(message_sv)
        self.message_sv = message_sv


@dataclass(frozen=True, slots=True)
class AtHand:
    """What one association's standing figures were made from, opened for reading."""

    workspace: Workspace
    register: Register
    work: WorkFiles
    deliveries: tuple[Delivery, ...]
    decisions: Standing
    newest_day: dt.date | None

    def sources(self) -> tuple[SourceOutcome, ...]:
        """What the last run said of every source."""
        found = (self.work.read_outcome(f"source/{name}", SourceOutcome) for name in SOURCES)
        return tuple(s for s in found if s is not None)

    def build(self) -> models.Built:
        """The models on the same rows as the snapshot's; close it."""
        accepted = accepted_tables(self.work)
        return models.build(model_inputs(self.work, self.register, self.sources(), self.newest_day, accepted))


def open_at_hand(home: Path, association: str, snapshot: Snapshot, family: str | None) -> AtHand:
    """What the association's figures were made from; `family` None where every family may be asked about.

    Raises:
        NotExplained: files, decisions, configuration or code have changed since, or the figures are those of an earlier run.
        ConfigurationErrors.
    """
    workspace = Workspace(home)
    register, work = load_register(workspace.config / association), WorkFiles(workspace, association)
    seen = work.read_json(STATE)
    if not seen or seen.get("taken") != work.digest("source"):
        raise NotExplained(_run_first(home, "den senaste körningen blev inte klar"))
    as_of = dt.date.fromisoformat(seen["as_of"]) if seen["as_of"] else None
    database = Database.of(workspace)
    with database.reading() as connection:
        deliveries = tuple(read_deliveries(connection, association, as_of))
    newest_day = max((d.delivered_on for d in deliveries if d.source in SOURCES), default=None)
    decisions = standing_decisions(workspace, database, association, as_of, newest_day)
    if seen["state"] != run_state(workspace, register, deliveries, decisions.fingerprint):
        raise NotExplained(_run_first(home, "filer, beslut, konfiguration eller program har ändrats sedan de gjordes"))
    _check_slice(home, snapshot, association, family, seen["slices"])
    figures_day = dt.date.fromisoformat(seen["newest_day"]) if seen["newest_day"] else None
    return AtHand(workspace, register, work, deliveries, decisions, figures_day)


def _run_first(home: Path, why: str) -> str:
    return _RUN_FIRST.format(why=why, run=command(home, "run"))


def _check_slice(home: Path, snapshot: Snapshot, association: str, family: str | None, identity: str) -> None:
    own = [s for s in snapshot.manifest["slices"] if s["association"] == association]
    if not any(s["judged"] == identity for s in own):
        raise NotExplained(_run_first(home, "ögonblicksbilden gjordes inte av den senaste körningen"))
    if any(s["family"] == family and s["fingerprint"] != identity for s in own):
        raise NotExplained(
            "Siffrorna hålls tillbaka och är från en tidigare körning, vars rader inte finns kvar. Rätta det som stoppar"
            f" publiceringen ({command(home, 'review list', '--association', association)}) och kör sedan: {command(home, 'run')}"
        )


def standing_snapshot(home: Path) -> Snapshot:
    """The snapshot that stands.

    Raises:
        NotExplained: nothing is published.
    """
    try:
        return open_snapshot(home)
    except NoSnapshotError:
        raise NotExplained(_run_first(home, "ingenting är publicerat ännu")) from None
