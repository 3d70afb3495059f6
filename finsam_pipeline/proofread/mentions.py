"""Amounts in running text against the tables they speak of, and words for over- and underskott against the sign.

An amount that some figure of a table explains is right. Only one that nothing explains is compared with the row its sentence names,
and only told when it looks like a slip. Does not belong here: amounts of the text against one another (`money`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.amounts import alike, written
from finsam_pipeline.proofread.facts import Fact, Passage
from finsam_pipeline.proofread.model import Finding, Kind, Printed, Role, Row, RowKind, Sureness, Table
from finsam_pipeline.proofread.money import concept_of
from finsam_pipeline.proofread.places import cell_place, text_place
from finsam_pipeline.proofread.vocabulary import folded

_DEVIATION = re.compile(r"överskott|underskott|avvik|lägre|högre|mindre|mer än", re.IGNORECASE)
_BUDGET = re.compile(r"budgeterad|budgeten (?:är|var|uppg)|\bbudget på\b", re.IGNORECASE)
_OTHER_SPAN = re.compile(
    r"helår|prognos|årets slut|beräkna|förvänta|12[ -]?mån|tolv mån|föregående|förra|året innan|\bper\b", re.IGNORECASE
)
_OVER, _UNDER = re.compile(r"överskott", re.IGNORECASE), re.compile(r"underskott", re.IGNORECASE)
_INCOME = re.compile(r"intäkt|bidrag|ersättning", re.IGNORECASE)
_LABEL = 5
_RUN = 4  # rows below one another that a text may add up


@dataclass(frozen=True, slots=True)
class _Money:
    """A table's column of amounts."""

    table: Table
    column: int
    scale: Decimal

    def kronor(self, row: Row) -> Decimal:
        return row.cells[self.column].value * self.scale


def mention_findings(passages: Sequence[Passage], tables: Sequence[Table]) -> Iterator[Finding]:
    """Amounts of the text that a table has otherwise, and deviations called by the wrong word."""
    columns = [_Money(t, j, t.unit.kronor) for t in tables if t.unit and t.unit.kronor for j in range(t.width)]
    if not columns:
        return
    known = _known(columns)
    stated = [f for p in passages for f in p.money()]
    for at, passage in enumerate(passages):
        for fact in passage.money():
            subjects = _subjects(passages, at, fact, columns)
            yield from _wording(passage, fact, subjects)
            if _explained(fact, known) or _said_twice(fact, stated):
                continue
            yield from _slip(passage, fact, subjects or _concepts(passage, fact, columns))


def _known(columns: Sequence[_Money]) -> list[Decimal]:
    """Every amount of the tables in kronor, and the sums of a few rows below one another."""
    found: list[Decimal] = []
    for own in columns:
        rows = [own.kronor(r) for r in own.table.rows if r.cells and r.cells[own.column].given]
        found += [abs(sum(rows[i : i + n], Decimal(0))) for n in range(1, _RUN + 1) for i in range(len(rows) - n + 1)]
    return found


def _explained(fact: Fact, known: Sequence[Decimal]) -> bool:
    scale = fact.unit.kronor or Decimal(1)
    return any(fact.allows(amount / scale) for amount in known)


def _said_twice(fact: Fact, stated: Sequence[Fact]) -> bool:
    """Whether the text itself says the same amount elsewhere: a slip of the pen is made once."""
    return sum(1 for f in stated if f.kronor == fact.kronor and f.spot != fact.spot) > 0


def _subjects(passages: Sequence[Passage], at: int, fact: Fact, columns: Sequence[_Money]) -> list[tuple[_Money, Row]]:
    """The row the sentence names, else the one the sentences before it in the paragraph do, else the heading."""
    passage = passages[at]
    role = _role(passage, fact)
    texts = [passage.sentence(n) for n in range(fact.sentence, -1, -1)]
    for text in [*texts, fact.spot.heading]:
        words = folded(text)
        rows = [
            (own, row)
            for own in columns
            if own.table.roles[own.column] is role
            for row in own.table.rows
            if _named(row, own, words)
        ]
        if rows:
            longest = max(len(folded(r.label)) for _, r in rows)
            return [(own, r) for own, r in rows if len(folded(r.label)) == longest]
    return []


def _named(row: Row, own: _Money, words: str) -> bool:
    label = folded(row.label)
    return (
        row.kind is RowKind.LINE and bool(row.cells) and row.cells[own.column].given and len(label) >= _LABEL and label in words
    )


def _role(passage: Passage, fact: Fact) -> Role:
    sentence = passage.sentence(fact.sentence)
    if _DEVIATION.search(sentence):
        return Role.DIFFERENCE
    return Role.BUDGET if _BUDGET.search(sentence) else Role.OUTCOME


def _concepts(passage: Passage, fact: Fact, columns: Sequence[_Money]) -> list[tuple[_Money, Row]]:
    """The total that the word before the amount names: income, cost, result."""
    if _OTHER_SPAN.search(passage.sentence(fact.sentence)) or _role(passage, fact) is not Role.OUTCOME:
        return []
    concept = concept_of(passage, fact)
    words = {"income": r"intäkt", "cost": r"kostnad"}.get(concept)
    found = []
    for own in columns:
        if own.table.roles[own.column] is not Role.OUTCOME:
            continue
        for row in own.table.rows:
            total = row.kind is RowKind.TOTAL and words is not None and re.search(words, row.label, re.IGNORECASE)
            if row.cells and row.certain and (total or (concept == "result" and row.kind is RowKind.RESULT)):
                found.append((own, row))
    return found


def _slip(passage: Passage, fact: Fact, subjects: Sequence[tuple[_Money, Row]]) -> Iterator[Finding]:
    scale = fact.unit.kronor or Decimal(1)
    near = [(own, row) for own, row in subjects if alike(fact.value, own.kronor(row) / scale)]
    for own, row in near[:1]:
        actual = own.kronor(row) / scale
        gap = abs(fact.value) - abs(actual)
        rounding = abs(gap) <= fact.step
        yield Finding(
            kind=Kind.REPEATED,
            sureness=Sureness.LIKELY,
            printed=Printed(fact.text, text_place(passage.spot)),
            other=Printed(f"{written(own.kronor(row) / own.scale)} {own.table.unit}", cell_place(own.table, row, own.column)),
            gap=f"{written(gap)} {fact.unit}",
            advice="Texten och tabellen har olika tal för samma sak. Rätta det som är fel.",
            rounding=rounding,
            roundings=1 if rounding else 0,
        )


def _wording(passage: Passage, fact: Fact, subjects: Sequence[tuple[_Money, Row]]) -> Iterator[Finding]:
    """Over- and underskott of a cost: over is less than budget. Rows of income, and tables that hold any, are left alone."""
    sentence = passage.sentence(fact.sentence)
    over, under = bool(_OVER.search(sentence)), bool(_UNDER.search(sentence))
    if over is under:
        return
    for own, row in subjects[:1]:
        outcome, budget = own.table.column(Role.OUTCOME), own.table.column(Role.BUDGET)
        if outcome is None or budget is None or any(_INCOME.search(r.label) for r in own.table.rows):
            continue
        moved = (row.cells[outcome].value - row.cells[budget].value) * own.scale
        scale = fact.unit.kronor or Decimal(1)
        if not moved or not (fact.allows(moved / scale) or alike(fact.value, moved / scale)) or (moved < 0) is over:
            continue
        word = "överskott" if moved < 0 else "underskott"
        yield Finding(
            kind=Kind.WORDING,
            sureness=Sureness.LIKELY,
            printed=Printed(f"{'överskott' if over else 'underskott'} {fact.text}", text_place(passage.spot)),
            other=Printed(
                f"{written(abs(moved) / own.scale)} {own.table.unit} {'under' if moved < 0 else 'över'} budget",
                cell_place(own.table, row, outcome),
            ),
            gap="",
            advice=f"Kostnaden är {'lägre' if moved < 0 else 'högre'} än budget: det är ett {word}.",
        )
