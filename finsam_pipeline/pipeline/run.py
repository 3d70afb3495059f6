"""One association's run: take in, judge each source, build the models, publish.

The steps are the same for the command line and for Dagster; what they hand to each other lies in `vault/work/`.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

import pandas as pd

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline import alerting, building, publishing
from finsam_pipeline.pipeline.accepting import accepted_parts, accepted_schema, history_table
from finsam_pipeline.pipeline.agreeing import BUILD, require_build, require_sources
from finsam_pipeline.pipeline.findings import decided_rows, with_items
from finsam_pipeline.pipeline.judging import checks, judge_source
from finsam_pipeline.pipeline.lateness import Late, late
from finsam_pipeline.pipeline.loading import Loaded, Loading, load
from finsam_pipeline.pipeline.opening import OpenRun
from finsam_pipeline.pipeline.outcomes import BuildOutcome, DeliveryOutcome, PublishOutcome, SourceOutcome, remarks_of
from finsam_pipeline.pipeline.parting import kept
from finsam_pipeline.pipeline.version import run_state
from finsam_pipeline.register.retention import Archive, archive_policy
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.store.quarantine import quarantine_file, write_quarantine
from finsam_pipeline.store.runs import note_begun

SOURCE_BATCHES = ("rows", "controls", "coverage", "ledgers")


class AssociationRun(OpenRun):
    """The way for one association, step by step."""

    def take(self, source: str) -> SourceOutcome:
        """Read, type, select and judge one source; quarantine is written before accepted rows.

        A source that rests on what it rested on last time stands as it is: nothing of it is read again.
        """
        with self.database.writing() as connection:
            note_begun(connection, self.association, dt.datetime.now().astimezone())
        began = time.perf_counter()
        rests_on = self._rests_on(source)
        if (unchanged := self._as_it_stands(source, rests_on)) is not None:
            return unchanged
        self.work.withdraw(f"source/{source}")
        contract = SOURCES[source]
        corrections = self.decisions.corrections(source)
        loading = load(self.workspace, contract, self.register, self.of(source), self.pseudonymiser, corrections)
        names = {i.id: i.name for i in self.register.interventions}
        judgement = judge_source(loading, contract, self.decisions.waivers(source), self.pseudonymiser, names)
        standing = loading.standing
        findings = with_items(judgement.findings, self.association, source, pseudonym_key(self.workspace))
        self.work.write_frame(f"findings/{source}", findings)
        self.work.write_frame(f"decided/{source}", decided_rows(loading, self.decisions.of(source)))
        write_quarantine(self.workspace, self.association, source, _values(kept(standing, judgement.held)))
        schema = accepted_schema(contract)
        self.work.write_parts(f"accepted/{source}", schema, accepted_parts(standing, judgement.held, contract, self.association))
        if contract.personal:
            held = pd.concat([judgement.held, judgement.held_then])
            self.work.write_table(f"history/{source}", history_table(loading, held, contract, self.association))
        outcome = SourceOutcome(
            source=source,
            deliveries=tuple(_delivery(d, loading, judgement.held) for d in loading.deliveries),
            checks=checks(source, judgement.results, findings, SOURCE_BATCHES),
            columns=tuple((f.name, str(f.type), "") for f in schema),
            seconds=time.perf_counter() - began,
            state=self.state,
            rests_on=rests_on,
        )
        self.work.write_outcome(f"source/{source}", outcome)
        return outcome

    def _rests_on(self, source: str) -> str:
        decisions, key = self.decisions.fingerprint, self.pseudonymiser.tag(source)
        return run_state(self.workspace, self.register, self.of(source), f"{source} {decisions} {key}")

    def _as_it_stands(self, source: str, rests_on: str) -> SourceOutcome | None:
        if archive_policy(self.register.settings) is Archive.HASH_ONLY:
            return None  # the files lie in landing alone, and a run says which one is missing
        made = self.work.read_outcome(f"source/{source}", SourceOutcome)
        if made is None or made.rests_on != rests_on or not self._is_whole(made):
            return None
        outcome = replace(made, state=self.state)
        self.work.write_outcome(f"source/{source}", outcome)
        return outcome

    def _is_whole(self, made: SourceOutcome) -> bool:
        """Whether everything a take-in leaves is still there."""
        folders = ("accepted", "findings", "decided", *(("history",) if SOURCES[made.source].personal else ()))
        files = [self.work.table_file(f"{folder}/{made.source}") for folder in folders]
        if any(d.quarantined for d in made.deliveries):
            files.append(quarantine_file(self.workspace, self.association, made.source))
        return all(file.is_file() for file in files)

    def late(self, outcome: SourceOutcome) -> Late | None:
        """What `expected:` in association.yaml says of a source just taken in; judged by `as_of`, else by the clock's day."""
        today = self.as_of or dt.datetime.now().astimezone().date()
        expected = {s: days for s, days in self.register.settings.get("expected", {}).items() if s == outcome.source}
        return next(iter(late(self.association, expected, outcome.deliveries, today)), None)

    def build(self) -> BuildOutcome:
        """Build every SQL model on the accepted rows, test them, judge what only the models know, stage the marts.

        Raises:
            StepsApart: a source was taken in on another state than this run's, or never.
        """
        require_sources(self.work, self.state)
        self.work.withdraw(BUILD)
        outcome = building.build(self.work, self.register, self.sources(), self.figures_day, self.decisions)
        outcome = replace(outcome, state=self.state)
        self.work.write_outcome(BUILD, outcome)
        return outcome

    def publish(self) -> PublishOutcome:
        """Publish the slices nothing holds back in one switch, record the findings, remake the drafts, tell what is new.

        A look back (`as_of`) tells nobody.

        Raises:
            StepsApart: a source or the models were made on another state than this run's, or never.
        """
        require_sources(self.work, self.state)
        require_build(self.work, self.state)
        outcome = publishing.publish(self)
        if self.as_of is None:
            alerting.tell(self.workspace, self.association)
        return outcome

    def take_all(self) -> tuple[SourceOutcome, ...]:
        """Every source, one after another."""
        return tuple(self.take(name) for name in SOURCES)


def _delivery(loaded: Loaded, loading: Loading, held: pd.Series) -> DeliveryOutcome:
    d = loaded.delivery
    base = (d.association, d.source, d.path, d.sha256, d.delivered_on)
    if loaded.state == "duplicate":
        return DeliveryOutcome(*base, "duplicate")
    if loaded.state == "purged":
        return DeliveryOutcome(*base, "superseded", loaded.purged_rows, 0, 0, loaded.purged_rows, reason="purged")
    if loaded.rejected is not None:
        status = "superseded" if loaded.state == "replaced" else "rejected"
        return DeliveryOutcome(*base, status, reason=loaded.rejected.reason, message=loaded.rejected.message_sv)
    assert loaded.shaped is not None  # noqa: S101 - for the type checker: neither duplicate nor rejected
    own, replaced = (_rows_of(frame, loaded) for frame in (loading.standing, loading.superseded))
    rows, superseded = int(own.sum() + replaced.sum()), int(replaced.sum())
    quarantined = int(held[own].sum())
    status = "superseded" if rows and superseded == rows else "accepted_with_quarantine" if quarantined else "accepted"
    if loaded.state == "replaced":
        status = "superseded"
    return DeliveryOutcome(
        *base, status, rows, rows - superseded - quarantined, quarantined, superseded,
        drift=tuple(loaded.shaped.drift), covers_to=loaded.shaped.facts.get("covers_to"),
        remarks=remarks_of(loaded.shaped.remarks), not_data=loaded.shaped.facts.get("not_data", {}),
    )  # fmt: skip


def _rows_of(rows: pd.DataFrame, loaded: Loaded) -> pd.Series:
    """Which of the rows are the delivery's; opening balances are records of a SIE file, not rows of it."""
    own = rows["delivery"].eq(loaded.number)
    sie = loaded.shaped is not None and loaded.shaped.facts.get("format") == "sie"
    return own & rows["kind"].eq("transaction") if sie else own


def _values(held: pd.DataFrame) -> pd.DataFrame:
    """Quarantined rows for the steward's workbook: typed values beside the place they stand in."""
    return held.drop(columns=["row_id", "delivery"], errors="ignore")
