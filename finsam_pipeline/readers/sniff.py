"""What kind of file some bytes are: decided by the bytes first, by the file name only where bytes cannot tell.

Belongs here: signatures and what to answer when they are not of a file we read. Does not: reading.
"""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import PurePath

from finsam_pipeline.readers.table import Rejected


class FileKind(StrEnum):
    """Which reader takes the file."""

    WORKBOOK = "workbook"
    SIE = "sie"
    DELIMITED = "delimited"


_HEAD = 65_536
_NOT_BLANK = re.compile(rb"[^\x00\x1a \t\r\n]")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SIE_NAMESPACE = b"http://www.sie.se/sie5"
_SIE_ROOT = re.compile(rb"<(?:\w+:)?Sie(?:Entry)?[\s>]")
_SIE_LABEL = re.compile(
    rb"(?:^|[\r\n])[ \t]*#(?:FLAGGA|PROGRAM|FORMAT|GEN|SIETYP|PROSA|FNR|ORGNR|FNAMN|RAR|KPTYP|KONTO|KSUMMA|VER|IB|UB|RES)"
    rb"(?=[ \t\r\n]|$)",
    re.IGNORECASE,
)
_SIE_SUFFIXES = frozenset({".se", ".si", ".sie"})
_FOREIGN = {
    b"%PDF": "en PDF-fil",
    b"{\\rtf": "ett RTF-dokument",
    b"\x89PNG": "en bild",
    b"\xff\xd8\xff": "en bild",
    b"GIF8": "en bild",
    b"7z\xbc\xaf": "ett packat arkiv",
    b"Rar!": "ett packat arkiv",
    b"\x1f\x8b": "ett packat arkiv",
}


def sniff(data: bytes, filename: str) -> FileKind:
    """The reader for these bytes.

    Raises:
        Rejected: `empty`, `sie5`, `encrypted` or `not_a_table`, when no reader takes them.
    """
    if _NOT_BLANK.search(data) is None:
        raise Rejected("empty", "Filen är tom. Exportera den på nytt och lämna den igen.")
    if data.startswith(_ZIP):
        return FileKind.WORKBOOK
    if data.startswith(_OLE2):
        raise _ole2(data)
    head = _narrow(data[:_HEAD])
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise Rejected("not_a_table", f"Filen är {what} och ingen tabell. Exportera tabellen som .xlsx eller .csv.")
    if head.lstrip().startswith(b"<"):
        raise _markup(head)
    if _SIE_LABEL.search(head):
        return FileKind.SIE
    if PurePath(filename).suffix.lower() in _SIE_SUFFIXES:
        raise Rejected("not_a_table", "Filen heter som en SIE-fil men innehåller inga SIE-poster. Exportera SIE typ 4 på nytt.")
    return FileKind.DELIMITED


def _narrow(head: bytes) -> bytes:
    """The head as one byte a character, so that the signatures are found in UTF-16 too."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(codecs.BOM_UTF8)


def _ole2(data: bytes) -> Rejected:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Rejected("encrypted", "Filen är krypterad. Spara den utan lösenord och lämna den på nytt.")
    return Rejected("not_a_table", "Filen är i ett äldre Office-format. Öppna den och spara den som .xlsx (Excel-arbetsbok).")


def _markup(head: bytes) -> Rejected:
    if _SIE_NAMESPACE in head or _SIE_ROOT.search(head):
        return Rejected("sie5", "Filen är SIE 5 (XML), som inte läses. Exportera SIE typ 4 (.se) ur ekonomisystemet.")
    if re.search(rb"<(?:!doctype\s+html|html|head|body|table)\b", head, re.IGNORECASE):
        return Rejected(
            "not_a_table",
            "Filen är en webbsida, inte en tabell. Hämta exporten på nytt, eller öppna den och spara som .xlsx.",
        )
    return Rejected("not_a_table", "Filen är XML och ingen tabell. Exportera tabellen som .xlsx eller .csv.")
