"""Bytes of a delivered file to tables of text with true row numbers, or one rejection with a reason.

Belongs here: what a file is, how its bytes become text, limits. Does not: which row is a header, what a column or a rule means.
"""

from __future__ import annotations

from finsam_pipeline.readers.delimited import read_delimited
from finsam_pipeline.readers.limits import READER_LIMITS, Limits
from finsam_pipeline.readers.memory import give_back_what_is_freed
from finsam_pipeline.readers.sie import read_sie
from finsam_pipeline.readers.sniff import FileKind, sniff
from finsam_pipeline.readers.table import Control, ReadResult, Rejected, TextTable
from finsam_pipeline.readers.workbook import read_workbook

__all__ = ["READER_LIMITS", "Control", "Limits", "ReadResult", "Rejected", "TextTable", "read"]

give_back_what_is_freed()


def read(data: bytes, filename: str, limits: Limits = READER_LIMITS) -> ReadResult:
    """The tables of one file.

    `data`: the file's bytes. `filename`: its name, used only where bytes cannot tell.

    Raises:
        Rejected: the file cannot be read; `reason` and `message_sv` say why and what to do, never a cell's value.
    """
    if len(data) > limits.bytes:
        raise Rejected(
            "oversized",
            f"Filen är {len(data) // 1_000_000} MB, större än {limits.bytes // 1_000_000} MB. Dela den, till exempel per år.",
        )
    match sniff(data, filename):
        case FileKind.WORKBOOK:
            return read_workbook(data, limits)
        case FileKind.SIE:
            return read_sie(data, limits)
        case FileKind.DELIMITED:
            return read_delimited(data, limits)
