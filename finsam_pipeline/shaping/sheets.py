"""The sheets of a tabular file that hold a table, opened: header found, cells tidied, lines classified, columns by name.

Belongs here: what every tabular source shares. Does not: typing (frames.py), a ledger's layouts (layouts.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from finsam_pipeline.contracts.types import Kind
from finsam_pipeline.privacy import mask
from finsam_pipeline.shaping.arrow import constant, first_of, rows_of, tidy_frame
from finsam_pipeline.shaping.cells import CellContext, type_column
from finsam_pipeline.shaping.headers import NO_HEADER, Header, find_header, is_aside, no_header, rows_above_header
from finsam_pipeline.shaping.rows import Classified, Line, are, classify

if TYPE_CHECKING:
    from finsam_pipeline.contracts.types import SourceContract
    from finsam_pipeline.readers.table import ReadResult, TextTable

_TELL_NOTHING = (Kind.TEXT, Kind.PARTICIPANT, Kind.IGNORED)
_ROW_AT_LEAST = 3  # cells
SHEET_ASIDE = "sheet_aside"  # a remark's code


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `raw`, `cells` (tidy) and `text` (tidy, by canonical column) share the index of row numbers."""

    table: TextTable
    header: Header
    raw: pd.DataFrame
    cells: pd.DataFrame
    text: pd.DataFrame
    classified: Classified

    def of(self, *kinds: Line) -> pd.Series:
        """Which lines are of these kinds."""
        return are(self.classified.line, *kinds)

    def with_lines(self, line: pd.Series) -> Sheet:
        """The same sheet with its lines classified anew."""
        return replace(self, classified=Classified(line, self.classified.titles))

    def shown_labels(self) -> dict[int, str]:
        """What each column is called in a finding: its canonical name, else its header masked, else its place."""
        names = {n: name for name, places in self.header.columns.items() for n in places}
        return {n: names.get(n) or mask(self.header.labels.get(n, f"kolumn {n + 1}")) for n in range(self.cells.shape[1])}

    def content_cells(self, rows: pd.Series) -> dict[str, pd.Series]:
        """The cells of some rows by column name, known columns first, unknown ones by their header: what is hashed."""
        known = {n for places in self.header.columns.values() for n in places}
        named = {name: rows_of(self.text[name], rows) for name in self.header.columns}
        rest = {
            f"?{self.header.labels.get(n, '')}#{n}": rows_of(self.cells[n], rows)
            for n in range(self.cells.shape[1])
            if n not in known
        }
        return dict(sorted(named.items())) | dict(sorted(rest.items()))


def open_sheets(read: ReadResult, contract: SourceContract, context: CellContext) -> list[tuple[Sheet, CellContext]]:
    """Every sheet with a recognisable header, each with the context its cells are read in; others are passed over.

    So is a sheet of something kept beside the table, where there is a table (`asides`).

    Raises:
        Rejected: `no_header` when no sheet has one, or when rows stand above one.
    """
    opened = []
    headers = [find_header(table.frame, contract) for table in read.tables]
    aside = [header is not None and is_aside(header, contract) for header in headers]
    beside_a_table = any(header is not None and not kept for header, kept in zip(headers, aside, strict=True))
    for table, header, kept in zip(read.tables, headers, aside, strict=True):
        if header is not None and not (kept and beside_a_table):
            within = CellContext(
                context.register, table.serial_epoch, context.short_years, context.mark, context.pseudonym
            )  # fmt: skip
            require_rows_below(table, header, contract, within)
            opened.append((_open(table, header, contract, within), within))
    if not opened:
        raise no_header(contract)
    return opened


def asides(read: ReadResult, sheets: list[Sheet], contract: SourceContract) -> list[tuple[int | None, str]]:
    """A remark for every sheet with headers of the source that was not opened."""
    opened = {id(sheet.table) for sheet in sheets}
    left = [table for table in read.tables if id(table) not in opened]
    return [(None, SHEET_ASIDE) for table in left if find_header(table.frame, contract) is not None]


def require_rows_below(table: TextTable, header: Header, contract: SourceContract, context: CellContext) -> None:
    """Raise Rejected `no_header` when a line above the header is a row of the table: somebody sorted the sheet, header and all.

    A row shows by cells of two different kinds that can be read under the header they would have; texts and ids tell nothing.
    """
    kinds: dict[int, set[Kind]] = {}
    above = tidy_frame(table.frame.iloc[: header.position])
    for column in contract.columns:
        if column.kind not in _TELL_NOTHING:
            for n in header.columns.get(column.name, []):
                read = type_column(column, above[n], context).values.notna().to_numpy()
                for position in read.nonzero()[0].tolist():
                    kinds.setdefault(position, set()).add(column.kind)
    filled = above.notna().sum(axis=1)
    for place, found in kinds.items():
        if len(found) > 1 and filled.iloc[place] >= _ROW_AT_LEAST:
            raise rows_above_header(int(table.frame.index[place]), table.sheet)


def drift_of(sheets: list[Sheet]) -> list[str]:
    """Unknown headers of all sheets, masked, each once; columns that hold data without a header as `(utan rubrik)`."""
    found: dict[str, None] = {}
    for sheet in sheets:
        found |= dict.fromkeys(sheet.header.drift)
        bare = [n for n in range(sheet.cells.shape[1]) if n not in sheet.header.labels]
        if bare and bool(sheet.cells.loc[sheet.of(Line.DATA), bare].notna().any(axis=None)):
            found[NO_HEADER] = None
    return list(found)


def not_data_of(sheets: list[Sheet]) -> dict[str, int]:
    """How many lines were something else than rows, by class."""
    others = [kind for kind in Line if kind not in (Line.DATA, Line.OPENING)]
    lines = pd.concat([line[are(line, *others)] for line in (sheet.classified.line for sheet in sheets)])
    counts = lines.astype("str").value_counts().sort_index()
    return {str(kind): int(count) for kind, count in counts.items()}


def _open(table: TextTable, header: Header, contract: SourceContract, context: CellContext) -> Sheet:
    raw = table.frame.iloc[header.position + 1 :].set_axis(range(table.frame.shape[1]), axis=1)
    cells = tidy_frame(raw)
    absent = constant(None, cells.index)
    text = {
        column.name: first_of([cells[n] for n in header.columns[column.name]], cells.index)
        if column.name in header.columns
        else absent
        for column in contract.columns
    }
    return Sheet(table, header, raw, cells, pd.DataFrame(text, index=cells.index), classify(cells, header, contract, context))
