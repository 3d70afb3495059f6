"""Bytes to text, strictly: a byte is read as what it is or the file is rejected; nothing is ever replaced.

Belongs here: which encoding some bytes are in. Does not: lines, cells, records.
"""

from __future__ import annotations

import codecs
import re

import numpy as np

from finsam_pipeline.readers.table import Rejected

_UTF8_LETTER = re.compile(rb"\xc3[\x84\x85\x89\x96\xa4\xa5\xa9\xb6]")  # Ä Å É Ö ä å é ö written in UTF-8
_CP437_LETTERS = b"\x84\x86\x94\x8e\x8f\x99\x82"  # ä å ö Ä Å Ö é
_ASCII = bytes(range(128))
_CP1252_LETTERS = b"\xe4\xe5\xf6\xc4\xc5\xd6\xe9"
_LETTER = "A-Za-zÅÄÖåäöÉé"
_MISREAD_SIGNS = "\ufffd”„†Ž™÷╓┼Σ"
_MISREAD = re.compile(rf"\ufffd|(?<=[{_LETTER}])[{_MISREAD_SIGNS}](?=[{_LETTER}])")
_DIVISION_ENDS, _LAST_COMMON_LEAD = b"\xb7", 0xC3  # in UTF-8 å, ä, ö and ÷ begin with C3, the other signs with a greater byte
_SUB = "\x1a"  # end-of-file mark of old systems


def decode_delimited(data: bytes) -> tuple[str, str]:
    """(text, encoding) of a delimited file: UTF-8, UTF-16 with BOM or Windows-1252 (interface 4).

    Raises:
        Rejected: `undecodable`.
    """
    text, encoding = _with_bom(data) or _utf8(data) or _windows(data)
    return _clean(text), encoding


def decode_sie(data: bytes) -> tuple[str, str]:
    """(text, encoding) of a SIE file, by its bytes and never by #FORMAT (ledger.md 1.5).

    Raises:
        Rejected: `undecodable`, when it holds NUL bytes.
    """
    text, encoding = _with_bom(data) or _utf8(data) or _single_byte(data)
    return _clean(text), encoding


def may_be_misread(data: bytes) -> bool:
    """Whether UTF-8 may hold signs of an earlier decoding gone wrong: by single bytes, before anything is decoded."""
    return _DIVISION_ENDS in data or int(np.frombuffer(data, np.uint8).max(initial=0)) > _LAST_COMMON_LEAD


def misread_lines(text: str) -> list[int]:
    """The physical lines (1 = first) with signs of an earlier decoding gone wrong, in order."""
    if text.isascii() or not any(sign in text for sign in _MISREAD_SIGNS):  # many times faster than the expression
        return []
    found: dict[int, None] = {}
    line, place = 1, 0
    for match in _MISREAD.finditer(text):
        line, place = line + _line_ends(text, place, match.start()), match.start()
        found[line] = None
    return [*found]


def _line_ends(text: str, start: int, stop: int) -> int:
    lone = text.count("\n", start, stop) + text.count("\r", start, stop)
    return lone - text.count("\r\n", start, stop)


def _with_bom(data: bytes) -> tuple[str, str] | None:
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")):
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding), f"{encoding}-bom"
            except UnicodeDecodeError:
                raise _undecodable(f"Filen säger sig vara {encoding.upper()} men är det inte helt igenom.") from None
    return None


def _utf8(data: bytes) -> tuple[str, str] | None:
    try:
        return data.decode("utf-8"), "ascii" if data.isascii() else "utf-8"
    except UnicodeDecodeError:
        return None


def _windows(data: bytes) -> tuple[str, str]:
    if _UTF8_LETTER.search(data):  # Windows-1252 would read every one of them as two wrong letters
        raise _undecodable("Filen blandar UTF-8 med annan teckenkodning, eller är avhuggen mitt i ett tecken.")
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        raise _undecodable("Filen är varken UTF-8, UTF-16 eller Windows-1252.") from None


def _single_byte(data: bytes) -> tuple[str, str]:
    others = data.translate(None, delete=_ASCII)
    in_cp437, in_cp1252 = (sum(others.count(byte) for byte in letters) for letters in (_CP437_LETTERS, _CP1252_LETTERS))
    if in_cp1252 > in_cp437:
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            return data.decode("iso8859-15"), "iso8859-15"
    return data.decode("cp437"), "cp437"


def _clean(text: str) -> str:
    if "\x00" in text:
        raise _undecodable("Filen innehåller nolltecken.")
    return text.lstrip("\ufeff").rstrip(_SUB)


def _undecodable(what: str) -> Rejected:
    return Rejected("undecodable", f"{what} Spara den som CSV UTF-8 eller .xlsx och lämna den på nytt.")
