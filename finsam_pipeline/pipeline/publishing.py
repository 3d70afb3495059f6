"""Audited, staged marts → one snapshot; then the findings are recorded and the drafts remade.

Belongs here: what is published and what is held back. Does not: how a mart or a page is made, how bytes reach the disk.
"""

from __future__ import annotations

import datetime as dt
import time

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import Family
from finsam_pipeline.pipeline.drafts import draft_reports
from finsam_pipeline.pipeline.findings import record_findings
from finsam_pipeline.pipeline.opening import OpenRun
from finsam_pipeline.pipeline.outcomes import BuildOutcome, DeliveryOutcome, PublishOutcome, SliceOutcome
from finsam_pipeline.pipeline.stewards import renew_workbook
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline.pipeline.version import code_version, fingerprint
from finsam_pipeline.register import list_associations
from finsam_pipeline.store.runs import note_ended
from finsam_pipeline.store.slices import FAMILIES, AssociationState, Input, SliceUpdate
from finsam_pipeline.store.snapshots import Published
from finsam_pipeline.store.snapshots import publish as publish_snapshot

STATE = "state"
SUMMARY = "summary"
TEXTS = "texts"
_JUDGED = tuple(f.value for f in Family)


def publish(run: OpenRun) -> PublishOutcome:
    """Publish what nothing holds back, in one switch of `marts/current`.

    Order: findings first (a steward sees what is wrong even when the switch never comes), then the switch, then drafts.
    """
    began = time.perf_counter()
    blocked = run.families_blocked()
    record_findings(run)
    renew_workbook(run.workspace, run.database, run.association)
    deliveries = tuple(d for s in run.sources() for d in s.deliveries)
    counting = tuple(d for d in deliveries if d.status != "duplicate")
    inputs = tuple(_input(d) for d in counting)
    slices = _slices(run, blocked, counting)
    draft = _summary(run, deliveries, slices, blocked)
    state = AssociationState(run.association, run.figures_day, int(draft.exit_status), inputs, {"rows": _row_facts(deliveries)})
    published = publish_snapshot(
        run.workspace, slices, [state], configured=list_associations(run.workspace.config), code_version=code_version()
    )
    run.work.write_outcome(TEXTS, run.texts)
    reports = draft_reports(run.workspace, run.register, run.figures_day, slices[0].fingerprint, run.texts)
    outcome = _outcome(run, published, slices, blocked, reports, time.perf_counter() - began)
    _remember(run, draft, outcome, slices[0].fingerprint)
    return outcome


def _slices(run: OpenRun, blocked: dict[str, list[str]], counting: tuple[DeliveryOutcome, ...]) -> list[SliceUpdate]:
    # The same deliveries noted in another order can count differently, so what became of each belongs to the identity.
    became = (f"{_input(d).as_manifest()} {d.status} {d.rows} {d.quarantined} {d.superseded}" for d in counting)
    identity = fingerprint(
        run.association, run.register.fingerprint, code_version(), *sorted(became), run.decisions.fingerprint, run.removed
    )
    updates = []
    for family in FAMILIES:
        reasons = tuple(blocked.get(family, ()))
        paths = [path for path, mart in MARTS.items() if mart.family == family]
        staged = {path: table for path in paths if (table := run.work.read_table(f"staged/{path}")) is not None}
        updates.append(SliceUpdate(run.association, family, None if reasons else staged, identity, reasons))
    return updates


def _input(d: DeliveryOutcome) -> Input:
    return Input(d.association, d.source, d.path, d.sha256, d.delivered_on)


def _row_facts(deliveries: tuple[DeliveryOutcome, ...]) -> dict[str, int]:
    return {name: sum(getattr(d, name) for d in deliveries) for name in ("rows", "accepted", "quarantined", "superseded")}


def _summary(
    run: OpenRun, deliveries: tuple[DeliveryOutcome, ...], slices: list[SliceUpdate], blocked: dict[str, list[str]]
) -> RunSummary:
    build = run.work.read_outcome("build", BuildOutcome)
    checks = [c for s in run.sources() for c in s.checks] + list(build.checks if build else ())
    held = tuple(SliceOutcome(s.association, s.family, not s.held_reason, tuple(blocked.get(s.family, ()))) for s in slices)
    return RunSummary(None, any(s.published for s in held if s.family in _JUDGED), True, deliveries, tuple(checks), held)


def _outcome(
    run: OpenRun,
    published: Published,
    slices: list[SliceUpdate],
    blocked: dict[str, list[str]],
    reports: tuple[str, ...],
    seconds: float,
) -> PublishOutcome:
    outcomes = tuple(
        SliceOutcome(
            run.association,
            s.family,
            published=s.tables is not None,
            reasons=tuple(blocked.get(s.family, ())),
            rows={path: table.num_rows for path, table in (s.tables or {}).items()},
        )
        for s in slices
    )
    return PublishOutcome(published.snapshot_id, published.changed, outcomes, reports, seconds)


def _remember(run: OpenRun, draft: RunSummary, outcome: PublishOutcome, identity: str) -> None:
    """What `finsam run` says when nothing is new, and what tells `finsam explain` that the work files made the slices."""
    summary = RunSummary(
        snapshot_id=outcome.snapshot_id,
        published=draft.published,
        changed=outcome.changed,
        deliveries=draft.deliveries,
        checks=draft.checks,
        slices=outcome.slices,
        reports=outcome.reports,
    )
    run.work.write_outcome(SUMMARY, summary)
    with run.database.writing() as connection:
        note_ended(connection, run.association, str(int(summary.exit_status)), dt.datetime.now().astimezone())
    days = {"as_of": _iso(run.as_of), "newest_day": _iso(run.figures_day)}
    seen = {"state": run.state, "snapshot_id": outcome.snapshot_id} | days
    run.work.write_json(STATE, seen | {"slices": identity, "taken": run.work.digest("source")})


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
