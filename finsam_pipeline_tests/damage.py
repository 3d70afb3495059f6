"""What happens to files on their way: bytes flipped, ends cut off, lines lost or doubled, cells moved, quotes put in.

Each way of damage says which rows it left as they were, so that a test can hold those to their values. Belongs here: damage.
Does not: what must hold afterwards.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from dataclasses import dataclass

from finsam_pipeline_tests.dresses import Placed, Row, Written

_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)


@dataclass(frozen=True)
class Damaged:
    """The bytes afterwards. `whole`: row number -> values of the rows that stand untouched; None when nobody can tell where."""

    data: bytes
    filename: str
    whole: dict[int, Row] | None


def text_lines(rng: random.Random, written: Written) -> Damaged:
    """Lines lost, doubled, exchanged or with cells moved or quotes put in; all others stand, at new row numbers."""
    values = iter(written.rows)
    lines = [(text, next(values).values if holds is not None else None) for text, holds in written.lines]
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        text, _values = lines[at]
        match rng.choice(("lose", "double", "exchange", "quote", "delimiter", "blank", "cut", "letter")):
            case "lose":
                lines[at : at + 1] = []
            case "double":
                lines.insert(at, lines[at])
            case "exchange":
                other = rng.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case "quote":
                lines[at] = (_inserted(rng, text, '"'), None)
            case "delimiter":
                lines[at] = (_inserted(rng, text, rng.choice(";\t,")), None)
            case "blank":
                lines.insert(at, ("", None))
            case "cut":
                lines[at] = (text[: rng.randrange(len(text) + 1)], None)
            case _:
                lines[at] = (_inserted(rng, text, rng.choice("aÖ0-. ")), None)
        lines = lines or [("", None)]
    whole, number = {}, 1
    for text, held in lines:
        if held is not None:
            whole[number] = held
        number += text.count("\n") + 1
    body = written.end.join(text for text, _ in lines)
    return Damaged(body.encode(written.encoding), written.filename, whole)


def _inserted(rng: random.Random, text: str, piece: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


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
    return Damaged(bytes(out), filename, None)


def sheet_xml(rng: random.Random, written: Written) -> Damaged:
    """One byte of one row of one sheet changed inside a sound package; the other rows of the sheet stand.

    For workbooks whose strings stand in the cells; row numbers as in the file before.
    """
    parts = _parts(written.data)
    name = rng.choice([name for name in parts if name.startswith("xl/worksheets/sheet")])
    rows = list(_ROW.finditer(parts[name]))
    hit = rng.choice(rows) if rows else None
    if hit is None:
        return Damaged(written.data, written.filename, None)
    at, piece = rng.randrange(hit.start(), hit.end()), bytearray(parts[name])
    piece[at] = rng.choice(b'<>"/ABrtvcs0123456789 x')
    parts[name] = bytes(piece)
    number = int(re.search(rb'r="(\d+)"', hit[0])[1])  # type: ignore[index]
    return Damaged(_packed(parts), written.filename, {number: {}})


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def placed(written: Written) -> dict[tuple[str | None, int], Placed]:
    """The rows of a file by where they stand."""
    return {(row.sheet, row.row): row for row in written.rows}
