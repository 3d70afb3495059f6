"""The names under which things stand in the Dagster UI and its stores: keys, groups, tags, jobs.

Belongs here: names only, so that a rename is one line and a visible diff in the definition snapshot. Does not: behaviour.
"""

from __future__ import annotations

import dagster as dg

PARTITIONS = "association"
ASSOCIATIONS = dg.DynamicPartitionsDefinition(name=PARTITIONS)

NIGHTLY = "nightly"
DECISION = "record_decision"
STEPS = "steps"  # resource key
POOL = "workspace"  # one run at a time works on a workspace

TAG_OUTCOME = "finsam/outcome"  # clean | findings | held | failed
TAG_ERROR = "finsam/error"  # id of a file in vault/errors
TAG_AS_OF = "finsam/as_of"  # ISO date; absent: the latest day of delivery

OWNER = "team:forbundskansli"
MODEL_TESTS = "tests"
RELEASE_CHECK = "may_be_published"

REPORTS = "reports"


def source_key(source: str) -> dg.AssetKey:
    """The asset of one landing folder."""
    return dg.AssetKey(["source", source])


def model_key(model: str) -> dg.AssetKey:
    """The asset of one SQL model."""
    return dg.AssetKey(["model", model])


def publish_key(what: str) -> dg.AssetKey:
    """The asset of one published slice, or of the drafts made from it."""
    return dg.AssetKey(["publish", what])
