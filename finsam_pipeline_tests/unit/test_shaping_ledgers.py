"""Ledgers in every layout come out as the same rows: account, voucher, date, signed amount, objects."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.shaping import DeliveryRef, Shaped, shape
from finsam_pipeline_tests.shaping_tables import KEY, cells, register, shaped, table

FLAT = """
Förbundet
Verifikationslista

Vernr;Bokföringsdatum;Konto;Benämning;Ks;Projnr;Verifikationstext;Debet;Kredit;Saldo
A 1;2025-01-05;5010;Hyra;910;1001;Hyra;1 000,50;;77,00
A 1;2025-01-05;1930;Bank;;;;;1 000,50;
a-2;05.02.2025;5010;Hyra;;;Summa hyror;200,00;;
A2;250205;1930;Bank;;;;;200,00;
Summa;;;;;;;1 200,50;1 200,50;
"""


def rows(out: Shaped) -> list[tuple[object, ...]]:
    return list(zip(*(cells(out.rows, c) for c in ("account", "voucher", "amount")), strict=True))


EXPECTED = [
    ("5010", "2025/A/1", Decimal("1000.50")),
    ("1930", "2025/A/1", Decimal("-1000.50")),
    ("5010", "2025/A/2", Decimal("200.00")),
    ("1930", "2025/A/2", Decimal("-200.00")),
]


def test_flat():
    out = shaped("huvudbok", table(FLAT))
    assert rows(out) == EXPECTED
    assert out.rows["row"].tolist() == [5, 6, 7, 8]
    assert out.rows["objects"].tolist() == ["|1:910|6:1001|", "", "", ""]
    assert out.rows["number_int"].tolist() == [1, 1, 2, 2]
    assert out.rows["kind"].unique().tolist() == ["transaction"]
    assert out.rows["amount_state"].unique().tolist() == ["ok"]
    assert (out.controls["declared"] == out.controls["actual"]).all()
    assert out.controls["column"].tolist() == ["debit", "credit"]


def test_voucher_number_on_the_first_line_only():
    text = FLAT.replace("\nA 1;2025-01-05;1930;Bank;;;;", "\n;;1930;Bank;;;Summa av det;").replace("\nA2;250205;", "\n;;")
    assert rows(shaped("huvudbok", table(text))) == EXPECTED


def test_voucher_on_a_line_of_its_own():
    text = FLAT.replace("\nA 1;2025-01-05;5010", "\nA 1;2025-01-05;;;;;Hyra;;;\n;;5010").replace(
        "\nA 1;2025-01-05;1930", "\n;;1930"
    )
    out = shaped("huvudbok", table(text))
    assert rows(out) == EXPECTED
    assert out.facts["not_data"] == {"total": 1, "voucher": 1}


def test_a_text_that_begins_with_summa_is_a_posting_wherever_its_column_stands():
    text = "Text;Ver;Datum;Konto;Belopp\nHyra;1;2025-01-05;5010;5\nSumma hyror;;;1930;-5\nSumma;;;;0"
    out = shaped("huvudbok", table(text))
    assert cells(out.rows, "voucher") == ["2025//1", "2025//1"]
    assert out.facts["not_data"] == {"total": 1}


def test_account_sections():
    text = """
Huvudbok;;;;;;;
Konto;Namn;Ks;Vernr;Datum;Text;Debet;Kredit;Saldo
1930;Bank;;;;;;;
;;;;;Ingående balans;;;5 000,00
;;;A 1;2025-01-05;Hyra;;1 000,50;3 999,50
;;;A 2;2025-02-05;Hyra;;200,00;
;;;;;Utgående balans;;;3 799,50
5010 Hyra
;;910;A 1;2025-01-05;Hyra;1 000,50;;
;;;A 2;2025-02-05;Hyra;200,00;;
;;;;;Omslutning;1 200,50;0,00;
"""
    out = shaped("huvudbok", table(text))
    assert rows(out)[0] == ("1930", None, Decimal("5000.00"))
    assert sorted(map(str, rows(out)[1:])) == sorted(map(str, EXPECTED))
    opening = out.rows.iloc[0]
    assert (opening["kind"], opening["date"]) == ("opening", pd.Timestamp("2025-01-01"))
    assert out.controls["label"].tolist() == ["Summa Debet", "Summa Kredit", "Utgående balans"]
    assert out.controls["actual"].tolist() == [Decimal("1200.50"), Decimal("1200.50"), Decimal("3799.50")]


def test_sections_without_an_account_header_and_series_are_rebuilt_by_number_and_date():
    text = (
        ";;Ver;Datum;Text;Debet;Kredit\n"
        "1930;Bank;;;;;\n"
        ";;1;2025-01-05;x;;10\n"
        ";;1;2025-02-05;x;;20\n"
        "5010;Hyra;;;;;\n"
        ";;1;2025-01-05;x;10;\n"
        ";;1;2025-02-05;x;20;"
    )
    out = shaped("huvudbok", table(text))
    assert cells(out.rows, "account") == ["1930", "1930", "5010", "5010"]
    assert cells(out.rows, "voucher") == ["2025//1/2025-01-05", "2025//1/2025-02-05"] * 2


def test_one_signed_amount_and_a_series_column():
    text = "Serie;Nummer;Datum;Konto;Belopp\nA;1;2025-01-05;5010;100\nA;1;2025-01-05;1930;100-\nB;1;2025-01-05;1930;(5)"
    out = shaped("huvudbok", table(text))
    assert cells(out.rows, "voucher") == ["2025/A/1", "2025/A/1", "2025/B/1"]
    assert cells(out.rows, "amount") == [Decimal(100), Decimal(-100), Decimal(-5)]


def test_amount_states():
    text = (
        "Ver;Datum;Konto;Debet;Kredit\n"
        "1;2025-01-05;5010;5;6\n"
        "2;2025-01-05;5010;;\n"
        "3;2025-01-05;5010;fem;\n"
        "4;2025-01-05;5010;1.234;\n"
        "5;2025-01-05;5010;0;7"
    )
    out = shaped("huvudbok", table(text + "\nSumma;;;9999;13"))
    assert cells(out.rows, "amount_state") == ["both", "missing", "unreadable", "ambiguous", "ok"]
    assert cells(out.rows, "amount")[1:] == [None, None, None, Decimal(-7)]
    assert not out.controls["judged"].any()


def test_a_control_total_that_does_not_hold():
    out = shaped("huvudbok", table(FLAT.replace("1 200,50;1 200,50", "1 200,51;1 200,50")))
    assert out.controls[["declared", "actual"]].values.tolist()[0] == [Decimal("1200.51"), Decimal("1200.50")]
    assert out.controls["judged"].all()


def test_a_row_without_account_or_with_an_unreadable_date_stays_a_row_of_its_voucher():
    text = FLAT.replace("A 1;2025-01-05;5010", "A 1;2025-01-05;").replace("a-2;05.02.2025", "a-2;30.02.2025")
    out = shaped("huvudbok", table(text))
    assert cells(out.rows, "account") == [None, "1930", "5010", "1930"]
    assert cells(out.rows, "voucher") == [voucher for _, voucher, _ in EXPECTED]
    assert out.rows["date"].isna().tolist() == [False, False, True, False]
    assert out.rows["date_given"].all()


def test_opening_balances_alone_need_no_voucher_column():
    text = "Konto;Datum;Text;Belopp\n2067;2025-01-01;Ingående balans;-1752000,00\n1930;2025-01-01;Ingående saldo;1752000,00"
    out = shaped("huvudbok", table(text))
    assert out.rows["kind"].tolist() == ["opening", "opening"]
    assert cells(out.rows, "voucher") == [None, None]
    with pytest.raises(Rejected, match="missing_column"):
        shaped("huvudbok", table(text + "\n5010;2025-01-02;Hyra;5"))


def test_a_voucher_that_stands_for_the_opening_balances():
    text = (
        "Ver;Datum;Konto;Text;Belopp\n"
        "1;2025-01-01;1930;Ingående balans;50\n"
        "1;2025-01-01;2067;;-50\n"
        "2;2025-01-01;1930;Ingående balans rättas;9\n"
        "2;2025-01-01;5010;;-9"
    )
    assert shaped("huvudbok", table(text)).rows["kind"].tolist() == ["opening", "opening", "transaction", "transaction"]


def test_the_fiscal_year_a_title_states():
    text = "Räkenskapsår 2025-01-01 - 2025-12-31\nVer;Datum;Konto;Belopp\n1;2024-12-31;1930;5\n1;2025-01-01;1930;-5"
    out = shaped("huvudbok", table(text)).rows
    assert out["fiscal_year"].tolist() == [2025, 2025]
    assert (out["date"] < out["year_from"]).tolist() == [True, False]


def test_a_bank_statement_is_no_ledger():
    with pytest.raises(Rejected, match="wrong_source"):
        shaped(
            "huvudbok", table("Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n2025-01-05;2025-01-05;5;x;1;2")
        )


def test_headers_without_swedish_letters():
    out = shaped("huvudbok", table("verifikationsnummer;bokforingsdatum;konto_nr;konto_text;nettobelopp\n1;2025-01-05;1930;x;5"))
    assert cells(out.rows, "account") == ["1930"]


def sie(text: str) -> Shaped:
    ref = DeliveryRef("a", "huvudbok", "x.se", "0" * 64, dt.date(2025, 9, 15))
    return shape(read(text.encode("cp437"), "x.se"), SOURCES["huvudbok"], register(), ref, Pseudonymiser(KEY))


HEAD = '#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#PROGRAM "x" 1\n#RAR 0 20250101 20251231\n'


def test_sie_vouchers_and_opening_balances():
    out = sie(
        HEAD
        + "#IB 0 1930 50.00\n#UB -1 1930 49.00\n"
        + '#UB -1 2067 -50\n#VER A 1 20250105 "Hyra"\n{\n#TRANS 5010 {1 910 "6" "1001"} 5.50\n'
        + "#TRANS 1930 {} -5.50\n}\n#VER A 2 20240105\n{\n#TRANS 1930 {} 1.234\n}\n"
    ).rows
    assert out["row"].tolist() == [6, 11, 12, 16]
    assert out["kind"].tolist() == ["opening"] + ["transaction"] * 3
    assert cells(out, "amount") == [Decimal(50), Decimal("5.50"), Decimal("-5.50"), None]
    assert cells(out, "voucher") == [None, "2025/A/1", "2025/A/1", "2025/A/2"]
    assert out["objects"].tolist()[1] == "|1:910|6:1001|"
    assert out["date"].tolist()[0] == pd.Timestamp("2025-01-01")
    assert out["fiscal_year"].unique().tolist() == [2025]
    assert cells(out, "amount_state")[-1] == "unreadable"


def test_last_years_closing_balances_open_the_year_only_where_nothing_else_does():
    closed = "#UB -1 1930 50\n#UB -1 2067 -50\n#UB -1 5010 7\n"
    voucher = "#VER A 1 20250105\n{\n#TRANS 1930 {} 5\n#TRANS 5010 {} -5\n}\n#UB 0 1930 55\n#RES 0 5010 -5\n"
    out = sie(HEAD + closed + voucher)
    assert cells(out.rows[out.rows["kind"] == "opening"], "account") == ["1930", "2067"]
    assert (out.controls["declared"] == out.controls["actual"]).all()
    unreadable = sie(HEAD + "#IB 0 1930 1,234\n" + closed + voucher).rows
    assert cells(unreadable[unreadable["kind"] == "opening"], "amount") == [None]


def test_sie_vouchers_without_numbers_keep_their_names_in_a_longer_file():
    block = '#VER "" "" {}\n{{\n#TRANS 1930 {{}} 5\n#TRANS 5010 {{}} -5\n}}\n'
    short = HEAD + block.format("20250105") * 2
    longer = HEAD + block.format("20250103") + block.format("20250105") * 2
    names = cells(sie(short).rows, "voucher")
    assert len(set(names)) == 2
    assert names == cells(sie(longer).rows, "voucher")[2:]


def test_a_sie_row_with_nothing_in_it_is_a_row():
    out = sie(HEAD + "#TRANS\n#VER A 1 20250105\n{\n#TRANS 1930 {} 5\n#TRANS\n}\n").rows
    assert cells(out, "account") == [None, "1930", None]
    assert len(set(out["content"])) == 3
