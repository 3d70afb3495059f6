"""SIE 1-4: the grammar as it is and as it is bent, vouchers, history, balances, controls, facts."""

from __future__ import annotations

import datetime as dt
import zlib
from decimal import Decimal

import pytest

from finsam_pipeline.readers import ReadResult, Rejected, read
from finsam_pipeline.readers.decoding import misread_lines

HEAD = "#FLAGGA 0\n#SIETYP 4\n#RAR 0 20250101 20251231\n"
VOUCHER = '#VER A 1 20250115 "Hyra"\n{\n#TRANS 5010 {"6" "1001"} 100.00\n#TRANS 1930 {} -100.00\n}\n'


def sie(text: str, encoding: str = "cp437") -> ReadResult:
    return read(text.encode(encoding), "bok.se")


def rows(text: str) -> list[dict[str, str]]:
    return sie(text).tables[0].frame.to_dict("records")


def row(line: str) -> dict[str, str]:
    (found,) = rows(f"{HEAD}#VER A 1 20250115 text\n{{\n{line}\n}}\n")
    return found


def codes(text: str) -> set[str]:
    return {code for _, code in sie(text).remarks}


def reason(text: str) -> str:
    with pytest.raises(Rejected) as caught:
        sie(text)
    return caught.value.reason


def test_a_voucher_becomes_rows_numbered_by_their_line():
    table = sie(HEAD + VOUCHER).tables[0]
    assert (table.name, table.named, table.sheet, table.frame.index.tolist()) == ("vouchers", True, None, [6, 7])
    shared = {"date": "2025-01-15", "voucher_date": "2025-01-15", "number": "1", "series": "A", "text": "Hyra", "block": "1"}
    assert table.frame.to_dict("records") == [
        {"account": "5010", "amount": "100.00", "objects": "|6:1001|", **shared},
        {"account": "1930", "amount": "-100.00", "objects": "", **shared},
    ]
    assert sie(HEAD + VOUCHER).remarks == []


@pytest.mark.parametrize(
    "line",
    [
        '#TRANS 5010 {"1" "910" "6" "1001"} 100.00 20250116 "Hyra" 1 sign',
        "\t#TRANS\t5010\t{1 910 6 1001}\t100.00\t20250116\tHyra",
        '   #TRANS "5010"  { "01" "910" "06" 1001 }   "100"  "20250116"  Hyra',
        '#trans 5010 {6 1001 1 910} 100.0 20250116 "Hyra" "" ""',
        '#TRANS 5010 {6 1001 1 910 7 ""} 100.00 20250116 "Hyra" }',
    ],
)
def test_one_row_in_the_ways_programs_write_it(line: str):
    (found,) = rows(f"{HEAD}#VER A 1 20250115\n{{\n{line}\n" + ("" if line.endswith("}") else "}\n"))
    wanted = {"account": "5010", "amount": "100.00", "objects": "|1:910|6:1001|", "date": "2025-01-16", "text": "Hyra"}
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("line", "text", "code"),
    [
        ('#TRANS 5010 {} 1.00 20250115 "en \\"citerad\\" text"', 'en "citerad" text', None),
        ('#TRANS 5010 {} 1.00 20250115 "C:\\\\mapp"', "C:\\mapp", None),
        ('#TRANS 5010 {} 1.00 20250115 "en {text}"', "en {text}", None),
        ('#TRANS 5010 {} 1.00 20250115 "två\nrader" 2', "två rader", "newline_in_text"),
        ('#TRANS 5010 {} 1.00 20250115 "två\rrader"', "två rader", "newline_in_text"),
        ('#TRANS 5010 {} 1.00 20250115 "utan slut', "utan slut", "missing_end_quote"),
        ('#TRANS 5010 {} 1.00 20250115 "slut på sned\\', "slut på sned", "missing_end_quote"),
    ],
)
def test_texts_with_quotes_line_ends_and_missing_ends(line: str, text: str, code: str | None):
    document = f"{HEAD}#VER A 1 20250115\n{{\n{line}\n#TRANS 1930 {{}} -1.00\n}}\n"
    found = rows(document)
    assert [found[0]["text"], found[0]["amount"], found[1]["account"], len(found)] == [text, "1.00", "1930", 2]
    assert codes(document) == ({code} if code else set())


def test_the_line_numbers_hold_after_a_text_of_two_lines():
    document = f'{HEAD}\n#VER A 1 20250115 "två\r\nrader" {{\n#TRANS 5010 {{}} 1.00\n}}\n'
    assert sie(document).tables[0].frame.index.tolist() == [7]


@pytest.mark.parametrize(
    ("written", "amount", "code"),
    [
        ("-100", "-100.00", None),
        ("0.5", "0.50", None),
        ("+100.00", "100.00", "amount_form"),
        ("1234,5", "1234.50", "amount_form"),
        ('"1 234,50"', "1234.50", "amount_form"),
        ('"1.234,50"', "1234.50", "amount_form"),
        ("500.00-", "-500.00", "amount_form"),
        ("−5.00", "-5.00", "amount_form"),
        ("7.5000", "7.50", "amount_form"),
        ("1,234", "1,234 (oläsligt)", "unreadable_amount"),
        ("1.005", "1.005 (oläsligt)", "unreadable_amount"),
        ("tolv", "tolv (oläsligt)", "unreadable_amount"),
        ('""', "", "unreadable_amount"),
        ("1" * 17, "1" * 17 + " (oläsligt)", "unreadable_amount"),
    ],
)
def test_amounts(written: str, amount: str, code: str | None):
    document = f"{HEAD}#VER A 1 20250115\n{{\n#TRANS 5010 {{}} {written}\n}}\n"
    assert [r["amount"] for r in read(document.encode(), "x.se").tables[0].frame.to_dict("records")] == [amount]
    assert {c for _, c in read(document.encode(), "x.se").remarks} == ({code} if code else set())


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("20250116", "2025-01-16"),
        ('""', "2025-01-15"),
        ("250116", "2025-01-16"),
        ("2025-01-16", "2025-01-16"),
        ("20250231", "20250231"),
        ("x", "x"),
    ],
)
def test_a_row_has_its_own_date_or_its_vouchers(written: str, date: str):
    assert row(f"#TRANS 5010 {{}} 1.00 {written}")["date"] == date


def test_vouchers_without_numbers_stay_apart():
    document = HEAD + '#VER "" "" 20250115\n{\n#TRANS 5010 {} 1.00\n}\n' * 2
    assert [(r["series"], r["number"], r["block"]) for r in rows(document)] == [("", "", "1"), ("", "", "2")]


def test_struck_and_added_rows_are_history():
    document = (
        f"{HEAD}#VER A 1 20250115\n{{\n#BTRANS 5010 {{}} 90.00 20250120 gammal 0 ada\n"
        '#RTRANS 5010 {6 1001} 100.00 20250120 "" 0 ada\n'
        '#TRANS 5010 {"06" "1001"} 100 20250115 "Hyra"\n#TRANS 1930 {} -100.00\n}\n'
    )
    result = sie(document)
    assert result.tables[0].frame["amount"].tolist() == ["100.00", "-100.00"]
    assert result.facts["history"][["kind", "amount", "date", "sign"]].to_dict("index") == {
        6: {"kind": "BTRANS", "amount": "90.00", "date": "2025-01-20", "sign": "ada"},
        7: {"kind": "RTRANS", "amount": "100.00", "date": "2025-01-20", "sign": "ada"},
    }
    assert result.remarks == []
    assert sie(document.replace("#TRANS 5010", "#TRANS 5020")).remarks == [(7, "rtrans_without_trans")]


@pytest.mark.parametrize(
    ("text", "code", "count"),
    [
        (HEAD + VOUCHER.replace('"1001"}', '"1001"'), "unreadable_record", 2),
        (HEAD + VOUCHER.replace("\n}\n", "\n") + VOUCHER, "missing_end_brace", 4),
        (HEAD + VOUCHER.replace("\n{\n", "\n"), "missing_brace", 2),
        (HEAD + "#TRANS 5010 {} 1.00\n" + VOUCHER, "row_outside_voucher", 3),
        (HEAD + VOUCHER + "}\n", "stray_brace", 2),
        (HEAD + "lösa ord\n" + VOUCHER, "text_outside_record", 2),
        (HEAD + VOUCHER.replace("#TRANS 1930", "#MOMSKOD 1\n#TRANS 1930"), "unknown_label", 2),
        (HEAD + VOUCHER.replace("{}", ""), "no_object_list", 2),
        (HEAD + VOUCHER.replace('{"6" "1001"}', '{"6" "1001" "1"}'), "odd_object_list", 2),
        (HEAD.replace("FLAGGA 0", "FLAGGA 1") + VOUCHER, "already_imported", 2),
        (HEAD.replace("SIETYP 4", "SIETYP x") + VOUCHER, "unreadable_type", 2),
        (HEAD.replace("20251231", "20251301") + VOUCHER, "unreadable_year", 2),
        (HEAD + '#KONTO 1930 "F”retagskonto"\n' + VOUCHER, "suspect_letters", 2),
    ],
)
def test_deviations_are_read_and_told(text: str, code: str | None, count: int):
    result = read(text.encode(), "x.se")
    assert code in {told for _, told in result.remarks}
    assert len(result.tables[0].frame) == count


@pytest.mark.parametrize(
    "text",
    [
        HEAD + VOUCHER.removesuffix("}\n"),
        HEAD + VOUCHER + "#VER A 2 20250116 \n",
        HEAD + VOUCHER + "#VER A 2 20250116\n{\n#TRANS 5010 {} 1",
        "#FLAGGA 0\n#KSUMMA\n" + HEAD + VOUCHER,
    ],
)
def test_a_cut_off_file_is_rejected(text: str):
    assert reason(text) == "truncated"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("cp437", "cp437"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-bom"), ("cp1252", "cp1252"), ("utf-16", "utf-16-le-bom")],
)
def test_the_bytes_decide_the_encoding_and_not_the_format_record(encoding: str, told: str):
    result = sie(f'#FORMAT PC8\n{HEAD}#KONTO 5010 "Hyra för våra Överlåtelser"\n#DIM 06 "Projekt"\n{VOUCHER}\x1a', encoding)
    assert (result.facts["encoding"], result.facts["accounts"]) == (told, {"5010": "Hyra för våra Överlåtelser"})
    assert result.facts["dims"] == {"6": "Projekt"}


def test_suspect_letters_are_told_with_their_lines_whatever_the_line_ends():
    assert misread_lines("a\r\nF”r\rx\nb÷c K╓P\r\n\r\n”\nÅ„ng") == [2, 4, 7]
    assert misread_lines("7÷2 ”citat”\n") == []


def test_facts():
    head = (
        "#SIETYP 4\n#GEN 20250915 Ada\n#RAR 0 20250101 20251231\n#RAR -1 20240101 20241231\n"
        '#OMFATTN 20250831\n#KPTYP BAS2014\n#OBJEKT 6 "1001" "Vägen"\n'
    )
    facts = sie(head + VOUCHER).facts
    assert {name: facts[name] for name in ("format", "sie_type", "generated", "covers_to", "chart", "complete")} == {
        "format": "sie",
        "sie_type": 4,
        "generated": dt.date(2025, 9, 15),
        "covers_to": dt.date(2025, 8, 31),
        "chart": "BAS2014",
        "complete": True,
    }
    assert facts["fiscal_years"] == {
        0: (dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        -1: (dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
    }
    assert facts["objects"] == {("6", "1001"): "Vägen"}
    bare = sie("#FLAGGA 0\n" + VOUCHER).facts
    assert (bare["complete"], bare["sie_type"], bare["covers_to"]) == (False, 1, None)


BALANCES = "#IB 0 1930 500.00\n#UB 0 1930 400.00\n#RES 0 5010 100.00\n"


def controls(text: str) -> list[tuple[str, int, Decimal, Decimal, bool]]:
    return [(c.label, c.row, c.declared, c.actual, c.judged) for c in sie(text).controls]


def test_balances_are_a_table_and_controls():
    text = HEAD + "#OIB 0 1930 {6 1001} 5.00\n#PSALDO 0 202501 5010 {} 100.00\n" + BALANCES + VOUCHER
    table = sie(text).tables[1]
    assert (table.name, table.frame.index.tolist()) == ("balances", [4, 5, 6, 7, 8])
    assert table.frame.to_numpy().tolist()[:3] == [
        ["OIB", "0", "1930", "", "|6:1001|", "5.00"],
        ["PSALDO", "0", "5010", "202501", "", "100.00"],
        ["IB", "0", "1930", "", "", "500.00"],
    ]
    assert controls(text) == [
        ("UB 1930", 7, Decimal(400), Decimal(400), True),
        ("RES 5010", 8, Decimal(100), Decimal(100), True),
    ]


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        (HEAD + BALANCES, [False, False]),  # no vouchers at all
        (HEAD + BALANCES + VOUCHER.replace("-100.00", "-1,000"), [False, False]),
        (HEAD + BALANCES + VOUCHER.replace("#TRANS 1930", '#TRANS ""'), [False, True]),  # the lost row may be what is missing
        (HEAD + BALANCES.replace("400.00", "401.00") + VOUCHER, [True, True]),
    ],
)
def test_a_control_is_judged_only_when_it_can_be(text: str, judged: list[bool]):
    assert [control[4] for control in controls(text)] == judged


def test_a_wrong_balance_and_rows_outside_the_year_are_counted():
    assert controls(HEAD + BALANCES.replace("400.00", "401.00") + VOUCHER)[0][2:] == (Decimal(401), Decimal(400), True)
    assert controls(HEAD + BALANCES + VOUCHER.replace("20250115", "20260115"))[0][3] == Decimal(400)


def test_balances_run_to_omfattn_unless_they_fit_better_without():
    later = VOUCHER.replace("20250115", "20250215").replace("A 1", "A 2")
    head = HEAD + "#OMFATTN 20250131\n"
    assert [c[3] for c in controls(head + BALANCES + VOUCHER + later)] == [Decimal(400), Decimal(100)]
    whole = head + "#IB 0 1930 500.00\n#UB 0 1930 300.00\n#RES 0 5010 200.00\n" + VOUCHER + later
    assert [c[3] for c in controls(whole)] == [Decimal(300), Decimal(200)]
    assert "balances_beyond_covers_to" in codes(whole)


def test_a_result_account_is_one_by_class_not_by_label():
    assert controls(HEAD + "#UB 0 5010 100.00\n" + VOUCHER) == [("UB 5010", 4, Decimal(100), Decimal(100), True)]
    assert [c[0] for c in controls(HEAD + "#UB 0 5010 0.00\n#RES 0 5010 100.00\n" + VOUCHER)] == ["RES 5010"]
    assert controls(HEAD + "#IB 0 5010 7.00\n#UB 0 5010 107.00\n" + VOUCHER)[0][3] == Decimal(107)


def test_without_opening_balances_last_years_closing_opens():
    text = HEAD + "#UB -1 1930 500.00\n#UB -1 5010 9.00\n#UB 0 1930 400.00\n" + VOUCHER
    assert controls(text) == [("UB 1930", 6, Decimal(400), Decimal(400), True)]
    assert sie(text).facts["ib_from_previous_ub"] is True
    assert codes(HEAD + "#UB -1 1930 499.00\n" + BALANCES + VOUCHER) == {"opening_differs_from_last_closing", "opening_not_zero"}


@pytest.mark.parametrize(
    ("rows_of_period", "verdict"),
    [
        ("#PSALDO 0 202501 5010 {} 100.00\n#PSALDO 0 202501 5010 {6 1001} 100.00\n", "total"),
        ("#PSALDO 0 202501 5010 {} 40.00\n#PSALDO 0 202501 5010 {6 1001} 60.00\n", "rows"),
        ("#PSALDO 0 202501 5010 {} 40.00\n", "rejected"),
    ],
)
def test_period_balances_are_taken_the_way_that_adds_up(rows_of_period: str, verdict: str):
    result = sie(HEAD + BALANCES + rows_of_period + VOUCHER)
    assert result.facts["period_balances"] == {(0, "5010"): verdict}
    assert ((6, "period_balances_rejected") in result.remarks) is (verdict == "rejected")


def test_the_checksum_is_over_labels_and_fields_without_quotes_blanks_and_braces():
    summed = zlib.crc32('#FNAMNEtt "förbund"#VERA120250115Hyra på plats#TRANS501061001100.00#TRANS1930-100.00'.encode("cp437"))
    text = (
        '#FLAGGA 0\n#KSUMMA\n#FNAMN "Ett \\"förbund\\""\n'
        '#VER A 1 20250115 "Hyra på plats"\n{\n  #TRANS 5010 {"6" "1001"} 100.00\n'
        f"#TRANS\t1930 {{ }} -100.00\n}}\n#KSUMMA {summed}\n"
    )
    assert controls(text) == [("KSUMMA", 9, Decimal(summed), Decimal(summed), True)]
    changed = sie(text.replace("-100.00", "-100.01")).controls[0]
    assert changed.judged
    assert changed.declared != changed.actual
    assert not sie(text, "utf-8").controls[0].judged


def test_an_unreadable_balance_is_told_and_no_control():
    text = HEAD + "#UB 0 1930 4oo\n#RES 0 5010 100.00\n" + VOUCHER
    assert [c[0] for c in controls(text)] == ["RES 5010"]
    assert (4, "unreadable_amount") in sie(text).remarks
