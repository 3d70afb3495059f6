"""From the delivery ledger to the typed rows of every delivery of one source, and which of them count.

Belongs here: reading the archive, duplicates, replacement. Does not: rules, decisions' meaning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from finsam_pipeline.contracts.sources import HUVUDBOK, PARTICIPANT_SOURCES
from finsam_pipeline.contracts.types import SourceContract
from finsam_pipeline.pipeline.correcting import by_delivery, carried, numbered
from finsam_pipeline.pipeline.parting import part
from finsam_pipeline.pipeline.selection import Mention, redelivered_changed, superseded, superseded_on
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.retention import Archive, archive_policy
from finsam_pipeline.shaping import Corrections, DeliveryRef, Shaped, shape
from finsam_pipeline.shaping.arrow import constant
from finsam_pipeline.store.archive import original, read_original, removals
from finsam_pipeline.store.deliveries import Delivery
from finsam_pipeline.store.workspace import Workspace


@dataclass(slots=True)
class Loaded:
    """One noted delivery, read: its typed rows, or why it was rejected.

    `state`: counts, duplicate, replaced, rejected or purged (retention removed the original, which had `purged_rows`).
    """

    delivery: Delivery
    number: int
    state: str = "counts"
    purged_rows: int = 0
    shaped: Shaped | None = None
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Loading:
    """All deliveries of a source.

    `standing`: the rows no newer delivery replaced, `superseded` the others; both and `controls` carry `delivery`
    (Loaded.number), and the index of both tells their order. `gone` marks the superseded ones on the index of all. `occurrence`: each
    row's number among those of its content, by which decisions name it (`pipeline.correcting`). `until`: the day a participation was
    replaced, null while it stands; its own day of delivery where a newer file came in its file's place that very day.
    """

    deliveries: tuple[Loaded, ...]
    standing: pd.DataFrame
    superseded: pd.DataFrame
    controls: pd.DataFrame
    gone: pd.Series
    occurrence: pd.Series
    mentions: tuple[Mention, ...] = field(default=())
    until: pd.Series = field(default_factory=lambda: pd.Series(dtype="datetime64[s]"))

    @property
    def rows(self) -> pd.DataFrame:
        """All rows in their order, put together anew: for sources that are not large."""
        return pd.concat([self.standing, self.superseded]).sort_index() if len(self.superseded) else self.standing


@dataclass(slots=True)
class _Counted:
    """All rows of all deliveries, `gone`, `occurrence` and, of participations, `until` on their index."""

    rows: pd.DataFrame
    controls: pd.DataFrame
    gone: pd.Series
    occurrence: pd.Series
    mentions: list[Mention]
    until: pd.Series

    def parted(self, deliveries: Sequence[Loaded], occurrence: pd.Series) -> Loading:
        """The rows that count apart from the others; they are not held twice, so this can be asked once."""
        standing, superseded = part(self.rows, ~self.gone)
        mentions = tuple(self.mentions)
        return Loading(tuple(deliveries), standing, superseded, self.controls, self.gone, occurrence, mentions, self.until)


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
    `corrections`: cells a steward replaced, by the row's content and its number (`pipeline.correcting`).
    """
    deliveries = [Loaded(s, n) for n, s in enumerate(sorted(noted, key=lambda s: (s.delivered_on, s.id)))]
    cache: dict[str, Shaped | Rejected] = {}
    _mark_purged(deliveries, workspace, register)
    for loaded in (d for d in deliveries if d.state != "purged"):
        _read_one(loaded, workspace, contract, register, pseudonymiser, cache)
    cache.clear()
    delivered = _what_counts(deliveries, contract, register)
    own = by_delivery(delivered.rows, delivered.occurrence, corrections or {})
    if not own:
        _let_go(deliveries)
        return delivered.parted(deliveries, delivered.occurrence)
    for number, cells in own.items():
        deliveries[number].shaped = _shaped(deliveries[number].delivery, workspace, contract, register, pseudonymiser, cells)
    corrected = _what_counts(deliveries, contract, register)
    _let_go(deliveries)
    return corrected.parted(deliveries, carried(delivered.rows, delivered.occurrence, corrected.rows))


def _let_go(deliveries: Sequence[Loaded]) -> None:
    """Drop each file's own rows once all stand in one frame: a large ledger need not be held twice."""
    for d in deliveries:
        if d.shaped is not None:
            d.shaped = replace(d.shaped, rows=pd.DataFrame(), controls=pd.DataFrame())  # a slice of no rows would hold them all


def _what_counts(deliveries: list[Loaded], contract: SourceContract, register: Register) -> _Counted:
    """Which of the deliveries that could be read count, and which of their rows."""
    coverage = register.coverage.get(contract.name, "")
    for loaded in deliveries:
        loaded.state = loaded.state if loaded.shaped is None else "counts"
    _mark_replaced(deliveries)
    _mark_duplicates(deliveries, contract, coverage)
    rows, controls, mentions = _together(deliveries, contract)
    replaced = rows["delivery"].isin([d.number for d in deliveries if d.state == "replaced"])
    gone = superseded(rows[~replaced], contract, mentions, coverage).reindex(rows.index, fill_value=True)
    if contract.name == HUVUDBOK.name and not rows.empty:
        rows["redelivered_changed"] = redelivered_changed(rows, gone)
    occurrence = gone.astype("int64") if rows.empty else numbered(rows, gone)
    until = pd.Series(dtype="datetime64[s]")
    if contract.name in PARTICIPANT_SOURCES and not rows.empty:
        until = _until(rows, replaced, mentions, coverage)
    return _Counted(rows, controls, gone, occurrence, mentions, until)


def _until(rows: pd.DataFrame, replaced: pd.Series, mentions: Sequence[Mention], coverage: str) -> pd.Series:
    """As `Loading.until`: a file that another took the place of never stood at the end of a day."""
    until = superseded_on(rows[~replaced], mentions, coverage).reindex(rows.index)
    return until.where(~replaced, rows["delivered_on"])


def _mark_purged(deliveries: Sequence[Loaded], workspace: Workspace, register: Register) -> None:
    """Originals that a rule of retention removed, or that nobody keeps any more because a newer file lies at their path."""
    gone = removals(workspace)
    newest = {d.delivery.path: d.number for d in deliveries}
    hash_only = archive_policy(register.settings) is Archive.HASH_ONLY
    for d in deliveries:
        removed = gone.get(d.delivery.sha256)
        if removed is not None and removed.how == "purged":
            d.state, d.purged_rows = "purged", removed.rows
        elif hash_only and newest[d.delivery.path] != d.number and not original(workspace, d.delivery.sha256).exists():
            d.state = "purged"


def _mark_replaced(deliveries: Sequence[Loaded]) -> None:
    """A newer file at the same path and day replaces the older; one that cannot be read replaces only its like."""
    newest = {(d.delivery.path, d.delivery.delivered_on): d.number for d in deliveries}
    readable = {(d.delivery.path, d.delivery.delivered_on): d.number for d in deliveries if d.shaped is not None}
    for d in deliveries:
        last = readable if d.shaped is not None else newest
        if d.state != "purged" and last[d.delivery.path, d.delivery.delivered_on] != d.number:
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
    cache: dict[str, Shaped | Rejected],
) -> None:
    s = loaded.delivery
    if s.sha256 not in cache:
        try:
            cache[s.sha256] = _shaped(s, workspace, contract, register, pseudonymiser)
        except Rejected as rejected:
            cache[s.sha256] = rejected
    outcome = cache[s.sha256]
    if isinstance(outcome, Rejected):
        loaded.rejected, loaded.state = outcome, "rejected"
    else:
        loaded.shaped = outcome


def _shaped(
    s: Delivery,
    workspace: Workspace,
    contract: SourceContract,
    register: Register,
    pseudonymiser: Pseudonymiser,
    corrections: Corrections | None = None,
) -> Shaped:
    """One delivery read from the archive and typed; `corrections` as `shape` takes them."""
    ref = DeliveryRef(s.association, s.source, s.path, s.sha256, s.delivered_on)
    return shape(read(read_original(workspace, s.sha256), s.path), contract, register, ref, pseudonymiser, corrections)


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
    for d in sorted(used, key=_place):
        assert d.shaped is not None  # noqa: S101 - for the type checker; filtered above
        day = pd.Timestamp(d.delivery.delivered_on).as_unit("s")
        frames.append(_of_delivery(d.shaped.rows, d, day))
        controls.append(_of_delivery(d.shaped.controls, d, day))
        if d.state == "counts" and contract.name in PARTICIPANT_SOURCES:
            mentions += [Mention(d.number, i, day) for i in sorted(d.shaped.mentions)]
    in_order = len({_place(d) for d in used}) == len(used)
    return _stack(frames, in_order=in_order), _stack(controls, in_order=in_order), mentions


def _place(d: Loaded) -> tuple[dt.date, str]:
    return d.delivery.delivered_on, d.delivery.path


def _of_delivery(frame: pd.DataFrame, d: Loaded, day: pd.Timestamp) -> pd.DataFrame:
    """The rows as this delivery's: the same content may have been typed for another one."""
    return frame.assign(delivery=d.number, path=constant(d.delivery.path, frame.index), delivered_on=day)


def _stack(frames: list[pd.DataFrame], *, in_order: bool) -> pd.DataFrame:
    """The frames as one, by day, path and row, `row_id` anew. `in_order`: no two are of one day and path."""
    if not frames:
        return pd.DataFrame({"delivery": pd.Series(dtype="int64"), "row_id": pd.Series(dtype="int64")})
    stacked = pd.concat(frames, ignore_index=True)
    if not in_order:
        stacked = stacked.sort_values(["delivered_on", "path", "row_id"], kind="stable", ignore_index=True)
    stacked["row_id"] = range(len(stacked))
    return stacked
