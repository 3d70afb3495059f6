"""What the two published reports got wrong: what was printed, what contradicts it, and what the example's marts say.

Belongs here: putting `published/misprints.csv` and the marts side by side as a document. Does not: how a page looks (`report/`). The
third figure is asked of the marts each time, by the query that stands in the file.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import duckdb

from finsam_pipeline.demo import figures
from finsam_pipeline.register import load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.report.document import Column, Document, Format, Note, Paragraph, Row, Section, Table
from finsam_pipeline.report.identity import Identity
from finsam_pipeline.report.wording import capital, period_words
from finsam_pipeline.store.atomic import write_bytes
from finsam_pipeline.store.reader import NoSnapshotError, Snapshot, open_snapshot
from finsam_pipeline.store.workspace import Workspace

_GROUPED = re.compile(r"(?<=\d) (?=\d{3}\b)")  # the blank within a number, which must not break over two lines
_TITLE = "Vad de tryckta rapporterna fick fel"
_KINDS = (
    ("fel", "Siffror som säger emot varandra", "Samma rapport skriver två siffror som inte båda kan stämma."),
    ("ordval", "Ord som säger emot siffran", "Ordet valdes för hand och blev fel åt."),
    (
        "avrundning",
        "Avrundningar som ser ut som fel",
        "Inget är fel här: varje siffra är räknad på kronor och avrundad för sig, så delarna summerar inte alltid till summan.",
    ),
)
_COLUMNS = (
    Column("Var", Format.TEXT),
    Column("Tryckt"),
    Column("Enhet", Format.TEXT),
    Column("Sägs emot av", Format.TEXT),
    Column("Ur underlaget"),
    Column("Varför", Format.TEXT),
)


def misprints(snapshot: Snapshot, register: Register) -> Document:
    """The page, from the example's snapshot: a section a period, a table a kind of misprint."""
    with duckdb.connect(str(snapshot.path / "marts.duckdb"), read_only=True) as connection:
        rows = [row | {"computed": str(asked(connection, row["query"]))} for row in figures.table("published/misprints.csv")]
    periods = {name: list(own) for name, own in groupby(sorted(rows, key=_period), key=_period)}
    sections = [_section(name, own) for name, own in periods.items()]
    return Document(
        title=_TITLE,
        association_id=register.id,
        association=register.name,
        period=", ".join(periods),
        period_words=" och ".join(period_words(parse_period(name)) for name in periods),
        draft=False,
        snapshot_id=snapshot.id,
        as_of=None,
        sections=tuple(sections),
        identity=Identity.of(register),
    )


def asked(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one whole number that a query of the file gives. ValueError when it gives another number of them."""
    found = connection.sql(query).fetchall()
    if len(found) != 1 or len(found[0]) != 1 or found[0][0] is None:
        raise ValueError(f"published/misprints.csv: not one figure: {query}")
    return int(found[0][0])


def misprint_pages(home: Path) -> list[Path]:
    """Write the page of the example workspace as `reports/<association>/tryckta-rapporter.html`; none while nothing is published."""
    from finsam_pipeline.report.html import render_html  # noqa: PLC0415 - drawing costs a second to import

    workspace, association = Workspace(home), figures.setting("association")
    try:
        snapshot = open_snapshot(home)
    except NoSnapshotError:
        return []
    page = render_html(misprints(snapshot, load_register(workspace.config / association))).encode()
    path = workspace.reports / association / "tryckta-rapporter.html"
    if not path.is_file() or path.read_bytes() != page:
        write_bytes(path, page)
    return [path]


def _section(period: str, rows: list[dict[str, str]]) -> Section:
    words = capital(period_words(parse_period(period)))
    parts = []
    for kind, title, lead in _KINDS:
        own = [r for r in rows if r["kind"] == kind]
        if own:
            table = Table(f"{period}-{kind}", f"{title}, {period_words(parse_period(period))}", _COLUMNS, tuple(map(_row, own)))
            parts.append(Section(f"{period}-{kind}-del", title, (Paragraph(lead), table)))
    note = Note("Underlaget är exempeldata vars summor är de tryckta; inga personer och inga verifikationer är verkliga.")
    return Section(period, words, (note,), tuple(parts))


def _row(r: dict[str, str]) -> Row:
    place, against, why = (_GROUPED.sub("\u00a0", r[name]) for name in ("place", "contradicted_by", "why"))
    return Row((place, int(r["printed"]), r["unit"], against, int(r["computed"]), why))


def _period(row: dict[str, str]) -> str:
    return row["period"]
