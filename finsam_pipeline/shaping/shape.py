"""The entry of this room: one read file to its typed rows.

Belongs here: the order of the steps for tabular sources. Does not: any step itself.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.folding import fold_header
from finsam_pipeline.contracts.sources import BUDGET, HUVUDBOK
from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.readers.table import ReadResult, Rejected
from finsam_pipeline.shaping.cells import CellContext
from finsam_pipeline.shaping.corrections import Corrections, Replacements, by_column, corrected
from finsam_pipeline.shaping.derived import derive
from finsam_pipeline.shaping.frames import (
    ControlRow,
    contents,
    controls_frame,
    personnummer_in,
    stacked,
    typed_columns,
    with_delivery,
)
from finsam_pipeline.shaping.headers import require_columns
from finsam_pipeline.shaping.interventions import name_rows, resolve, resolve_sheet
from finsam_pipeline.shaping.ledger import shape_table
from finsam_pipeline.shaping.notes import without_notes
from finsam_pipeline.shaping.rows import Line, rows_declared
from finsam_pipeline.shaping.sheets import Sheet, asides, drift_of, not_data_of, open_sheets
from finsam_pipeline.shaping.sie import shape_sie
from finsam_pipeline.shaping.sie_budget import budget_table
from finsam_pipeline.shaping.types import DeliveryRef, Shaped

if TYPE_CHECKING:
    import pandas as pd

    from finsam_pipeline.privacy import Pseudonymiser
    from finsam_pipeline.register.model import Register

_OWN_ID = "personnummer"  # the one header under which a personnummer is expected (interface 5)


def shape(
    read: ReadResult,
    contract: SourceContract,
    register: Register,
    delivery: DeliveryRef,
    pseudonymiser: Pseudonymiser,
    corrections: Corrections | None = None,
) -> Shaped:
    """Type one file's rows.

    Args:
        read: the reader's tables.
        contract: the source the file was delivered as.
        register: the association's configuration.
        delivery: whose file it is.
        pseudonymiser: replaces ids and hashes rows before anything is written.
        corrections: cells a steward replaced, by the row's content and which row of that content in the file it is.

    Raises:
        Rejected: `no_header`, `missing_column` or `wrong_source`; the message never holds a cell's value.
    """
    read = _with_shown_names(read, pseudonymiser)
    if contract.name == HUVUDBOK.name:
        is_sie = any(table.named for table in read.tables)
        way = shape_sie if is_sie else shape_table
        return way(read, contract, register, delivery, pseudonymiser, Replacements(corrections))
    if any(table.named for table in read.tables) and contract.name == BUDGET.name:
        read = budget_table(read, register)
    if any(table.named for table in read.tables):
        raise Rejected("wrong_source", f"En SIE-fil hör hemma i mappen huvudbok, inte i {contract.name}. Flytta filen.")
    pseudonym = partial(pseudonymiser.participants, delivery.association, delivery.source)
    found = open_sheets(read, contract, CellContext(register, pseudonym=pseudonym))
    opened = [(without_notes(sheet, contract, register), context) for sheet, context in found]
    sheets = [sheet for sheet, _ in opened]
    for sheet in sheets:
        require_columns(sheet.header, contract, sheet.table.sheet)
    wanted = Replacements(corrections)
    rows = stacked([_typed(sheet, context, contract, delivery, pseudonymiser, wanted) for sheet, context in opened])
    controls = [control for sheet in sheets for control in _row_counts(sheet, contract)]
    return Shaped(
        rows=rows,
        controls=controls_frame(controls, delivery),
        drift=drift_of(sheets),
        mentions=_mentions(sheets, rows, contract, register),
        physical_rows=len(rows),
        facts=read.facts | {"not_data": read.facts.get("not_data", {}) | not_data_of(sheets)},
        remarks=read.remarks + asides(read, sheets, contract),
    )


def _with_shown_names(read: ReadResult, pseudonymiser: Pseudonymiser) -> ReadResult:
    """The file with its sheets called what they may be called: nothing further on sees a sheet named after a person."""
    tables = [replace(table, sheet=table.sheet and pseudonymiser.name(table.sheet)) for table in read.tables]
    return replace(read, tables=tables)


def _typed(
    sheet: Sheet,
    context: CellContext,
    contract: SourceContract,
    delivery: DeliveryRef,
    pseudonymiser: Pseudonymiser,
    wanted: Replacements,
) -> pd.DataFrame:
    """One sheet's data rows with every column of the frame."""
    data = sheet.of(Line.DATA)
    titles = sheet.classified.titles[data]
    by_sheet = resolve_sheet(sheet.table.sheet, context.register) if _names_interventions(contract) else None
    named = titles if by_sheet is None else titles.fillna(str(sheet.table.sheet))
    content = contents(sheet.content_cells(data) | {"!title": named}, delivery, pseudonymiser, titles.index)
    if changes := wanted.of(content):
        sheet, context = corrected(sheet, changes), replace(context, corrected=by_column(changes))
    text = sheet.text[data]
    typed = typed_columns(text, contract, context)
    if _names_interventions(contract):
        typed["intervention_id"] = name_rows(text["intervention_id"], titles, by_sheet, context.register)
        typed["intervention_id_given"] = text["intervention_id"].notna() | titles.notna() | (by_sheet is not None)
    found = personnummer_in(sheet.raw[data], sheet.shown_labels(), _allowed(sheet, contract))
    typed.insert(0, "content", content)
    typed.insert(1, "personnummer_in", found)
    return with_delivery(derive(typed, contract, context.register), delivery, sheet.table.sheet)


def _names_interventions(contract: SourceContract) -> bool:
    return any(column.kind is Kind.INTERVENTION for column in contract.columns)


def _allowed(sheet: Sheet, contract: SourceContract) -> set[int]:
    """The columns whose header says that a personnummer stands there, where the source accepts that header for its ids."""
    places = (
        n for column in contract.columns if column.kind is Kind.PARTICIPANT for n in sheet.header.columns.get(column.name, [])
    )
    return {n for n in places if fold_header(sheet.header.labels[n]) == _OWN_ID}


def _row_counts(sheet: Sheet, contract: SourceContract) -> list[ControlRow]:
    """What the `Summa` lines of a participant list say about the number of rows.

    Such a line may count the sheet, the rows above it, or the part since the last such line: it holds when it equals one of these.
    """
    if not contract.counts_total_row:
        return []
    out: list[ControlRow] = []
    sums, above = sheet.of(Line.TOTAL), sheet.of(Line.DATA).cumsum()
    total, last = int(sheet.of(Line.DATA).sum()), 0
    for (row, cells), here in zip(sheet.cells[sums].iterrows(), above[sums].tolist(), strict=True):
        if (declared := rows_declared(cells)) is not None:
            actual = declared if declared in (total, here, here - last) else total
            out.append((sheet.table.sheet, int(str(row)), "Summa", "rader", Decimal(declared), Decimal(actual), True))
        last = here
    return out


def _mentions(sheets: list[Sheet], rows: pd.DataFrame, contract: SourceContract, register: Register) -> set[str]:
    """The interventions a sheet's name, a title row or a cell speaks of, rows or no rows."""
    if not _names_interventions(contract):
        return set()
    names = register.intervention_by_name()
    titles = {title for sheet in sheets for title in (sheet.header.title, *sheet.classified.titles.dropna().unique()) if title}
    found = {resolve_sheet(sheet.table.sheet, register) for sheet in sheets} | {resolve(title, names) for title in titles}
    return {identity for identity in found | set(rows["intervention_id"].dropna().unique()) if identity}
