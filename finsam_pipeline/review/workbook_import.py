"""Taking decisions in from a workbook a steward has filled in, or dropped in `landing/<association>/beslut/`.

Belongs here: what may have been filled in wrongly, said by sheet, row and column. Does not: whether a decision is allowed
(`decisions.record`).
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineError, CalamineWorkbook

from finsam_pipeline.contracts.folding import fold, fold_header
from finsam_pipeline.review.decisions import REASONS, DecisionInput
from finsam_pipeline.review.states import Kind
from finsam_pipeline.review.workbook_export import CLEARED, DECISION_HEADS, HIDDEN, ID_HEAD, KINDS, cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LARGEST = 50_000_000  # bytes: a workbook of ours is a hundredth of this
_HEAD_ROWS = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where in a filled-in workbook; `row` as the user sees it, `message_sv` without the cell's text."""

    sheet: str
    row: int | None
    column: str
    message_sv: str


class WorkbookError(Exception):
    """The workbook cannot be taken in; nothing of it is. `problems` lists everything that has to be changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.sheet} rad {p.row or '–'} {p.column}: {p.message_sv}" for p in problems))
        self.problems = tuple(problems)


def parse(data: bytes, by: str = "") -> list[DecisionInput]:
    """The decisions in a filled-in workbook; rows without a decision are passed over.

    Args:
        data: the workbook's bytes.
        by: who, where the column Vem is empty.

    Raises:
        WorkbookError: with every problem found.
    """
    problems: list[Problem] = []
    found: list[DecisionInput] = []
    for name, rows in _read(data):
        head = next((n for n, row in enumerate(rows[:_HEAD_ROWS]) if _is_head(row)), None)
        if head is None:
            continue
        at = {fold_header(str(text)): n for n, text in enumerate(rows[head])}
        missing = [h for h in DECISION_HEADS if fold_header(h) not in at]
        problems += [Problem(name, head + 1, h, "Kolumnen saknas; hämta en ny arbetsbok.") for h in missing]
        if not missing:
            for number, row in enumerate(rows[head + 1 :], start=head + 2):
                _parse_row(_Row(name, number, row, at), by, found, problems)
    if problems:
        raise WorkbookError(problems)
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a filled-in sheet."""

    sheet: str
    number: int
    cells: list[Any]
    at: Mapping[str, int]

    def cell(self, head: str) -> Any:  # noqa: ANN401 - whatever the sheet holds
        place = self.at.get(fold_header(head), len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""

    def text(self, head: str) -> str:
        return cell_text(self.cell(head)).strip()


def _parse_row(row: _Row, by: str, found: list[DecisionInput], problems: list[Problem]) -> None:
    said = row.text("Beslut")
    if not said:
        if filled := next((h for h in DECISION_HEADS[1:-1] if row.text(h)), None):
            problems.append(Problem(row.sheet, row.number, "Beslut", f"{filled} är ifyllt men inget beslut är valt."))
        return
    wrong: list[Problem] = []
    kind = next((k for k, word in KINDS.items() if fold(said) in {word, str(k)}), None)
    if kind is None:
        wrong.append(Problem(row.sheet, row.number, "Beslut", f"Välj {', '.join(KINDS.values())}."))
    who, why = row.text("Vem") or by.strip(), row.text("Skäl")
    wrong += [
        Problem(row.sheet, row.number, head, words)
        for head, given, words in (
            (ID_HEAD, row.text(ID_HEAD), "Postens id är borta; hämta en ny arbetsbok."),
            ("Vem", who, "Ange vem som beslutar."),
            ("Skäl", why, "Ange skäl."),
        )
        if not given
    ]
    if kind is Kind.CORRECT:
        needed = (("Kolumn", "Ange vilken kolumn som rättas."), ("Nytt värde", f"Ange det nya värdet, eller {CLEARED}."))
        wrong += [Problem(row.sheet, row.number, head, words) for head, words in needed if not row.text(head)]
    expires_on = _day(row, wrong)
    problems += wrong
    if wrong or kind is None:
        return
    code = next((c for c, title in REASONS.items() if fold(why) in {fold(title), c}), "other")
    found.append(
        DecisionInput(
            item_id=row.text(ID_HEAD),
            kind=kind,
            by=who,
            reason="" if code != "other" or fold(why) == fold(REASONS["other"]) else why,
            reason_code=code,
            column=row.text("Kolumn"),
            value=_value(row.text("Nytt värde"), kind),
            expires_on=expires_on,
            sheet=row.sheet,
            row=row.number,
        )
    )


def _value(text: str, kind: Kind) -> str | None:
    if kind is not Kind.CORRECT:
        return text or None
    return "" if fold(text) == CLEARED else text


def _day(row: _Row, wrong: list[Problem]) -> dt.date | None:
    cell = row.cell("Giltigt till")
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        return dt.date.fromisoformat(cell_text(cell).strip()) if cell_text(cell).strip() else None
    except ValueError:
        wrong.append(Problem(row.sheet, row.number, "Giltigt till", "Skriv dagen som ÅÅÅÅ-MM-DD."))
        return None


def _read(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    if len(data) > _LARGEST:
        raise WorkbookError([Problem("", None, "", "Filen är för stor för att vara en granskningsbok.")])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [n for n in book.sheet_names if n not in HIDDEN]
        return [(n, book.get_sheet_by_name(n).to_python(skip_empty_area=False)) for n in names]
    except (CalamineError, OSError, ValueError):
        raise WorkbookError([Problem("", None, "", "Filen går inte att läsa som en Excelbok (.xlsx).")]) from None


def _is_head(row: list[Any]) -> bool:
    heads = {fold_header(str(text)) for text in row}
    return fold_header(ID_HEAD) in heads and fold_header("Beslut") in heads
