"""Files and lines to tables and paragraphs."""

from __future__ import annotations

import io
from decimal import Decimal

import docx
import pytest

from finsam_pipeline.proofread.amounts import alike, read_cell, written
from finsam_pipeline.proofread.flattened import blocks_of, joined
from finsam_pipeline.proofread.model import Document, Measure, Role, RowKind, State, Table, Unit
from finsam_pipeline.proofread.pieces import tail, ways
from finsam_pipeline.proofread.reading import Unreadable, decoded, lines_of, read_report


def tables(text: str) -> list[Table]:
    return Document(tuple(blocks_of(lines_of(text)))).tables


def cells(table: Table) -> list[list[int | None]]:
    return [[int(c.value) if c.given else None for c in r.cells] for r in table.rows if r.cells]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 096 230", "1096230"),
        ("−1 096", "-1096"),
        ("–40", "-40"),
        ("- 7", "-7"),
        ("(250)", "-250"),
        ("47,5", "47.5"),
        ("71,8 %", "71.8"),
        ("9 042 tkr", "9042"),
        ("1.250.000", "1250000"),
        ("+2\u00a0590", "2590"),
    ],
)
def test_figures_as_they_are_printed(text, value):
    assert read_cell(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "state"),
    [("-", "dash"), ("–", "dash"), ("", "empty"), ("..", "hidden"), ("<5", "hidden"), ("1–4", "hidden"), ("ja", "hidden")],
)
def test_what_is_no_figure(text, state):
    assert read_cell(text).state is State(state)


def test_a_figure_is_written_as_a_reader_expects():
    assert written(Decimal("-1096.5")) == "\u22121\u00a0096,5"
    assert written(Decimal(20), 1) == "20,0"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("1098", "1096.23", True),
        ("18582", "18528", True),
        ("347", "444", False),
        ("0", "5", False),
        ("2035", "2305", True),
        ("2035", "1780", False),
    ],
)
def test_what_could_be_a_slip_of_the_pen(one, other, near):
    assert alike(Decimal(one), Decimal(other)) is near


def test_a_line_s_figures_can_be_read_in_several_ways():
    _, pieces = tail("Ny kontaktväg 145 377 512 000 -366 623")
    read = [[int(c.value) for c in own] for own, _ in ways(pieces, 3)]
    assert sorted(read) == [[145, 377512000, -366623], [145377, 512000, -366623], [145377512000, -366, 623]]


@pytest.mark.parametrize("line", ["Resultat första halvåret 2025", "Kvar från 2024 -"])
def test_a_lone_year_is_no_figure(line):
    assert tail(line)[1] == ()


def test_a_year_in_a_label_stays_there():
    label, pieces = tail("Kvar från andra halvåret 2024 198")
    assert (label, [p.text for p in pieces]) == ("Kvar från andra halvåret 2024", ["198"])


STATEMENT = """Tabell 3. Resultat

tkr Utfall Budget  Differens

Stöd till insatser 250 242 8

Lokaler för insatser och
kansli 311 300 11

Räntor -1 0 -1

Summa 560 542 18
"""


def test_rows_with_thousands_that_are_none_and_labels_over_two_lines():
    (table,) = tables(STATEMENT)
    assert cells(table) == [[250, 242, 8], [311, 300, 11], [-1, 0, -1], [560, 542, 18]]
    assert table.roles == (Role.OUTCOME, Role.BUDGET, Role.DIFFERENCE)
    assert (table.name, table.unit) == ("Tabell 3", Unit.TKR)
    assert table.rows[1].label == "Lokaler för insatser och kansli"
    assert table.rows[-1].kind is RowKind.TOTAL


def test_an_empty_cell_is_found_where_the_row_adds_up():
    (table,) = tables(
        "Antal som börjat Kvinnor Män Annan\nköns-ID\nTotalt\nFyren 30 14 1 45\nSteget 59 15 74\nBryggan 13 51 - 64\nTotalt 102 80 1 183\n"
    )
    assert cells(table)[1] == [59, 15, None, 74]
    assert cells(table)[2] == [13, 51, None, 64]
    assert table.measure is Measure.STARTED


def test_a_cell_a_line():
    text = "Insats\nKvinnor\nMän\nTotalt\nFyren\n30\n14\n44\nSteget\n9\n1 008\n1 017\nTotalt\n39\n1 022\n1 061\n"
    (table,) = tables(text)
    assert cells(table) == [[30, 14, 44], [9, 1008, 1017], [39, 1022, 1061]]
    assert [r.label for r in table.rows if r.cells] == ["Fyren", "Steget", "Totalt"]


def test_a_figure_broken_over_two_lines_is_made_whole():
    text = (
        "Insats Utfall Budget Avvikelse\nFyren 6 623 770 7 720 000 -1 096 230\n"
        "Steget 931 411 1 044 000 -112 589\nSumma 7 555\n181 8 764 000 -1 208 819\n"
    )
    (table,) = tables(text)
    assert cells(table)[-1] == [7555181, 8764000, -1208819]


def test_captions_above_one_another_go_to_the_tables_in_order():
    head = "Insats Kvinnor Män Totalt\n"
    text = f"Tabell 1. Deltagare\n\nTabell 2. Började\n\n{head}A 1 2 3\nB 2 2 4\n\n{head}A 1 1 2\nB 0 2 2\n"
    assert [(t.name, t.measure) for t in tables(text)] == [("Tabell 1", Measure.PARTICIPANTS), ("Tabell 2", Measure.STARTED)]


def test_a_page_number_below_a_table_is_no_cell():
    (table,) = tables("Insats Kvinnor Män Totalt\nA 10 20 30\nB 20 20 40\nTotalt 30 40 70\n\n4\n")
    assert cells(table)[-1] == [30, 40, 70]


def test_running_text_that_ends_with_a_figure_is_no_row():
    text = (
        "Förbundet har under perioden haft ett stort antal deltagare i sina insatser, sammanlagt 676\n"
        "deltagare, varav de flesta kom under våren och blev kvar i 12\nveckor."
    )
    assert tables(text) == []


def test_words_broken_at_a_line_end():
    assert joined(["Av de delta-", "gare som"]) == "Av de deltagare som"
    assert joined(["hälso-", "och sjukvård"]) == "hälso- och sjukvård"


def test_word_tables_with_merged_cells_and_text_columns(tmp_path):
    made = docx.Document()
    made.add_paragraph("Tabell 4. Mål")
    table = made.add_table(rows=3, cols=4)
    for i, row in enumerate(
        [["Insats", "Mått", "Mål", "Utfall"], ["Fyren", "Började", "70", "45"], ["Steget", "Deltagare", "140", "1 105"]]
    ):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    file = tmp_path / "rapport.docx"
    made.save(file)
    (read,) = read_report(file).tables
    assert (read.name, cells(read), read.rows[0].label) == ("Tabell 4", [[70, 45], [140, 1105]], "Fyren Började")


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.pdf", b"%PDF-1.7 broken", "PDF"),
        ("a.docx", b"PK\x03\x04broken", "DOCX"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest", "äldre Word-format"),
        ("a.xlsb", b"hello", "varken"),
        ("a.txt", b"\n \n", "ingen text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, name, data, word):
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(Unreadable, match=word):
        read_report(file)


def test_a_missing_file_and_a_zip_that_is_no_document(tmp_path):
    with pytest.raises(Unreadable, match="finns inte"):
        read_report(tmp_path / "inte.txt")
    import zipfile  # noqa: PLC0415

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "b")
    (tmp_path / "b.docx").write_bytes(out.getvalue())
    with pytest.raises(Unreadable):
        read_report(tmp_path / "b.docx")


def test_text_in_other_encodings():
    assert decoded("Män".encode("cp1252")) == "Män"
    assert decoded("Män".encode("utf-16")) == "Män"


def test_what_stands_on_every_page_is_left_out():
    body = ["Insats Kvinnor Män Totalt\nA 1 2 3\nB 2 2 4", "C 3 3 6\nD 1 1 2", "Totalt 7 8 15"]
    text = "\f".join(f"Delårsrapport 2031\n{part}\nFörbundet i Norr {n}" for n, part in enumerate(body, 1))
    (table,) = tables(text)
    assert cells(table) == [[1, 2, 3], [2, 2, 4], [3, 3, 6], [1, 1, 2], [7, 8, 15]]
    assert table.rows[-1].spot.page == 3


def test_a_sum_that_ends_every_page_stays():
    text = "\f".join(f"Tabell {n}. Deltagare\n\nInsats Antal\nFyren 10\nSteget {n}\nTotalt {10 + n}" for n in range(1, 5))
    assert [cells(t)[-1] for t in tables(text)] == [[11], [12], [13], [14]]
