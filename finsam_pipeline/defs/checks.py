"""Which asset checks there are, and how an outcome of the way becomes a check result.

One check a rule and source, named by the rule and what it says (`huvudbok/L001` on the command line is check
`L001_verifikation_i_obalans` on asset `source/huvudbok`), and one a model that has tests.
E and B rules are errors, W rules warnings; only the checks on the published slices block.

Belongs here: the translation. Does not: how a rule decides.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import dagster as dg

from finsam_pipeline.contracts.rules import RULES, USES, severity_of, words_of
from finsam_pipeline.contracts.types import RuleUse, Severity
from finsam_pipeline.defs.describe import check_metadata, tests_metadata
from finsam_pipeline.defs.names import ASSOCIATIONS, MODEL_TESTS, RELEASE_CHECK, model_key, publish_key, source_key
from finsam_pipeline.pipeline.outcomes import CheckOutcome, ModelOutcome, SliceOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from finsam_pipeline.defs.graph import Models

JUDGED_ON_SOURCE = ("rows", "controls", "coverage", "ledgers")
JUDGED_ON_MODEL = {
    "lines": "int_ledger_lines",
    "financing": "financing",
    "reconciliation": "reconciliation",
    "flows": "participant_flow",
    "placements": "intervention_budget",
    "versions": "intervention_budget",
}
_FOLLOWS = {
    Severity.ERROR: "Raden räknas inte förrän den är rättad eller någon har fattat ett beslut om den.",
    Severity.WARNING: "Raden räknas ändå.",
    Severity.BLOCKING: "Så länge det står kvar ges områdets tabeller inte ut.",
}

_TESTED = "Alla prövningar av modellen går igenom. Annars hålls de tabeller tillbaka som bygger på den."

CheckTarget = tuple[str, str]  # source, rule


def check_spec(
    name: str, asset: dg.AssetKey, description: str, *, blocking: bool = False, metadata: Mapping[str, Any] | None = None
) -> dg.AssetCheckSpec:
    """A check per association: its status is kept per partition (preview in Dagster 1.13, pinned by a test)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return dg.AssetCheckSpec(
            name, asset=asset, description=description, blocking=blocking, metadata=metadata, partitions_def=ASSOCIATIONS
        )


def check_name(rule: str, source: str = "") -> str:
    """`P004_startdatum_saknas`; with the source where the rule stands once a source on one model."""
    return "_".join(part for part in (rule, RULES[rule].short, source) if part)


def source_check_specs(source: str) -> list[dg.AssetCheckSpec]:
    """One check a rule that judges this source's own rows, control totals or coverage."""
    uses = _one_a_rule(u for u in USES if u.source == source and u.batch in JUDGED_ON_SOURCE)
    return [_rule_spec(use, source_key(source), check_name(use.rule)) for use in uses]


def model_rule_targets(models: Models) -> dict[CheckTarget, dg.AssetKey]:
    """The rules judged on built models -> the asset they stand on.

    Raises:
        KeyError: a rule is judged on a table no model makes.
    """
    uses = _one_a_rule(u for u in USES if u.batch not in JUDGED_ON_SOURCE)
    return {(u.source, u.rule): model_key(models[JUDGED_ON_MODEL[u.batch]].name) for u in uses}


def _model_check_name(target: CheckTarget) -> str:
    """A rule judged for several sources stands on one model as several checks."""
    source, rule = target
    alone = len({u.source for u in USES if u.rule == rule and u.batch in JUDGED_ON_MODEL}) == 1
    return check_name(rule, "" if alone else source)


def model_check_specs(models: Models) -> list[dg.AssetCheckSpec]:
    """The rules judged on models, and one check for the tests of each model that has any."""
    targets = model_rule_targets(models)
    uses = {(u.source, u.rule): u for u in _one_a_rule(USES)}
    rules = [_rule_spec(uses[target], asset, _model_check_name(target)) for target, asset in targets.items()]
    tests = [check_spec(MODEL_TESTS, model_key(m.name), _TESTED) for m in models.values() if m.tested]
    return [*rules, *tests]


def release_check_specs(families: Iterable[str]) -> list[dg.AssetCheckSpec]:
    """The one blocking check of each slice: nothing holds it back."""
    text = "Ingen blockerande brist: tabellerna får ges ut. Annars står den senast utgivna versionen kvar."
    return [check_spec(RELEASE_CHECK, publish_key(f), text, blocking=True) for f in families]


def rule_result(outcome: CheckOutcome, asset: dg.AssetKey, name: str, workbook: Path) -> dg.AssetCheckResult:
    """A rule's verdict. An errored rule counts as failed. `workbook`: where the steward finds the values of what waits."""
    return dg.AssetCheckResult(
        passed=outcome.passed and not outcome.errored,
        asset_key=asset,
        check_name=name,
        severity=severity(outcome.severity),
        metadata=check_metadata(outcome, workbook),
    )


def source_results(source: str, outcomes: Iterable[CheckOutcome], workbook: Path) -> list[dg.AssetCheckResult]:
    """One result for each declared check of the source; a rule the way said nothing about is reported as failed."""
    by_rule = {o.rule: o for o in outcomes}
    uses = _one_a_rule(u for u in USES if u.source == source and u.batch in JUDGED_ON_SOURCE)
    return [rule_result(by_rule.get(u.rule) or _silent(u), source_key(source), check_name(u.rule), workbook) for u in uses]


def model_rule_results(
    targets: Mapping[CheckTarget, dg.AssetKey], outcomes: Iterable[CheckOutcome], workbook: Path
) -> list[dg.AssetCheckResult]:
    """One result for each rule judged on a model; a rule the way said nothing about is reported as failed."""
    by_target = {(o.source, o.rule): o for o in outcomes}
    uses = {(u.source, u.rule): u for u in _one_a_rule(USES)}
    return [
        rule_result(by_target.get(target) or _silent(uses[target]), asset, _model_check_name(target), workbook)
        for target, asset in targets.items()
    ]


def tests_result(outcome: ModelOutcome) -> dg.AssetCheckResult:
    """All tests of one model as one check; a warning where none that fails holds anything back."""
    blocks = any(t.blocks for t in outcome.tests)
    return dg.AssetCheckResult(
        passed=all(t.passed for t in outcome.tests),
        asset_key=model_key(outcome.model),
        check_name=MODEL_TESTS,
        severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
        metadata=tests_metadata(outcome.tests),
    )


def release_result(outcome: SliceOutcome) -> dg.AssetCheckResult:
    """Whether a slice was published, and what held it back."""
    reasons = [dg.TableRecord({"orsak": r, "att göra": _remedy(r)}) for r in outcome.reasons]
    return dg.AssetCheckResult(
        passed=outcome.published,
        asset_key=publish_key(outcome.family),
        check_name=RELEASE_CHECK,
        metadata={"orsaker": dg.MetadataValue.table(reasons)} if reasons else {},
    )


def severity(letter: str) -> dg.AssetCheckSeverity:
    """W is a warning; E and B are errors."""
    return dg.AssetCheckSeverity.WARN if letter == Severity.WARNING.value else dg.AssetCheckSeverity.ERROR


def _rule_spec(use: RuleUse, asset: dg.AssetKey, name: str) -> dg.AssetCheckSpec:
    title, remedy = words_of(use.rule, use.source)
    text = f"{title}. {_FOLLOWS[severity_of(use)]} {remedy}"
    return check_spec(name, asset, text, metadata={"allvar": str(severity_of(use)), "regel": f"{use.source}/{use.rule}"})


def _one_a_rule(uses: Iterable[RuleUse]) -> list[RuleUse]:
    """The first use of each rule and source: a rule on several columns or tables of a source is one check."""
    first: dict[CheckTarget, RuleUse] = {}
    for use in uses:
        first.setdefault((use.source, use.rule), use)
    return list(first.values())


def _silent(use: RuleUse) -> CheckOutcome:
    return CheckOutcome(use.rule, use.source, str(severity_of(use)), passed=False, failed_rows=0, open_rows=0, errored=True)


def _remedy(reason: str) -> str:
    return RULES[reason].remedy_sv if reason in RULES else ""
