"""Amounts in running text that belong together: a whole and its parts, income less cost, equity before and after, a stated calculation.

Does not belong here: amounts of the text against tables (`mentions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from finsam_pipeline.proofread.amounts import NUMBER, alike, figure, written
from finsam_pipeline.proofread.facts import Fact, Passage
from finsam_pipeline.proofread.model import Finding, Kind, Printed, Role, RowKind, Sureness, Table, Unit
from finsam_pipeline.proofread.places import cell_place, text_place

_PARTED = re.compile(
    r"\bfördela\w*(?: sig)?(?: på| mellan)?\b|\bav (?:dessa|detta|dem)\b|\bbest(?:år|od) av\b|\butgjordes av\b", re.IGNORECASE
)
_CALCULATION = re.compile(
    rf"(?P<whole>{NUMBER})[ \u00a0](?:tkr|kr|mkr|kronor)\s*"
    rf"\((?P<first>{NUMBER})\s*(?P<sign>[-−–+])\s*(?P<second>{NUMBER})(?:[ \u00a0](?:tkr|kr|mkr))?\)"
)
_LESS = re.compile(r"(?P<way>lägre|högre|mindre|mer)\s+än\s+(?:\w+\s+)?budget", re.IGNORECASE)
_CONCEPTS = (
    ("result", r"överskott\w*|underskott\w*|resultat\w*"),
    ("equity", r"\w*kapital\w*"),
    ("income", r"\w*intäkt\w*"),
    ("cost", r"\w*kostnad\w*"),
)
_CONCEPT = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _CONCEPTS), re.IGNORECASE)
_FEWEST_SHARES = 2
_CLOSE = Decimal("0.1")
_TIMES = (1, 2, 3, 4, 12)  # how many of a table's periods a year may be


def concept_of(passage: Passage, fact: Fact) -> str:
    """What the words before an amount in its sentence call it: result, income, cost, equity; empty when nothing does."""
    start = passage.sentences[fact.sentence][0]
    found = list(_CONCEPT.finditer(passage.text[start : fact.start]))
    return (found[-1].lastgroup or "") if found else ""


def money_findings(passages: Sequence[Passage], tables: Sequence[Table]) -> Iterator[Finding]:
    """Everything the amounts of a paragraph say of one another."""
    results = _results(passages, tables)
    for i, passage in enumerate(passages):
        yield from _parts(passage)
        yield from _shared(passages, i)
        yield from _calculations(passage)
        yield from _result(passage)
        yield from _equity(passage, results)
        yield from _whole_year(passage, tables)


def _parts(passage: Passage) -> Iterator[Finding]:
    """`intäkter på 20 834 tkr. Intäkterna fördelades på 18 084 tkr …, 2 403 tkr … och 347 tkr`."""
    for match in _PARTED.finditer(passage.text):
        sentence = passage.sentence_at(match.start())
        before = [f for f in passage.money() if f.end <= match.start() and f.sentence >= sentence - 1]
        if not before:
            continue
        parts = [f for f in passage.money() if f.start > match.end() and f.sentence == sentence and f.unit is before[-1].unit]
        if len(parts) > 1:
            yield from _unequal(before[-1], parts, passage)


def _shared(passages: Sequence[Passage], at: int) -> Iterator[Finding]:
    """Amounts each followed by its share: when the shares make 100, the amounts make the whole before them."""
    passage = passages[at]
    if _PARTED.search(passage.text):
        return
    pairs = [
        (fact, share)
        for fact, share in pairwise(passage.facts)
        if fact.unit.kronor and share.unit is Unit.PERCENT and "(" in passage.text[fact.end : share.start]
    ]
    if len(pairs) < _FEWEST_SHARES or abs(sum((s.value for _, s in pairs), Decimal(-100))) > 1:
        return
    before = [f for f in passage.money() if f.end < pairs[0][0].start] or (passages[at - 1].money() if at else [])
    if before and before[-1].unit is pairs[0][0].unit:
        yield from _unequal(before[-1], [f for f, _ in pairs], passage)


def _unequal(whole: Fact, parts: Sequence[Fact], passage: Passage) -> Iterator[Finding]:
    summed = sum((f.value for f in parts), Decimal(0))
    gap = whole.value - summed
    if not gap or whole.hedge or any(f.hedge for f in parts) or abs(gap) > abs(whole.value) * _CLOSE:
        return
    rounding = abs(gap) < (len(parts) + 1) * Decimal(1).scaleb(-whole.places) / 2
    yield _finding(
        Kind.PARTS,
        Sureness.SURE if rounding else Sureness.LIKELY,
        Printed(whole.text, text_place(whole.spot)),
        Printed(
            f"{written(summed)} {whole.unit}",
            f"{text_place(passage.spot)}: {' + '.join(written(f.value, f.places) for f in parts)}",
        ),
        gap,
        len(parts) + 1 if rounding else 0,
    )


def _calculations(passage: Passage) -> Iterator[Finding]:
    """`2 336 tkr (35 752-33 416)`."""
    for match in _CALCULATION.finditer(passage.text):
        whole, first, second = (figure(match[name]).value for name in ("whole", "first", "second"))
        computed = first + second if match["sign"] == "+" else first - second
        if whole not in {computed, -computed}:
            rounding = abs(whole - abs(computed)) <= 1
            how = f"samma mening: {written(first)} {'+' if match['sign'] == '+' else '−'} {written(second)}"
            printed = Printed(match[0].split("(")[0].strip(), text_place(passage.spot))
            sure = Sureness.SURE
            yield _finding(
                Kind.RESULT, sure, printed, Printed(written(computed), how), whole - abs(computed), 3 if rounding else 0
            )


def _result(passage: Passage) -> Iterator[Finding]:
    """A surplus beside the income and the cost it comes of, in one sentence or two."""
    money = [(f, concept_of(passage, f)) for f in passage.money() if not f.hedge]
    for n in range(len(passage.sentences)):
        near = [(f, c) for f, c in money if f.sentence in {n, n + 1}]
        income, cost = ([f for f, c in near if c == name] for name in ("income", "cost"))
        result = [f for f, c in near if c == "result"]
        if len(income) != 1 or len(cost) != 1 or not result or len({f.unit for f, _ in near}) > 1:
            continue
        computed = income[0].value - cost[0].value
        if any(abs(r.value) == abs(computed) for r in result):
            continue
        for own in result:
            gap = abs(own.value) - abs(computed)
            if alike(own.value, computed):
                rounding = abs(gap) < 2  # noqa: PLR2004 - three figures, each half a unit
                other = f"samma stycke: {written(income[0].value)} − {written(cost[0].value)}"
                printed = Printed(own.text, text_place(own.spot))
                follows = Printed(f"{written(computed)} {own.unit}", other)
                yield _finding(Kind.RESULT, Sureness.LIKELY, printed, follows, gap, 3 if rounding else 0)
                return


def _equity(passage: Passage, results: set[Decimal]) -> Iterator[Finding]:
    """Equity at the beginning and at the end, which a result of the report must carry over."""
    money = [f for f in passage.money() if concept_of(passage, f) == "equity" and not f.hedge]
    for first, second in pairwise(money):
        between = passage.text[first.end : second.start]
        if (
            first.sentence != second.sentence
            or first.unit is not second.unit
            or not re.search(r"\bslut|utgående", between, re.IGNORECASE)
        ):
            continue
        change = (second.value - first.value) * (first.unit.kronor or 1)
        unit = first.unit.kronor or Decimal(1)
        if not results or any(abs(change - r) < unit for r in results):
            continue
        near = [r for r in results if abs(change - r) < 2 * unit or alike(change, r)]
        if near:
            closest = min(near, key=lambda r: abs(change - r))
            gap = (change - closest) / unit
            other = f"{written(first.value)} + resultatet {written(closest / unit)}"
            yield _finding(
                Kind.RESULT,
                Sureness.LIKELY,
                Printed(second.text, text_place(second.spot)),
                Printed(f"{written(first.value + closest / unit)} {first.unit}", other),
                gap,
                3 if abs(gap) < 2 else 0,  # noqa: PLR2004
            )


def _results(passages: Sequence[Passage], tables: Sequence[Table]) -> set[Decimal]:
    """Every result the report states, in kronor."""
    found = {f.kronor or Decimal(0) for p in passages for f in p.money() if concept_of(p, f) == "result"}
    for table in tables:
        scale = table.unit.kronor if table.unit and table.unit.kronor else Decimal(1000)
        found |= {c.value * scale for r in table.rows if r.kind is RowKind.RESULT for c in r.cells if c.given}
    return found | {-r for r in found}


def _whole_year(passage: Passage, tables: Sequence[Table]) -> Iterator[Finding]:
    """`intäkter … 40 481 tkr vilket är 300 tkr lägre än budgeterade`: the budget that follows, against the table's."""
    for match in _LESS.finditer(passage.text):
        sentence = passage.sentence_at(match.start())
        before = [f for f in passage.money() if f.end <= match.start() and f.sentence == sentence]
        if len(before) < 2 or concept_of(passage, before[-2]) not in {"income", "cost"} or before[-1].unit is not before[-2].unit:  # noqa: PLR2004
            continue
        amount, step = before[-2], before[-1]
        budget = amount.value + (step.value if match["way"].lower() in {"lägre", "mindre"} else -step.value)
        yield from _against_budget(passage, amount, budget, tables, income=concept_of(passage, amount) == "income")


def _against_budget(
    passage: Passage, amount: Fact, budget: Decimal, tables: Sequence[Table], *, income: bool
) -> Iterator[Finding]:
    for table in (t for t in tables if t.unit is amount.unit):
        column = table.column(Role.BUDGET)
        words = r"intäkt" if income else r"kostnad"
        rows = [r for r in table.rows if r.kind is RowKind.TOTAL and r.cells and re.search(words, r.label, re.IGNORECASE)]
        if column is None or not rows:
            continue
        row = rows[-1]
        for times in _TIMES:
            gap = budget - times * row.cells[column].value
            if gap and abs(gap) <= times / Decimal(2) + 1:
                other = f"{times} × {written(row.cells[column].value)} i {cell_place(table, row, column)}"
                printed = Printed(f"{written(budget)} {amount.unit}", f"följer av {text_place(passage.spot)}")
                computed = Printed(f"{written(times * row.cells[column].value)} {amount.unit}", other)
                yield _finding(Kind.REPEATED, Sureness.POSSIBLE, printed, computed, gap, 3)
                return


def _finding(kind: Kind, sureness: Sureness, printed: Printed, other: Printed, gap: Decimal, roundings: int) -> Finding:
    return Finding(
        kind=kind,
        sureness=sureness,
        printed=printed,
        other=other,
        gap=written(gap),
        advice=(
            "Talen är avrundade var för sig. Räkna på kronor, eller skriv att avrundning gör att de inte summerar."
            if roundings
            else "Kontrollera talen mot bokföringen; ett av dem är fel."
        ),
        rounding=bool(roundings),
        roundings=roundings,
    )
