"""What happens to files on their way: bytes flipped, ends cut off, lines lost or doubled, cells moved, quotes put in.

Each way of damage says which rows it left as they were, so that a test can hold those to their values. Belongs here: damage.
Does not: what must hold afterwards.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from finsam_pipeline_tests.dresses import HEADER, Row, Written

_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)


Where = tuple[str | None, int]


@dataclass(frozen=True)
class Damaged:
    """The bytes afterwards. `whole`: (sheet, row number) -> values of the rows that stand untouched; None when nobody can tell.

    `header`: whether every header stands as it was and above its rows.
    """

    data: bytes
    filename: str
    whole: dict[Where, Row] | None = None
    header: bool = False


Line = tuple[str, Row | int | None]


def text_lines(rng: random.Random, written: Written) -> Damaged:
    """Lines lost, doubled, exchanged or with cells moved or quotes put in; all others stand, at new row numbers."""
    values = iter(written.rows)
    lines: list[Line] = [
        (text, holds if holds in {None, HEADER} else next(values).values) for text, holds in written.lines
    ]  # fmt: skip
    moved = False
    for _ in range(rng.randint(1, 4)):
        at, way = rng.randrange(len(lines)), rng.choice(tuple(_IN_A_LINE | _AMONG_LINES))
        if way in _AMONG_LINES:
            _AMONG_LINES[way](rng, lines, at)
            lines = lines or [("", None)]
        else:
            moved |= way == "delimiter" and lines[at][1] == HEADER
            lines[at] = (_IN_A_LINE[way](rng, lines[at][0]), None)
    whole: dict[Where, Row] = {}
    number, header = 1, False
    for text, held in lines:
        header |= held == HEADER and not whole
        if isinstance(held, dict):
            whole[None, number] = held
        number += text.count("\n") + 1
    body = written.end.join(text for text, _ in lines).encode(written.encoding, "replace")
    # A delimiter put into the header moves every column behind it: the rows then fail as rows, but nobody can say how.
    return Damaged(body, written.filename, None if moved else whole, header)


def _exchange(rng: random.Random, lines: list[Line], at: int) -> None:
    other = rng.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _put(pieces: str) -> Callable[[random.Random, str], str]:
    def put(rng: random.Random, text: str) -> str:
        at = rng.randrange(len(text) + 1)
        return text[:at] + rng.choice(pieces) + text[at:]

    return put


_AMONG_LINES: dict[str, Callable[[random.Random, list[Line], int], object]] = {
    "lose": lambda _, lines, at: lines.pop(at),
    "double": lambda _, lines, at: lines.insert(at, lines[at]),
    "blank": lambda _, lines, at: lines.insert(at, ("", None)),
    "exchange": _exchange,
}
_IN_A_LINE: dict[str, Callable[[random.Random, str], str]] = {
    "quote": _put('"'),
    "delimiter": _put(";\t,"),
    "letter": _put("aÖ0-. "),
    "cut": lambda rng, text: text[: rng.randrange(len(text) + 1)],
}


def any_bytes(rng: random.Random, data: bytes, filename: str) -> Damaged:
    """Bytes flipped, lost or put in anywhere, or the end cut off; which rows stand nobody can tell."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(out)) if out else 0
        match rng.choice(("flip", "lose", "put", "cut")):
            case "flip" if out:
                out[at] ^= 1 << rng.randrange(8)
            case "lose":
                del out[at : at + rng.randint(1, 40)]
            case "put":
                out[at:at] = rng.randbytes(rng.randint(1, 4))
            case _:
                del out[rng.randrange(len(out) // 2, len(out) + 1) :]
    return Damaged(bytes(out), filename)


def sheet_xml(rng: random.Random, written: Written) -> Damaged:
    """One byte of one line of one sheet changed inside a sound package; the other rows stand where they stood."""
    parts = _parts(written.data)
    name = rng.choice(sorted(name for name in parts if name.startswith("xl/worksheets/sheet")))
    hit = rng.choice(list(_ROW.finditer(parts[name])))
    at, piece = rng.randrange(hit.start(), hit.end()), bytearray(parts[name])
    piece[at] = rng.choice(b'<>"/ABrtvcs0123456789 x')
    parts[name] = bytes(piece)
    sheets = re.findall(rb'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
    sheet = sheets[int(name[len("xl/worksheets/sheet") : -len(".xml")]) - 1].decode()
    number = int(hit[0].split(b'"')[1])
    whole = {(row.sheet, row.row): row.values for row in written.rows if (row.sheet, row.row) != (sheet, number)}
    on_a_row = len(whole) < len(written.rows)  # else it may be the header, and one header may have become another
    return Damaged(_packed(parts), written.filename, whole if on_a_row else None, header=on_a_row)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()
