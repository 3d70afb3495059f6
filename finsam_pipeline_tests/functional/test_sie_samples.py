"""Real SIE files of many programs: rows and sums against an independent count by line, or a true reason.

The files are not ours to pass on: the tests read them where they stand and skip when they do not. Nothing of what they hold is
printed.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from finsam_pipeline.readers import Rejected, read

SHARED = Path(os.environ.get("FINSAM_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
FILES = sorted(path for path in SHARED.glob("samples/sie/*/*") if path.is_file())
LEDGERS = sorted(path for path in SHARED.glob("landing/**/huvudbok/**/*") if path.suffix.lower() in {".se", ".si", ".sie"})
VOUCHER = re.compile(rb"[ \t]*#VER(?=[ \t])")
ROW = re.compile(rb"[ \t]*#TRANS[ \t]+\S+[ \t]+\{[^}]*\}[ \t]+(-?[0-9]+(?:\.[0-9]+)?)(?=[ \t]|$)")

pytestmark = pytest.mark.skipif(not FILES, reason="no sample files beside the repository")


def counted(data: bytes) -> dict[str, tuple[int, Decimal]]:
    """Voucher by running number -> rows and their sum, found by a line expression and nothing of the reader."""
    found: defaultdict[str, list[Decimal]] = defaultdict(list)
    block = 0
    for line in re.split(rb"\r\n|\n|\r", data):
        block += bool(VOUCHER.match(line))
        if match := ROW.match(line):
            found[str(block)].append(Decimal(match[1].decode()))
    return {block: (len(amounts), sum(amounts, Decimal(0))) for block, amounts in found.items()}


@pytest.mark.parametrize("path", [*FILES, *LEDGERS], ids=lambda path: path.name)
def test_every_file_is_read_whole_or_rejected_for_a_true_reason(path: Path):
    data = path.read_bytes()
    if not re.search(rb"(?m)^[ \t]*#[A-Z]+", data):
        with pytest.raises(Rejected) as caught:
            read(data, path.name)
        assert caught.value.reason == ("sie5" if b"http://www.sie.se/sie5" in data else "not_a_table")
        return
    result = read(data, path.name)
    vouchers = result.tables[0].frame
    assert len(vouchers) == len(re.findall(rb"(?m)^[ \t]*#TRANS(?=[ \t])", data.replace(b"\r", b"\n")))
    got: defaultdict[str, list[Decimal]] = defaultdict(list)
    for block, amount in zip(vouchers["block"], vouchers["amount"], strict=True):
        got[block].append(Decimal(amount))
    assert {block: (len(amounts), sum(amounts, Decimal(0))) for block, amounts in got.items()} == counted(data)
    lines = re.split(rb"\r\n|\n|\r", data)
    assert all(b"#TRANS" in lines[row - 1] for row in vouchers.index)
    assert all(re.match(rb"[ \t]*#(?:[OI]?UB|O?IB|RES|PSALDO|PBUDGET)", lines[row - 1]) for row in result.tables[1].frame.index)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_genuine_checksum_is_reproduced(path: Path):
    data = path.read_bytes()
    if b"#KSUMMA" not in data:
        pytest.skip("no checksum in the file")
    (control,) = (control for control in read(data, path.name).controls if control.label == "KSUMMA")
    assert control.judged
    assert control.declared == control.actual


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.name)
def test_a_whole_ledger_agrees_with_its_own_balances(path: Path):
    controls = read(path.read_bytes(), path.name).controls
    assert controls
    assert all(control.judged and control.declared == control.actual for control in controls)


def test_a_file_known_to_break_one_balance_is_caught():
    (path,) = (path for path in FILES if "bad-balance" in path.name)
    broken = [control for control in read(path.read_bytes(), path.name).controls if control.declared != control.actual]
    assert [(control.label[:2], control.judged) for control in broken] == [("UB", True)]
