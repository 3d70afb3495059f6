"""What became of one row of a delivered file: counted, held, dropped, replaced, or no row at all.

Belongs here: finding the row again, wherever the run left it. Does not: why a rule strikes, or a cell's value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from finsam_pipeline.contracts.sources import SOURCES, canonical_name
from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.pipeline.at_hand import AtHand
from finsam_pipeline.pipeline.loading import load
from finsam_pipeline.pipeline.outcomes import DeliveryOutcome
from finsam_pipeline.pipeline.publishing import TEXTS
from finsam_pipeline.pipeline.texts import Texts
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.store.keys import pseudonym_key
from finsam_pipeline.store.quarantine import read_quarantine
from finsam_pipeline.store.workspace import DECISIONS_SOURCE, TEXTS_SOURCE


class State(StrEnum):
    """What can become of a row."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DROPPED = "dropped"  # by a steward
    SUPERSEDED = "superseded"  # by a newer delivery
    REJECTED = "rejected"  # with its whole file
    NO_ROW = "no_row"  # a heading, a total, an empty line, or beyond the end
    NO_TABLE = "no_table"  # a text for the report, or a workbook of decisions


@dataclass(frozen=True, slots=True)
class Found:
    """One rule the row does not keep. `open`: no decision waives it (W findings are never open)."""

    rule: str
    severity: str
    column: str
    open: bool


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row. `counted_path`: where its content counts, another file's when this one is a duplicate.

    `replaced_on`: the day of the delivery that replaced it, for participations. `message`: why a file was rejected, in Swedish.
    """

    state: State
    counted_path: str
    found: tuple[Found, ...] = ()
    replaced_on: dt.date | None = None
    message: str = ""


def fate_of(at_hand: AtHand, path: str, row: int, sheet: str | None) -> Fate | None:
    """What became of the row; None when no file of that path was delivered (within as-of)."""
    delivered = [d for d in at_hand.deliveries if d.path == path]
    if not delivered:
        return None
    source = delivered[-1].source
    if source == TEXTS_SOURCE:
        return Fate(State.NO_TABLE, path, message=_text(at_hand, path))
    if source == DECISIONS_SOURCE:
        return Fate(State.NO_TABLE, path, message="Den lämnar beslut om rader i andra filer.")
    if source not in SOURCES:
        return Fate(State.REJECTED, path, message=f"Mappen {source or '(ingen)'} är ingen källa.")
    outcomes = [d for s in at_hand.sources() if s.source == source for d in s.deliveries]
    own = [d for d in outcomes if d.path == path]
    rejected = next((d for d in own if d.status == "rejected"), None)
    counted = _counted_path(own, outcomes) or path
    fate = _fate(at_hand, source, counted, row, sheet)
    if fate.state is State.NO_ROW and rejected is not None:
        return Fate(State.REJECTED, path, message=rejected.message)
    return fate


def _text(at_hand: AtHand, path: str) -> str:
    """What became of a text for the report."""
    texts = at_hand.work.read_outcome(TEXTS, Texts) or Texts()
    own = [d for d in texts.deliveries if d.path == path]
    if any(d.status == "accepted" for d in own):
        return "Den är en text till rapporten och står där som den är skriven."
    rejected = next((d.message for d in own if d.status == "rejected"), "")
    return f"Den är en text till rapporten men står inte i den: {rejected or 'en nyare text har ersatt den.'}"


def _counted_path(own: list[DeliveryOutcome], outcomes: list[DeliveryOutcome]) -> str | None:
    """Where the content of a file that only repeats another counts."""
    if any(d.status != "duplicate" for d in own):
        return None
    contents = {d.sha256 for d in own}
    return next((d.path for d in outcomes if d.sha256 in contents and d.status != "duplicate"), None)


def _fate(at_hand: AtHand, source: str, path: str, row: int, sheet: str | None) -> Fate:
    accepted = at_hand.work.read_table(f"accepted/{source}")
    found = tuple(_found(at_hand, source, path, row, sheet))
    if accepted is not None and len(_at(accepted.select(["path", "sheet", "row"]).to_pandas(), path, row, sheet)):
        return Fate(State.ACCEPTED, path, found)
    if len(_at(read_quarantine(at_hand.workspace, at_hand.register.id, source), path, row, sheet)):
        held = any(f.open and f.severity == Severity.ERROR for f in found)
        return Fate(State.QUARANTINED if held else State.DROPPED, path, found)
    return replace(_replaced(at_hand, source, path, row, sheet), found=found)


def _found(at_hand: AtHand, source: str, path: str, row: int, sheet: str | None) -> Iterator[Found]:
    for name in (f"findings/{source}", f"findings/{source}.models"):
        for f in _at(at_hand.work.read_frame(name), path, row, sheet).itertuples(index=False):
            yield Found(str(f.rule), str(f.severity), canonical_name(source, str(f.column)), bool(f.open))


def _replaced(at_hand: AtHand, source: str, path: str, row: int, sheet: str | None) -> Fate:
    """Rows that no longer count stand nowhere in the work files: they are read from the archive again."""
    noted = [d for d in at_hand.deliveries if d.source == source]
    pseudonymiser = Pseudonymiser(pseudonym_key(at_hand.workspace))
    loading = load(
        at_hand.workspace, SOURCES[source], at_hand.register, noted, pseudonymiser, at_hand.decisions.corrections(source)
    )
    if not len(_at(loading.superseded, path, row, sheet)):
        return Fate(State.NO_ROW, path)
    history = _at(at_hand.work.read_frame(f"history/{source}"), path, row, sheet)
    days: list[dt.date] = history["valid_to"].dropna().to_list() if len(history) else []
    return Fate(State.SUPERSEDED, path, replaced_on=max(days, default=None))


def _at(frame: pd.DataFrame, path: str, row: int, sheet: str | None) -> pd.DataFrame:
    if frame.empty or "path" not in frame:
        return frame.iloc[:0]
    here = frame["path"].eq(path) & frame["row"].eq(row)
    return frame[(here & frame["sheet"].eq(sheet) if sheet else here).fillna(value=False).astype(bool)]
