"""How two spellings count as the same (interface 3 and 4): one place, used by configuration and readers alike."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"\s+")
_HEADER_NOISE = re.compile(r"[\s.\-_:‐-―]+")


def fold(text: str) -> str:
    """A label without regard to case, surrounding and repeated blanks; Unicode composed."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()


def fold_header(text: str) -> str:
    """A header without regard to case, blanks, dots and hyphens."""
    return _HEADER_NOISE.sub("", unicodedata.normalize("NFC", text)).casefold()
