"""SIE text to blocks of physical lines, so that a large file never stands in memory as one object a line.

Belongs here: where a line ends, where the file may be cut. Does not: what a line says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_CHARACTERS = 8_000_000
_NEXT_VOUCHER = re.compile(r"[\r\n](?=#VER[ \t])")  # always starts a record, whatever text stood open before it
_LINE_FEED, _RETURN = b"\n\r"


class Block(NamedTuple):
    """Lines that follow each other: the number of the `first`, and all of them, each with its end: a line feed, or CR and line feed."""

    first: int
    lines: pa.LargeStringArray

    def text(self, start: int, stop: int) -> list[str]:
        """Lines start..stop-1 of the block without their ends."""
        return [line.removesuffix("\n").removesuffix("\r") for line in self.lines[start:stop].to_pylist()]


def blocks(text: str, size: int | None = None) -> Iterator[Block]:
    """The text in blocks of about `size` characters, cut before a voucher; lines end with CRLF, LF or CR."""
    start, first = 0, 1
    while start < len(text):
        cut = _NEXT_VOUCHER.search(text, start + (size or BLOCK_CHARACTERS))
        stop = cut.end() if cut else len(text)
        lines = _lines(text[start:stop])
        yield Block(first, lines)
        start, first = stop, first + len(lines)


def _lines(text: str) -> pa.LargeStringArray:
    data = text.encode()
    raw = np.frombuffer(data, np.uint8)
    if b"\r" in data and _some_end_in_cr(raw):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raw = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(raw == _LINE_FEED) + 1
    last = [] if len(ends) and ends[-1] == len(data) else [len(data)]
    offsets = np.concatenate([[0], ends, last]).astype(np.int64)
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


def _some_end_in_cr(raw: np.ndarray) -> bool:
    """Whether some line ends in CR alone; a CR before a line feed stays where it is, which costs nothing."""
    return bool(raw[-1] == _RETURN or ((raw[:-1] == _RETURN) & (raw[1:] != _LINE_FEED)).any())
