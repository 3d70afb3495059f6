"""How much a file may cost before it is turned away.

Belongs here: sizes. Does not: how a size is found.
"""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a file may hold; beyond it the file is rejected as `oversized` before it is parsed.

    `bytes`: the file as delivered. `inflated`: all parts of a workbook unpacked, in bytes. `ratio`: unpacked by packed size,
    judged from `ratio_from` unpacked bytes on (small parts pack well without harm). `entries`: parts of a workbook. `row_bytes`:
    XML of one row of a sheet. `cells`: rows × columns of one table.
    """

    bytes: int = 200 * _MB
    inflated: int = 1_500 * _MB
    ratio: int = 250
    ratio_from: int = 50 * _MB
    entries: int = 5_000
    row_bytes: int = 16 * _MB
    cells: int = 40 * _MB


READER_LIMITS = Limits()
