"""`finsam explain`: from a published figure to the rows of files behind it, and from a row to the figures it is in.

Reads and rebuilds; writes nothing. Belongs here: which row of which mart is meant, which file. Does not: the contributions
themselves (`models.explain`), what became of a row (`fates`), words for a person (`cli.exploring`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import MartColumn, MartContract
from finsam_pipeline.models.explain import Figure, Use, explain, explained_marts, measures, uses
from finsam_pipeline.pipeline.at_hand import NotExplained, open_at_hand, standing_snapshot
from finsam_pipeline.pipeline.fates import Fate, fate_of
from finsam_pipeline.register import list_associations
from finsam_pipeline.store.workspace import Workspace

_SHOWN = 30  # values named when a key does not lead to one row


@dataclass(frozen=True, slots=True)
class Explained:
    """One row of a published mart and its figures with their contributions."""

    snapshot_id: str
    contract: MartContract
    key: dict[str, object]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """One row of a file: what became of it, and every published figure it is in."""

    snapshot_id: str
    path: str
    row: int
    fate: Fate
    uses: tuple[Use, ...]


def explain_figure(home: Path, mart: str, wanted: Mapping[str, str], measure: str | None = None) -> Explained:
    """The figures of one row of a mart, each with its contributions.

    Args:
        home: the workspace.
        mart: its path, or its name alone.
        wanted: key column → value as text; as many as it takes to point at one row.
        measure: one figure's column; without it, every figure of the row.

    Raises:
        NotExplained: no such mart, key or figure, or the snapshot is not of the rows at hand.
        ConfigurationErrors.
    """
    contract = _contract(mart)
    columns = _columns(contract, measure)
    snapshot = standing_snapshot(home)
    row = _row(snapshot.table(contract.path), contract, wanted)
    at_hand = open_at_hand(home, str(row["association"]), snapshot, contract.family)
    with at_hand.build() as built:
        figures = explain(built, contract.path, row, columns)
    return Explained(snapshot.id, contract, {k: row[k] for k in contract.key}, tuple(figures))


def trace_row(home: Path, path: str, row: int, sheet: str | None = None) -> Traced:
    """Every published figure that a row of a file is in, and what became of the row.

    Args:
        home: the workspace.
        path: the file, as the workspace shows it or as it lies on disk.
        row: its number as the user sees it in the file.
        sheet: where the workbook has several.

    Raises:
        NotExplained: no file of that name was delivered, or the snapshot is not of the rows at hand.
        ConfigurationErrors.
    """
    workspace, snapshot = Workspace(home), standing_snapshot(home)
    shown = _shown(workspace, path)
    association = next((a for a in list_associations(workspace.config) if shown.startswith(f"landing/{a}/")), None)
    if association is None:
        raise NotExplained(f"{shown} ligger inte i landing för något förbund i {workspace.config}.")
    at_hand = open_at_hand(home, association, snapshot, None)
    fate = fate_of(at_hand, shown, row, sheet)
    if fate is None:
        known = sorted({d.path for d in at_hand.deliveries})
        raise NotExplained(f"{shown} är inte levererad. Levererade filer: {_some(known)}.")
    with at_hand.build() as built:
        found = uses(built, fate.counted_path, row, sheet)
    stale = {s["family"] for s in snapshot.manifest["slices"] if s["association"] == association and (s["stale"] or s["missing"])}
    return Traced(snapshot.id, shown, row, fate, tuple(u for u in found if u.mart.partition("/")[0] not in stale))


def _contract(mart: str) -> MartContract:
    known = explained_marts()
    path = next((p for p in known if mart in (p, p.partition("/")[2])), None)
    if path is None:
        which = "räknas inte fram ur källrader" if mart in MARTS else "finns inte"
        raise NotExplained(f"{mart} {which}. Välj bland {', '.join(known)}.")
    return MARTS[path]


def _columns(contract: MartContract, measure: str | None) -> list[MartColumn]:
    known = measures(contract)
    chosen = [c for c in known if measure in (None, c.name)]
    if not chosen:
        raise NotExplained(f"{contract.path} har inget tal {measure}. Talen är {', '.join(c.name for c in known)}.")
    return chosen


def _row(table: pa.Table, contract: MartContract, wanted: Mapping[str, str]) -> dict[str, Any]:
    """The one row the key points at; the message names what would lead there."""
    unknown = [k for k in wanted if k not in contract.key]
    if unknown:
        raise NotExplained(f"{contract.path} har ingen nyckel {', '.join(unknown)}. Nyckeln är {', '.join(contract.key)}.")
    left = table
    for name, text in wanted.items():
        found = left.filter(pc.equal(_as_text(left[name]), text))
        if not found.num_rows:
            raise NotExplained(f"{name}={text} finns inte i {contract.path} här. Det finns: {_values(left, name)}.")
        left = found
    if left.num_rows != 1:
        open_keys = [k for k in contract.key if k not in wanted and pc.count_distinct(left[k], mode="all").as_py() > 1]
        said = "; ".join(f"{k}={_values(left, k)}" for k in open_keys)
        raise NotExplained(f"Nyckeln pekar på {left.num_rows} rader i {contract.path}. Ange också {said or 'en nyckel'}.")
    row: dict[str, Any] = left.to_pylist()[0]
    return row


def _values(table: pa.Table, name: str) -> str:
    values = table[name].unique().sort()  # as values: 90 before 100
    return _some(_as_text(pa.chunked_array([values])).to_pylist())


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A key as it is written on the command line; an empty text where it is null."""
    return pc.fill_null(column.cast(pa.string()), "")


def _some(values: Sequence[str]) -> str:
    return ", ".join(v or "(tomt)" for v in values[:_SHOWN]) + (" …" if len(values) > _SHOWN else "") if values else "inga"


def _shown(workspace: Workspace, path: str) -> str:
    """A path as the workspace shows it, whichever way it was written."""
    home, given = workspace.home.absolute(), Path(path)
    for candidate in (given.absolute(), home / given):
        if candidate.is_relative_to(home):
            return Workspace(home).relative(candidate)
    return Workspace(home).relative(home / given.name)
