"""The parts of a workbook that its sheets share: relationships, shared strings, styles; and how a part is parsed.

Belongs here: XML of the parts around the sheets. Does not: sheets, the zip package.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from finsam_pipeline.readers.cells import Format, format_of, unescaped
from finsam_pipeline.readers.frames import oversized
from finsam_pipeline.readers.package import Package, truncated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from finsam_pipeline.readers.limits import Limits


class SharedStrings:
    """The shared strings; rich text joined, phonetic guides left out."""

    def __init__(self, limits: Limits) -> None:
        self._found: list[str] = []
        self._pieces: list[str] = []
        self._phonetic = self._inside = False
        self._most = limits.cells

    def read(self, chunks: Iterable[bytes]) -> list[str]:
        """The strings in order: a cell's number points into them."""
        parse(chunks, self._start, self._end, self._text)
        return self._found

    def _start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "rPh":
            self._phonetic = True
        elif tag == "t":
            self._inside = not self._phonetic

    def _end(self, tag: str) -> None:
        if tag == "t":
            self._inside = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self._found.append(unescaped("".join(self._pieces)))
            self._pieces.clear()
            if len(self._found) > self._most:
                raise oversized(len(self._found), self._most)

    def _text(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


class Styles:
    """What each cell style shows: date, time or number."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[Format] = []
        self._in_cell_styles = False

    def read(self, chunks: Iterable[bytes]) -> list[Format]:
        """The formats in order: a cell's style number points into them."""
        parse(chunks, self._start, self._end)
        return self._formats

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self._codes[whole(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cell_styles = True
        elif tag == "xf" and self._in_cell_styles:
            number = whole(attributes.get("numFmtId", "0"))
            self._formats.append(format_of(number, self._codes.get(number)))

    def _end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cell_styles = False


def targets(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> (last word of its type, part it points at)."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode", "Internal") == "Internal":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

    if part in package:
        parse(package.chunks(part), start)
    return found


class _Bare(dict[str, str]):
    """Tag as written -> without its prefix, worked out once for each."""

    def __missing__(self, tag: str) -> str:
        self[tag] = bare = tag.rpartition(":")[2]
        return bare


def parse(chunks: Iterable[bytes], start: Any, end: Any = None, text: Any = None, *, as_written: bool = False) -> None:  # noqa: ANN401 - expat's callbacks
    """Runs one part through expat; tags come without their prefix. Handlers that know a tag in either form may take them `as_written`.

    Raises:
        Rejected: `truncated` when the XML does not hold together.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    bare = _Bare()
    parser.StartElementHandler = start if as_written else lambda tag, attributes: start(bare[tag], attributes)
    if end is not None:
        parser.EndElementHandler = end if as_written else lambda tag: end(bare[tag])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise truncated() from None


def whole(text: str) -> int:
    """A whole number from 0 on, as attributes hold them.

    Raises:
        Rejected: `truncated` when it is none.
    """
    try:
        number = int(text)
    except ValueError:
        raise truncated() from None
    if number < 0:
        raise truncated()
    return number
