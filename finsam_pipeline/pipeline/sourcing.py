"""The rows of files behind a draft's figures: kept when the models stand built, put into the document when it is made.

Belongs here: which figures, which slices they may be told of, ranges put together. Does not: the query (`models.places`), how a page
shows them. Editions are read outside and have none; where small counts are hidden, drafts have none either, since rows can be counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models.places import MOST_RANGES, SEPARATOR, own_key, places, stands_for
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register.disclosure import disclosure_policy
from finsam_pipeline.report.origin import Origin, Place
from finsam_pipeline.store.reader import Snapshot

if TYPE_CHECKING:
    from finsam_pipeline.models import Built
    from finsam_pipeline.register.model import Register
    from finsam_pipeline.report.document import Document

PLACES = "places"  # of the work files: one period's
_At = tuple[str, str]  # path, sheet
_Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Staged:
    """Marts that are not published yet, as a report reads them."""

    tables: Mapping[str, pa.Table]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def table(self, mart: str) -> pa.Table:
        """A mart by its path; KeyError when it is not there."""
        return self.tables[mart]


def keep_places(work: WorkFiles, register: Register, built: Built, tables: Mapping[str, pa.Table], period: str) -> None:
    """Leave what stands behind the figures of the period's report in the work files, while the models stand built."""
    work.table_file(PLACES).unlink(missing_ok=True)
    if not disclosure_policy(register.settings).masks:
        work.write_table(PLACES, _places(built, register, Staged(tables), period))


def within_the_office(document: Document, work: WorkFiles, snapshot: Snapshot, identity: str) -> Document:
    """The draft with the rows behind its figures; `identity`: of the slices that the work files were made with.

    A slice that was held back shows an earlier run's figures, of which nothing is kept.
    """
    table = work.read_table(PLACES)
    if table is None or not table.num_rows or table["period"][0].as_py() != document.period:
        return document
    return _with_sources(document, table, _families(snapshot, document.association_id, identity))


def found_again(document: Document, work: WorkFiles, register: Register, snapshot: Snapshot) -> Document:
    """The same for a draft asked for later; without sources when files or configuration have changed since the run."""
    from finsam_pipeline.pipeline.at_hand import NotExplained, open_at_hand  # noqa: PLC0415 - what knows of publishing, which drafts
    from finsam_pipeline.pipeline.publishing import STATE  # noqa: PLC0415

    if disclosure_policy(register.settings).masks:
        return document
    try:
        at_hand = open_at_hand(work.workspace.home, register.id, snapshot, None)
    except NotExplained:
        return document
    with at_hand.build() as built:
        table = _places(built, register, snapshot, document.period)
    return _with_sources(document, table, _families(snapshot, register.id, work.read_json(STATE)["slices"]))


def _places(built: Built, register: Register, marts: Staged | Snapshot, period: str) -> pa.Table:
    from finsam_pipeline.report.halfyear import figures_of  # noqa: PLC0415 - a report is not always made

    wanted: dict[str, set[str]] = defaultdict(set)
    for origin in figures_of(marts, register, period):
        wanted[origin.mart].update(origin.measures)
    return places(built, register.id, period, wanted)


def _families(snapshot: Snapshot, association: str, identity: str) -> set[str]:
    slices = [s for s in snapshot.manifest["slices"] if s["association"] == association]
    return {str(s["family"]) for s in slices if s["fingerprint"] == identity and not (s["stale"] or s["missing"])}


def _with_sources(document: Document, table: pa.Table, families: AbstractSet[str]) -> Document:
    """Every origin with the places of all rows of its mart it is made from."""
    found: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in table.to_pylist():
        found[row["mart"], row["figure"]][row["key"]].append(row)
    told = (o for o in document.origins() if o.mart.partition("/")[0] in families)
    sources = {origin: _together(_rows(origin, found)) for origin in told}
    return replace(document, sources={origin: places for origin, places in sources.items() if places})


def _rows(origin: Origin, found: Mapping[tuple[str, str], Mapping[str, list[dict[str, Any]]]]) -> Iterable[dict[str, Any]]:
    contract = MARTS[origin.mart]
    names, wanted = own_key(contract), dict(origin.where)
    for figure in {stands_for(contract, measure) for measure in origin.measures}:
        for key, rows in found.get((origin.mart, figure), {}).items():
            if all(value in wanted.get(name, (value,)) for name, value in zip(names, key.split(SEPARATOR), strict=False)):
                yield from rows


def _together(rows: Iterable[dict[str, Any]]) -> tuple[Place, ...]:
    ranges: dict[_At, _Ranges] = defaultdict(list)
    more: set[_At] = set()
    for row in rows:
        at = (row["path"], row["sheet"] or "")
        ranges[at] += [(row["first"], row["last"])] if row["first"] is not None else []
        if row["more"]:
            more.add(at)
    return tuple(_place(at, ranges[at], more=at in more) for at in sorted(ranges))


def _place(at: _At, ranges: _Ranges, *, more: bool) -> Place:
    whole: _Ranges = []
    for first, last in sorted(ranges):
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return Place(*at, tuple(whole[:MOST_RANGES]), more=more or len(whole) > MOST_RANGES)
