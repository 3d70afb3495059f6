"""Rows of labels and cells to a table: which columns hold figures, what their headings say, what its unit and its subject are.

Used by every reader. Does not belong here: how the cells were found in a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from finsam_pipeline.proofread.amounts import read_cell
from finsam_pipeline.proofread.model import (
    GENDER_ROLES,
    Cell,
    Measure,
    Role,
    Row,
    RowKind,
    Spot,
    State,
    Table,
    Unit,
)
from finsam_pipeline.proofread.vocabulary import measure_in, money_unit_in, part_of_row_above, role_of, row_kind

_YEAR = re.compile(r"^\D*(?:19|20)\d\d\D*$")
_SMALL_IN_TKR = Decimal(200_000)  # a table of amounts none of which is larger is in thousands


def table_of(
    name: str,
    caption: str,
    headings: Sequence[str],
    roles: Sequence[Role],
    rows: Sequence[Row],
    *,
    about: str,
    spot: Spot,
) -> Table:
    """A table with its unit and its subject, which the words of its headings tell first, its caption next."""
    return Table(
        name,
        caption,
        tuple(headings),
        tuple(roles),
        tuple(rows),
        unit_of_table(f"{' '.join(headings)} {about}", caption, roles, rows),
        _subject(about, caption, roles),
        spot,
        about,
    )


def captioned(table: Table, name: str, caption: str) -> Table:
    """The same table under a caption found later."""
    return table_of(name, caption, table.headings, table.roles, table.rows, about=table.about, spot=table.spot)


def row_of(label: str, cells: Sequence[Cell], spot: Spot, *, certain: bool = True) -> Row:
    """A row and its kind. A row of a part of the row above is in no sum."""
    figures = any(c.state in {State.FIGURE, State.DASH, State.HIDDEN} for c in cells)
    kind = RowKind.MEMO if part_of_row_above(label) else row_kind(label, figures=figures)
    return Row(label, tuple(cells), kind, spot, certain)


def table_of_grid(grid: Sequence[Sequence[str]], name: str, caption: str, spot: Spot) -> Table | None:
    """A table from cells of text; None when it holds no figures."""
    width = max((len(r) for r in grid), default=0)
    texts = [[*r, *[""] * (width - len(r))] for r in grid]
    head = _head(texts)
    body = [[read_cell(t) for t in r] for r in texts[head:]]
    numeric = [j for j in range(1, width) if _numeric([r[j] for r in body], [t[j] for t in texts[head:]])]
    if not numeric or len(body) < 2:  # noqa: PLR2004 - one row has nothing to agree with
        return None
    words = [j for j in range(width) if j < numeric[0] and j not in numeric] or [0]
    headings = [" ".join(dict.fromkeys(r[j].strip() for r in texts[:head] if r[j].strip())) for j in numeric]
    rows = [
        row_of(_label([texts[head + i][j] for j in words]), [cells[j] for j in numeric], spot)
        for i, cells in enumerate(body)
        if any(t.strip() for t in texts[head + i])
    ]
    about = " ".join(dict.fromkeys(t.strip() for r in texts[:head] for t in r))
    return table_of(name, caption, headings, [role_of(h) for h in headings], rows, about=about, spot=spot)


def unit_of_table(headings: str, caption: str, roles: Sequence[Role], rows: Sequence[Row]) -> Unit | None:
    """Persons where genders are counted, else the unit of money named, else what the size of the amounts tells."""
    if any(r in GENDER_ROLES for r in roles):
        return Unit.PERSONS
    named = money_unit_in(headings) or money_unit_in(caption)
    if named or Role.TARGET in roles or not any(r in {Role.OUTCOME, Role.BUDGET} for r in roles):
        return named
    amounts = [abs(c.value) for r in rows for c in r.cells if c.given]
    return Unit.KR if max(amounts, default=Decimal(0)) > _SMALL_IN_TKR else Unit.TKR


def _subject(about: str, caption: str, roles: Sequence[Role]) -> Measure | None:
    """What is counted, where it is persons: the headings' word before the caption's."""
    if any(r in {Role.OUTCOME, Role.BUDGET} for r in roles):
        return None
    own, above = measure_in(about), measure_in(caption)
    strong = {Measure.STARTED, Measure.ENDED}
    return own if own in strong or above is None or (own and "tabell" not in caption.lower()) else above if own is None else own


def _head(texts: Sequence[Sequence[str]]) -> int:
    """How many rows of headings: the first at least, then all without figures until the first with."""
    for i, row in enumerate(texts):
        figures = [t for t in row[1:] if read_cell(t).given and not _YEAR.match(t.strip())]
        if figures:
            below = i
            break
    else:
        return len(texts)
    sections = 0  # labels alone right above the first figures are sections, not headings
    while below - sections > 1 and not any(t.strip() for t in texts[below - sections - 1][1:]):
        sections += 1
    return max(below - sections, 1)


def _numeric(cells: Sequence[Cell], texts: Sequence[str]) -> bool:
    """Figures, dashes and masked cells, and no words; a column of years is a label."""
    figures = [c for c in cells if c.given]
    words = [t for c, t in zip(cells, texts, strict=True) if c.state is State.HIDDEN and re.search(r"[^\W\d_]{3,}", t)]
    if not figures or len(words) > len(figures):
        return False
    return not all(_YEAR.match(t.strip()) for c, t in zip(cells, texts, strict=True) if c.given)


def _label(parts: Sequence[str]) -> str:
    return " ".join(" ".join(p.split()) for p in dict.fromkeys(parts) if p.strip())
