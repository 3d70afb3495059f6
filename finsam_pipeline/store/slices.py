"""Slices: what is published or held back together, and how the standing and the new ones make one snapshot.

Belongs here: which slice stands with which rows, stale or missing. Pure: no disk, no clock.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

FAMILIES = ("participants", "economy", "reference", "quality")


@dataclass(frozen=True, slots=True)
class SliceUpdate:
    """One slice, judged now.

    `tables`: mart path (`participants/participant_flow`) -> this association's rows with the mart's columns; None when the
    slice is held back. A mart of the family that is not named has no rows. `fingerprint` hashes all that the rows depend on:
    inputs, decisions, configuration, code. `held_reason`: stable codes (rule ids, `model:<name>`).
    """

    association: str
    family: str
    tables: Mapping[str, pa.Table] | None
    fingerprint: str
    held_reason: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"{self.family} is no family of marts")
        if any(not path.startswith(f"{self.family}/") for path in self.tables or ()):
            raise ValueError(f"a slice of {self.family} holds marts of {self.family} only")


@dataclass(frozen=True, slots=True)
class Input:
    """One delivery the snapshot was made from; `path` relative to the workspace."""

    association: str
    source: str
    path: str
    sha256: str
    delivered_on: dt.date

    def as_manifest(self) -> dict[str, str]:
        """As in manifest.json."""
        return {
            "association": self.association,
            "source": self.source,
            "path": self.path,
            "sha256": self.sha256,
            "delivered_on": self.delivered_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class AssociationState:
    """What a run says about one association beside its marts. `status` 0, 3 or 4; `facts` is any JSON without values."""

    association: str
    as_of: dt.date | None
    status: int
    inputs: tuple[Input, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_manifest(self) -> dict[str, Any]:
        """As in manifest.json under `associations`."""
        return {"as_of": self.as_of.isoformat() if self.as_of else None, "status": self.status, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Standing:
    """One slice in a snapshot.

    `fingerprint` made its rows (empty when there never were any), `judged` was looked at last; they differ while the slice is
    held back. `since` is the snapshot these rows were first published in, empty for the one being made.
    """

    association: str
    family: str
    fingerprint: str
    judged: str
    held_reason: tuple[str, ...] = ()
    since: str = ""

    @property
    def missing(self) -> bool:
        """Held back with no earlier version to show."""
        return bool(self.held_reason) and not self.fingerprint

    @property
    def stale(self) -> bool:
        """Held back and shown as it last stood."""
        return bool(self.held_reason) and bool(self.fingerprint)

    @property
    def identity(self) -> str:
        """What the snapshot's id is made of."""
        mark = (
            f"stale {self.fingerprint} {self.judged}" if self.stale else f"missing {self.judged}" if self.missing else self.judged
        )
        return f"{self.association} {self.family} {mark}"

    def settled(self, snapshot_id: str) -> Standing:
        """With `since` filled in for rows that are new in this snapshot."""
        return self if self.since or self.missing else dataclasses.replace(self, since=snapshot_id)

    def as_manifest(self) -> dict[str, Any]:
        """As in manifest.json under `slices`."""
        return {
            "association": self.association,
            "family": self.family,
            "fingerprint": self.fingerprint,
            "judged": self.judged,
            "stale": self.stale,
            "missing": self.missing,
            "held_reason": list(self.held_reason),
            "since": self.since or None,
        }


def stand_together(
    updates: Iterable[SliceUpdate], before: Iterable[Mapping[str, Any]], configured: frozenset[str], unfit: frozenset[str]
) -> tuple[list[Standing], dict[tuple[str, str], SliceUpdate | None]]:
    """Every slice of the next snapshot, sorted, and where its rows come from: an update, or None for the standing rows.

    Args:
        updates: slices judged now; one an association and family.
        before: `slices` of the standing manifest.
        configured: associations that have a configuration.
        unfit: families whose standing rows today's contracts cannot take; they are missing until judged again.
    """
    old = {(s["association"], s["family"]): _from_manifest(s, unfit) for s in before if s["association"] in configured}
    slices: dict[tuple[str, str], Standing] = dict(old)
    origin: dict[tuple[str, str], SliceUpdate | None] = {key: None for key, s in old.items() if s.fingerprint}
    for update in updates:
        key = (update.association, update.family)
        if update.association not in configured:
            raise ValueError(f"{update.association} has no configuration")
        slices[key] = _judged(update, old.get(key))
        if update.tables is not None:
            origin[key] = update
    return [slices[key] for key in sorted(slices)], origin


def _judged(update: SliceUpdate, old: Standing | None) -> Standing:
    earlier = old.fingerprint if old else ""
    if update.tables is None:
        since = old.since if old else ""
        reason = update.held_reason or ("held",)
        return Standing(update.association, update.family, earlier, update.fingerprint, reason, since)
    since = old.since if old and earlier == update.fingerprint else ""
    return Standing(update.association, update.family, update.fingerprint, update.fingerprint, (), since)


def _from_manifest(said: Mapping[str, Any], unfit: frozenset[str]) -> Standing:
    lost = said["family"] in unfit
    return Standing(
        said["association"],
        said["family"],
        "" if lost else said["fingerprint"],
        said["judged"],
        (*said["held_reason"], "mart_changed") if lost else tuple(said["held_reason"]),
        "" if lost else said["since"] or "",
    )
