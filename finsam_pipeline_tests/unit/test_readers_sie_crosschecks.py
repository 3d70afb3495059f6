"""What a SIE file's records say about each other, told as remarks with the line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from finsam_pipeline.contracts.remarks import REMARKS_SV
from finsam_pipeline.pipeline.outcomes import REMARK_ROWS, Remark, remarks_of
from finsam_pipeline.readers import read

ROOT = Path(__file__).resolve().parents[2]
SOUND = """#FLAGGA 0
#SIETYP 4
#RAR 0 20250101 20251231
#KONTO 1930 "Bank"
#KONTO 5010 "Hyra"
#OBJEKT 6 "1001" "Norr"
#IB 0 1930 100
#IB 0 2067 -100
#UB 0 1930 90
#UB 0 2067 -100
#RES 0 5010 10
#KONTO 2067 "Eget kapital"
#VER A 1 20250105
{
#TRANS 5010 {6 1001} 4
#TRANS 1930 {} -4
}
#VER A 2 20250205
{
#TRANS 5010 {} 6 20250206
#TRANS 1930 {} -6
}
"""
DEVIATIONS = {  # what is changed -> code and line
    ('#KONTO 5010 "Hyra"', '#KONTO 5011 "El"'): ("undeclared_account", 15),
    ("#TRANS 5010 {6 1001}", "#TRANS 5010 {6 1002}"): ("undeclared_object", 15),
    (" 6 20250206", " 6 20250306"): ("row_in_other_month", 20),
    ("#VER A 2", "#VER A 1"): ("voucher_twice", 20),
    ("#VER A 1", "#VER A 3"): ("number_not_ascending", 20),
    ("#IB 0 2067 -100", "#IB 0 2067 -99"): ("opening_not_zero", 7),
    ("#UB 0 2067 -100", "#UB 0 2067 -99"): ("closing_differs_from_opening", 9),
}


def remarks(text: str) -> list[tuple[int | None, str]]:
    return read(text.encode(), "x.se").remarks


def test_a_sound_file_has_no_remark():
    assert remarks(SOUND) == []


@pytest.mark.parametrize("change", DEVIATIONS, ids=lambda change: change[1])
def test_a_deviation_is_told_with_its_line(change: tuple[str, str]):
    code, line = DEVIATIONS[change]
    assert (line, code) in remarks(SOUND.replace(*change))


def test_numbers_of_two_series_and_vouchers_without_numbers_say_nothing():
    text = SOUND.replace("#VER A 2", "#VER B 1")
    assert remarks(text) == []
    assert remarks(SOUND.replace("#VER A 1", '#VER "" ""').replace("#VER A 2", '#VER "" ""')) == []


def test_files_that_declare_nothing_are_not_told_that_something_is_undeclared():
    assert remarks(re.sub(r"#(?:KONTO|OBJEKT) .*\n", "", SOUND)) == []


def test_remarks_of_a_delivery_are_counted_by_code_with_their_first_rows():
    found = [(row, "amount_form") for row in range(100, 0, -1)] + [(None, "date_form")]
    assert remarks_of(found) == (
        Remark("amount_form", 100, tuple(range(1, REMARK_ROWS + 1))),
        Remark("date_form", 1),
    )


def test_every_code_a_reader_gives_is_written_down():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "finsam_pipeline" / "readers").glob("*.py"))
    given = set(re.findall(r'remark\([^"\n]*"([a-z_]+)"', sources)) | set(
        re.findall(r'"([a-z_]+)" if \w+ is None else "([a-z_]+)"', sources)[0]
    )
    told = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "sie-checks.md").read_text("utf-8")))
    assert len(given) > 20
    assert given <= REMARKS_SV.keys() <= told
