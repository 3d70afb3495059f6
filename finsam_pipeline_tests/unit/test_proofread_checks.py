"""What is found in a report, one claim at a time, and what is left alone."""

from __future__ import annotations

import pytest

from finsam_pipeline.proofread import Document, Finding, Kind, Proof, Sureness, proofread
from finsam_pipeline.proofread.flattened import blocks_of
from finsam_pipeline.proofread.reading import lines_of


def proof(*parts: str) -> Proof:
    return proofread(Document(tuple(blocks_of(lines_of("\n\n".join(parts))))))


def told(*parts: str) -> list[tuple[Kind, str, str, bool]]:
    return [(f.kind, _plain(f.printed.text), _plain(f.other.text), f.rounding) for f in proof(*parts).findings]


def only(*parts: str) -> Finding:
    (found,) = proof(*parts).findings
    return found


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2212", "-")


PERSONS = "Insats Kvinnor Män Totalt\nFyren 30 14 44\nSteget 82 23 105\nBryggan 26 36 62\nTotalt 138 73 211"
STATEMENT = (
    "tkr Utfall Budget Differens\nBidrag från staten 900 800 100\nÖvriga bidrag 150 120 30\nSumma intäkter 1 050 920 130\n"
    "Insatser 700 650 50\nKansli 200 210 -10\nSumma kostnader 900 860 40\nÅrets resultat 150 60 90"
)


def test_right_tables_give_nothing():
    assert proof(f"Tabell 1. Deltagare\n\n{PERSONS}", f"Tabell 2. Resultat\n\n{STATEMENT}").findings == ()


def test_a_row_total_that_is_not_its_parts():
    assert told(PERSONS.replace("82 23 105", "82 23 106").replace("138 73 211", "138 73 212")) == [
        (Kind.ROW_TOTAL, "106", "105", False),
        (Kind.ROW_TOTAL, "212", "211", False),
    ]


def test_a_column_sum_that_is_not_its_lines():
    assert (Kind.SUM, "139", "138", False) in told(PERSONS.replace("138 73 211", "139 73 211"))


def test_persons_are_never_off_by_rounding():
    assert all(not f.rounding for f in proof(PERSONS.replace("138 73 211", "139 73 211")).findings)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_difference_in_either_order(sign):
    table = STATEMENT if sign > 0 else "\n".join(_turned(line) for line in STATEMENT.splitlines())
    wrong = table.replace("150 120 30", "150 120 43").replace("150 120 -30", "150 120 -43")
    assert [k for k, *_ in told(wrong)] == [Kind.DIFFERENCE, Kind.SUM]


def _turned(line: str) -> str:
    """The same row with its difference the other way round."""
    *rest, last = line.rsplit(" ", 1)
    if not last.lstrip("-").isdigit():
        return line
    return f"{rest[0]} {last[1:] if last.startswith('-') else '-' + last}"


def test_a_result_that_is_not_income_less_cost():
    assert (Kind.RESULT, "510 tkr", "150 tkr", False) in told(STATEMENT.replace("resultat 150 60", "resultat 510 60"))


def test_a_gap_that_rounding_explains_is_marked_with_its_roundings():
    found = proof(STATEMENT.replace("Övriga bidrag 150 120 30", "Övriga bidrag 150 120 31")).findings
    assert [(f.kind, f.rounding, f.roundings) for f in found] == [(Kind.DIFFERENCE, True, 3), (Kind.SUM, True, 3)]


def test_rounding_the_report_states_is_counted_and_not_listed():
    own = proof(
        STATEMENT.replace("Övriga bidrag 150 120 30", "Övriga bidrag 150 120 31"), "Varje tal är avrundat för sig från kronor."
    )
    assert (own.findings, len(own.explained)) == ((), 2)


def test_an_error_is_not_excused_by_a_note_on_rounding():
    own = proof(
        STATEMENT.replace("Övriga bidrag 150 120 30", "Övriga bidrag 150 120 45"), "Varje tal är avrundat för sig från kronor."
    )
    assert len(own.findings) == 2


SETTLED = (
    "tkr Utfall Budget Differens\nInsatser 700 650 50\nKansli 200 210 -10\nLokaler 90 80 10\n"
    "Vidareförmedling 300 - -\nSumma kostnader 1 290 940 50"
)


def test_a_settled_line_left_out_of_a_difference_is_named():
    found = only(SETTLED)
    assert found.kind is Kind.DIFFERENCE
    assert "Vidareförmedling" in found.advice


def test_a_settled_line_the_report_speaks_of_is_not_listed():
    assert proof(SETTLED, "Vidareförmedling ingår i utfallet men inte i differensen.").findings == ()


def test_two_tables_with_differences_in_different_order():
    one = "Tabell 1. A\n\ntkr Utfall Budget Differens\nInsatser 700 650 50\nKansli 200 210 -10\nSumma 900 860 40"
    two = "Tabell 2. B\n\ntkr Budget Utfall Avvikelse\nFyren 300 280 20\nSteget 350 420 -70\nBryggan 90 45 45"
    assert [f.kind for f in proof(one, two).findings] == [Kind.SIGN]
    assert proof(one, two, "Avvikelse = budget − utfall.").findings == ()


def test_more_ended_than_took_part():
    ended = "Tabell 2. Avslutade deltagare\n\nInsats Kvinnor Män Totalt\nFyren 10 17 27\nSteget 20 10 30\nBryggan 9 8 17\nTotalt 39 35 74"
    found = only(f"Tabell 1. Deltagare per insats\n\n{PERSONS}", ended)
    assert (found.kind, found.printed.text, found.other.text) == (Kind.FLOW, "17 avslutade", "14 deltagare")


def test_a_split_by_gender_that_does_not_add_up():
    assert told("Totalt har 190 deltagare (94 kvinnor, 95 män och 2 annan köns-ID) avslutats under första halvåret.") == [
        (Kind.PARTS, "190 deltagare", "191", False)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Under våren har 33 deltagare (17 procent), 19 kvinnor och 14 män, fått stöd i någon av insatserna som pågår.",
        "Insatsen har haft 25 deltagare, varav 15 män och 10 kvinnor, och fler väntar på att få börja efter sommaren.",
        "Enligt 2 § i lagen från 2003 ska 16-29 år gamla deltagare i 12 veckor få stöd, se bilaga 3 och dnr 2021/49 i diariet.",
        "Drygt 1 000 personer har deltagit i seminarier, av dem deltog 180 personer på det länsövergripande seminariet i maj.",
    ],
)
def test_text_that_says_nothing_wrong(text):
    assert told(text) == []


def test_a_flow_that_does_not_close():
    text = (
        "Figuren visar att {} deltagare var kvar från början av året och 183 "
        "deltagare har börjat. 190 har avslutats och 191 är kvar till hösten."
    )
    assert told(text.format(198)) == []
    assert [k for k, *_ in told(text.format(189))] == [Kind.FLOW]


def test_a_share_with_its_part_and_its_whole():
    assert told("Till arbete avslutades 38 av 190 (20 procent) under våren, vilket är fler än året innan.") == []
    assert told("Till arbete avslutades 38 av 190 (25 procent) under våren, vilket är fler än året innan.")[0][:3] == (
        Kind.SHARE,
        "25 procent",
        "20 procent",
    )


def test_the_split_of_those_who_succeeded_told_as_shares_of_each_gender():
    text = (
        "Totalt har 100 deltagare (50 kvinnor och 50 män) avslutats. Av de 100 deltagarna har 12 deltagare börjat arbeta och 8 deltagare "
        "studera. Det är 70 procent av männen och 30 procent av kvinnorna som börjat arbeta eller studera."
    )
    found = only(text)
    assert (found.kind, found.sureness, found.other.text) == (Kind.SHARE, Sureness.SURE, "20 personer")


def test_parts_of_an_amount():
    text = (
        "Förbundet hade intäkter på 20 834 tkr. Intäkterna fördelades på "
        "18 084 tkr från medlemmarna, {} tkr från fonden och 347 tkr övrigt."
    )
    assert told(text.format("2 403")) == []
    assert told(text.format("2 430"))[0][:3] == (Kind.PARTS, "20 834 tkr", "20 861 tkr")


def test_a_calculation_in_brackets():
    assert told("Resultatet beräknas bli 2 336 tkr (35 752-33 416) för helåret enligt den prognos som styrelsen fått.") == []
    assert (
        told("Resultatet beräknas bli 2 436 tkr (35 752-33 416) för helåret enligt den prognos som styrelsen fått.")[0][2]
        == "2 336"
    )


def test_equity_carried_over_by_the_result():
    text = (
        "Året väntas ge ett överskott på 2 035 tkr. Vid årets början var "
        "eget kapital 1 752 tkr och det beräknas vid årets slut uppgå till {} tkr."
    )
    assert told(text.format("3 787")) == []
    assert told(text.format("3 877"))[0][:3] == (Kind.RESULT, "3 877 tkr", "3 787 tkr")


PER = (
    "Tabell 6. Per insats\n\nInsats Utfall Budget Avvikelse\nFyren 6 623 770 7 720 000 -1 096 230\n"
    "Steget 931 411 1 044 000 -112 589\nBryggan 466 483 102 000 364 483\nSumma 8 021 664 8 866 000 -844 336"
)


def test_an_amount_in_text_that_the_table_has_otherwise():
    text = "Fyren är den största insatsen. Budgetavvikelsen är ett överskott med {} tkr, vilket beror på att tjänster varit obesatta."
    assert told(PER, text.format("drygt 1 096")) == []
    assert told(PER, text.format("knappt 1 098"))[0][:3] == (Kind.REPEATED, "knappt 1 098 tkr", "-1 096 230 kr")


def test_a_deviation_called_by_the_wrong_word():
    assert told(PER, "Bryggan visar ett budgetunderskott med 364 tkr vilket främst beror på en konferens.") == []
    assert told(PER, "Bryggan visar ett budgetöverskott med 364 tkr vilket främst beror på en konferens.")[0][0] is Kind.WORDING


def test_the_same_row_in_thousands_and_in_kronor():
    one = (
        "Tabell 5. Resultat\n\ntkr Utfall Budget Differens\nStöd till insatser 8 022 8 {} -844\n"
        "Kansli 500 400 100\nSumma kostnader 8 522 9 266 -744"
    )
    other = PER.replace("Summa 8", "Summa insatser 8")
    assert [k for k, *_ in told(one.format("866"), other)] == []
    assert Kind.REPEATED in [k for k, *_ in told(one.format("966"), other)]


def test_masked_cells_are_unknown():
    assert told("Insats Kvinnor Män Totalt\nFyren 30 14 44\nSteget 82 .. 105\nBryggan 26 .. 62\nTotalt 138 .. 211") == []


def test_a_share_column():
    table = "Insats Mål Utfall Andel procent\nFyren 70 45 64\nSteget 140 105 75\nBryggan 80 65 {}\nUnga in 130 102 78"
    assert told(table.format(81)) == []
    assert told(table.format(91))[0][:3] == (Kind.SHARE, "91 procent", "81 procent")


def test_a_hidden_count_is_no_one():
    masked = "Totalt deltog 381 deltagare (ett dolt antal kvinnor, 185 män och ett dolt antal med annan köns-ID)."
    assert told(masked) == []
    assert told(masked.replace("ett dolt antal", "1")) != []


@pytest.mark.parametrize(
    ("words", "whole", "share"),
    [
        ("Av 80 avslutade gick 36 ({} %) till arbete.", "36 av 80", 45),
        ("Av de 42 som avslutades gick 21 till arbete eller studier, {} procent.", "21 av 42", 50),
        ("Av totalt 1 250 besök var 500 nya ({} procent).", "500 av 1 250", 40),
    ],
)
def test_a_share_whose_whole_is_named_first(words: str, whole: str, share: int):
    assert told(words.format(share)) == []
    ((kind, shown, _, _),) = told(words.format(share + 9))
    assert (kind, shown) == (Kind.SHARE, f"{share + 9} procent")
    assert _plain(only(words.format(share + 9)).other.place) == whole


@pytest.mark.parametrize(
    "words",
    [
        "Av 80 avslutade gick 36 till arbete, 60 procent av dem var kvinnor.",
        "Av 3 000 besök skedde många under 2024 (54 procent).",
        "Av 20 insatser avslutade 190 deltagare (50 procent).",
        "Av 80 avslutade gick 36 vidare. Resten (54 procent) är kvar.",
    ],
)
def test_a_share_of_something_else_is_left_alone(words: str):
    assert told(words) == []


EXITS = (
    "Orsak Antal Andel\nArbete 24 30 %\nStudier 12 15 %\nRehabilitering 28 35 %\nSjukdom 10 13 %\nÖvrigt 6 8 %\nSumma 80 100 %"
)


def test_shares_of_persons_are_rounded_though_persons_are_not():
    assert told(EXITS) == [(Kind.SUM, "100", "101", True)]
    assert (Kind.SHARE, "53 procent", "35 procent", False) in told(EXITS.replace("35 %", "53 %"))


ONE_INCOME = (
    "Kr Utfall Budget Differens\nIntäkter 8 250 000 8 250 000 0\nPersonalkostnader -2 145 300 -2 200 000 54 700\n"
    "Lokaler -412 500 -400 000 -12 500\nKöpta insatser -5 310 250 -5 500 000 189 750\n"
    "Summa kostnader -7 868 050 -8 100 000 231 950\nÅrets resultat 381 950 150 000 231 950"
)


def test_a_single_line_of_income_is_no_cost():
    assert told(ONE_INCOME) == []
    wrong = ONE_INCOME.replace("-7 868 050 -8 100 000 231 950", "-7 868 050 -8 200 000 331 950")
    assert (Kind.SUM, "-8 200 000 kr", "-8 100 000 kr", False) in told(wrong)
