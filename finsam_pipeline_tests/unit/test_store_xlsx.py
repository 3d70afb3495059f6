from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pyarrow as pa

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.store import xlsx
from finsam_pipeline.store.xlsx import marts_workbook, sheet_names

if TYPE_CHECKING:
    import pytest

STATEMENT = "economy/income_statement"


def _statement(**values: object) -> pa.Table:
    schema = MARTS[STATEMENT].schema
    defaults: dict[str, object] = {
        "association": "a",
        "period": "2025H1",
        "line_order": 1,
        "line_id": "x",
        "label": "=1+1",
        "kind": "line",
    }
    row = {f.name: (defaults | values).get(f.name) for f in schema}
    return pa.table({f.name: pa.array([row[f.name]], f.type) for f in schema})


def _open(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_a_sheet_reads_as_a_person_expects():
    sheet = _open(marts_workbook({STATEMENT: _statement(outcome_kr=Decimal("1234.50"), outcome_tkr=1)}, "0" * 16))[
        "income_statement"
    ]
    columns = [c.name for c in MARTS[STATEMENT].columns]
    kr = columns.index("outcome_kr") + 1
    assert sheet.cell(1, kr).value == MARTS[STATEMENT].columns[kr - 1].description_sv
    assert sheet.cell(2, kr).value == "outcome_kr (kr)"
    assert (sheet.cell(3, kr).value, sheet.cell(3, kr).number_format) == (1234.5, "#,##0.00")
    assert sheet.cell(3, columns.index("outcome_tkr") + 1).value == 1
    assert sheet.cell(3, columns.index("budget_kr") + 1).value is None
    assert sheet.freeze_panes == "A3"


def test_text_is_never_a_formula():
    sheet = _open(marts_workbook({STATEMENT: _statement()}, "0" * 16))["income_statement"]
    cell = sheet.cell(3, [c.name for c in MARTS[STATEMENT].columns].index("label") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_every_mart_has_a_sheet_and_a_line_in_the_index_and_the_bytes_repeat():
    tables = {path: contract.schema.empty_table() for path, contract in MARTS.items()}
    data = marts_workbook(tables, "0123456789abcdef")
    book = _open(data)
    assert len(book.sheetnames) == len(MARTS) + 1
    index = {row[0].value for row in book["Innehåll"].iter_rows(min_row=5)}
    assert index == set(book.sheetnames[1:])
    assert "0123456789abcdef" in str(book["Innehåll"]["A2"].value)
    assert book.properties.created == dt.datetime(2000, 1, 1)  # noqa: DTZ001 - as stored
    assert marts_workbook(tables, "0123456789abcdef") == data


def test_a_mart_too_long_for_a_sheet_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "ROWS_SHOWN", 1)
    book = _open(marts_workbook({STATEMENT: pa.concat_tables([_statement(), _statement()])}, "0" * 16))
    assert book["income_statement"].max_row == 3
    assert "visar 1 rader" in str(book["Innehåll"]["F5"].value)


def test_sheet_names_are_short_and_unique_whatever_the_case():
    long = "x" * 40
    names = sheet_names([f"a/{long}", f"b/{long.upper()}", "c/Innehåll"])
    assert len({n.lower() for n in names.values()} | {"innehåll"}) == 4
    assert max(map(len, names.values())) <= 31


def test_a_large_grid_leaves_out_its_zeros_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "ROWS_WHOLE", 2)
    path = "participants/participant_flow"
    grid = {
        "association": "a",
        "period": "2025H1",
        "intervention_id": "x",
        "carried_in": 0,
        "participants": 0,
        "ended": 0,
        "carried_out": 0,
    }
    counted = [{"gender": "man", "started": 0}, {"gender": "other", "started": 0}, {"gender": "woman", "started": 3}]
    table = pa.Table.from_pylist([grid | row for row in counted], schema=MARTS[path].schema)
    book = _open(marts_workbook({path: table}, "0" * 16))
    gender = [c.name for c in MARTS[path].columns].index("gender") + 1
    assert [row[gender - 1].value for row in book["participant_flow"].iter_rows(min_row=3)] == ["woman"]
    assert "1 rader" in book["Innehåll"].cell(5, 6).value
    assert book["Innehåll"].cell(5, 5).value == 3
