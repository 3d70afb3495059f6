"""Pseudonyms: the same id gives the same one, another key, association or source another, and nothing leaks."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from finsam_pipeline.privacy import Pseudonymiser

KEY = b"a key of sixteen bytes or more"


def test_every_notation_of_a_personnummer_is_one_participant():
    make = Pseudonymiser(KEY)
    notations = ["640823-3234", "6408233234", "19640823-3234", "196408233234", "640823 3234"]
    assert len({make.participant("a", "sus_deltagare", text) for text in notations}) == 1


def test_ids_are_compared_without_case_and_blanks():
    make = Pseudonymiser(KEY)
    assert make.participant("a", "s", " a-0001 ") == make.participant("a", "s", "A-0001")
    assert make.participant("a", "s", "A-0001") != make.participant("a", "s", "A-0002")


def test_scope_and_key_separate():
    one = Pseudonymiser(KEY).participant("a", "s", "1")
    others = {
        Pseudonymiser(KEY).participant("b", "s", "1"),
        Pseudonymiser(KEY).participant("a", "t", "1"),
        Pseudonymiser(KEY[::-1]).participant("a", "s", "1"),
        Pseudonymiser(KEY).participant("a", "s1", ""),
    }
    assert len(one) == 20
    assert one not in others


def test_series_keep_nulls_and_index():
    made = Pseudonymiser(KEY).participants("a", "s", pd.Series(["1", None, "1"], index=[4, 5, 6], dtype="str"))
    assert made.index.tolist() == [4, 5, 6]
    assert made.iloc[0] == made.iloc[2] == Pseudonymiser(KEY).participant("a", "s", "1")
    assert made.isna().tolist() == [False, True, False]


def test_content_of_one_row_is_content_of_many():
    make = Pseudonymiser(KEY)
    many = make.contents("a", "s", pa.array(["x", "y", "x"]))
    assert many.tolist() == [make.content("a", "s", text) for text in ("x", "y", "x")]
    assert many[0] != many[1]
    assert make.content("b", "s", "x") != many[0]


def test_a_short_key_is_refused_and_the_key_is_not_shown():
    with pytest.raises(ValueError, match="16 bytes"):
        Pseudonymiser(b"short")
    assert "sixteen" not in repr(Pseudonymiser(KEY))


def test_masked_names_are_stable_and_two_names_stay_two():
    name = Pseudonymiser(KEY).name
    one, other = name("640823-3234.csv"), name("640883-3231.csv")
    assert one == name("640823-3234.csv") != other
    assert name("6408233234.csv") not in (one, other)  # one person written otherwise: another file all the same
    assert Pseudonymiser(KEY[::-1]).name("640823-3234.csv") != one
    assert one.startswith("[personnummer-")
    assert "3234" not in one.partition("]")[2]


def test_a_masked_name_is_not_masked_again_and_other_names_stand():
    name = Pseudonymiser(KEY).name
    assert name(name("lista 640823-3234")) == name("lista 640823-3234")
    assert name("lista 2025-09-15.csv") == "lista 2025-09-15.csv"
