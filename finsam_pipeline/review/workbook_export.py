"""The stewards' workbook: quarantined rows beside empty decision columns.

Belongs here: the sheets a person fills in. Does not: reading them back (`workbook_import`), whether a decision is allowed
(`decisions.record`). The bytes hold values of participant rows: they never pass a temporary folder.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter
import xlsxwriter.worksheet
from xlsxwriter.utility import xl_col_to_name

from finsam_pipeline.contracts.rules import words_of
from finsam_pipeline.contracts.sources import column_title
from finsam_pipeline.review.decisions import REASONS, correctable
from finsam_pipeline.review.states import DECIDABLE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from finsam_pipeline.review.items import Item

KINDS = {Kind.CORRECT: "rätta", Kind.ACCEPT: "godkänn", Kind.DROP: "stryk"}
CLEARED = "(tomt)"  # what a person writes to clear a cell: an empty cell may as well be forgotten
ID_HEAD = "Post-id"
DECISION_HEADS = ("Beslut", "Kolumn", "Nytt värde", "Skäl", "Giltigt till", "Vem")
_PLACE_HEADS = ("Förbund", "Fil", "Blad", "Rad", "Regel", "Fel", "Var rättas det?")
_WIDTHS = {
    "Förbund": 14, "Fil": 30, "Blad": 14, "Rad": 7, "Regel": 7, "Fel": 36, "Var rättas det?": 42,
    "Skäl": 30, "Nytt värde": 20, "Kolumn": 18, "Vem": 18, "Giltigt till": 13,
}  # fmt: skip
_WIDTH, _WIDEST, _LINE_HEIGHT = 13, 24, 15  # characters; a cell's own column; points
_GUIDE_WIDTH = 100
_A3 = 8
_IN_THE_FILE = "(står i filen)"  # instead of a pseudonym, which nobody can recognise, and of a text that was not read again
LISTS, VALUES = HIDDEN = ("Listor", "Värden")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same items give the same bytes
_A_DAY = {
    "validate": "date",
    "criteria": ">",
    "value": dt.date(2000, 1, 1),
    "error_title": "Giltigt till",
    "error_message": "Skriv dagen som ÅÅÅÅ-MM-DD, eller lämna tomt: då gäller godkännandet tills vidare.",
}
PSEUDONYM = "participant"


def export(
    items: Iterable[Item],
    quarantined: Mapping[tuple[str, str], pd.DataFrame],
    offered: Mapping[tuple[str, str, str], Sequence[str]] | None = None,
    *,
    left_out: int = 0,
) -> bytes:
    """The workbook for these items: one sheet a source, one row an item.

    Args:
        items: those to decide.
        quarantined: (association, source) -> frame of `store.quarantine`; values are found by path, sheet and row.
            A column `raw_<name>` is preferred to the typed `<name>`.
        offered: (association, source, column) -> what a corrected cell may say, for the drop-down; other columns have none.
        left_out: how many further items wait; the first page says so.
    """
    out = io.BytesIO()
    by_source: dict[str, list[Item]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item)
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": "Granskning", "comments": "Innehåller uppgifter om enskilda.", "created": _CREATED})
        styles = _Styles(book)
        _guide(book.add_worksheet("Läs mig"), styles, empty=not by_source, left_out=left_out)
        lists = _lists(book, sorted(by_source))
        last = _values(book, {key: texts for key, texts in (offered or {}).items() if key[1] in by_source})
        for source in sorted(by_source):
            rows = _with_values(by_source[source], quarantined)
            sheet = book.add_worksheet(source[:31])
            first = _sheet(sheet, source, rows, styles)
            _drop_downs(sheet, first, by_source[source], lists)
            _values_offered(sheet, first, by_source[source], last)
    return out.getvalue()


def cell_text(value: Any) -> str:  # noqa: ANN401 - whatever a cell or a frame holds
    """A cell as a person would write it: whole numbers without a decimal point, days without a time."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return "" if pd.isna(value) else str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return str(value)


class _Styles:
    """The few cell formats of the workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4ECEA", "bottom": 1})
        self.decision_head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FBE8B6", "bottom": 1}
        )
        self.shown = book.add_format({"text_wrap": True, "valign": "top"})
        self.wrong = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#F8D9D3"})
        self.free = book.add_format({"locked": False, "num_format": "@", "valign": "top", "bg_color": "#FFFBEF", "border": 1})
        self.free_day = book.add_format(
            {"locked": False, "num_format": "yyyy-mm-dd", "valign": "top", "bg_color": "#FFFBEF", "border": 1}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})


def _guide(sheet: xlsxwriter.worksheet.Worksheet, styles: _Styles, *, empty: bool, left_out: int) -> None:
    lines = (
        "Granskning av rader som inte räknas",
        "En flik för varje källa, en rad för varje post. Cellen som är fel är röd. Fyll i de gula kolumnerna längst till höger.",
        "Rätta: välj kolumn och skriv det nya värdet; " + CLEARED + " tömmer cellen.",
        "Godkänn: raden räknas trots regeln, tills vidare eller till och med dagen i Giltigt till.",
        "Stryk: raden räknas aldrig.",
        "Rätta helst vid källan och lämna filen på nytt. Ett beslut gäller radens innehåll: ändras raden frågas det igen.",
        "Läs in filen: lägg den i landing/<förbund>/beslut/, eller kör finsam review import FIL. Nästa körning tillämpar besluten.",
        "Filen innehåller uppgifter om enskilda: förvara den därefter och ta bort den efter inläsningen.",
        *(["Inga poster väntar på beslut."] if empty else []),
        *(
            [f"{left_out} poster till väntar och får inte plats här. Hämta alla med finsam review export FIL.xlsx."]
            if left_out
            else []
        ),
    )
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    _page(sheet)
    for number, line in enumerate(lines):
        sheet.set_row(number, _height([(line, _GUIDE_WIDTH)]) + (10 if number == 0 else 4))
        sheet.write_string(number, 0, line, styles.shown if number else styles.title)


def _lists(book: xlsxwriter.Workbook, sources: list[str]) -> dict[str, str]:
    """A hidden sheet with what the drop-downs offer; name of the list -> its range (a list in place ends at 255 characters)."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    ranges = {}
    offered = {"Skäl": list(REASONS.values())} | {s: list(correctable(s).values()) for s in sources}
    for column, (name, values) in enumerate(offered.items()):
        for row, text in enumerate(values):
            sheet.write_string(row, column, text)
        letter = chr(ord("A") + column)
        ranges[name] = f"={LISTS}!${letter}$1:${letter}${max(len(values), 1)}"
    return ranges


def _values(book: xlsxwriter.Workbook, offered: Mapping[tuple[str, str, str], Sequence[str]]) -> str:
    """A second hidden sheet: a column for each list, its name above, then how many, then the values. Its last column's letters."""
    sheet = book.add_worksheet(VALUES)
    sheet.hide()
    for column, ((association, source, name), texts) in enumerate(sorted(offered.items())):
        sheet.write_string(0, column, _list_name(association, source, correctable(source)[name]))
        sheet.write_number(1, column, len(texts))
        for row, text in enumerate(texts, start=2):
            sheet.write_string(row, column, text)
    last: str = xl_col_to_name(max(len(offered) - 1, 0))
    return last


def _list_name(association: str, source: str, title: str) -> str:
    return f"{association}|{source}|{title}"


def _values_offered(sheet: xlsxwriter.worksheet.Worksheet, first: int, items: list[Item], last: str) -> None:
    """What "Nytt värde" offers follows from the row's association and the column chosen beside it; any other text may be written."""
    of, chosen = (xl_col_to_name(n) for n in (1, first + DECISION_HEADS.index("Kolumn")))
    name = f'${of}2&"|{items[0].source}|"&${chosen}2'
    place = f"MATCH({name},{VALUES}!$A$1:${last}$1,0)"
    offered = f"=OFFSET({VALUES}!$A$3,0,{place}-1,INDEX({VALUES}!$A$2:${last}$2,{place}),1)"
    column = first + DECISION_HEADS.index("Nytt värde")
    sheet.data_validation(1, column, len(items), column, {"validate": "list", "source": offered, "show_error": False})


def _with_values(items: list[Item], quarantined: Mapping[tuple[str, str], pd.DataFrame]) -> list[tuple[Item, dict[str, Any]]]:
    found: dict[tuple[str, str], dict[tuple[str, str, int], Any]] = {}
    for key in {(i.association, i.source) for i in items}:
        frame = quarantined.get(key, pd.DataFrame())
        found[key] = {(str(r["path"]), cell_text(r["sheet"]), int(r["row"])): r for r in frame.to_dict("records")}
    return [(i, found[i.association, i.source].get((i.path, i.sheet or "", i.row or 0), {})) for i in items]


def _sheet(
    sheet: xlsxwriter.worksheet.Worksheet,
    source: str,
    rows: list[tuple[Item, dict[str, Any]]],
    styles: _Styles,
) -> int:
    """One sheet of items; where its decision columns begin."""
    values = [name for name in correctable(source) if any(_said(name, held) or name == i.column for i, held in rows)]
    heads = [ID_HEAD, *_PLACE_HEADS, *(column_title(source, name) for name in values), *DECISION_HEADS]
    first, first_value = len(heads) - len(DECISION_HEADS), 1 + len(_PLACE_HEADS)
    texts = [(i.id, *_place(i), *(_said(name, held) for name in values)) for i, held in rows]
    widths = [_width(head, [row[n] for row in texts] if n < first else []) for n, head in enumerate(heads)]
    for number, (text, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, number, text, styles.decision_head if number >= first else styles.head)
        sheet.set_column(number, number, width, None, {"hidden": number == 0})
    sheet.set_row(0, _height(zip(heads, widths, strict=True)))
    for number, ((item, _), cells) in enumerate(zip(rows, texts, strict=True), start=1):
        sheet.set_row(number, _height(zip(cells[1:], widths[1:], strict=False)))
        for column, text in enumerate(cells):
            wrong = column >= first_value and values[column - first_value] == item.column
            if wrong and not text:
                sheet.write_blank(number, column, None, styles.wrong)
            elif text:  # an empty text is no blank cell to a spreadsheet's filter
                sheet.write_string(number, column, text, styles.wrong if wrong else styles.shown)
        for column in range(first, len(heads)):
            sheet.write_blank(number, column, None, styles.free_day if heads[column] == "Giltigt till" else styles.free)
    sheet.freeze_panes(1, 1 + _PLACE_HEADS.index("Regel"))
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    _page(sheet)
    sheet.protect(
        "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "select_locked_cells": True}
    )
    return first


def _page(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """As it comes out on paper, if somebody must: lying, as wide as the sheet, the headings on every page."""
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&CInnehåller uppgifter om enskilda&R&P (&N)")


def _said(name: str, held: Mapping[str, Any]) -> str:
    """What a person would recognise of a cell: its own text where there is one, else the value; never a pseudonym."""
    own = cell_text(held.get(f"raw_{name}"))
    value = cell_text(held.get(name))
    unread = not value and held.get(f"{name}_given") is True
    return own or (_IN_THE_FILE if unread or (value and name == PSEUDONYM) else value)


def _width(head: str, cells: Sequence[str]) -> int:
    """A column's width in characters: stated for those of the form, else as wide as its cells, within reason."""
    return _WIDTHS.get(head) or min(_WIDEST, max(_WIDTH, *(len(c) + 1 for c in (head, *cells))))


def _height(cells: Iterable[tuple[str, int]]) -> int:
    """Points for the longest wrapped cell: not every program grows a row by itself."""
    lines = max((sum(math.ceil(len(part) / (width - 1)) or 1 for part in text.split("\n")) for text, width in cells), default=1)
    return _LINE_HEIGHT * lines


def _place(item: Item) -> tuple[str, ...]:
    title, remedy = words_of(item.rule, item.source)
    where = f" ({column_title(item.source, item.column)})" if item.column else ""
    row = "" if item.row is None else str(item.row)
    file = item.path.removeprefix(f"landing/{item.association}/{item.source}/")
    return item.association, file, item.sheet or "", row, item.rule, f"{title}{where}", remedy


def _drop_downs(sheet: xlsxwriter.worksheet.Worksheet, first: int, items: list[Item], lists: Mapping[str, str]) -> None:
    """One list for each run of rows it holds for: a list a cell makes a large workbook slow to open."""
    row = 1
    for severity, run in itertools.groupby(items, key=lambda item: item.severity):
        last = row + sum(1 for _ in run) - 1
        if words := [KINDS[k] for k in DECIDABLE.get(severity, ())]:
            sheet.data_validation(row, first, last, first, {"validate": "list", "source": words})
        row = last + 1
    sheet.data_validation(1, first + 4, len(items), first + 4, _A_DAY)
    for column, name in ((first + 1, items[0].source), (first + 3, "Skäl")):
        sheet.data_validation(1, column, len(items), column, {"validate": "list", "source": lists[name], "show_error": False})
