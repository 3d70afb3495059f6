"""Figures that know what they count: where a number of a mart goes, its origin goes with it.

A report that hides small counts is built from `Counted` and `Share` in place of int and Decimal. They add up and print as those
do; but printed in a sentence they leave a mark around their text, and `report/disclosure` decides afterwards, for sentences,
tables and figures alike, which are shown. A builder need not know of it. What would lose the origin (a product, a difference from
a plain number) is an error and not a plain number, so that nothing is shown by mistake.

Belongs here: the figures and their marks. Does not: which figure is hidden, marts, words of a language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn, Self, overload

from finsam_pipeline.report.origin import together
from finsam_pipeline.report.said import Known, Part, Sourced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from finsam_pipeline.report.origin import Origin

Terms = frozenset[tuple[str, int]]  # (base cell, how many times it is counted)

# Characters of the private use area: in no text of ours or of an association's.
_OPEN, _SHOWN, _HIDDEN, _CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
_SPAN, _TEXT, _END = "\ue004", "\ue005", "\ue006"
_FIGURE = re.compile(f"{_OPEN}(\\d+){_SHOWN}([^{_HIDDEN}]*){_HIDDEN}([^{_CLOSE}]*){_CLOSE}")
_WHOLE = re.compile(f"{_SPAN}(\\d+){_TEXT}([^{_END}]*){_END}")


@dataclass
class Trace:
    """The figures of one report: the value of every base cell, and what each printed figure rests on, in order of printing.

    `counts` are the sums that count persons; any other is a difference between two such.
    """

    values: dict[str, int] = field(default_factory=dict, repr=False)
    counts: set[Terms] = field(default_factory=set, repr=False)
    printed: list[frozenset[Terms]] = field(default_factory=list, repr=False)

    def mark(self, rests_on: Iterable[Terms], shown: str, hidden: str) -> str:
        """Text that becomes `shown` when all it rests on is shown, and `hidden` otherwise."""
        self.printed.append(frozenset(rests_on))
        return f"{_OPEN}{len(self.printed) - 1}{_SHOWN}{shown}{_HIDDEN}{hidden}{_CLOSE}"

    def span(self, rests_on: Iterable[Terms], text: str) -> str:
        """Text that is left out unless all it rests on, and every figure in it, is shown."""
        self.printed.append(frozenset(rests_on).union(*(self.printed[int(n)] for n, *_ in _FIGURE.findall(text))))
        return f"{_SPAN}{len(self.printed) - 1}{_TEXT}{text}{_END}"


class Counted(Sourced, int):
    """A count of persons, or a sum of such. `persons` is False for a difference between two counts of the same persons.

    `origin`: where a page may say it comes from; a sum of two has one where theirs differ in one key.
    """

    terms: Terms
    trace: Trace
    persons: bool
    origin: Origin | None

    def __new__(cls, value: int, terms: Terms, trace: Trace, *, persons: bool = True, origin: Origin | None = None) -> Self:
        """The count with its cells."""
        made = super().__new__(cls, value)
        made.terms, made.trace, made.persons, made.origin = terms, trace, persons, origin
        made.parts = (Part(origin, int(value)),) if origin else ()
        if persons:
            trace.counts.add(terms)
        return made

    @property
    def rests_on(self) -> tuple[Terms, ...]:
        """What must be shown for this to be shown."""
        return (self.terms,)

    def __add__(self, other: int) -> int:
        if isinstance(other, Counted):
            terms = summed(((self.terms, 1), (other.terms, 1)))
            both, origin = self.persons and other.persons, together(self.origin, other.origin)
            return Counted(int(self) + int(other), terms, self.trace, persons=both, origin=origin)
        return self if other == 0 else self._lost()

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        if isinstance(other, Counted):
            return Counted(int(self) - int(other), summed(((self.terms, 1), (other.terms, -1))), self.trace, persons=False)
        return self if other == 0 else self._lost()

    def __str__(self) -> str:
        return self.trace.mark(self.rests_on, int.__repr__(self), HIDDEN_IN_TABLE)

    def __repr__(self) -> str:
        return "Counted(…)"  # no count in a message

    def __format__(self, spec: str) -> str:
        return self.trace.mark(self.rests_on, format(int(self), spec), HIDDEN_IN_TABLE)

    def _lost(self, *_: object) -> NoReturn:
        raise TypeError("a count of persons would lose its origin here: add and subtract counts only, or take a percent()")

    __rsub__ = __mul__ = __rmul__ = __floordiv__ = __truediv__ = __mod__ = __abs__ = __neg__ = __pow__ = _lost


class Share(Sourced, Decimal):
    """A share, mean or ratio that gives away the counts it is made of."""

    rests_on: tuple[Terms, ...]
    trace: Trace

    @classmethod
    def of(cls, value: Decimal, counts: Iterable[object]) -> Decimal:
        """`value` with the origins of the counts it is made of; a plain Decimal when none of them is traced."""
        traced = [c for c in counts if isinstance(c, Counted)]
        if not traced:
            return value
        made = cls(value)
        made.rests_on, made.trace = tuple(c.terms for c in traced), traced[0].trace
        parts = tuple(part for c in traced for part in c.parts)
        made.parts = parts if len(parts) == len(traced) else ()
        return made

    def __repr__(self) -> str:
        return "Share(…)"


HIDDEN_IN_TABLE = "··"


@overload
def known(value: None, origin: Origin | None) -> None: ...
@overload
def known(value: int, origin: Origin | None) -> int: ...
@overload
def known(value: Decimal, origin: Origin | None) -> Decimal: ...
def known(value: Decimal | int | None, origin: Origin | None) -> Decimal | int | None:
    """The same figure, which says in a sentence where it comes from; a plain whole number counts nobody and says nothing."""
    if origin is None:
        return value
    if isinstance(value, Counted):
        return Counted(int(value), value.terms, value.trace, persons=value.persons, origin=origin)
    if isinstance(value, Share):
        made = Share(value)
        made.rests_on, made.trace, made.parts = value.rests_on, value.trace, (Part(origin),)
        return made
    return Known.of(value, origin) if isinstance(value, Decimal) else value


def one(cell: str) -> Terms:
    """A base cell alone."""
    return frozenset({(cell, 1)})


def summed(parts: Iterable[tuple[Terms, int]]) -> Terms:
    """A sum of terms, each taken so many times; what cancels out is gone."""
    total: dict[str, int] = {}
    for terms, times in parts:
        for cell, count in terms:
            total[cell] = total.get(cell, 0) + times * count
    return frozenset((cell, count) for cell, count in total.items() if count)


def value_of(terms: Terms, values: Mapping[str, int]) -> int:
    """What the terms come to."""
    return sum(values[cell] * count for cell, count in terms)


def marked(value: object, shown: str, hidden: str) -> str:
    """`shown` as it is for a plain number; for a traced one with the mark that may turn it into `hidden`."""
    return value.trace.mark(value.rests_on, shown, hidden) if isinstance(value, Counted | Share) else shown


def only_if_shown(text: str, *counts: object) -> str:
    """A sentence that says something of the counts besides the figures in it: it goes when one of them is hidden."""
    traced = [c for c in counts if isinstance(c, Counted)]
    return traced[0].trace.span((c.terms for c in traced), text) if traced and text else text


def unmarked(text: str, hidden: Callable[[int], bool]) -> str:
    """The text as it is read, each marked figure shown or hidden."""
    whole = _WHOLE.sub(lambda m: "" if hidden(int(m[1])) else m[2], text)
    return _FIGURE.sub(lambda m: m[3] if hidden(int(m[1])) else m[2], whole)
