"""From the delivery ledger to the typed rows of every delivery of one source, and which of them count.

Belongs here: reading the archive, duplicates, replacement. Does not: rules, decisions' meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from finsam_pipeline.contracts.sources import HUVUDBOK, PARTICIPANT_SOURCES
from finsam_pipeline.contracts.types import SourceContract
from finsam_pipeline.pipeline.selection import Mention, redelivered_changed, superseded
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.register.model import Register
from finsam_pipeline.shaping import Corrections, DeliveryRef, Shaped, shape
from finsam_pipeline.store.archive import read_original
from finsam_pipeline.store.deliveries import Delivery
from finsam_pipeline.store.workspace import Workspace


@dataclass(slots=True)
class Loaded:
    """One noted delivery, read: its typed rows, or why it was rejected. `state`: counts, duplicate, replaced or rejected."""

    delivery: Delivery
    number: int
    state: str = "counts"
    shaped: Shaped | None = None
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Loading:
    """All deliveries of a source. `rows` and `controls` carry `delivery` (Loaded.number); `gone` marks superseded rows."""

    deliveries: tuple[Loaded, ...]
    rows: pd.DataFrame
    controls: pd.DataFrame
    gone: pd.Series
    mentions: tuple[Mention, ...] = field(default=())

    @property
    def standing(self) -> pd.DataFrame:
        """The rows no newer delivery replaced."""
        return self.rows[~self.gone]


def load(
    workspace: Workspace,
    contract: SourceContract,
    register: Register,
    noted: Sequence[Delivery],
    pseudonymiser: Pseudonymiser,
    corrections: Corrections | None = None,
) -> Loading:
    """Read every delivery from the archive and decide which rows count.

    Rejected files replace nothing. Content that already counts is a duplicate; content that was superseded counts again.
    """
    coverage = register.coverage.get(contract.name, "")
    deliveries = [Loaded(s, n) for n, s in enumerate(sorted(noted, key=lambda s: (s.delivered_on, s.id)))]
    cache: dict[str, Shaped | Rejected] = {}
    for loaded in deliveries:
        _read_one(loaded, workspace, contract, register, pseudonymiser, corrections or {}, cache)
    _mark_replaced(deliveries)
    _mark_duplicates(deliveries, contract, coverage)
    rows, controls, mentions = _together(deliveries, contract)
    replaced = rows["delivery"].isin([d.number for d in deliveries if d.state == "replaced"])
    gone = superseded(rows[~replaced], contract, mentions, coverage).reindex(rows.index, fill_value=True)
    if contract.name == HUVUDBOK.name and not rows.empty:
        rows["redelivered_changed"] = redelivered_changed(rows, gone)
    return Loading(tuple(deliveries), rows, controls, gone, tuple(mentions))


def _mark_replaced(deliveries: Sequence[Loaded]) -> None:
    """A newer file at the same path and day replaces the older; one that cannot be read replaces only its like."""
    newest = {(d.delivery.path, d.delivery.delivered_on): d.number for d in deliveries}
    readable = {(d.delivery.path, d.delivery.delivered_on): d.number for d in deliveries if d.shaped is not None}
    for d in deliveries:
        last = readable if d.shaped is not None else newest
        if last[d.delivery.path, d.delivery.delivered_on] != d.number:
            d.state = "replaced"


def _mark_duplicates(deliveries: Sequence[Loaded], contract: SourceContract, coverage: str) -> None:
    """Content that still counts when it is delivered again is a duplicate.

    What counts is the delivery that was noted first: a copy put into an older day's folder afterwards changes nothing.
    """
    for loaded in deliveries:
        same = _still_counts(loaded, deliveries, contract, coverage) if loaded.state == "counts" else None
        if same is not None:
            later, first = sorted((same, loaded), key=lambda d: d.delivery.id, reverse=True)
            later.state, first.state = "duplicate", "counts"


def _read_one(
    loaded: Loaded,
    workspace: Workspace,
    contract: SourceContract,
    register: Register,
    pseudonymiser: Pseudonymiser,
    corrections: Corrections,
    cache: dict[str, Shaped | Rejected],
) -> None:
    s = loaded.delivery
    if s.sha256 not in cache:
        try:
            result = read(read_original(workspace, s.sha256), s.path)
            ref = DeliveryRef(s.association, s.source, s.path, s.sha256, s.delivered_on)
            cache[s.sha256] = shape(result, contract, register, ref, pseudonymiser, corrections)
        except Rejected as rejected:
            cache[s.sha256] = rejected
    outcome = cache[s.sha256]
    if isinstance(outcome, Rejected):
        loaded.rejected, loaded.state = outcome, "rejected"
    else:
        loaded.shaped = outcome


def _still_counts(loaded: Loaded, deliveries: Sequence[Loaded], contract: SourceContract, coverage: str) -> Loaded | None:
    """The earlier delivery of the same content that still counts in full when this one arrives, if there is one."""
    earlier = [d for d in deliveries[: loaded.number] if d.state == "counts"]
    same = [d for d in earlier if d.delivery.sha256 == loaded.delivery.sha256]
    if not same:
        return None
    rows, _, mentions = _together(earlier, contract)
    gone = superseded(rows, contract, mentions, coverage)
    return None if gone[rows["delivery"] == same[-1].number].any() else same[-1]


def _together(deliveries: Sequence[Loaded], contract: SourceContract) -> tuple[pd.DataFrame, pd.DataFrame, list[Mention]]:
    """One frame of rows and one of control totals over all deliveries that are read and no duplicates, renumbered."""
    used = [d for d in deliveries if d.shaped is not None and d.state in ("counts", "replaced")]
    frames, controls, mentions = [], [], []
    for d in used:
        assert d.shaped is not None  # noqa: S101 - for the type checker; filtered above
        day = pd.Timestamp(d.delivery.delivered_on).as_unit("s")
        frames.append(d.shaped.rows.assign(delivery=d.number, path=d.delivery.path, delivered_on=day))
        controls.append(d.shaped.controls.assign(delivery=d.number, path=d.delivery.path, delivered_on=day))
        if d.state == "counts" and contract.name in PARTICIPANT_SOURCES:
            mentions += [Mention(d.number, i, day) for i in sorted(d.shaped.mentions)]
    return _stack(frames), _stack(controls), mentions


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame({"delivery": pd.Series(dtype="int64"), "row_id": pd.Series(dtype="int64")})
    stacked = pd.concat(frames, ignore_index=True)
    if "sheet" in stacked:
        stacked = stacked.sort_values(["delivered_on", "path", "row_id"], kind="stable", ignore_index=True)
    stacked["row_id"] = range(len(stacked))
    return stacked
