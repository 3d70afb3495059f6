"""What a run found, brought to the operational store so that `finsam review list` shows it. Places and rules, never a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.judging import place_of
from finsam_pipeline.pipeline.loading import Loading
from finsam_pipeline.pipeline.opening import OpenRun
from finsam_pipeline.review.decisions import Decision, covered_by
from finsam_pipeline.review.items import Found, item_id, item_of, sync
from finsam_pipeline.store.keys import pseudonym_key

_ABOUT_MODELS = ".models"
_ROW = ["content", "occurrence"]
_PLACE = ["path", "sha256", "sheet", "row"]


def record_findings(run: OpenRun) -> None:
    """Make the store hold exactly the findings of this run; items nothing is left of are closed."""
    key = pseudonym_key(run.workspace)
    items = [item_of(f, key) for source in SOURCES for f in _found(run, source)]
    stands_at = {d.item_id: place for source in SOURCES for d, place in _standing(run, source)}
    covered = covered_by(run.decisions.decisions, {i.id for i in items}, stands_at)
    with run.database.writing() as connection:
        sync(connection, run.association, items, covered=covered, stands_at=stands_at, run=run.state[:16])


def decided_rows(loading: Loading, decisions: Iterable[Decision]) -> pd.DataFrame:
    """Where the rows stand that decisions are about: _PLACE and what names a row to a decision."""
    about = pd.MultiIndex.from_tuples([(d.content, d.occurrence) for d in decisions] or [("", 0)])
    rows = loading.standing
    if rows.empty:
        return pd.DataFrame(columns=[*_ROW, *_PLACE])
    rows = rows[[*_PLACE, "content"]].assign(occurrence=loading.occurrence[rows.index])
    return rows[pd.MultiIndex.from_frame(rows[_ROW]).isin(about)]


def with_items(findings: pd.DataFrame, association: str, source: str, key: bytes) -> pd.DataFrame:
    """The findings with `item`: the id of the review item a finding that waits becomes; empty for one that does not wait."""
    names = ["content", "rule", "occurrence", "open"]
    ids = [
        item_id(key, association, source, str(content), str(rule), int(occurrence)) if waits else ""
        for content, rule, occurrence, waits in findings[names].itertuples(index=False)
    ]
    return findings.assign(item=pd.Series(ids, index=findings.index, dtype="str"))


def _standing(run: OpenRun, source: str) -> Iterable[tuple[Decision, dict[str, Any]]]:
    rows = run.work.read_frame(f"decided/{source}")
    at = {(r["content"], r["occurrence"]): r for r in rows.to_dict("records")}
    for d in run.decisions.of(source):
        if (row := at.get((d.content, d.occurrence))) is not None:
            sheet = None if pd.isna(row["sheet"]) else str(row["sheet"])
            yield d, {"path": row["path"], "sha256": row["sha256"], "sheet": sheet, "row": int(row["row"])}


def _found(run: OpenRun, source: str) -> Iterable[Found]:
    for name in (source, source + _ABOUT_MODELS):
        frame = run.work.read_frame(f"findings/{name}")
        for f in frame.to_dict("records"):
            place = place_of(f)
            yield Found(
                association=run.association,
                source=source,
                path=place.path,
                sha256=str(f["sha256"]),
                sheet=place.sheet,
                row=place.row,
                rule=str(f["rule"]),
                severity=str(f["severity"]),
                column=place.column,
                content=str(f["content"]),
                occurrence=int(f["occurrence"]),
                about=str(f["about"]),
            )
