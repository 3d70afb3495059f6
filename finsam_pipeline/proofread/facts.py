"""Figures in running text: value, unit, how a word before them loosens them, and where they stand.

Years, dates, paragraph numbers and the like have no unit of ours behind them and are no facts. Does not belong here: what two facts have
to do with one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.amounts import MINUSES, NUMBER, figure, written
from finsam_pipeline.proofread.model import Document, Paragraph, Spot, Unit
from finsam_pipeline.proofread.vocabulary import NUMBER_WORDS, UNIT_WORDS, hedge_in, unit_of

_WORDS = "|".join(NUMBER_WORDS)
_FACT = re.compile(
    rf"(?<![\w,.:/§])(?P<sign>[{MINUSES}+])?(?P<number>{NUMBER}|\b(?:{_WORDS})\b(?!\s+dol[dt]\b))"  # "ett dolt antal" is no count
    rf"(?:[\s\u00a0](?:[a-zåäö]+[\s\u00a0]){{0,2}}?|(?=%))(?P<unit>{UNIT_WORDS})(?![\w])",
    re.IGNORECASE,
)
_PERSONAL = {Unit.PERSONS, Unit.WOMEN, Unit.MEN, Unit.OTHER, Unit.ANONYMOUS}
_SENTENCE_END = re.compile(r"(?<!\bca)(?<!\bkl)(?<!\binkl)(?<!\bt\.ex)(?<!\bbl\.a)(?<!\bm\.m)[.!?]\s+(?=[A-ZÅÄÖ”\"0-9•])")
_NEARLY = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure in a paragraph. `start` and `end` are where it stands in the text, `sentence` which one it is in."""

    value: Decimal
    unit: Unit
    places: int
    hedge: str
    start: int
    end: int
    sentence: int
    spot: Spot

    @property
    def kronor(self) -> Decimal | None:
        """Its value in kronor; None when it is no money."""
        return None if self.unit.kronor is None else self.value * self.unit.kronor

    @property
    def step(self) -> Decimal:
        """What its last printed digit is worth, in its own unit; loosened by a hedge, its last digit that is not zero."""
        if not self.hedge or not self.value:
            return Decimal(1).scaleb(-self.places)
        exponent = int(self.value.normalize().as_tuple().exponent)
        return min(Decimal(1).scaleb(max(exponent, -self.places)), abs(self.value) * _NEARLY)

    def allows(self, value: Decimal) -> bool:
        """Whether it can be said of that value (same unit, sign apart): rounded to its own digits, or as its hedge has it."""
        printed, actual, step = abs(self.value), abs(value), self.step
        if self.hedge == "over":
            return printed <= actual < printed + step or printed == actual
        if self.hedge == "under":
            return printed - step < actual <= printed
        if self.hedge == "about":
            return abs(actual - printed) <= step
        return abs(actual - printed) <= step / 2

    @property
    def text(self) -> str:
        """As printed, with its unit and its hedge."""
        words = {"over": "drygt ", "under": "knappt ", "about": "cirka "}
        return f"{words.get(self.hedge, '')}{written(self.value, self.places)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with its facts and its sentences."""

    text: str
    spot: Spot
    facts: tuple[Fact, ...]
    sentences: tuple[tuple[int, int], ...]

    def sentence(self, n: int) -> str:
        """The text of a sentence; empty outside."""
        if not 0 <= n < len(self.sentences):
            return ""
        start, end = self.sentences[n]
        return self.text[start:end]

    def money(self) -> list[Fact]:
        """Its amounts."""
        return [f for f in self.facts if f.unit.kronor is not None]

    def sentence_at(self, position: int) -> int:
        """Which sentence a position is in."""
        return next((i for i, (a, b) in enumerate(self.sentences) if a <= position < b), len(self.sentences) - 1)


def passages(document: Document) -> list[Passage]:
    """Every paragraph and heading with its facts."""
    return [passage(p) for p in document.paragraphs]


def passage(paragraph: Paragraph) -> Passage:
    """One paragraph with its facts."""
    sentences = tuple(_sentences(paragraph.text))
    return Passage(paragraph.text, paragraph.spot, tuple(_facts(paragraph.text, sentences, paragraph.spot)), sentences)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text) or not start:
        yield start, len(text)


def _facts(text: str, sentences: Sequence[tuple[int, int]], spot: Spot) -> Iterator[Fact]:
    for match in _FACT.finditer(text):
        unit = unit_of(match["unit"])
        between = text[match.end("number") : match.start("unit")].strip(" \u00a0")
        word = match["number"].lower() in NUMBER_WORDS
        if (between and unit not in _PERSONAL) or (word and unit not in _PERSONAL):
            continue
        value = NUMBER_WORDS[match["number"].lower()] if word else figure(match["number"]).value
        places = 0 if word else figure(match["number"]).places
        negative = bool(match["sign"]) and match["sign"] in MINUSES
        hedge = hedge_in(text[max(0, match.start() - 20) : match.start()])
        n = next(i for i, (a, b) in enumerate(sentences) if a <= match.start() < b)
        yield Fact(-value if negative else value, unit, places, hedge, match.start(), match.end(), n, spot)
