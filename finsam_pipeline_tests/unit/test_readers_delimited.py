"""Delimited text: encodings, line ends, delimiters, quotes, row numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from finsam_pipeline.readers import Limits, Rejected, read

ROWS = "Insats;Kön;Start\nVägen;Kvinna;2025-01-07\nBron;Man;2025-02-11\n"


def cells(data: bytes, name: str = "lista.csv") -> list[list[str | None]]:
    frame = read(data, name).tables[0].frame
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()]


def rows(data: bytes) -> list[int]:
    return read(data, "lista.csv").tables[0].frame.index.tolist()


def reason(data: bytes, name: str = "lista.csv", limits: Limits | None = None) -> str:
    with pytest.raises(Rejected) as caught:
        read(data, name, limits or Limits())
    assert caught.value.message_sv.rstrip().endswith(".")
    return caught.value.reason


EXPECTED = [["Insats", "Kön", "Start"], ["Vägen", "Kvinna", "2025-01-07"], ["Bron", "Man", "2025-02-11"]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize(
    ("bom", "encoding", "named"),
    [
        (b"", "utf-8", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8", "utf-8-bom"),
        (b"\xff\xfe", "utf-16-le", "utf-16-le-bom"),
        (b"\xfe\xff", "utf-16-be", "utf-16-be-bom"),
        (b"", "cp1252", "cp1252"),
    ],
)
def test_every_encoding_delimiter_and_line_end_gives_the_same_cells(
    bom: bytes, encoding: str, named: str, delimiter: str, line_end: str
):
    data = bom + ROWS.replace(";", delimiter).replace("\n", line_end).encode(encoding)
    assert cells(data) == EXPECTED
    facts = read(data, "lista.txt").facts
    assert (facts["format"], facts["encoding"], facts["delimiter"]) == ("csv", named, delimiter)


def test_the_frame_has_nullable_strings_and_numbered_columns():
    frame = read(ROWS.encode(), "lista.csv").tables[0].frame
    assert [str(dtype) for dtype in frame.dtypes] == ["str"] * 3
    assert frame.columns.tolist() == [0, 1, 2]
    assert frame.index.name == "row"


@pytest.mark.parametrize("quote", ["", '"'])
def test_mixed_line_ends_blank_lines_and_ragged_rows_keep_true_row_numbers(quote: str):
    data = f"{quote}Rapport 2025{quote}\r\n\r\nA;B;C\r1;2\n \n;;\n4;5;6;7".encode()
    assert cells(data) == [
        ["Rapport 2025", None, None, None],
        ["A", "B", "C", None],
        ["1", "2", None, None],
        ["4", "5", "6", "7"],
    ]
    assert rows(data) == [1, 3, 4, 7]


def test_a_record_over_several_lines_is_numbered_by_its_first_line():
    data = b'A;B\n1;"two\r\nlines; and a ""quote"""\n3;4\n'
    assert cells(data) == [["A", "B"], ["1", 'two\r\nlines; and a "quote"'], ["3", "4"]]
    assert rows(data) == [1, 2, 4]


def test_a_quote_inside_a_cell_is_data():
    assert cells(b'A;B\nTeam "Norr";x\n24";y\n"Team" Syd;z\n') == [
        ["A", "B"],
        ['Team "Norr"', "x"],
        ['24"', "y"],
        ["Team Syd", "z"],
    ]


def test_blanks_around_a_cell_are_kept_and_blank_cells_are_null():
    assert cells("A;B;C\n x ;\u00a0;\t\n".encode()) == [["A", "B", "C"], [" x ", None, None]]


@pytest.mark.parametrize(
    "text",
    [
        'A;B;C\n1;"x;y\n2;y;z\n3;w;z\n',  # never ends
        'A;B;C\n1;"Norr;y\n2;y;z\n3;"Syd";z\n',  # ends where a later quoted cell begins
        'A;B;C\n1;"Norr;y\n2;y;z\n3;24";z\n',  # swallows a whole row
        'A;B;C\n1;"Norr;y\n3;24";z\n',  # two rows made one
        'A;B;C\n1;2;"z',
    ],
)
def test_a_stray_quote_never_swallows_rows(text: str):
    assert reason(text.encode()) == "truncated"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Konto;Belopp\n5010;1,50\n5020;2,25\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("Rapport, skapad 2025-01-01, av Ada\nA;B;C\n1;2;a, b\n3;4;c\n", ";"),
        ("A,B,C,D\n1,2,x; y,4\n1,2,z; w,4\n", ","),
        ('A,B,C\n"1;2;3",b,c\n"4;5;6",b,c\n', ","),
        ("A\tB\tC\n1\t2,5\thej; hå\n3\t4,5\tx\n", "\t"),
        ("sep=,\nA;x,B;y\n", ","),
        ("en enda kolumn\nrad\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_under_which_most_lines_up(text: str, delimiter: str):
    assert read(text.encode(), "x.csv").facts["delimiter"] == delimiter


@pytest.mark.parametrize(
    "data",
    [
        "Kön".encode("cp1252") + b";\x81\n",  # undefined in Windows-1252
        b"A;B\n1;\x00\n",
        "Kön;B\n".encode("utf-16-le"),  # UTF-16 without a BOM
        b"\xff\xfeA",  # half a character
        b"\xef\xbb\xbfK\xf6n;B\n",  # says UTF-8, is not
        "Kön;Ålder\nå".encode()[:-1],  # cut off in the middle of a character
        "Kön;".encode() + "Ålder\n".encode("cp1252"),
    ],
)
def test_undecodable_bytes_are_never_replaced(data: bytes):
    assert reason(data) == "undecodable"


def test_letters_of_an_earlier_wrong_decoding_are_told_by_line():
    assert read("A;B\nf”rbund;x\n".encode("cp1252"), "x.csv").remarks == [(2, "suspect_letters")]
    assert read("A;B\n”förbund”;x\n".encode("cp1252"), "x.csv").remarks == []


@pytest.mark.parametrize("data", [b"", b"\r\n \r\n", b"\xef\xbb\xbf\n;;;\n", b"\x1a"])
def test_nothing_in_it_is_empty(data: bytes):
    assert reason(data) == "empty"


def test_an_end_of_file_mark_is_no_cell():
    assert cells(b"A;B\n1;2\n\x1a") == [["A", "B"], ["1", "2"]]


@pytest.mark.parametrize("quote", [b"", b'"x"'])
def test_too_many_cells_are_turned_away_before_they_are_made(quote: bytes):
    limits = Limits(cells=1_000)
    assert reason(b"a;b\n" * 100 + quote + b";" * 900 + b"\n", limits=limits) == "oversized"
    assert reason(b"a;b\n" * 100, limits=Limits(bytes=399)) == "oversized"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n", "not_a_table"),
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "not_a_table"),
        (b'<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5"></Sie>', "sie5"),
        (b"\xef\xbb\xbf  <SieEntry>", "sie5"),
        ("\ufeff<html>".encode("utf-16-le"), "not_a_table"),
        (b"<?xml version='1.0'?><a/>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "not_a_table"),
    ],
)
def test_what_is_no_table_is_known_by_its_bytes(data: bytes, expected: str):
    assert reason(data, "huvudbok.csv") == expected


def test_a_text_named_like_a_sie_file_is_no_table():
    assert reason(b"Hej; hopp\n", "bok.SE") == "not_a_table"
    assert cells(b"#VERkligen;b\n", "x.csv") == [["#VERkligen", "b"]]


def test_a_rejection_never_holds_a_cell():
    with pytest.raises(Rejected) as caught:
        read(b'A;B\n1;"hemlig text\n', "x.csv")
    assert "hemlig" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_two_stray_quotes_that_swallow_rows_between_them_are_seen_in_narrow_tables_too(delimiter: str):
    row = delimiter.join(("a", "b", "c", "d"))
    stray = delimiter.join(("", "", '"', ""))
    text = f"{row}\n{row}\n{stray}\n{row}\n{row}\n{stray}\n{row}"
    with pytest.raises(Rejected, match="truncated"):
        read(text.encode(), "x.csv")


def test_a_text_of_several_lines_is_a_cell():
    text = 'a,b,c\n1,2,"först, sedan\nett, två och tre\nslut"\n4,5,6\n'
    assert len(read(text.encode(), "x.csv").tables[0].frame) == 3
