"""Where a figure stands, in the office's words."""

from __future__ import annotations

from finsam_pipeline.proofread.model import Row, Spot, Table

_LONGEST = 60


def table_place(table: Table) -> str:
    """`Tabell 5`, or what is known of a table without a number."""
    if table.name:
        return table.name
    if table.caption:
        return f"tabellen ”{shortened(table.caption)}”"
    return f"tabellen {at(table.spot)}".strip()


def cell_place(table: Table, row: Row, column: int | None) -> str:
    """A cell: table, row and column."""
    heading = "" if column is None else table.headings[column] or f"nr {column + 1}"
    where = f"{table_place(table)}, ”{shortened(row.label)}”" + (f", kolumn {heading}" if heading else "")
    spot = at(row.spot, heading=False)
    return f"{where} ({spot})" if spot else where


def text_place(spot: Spot) -> str:
    """A place in running text."""
    return f"texten {at(spot)}".strip()


def at(spot: Spot, *, heading: bool = True) -> str:
    """Page, line and heading, as far as they are known."""
    page = f"s. {spot.page}" if spot.page else ""
    line = f"filens rad {spot.line}" if spot.line and not spot.page else ""
    above = f"under ”{shortened(spot.heading)}”" if heading and spot.heading else ""
    return ", ".join(part for part in (page, line, above) if part)


def shortened(text: str) -> str:
    """A label or heading on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1].rstrip()}…"
