"""A corrected row is typed as if the replacement had been delivered, and keeps the identity of what was delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import TextTable
from finsam_pipeline.shaping import Corrections, DeliveryRef, Shaped, shape
from finsam_pipeline_tests.shaping_tables import KEY, PERSON, cells, register, shaped, table

LIST = """
Löpnummer;Insats;Kön;Startdatum;Slutdatum;Kommentar
1;Team Norr;Kvinna;2025-01-05;;
2;Team Nor;Kv;2025-13-05;x;
3;Team Norr;Man;2025-01-05;;
3;Team Norr;Man;2025-01-05;;
"""


def correction(out: Shaped, row: int, **values: str) -> Corrections:
    """What a steward decides about the row, addressed as a review item addresses it."""
    frame = out.rows.assign(occurrence=out.rows.groupby("content").cumcount() + 1)
    found = frame[frame["row"] == row].iloc[0]
    return {(found["content"], int(found["occurrence"])): values}


def applied(source: str, *tables: TextTable, row: int, **values: str) -> tuple[pd.DataFrame, Shaped, Shaped]:
    """(the corrected row, the whole file before and after)."""
    before = shaped(source, *tables)
    after = shaped(source, *tables, corrections=correction(before, row, **values))
    assert after.rows["content"].tolist() == before.rows["content"].tolist()
    assert after.rows["row"].tolist() == before.rows["row"].tolist()
    return after.rows[after.rows["row"] == row], before, after


def untouched(before: Shaped, after: Shaped, *rows: int) -> None:
    """Every other row is as it was."""
    keep = ~before.rows["row"].isin(rows)
    pd.testing.assert_frame_equal(before.rows[keep], after.rows[keep])


def test_a_participation():
    row, before, after = applied(
        "deltagaruppfoljning", table(LIST), row=3, intervention_id="norr", gender=" kvinna ", start_date="2025-03-05", end_date=""
    )
    assert row[["intervention_id", "gender"]].to_numpy().tolist() == [["norr", "woman"]]
    assert row["start_date"].tolist() == [pd.Timestamp("2025-03-05")]
    assert row[["gender_given", "start_date_given", "end_date_given"]].to_numpy().tolist() == [[True, True, False]]
    untouched(before, after, 3)
    assert after.mentions == {"norr"}


def test_of_two_equal_rows_only_the_one_decided_on_changes():
    row, before, after = applied("deltagaruppfoljning", table(LIST), row=5, participant="4")
    untouched(before, after, 5)
    assert row["participant"].tolist() != before.rows.loc[before.rows["row"] == 5, "participant"].tolist()


def test_a_column_the_file_lacks_can_be_given():
    row, _, after = applied("deltagaruppfoljning", table(LIST), row=2, exit_reason="Arbete")
    assert cells(row, "exit_reason") == ["arbete"]
    assert after.rows["exit_reason_given"].tolist() == [True, False, False, False]
    assert after.drift == []


def test_occurrences_are_counted_through_the_sheets_of_a_file():
    one, two = table(LIST, "Team Norr"), table(LIST, "Team Norr")
    before = shaped("deltagaruppfoljning", one, two)
    content = before.rows["content"].iloc[0]
    out = shaped("deltagaruppfoljning", one, two, corrections={(content, 2): {"gender": "man"}})
    assert out.rows.loc[out.rows["content"] == content, "gender"].tolist() == ["woman", "man"]


def test_a_personnummer_taken_away_and_one_put_in_are_both_seen():
    text = LIST.replace("1;Team Norr;", f"{PERSON};Team Norr;")
    row, before, _ = applied("deltagaruppfoljning", table(text), row=2, participant="17")
    assert cells(before.rows, "personnummer_in")[0] == "participant"
    assert cells(row, "personnummer_in") == [None]
    row, _, _ = applied("deltagaruppfoljning", table(LIST), row=2, team=f"Ort {PERSON}")
    assert cells(row, "personnummer_in") == ["team"]


def test_headers_that_mean_the_same_column_are_replaced_together():
    text = "Lnr;Nr;Insats;Kön;Start;Slutdatum\n;7;Team Norr;k;2025-01-05;\n8;9;Team Norr;k;2025-01-05;"
    row, before, _ = applied("deltagaruppfoljning", table(text), row=3, participant="7")
    assert row["participant"].tolist() == before.rows.loc[before.rows["row"] == 2, "participant"].tolist()


def test_a_budget_row():
    text = "Version;Beslutad;Period;Rad;Projekt;Belopp\nB;2024-12-10;2025H1;Hyr;1001;1 000,50\nB;2024-12-10;2025H1;Hyra;1001;x"
    row, _, _ = applied("budget", table(text), row=2, line_id="Hyra och lokal", period="2025")
    assert row[["line_id", "line_known", "period"]].to_numpy().tolist() == [["hyra", True, "2025"]]
    assert row["period_to"].tolist() == [pd.Timestamp("2025-12-31")]
    row, _, _ = applied("budget", table(text), row=3, amount="7")
    assert cells(row, "amount") == [Decimal(7)]


def test_a_replacement_says_nothing_of_how_the_column_writes_its_decimals():
    text = "Version;Beslutad;Period;Rad;Belopp\nB;;2025;Hyra;1,234\nB;;2025;Hyra;5.25\nB;;2025;Hyra;x"
    row, before, after = applied("budget", table(text), row=4, amount="100,50")
    assert cells(row, "amount") == [Decimal("100.50")]
    assert cells(before.rows, "amount")[0] == Decimal(1234)
    untouched(before, after, 4)


LEDGER = """
Ver;Datum;Konto;Projekt;Debet;Kredit
A 1;2025-01-05;5010;1001;1 000,50;
A 1;2025-01-05;1930;;;1 000,50
A 2;2025-02-30;50;;x;
A 2;2025-02-03;1930;;;7
Summa;;;;1 007,50;1 007,50
"""


def test_a_ledger_row_before_its_amount_voucher_and_year_are_derived():
    row, before, after = applied(
        "huvudbok", table(LEDGER), row=4, date="2025-02-03", account="5010", debit="7,00", number="B 3", dim_6="1002"
    )
    assert cells(row, "amount") == [Decimal(7)]
    assert row[["amount_state", "voucher", "account", "objects"]].to_numpy().tolist() == [["ok", "2025/B/3", "5010", "|6:1002|"]]
    assert row["number_int"].tolist() == [3]
    untouched(before, after, 4)
    assert before.controls["judged"].tolist() == [False, False]
    assert after.controls["judged"].tolist() == [True, True]
    assert (after.controls["declared"] == after.controls["actual"]).all()


def test_a_single_amount_stands_for_debit_and_credit():
    row, _, _ = applied("huvudbok", table(LEDGER), row=4, amount="-5")
    assert cells(row, "amount") == [Decimal(-5)]
    assert row["amount_state"].tolist() == ["ok"]
    row, _, _ = applied("huvudbok", table("Ver;Datum;Konto;Belopp\n1;2025-01-05;1930;x"), row=2, credit="5")
    assert cells(row, "amount") == [Decimal(-5)]


def test_another_year_is_another_voucher():
    row, _, _ = applied("huvudbok", table(LEDGER), row=2, date="2024-12-31")
    assert row[["fiscal_year", "voucher"]].to_numpy().tolist() == [[2024, "2024/A/1"]]
    assert row["year_to"].tolist() == [pd.Timestamp("2024-12-31")]


def test_a_voucher_whose_head_is_corrected_keeps_its_lines():
    text = "Ver;Datum;Konto;Belopp\nA 1;2025-02-30;5010;7\n;;1930;-7\nA 2;2025-02-03;5010;1\n;;1930;-1"
    _, before, after = applied("huvudbok", table(text), row=2, date="2025-02-28", number="A 9")
    assert cells(after.rows, "voucher") == ["2025/A/9", "2025/A/9", "2025/A/2", "2025/A/2"]
    assert cells(after.rows, "date")[:2] == [pd.Timestamp("2025-02-28")] * 2
    untouched(before, after, 2, 3)


def test_a_line_of_an_account_section_can_be_given_an_account_of_its_own():
    banks, rents = ";;1930 Bank;;\n1;2025-01-05;;;10\n2;2025-01-06;;;5\n", ";;5010 Hyra;;\n1;2025-01-05;;10;\n2;2025-01-06;;5;"
    text = "Ver;Datum;Konto;Debet;Kredit\n" + banks + rents
    _, before, after = applied("huvudbok", table(text), row=4, account="1940")
    assert cells(after.rows, "account") == ["1930", "1940", "5010", "5010"]
    untouched(before, after, 4)


SIE = """#FLAGGA 0
#SIETYP 4
#RAR 0 20250101 20251231
#IB 0 1930 1,234
#VER A 1 20250105
{
#TRANS 5010 {1 910} 1,234
#TRANS 19 {} -1234
}
"""


def shaped_sie(corrections: Corrections | None = None) -> Shaped:
    ref = DeliveryRef("a", "huvudbok", "x.se", "0" * 64, dt.date(2025, 9, 15))
    return shape(read(SIE.encode(), "x.se"), SOURCES["huvudbok"], register(), ref, Pseudonymiser(KEY), corrections)


def applied_sie(row: int, values: Mapping[str, str]) -> pd.DataFrame:
    before = shaped_sie()
    after = shaped_sie(correction(before, row, **values))
    assert after.rows["content"].tolist() == before.rows["content"].tolist()
    untouched(before, after, row)
    return after.rows[after.rows["row"] == row]


def test_a_sie_row():
    row = applied_sie(7, {"amount": "1 234,00", "dim_6": "1001", "dim_1": "", "date": "2025-01-06"})
    assert cells(row, "amount") == [Decimal(1234)]
    assert row[["amount_state", "objects", "voucher"]].to_numpy().tolist() == [["ok", "|6:1001|", "2025/A/1"]]
    assert row["date"].tolist() == [pd.Timestamp("2025-01-06")]
    assert applied_sie(8, {"account": "1930"})["account"].tolist() == ["1930"]
    assert applied_sie(8, {"number": "B 2"})["voucher"].tolist() == ["2025/B/2"]
    assert cells(applied_sie(7, {"credit": "5"}), "amount") == [Decimal(-5)]
    assert cells(applied_sie(4, {"amount": "5"}), "amount") == [Decimal(5)]
