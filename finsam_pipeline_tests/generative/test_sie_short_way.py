"""Plain SIE vouchers are read a block of lines at a time; the result is what the tokenizer gives, line by line, in every file.

The tokenizer alone is had by finding no voucher plain. Blocks are a few lines long here, so that cuts fall everywhere.
"""

from __future__ import annotations

import os
import re
import zlib
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finsam_pipeline.readers import Rejected, read, sie_lines, sie_plain

HEAD = (
    "#FLAGGA 0\n#SIETYP 4\n#RAR 0 20250101 20251231\n#OMFATTN 20250531\n#KONTO 1930 Bank\n#OBJEKT 6 1001 Norr\n"
    "#IB 0 1930 5.00\n#UB 0 1930 4\n#RES 0 5010 1.5\n"
)
EXAMPLES = int(os.environ.get("FINSAM_SIE_EXAMPLES", "150"))

words = st.sampled_from(
    [
        "",
        "A",
        "1",
        "Hyra",
        "två ord",
        "en {klammer}",
        "{",
        "}",
        "å\xa0",
        "\x1a",
        '\\"',
        "\\",
        "#TRANS",
        "÷",
        "Ink”p",
        "\x0b",
        "\u2028",
    ]
)
quoted = words.map(lambda word: f'"{word}"')
fields = st.one_of(quoted, words, st.sampled_from(["x", "12", '"oavslutad', 'mitt"i', "a{b}"]))
gaps = st.sampled_from([" ", " ", " ", "  ", "\t", ""])
accounts = st.sampled_from(["1930", "5010", '"5010"', "50", "11AF", '""', "DIFF"])
amounts = st.sampled_from(
    [
        "100.00",
        "-100.00",
        "1",
        "0",
        "-0",
        "-0.00",
        "007.5",
        ".5",
        "5.",
        "1.005",
        "1,5",
        '"12.50"',
        '"1 000.00"',
        "+1",
        "1" * 16,
        "1" * 17,
        "",
    ]
)
dates = st.sampled_from(["20250115", "20250601", '"20250115"', '""', "", "2025-01-15", "250115", "20250231", "x", "20241231"])
lists = st.one_of(
    st.sampled_from(
        ["{}", "{ }", "{6 1001}", '{"6" "1001"}', '{ "06" "1001" 1 910 }', "{\t6\t1001\t}", '{6 "två ord"}', "{1 a 1 b}"]
    ),
    st.sampled_from(
        ["", "{6 1001", "{6}", '{6 "}"}', '{6 "}', "{{}}", '{6 a"b"}', '{"6""1"}', "{\xa0}", '{6 "a\\"b"}', "{}{}", '{""}']
    ),
)
ends = st.sampled_from(["", "", "", " ", "\t", "\x1a", "\xa0", " }", " {", " extra 1 2 3", ' "a" "b'])
labels = st.sampled_from(["#TRANS"] * 8 + ["#trans", "#BTRANS", "#RTRANS", "#TRANSX", "\xa0#TRANS"])
indents = st.sampled_from(["", "", "   ", "\t"])


@st.composite
def rows(draw: st.DrawFn) -> str:
    parts = [draw(indents) + draw(labels), draw(accounts), draw(lists), draw(amounts), draw(dates)]
    parts += draw(st.lists(fields, max_size=3))
    return "".join(part + draw(gaps) for part in parts).rstrip(" \t") + draw(ends)


plain_rows = st.builds(
    "#TRANS {} {} {} {} {}".format,
    st.sampled_from(["1930", "5010"]), st.sampled_from(["{}", '{"6" "1001"}']), st.sampled_from(["100.00", "-7"]),
    st.sampled_from(["20250115", '""']), st.sampled_from(["", '"Hyra för juni"']),
)  # fmt: skip
plain_heads = st.builds(
    '#VER {} {} 20250115 "{}"'.format, st.sampled_from(["A", '""']), st.integers(1, 99), st.sampled_from(["Hyra", ""])
)
odd_heads = st.builds("#VER {} {} {} {}{}".format, fields, fields, dates, fields, ends)
odd_lines = st.sampled_from(
    [
        "",
        "  ",
        "{",
        "}",
        "{ ",
        "\t}",
        "\x1a",
        "\xa0",
        "lösa ord",
        "#PROSA x",
        "#OKÄND 1",
        "#UB 0 5010 1",
        "#KSUMMA",
        "#KSUMMA 123",
        '#GEN 2025 "',
        "#VER",
    ]
)
plain_vouchers = st.builds(lambda head, body: "\n".join([head, "{", *body, "}"]), plain_heads, st.lists(plain_rows, max_size=3))
odd_vouchers = st.builds(
    lambda head, begins, body, ends: "\n".join([head, begins, *body, ends]),
    st.one_of(plain_heads, odd_heads), st.sampled_from(["{", "{", ""]),
    st.lists(st.one_of(plain_rows, rows(), odd_lines), max_size=4), st.sampled_from(["}", "}", "}", "", "} #"]),
)  # fmt: skip
documents = st.builds(
    lambda head, parts: head + "\n".join(parts),
    st.sampled_from([HEAD, ""]), st.lists(st.one_of(plain_vouchers, plain_vouchers, odd_vouchers, odd_lines), max_size=8),
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    text=documents,
    encoding=st.sampled_from(["utf-8", "cp437", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.sampled_from([1, 60, 10_000]),
)
def test_both_ways_give_the_same(text: str, encoding: str, end: str, size: int) -> None:
    data = text.replace("\n", end).encode(encoding, "ignore")
    with mock.patch.object(sie_lines, "BLOCK_CHARACTERS", size):
        by_blocks = said(data)
    with mock.patch.object(sie_plain, "_whole", nothing_is_plain):
        by_lines = said(data)
    assert by_blocks == by_lines


@settings(max_examples=EXAMPLES, deadline=None)
@given(vouchers=st.lists(plain_vouchers, min_size=1, max_size=6), cuts=st.data())
def test_a_damaged_plain_file_too(vouchers: list[str], cuts: st.DataObject) -> None:
    data = bytearray((HEAD + "\n".join(vouchers) + "\n").encode("cp437"))
    for _ in range(cuts.draw(st.integers(1, 4))):
        place = cuts.draw(st.integers(0, len(data) - 1))
        data[place : place + cuts.draw(st.integers(0, 3))] = cuts.draw(
            st.sampled_from([b"", b'"', b"{", b"}", b"\\", b"\n", b"\r", b" ", b"\t", b"#", b"\xff", b"-"])
        )
    with mock.patch.object(sie_lines, "BLOCK_CHARACTERS", 40):
        by_blocks = said(bytes(data))
    with mock.patch.object(sie_plain, "_whole", nothing_is_plain):
        by_lines = said(bytes(data))
    assert by_blocks == by_lines


@settings(max_examples=EXAMPLES, deadline=None)
@given(parts=st.lists(st.sampled_from(["\n", "\r\n", "\r", "#VER ", "å", " "]), max_size=30), size=st.integers(1, 20))
def test_lines_end_alike_whatever_ends_stand_beside_each_other(parts: list[str], size: int) -> None:
    text = "".join(parts)
    expected = re.split(r"\r\n|\n|\r", text)
    found = [*sie_lines.blocks(text, size)]
    assert [line for block in found for line in block.text(0, len(block.lines))] == (expected if expected[-1] else expected[:-1])
    assert [block.first for block in found] == [1 + sum(len(block.lines) for block in found[:n]) for n in range(len(found))]


EDGES = [
    "#TRANS 1930 {} 1 20250115 Hyra\xa0",
    "#TRANS 1930 {} 1 20250115\x1a",
    "#TRANS 1930 {} -0.00",
    "#TRANS 1930 {} -0",
    "#TRANS 1930 {6} 1",
    '#TRANS 1930 {6 "} 1',
    '#TRANS 1930 {6 a"b"} 1',
    '#TRANS 1930 {"6""1001"} 1',
    "#TRANS 1930 {6 1001\xa0} 1",
    "#TRANS 1930 {} 1 2025-01-15",
    '#TRANS 1930 {} 1 " 20250115"',
    "#TRANS 1930 {} 1 20250115 a{b",
    "#TRANS 1930 {} 1 20250115 text }",
    '#TRANS 1930 {} 1 20250115 "a" "b',
    '#TRANS 1930 {} "1.5" "" "x"',
    "#TRANS 1930{} 1",
    "#trans 1930 {} 1",
    "#RTRANS 1930 {} 1",
    "}",
]


@pytest.mark.parametrize("line", EDGES)
@pytest.mark.parametrize(
    "head",
    [
        '#VER A 1 20250115 "Hyra"',
        "#VER A 1 20250115 Hyra\xa0",
        "#VER A 1",
        '#VER "" "" 250115',
        "#VER A 1 20250115 {",
        "#VER A 1 20250115\n#TRANS 5010 {} 1",
    ],
)
def test_lines_at_the_edge_of_the_plain_form(head: str, line: str) -> None:
    data = f"{HEAD}{head}\n{{\n{line}\n#TRANS 5010 {{}} -1\n}}\n#VER A 2 20250116\n{{\n{line}\n}}\n".encode()
    by_blocks = said(data)
    with mock.patch.object(sie_plain, "_whole", nothing_is_plain):
        assert by_blocks == said(data)


@pytest.mark.parametrize(
    "style",
    [
        "#TRANS 1930 {{6 1001}} {}",
        '\t#TRANS\t"1930"\t{{"6" "1001"}}\t"{}"\t20250115\t""',
        '#TRANS 1930 {{ }} {} "" "en text" 1 sign',
    ],
)
def test_what_programs_write_goes_the_short_way(style: str) -> None:
    body = "\n".join(style.format(amount) for amount in ("100.00", "-99.5", "-0.50"))
    data = HEAD + "\n\n".join(f'#VER "A" {n} 20250115 "Hyra" 20250116\n{{\n{body}\n\n}}' for n in range(1, 6)) + "\n"
    with mock.patch.object(sie_plain.PlainVouchers, "rows", autospec=True, side_effect=sie_plain.PlainVouchers.rows) as gathered:
        frame = read(data.encode(), "x.se").tables[0].frame
    assert sum(len(call.args[0]) for call in gathered.call_args_list) == 5
    assert (len(frame), frame["block"].unique().tolist()) == (15, ["1", "2", "3", "4", "5"])


def test_a_checksum_over_plain_vouchers_is_that_of_their_words() -> None:
    rows = '  #TRANS 5010 {"6" "10 01"} 100.0 "" "två  ord"\n\n#TRANS\t1930 { } -100.00'
    voucher = f'#VER "A" 1 20250115 "Hyra på plats" 20250116\n{{\n{rows}\n}}\n'
    summed = zlib.crc32(("#VERA120250115Hyra på plats20250116#TRANS5010610 01100.0två  ord#TRANS1930-100.00" * 2).encode("cp437"))
    (control,) = read(f"#FLAGGA 0\n#KSUMMA\n{voucher * 2}#KSUMMA {summed}\n".encode("cp437"), "x.se").controls
    assert control.declared == control.actual == summed


def nothing_is_plain(_: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (np.zeros(0, dtype=np.int64),) * 2


def said(data: bytes) -> object:
    """Everything the reader says of a file."""
    try:
        found = read(data, "x.se")
    except Rejected as rejected:
        return rejected.reason
    facts = {name: fact for name, fact in found.facts.items() if name != "history"}
    frames = [*(table.frame for table in found.tables), found.facts["history"]] if "history" in found.facts else []
    told = [(frame.index.tolist(), frame.to_dict("list")) for frame in frames]
    return told, found.controls, facts, found.remarks
