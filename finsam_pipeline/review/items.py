"""Review items: one quarantined row or one blocking finding a piece, and how they stand from run to run.

Belongs here: an item's id, its words, its state in the store. Does not: why a rule fails; what a decision does to a row.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from finsam_pipeline.contracts.rules import words_of
from finsam_pipeline.contracts.sources import canonical_name, column_title
from finsam_pipeline.review.states import Event, Status, after
from finsam_pipeline.store.tables import findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd
    from sqlalchemy import Connection

SHOWN = ("id", "association", "source", "path", "sheet", "row", "rule", "severity", "column", "message", "status")


@dataclass(frozen=True, slots=True)
class Item:
    """One finding. The first eleven fields are what `finsam review list --json` shows (interface 2).

    `path` relative to the workspace; `sheet` masked, None for text files; `row` as the user sees it, None for a finding about
    more than one row; `column` canonical, empty for the whole row; `message` Swedish, without values. `content` is the keyed
    hash of the row's cells (of a blocking finding: of what it is about), `occurrence` counts rows of the same content from 1.
    """

    id: str
    association: str
    source: str
    path: str
    sheet: str | None
    row: int | None
    rule: str
    severity: str
    column: str
    message: str
    status: str
    content: str = ""
    occurrence: int = 1
    sha256: str = ""

    def as_json(self) -> dict[str, Any]:
        """The item as `finsam review list --json` prints it."""
        return {name: getattr(self, name) for name in SHOWN} | {"column": canonical_name(self.source, self.column)}


@dataclass(frozen=True, slots=True)
class Found:
    """One row a rule holds, as the pipeline sees it; becomes an Item through `item_of`. `about`: what it concerns, if no cell."""

    association: str
    source: str
    path: str
    sha256: str
    sheet: str | None
    row: int | None
    rule: str
    severity: str
    column: str
    content: str
    occurrence: int = 1
    about: str = ""


def item_id(key: bytes, association: str, source: str, content: str, rule: str, occurrence: int = 1) -> str:
    """16 hex: the same for the same content in any file, sheet, row and run; tells nobody without the key what the row holds."""
    parts = "\x1f".join((association, source, content, rule, str(occurrence)))
    return hmac.new(key, b"review item\x1f" + parts.encode(), hashlib.sha256).hexdigest()[:16]


def item_of(found: Found, key: bytes) -> Item:
    """The item of a finding, open until the store says otherwise."""
    identity = item_id(key, found.association, found.source, found.content, found.rule, found.occurrence)
    fields = {f.name: getattr(found, f.name) for f in dataclasses.fields(found) if f.name != "about"}
    said = message(found.rule, found.source, found.column, found.about)
    return Item(id=identity, message=said, status=Status.OPEN, **fields)


def message(rule: str, source: str, column: str, about: str = "") -> str:
    """What is wrong, about what or in which column, and what to do, in Swedish."""
    title, remedy = words_of(rule, source)
    where = f" ({about})" if about else f" (kolumn {column_title(source, column)})" if column else ""
    return f"{title.rstrip('.')}{where}. {remedy}"


def occurrences(rows: pd.DataFrame) -> pd.Series[int]:
    """For each row its number (from 1) among rows of the same association, source and content, in the frame's order."""
    codes, _ = rows["content"].factorize(use_na_sentinel=False)  # one comparison of texts, the rest on numbers
    owners = [rows[name] for name in ("association", "source") if len(rows) and not rows[name].eq(rows[name].iloc[0]).all()]
    return rows["content"].groupby([codes, *owners], sort=False, dropna=False).cumcount() + 1


def sync(
    connection: Connection,
    association: str,
    found: Iterable[Item],
    *,
    covered: Collection[str] = (),
    stands_at: Mapping[str, Mapping[str, Any]] | None = None,
    run: str = "",
    sources: Collection[str] | None = None,
) -> None:
    """Bring the store to what a run found in one association.

    Args:
        connection: of `Database.writing`.
        association: whose findings.
        found: every finding of this run, W ones too.
        covered: ids of items whose decision is in force and was applied, whether or not the rule still fails.
        stands_at: id of a decided item no rule strikes any more → path, sha256, sheet and row its row now has.
        run: id of the run, noted at findings that are new.
        sources: the sources judged; findings of others stand as they stood. All when left out.
    """
    now = {item.id: item for item in found}
    before = {
        row["item_id"]: row
        for row in connection.execute(select(findings).where(findings.c.association == association)).mappings()
        if sources is None or row["source"] in sources
    }
    _insert(connection, [item for item in now.values() if item.id not in before], covered, run)
    for identity, row in before.items():
        item = now.get(identity)
        place = _place(item) if item else dict((stands_at or {}).get(identity, {}))
        new = {"status": str(after(row["status"], _event(identity, item, covered)))} | place
        changed = {name: value for name, value in new.items() if row[name] != value}
        if changed:
            connection.execute(update(findings).where(findings.c.item_id == identity).values(**changed))


def list_items(
    connection: Connection, associations: Sequence[str] | None = None, *, everything: bool = False, severities: str = "EB"
) -> list[Item]:
    """Open E and B findings in order of file, sheet and row; `everything` adds W and decided ones. Closed ones are history."""
    query = select(findings)
    if everything:
        query = query.where(findings.c.status != Status.CLOSED)
    else:
        query = query.where(findings.c.status == Status.OPEN, findings.c.severity.in_(list(severities)))
    if associations is not None:
        query = query.where(findings.c.association.in_(list(associations)))
    items = [_item(row) for row in connection.execute(query).mappings()]
    return sorted(items, key=lambda i: (i.association, i.source, i.path, i.sheet or "", i.row or 0, i.rule, i.id))


def find_item(connection: Connection, identity: str) -> Item | None:
    """One item by its id, in whatever state; None when there never was one."""
    row = connection.execute(select(findings).where(findings.c.item_id == identity)).mappings().first()
    return _item(row) if row else None


def set_status(connection: Connection, item: Item, event: Event) -> None:
    """Let an event happen to an item. TransitionError when it cannot."""
    connection.execute(update(findings).where(findings.c.item_id == item.id).values(status=after(item.status, event)))


def _event(identity: str, item: Item | None, covered: Collection[str]) -> Event:
    if identity in covered:
        return Event.COVERED
    return Event.GONE if item is None else Event.FOUND


def _insert(connection: Connection, new: list[Item], covered: Collection[str], run: str) -> None:
    if not new:
        return
    rows = [
        {
            "item_id": item.id,
            "association": item.association,
            "source": item.source,
            "rule": item.rule,
            "content": item.content,
            "occurrence": item.occurrence,
            "first_seen_run": run,
            "status": after(Status.OPEN, _event(item.id, item, covered)),
            **_place(item),
        }
        for item in new
    ]
    connection.execute(insert(findings), rows)


def _place(item: Item) -> dict[str, Any]:
    """What may differ from run to run for one and the same item."""
    names = ("path", "sha256", "sheet", "row", "severity", "column", "message")
    return {name: getattr(item, name) for name in names}


def _item(row: Any) -> Item:  # noqa: ANN401 - a mapping of SQLAlchemy's own
    values = dict(row)
    values.pop("first_seen_run")
    return Item(id=values.pop("item_id"), **values)
