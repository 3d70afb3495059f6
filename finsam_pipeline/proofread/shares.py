"""Percentages against what they are shares of, in text and in tables.

A share in text is judged only where its whole is named, or where the report's own totals leave no doubt what it is. Does not belong
here: sums of amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finsam_pipeline.proofread.amounts import NUMBER, figure, half_up, written
from finsam_pipeline.proofread.facts import Fact, Passage
from finsam_pipeline.proofread.model import Finding, Kind, Measure, Printed, Role, RowKind, Sureness, Table, Unit
from finsam_pipeline.proofread.places import cell_place, text_place
from finsam_pipeline.proofread.splits import GENDERS, Split
from finsam_pipeline.proofread.vocabulary import measure_in, unit_of

_PERCENT = r"(?P<share>\d+(?:,\d+)?)[ \u00a0]?(?:procent|%)"
_OF = re.compile(
    rf"(?P<part>{NUMBER})(?:[ \u00a0](?:deltagare|personer))?[ \u00a0]av[ \u00a0]"
    rf"(?:de[ \u00a0]|totalt[ \u00a0]|samtliga[ \u00a0])?(?P<whole>{NUMBER})"
    rf"[^().;:\d]{{0,60}}\({_PERCENT}",
    re.IGNORECASE,
)
_OF_AFTER = re.compile(rf"{_PERCENT}[ \u00a0]?\((?P<part>{NUMBER})[ \u00a0]av[ \u00a0](?P<whole>{NUMBER})", re.IGNORECASE)
# `Av 80 avslutade gick 36 (45 %) till …`, `Av de 42 som slutade fick 21 arbete, 50 procent.`; not `…, 60 procent av dem var kvinnor`.
_OF_BEFORE = re.compile(
    rf"\bav[ \u00a0](?:de[ \u00a0]|totalt[ \u00a0]|samtliga[ \u00a0])?(?P<whole>{NUMBER})\b[^().;:,\d]{{1,60}}[ \u00a0]"
    rf"(?!(?:19|20)\d\d\b)(?P<part>{NUMBER})\b(?:[^().;:,\d]{{0,30}}\(|[^().;:,\d]{{1,60}},[ \u00a0]){_PERCENT}(?=[).])",
    re.IGNORECASE,
)
_GENDER = re.compile(
    rf"{_PERCENT}[ \u00a0](?:av deltagarna[ \u00a0])?(?:(?:var|är|utgjordes av)[ \u00a0])?"
    r"(?P<gender>kvinnor|män|med annan köns-?id\w*|annan köns-?id\w*|anonyma)\b",
    re.IGNORECASE,
)
_GENDER_BEFORE = re.compile(
    rf"andelen[ \u00a0](?P<gender>kvinnor|män)[ \u00a0](?:var|är|uppgick till|uppgår till)[ \u00a0]{_PERCENT}", re.IGNORECASE
)
_OWN = re.compile(rf"{_PERCENT}[ \u00a0]av[ \u00a0](?P<gender>kvinnorna|männen)\b", re.IGNORECASE)
_NAMED_WHOLE = re.compile(rf"\bav (?:de|totalt|samtliga)(?: totalt)? (?P<whole>{NUMBER})\b", re.IGNORECASE)
_AFTER_PART = 45
_ROWS = 0.6


@dataclass(frozen=True, slots=True)
class Totals:
    """The report's own counts that a share may be a share of."""

    splits: tuple[Split, ...]

    def of(self, measure: Measure | None) -> list[Decimal]:
        """The totals of a measure, the largest first; of every measure when it is None."""
        found = {s.whole for s in self.splits if measure is None or s.measure is measure}
        return sorted(found, reverse=True)


def share_findings(passages: Sequence[Passage], totals: Totals) -> Iterator[Finding]:
    """Shares in text that do not follow from their part and their whole."""
    for at, passage in enumerate(passages):
        named = {m.start("share") for m in _with_whole(passage.text)}
        yield from _explicit(passage)
        yield from _bracketed(passage, totals, named)
        yield from _genders(passage, at, totals)
        yield from _of_each_gender(passages, at, totals)


def table_share_findings(table: Table) -> Iterator[Finding]:
    """Columns of shares: of one column by another, or of a column's total."""
    for column in (j for j, role in enumerate(table.roles) if role is Role.SHARE):
        wholes = [(a, b) for a in range(table.width) for b in (*range(table.width), None) if a != b and column not in {a, b}]
        best: tuple[int, list[tuple[int, Decimal, str]]] = (0, [])
        for part, whole in wholes:
            held, broken = _held(table, column, part, whole)
            if held > best[0] and held >= max(2, _ROWS * (held + len(broken))):
                best = (held, broken)
        for index, computed, how in best[1]:
            row = table.rows[index]
            places = row.cells[column].places
            yield _finding(
                f"{written(row.cells[column].value, places)} procent",
                cell_place(table, row, column),
                computed,
                places,
                how,
                Sureness.SURE if best[0] >= 3 else Sureness.LIKELY,  # noqa: PLR2004
            )


def _held(table: Table, column: int, part: int, whole: int | None) -> tuple[int, list[tuple[int, Decimal, str]]]:
    """How many rows bear out share = part ÷ whole, and those that do not. Without a whole: the part's own total."""
    total = None if whole is not None else _total(table, part)
    held, broken = 0, []
    for i, row in enumerate(table.rows):
        if not row.cells or not row.certain or row.kind is RowKind.SECTION:
            continue
        below = row.cells[whole].value if whole is not None else total
        own, above = row.cells[column], row.cells[part]
        if not own.given or not below or not above.known or (whole is not None and not row.cells[whole].given):
            continue
        if _holds(own.value, own.places, above.value, below, rounded=True):
            held += 1 if above.value and own.value else 0
        else:
            broken.append((i, above.value * 100 / below, f"{written(above.value)} av {written(below)}"))
    return held, broken


def _total(table: Table, column: int) -> Decimal | None:
    sums = [r.cells[column].value for r in table.rows if r.kind is RowKind.TOTAL and r.cells and r.cells[column].given]
    return (
        sums[-1] if sums else sum((r.cells[column].value for r in table.rows if r.kind is RowKind.LINE and r.cells), Decimal(0))
    )


def _with_whole(text: str) -> list[re.Match[str]]:
    """The shares whose part and whole stand beside them."""
    before = (m for m in _OF_BEFORE.finditer(text) if figure(m["part"]).value <= figure(m["whole"]).value)
    found = [*_OF.finditer(text), *_OF_AFTER.finditer(text), *before]
    return [*{m.start("share"): m for m in reversed(found)}.values()][::-1]


def _explicit(passage: Passage) -> Iterator[Finding]:
    for match in _with_whole(passage.text):
        share, part, whole = (figure(match[name]) for name in ("share", "part", "whole"))
        if (
            part.value <= whole.value
            and whole.value
            and not _holds(share.value, share.places, part.value, whole.value, rounded=False)
        ):
            how = f"{written(part.value)} av {written(whole.value)}"
            exact = part.value * 100 / whole.value
            yield _finding(f"{match['share']} procent", text_place(passage.spot), exact, share.places, how, Sureness.SURE)


def _bracketed(passage: Passage, totals: Totals, named: set[int]) -> Iterator[Finding]:
    """`33 deltagare (17 procent)`, `13 341 tkr (71,8 procent)`."""
    for before, share in zip(passage.facts, passage.facts[1:], strict=False):
        between = passage.text[before.end : share.start]
        if share.unit is not Unit.PERCENT or before.unit in {Unit.PERCENT, *GENDERS} or share.start in named:
            continue
        if "(" not in between or len(between) > _AFTER_PART or re.search(r"[.;)]", between):
            continue
        wholes = _wholes(passage, before, totals)
        if wholes and not any(
            _holds(share.value, share.places, before.value, w, rounded=before.unit is not Unit.PERSONS) for w in wholes
        ):
            how = f"{before.text} av {written(wholes[0])}"
            sure = Sureness.SURE if len(wholes) == 1 else Sureness.LIKELY
            yield _finding(share.text, text_place(passage.spot), before.value * 100 / wholes[0], share.places, how, sure)


def _wholes(passage: Passage, part: Fact, totals: Totals) -> list[Decimal]:
    """What a part may be a part of, the likeliest first; nothing when there is no telling."""
    if part.unit.kronor is not None:
        larger = [f for f in passage.money() if f.unit is part.unit and f.value > part.value]
        before = [f.value for f in larger if f.start < part.start]
        return list(dict.fromkeys(before or [f.value for f in larger]))
    stated = [figure(m["whole"]).value for m in _NAMED_WHOLE.finditer(passage.text[: part.start])]
    own = totals.of(measure_in(passage.sentence(part.sentence)))
    return list(dict.fromkeys(w for w in [*reversed(stated), *own] if w > part.value))


def _genders(passage: Passage, at: int, totals: Totals) -> Iterator[Finding]:
    """`50 procent kvinnor`: of the split nearest before, or of any other of the report."""
    for match in (*_GENDER.finditer(passage.text), *_GENDER_BEFORE.finditer(passage.text)):
        gender = unit_of(match["gender"])
        share = figure(match["share"])
        known = [s for s in totals.splits if s.whole and s.whole == s.summed]
        if not known or any(
            _holds(share.value, share.places, s.of(gender), s.whole, rounded=False) for s in known if _within(s, at)
        ):
            continue
        earlier = [s for s in known if (-1, -1) < s.position <= (at, match.start())]
        if not earlier:
            continue
        whole = max(earlier, key=lambda s: s.position)
        how = f"{written(whole.of(gender))} av {written(whole.whole)}"
        yield _finding(
            f"{match['share']} procent {gender}",
            text_place(passage.spot),
            whole.of(gender) * 100 / whole.whole,
            share.places,
            how,
            Sureness.LIKELY,
        )


def _within(split: Split, at: int) -> bool:
    """A split of the same paragraph or the one before, or a table's total."""
    return split.grand or at - 1 <= split.position[0] <= at


def _of_each_gender(passages: Sequence[Passage], at: int, totals: Totals) -> Iterator[Finding]:
    """`68 procent av männen och 32 procent av kvinnorna`: shares of two wholes that make 100 are the split of one."""
    passage = passages[at]
    found = {unit_of(m["gender"]): m for m in _OWN.finditer(passage.text)}
    if set(found) != {Unit.WOMEN, Unit.MEN}:
        return
    women, men = (figure(found[u]["share"]).value for u in (Unit.WOMEN, Unit.MEN))
    if abs(women + men - 100) > 1:
        return
    whole = _whole_of(passage, at, totals)
    implied = None if whole is None else half_up((women * whole.of(Unit.WOMEN) + men * whole.of(Unit.MEN)) / 100)
    reached = _reached(passage, found[Unit.WOMEN].start(), whole)
    sure = Sureness.SURE if implied is not None and reached and implied != reached else Sureness.LIKELY
    own = f"{found[Unit.MEN]['share']} procent av männen och {found[Unit.WOMEN]['share']} procent av kvinnorna"
    other = Printed("100 procent tillsammans", "samma mening")
    if whole is not None and implied is not None:
        of = f"av {written(whole.of(Unit.MEN))} män och {written(whole.of(Unit.WOMEN))} kvinnor vore det {written(implied)} personer"
        other = Printed(f"{written(reached or whole.whole)} personer", of)
    yield Finding(
        kind=Kind.SHARE,
        sureness=sure,
        printed=Printed(own, text_place(passage.spot)),
        other=other,
        gap="" if implied is None or not reached else written(implied - reached),
        advice="Andelarna blir 100 tillsammans: det är könsfördelningen bland dem som räknas, inte andelen av varje kön. Skriv om det.",
    )


def _whole_of(passage: Passage, at: int, totals: Totals) -> Split | None:
    stated = [figure(m["whole"]).value for m in _NAMED_WHOLE.finditer(passage.text)]
    known = [s for s in totals.splits if s.of(Unit.MEN) and s.of(Unit.WOMEN)]
    named = [s for s in known if s.whole in stated]
    earlier = [s for s in known if (0, 0) <= s.position <= (at, len(passage.text))]
    return named[-1] if named else max(earlier, key=lambda s: s.position, default=None)


def _reached(passage: Passage, before: int, whole: Split | None) -> Decimal:
    """The persons a sentence before counts, its whole aside: those the shares can speak of. 0 when there are none."""
    counted = [f for f in passage.facts if f.unit is Unit.PERSONS and f.start < before]
    if not counted or whole is None:
        return Decimal(0)
    sentence = counted[-1].sentence
    return sum((f.value for f in counted if f.sentence == sentence and f.value != whole.whole), Decimal(0))


def _holds(share: Decimal, places: int, part: Decimal, whole: Decimal, *, rounded: bool) -> bool:
    """Whether share is part ÷ whole rounded; `rounded`: part and whole were rounded themselves."""
    if not whole:
        return False
    exact = part * 100 / whole
    if half_up(exact, places) == share:
        return True
    loose = Decimal(50) / abs(whole) * (1 + abs(part / whole)) if rounded else Decimal(0)
    return abs(exact - share) <= Decimal(1).scaleb(-places) / 2 + loose


def _finding(printed: str, place: str, exact: Decimal, places: int, how: str, sureness: Sureness) -> Finding:
    computed = half_up(exact, places)
    close = (
        abs(exact - figure(printed.split(maxsplit=1)[0]).value) <= Decimal(1).scaleb(-places) if printed[0].isdigit() else False
    )
    return Finding(
        kind=Kind.SHARE,
        sureness=sureness,
        printed=Printed(printed, place),
        other=Printed(f"{written(computed, places)} procent", how),
        gap="",
        advice="Räkna om andelen, och skriv vad den är en andel av." + (" Kan vara avrundad åt fel håll." if close else ""),
        rounding=close,
        roundings=1 if close else 0,
    )
