"""One association's run: take in, judge each source, build the models, publish.

The steps are the same for the command line and for Dagster; what they hand to each other lies in `vault/work/`.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd

from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Family, Severity
from finsam_pipeline.pipeline import building, publishing
from finsam_pipeline.pipeline.accepting import accepted_table, history_table
from finsam_pipeline.pipeline.holding import Hold
from finsam_pipeline.pipeline.intake import is_source, take_in_new
from finsam_pipeline.pipeline.judging import checks, judge_source
from finsam_pipeline.pipeline.loading import Loaded, Loading, load
from finsam_pipeline.pipeline.outcomes import BuildOutcome, DeliveryOutcome, PublishOutcome, SourceOutcome
from finsam_pipeline.pipeline.stewards import Standing, standing_decisions, take_in_workbooks
from finsam_pipeline.pipeline.version import run_state
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.register import load_register
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import Delivery, read_deliveries
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.store.quarantine import write_quarantine
from finsam_pipeline.store.workspace import DECISIONS_SOURCE, Workspace

SOURCE_BATCHES = ("rows", "controls", "coverage")


class AssociationRun:
    """The way for one association. Holds the workspace's lock until `close`.

    Args:
        home: the workspace.
        association: a folder in `config/`.
        as_of: ignore deliveries and decisions after this day; None: everything known.

    Raises:
        ConfigurationErrors: with file, line and what is wrong.
        WorkspaceBusy: another run holds the workspace.
    """

    def __init__(self, home: Path, association: str, as_of: dt.date | None = None) -> None:
        self.workspace = Workspace(home).ensure()
        self.association, self.as_of = association, as_of
        self._hold = Hold(self.workspace)
        try:
            self.register = load_register(self.workspace.config / association)
            self.pseudonymiser = Pseudonymiser(pseudonym_key(self.workspace))
            self.database = Database.of(self.workspace)
            self.work = WorkFiles(self.workspace, association)
            now = dt.datetime.now().astimezone()
            self.postponed = take_in_new(self.workspace, self.database, [association], now).postponed
            with self.database.reading() as connection:
                self.deliveries = read_deliveries(connection, association, as_of)
            self.refused_workbooks = take_in_workbooks(self.workspace, self.database, self._of(DECISIONS_SOURCE), now)
            self.decisions: Standing = standing_decisions(self.workspace, self.database, association, as_of, self.newest_day)
        except BaseException:
            self._hold.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the workspace go."""
        self._hold.release()

    @property
    def newest_day(self) -> dt.date | None:
        """The newest day of delivery within as-of: where every figure's clock stands."""
        return max((d.delivered_on for d in self.deliveries if d.source in SOURCES), default=None)

    @property
    def state(self) -> str:
        """A hash over all that this run depends on."""
        return run_state(self.register, self.deliveries, self.decisions.fingerprint)

    def take(self, source: str) -> SourceOutcome:
        """Read, type, select and judge one source; quarantine is written before accepted rows."""
        began = time.perf_counter()
        contract = SOURCES[source]
        corrections = self.decisions.corrections(source)
        loading = load(self.workspace, contract, self.register, self._of(source), self.pseudonymiser, corrections)
        judgement = judge_source(loading, contract, self.decisions.waivers(source), self.pseudonymiser)
        standing = loading.standing
        self.work.write_frame(f"findings/{source}", judgement.findings)
        write_quarantine(self.workspace, self.association, source, _values(standing[judgement.held]))
        accepted = standing[~judgement.held]
        table = accepted_table(accepted, contract, self.association)
        self.work.write_table(f"accepted/{source}", table)
        if contract.family is Family.PARTICIPANTS and contract.personal:
            self.work.write_table(f"history/{source}", history_table(loading, judgement.held, contract, self.association))
        outcome = SourceOutcome(
            source=source,
            deliveries=tuple(_delivery(d, loading, judgement.held) for d in loading.deliveries),
            checks=checks(source, judgement.results, judgement.findings, SOURCE_BATCHES),
            columns=tuple((f.name, str(f.type), "") for f in table.schema),
            seconds=time.perf_counter() - began,
        )
        self.work.write_outcome(f"source/{source}", outcome)
        return outcome

    def build(self) -> BuildOutcome:
        """Build every SQL model on the accepted rows, test them, judge what only the models know, stage the marts."""
        outcome = building.build(self.work, self.register, self.sources(), self.newest_day, self.decisions)
        self.work.write_outcome("build", outcome)
        return outcome

    def sources(self) -> tuple[SourceOutcome, ...]:
        """The outcomes of the sources taken in so far, in the contract's order; unknown landing folders as rejected."""
        taken = [self.work.read_outcome(f"source/{name}", SourceOutcome) for name in SOURCES]
        return (*(t for t in taken if t is not None), *self._strangers())

    def families_blocked(self) -> dict[str, list[str]]:
        """Family → the blocking rules and failed model tests that hold it back; empty lists when it may be published."""
        build = self.work.read_outcome("build", BuildOutcome)
        blocked: dict[str, list[str]] = {f.value: [] for f in Family}
        found = [c for s in self.sources() for c in s.checks] + list(build.checks if build else ())
        for check in found:
            if (check.open_rows and check.severity == Severity.BLOCKING) or (
                check.errored and check.severity != Severity.WARNING
            ):
                blocked[SOURCES[check.source].family.value].append(check.rule)
        for model in build.models if build else ():
            family = building.family_of(model.model)
            for test in model.tests:
                for f in [family] if family in blocked else list(blocked):
                    if not test.passed:
                        blocked[f].append(f"model:{model.model}")
        return {f: sorted(set(reasons)) for f, reasons in blocked.items()}

    def publish(self) -> PublishOutcome:
        """Publish the slices nothing holds back in one switch, record the findings, remake the drafts."""
        return publishing.publish(self)

    def take_all(self) -> tuple[SourceOutcome, ...]:
        """Every source, one after another."""
        return tuple(self.take(name) for name in SOURCES)

    def _of(self, source: str) -> list[Delivery]:
        return [d for d in self.deliveries if d.source == source]

    def _strangers(self) -> Sequence[SourceOutcome]:
        """Files in folders that are no source: rejected, said out loud, kept."""
        names = sorted({d.source for d in self.deliveries if not is_source(d.source)})
        return [SourceOutcome(name, tuple(_stranger(d) for d in self._of(name)), ()) for name in names]


def source_rules(source: str, batches: Sequence[str] = SOURCE_BATCHES) -> list[str]:
    """The rules judged on a source in these batches, in the order of the rules."""
    used = {u.rule for u in USES if u.source == source and u.batch in batches}
    return [r for r in RULES if r in used]


def _stranger(d: Delivery) -> DeliveryOutcome:
    return DeliveryOutcome(
        d.association, d.source, d.path, d.sha256, d.delivered_on, "rejected",
        reason="unknown_source",
        message=f"Mappen {d.source or '(ingen)'} är ingen källa. Lägg filen i en av mapparna {', '.join(SOURCES)}.",
    )  # fmt: skip


def _delivery(loaded: Loaded, loading: Loading, held: pd.Series) -> DeliveryOutcome:
    d = loaded.delivery
    base = (d.association, d.source, d.path, d.sha256, d.delivered_on)
    if loaded.state == "duplicate":
        return DeliveryOutcome(*base, "duplicate")
    if loaded.rejected is not None:
        status = "superseded" if loaded.state == "replaced" else "rejected"
        return DeliveryOutcome(*base, status, reason=loaded.rejected.reason, message=loaded.rejected.message_sv)
    assert loaded.shaped is not None  # noqa: S101 - for the type checker: neither duplicate nor rejected
    own = loading.rows["delivery"] == loaded.number
    if loaded.shaped.facts.get("format") == "sie":  # opening balances are records of a SIE file, not rows of it
        own &= loading.rows["kind"].eq("transaction")
    rows, superseded = int(own.sum()), int((own & loading.gone).sum())
    quarantined = int(held.reindex(own.index, fill_value=False)[own].sum())
    status = "superseded" if rows and superseded == rows else "accepted_with_quarantine" if quarantined else "accepted"
    if loaded.state == "replaced":
        status = "superseded"
    return DeliveryOutcome(
        *base, status, rows, rows - superseded - quarantined, quarantined, superseded,
        drift=tuple(loaded.shaped.drift), covers_to=loaded.shaped.facts.get("covers_to"),
    )  # fmt: skip


def _values(held: pd.DataFrame) -> pd.DataFrame:
    """Quarantined rows for the steward's workbook: typed values beside the place they stand in."""
    return held.drop(columns=["row_id", "delivery"], errors="ignore")
