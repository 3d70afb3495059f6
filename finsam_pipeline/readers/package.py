"""The zip package around a workbook: what it holds and whether it is safe to unpack.

The sizes declared are added up before anything is read; zipfile reads no more of a part than declared and checks its sum, so that
they are the real ones. Belongs here: the package. Does not: XML of sheets.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from finsam_pipeline.readers.table import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from finsam_pipeline.readers.limits import Limits

_CHUNK = 1 << 18
_ENCRYPTED_FLAG = 0x1
_DECLARATIONS = tuple(
    text.encode(encoding) for text in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_LONGEST = max(map(len, _DECLARATIONS))
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError)


class Package:
    """The parts of a workbook, opened once all limits hold.

    Raises:
        Rejected: `truncated`, `not_a_table`, `macro`, `encrypted` or `oversized`.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN:
            raise truncated() from None
        self._infos = {info.filename.lower(): info for info in self._zip.infolist()}
        _check_sizes(self._zip.infolist(), limits)
        _check_content(self._infos)

    @property
    def names(self) -> list[str]:
        """Its parts, in small letters, sorted."""
        return sorted(self._infos)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._infos

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part in pieces. A document type or entity declaration anywhere in it is turned away before a parser sees it.

        Raises:
            Rejected: `truncated` or `not_a_table`.
        """
        tail = b""
        try:
            with self._zip.open(self._infos[name.lower()]) as part:
                while piece := part.read(_CHUNK):
                    seen = tail + piece
                    if any(declaration in seen for declaration in _DECLARATIONS):
                        raise Rejected(
                            "not_a_table", "Arbetsboken innehåller XML-deklarationer som inte hör dit. Spara om den i Excel."
                        )
                    tail = seen[1 - _LONGEST :]
                    yield piece
        except (*BROKEN, KeyError):
            raise truncated() from None


def truncated() -> Rejected:
    """The rejection of a package that does not hold together."""
    return Rejected("truncated", "Arbetsboken är skadad eller avhuggen. Hämta eller spara den på nytt och lämna den igen.")


def _check_sizes(infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.entries:
        raise Rejected("oversized", f"Arbetsboken har {len(infos)} delar, fler än {limits.entries}. Spara om den som ny.")
    inflated = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if inflated > limits.inflated or (inflated > limits.ratio_from and inflated > packed * limits.ratio):
        raise Rejected(
            "oversized",
            f"Arbetsboken blir {inflated // 1_000_000} MB uppackad, för mycket. Rensa formaterade tomma rader eller dela den.",
        )


def _check_content(infos: dict[str, zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos.values()):
        raise Rejected("encrypted", "Filen är krypterad. Spara den utan lösenord och lämna den på nytt.")
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in infos):
        raise Rejected(
            "macro", "Arbetsboken innehåller makron. Spara den som .xlsx (Excel-arbetsbok utan makron) och lämna den på nytt."
        )
    if "xl/workbook.bin" in infos:
        raise Rejected("not_a_table", "Filen är en binär Excel-arbetsbok (.xlsb). Öppna den och spara den som .xlsx.")
    if "[content_types].xml" not in infos or "_rels/.rels" not in infos:
        raise Rejected(
            "not_a_table", "Filen är ett zip-arkiv eller ett annat Office-format, ingen Excel-arbetsbok. Spara den som .xlsx."
        )
