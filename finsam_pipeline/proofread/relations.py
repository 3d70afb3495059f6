"""How the columns of a table hang together: which one is the sum of which, which the difference of which two, and in which order.

Nothing is taken from the heading alone: a relation is believed when most rows bear it out, so that both conventions of sign, any
order of columns and headings nobody has seen before work alike. Does not belong here: what is said about a row that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.model import GENDER_ROLES, Cell, Role

_FEW = 3  # a relation no heading speaks of needs so many rows that bear it out, or as many terms
_MOST_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class Relation:
    """`target` = the columns `plus` − the column `minus`. `declared`: the headings say the same."""

    target: int
    plus: tuple[int, ...]
    minus: int | None = None
    declared: bool = False

    @property
    def terms(self) -> tuple[int, ...]:
        """Every column it is computed from."""
        return (*self.plus, *(() if self.minus is None else (self.minus,)))

    def computed(self, cells: Sequence[Cell]) -> Decimal:
        """What the target should be."""
        whole = sum((cells[j].value for j in self.plus), Decimal(0))
        return whole if self.minus is None else whole - cells[self.minus].value

    def speaks(self, cells: Sequence[Cell]) -> bool:
        """Whether a row can bear it out or break it: everything known, a figure in the target, two figures that are not zero."""
        own = [cells[j] for j in (self.target, *self.terms)]
        if not all(c.known for c in own) or not cells[self.target].given:
            return False
        if self.minus is not None and any(not cells[j].given and cells[j].state.value == "empty" for j in self.terms):
            return False
        return sum(1 for c in own if c.value) > 1

    def gap(self, cells: Sequence[Cell]) -> Decimal:
        """Printed − computed."""
        return cells[self.target].value - self.computed(cells)

    def slack(self, cells: Sequence[Cell]) -> Decimal:
        """The most that rounding of every figure in it, each on its own, can make of a gap."""
        places = max(cells[j].places for j in (self.target, *self.terms))
        return (len(self.terms) + 1) * Decimal(1).scaleb(-places) / 2


@dataclass(frozen=True, slots=True)
class Support:
    """A relation and the rows that bear it out: exactly, but for rounding, and of how many that speak."""

    relation: Relation
    exact: int
    near: int
    rows: int

    @property
    def share(self) -> float:
        """The share of rows it holds for, rounding allowed."""
        return (self.exact + self.near) / self.rows if self.rows else 0.0

    @property
    def believed(self) -> bool:
        """Whether the rows bear it out."""
        if self.relation.declared:
            return self.exact > 0 and self.share >= 0.5  # noqa: PLR2004
        enough = self.exact >= _FEW or (self.exact > 1 and len(self.relation.terms) >= _FEW)
        return enough and self.share >= 0.6 and self.exact >= 0.4 * self.rows  # noqa: PLR2004


def relations_of(rows: Sequence[Sequence[Cell]], roles: Sequence[Role]) -> list[Support]:
    """The relations the rows bear out: for each column the best one."""
    best: dict[int, Support] = {}
    for relation in hypotheses(roles):
        found = support(relation, rows)
        standing = best.get(relation.target)
        if found.believed and (standing is None or _rank(found) > _rank(standing)):
            best[relation.target] = found
    return _without_mirrors([best[target] for target in sorted(best)])


def support(relation: Relation, rows: Sequence[Sequence[Cell]]) -> Support:
    """How the rows stand to a relation."""
    spoken = [r for r in rows if relation.speaks(r)]
    gaps = [(abs(relation.gap(r)), relation.slack(r)) for r in spoken]
    exact = sum(1 for gap, _ in gaps if not gap)
    return Support(relation, exact, sum(1 for gap, slack in gaps if gap and gap < slack), len(spoken))


def hypotheses(roles: Sequence[Role]) -> Iterator[Relation]:
    """Every relation worth trying between columns of these roles."""
    yield from _declared(roles)
    columns = [j for j, role in enumerate(roles) if role is not Role.SHARE][:_MOST_COLUMNS]
    for target in columns:
        if roles[target] in {Role.OUTCOME, Role.BUDGET, *GENDER_ROLES}:
            continue
        before = [j for j in columns if j < target]
        yield from (Relation(target, tuple(before[i:])) for i in range(len(before) - 1))
        after = [j for j in columns if j > target]
        yield from (Relation(target, tuple(after[: i + 1])) for i in range(1, len(after)))
        for i, first in enumerate(before):
            for second in before[i + 1 :]:
                yield Relation(target, (first,), second)
                yield Relation(target, (second,), first)
                yield Relation(target, (first, second))


def _declared(roles: Sequence[Role]) -> Iterator[Relation]:
    for target, role in enumerate(roles):
        if role is Role.TOTAL:
            genders = _block(roles, target)
            if len(genders) > 1:
                yield Relation(target, genders, declared=True)
        if role is Role.DIFFERENCE:
            outcome, budget = (_nearest(roles, target, r) for r in (Role.OUTCOME, Role.BUDGET))
            if outcome is not None and budget is not None:
                yield Relation(target, (outcome,), budget, declared=True)
                yield Relation(target, (budget,), outcome, declared=True)


def _block(roles: Sequence[Role], target: int) -> tuple[int, ...]:
    """The columns of genders right before a total, or right after it where it stands first."""
    before: list[int] = []
    for j in range(target - 1, -1, -1):
        if roles[j] not in GENDER_ROLES:
            break
        before.insert(0, j)
    if before:
        return tuple(before)
    after = []
    for j in range(target + 1, len(roles)):
        if roles[j] not in GENDER_ROLES:
            break
        after.append(j)
    return tuple(after)


def _nearest(roles: Sequence[Role], target: int, wanted: Role) -> int | None:
    """The column of a role nearest to the target, those before it first."""
    found = [j for j, role in enumerate(roles) if role is wanted]
    return min(found, key=lambda j: (j > target, abs(j - target)), default=None)


def _rank(found: Support) -> tuple[float, bool, int]:
    return (found.exact + found.near / 2, found.relation.declared, len(found.relation.terms))


def _without_mirrors(found: list[Support]) -> list[Support]:
    """One of several relations over the same columns: c = a − b and b = a − c are one equation; the declared, then the last, stands."""
    kept: dict[frozenset[int], Support] = {}
    for own in found:
        columns = frozenset((own.relation.target, *own.relation.terms))
        if columns not in kept or (own.relation.declared, own.relation.target) > (
            kept[columns].relation.declared,
            kept[columns].relation.target,
        ):
            kept[columns] = own
    return list(kept.values())
