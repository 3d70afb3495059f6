"""One cell of every kind: what is read, what is null."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from finsam_pipeline.contracts.types import Column, Kind
from finsam_pipeline.register.model import Code, PeriodKind, Register
from finsam_pipeline.shaping.arrow import tidy
from finsam_pipeline.shaping.cells import CellContext, type_column

EXCEL = dt.date(1899, 12, 30)


def register() -> Register:
    codes = {"exit_reason": (Code("exit_reason", "vard", "Medicinsk/vård", ("VÅRD",), "", 1),)}
    return Register("a", "A", "", PeriodKind.HALF_YEAR, "bas", (), (), (), (), (), codes, (), {}, (), {})


def read(kind: Kind, cells: list[str | None], column: Column | None = None, **context: object) -> list[object]:
    typed = type_column(
        column or Column("x", kind, (), "", ""),
        tidy(pd.Series(cells, dtype="str")),
        CellContext(register(), **context),  # type: ignore[arg-type]
    ).values
    return [None if pd.isna(value) else value for value in typed]


@pytest.mark.parametrize(
    "text",
    ["2025-03-04", "2025-03-04 00:00:00", "2025-03-04T10:15:00", "20250304", "04.03.2025", "04/03/2025", "4/3/2025", "4.3.2025"],
)
def test_dates_day_before_month(text: str):
    assert read(Kind.DATE, [text]) == [pd.Timestamp("2025-03-04")]


def test_a_date_that_does_not_exist_or_is_something_else_is_null():
    assert read(Kind.DATE, ["2025-02-30", "31.04.2025", "igår", "45720", "250304", "-", None]) == [None] * 7


def test_serials_need_a_workbook_and_short_years_a_ledger():
    assert read(Kind.DATE, ["45720"], serial_epoch=EXCEL) == [pd.Timestamp("2025-03-04")]
    assert read(Kind.DATE, ["44258"], serial_epoch=dt.date(1904, 1, 1)) == [pd.Timestamp("2025-03-04")]
    assert read(Kind.DATE, ["250304"], short_years=True) == [pd.Timestamp("2025-03-04")]


def test_whole_numbers():
    cells = ["1 234", "12.0", "−3", "35 år", "12,5", "tolv", "1,234", None]
    assert read(Kind.INTEGER, cells) == [1234, 12, -3, 35, None, None, None, None]


def test_shares_and_points():
    assert read(Kind.DECIMAL, ["24,5 %", "88"]) == [Decimal("24.5000"), Decimal("88.0000")]


def test_gender_has_three_values():
    cells = ["Kvinna", "k", "Kvinnor", " MAN ", "m", "Män", "Annan köns-ID", "annan", "okänt", "-"]
    assert read(Kind.GENDER, cells) == ["woman"] * 3 + ["man"] * 3 + ["other"] * 2 + [None, None]


def test_yes_and_no():
    assert read(Kind.YES_NO, ["Ja", "nej", "kanske", None]) == [True, False, None, None]


def test_age_groups_with_any_dash():
    cells = ["16-19", "20–29", "30 - 39 år", "60-", "60+", "60 år och äldre", "0-15"]
    assert read(Kind.AGE_GROUP, cells) == ["16-19", "20-29", "30-39", "60-", "60-", "60-", None]


def test_periods_by_name():
    cells = ["2025H1", "2025h1", "2025 T3", "2025Q4", "2025-03", "202503", "2025", "2025-13", "våren"]
    assert read(Kind.PERIOD, cells) == ["2025H1", "2025H1", "2025T3", "2025Q4", "2025-03", "2025-03", "2025", None, None]


def test_a_workbook_turns_a_month_into_its_first_day():
    assert read(Kind.PERIOD, ["2025-03-01"], serial_epoch=EXCEL) == ["2025-03"]
    assert read(Kind.PERIOD, ["2025-03-01"]) == [None]


def test_accounts_have_four_to_six_digits():
    cells = ["3010", "3010.0", "3010 Övriga bidrag", "301000", "K12", "301", "3010000", "3010-1"]
    assert read(Kind.ACCOUNT, cells) == ["3010", "3010", "3010", "301000", None, None, None, None]


def test_codes_by_label_code_or_alias():
    column = Column("exit_reason", Kind.CODE, (), "", "", code_list="exit_reason")
    assert read(Kind.CODE, ["Medicinsk/VÅRD ", "vård", "VARD", "annat"], column) == ["vard", "vard", "vard", None]


def test_choices_of_the_contract():
    column = Column("exit_cause", Kind.CHOICE, (), "", "", choices=(("felregistrering", "misregistered"),))
    assert read(Kind.CHOICE, ["Felregistrering", "Enligt plan"], column) == ["misregistered", None]


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.PARTICIPANT])
def test_empty_columns_keep_their_type(kind: Kind):
    column = Column("x", kind, (), "", "", code_list="none")
    types = {type_column(column, pd.Series(cells, dtype="str"), CellContext(register())).values.dtype for cells in ([], [None])}
    assert len(types) == 1
