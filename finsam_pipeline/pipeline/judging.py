"""Typed rows → findings, accepted rows and quarantine of one source.

Belongs here: putting the suites' verdicts, the stewards' decisions and the rows together. Does not: how a rule decides.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from finsam_pipeline.contracts.rules import RULES, USES
from finsam_pipeline.contracts.sources import PARTICIPANT_SOURCES
from finsam_pipeline.contracts.types import Severity, SourceContract
from finsam_pipeline.pipeline.ledger_files import bare_ledgers
from finsam_pipeline.pipeline.loading import Loading
from finsam_pipeline.pipeline.outcomes import CheckOutcome, Place
from finsam_pipeline.pipeline.parting import kept
from finsam_pipeline.pipeline.selection import emptied_years
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.validation import RuleResult, judge

PLACES_SHOWN = 200
SUBJECTS_SHOWN = 20
_TOLD = ("row_id", "path", "sha256", "sheet", "row", "content", "occurrence", "about", "named", "personnummer_in")
FINDING_COLUMNS = (
    "rule", "severity", "batch", "row_id", "path", "sha256", "sheet", "row", "column", "content", "occurrence", "about",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waivers:
    """What stewards decided that still holds. `occurrence` tells rows of the same content apart (1, 2, …)."""

    accepted: frozenset[tuple[str, int, str]] = frozenset()  # content, occurrence, rule
    dropped: frozenset[tuple[str, int]] = frozenset()  # content, occurrence


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one source.

    `findings`: FINDING_COLUMNS plus `open` (bool: no decision waives it; W findings are never open). `held`: bool over the
    standing rows: in quarantine. `dropped`: bool over the standing rows: a steward dropped them. `held_then`: bool over the superseded
    rows of a participant source: in quarantine on their own day of delivery, or dropped.
    """

    results: tuple[RuleResult, ...]
    findings: pd.DataFrame
    held: pd.Series
    dropped: pd.Series
    held_then: pd.Series = field(default_factory=lambda: pd.Series(dtype=bool))


def judge_source(
    loading: Loading, contract: SourceContract, waivers: Waivers, pseudonymiser: Pseudonymiser, names: Mapping[str, str]
) -> Judgement:
    """Run the source's suites over its standing rows, control totals, years a replacement emptied and files without vouchers.

    `names`: intervention_id → what the office calls it.
    """
    standing = loading.standing
    if not standing.empty:
        standing = standing.assign(occurrence=loading.occurrence[standing.index])
    dropped = _dropped(standing, waivers)
    held_then = _held_when_delivered(loading, contract, waivers)
    frames = {
        "rows": kept(standing, ~dropped),
        "controls": with_control_content(_controls(loading), contract.name, pseudonymiser),
        "coverage": _coverage(loading, contract, held_then, pseudonymiser, names),
        "ledgers": bare_ledgers(loading, contract, pseudonymiser),
    }
    frames = {batch: frame for batch, frame in frames.items() if not frame.empty}
    results = tuple(judge(frames, contract.name, _waived(frames.get("rows"), waivers)))
    findings = place_findings(results, frames, waivers)
    errors = findings[findings["open"] & findings["batch"].eq("rows") & findings["severity"].eq(Severity.ERROR.value)]
    held = standing["row_id"].isin(errors["row_id"]) if not standing.empty else pd.Series(dtype=bool)
    return Judgement(results, findings, held | dropped, dropped, held_then)


def place_findings(results: Iterable[RuleResult], frames: Mapping[str, pd.DataFrame], waivers: Waivers) -> pd.DataFrame:
    """One row per failed rule and row: where it stands, and whether it is open. Never a value."""
    failed = [r for r in results if r.batch in frames and len(r.row_ids)]
    if not failed:
        return pd.DataFrame({c: pd.Series(dtype="object") for c in FINDING_COLUMNS} | {"open": pd.Series(dtype=bool)})
    named = {batch: _named(frames[batch], [r for r in failed if r.batch == batch]) for batch in {r.batch for r in failed}}
    parts = [_place(r, named[r.batch], waivers) for r in failed]
    return pd.concat(parts, ignore_index=True).drop_duplicates(["rule", "batch", "row_id"], ignore_index=True)


def _named(frame: pd.DataFrame, failed: Sequence[RuleResult]) -> pd.DataFrame:
    """The rows any rule fails, once for all rules: each look into a large table costs its length."""
    ids = np.concatenate([np.asarray(r.row_ids) for r in failed])
    return frame.loc[frame["row_id"].isin(ids), frame.columns.intersection(list(_TOLD))]


def _place(result: RuleResult, named: pd.DataFrame, waivers: Waivers) -> pd.DataFrame:
    rows = named[named["row_id"].isin(np.asarray(result.row_ids))]
    column = rows["personnummer_in"].fillna(result.column) if result.rule == "P012" else rows.get("named", result.column)
    out = pd.DataFrame(
        {
            "rule": result.rule,
            "severity": str(result.severity),
            "batch": result.batch,
            "row_id": rows["row_id"],
            "path": rows.get("path", ""),
            "sha256": rows.get("sha256", ""),
            "sheet": rows.get("sheet"),
            "row": rows.get("row"),
            "column": column,
            "content": rows["content"],
            "occurrence": rows.get("occurrence", 1),
            "about": rows.get("about", ""),
        }
    )
    keys = zip(out["content"], out["occurrence"], strict=True)
    waived = [(*key, result.rule) in waivers.accepted or key in waivers.dropped for key in keys]
    out["open"] = ~np.array(waived, dtype=bool) & (str(result.severity) != Severity.WARNING.value)
    return out


def checks(
    source: str, results: Sequence[RuleResult], findings: pd.DataFrame, batches: Sequence[str]
) -> tuple[CheckOutcome, ...]:
    """One outcome a rule of the source in these batches, whether it ran on rows or had none."""
    uses = {u.rule: u.severity or RULES[u.rule].severity for u in USES if u.source == source and u.batch in batches}
    errored = {r.rule for r in results if r.errored}
    out = []
    for rule, severity in uses.items():
        own = findings[findings["rule"].eq(rule)].sort_values(["path", "row"], kind="stable")
        places = tuple(place_of(f) for f in own.head(PLACES_SHOWN).to_dict("records"))
        open_rows = int(own["open"].sum()) if len(own) else 0
        passed = rule not in errored and (open_rows == 0 if severity is not Severity.WARNING else own.empty)
        about = _subjects(own["about"])
        out.append(CheckOutcome(rule, source, str(severity), passed, len(own), open_rows, rule in errored, places, about))
    return tuple(out)


def _subjects(about: pd.Series) -> tuple[str, ...]:
    """What the findings are about, for rules that speak of something else than a cell: `konto 5010, objekt 6:77: 2 rader`."""
    times = about[about.ne("")].value_counts().sort_index()
    return tuple(str(text) if n == 1 else f"{text}: {n} rader" for text, n in times.head(SUBJECTS_SHOWN).items())


def with_control_content(controls: pd.DataFrame, source: str, pseudonymiser: Pseudonymiser) -> pd.DataFrame:
    """Control totals with what a decision on one belongs to: what it sums and states, not the file it stands in."""
    if controls.empty:
        return controls
    said = controls[["association", "sheet", "label", "column", "declared", "actual"]].astype("string").fillna("")
    cells = said.agg("|".join, axis=1)
    content = pd.Series([pseudonymiser.content("control", source, text) for text in cells], index=controls.index)
    return controls.assign(content=content, occurrence=content.groupby(content).cumcount() + 1, about=controls["label"])


def place_of(finding: Mapping[Hashable, Any]) -> Place:
    """Where one row of findings stands."""
    sheet, row = finding["sheet"], finding["row"]
    return Place(
        str(finding["path"]),
        None if pd.isna(sheet) else str(sheet),
        None if pd.isna(row) else int(row),
        str(finding["column"]),
        str(finding.get("item", "")),
    )


def _waived(rows: pd.DataFrame | None, waivers: Waivers) -> dict[str, list[int]]:
    """Rule → ids of the rows a steward accepted under it: rules that rest on other rules do not count them as held."""
    out: dict[str, list[int]] = {}
    if rows is None or not waivers.accepted:
        return out
    ids = dict(zip(zip(rows["content"], rows["occurrence"], strict=True), rows["row_id"], strict=True))
    for content, occurrence, rule in waivers.accepted:
        if (content, occurrence) in ids:
            out.setdefault(rule, []).append(ids[content, occurrence])
    return out


def _dropped(standing: pd.DataFrame, waivers: Waivers) -> pd.Series:
    if standing.empty or not waivers.dropped:
        return pd.Series(False, index=standing.index)
    keys = zip(standing["content"], standing["occurrence"], strict=True)
    return pd.Series([key in waivers.dropped for key in keys], index=standing.index, dtype=bool)


def _held_when_delivered(loading: Loading, contract: SourceContract, waivers: Waivers) -> pd.Series:
    """Over the superseded rows of a participant source: in quarantine on their own day of delivery, or dropped by a steward.

    All days are judged at once. Rules that look beside a row go by participant, so each day's participants are told apart, and
    those of a file that another took the place of on its day.
    """
    if contract.name not in PARTICIPANT_SOURCES or loading.superseded.empty:
        return pd.Series(dtype=bool)
    rows = loading.superseded.assign(occurrence=loading.occurrence[loading.superseded.index])
    dropped = _dropped(rows, waivers)
    replaced = loading.until[rows.index].eq(rows["delivered_on"])
    apart = rows["delivered_on"].astype("str") + rows["delivery"].astype("str").where(replaced, "")
    judged = rows.assign(participant=rows["participant"].astype("str") + "|" + apart)[~dropped]
    if judged.empty:
        return dropped
    frames = {"rows": judged}
    findings = place_findings(judge(frames, contract.name, _waived(judged, waivers)), frames, waivers)
    return dropped | rows["row_id"].isin(findings.loc[findings["open"], "row_id"])


def _controls(loading: Loading) -> pd.DataFrame:
    """Control totals of files some row of which still counts, or that have none; a replaced file's totals say nothing."""
    if loading.controls.empty:
        return pd.DataFrame()
    standing_files = set(loading.standing["delivery"])
    gone_files = set(loading.superseded["delivery"]) - standing_files
    gone_files |= {d.number for d in loading.deliveries if d.state == "replaced"}
    return loading.controls[~loading.controls["delivery"].isin(gone_files)]


def _coverage(
    loading: Loading, contract: SourceContract, held_then: pd.Series, pseudonymiser: Pseudonymiser, names: Mapping[str, str]
) -> pd.DataFrame:
    """Years a replacing delivery emptied, placed at the newest delivery that names the intervention, else at the newest."""
    if contract.name not in PARTICIPANT_SOURCES or loading.superseded.empty:
        return pd.DataFrame()
    never = held_then.index[held_then]  # a replaced row that was in quarantine was in no year, so its correction empties none
    years = emptied_years(loading.rows.drop(index=never), loading.gone.drop(index=never))
    if years.empty:
        return years
    newest = {m.intervention_id: m.delivery for m in sorted(loading.mentions, key=lambda m: (m.delivered_on, m.delivery))}
    last = max(d.number for d in loading.deliveries if d.state == "counts")  # a file changed in place may no longer name it
    files = [loading.deliveries[newest.get(i, last)].delivery for i in years["intervention_id"]]
    cells = [f"{i}|{y}|{n}" for i, y, n in zip(years["intervention_id"], years["year"], years["before"], strict=True)]
    return years.assign(
        row_id=range(len(years)),
        path=[s.path for s in files],
        sha256=[s.sha256 for s in files],
        sheet=None,
        row=None,
        content=[pseudonymiser.content("coverage", contract.name, text) for text in cells],
        about=[f"{names.get(i, i)} {y}" for i, y in zip(years["intervention_id"], years["year"], strict=True)],
    )
