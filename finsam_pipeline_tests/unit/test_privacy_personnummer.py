"""Personnummer and samordningsnummer: found in every notation, masked, and nothing else taken for one."""

from __future__ import annotations

import pandas as pd
import pytest

from finsam_pipeline.privacy import contains_personnummer, mask, rows_with_personnummer

# Skatteverket's published example person, 640823-3234, and the valid companions computed from it.
PERSON = "640823-3234"


@pytest.mark.parametrize(
    "text",
    [
        PERSON,
        "6408233234",
        "640823+3234",
        "640823 3234",
        "640823\u00a03234",
        "640823–3234",
        "196408233234",
        "19640823-3234",
        "640883-3231",  # samordningsnummer: day + 60
        f"ringde {PERSON}, väntar svar",
        f"id{PERSON}x",
    ],
)
def test_found_in_every_notation(text: str):
    assert contains_personnummer(text)


@pytest.mark.parametrize(
    "text",
    [
        "640823-3235",  # wrong check digit
        "196408833224",  # printed as an example in a manual, fails the check digit
        "830488-5912",  # likewise
        "641323-3233",  # month 13
        "222000-0000",  # organisation numbers have a month of 20 or more
        "21640823-3234",  # not yet a century
        f"1{PERSON}9",  # inside longer digit runs
        "6408233234000",
        "2025-06-30",
        "A0001",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str):
    assert not contains_personnummer(text)


def test_29_february_needs_a_leap_year():
    assert contains_personnummer("000229-0005")  # 2000 was one
    assert contains_personnummer("20000229-0005")
    assert not contains_personnummer("19000229-0005")


def test_mask_replaces_the_number_only():
    assert mask(f"Kompassen {PERSON} och 19640823-3234.xlsx") == "Kompassen [personnummer] och [personnummer].xlsx"
    assert mask("verlista 2025-01-01.csv") == "verlista 2025-01-01.csv"


def test_the_first_column_of_each_row_is_named_and_never_the_value():
    frame = pd.DataFrame(
        {"name": ["Eva", PERSON, None], "comment": [f"se {PERSON}", PERSON, "inget"]}, index=[7, 8, 9], dtype="str"
    )
    found = rows_with_personnummer(frame)
    assert found.index.tolist() == [7, 8, 9]
    assert found.iloc[:2].tolist() == ["comment", "name"]
    assert found.isna().tolist() == [False, False, True]
