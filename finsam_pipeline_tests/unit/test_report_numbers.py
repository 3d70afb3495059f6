from __future__ import annotations

from decimal import Decimal

import pytest

from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.report import numbers, sentences, wording
from finsam_pipeline.report.document import Format


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, 0, "1\u00a0234\u00a0567"),
        (Decimal("-1096230.00"), 0, "\u22121\u00a0096\u00a0230"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.5"), 0, "\u22121"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-0.4"), 0, "0"),
        (Decimal("8.45"), 1, "8,5"),
        (Decimal("-0.04"), 1, "0,0"),
        (0, 0, "0"),
    ],
)
def test_a_number_in_swedish_print_is_rounded_half_up_and_never_minus_zero(value: int | Decimal, places: int, text: str):
    assert numbers.number(value, places) == text


def test_a_share_is_rounded_once_from_the_exact_figures_and_has_no_value_without_a_whole():
    assert numbers.percent(1, 8) == Decimal(13)
    assert numbers.percent(2, 3, 1) == Decimal("66.7")
    assert numbers.percent(3, 0) is None
    assert numbers.percent_text(None) == "–"


def test_kronor_become_tkr_half_up_on_both_sides_of_zero():
    assert [numbers.tkr(Decimal(v)) for v in ("499.99", "500", "-500", "-499.99")] == [0, 1, -1, 0]
    assert numbers.tkr(None) is None


def test_a_cell_prints_zero_as_zero_nothing_as_a_dash_and_a_masked_text_as_it_stands():
    assert numbers.printed(0, Format.COUNT) == "0"
    assert numbers.printed(None, Format.AMOUNT) == "–"
    assert numbers.printed(None, Format.AMOUNT, "") == ""
    assert numbers.printed("<5", Format.COUNT) == "<5"
    assert numbers.printed(Decimal("47.50"), Format.DECIMAL) == "47,5"
    assert numbers.printed(Decimal("100.00"), Format.DECIMAL) == "100"
    assert numbers.printed(Decimal("71.8"), Format.PERCENT_1) == "71,8"


@pytest.mark.parametrize(
    ("name", "words", "months"),
    [
        ("2031H1", "första halvåret 2031", "jan–juni"),
        ("2031H2", "andra halvåret 2031", "juli–dec"),
        ("2031T2", "andra tertialet 2031", "maj–aug"),
        ("2031Q4", "fjärde kvartalet 2031", "okt–dec"),
        ("2031-03", "mars 2031", "mars"),
        ("2031", "helåret 2031", "jan–dec"),
    ],
)
def test_every_kind_of_period_has_its_words(name: str, words: str, months: str):
    period = parse_period(name)
    assert wording.period_words(period) == words
    assert wording.months(period) == months


def test_lists_and_small_numbers_read_as_swedish():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b och c"
    assert wording.listed([]) == ""
    assert [wording.small(n) for n in (1, 12, 13)] == ["en", "tolv", "13"]


def test_genders_are_named_women_and_men_always_the_others_when_there_are_any():
    text = sentences.by_gender({"woman": 1, "man": 0, "other": 0, "anonymous": 2})
    assert text == "1\u00a0kvinna, 0\u00a0män och 2\u00a0anonyma"


def test_the_word_for_a_result_follows_from_its_sign():
    assert sentences.surplus(Decimal(2252300)) == "ett överskott på 2\u00a0252\u00a0tkr"
    assert sentences.surplus(Decimal(-490900)) == "ett underskott på 491\u00a0tkr"
    assert sentences.surplus(Decimal(0)) == "ett nollresultat"
    assert "mindre än" in sentences.surplus(Decimal(-499))


def test_a_cost_below_its_budget_is_a_surplus():
    assert "överskott på 1\u00a0096\u00a0tkr" in sentences.against_budget(Decimal(-1096230), "insatsen")
    assert "underskott på 364\u00a0tkr" in sentences.against_budget(Decimal(364483), "insatsen")
    assert sentences.against_budget(None, "insatsen") == ""


def test_work_or_study_is_a_share_of_each_genders_own_ended():
    text = sentences.to_work_or_study(["Arbete", "Studier"], {"woman": 12, "man": 26}, {"woman": 94, "man": 95, "other": 1})
    assert "38 av 190 (20\u00a0procent)" in text
    assert "26 av de 95 avslutade männen (27\u00a0procent)" in text
    assert "12 av de 94 avslutade kvinnorna (13\u00a0procent)" in text


def test_two_commonest_reasons_are_both_named():
    assert sentences.commonest([("A", 4), ("B", 4), ("C", 2)], 10).startswith(
        "Vanligaste avslutsorsakerna var ”A” och ”B”: 4 av 10"
    )
    assert sentences.commonest([("A", 0)], 0) == ""
