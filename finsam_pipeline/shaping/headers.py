"""Where a sheet's table begins and which column is which (interface 4).

Belongs here: the header row, the aliases, what the title rows name, unknown headers. Does not: what the cells below mean.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.folding import fold, fold_header
from finsam_pipeline.contracts.types import Kind
from finsam_pipeline.privacy import mask
from finsam_pipeline.readers.table import Rejected

if TYPE_CHECKING:
    import pandas as pd

    from finsam_pipeline.contracts.types import Column, SourceContract

_SEARCHED = 30  # non-empty rows: report name, association, period, notes to whoever fills the sheet in
_TITLE = re.compile(r"\s*insats(?:ens namn|snamn|namn)?\s*[:=]\s*(\S.*?)\s*", re.IGNORECASE)
_ENOUGH = 2  # known columns make a header
_TITLE_WORDS = ("insats", "insats:")
_PLAIN = str.maketrans("åäöé", "aaoe")
NO_HEADER = "(utan rubrik)"


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header.

    `position`: of the header row in the frame. `columns`: canonical name -> frame columns that carry it, in order.
    `labels`: frame column -> header text as written. `title`: the intervention a title row names, or None.
    `above`: text of the rows before the header. `drift`: unknown headers, masked.
    """

    position: int
    columns: dict[str, list[int]]
    labels: dict[int, str]
    title: str | None
    above: tuple[str, ...]
    drift: tuple[str, ...]


def find_header(frame: pd.DataFrame, contract: SourceContract) -> Header | None:
    """The header of one sheet, or None when no row looks like one.

    Args:
        frame: a text table, cells as read.
        contract: whose aliases count. The row with the most distinct columns wins, the first of equals; it must know at
            least two, or be known throughout.
    """
    aliases = _aliases(contract)
    best: tuple[int, int] | None = None
    for position in range(min(_SEARCHED, len(frame))):
        cells = _cells(frame, position)
        known = {name for text in cells.values() if (name := _known(text, aliases)) is not None}
        if (len(known) >= _ENOUGH or (known and len(known) == len(cells))) and (best is None or len(known) > best[1]):
            best = (position, len(known))
    return None if best is None else _header(frame, best[0], aliases)


def title_in(cells: list[str]) -> str | None:
    """The intervention a row names when it is a title row: `Insats: X` in one cell, or `Insats` and `X` in two."""
    if len(cells) == 1 and (found := _TITLE.fullmatch(cells[0])) is not None:
        return found[1]
    if len(cells) == len(("Insats", "X")) and fold(cells[0]) in _TITLE_WORDS:
        return cells[1].strip()
    return None


def require_columns(header: Header, contract: SourceContract, sheet: str | None, optional: tuple[str, ...] = ()) -> None:
    """Raise Rejected `missing_column` for the first required column the header lacks, `optional` ones excepted."""
    for column in contract.columns:
        if column.required and column.name not in header.columns and column.name not in optional:
            raise missing_column((column,), sheet)
    for group in contract.needs_any:
        if not any(name in header.columns for name in group):
            raise missing_column(tuple(contract.column(name) for name in group), sheet)


def is_aside(header: Header, contract: SourceContract) -> bool:
    """Whether a header is of something kept beside the table: what may be chosen in its cells, a chart of accounts.

    It knows fewer than half of what a row must have, and nobody's number; a table with a misspelt header knows more.
    """
    needed = [{column.name} for column in contract.columns if column.required] + [set(group) for group in contract.needs_any]
    known = sum(not group.isdisjoint(header.columns) for group in needed)
    names_persons = any(c.kind is Kind.PARTICIPANT and c.name in header.columns for c in contract.columns)
    return known * 2 < len(needed) and not names_persons


def missing_column(columns: tuple[Column, ...], sheet: str | None) -> Rejected:
    """The rejection of a file that lacks a column: its Swedish name, the accepted headers and the sheet."""
    names = " eller ".join(f"”{column.headers[0]}”" for column in columns)
    accepted = ", ".join(text for column in columns for text in column.headers)
    place = f" i bladet ”{mask(sheet)}”" if sheet else ""
    return Rejected(
        "missing_column",
        f"Kolumnen {names} saknas{place}. Godtagna rubriker: {accepted}. Rätta rubriken eller ta med kolumnen och lämna"
        " filen på nytt.",
    )  # fmt: skip


def no_header(contract: SourceContract) -> Rejected:
    """The rejection of a file in which no sheet has a recognisable header."""
    wanted = ", ".join(column.headers[0] for column in contract.columns if column.required)
    return Rejected(
        "no_header",
        f"Ingen rubrikrad för {contract.title_sv} kändes igen. Rubrikraden ska minst ha: {wanted}. Kontrollera att filen"
        " ligger i rätt mapp och att rubrikerna står kvar.",
    )  # fmt: skip


def rows_above_header(row: int, sheet: str | None) -> Rejected:
    """The rejection of a sheet whose header does not stand above its rows."""
    place = f" i bladet ”{mask(sheet)}”" if sheet else ""
    return Rejected(
        "no_header",
        f"Rubrikraden{place} står inte överst: rad {row} ovanför den ser ut som en rad med uppgifter. Flytta rubrikraden till toppen"
        " av tabellen och lämna filen på nytt.",
    )  # fmt: skip


def _aliases(contract: SourceContract) -> dict[str, str]:
    """Folded header -> column. Headers without å, ä and ö are known too, where that is not another column's header."""
    exact = {fold_header(text): column.name for column in contract.columns for text in column.headers}
    plain = {text.translate(_PLAIN): name for text, name in exact.items()}
    return plain | exact


def _known(text: str, aliases: dict[str, str]) -> str | None:
    return aliases.get(fold_header(text))


def _cells(frame: pd.DataFrame, position: int) -> dict[int, str]:
    """The non-blank cells of one row by frame column position, as written."""
    row = frame.iloc[position]
    return {n: str(text) for n, text in enumerate(row) if isinstance(text, str) and text.strip()}


def _header(frame: pd.DataFrame, position: int, aliases: dict[str, str]) -> Header:
    labels = _cells(frame, position)
    columns: dict[str, list[int]] = {}
    for n, text in labels.items():
        if (name := _known(text, aliases)) is not None:
            columns.setdefault(name, []).append(n)
    known = {n for places in columns.values() for n in places}
    unknown = Counter(mask(text.strip()) for n, text in labels.items() if n not in known)
    above = [list(_cells(frame, n).values()) for n in range(position)]
    titles = [title for cells in above if (title := title_in(cells)) is not None]
    return Header(
        position=position,
        columns=columns,
        labels=labels,
        title=titles[-1] if titles else None,
        above=tuple(text for cells in above for text in cells),
        drift=tuple(unknown),
    )
