"""Where a figure of a report comes from: mart, measure and key, so that a page can explain it.

Belongs here: the reference a cell carries, and short ways to make those of a whole row. Does not: what a measure means (the
contract says it), the rows of files behind it (`pipeline.sourcing`), how an explanation looks. A key that is not named is added
over; the association and the period are the report's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Where = tuple[tuple[str, tuple[str, ...]], ...]  # key column -> its values, as text


@dataclass(frozen=True, slots=True)
class Origin:
    """The rows of one mart that a figure is made from. `how`, in Swedish: what is done with them, when it is not adding up."""

    mart: str
    measures: tuple[str, ...]
    where: Where = ()
    how: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of one file behind a figure, as (first, last), both included. `more`: there are others, further down.

    `path` is relative to the workspace. Without ranges it is the whole file, or something the configuration states.
    """

    path: str
    sheet: str
    rows: tuple[tuple[int, int], ...]
    more: bool = False


Origins = tuple[Origin | None, ...]  # as long as the row's cells; None: no figure of a mart


def origin(mart: str, *measures: str, how: str = "", **where: object) -> Origin:
    """One figure's. A key's value may be several (a tuple or list), which are added up."""
    return Origin(mart, measures, _where(where), how)


def together(one: Origin | None, other: Origin | None) -> Origin | None:
    """The origin of two figures' sum: alike but for one key, whose values are added over. None where they are not so alike."""
    if one is None or other is None or (one.mart, one.measures, one.how) != (other.mart, other.measures, other.how):
        return None
    differing = [n for n, pair in enumerate(zip(one.where, other.where, strict=False)) if pair[0] != pair[1]]
    if len(one.where) != len(other.where) or len(differing) != 1:
        return None
    (n,) = differing
    (key, values), (other_key, more) = one.where[n], other.where[n]
    if key != other_key or set(values) & set(more):
        return None
    return replace(one, where=(*one.where[:n], (key, (*values, *more)), *one.where[n + 1 :]))


def by_measure(mart: str, measures: Iterable[str], **where: object) -> Origins:
    """A row with a label and one measure a column."""
    return (None, *(Origin(mart, (measure,), _where(where)) for measure in measures))


def by_key(mart: str, measure: str, key: str, values: Iterable[str], **where: object) -> Origins:
    """A row with a label, one column for each value of a key, and their sum."""
    listed = tuple(values)
    return (None, *(Origin(mart, (measure,), _where({**where, key: value})) for value in (*listed, listed)))


def _where(where: Mapping[str, object]) -> Where:
    return tuple((key, tuple(map(str, v)) if isinstance(v, tuple | list) else (str(v),)) for key, v in where.items())
