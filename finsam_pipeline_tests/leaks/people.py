"""Made-up personnummer and samordningsnummer, and every way of writing one down."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

MARKS = ("", "-", "+", " ", "\u00a0")
_FIRST, _LAST = dt.date(1921, 1, 1), dt.date(2012, 12, 31)
_COORDINATION_SHARE = 0.3


def made_up(count: int, seed: str) -> list[str]:
    """That many different numbers of twelve digits, ten-digit forms different too; the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - made-up people, no secret
    found: dict[str, str] = {}
    while len(found) < count:
        number = _one(source)
        found[number[2:]] = number
    return list(found.values())


def notations(number: str) -> Iterator[str]:
    """Twelve and ten digits with each mark before the last four."""
    for digits in (number, number[2:]):
        for mark in MARKS:
            yield f"{digits[:-4]}{mark}{digits[-4:]}"


def notation(number: str, turn: int) -> str:
    """One of its notations; turns go round all of them."""
    ways = list(notations(number))
    return ways[turn % len(ways)]


def _one(source: random.Random) -> str:
    day = _FIRST + dt.timedelta(days=source.randrange((_LAST - _FIRST).days))
    shown = day.day + 60 if source.random() < _COORDINATION_SHARE else day.day
    nine = f"{day:%y%m}{shown:02d}{source.randrange(1000):03d}"
    return f"{day.year // 100}{nine}{_check_digit(nine)}"


def _check_digit(nine: str) -> int:
    """Luhn's, written apart from the one under trial."""
    total = sum(sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10)) for place, digit in enumerate(nine))
    return -total % 10
