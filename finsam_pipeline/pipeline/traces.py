"""Where in a workspace a personnummer still stands, in any notation: the last look of an erasure.

Belongs here: opening what is packed (workbooks, Parquet) and looking through it. Does not: what is done about it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from finsam_pipeline.store.workspace import Workspace

_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"


def places_of(workspace: Workspace, number: str) -> Iterator[str]:
    """Paths, as they are shown, of every file whose bytes or name hold the number (ten digits), sorted."""
    wanted = _pattern(number)
    for file in sorted(p for p in workspace.home.rglob("*") if p.is_file() and not p.is_symlink()):
        name = file.relative_to(workspace.home).as_posix().encode("utf-8", "surrogateescape")
        if wanted.search(name) or any(wanted.search(part) for part in _parts(file)):
            yield workspace.relative(file)


def _pattern(number: str) -> re.Pattern[bytes]:
    date, last = number[:6].encode(), number[6:].encode()
    # Between the date and the last four: nothing, a mark or a blank, whatever bytes it takes (UTF-16 puts a zero after each).
    wide = rb"\x00?".join(bytes([d]) for d in date), rb"\x00?".join(bytes([d]) for d in last)
    return re.compile(wide[0] + rb"\x00?(?:[-+ ]|\xe2\x80[\x90-\x93]|\xe2\x88\x92|\xc2\xa0)?\x00?" + wide[1])


def _parts(file: Path) -> Iterator[bytes]:
    try:
        data = file.read_bytes()
    except OSError:  # a pipe, a file taken away meanwhile
        return
    yield data
    if data.startswith(_ZIP):
        yield from _members(data)
    elif data.startswith(_PARQUET):
        yield from _texts(data)


def _members(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for member in package.namelist():
                yield package.read(member)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return  # a broken or encrypted package: its bytes were looked at


def _texts(data: bytes) -> Iterator[bytes]:
    for column in pq.read_table(io.BytesIO(data)).columns:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            yield "\n".join(filter(None, column.unique().to_pylist())).encode()
