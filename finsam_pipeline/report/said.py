"""Figures in running text that know where they come from.

A builder hands a figure to a sentence together with its origin (`traced.known`). The sentence prints it with a mark around its
letters, texts are put together as they always were, and when the document is whole the marks become a `Sentence`: the same text, and
beside it which of its letters are which figure. Every format but the page takes it for the plain text it is.

Belongs here: the marks and what becomes of them. Does not: which figure has which origin (the builders), how one is explained.
"""

from __future__ import annotations

import json
import re
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Self

from finsam_pipeline.report.origin import Origin

# Characters of the private use area: in no text of ours or of an association's.
_OPEN, _SHOWN, _CLOSE = "\ue007", "\ue008", "\ue009"
_FIGURE = re.compile(f"{_OPEN}([^{_SHOWN}]*){_SHOWN}([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a mart that a printed one is made of; `count` where it is a count of persons."""

    origin: Origin
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in a text: its letters, `end` not included, and what it is made of: one figure, or a share's two."""

    start: int
    end: int
    parts: tuple[Part, ...]


class Sourced:
    """A number that may know what it is made of; nothing when nobody has said."""

    parts: tuple[Part, ...] = ()


class Known(Sourced, Decimal):
    """An amount, or a number of something else than persons, until it is printed; what is calculated from it is a plain Decimal."""

    @classmethod
    def of(cls, value: Decimal | int, origin: Origin) -> Self:
        """The figure with its origin."""
        made = cls(value)
        made.parts = (Part(origin),)
        return made


class Sentence(str):
    """Running text, and the figures in it that can be explained, in order."""

    __slots__ = ("said",)
    said: tuple[Said, ...]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where its figures come from."""
        return tuple(part.origin for figure in self.said for part in figure.parts)


def told(value: object, text: str) -> str:
    """`text`, which prints the value, with a mark that says what it is made of; as it is where nobody has said."""
    if not isinstance(value, Sourced) or not value.parts:
        return text
    return f"{_OPEN}{json.dumps([astuple(part) for part in value.parts])}{_SHOWN}{text}{_CLOSE}"


def sentence(text: str) -> str:
    """The text without marks: a `Sentence` when there were any."""
    said, plain, place = list[Said](), "", 0
    for mark in _FIGURE.finditer(text):
        plain += text[place : mark.start()]
        said.append(Said(len(plain), len(plain) + len(mark[2]), _parts(mark[1])))
        plain, place = plain + mark[2], mark.end()
    if not said:
        return text
    made = Sentence(plain + text[place:])
    made.said = tuple(said)
    return made


def _parts(written: str) -> tuple[Part, ...]:
    return tuple(
        Part(Origin(mart, tuple(measures), tuple((key, tuple(values)) for key, values in where), how), count)
        for (mart, measures, where, how), count in json.loads(written)
    )
