"""The names under which things stand in the Dagster UI and its stores: keys, groups, tags, jobs.

Belongs here: names only, so that a rename is one line and a visible diff in the definition snapshot. Does not: behaviour.
"""

from __future__ import annotations

import dagster as dg

PARTITIONS = "association"
ASSOCIATIONS = dg.DynamicPartitionsDefinition(name=PARTITIONS)

NIGHTLY = "nightly"
DECISION = "record_decision"
LOOK_BACK = "look_back"
STEPS = "steps"  # resource key
POOL = "workspace"  # one run at a time works on a workspace

TAG_OUTCOME = "finsam/outcome"  # clean | findings | held | failed
TAG_ERROR = "finsam/error"  # id of a file in vault/errors
TAG_AS_OF = "finsam/as_of"  # ISO date; absent: the latest day of delivery
TAG_TRIGGER = "finsam/trigger"  # schedule | sensor | command; absent: a person in the UI
TAG_PROCESS = "finsam/process"  # which process a run is: see defs.housekeeping

OWNER = "team:forbundskansli"
MODEL_TESTS = "modellens_provningar"
RELEASE_CHECK = "far_ges_ut"
TIMELY_CHECK = "levererad_i_tid"

REPORTS = "reports"

# The groups a steward sees, numbered in the order data takes; the UI allows letters without dots, digits and underscores.
SOURCES_GROUP = "1_kallor"
LAYER_GROUPS = {"staging": "2_inlasta_rader", "intermediate": "3_berakningar"}
FAMILY_GROUPS = {
    "participants": "4_tabeller_deltagare",
    "economy": "4_tabeller_ekonomi",
    "reference": "4_tabeller_register",
    "quality": "4_tabeller_kvalitet",
}
PUBLISH_GROUP = "5_utgivning"

LOCATION = "finsam_pipeline.definitions"
LAUNCHPAD = f"/locations/{LOCATION}/jobs/{DECISION}/playground"  # where a decision is launched, on the UI's own host


def source_key(source: str) -> dg.AssetKey:
    """The asset of one landing folder."""
    return dg.AssetKey(["source", source])


def model_key(model: str) -> dg.AssetKey:
    """The asset of one SQL model."""
    return dg.AssetKey(["model", model])


def publish_key(what: str) -> dg.AssetKey:
    """The asset of one published slice, or of the drafts made from it."""
    return dg.AssetKey(["publish", what])
