"""The same figure in two tables.

Two rows are the same when their labels are and most of their figures are, or, where labels differ, when an amount of five digits and more
agrees once in thousands and once in kronor. What then differs is told. Does not belong here: figures of the text.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.amounts import written
from finsam_pipeline.proofread.counting import counts, shown
from finsam_pipeline.proofread.model import Finding, Kind, Printed, Role, Row, RowKind, Sureness, Table
from finsam_pipeline.proofread.places import cell_place
from finsam_pipeline.proofread.rowwise import convention, settled
from finsam_pipeline.proofread.vocabulary import folded, stems

_MONEY_ROLES = (Role.OUTCOME, Role.BUDGET, Role.DIFFERENCE)
_AGREE, _FEWEST = 0.7, 3
_TELLING = 100_000  # kronor: that two amounts so large agree to the thousand is no chance
_RUN = 3


@dataclass(frozen=True, slots=True)
class _Sum:
    """One row, or a few below one another, read as one; `less`: a settled line taken away from a sum."""

    rows: tuple[Row, ...]
    label: str
    total: bool
    less: Row | None = None

    def value(self, table: Table, role: Role) -> Decimal | None:
        """The amount of a role in kronor; None where a cell is not given."""
        column = table.column(role)
        if column is None or table.unit is None or table.unit.kronor is None:
            return None
        cells = [r.cells[column] for r in self.rows]
        if not any(c.given for c in cells) or not all(c.known for c in cells):
            return None
        less = self.less.cells[column].value if self.less is not None and role is not Role.DIFFERENCE else Decimal(0)
        return (sum((c.value for c in cells), Decimal(0)) - less) * table.unit.kronor


def repeated_findings(tables: Sequence[Table]) -> Iterator[Finding]:
    """Figures that two tables have both, and have unlike."""
    for one, other in itertools.combinations(tables, 2):
        same = list(_same_labels(one, other))
        told = list(_unlike_cells(one, other, same))
        yield from told
        if not told and one.unit is not other.unit:
            yield from _unlike_sums(one, other)


def _same_labels(one: Table, other: Table) -> Iterator[tuple[Row, Row]]:
    """Rows with the same label, where it stands once in each."""
    for row in one.rows:
        own = [r for r in one.rows if r.cells and folded(r.label) == folded(row.label)]
        twins = [r for r in other.rows if r.cells and folded(r.label) == folded(row.label)]
        if row.cells and row.certain and len(own) == len(twins) == 1 and twins[0].certain:
            yield row, twins[0]


def _unlike_cells(one: Table, other: Table, same: Sequence[tuple[Row, Row]]) -> Iterator[Finding]:
    """Cells of the same row and role that differ, where most are alike."""
    if one.measure is not other.measure:
        return
    alike, unlike = 0, []
    for a, b in same:
        for i, j in _same_columns(one, other):
            x, y = a.cells[i], b.cells[j]
            if not x.given or not y.given or not (x.value or y.value):
                continue
            if _agree(one, other, x.value, y.value, one.roles[i]):
                alike += 1
            else:
                unlike.append((a, i, b, j))
    if alike < _FEWEST or alike < _AGREE * (alike + len(unlike)):
        return
    for a, i, b, j in unlike:
        yield _finding(one, a, i, other, b, j)


def _same_columns(one: Table, other: Table) -> list[tuple[int, int]]:
    """Columns of the same role, or with the same heading."""
    found = []
    for i, role in enumerate(one.roles):
        if role is Role.UNKNOWN:
            found += [(i, j) for j, h in enumerate(other.headings) if h and folded(h) == folded(one.headings[i])]
        elif (j := other.column(role)) is not None and one.column(role) == i and role is not Role.SHARE:
            found.append((i, j))
    return found


def _agree(one: Table, other: Table, x: Decimal, y: Decimal, role: Role) -> bool:
    """Whether two figures are the same but for unit, rounding and the tables' own order of difference."""
    a, b = (t.unit.kronor if t.unit and t.unit.kronor else Decimal(1) for t in (one, other))
    coarse = max(a, b)
    opposite = role is Role.DIFFERENCE and convention(one) * convention(other) < 0
    gap = abs(x * a + y * b) if opposite else abs(x * a - y * b)
    return gap == 0 or (a != b and gap <= coarse / 2) or (not counts(one) and a == b and one.unit is None and gap == 0)


def _unlike_sums(one: Table, other: Table) -> Iterator[Finding]:
    """Sums of one table against sums of the other in another unit: matched by their outcome, told by what else differs."""
    if any(t.unit is None or t.unit.kronor is None or t.column(Role.OUTCOME) is None for t in (one, other)):
        return
    taken: set[str] = set()
    for a, b in _matches(one, other):
        if b.label in taken:
            continue
        taken.add(b.label)
        for role in _MONEY_ROLES:
            x, y = a.value(one, role), b.value(other, role)
            if x is None or y is None:
                continue
            opposite = role is Role.DIFFERENCE and convention(one) * convention(other) < 0
            gap = x + y if opposite else x - y
            if abs(gap) > _slack(one, other, a, b):
                yield _sum_finding(one, a, other, b, role, gap)
            elif gap and abs(gap) > _coarse(one, other) / 2 and len(a.rows) == len(b.rows) == 1:
                yield _sum_finding(one, a, other, b, role, gap, rounding=True)


def _matches(one: Table, other: Table) -> Iterator[tuple[_Sum, _Sum]]:
    """Pairs of sums whose outcome agrees and whose labels speak of the same; the closest match of each first."""
    left, right = _sums(one), [s for s in _sums(other) if len(s.rows) == 1]
    if _kronor(one) < _kronor(other):
        left, right = [s for s in left if len(s.rows) == 1], _sums(other)
    found: list[tuple[Decimal, int, int, _Sum, _Sum]] = []
    for a, b in itertools.product(left, right):
        x, y = a.value(one, Role.OUTCOME), b.value(other, Role.OUTCOME)
        if x is None or y is None or min(abs(x), abs(y)) < _TELLING or not _speak_of_same(a, b):
            continue
        gap = abs(x - y)
        if gap <= _slack(one, other, a, b):
            found.append((gap, len(a.rows) + len(b.rows), len(found), a, b))
    seen: set[int] = set()
    for _, _, _, a, b in sorted(found, key=lambda f: f[:3]):
        own = {id(r) for r in (*a.rows, *b.rows)}
        if not seen & own:
            seen |= own
            yield a, b


def _sums(table: Table) -> list[_Sum]:
    """Rows, runs of lines of one section, and sums less a settled line."""
    found: list[_Sum] = []
    section = ""
    for i, row in enumerate(table.rows):
        if row.kind is RowKind.SECTION:
            section = row.label
        if not row.cells or not row.certain:
            continue
        total = row.kind is RowKind.TOTAL
        found.append(_Sum((row,), f"{row.label} {section if total else ''}", total))
        if total:
            found += [_Sum((row,), row.label, total, own) for own in reversed(settled(table, table.rows[:i]))]
        for n in range(2, _RUN + 1):
            run = table.rows[i : i + n]
            if len(run) == n and all(r.kind is RowKind.LINE and r.cells and r.certain for r in run):
                found.append(_Sum(tuple(run), " ".join(r.label for r in run), total=False))
    return found


def _speak_of_same(a: _Sum, b: _Sum) -> bool:
    """A word of both labels begins alike, or both are sums."""
    return bool(stems(a.label) & stems(b.label)) or (a.total and b.total)


def _kronor(table: Table) -> Decimal:
    return (table.unit.kronor if table.unit else None) or Decimal(1)


def _coarse(one: Table, other: Table) -> Decimal:
    return max(_kronor(one), _kronor(other))


def _slack(one: Table, other: Table, a: _Sum, b: _Sum) -> Decimal:
    """What rounding can make of a gap between the two, a little more than half a unit for every figure in it."""
    figures = len(a.rows) + len(b.rows) - 1 + (a.less is not None) + (b.less is not None)
    return _coarse(one, other) * (figures + 1) / 2


def _finding(one: Table, a: Row, i: int, other: Table, b: Row, j: int) -> Finding:
    return Finding(
        kind=Kind.REPEATED,
        sureness=Sureness.LIKELY,
        printed=Printed(shown(b.cells[j].value, other.unit), cell_place(other, b, j)),
        other=Printed(shown(a.cells[i].value, one.unit), cell_place(one, a, i)),
        gap="",
        advice="Samma uppgift står med olika tal i två tabeller. Kontrollera vilket som är rätt.",
    )


def _sum_finding(one: Table, a: _Sum, other: Table, b: _Sum, role: Role, gap: Decimal, *, rounding: bool = False) -> Finding:
    x, y = a.value(one, role) or Decimal(0), b.value(other, role) or Decimal(0)
    return Finding(
        kind=Kind.REPEATED,
        sureness=Sureness.LIKELY,
        printed=Printed(_text(one, x), _place(one, a, role)),
        other=Printed(_text(other, y), _place(other, b, role)),
        gap=f"{written(gap)} kr",
        advice=(
            "Talen är avrundade var för sig."
            if rounding
            else "Utfallet är detsamma i tabellerna men inte detta tal. Samma budget bör ligga till grund, eller skillnaden förklaras."
        ),
        rounding=rounding,
        roundings=2 if rounding else 0,
    )


def _text(table: Table, kronor: Decimal) -> str:
    return shown(kronor / (table.unit.kronor if table.unit and table.unit.kronor else 1), table.unit)


def _place(table: Table, own: _Sum, role: Role) -> str:
    place = cell_place(table, own.rows[0], table.column(role))
    if own.less is not None:
        return f"{place}, utan ”{own.less.label}”"
    return place if len(own.rows) == 1 else f"{place} + {len(own.rows) - 1} rad{'er' if len(own.rows) > 2 else ''} under"  # noqa: PLR2004
