"""What a written text is made of.

Belongs here: the plain values, and the characters that may stand in them. Does not: any format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from finsam_pipeline.readers.table import Rejected

MOST_BYTES = 20_000_000
MOST_CHARACTERS = 400_000
# Control characters no format can hold, characters that turn the direction of what follows, private use (the report's own marks).
_BARRED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufffe\uffff]"
)
_BLANKS = re.compile(r"[ \t\r\n\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that look alike."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or an item of a list."""

    runs: tuple[Run, ...]
    item: bool = False

    @property
    def text(self) -> str:
        """Without its looks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it until the next; the first part of a text may have none. `level` from 1, 0 for none."""

    heading: str
    level: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Prose:
    """A whole text. `left_out`: pictures and drawings, which are not taken over.

    `scanned`: every piece of text in the file, also what is not shown (notes, comments, headers), to be looked through.
    """

    parts: tuple[Part, ...]
    left_out: int = 0
    scanned: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Prose({len(self.parts)} parts)"  # no text of anybody's in a message


class Writing:
    """A text while it is read, line by line."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._heading, self._level = "", 0
        self._lines: list[Line] = []
        self._characters = 0

    def heading(self, text: str, level: int) -> None:
        """Begin a new part; a heading without letters is none."""
        if heading := tidy(text).strip():
            self._end()
            self._heading, self._level = heading, level

    def line(self, runs: list[Run], *, item: bool = False) -> None:
        """Add a paragraph or an item; one without letters is left out.

        Raises:
            Rejected: `oversized`.
        """
        own = _joined(runs)
        if not own:
            return
        self._characters += sum(len(run.text) for run in own)
        if self._characters > MOST_CHARACTERS:
            raise Rejected("oversized", f"Texten är längre än {MOST_CHARACTERS} tecken. Dela den i flera filer.")
        self._lines.append(Line(tuple(own), item))

    def parts(self) -> tuple[Part, ...]:
        """All parts so far."""
        self._end()
        return tuple(self._parts)

    def _end(self) -> None:
        if self._heading or self._lines:
            self._parts.append(Part(self._heading, self._level, tuple(self._lines)))
        self._heading, self._level, self._lines = "", 0, []


def tidy(text: str) -> str:
    """Without characters that do not belong in a text, every run of blanks as one."""
    return _BLANKS.sub(" ", _BARRED.sub("", text))


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours that look alike as one, tidied, without blanks at the ends."""
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].bold == run.bold or not run.text.strip()):
            joined[-1] = Run(joined[-1].text + run.text, joined[-1].bold)
        else:
            joined.append(run)
    tidied = [Run(tidy(run.text), run.bold) for run in joined]
    if tidied:
        tidied[0] = Run(tidied[0].text.lstrip(), tidied[0].bold)
        tidied[-1] = Run(tidied[-1].text.rstrip(), tidied[-1].bold)
    return [run for run in tidied if run.text]
