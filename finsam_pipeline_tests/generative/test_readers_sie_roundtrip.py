"""Random vouchers written as SIE come back the same, whatever the encoding, the line ends and the writer's habits."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from finsam_pipeline.readers import read

ACCOUNTS = ("1930", "2440", "3985", "5010", "7210")
WORDS = st.text(alphabet=st.sampled_from('aåÖ1 {}\\"#'), min_size=1, max_size=8).map(lambda word: f"x{word}x")
AMOUNTS = st.integers(-10_000_000, 10_000_000).map(lambda ore: Decimal(ore).scaleb(-2))
OBJECTS = st.dictionaries(st.sampled_from(["1", "6", "20"]), st.sampled_from(["910", "1001", "Nord", "4-1"]), max_size=3)
ROWS = st.lists(st.tuples(st.sampled_from(ACCOUNTS), OBJECTS, AMOUNTS, WORDS), min_size=1, max_size=4)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(vouchers: list[list[tuple[str, dict[str, str], Decimal, str]]], gap: str, *, bare: bool) -> str:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    lines = ["#FLAGGA 0", "#SIETYP 4", "#RAR 0 20250101 20251231"]
    for number, rows in enumerate(vouchers, start=1):
        lines += [f"#VER{gap}A{gap}{number}{gap}20250131", "{"]
        for account, objects, amount, text in rows:
            sums[account] += amount
            inside = " ".join(word if bare else f'"{word}"' for pair in objects.items() for word in pair)
            lines.append(f"{gap}#TRANS{gap}{account}{gap}{{{inside}}}{gap}{amount}{gap}20250131{gap}{quoted(text)}")
        lines.append("}")
    lines += [f"#{'UB' if account < '3' else 'RES'} 0 {account} {total}" for account, total in sums.items()]
    return "\n".join(lines)


@settings(max_examples=150, deadline=None)
@given(
    vouchers=st.lists(ROWS, min_size=1, max_size=4),
    encoding=st.sampled_from(["cp437", "utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    gap=st.sampled_from([" ", "\t", "   "]),
    bare=st.booleans(),
)
def test_vouchers_come_back(
    vouchers: list[list[tuple[str, dict[str, str], Decimal, str]]], encoding: str, end: str, gap: str, *, bare: bool
) -> None:
    text = written(vouchers, gap, bare=bare)
    result = read(text.replace("\n", end).encode(encoding), "bok.se")
    rows = [(str(number), *row) for number, voucher in enumerate(vouchers, start=1) for row in voucher]
    frame = result.tables[0].frame
    assert frame["block"].tolist() == [row[0] for row in rows]
    assert frame["account"].tolist() == [row[1] for row in rows]
    assert [Decimal(amount) for amount in frame["amount"]] == [row[3] for row in rows]
    assert frame["text"].tolist() == [row[4] for row in rows]
    tags = ["|" + "|".join(f"{d}:{row[2][d]}" for d in ("1", "6", "20") if d in row[2]) + "|" if row[2] else "" for row in rows]
    assert frame["objects"].tolist() == tags
    lines = text.split("\n")
    assert all("#TRANS" in lines[number - 1] for number in frame.index)
    assert result.controls
    assert all(control.judged and control.declared == control.actual for control in result.controls)
