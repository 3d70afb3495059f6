"""The stewards' workbook: quarantined rows beside empty decision columns.

Belongs here: the sheets a person fills in. Does not: reading them back (`workbook_import`), whether a decision is allowed
(`decisions.record`). The bytes hold values of participant rows: they never pass a temporary folder.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter
import xlsxwriter.worksheet

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.review.decisions import REASONS, correctable
from finsam_pipeline.review.items import column_title
from finsam_pipeline.review.states import DECIDABLE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from finsam_pipeline.review.items import Item

KINDS = {Kind.CORRECT: "rätta", Kind.ACCEPT: "godkänn", Kind.DROP: "stryk"}
CLEARED = "(tomt)"  # what a person writes to clear a cell: an empty cell may as well be forgotten
ID_HEAD = "Post-id"
DECISION_HEADS = ("Beslut", "Kolumn", "Nytt värde", "Skäl", "Giltigt till", "Vem")
_PLACE_HEADS = ("Förbund", "Fil", "Blad", "Rad", "Regel", "Fel", "Var rättas det?")
_WIDTHS = {"Fil": 34, "Fel": 44, "Var rättas det?": 50, "Skäl": 34, "Nytt värde": 20, "Kolumn": 20, "Vem": 18, "Giltigt till": 13}
LISTS = "Listor"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same items give the same bytes


def export(items: Iterable[Item], quarantined: Mapping[tuple[str, str], pd.DataFrame]) -> bytes:
    """The workbook for these items: one sheet a source, one row an item.

    Args:
        items: those to decide.
        quarantined: (association, source) -> frame of `store.quarantine`; values are found by path, sheet and row.
            A column `raw_<name>` is preferred to the typed `<name>`.
    """
    out = io.BytesIO()
    by_source: dict[str, list[Item]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item)
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": "Granskning", "comments": "Innehåller uppgifter om enskilda.", "created": _CREATED})
        styles = _Styles(book)
        _guide(book.add_worksheet("Läs mig"), styles, empty=not by_source)
        lists = _lists(book, sorted(by_source))
        for source in sorted(by_source):
            rows = _with_values(by_source[source], quarantined)
            _sheet(book.add_worksheet(source[:31]), source, rows, lists, styles)
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
        self.free = book.add_format({"locked": False, "num_format": "@", "valign": "top", "bg_color": "#FFFBEF", "border": 1})
        self.free_day = book.add_format(
            {"locked": False, "num_format": "yyyy-mm-dd", "valign": "top", "bg_color": "#FFFBEF", "border": 1}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})


def _guide(sheet: xlsxwriter.worksheet.Worksheet, styles: _Styles, *, empty: bool) -> None:
    lines = (
        "Granskning av rader som inte räknas",
        "En flik för varje källa, en rad för varje post. Fyll i de gula kolumnerna och läs in filen igen.",
        "Rätta: välj kolumn och skriv det nya värdet; " + CLEARED + " tömmer cellen.",
        "Godkänn: raden räknas trots regeln, tills vidare eller till och med dagen i Giltigt till.",
        "Stryk: raden räknas aldrig.",
        "Rätta helst vid källan och lämna filen på nytt. Ett beslut gäller radens innehåll: ändras raden frågas det igen.",
        "Filen innehåller uppgifter om enskilda: förvara den därefter och ta bort den efter inläsningen.",
        *(["Inga poster väntar på beslut."] if empty else []),
    )
    sheet.set_column(0, 0, 120)
    for number, line in enumerate(lines):
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
    lists: Mapping[str, str],
    styles: _Styles,
) -> None:
    values = [name for name in correctable(source) if any(f"raw_{name}" in v or name in v for _, v in rows)]
    heads = [ID_HEAD, *_PLACE_HEADS, *(column_title(source, name) for name in values), *DECISION_HEADS]
    first = len(heads) - len(DECISION_HEADS)
    for number, text in enumerate(heads):
        sheet.write_string(0, number, text, styles.decision_head if number >= first else styles.head)
        sheet.set_column(number, number, _WIDTHS.get(text, 13), None, {"hidden": number == 0})
    for number, (item, held) in enumerate(rows, start=1):
        cells = (item.id, *_place(item), *(cell_text(held.get(f"raw_{n}", held.get(n))) for n in values))
        for column, text in enumerate(cells):
            if text:  # an empty text is no blank cell to a spreadsheet's filter
                sheet.write_string(number, column, text, styles.shown)
        for column in range(first, len(heads)):
            sheet.write_blank(number, column, None, styles.free_day if heads[column] == "Giltigt till" else styles.free)
    _drop_downs(sheet, first, [item for item, _ in rows], lists)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    sheet.protect(
        "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "select_locked_cells": True}
    )


def _place(item: Item) -> tuple[str, ...]:
    declared = RULES.get(item.rule)
    where = f" ({column_title(item.source, item.column)})" if item.column else ""
    what = f"{declared.title_sv}{where}" if declared else item.message
    row = "" if item.row is None else str(item.row)
    return item.association, item.path, item.sheet or "", row, item.rule, what, declared.remedy_sv if declared else ""


def _drop_downs(sheet: xlsxwriter.worksheet.Worksheet, first: int, items: list[Item], lists: Mapping[str, str]) -> None:
    """One list for each run of rows it holds for: a list a cell makes a large workbook slow to open."""
    row = 1
    for severity, run in itertools.groupby(items, key=lambda item: item.severity):
        last = row + sum(1 for _ in run) - 1
        if words := [KINDS[k] for k in DECIDABLE.get(severity, ())]:
            sheet.data_validation(row, first, last, first, {"validate": "list", "source": words})
        row = last + 1
    for column, name in ((first + 1, items[0].source), (first + 3, "Skäl")):
        sheet.data_validation(1, column, len(items), column, {"validate": "list", "source": lists[name], "show_error": False})
