"""`retention:` and `archive:` of association.yaml: how long what speaks of persons is kept.

Belongs here: the shape of the settings and what is wrong with them. Does not: what is removed, when (`pipeline.retention`).
Nothing has a default: what no setting names is kept (no national rule says how long; the office decides, GDPR article 5.1 e).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Archive(StrEnum):
    """What happens to originals in the vault."""

    KEEP = "keep"  # until originals_years, if it is set
    UNTIL_SUPERSEDED = "until_superseded"  # until newer deliveries have replaced every row
    HASH_ONLY = "hash_only"  # until the run has read them; landing holds the only copy


class Retention(BaseModel):
    """How long things are kept; None: for good.

    `landing_days`: files in landing, from the day they were taken in. `originals_years`: whole calendar years after the year of
    delivery; the rows of an older delivery leave the marts. `snapshots_days`: snapshots that are no longer the current one.
    `errors_days`: unexpected errors kept in the vault.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    landing_days: int | None = Field(
        default=None, ge=1, description="Dagar som en fil ligger kvar i landing efter att den lästs in."
    )
    originals_years: int | None = Field(
        default=None, ge=1, description="Hela kalenderår efter leveransåret; därefter lämnar originalet och dess rader marts."
    )
    snapshots_days: int | None = Field(default=None, ge=1, description="Dagar för ögonblicksbilder som inte längre gäller.")
    errors_days: int | None = Field(default=None, ge=1, description="Dagar för sparade fel.")


def retention_settings(settings: Mapping[str, Any]) -> Retention | None:
    """The setting of a loaded configuration (`Register.settings`); None when nobody has decided."""
    given = settings.get("retention")
    return None if given is None else Retention.model_validate(given)


def archive_policy(settings: Mapping[str, Any]) -> Archive:
    """What a loaded configuration says about originals; they are kept when it says nothing."""
    return Archive(settings.get("archive") or Archive.KEEP)
