"""Participant lists, counts and budgets: headers, lines that are not rows, interventions by cell, title or sheet."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.readers.table import Rejected, TextTable
from finsam_pipeline_tests.shaping_tables import PERSON, cells, shaped, table

SOURCE = "deltagaruppfoljning"


def test_titles_empty_lines_and_totals_are_not_rows_and_row_numbers_stay_true():
    out = shaped(
        SOURCE,
        table("""
Deltagaruppföljning 2025
Insats: team norr

Lnr;KÖN ;Start;Slut-datum;Anteckning
A1;kvinna;2025-01-02;;ringt
LNR;KÖN ;Start;Slut-datum;Anteckning
A2;man;20250203;2025-03-01;

Summa;2
Sida 1 av 1
"""),
    )
    assert out.rows["row"].tolist() == [5, 7]
    assert out.rows["row_id"].tolist() == [0, 1]
    assert cells(out.rows, "intervention_id") == ["norr", "norr"]
    assert out.controls[["row", "declared", "actual", "judged"]].values.tolist() == [[9, Decimal(2), Decimal(2), True]]
    assert out.physical_rows == 2
    assert out.mentions == {"norr"}


def test_a_repeated_header_is_counted_in_any_writing_of_the_same_text():
    text = "Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;\nLnr;Kön;Start;Slutdatum\n2;m;2025-01-01;"
    out = shaped(SOURCE, table(text))
    assert out.rows["row"].tolist() == [2, 4]
    assert out.facts["not_data"] == {"header": 1}


def test_a_participant_called_summa_is_a_participant():
    out = shaped(SOURCE, table("Lnr;Kön;Start;Slutdatum\nSumma Eriksson;k;2025-01-01;\nSumma;1"))
    assert out.rows["row"].tolist() == [2]
    assert out.controls["declared"].tolist() == [Decimal(1)]


def test_a_total_of_something_else_declares_no_rows():
    out = shaped(SOURCE, table("Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;\nSumma kvinnor;1\nTotalt: 3\n"))
    assert out.controls["declared"].tolist() == [Decimal(3)]
    assert out.controls["actual"].tolist() == [Decimal(1)]


def test_cell_then_title_then_sheet_names_the_intervention():
    header = "Lnr;Kön;Start;Slutdatum;Insats"
    titled = table(f"Insats;Team Norr\n{header}\n1;k;2025-01-01;;\n2;k;2025-01-01;;okänd", sheet="Blad1")
    cut = table(f"{header}\n3;k;2025-01-01;;\n4;k;2025-01-01;;norr", sheet="Insats för personer med långvar")
    out = shaped(SOURCE, titled, cut)
    assert cells(out.rows, "intervention_id") == ["norr", None, "syd", "norr"]
    assert out.rows["intervention_id_given"].all()


def test_a_title_between_two_parts_of_a_sheet_names_the_rows_below_it():
    part = "Lnr;Kön;Start;Slutdatum\n{};k;2025-01-01;"
    out = shaped(SOURCE, table(f"Insats: Team Norr\n{part.format(1)}\nInsats: syd\n{part.format(2)}"))
    assert cells(out.rows, "intervention_id") == ["norr", "syd"]


def test_a_sum_below_each_part_of_a_sheet_counts_its_part():
    part = "Insats: {}\nLnr;Kön;Start;Slutdatum\n"
    rows = "\n".join(f"{n};k;2025-01-01;" for n in range(3))
    text = f"{part.format('Team Norr')}9;k;2025-01-01;\nSumma;1\n\n{part.format('syd')}{rows}\nSumma;{{}}\nTotalt;4"
    right, wrong = (shaped(SOURCE, table(text.format(n))).controls for n in (3, 2))
    assert right["declared"].tolist() == right["actual"].tolist() == [1, 3, 4]
    assert wrong["declared"].tolist() == [1, 2, 4]
    assert wrong["actual"].tolist() == [1, 4, 4]


def test_no_intervention_anywhere_leaves_null():
    out = shaped(SOURCE, table("Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;", sheet="Blad1"))
    assert cells(out.rows, "intervention_id") == [None]
    assert not out.rows["intervention_id_given"].any()
    assert out.mentions == set()


def test_a_sheet_without_rows_still_mentions_its_intervention():
    full = table("Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;", sheet="Team Norr")
    empty = table("Lnr;Kön;Start;Slutdatum", sheet="syd")
    assert shaped(SOURCE, full, empty, table("Läs först", sheet="Läs mig")).mentions == {"norr", "syd"}


@pytest.mark.parametrize(
    ("source", "rows", "beside"),
    [
        (SOURCE, "Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;", "Kön;Utbildning;Anmälande part;Avslutsorsak\nKvinna;Gymnasium;Vården;Arbete"),
        ("huvudbok", "Ver;Datum;Konto;Belopp\nA1;2025-01-01;5010;1,00\nA1;2025-01-01;1930;-1,00", "Konto;Benämning\n5010;Hyra"),
    ],
)  # fmt: skip
def test_lists_kept_beside_the_table_are_passed_over_and_told(source: str, rows: str, beside: str):
    out = shaped(source, table(rows, sheet="Blad1"), table(beside, sheet="Listor"))
    assert out.rows["sheet"].unique().tolist() == ["Blad1"]
    assert out.remarks == [(None, "sheet_aside")]


@pytest.mark.parametrize("header", ["Lnr;Insats;Könstillhörighet;Startdag;Slutdag", "Kön;Start;Slutdatum"])
def test_a_list_with_misspelt_headers_is_no_aside(header: str):
    full = table("Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;", sheet="Team Norr")
    with pytest.raises(Rejected, match="saknas i bladet ”syd”"):
        shaped(SOURCE, full, table(f"{header}\n1;k;2025-01-01;;", sheet="syd"))


def test_two_headers_for_one_column_and_unknown_ones():
    text = f"Lnr;Kön;Startdatum;Start;Slutdatum;Skor;Obs {PERSON}\n1;k;;2025-01-01;;41;\n2;k;2025-02-02;2025-01-01;;;"
    out = shaped(SOURCE, table(text))
    assert out.rows["start_date"].tolist() == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-02")]
    assert out.drift == ["Skor", "Obs [personnummer]"]
    assert "41" not in out.rows.astype(str).to_numpy()


def test_a_personnummer_is_found_in_known_ignored_unknown_and_headerless_cells():
    text = (
        f"Lnr;Kön;Start;Slutdatum;Kommentar;Skor\n{PERSON};k;2025-01-01;;;\n1;k;2025-01-01;;{PERSON};\n2;k;2025-01-01;;;{PERSON}"
    )
    out = shaped(SOURCE, table(f"{text}\n3;k;2025-01-01;;;;{PERSON}\n4;k;2025-01-01;;;"))
    assert cells(out.rows, "personnummer_in") == ["participant", "comment", "Skor", "kolumn 7", None]
    assert out.drift == ["Skor", "(utan rubrik)"]
    assert PERSON not in out.rows.to_csv()


def test_under_the_header_personnummer_it_is_allowed_in_sus_only():
    rows = f"Insats;Kön;Inregistreringsdatum;Utregistreringsdatum\n{PERSON};norr;k;2025-01-01;"
    allowed = shaped("sus_deltagare", table(f"Personnummer;{rows}")).rows
    told = shaped("sus_deltagare", table(f"Deltagar-ID;{rows}")).rows
    assert cells(allowed, "personnummer_in") == [None]
    assert cells(told, "personnummer_in") == ["participant"]
    assert allowed["participant"].tolist() == told["participant"].tolist()


def test_content_is_bound_to_the_cells_and_not_to_their_order_or_headers():
    one = shaped(SOURCE, table("Lnr;Kön;Start;Slutdatum\n1;k;2025-01-01;")).rows
    other = shaped(SOURCE, table("Titel\nKÖN;Löpnummer;Slutdatum;Startdatum\nk;1;;2025-01-01")).rows
    changed = shaped(SOURCE, table("Lnr;Kön;Start;Slutdatum\n1;k;2025-01-02;")).rows
    assert one["content"].tolist() == other["content"].tolist() != changed["content"].tolist()


@pytest.mark.parametrize(
    ("text", "reason", "says"),
    [
        ("Lnr;Kön;Start\n1;k;2025-01-01", "missing_column", "Slutdatum, Avslutad, Utskriven"),
        ("Hej;på;dig\n1;2;3", "no_header", "Löpnummer"),
    ],
)
def test_rejections_say_what_is_accepted_and_hold_no_value(text: str, reason: str, says: str):
    with pytest.raises(Rejected) as caught:
        shaped(SOURCE, table(text, sheet=f"Blad {PERSON}"))
    assert caught.value.reason == reason
    assert says in caught.value.message_sv
    assert PERSON not in str(caught.value)


def test_a_sie_file_belongs_in_huvudbok():
    with pytest.raises(Rejected, match="wrong_source"):
        shaped("budget", TextTable(None, pd.DataFrame({"account": ["1930"]}), named=True))


def test_counts_with_a_total_row():
    text = (
        "Insats;Från;Till;Kvinnor;Män;Totalt;ESF-finansiering\n"
        "norr;2025-01-01;2025-06-30;1 200;2;1 202;Nej\n"
        "Totalt;2025-01-01;;1 200;2;1 202;"
    )
    out = shaped("uppfoljning_finsam", table(text))
    assert out.rows[["women", "men", "total", "esf"]].values.tolist() == [[1200, 2, 1202, False]]
    assert out.rows["other"].isna().all()
    assert out.controls.empty


def test_budget_lines_objects_and_periods():
    text = """
Version;Beslutad;Period;Rad;Konto;Projekt;Belopp
v1;2024-12-01;2025H1;HYRA och lokal;;;1 000
v1;2024-12-01;2025;hyra;;1001 Norr;1 000
v1;2024-12-01;2025-03;okänd;;9999;1 000
v1;2024-12-01;2025X;;5010;;1 000
v1;2024-12-01;2025;summa;;;1 000
"""
    rows = shaped("budget", table(text)).rows
    assert cells(rows, "line_id") == ["hyra", "hyra", None, None, None]
    assert rows["line_known"].tolist() == [True, True, False, False, False]
    assert rows["object_known"].tolist() == [True, True, False, True, True]
    assert cells(rows, "intervention_id") == [None, "norr", None, None, None]
    assert rows["period_to"].dt.strftime("%Y-%m-%d").fillna("").tolist() == [
        "2025-06-30",
        "2025-12-31",
        "2025-03-31",
        "",
        "2025-12-31",
    ]


def test_the_calendar_year_that_supersedes():
    rows = shaped("aktiviteter", table("Datum;Aktivitet;Typ;Antal deltagare\n2024-12-31;x;y;5\n;x;y;5")).rows
    assert cells(rows, "year") == [2024, None]


def test_every_contract_column_is_there_with_one_type_whatever_the_file_holds():
    minimal = {
        name: ";".join(c.headers[0] for c in contract.columns if c.required or c.name in {"debit", "account"})
        for name, contract in SOURCES.items()
    }
    for name, header in minimal.items():
        empty = shaped(name, table(header)).rows
        for column in SOURCES[name].columns:
            assert (column.name in empty.columns) == (column.kind != "ignored"), (name, column.name)
            assert not column.flagged or empty[f"{column.name}_given"].dtype == bool
        assert len(empty) == 0


def test_rows_above_the_header_are_not_passed_over():
    rows = "1;Team Norr;k;2025-01-05;\n2;Team Norr;m;2025-01-05;\n"
    head = "Löpnummer;Insats;Kön;Startdatum;Slutdatum\n"
    with pytest.raises(Rejected, match=r"no_header.*rad 2 "):
        shaped("deltagaruppfoljning", table(f"Lista;;;;\n{rows}{head}{rows}"))
    titles = "Från;2025-01-01;till;2025-06-30;\nAntal;45;;;\nInsats;Team Norr;;;\n"
    assert shaped("deltagaruppfoljning", table(titles + head + rows)).physical_rows == 2
