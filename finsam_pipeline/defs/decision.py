"""The job by which a steward records a decision from the UI.

Run configuration is kept for ever, so it takes ids and codes only: no free text and no value. A correction goes through the
workbook or the command line. `by` is what the person says: the UI knows no users, so the audit entry also holds the account the
server runs under.
"""
# No `from __future__ import annotations` here: Dagster reads the annotation of `context` and wants the class itself.

import dagster as dg

from finsam_pipeline.defs.boundary import guarded
from finsam_pipeline.defs.names import DECISION, STEPS
from finsam_pipeline.defs.steps import Steps
from finsam_pipeline.review.decisions import REASONS, DecisionError

_KINDS = {"accept": "Godkänn raden trots regeln", "drop": "Räkna aldrig raden"}
_CONFIG = {
    "item_id": dg.Field(str, description="Postens id, ur listan över öppna poster"),
    "decision": dg.Field(dg.Enum("Beslut", [dg.EnumValue(k, description=d) for k, d in _KINDS.items()])),
    "reason_code": dg.Field(dg.Enum("Skäl", [dg.EnumValue(k, description=d) for k, d in REASONS.items()])),
    "by": dg.Field(str, description="Vem som beslutar, enligt egen uppgift (namn eller signatur); servern vet inte vem det är"),
}


@dg.op(name="decide", config_schema=_CONFIG, required_resource_keys={STEPS})
def _decide(context: dg.OpExecutionContext) -> None:
    """Record one decision; the next run applies it."""
    steps: Steps = context.resources.steps
    wanted: dict[str, str] = context.op_config
    refusal = guarded(steps.way.home, "decide", lambda: _record(steps, wanted))
    if refusal:
        raise dg.Failure(description=refusal, allow_retries=False)


def _record(steps: Steps, wanted: dict[str, str]) -> str:
    """An empty string, or why the decision cannot be taken (a sentence without values)."""
    try:
        steps.way.decide(wanted["item_id"], wanted["decision"], wanted["reason_code"], wanted["by"])
    except DecisionError as refused:
        return refused.message_sv
    return ""


_TEXT = (
    "Fattar ett beslut om en post som väntar. Klistra in postens id ur kolumnen post i den brustna prövningens platser, välj"
    " decision och reason_code, skriv vem du är i by och tryck Launch Run. Nästa körning av nightly tillämpar beslutet."
    f" decision: {'; '.join(f'{k} = {d}' for k, d in _KINDS.items())}."
    f" reason_code: {'; '.join(f'{k} = {d}' for k, d in REASONS.items())}."
    " Rättelser görs i arbetsboken eller på kommandoraden."
)
# What the launchpad shows to begin with: a form to fill in. As it stands it is refused, since nobody is named and no item.
_FORM = {"item_id": "", "decision": "drop", "reason_code": next(iter(REASONS)), "by": ""}


@dg.job(name=DECISION, description=_TEXT, config={"ops": {"decide": {"config": _FORM}}})
def decision_job() -> None:
    """One op."""
    _decide()
