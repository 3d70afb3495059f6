"""A report's file to a document: which reader takes it, and why a file cannot be read.

Belongs here: bytes, suffixes, limits. Does not: tables in text.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from finsam_pipeline.proofread.flattened import Line, blocks_of
from finsam_pipeline.proofread.model import Document
from finsam_pipeline.proofread.pages import without_furniture

FORMATS = (".docx", ".pdf", ".txt")
_LARGEST = 100_000_000


class Unreadable(Exception):  # noqa: N818 - an outcome with an exit status of its own
    """The file cannot be read as a report; `message_sv` says why and what to do."""

    def __init__(self, message_sv: str) -> None:
        super().__init__(message_sv)
        self.message_sv = message_sv


def read_report(path: Path) -> Document:
    """A report as paragraphs and tables.

    Raises:
        Unreadable: not there, not a DOCX, PDF or text file, damaged, encrypted, or without any text.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise Unreadable(f"{path.name} är större än {_LARGEST // 1_000_000} MB.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"{path} finns inte.") from None
    except OSError:
        raise Unreadable(f"{path} går inte att läsa. Är det en fil, och får du läsa den?") from None
    document = _read(data, path.suffix.lower())
    if not document.blocks:
        raise Unreadable(f"{path.name} har ingen text. En inskannad PDF behöver textigenkänning först.")
    return document


def _read(data: bytes, suffix: str) -> Document:
    """By what the bytes are; the suffix tells only whether plain text is meant."""
    if data.startswith(b"%PDF"):
        from finsam_pipeline.proofread.read_pdf import read_pdf  # noqa: PLC0415 - half a second to import

        return _guarded(read_pdf, data, "PDF")
    if data.startswith(b"PK"):
        from finsam_pipeline.proofread.read_docx import read_docx  # noqa: PLC0415

        return _guarded(read_docx, data, "DOCX")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Filen är i äldre Word-format eller skyddad med lösenord. Spara den som .docx utan lösenord.")
    if suffix not in {".txt", ".text", ".md", ""}:
        raise Unreadable(f"Filen är varken DOCX, PDF eller text. Format som läses: {', '.join(FORMATS)}.")
    return Document(tuple(blocks_of(lines_of(decoded(data)))))


def _guarded(reader: object, data: bytes, what: str) -> Document:
    try:
        return reader(data)  # type: ignore[operator,no-any-return]
    except Unreadable:
        raise
    except zipfile.BadZipFile:
        raise Unreadable(f"Filen är skadad eller ofullständig och går inte att läsa som {what}.") from None
    except Exception:  # noqa: BLE001 - a damaged file breaks its reader in any way there is
        raise Unreadable(f"Filen går inte att läsa som {what}. Är den skadad eller skyddad med lösenord?") from None


def decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 or Windows-1252.

    Raises:
        Unreadable: none of them.
    """
    for encoding in ("utf-16", "utf-8-sig") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable("Filen är ingen text i UTF-8 eller Windows-1252. Spara den som .docx, .pdf eller text i UTF-8.")


def lines_of(text: str) -> list[Line]:
    """Numbered lines; a form feed starts a page."""
    pages = [part.split("\n") for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\f")]
    lines, number = [], 0
    for page, own in enumerate(without_furniture(pages), 1):
        lines += [Line(line, number + i, page if len(pages) > 1 else None) for i, line in enumerate(own, 1)]
        number += len(own) - 1  # a form feed ends no line
    return lines
