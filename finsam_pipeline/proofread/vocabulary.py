"""The Swedish words of reports: what a heading, a row label, a unit or a hedge says.

Belongs here: words common to the field. Does not: any association's own names.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from finsam_pipeline.proofread.model import Measure, Role, RowKind, Unit

_ROLE_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.WOMEN, r"kvinnor|kvinna"),
    (Role.MEN, r"män|man"),
    (Role.OTHER, r"annan(?:\s+köns[\s-]*id\w*|\s+könsidentitet|\s+kön)?|annat(?:\s+kön)?|icke-?binära?|övriga kön"),
    (Role.ANONYMOUS, r"anonyma?|anonymt"),
    (Role.SHARE, r"andel(?:\s+\w+)?|procent|%"),
    (Role.DIFFERENCE, r"budgetavvikelse|differens|avvikelse|diff\.?|skillnad"),
    (Role.BUDGET, r"budget(?:erat)?|plan(?:erat)?"),
    (Role.TARGET, r"mål(?:et|tal)?"),
    (Role.OUTCOME, r"utfall|bokfört|redovisat"),
    (Role.TOTAL, r"totalt|totala?|summa|samtliga|alla"),
)
_ROLE = re.compile("|".join(rf"(?P<r{i}>\b(?:{words})(?!\w))" for i, (_, words) in enumerate(_ROLE_WORDS)), re.IGNORECASE)
_TOTAL = re.compile(
    r"^(?:(?:del|slut|tot\w*)?summa|s:a|totalt?\b|totala\b|samtliga\b|sammanlagt\b|summering)|\btotalt:?$", re.IGNORECASE
)
_RESULT = re.compile(r"^(?:\w+[\s-]+)?(?:resultat|halvårsresultat|nettoresultat|överskott|underskott)\b", re.IGNORECASE)
_MEMO = re.compile(r"eget\s+kapital|^(?:varav|därav|dvs)\b|^(?:ingående|utgående)\b", re.IGNORECASE)
_PART_OF = re.compile(r"^(?:varav|därav)\b", re.IGNORECASE)

_STARTED = re.compile(
    r"\b(?:på)?börja\w*|\bny(?:a|tt)\b|\bstartat?\b|\bstartade\b|\bpåbörjat\w*|\bnyinskrivna\b|\binlett\b", re.IGNORECASE
)
_ENDED = re.compile(r"\bavslut\w*|\bslutat\b|\bslutade\b|\butskriv\w*|\bskrevs ut\b|\bskrivits ut\b|\blämnat\b", re.IGNORECASE)
_CARRIED = re.compile(r"\bkvar\b|\bkvarstå\w*", re.IGNORECASE)
_BEFORE = re.compile(r"\bfrån\b|\bi början\b|\bvid ingången\b|\bingående\b|\bsedan tidigare\b", re.IGNORECASE)
_AFTER = re.compile(r"\btill\b|\befter\b|\bvid slutet\b|\bvid utgången\b|\bi slutet\b|\butgående\b", re.IGNORECASE)
_PERSONS = re.compile(r"\bdeltag\w+|\bpersoner\b|\binskrivna\b|\bindivider\b|\bantal\b", re.IGNORECASE)

UNIT_WORDS = (
    r"tkr|kkr|tusen kronor|mkr|mnkr|miljoner kronor|miljoner|miljon|kronor|kr|procent|%|deltaga(?:re|rna)\b|personer|individer"
    r"|kvinnor(?:na)?|kvinna|män(?:nen)?|man\b|(?:med )?annan köns-?\s?id\w*|(?:med )?annan könsidentitet|(?:med )?annat kön|anonyma?\b"
)
_UNITS: tuple[tuple[str, Unit], ...] = (
    ("tkr", Unit.TKR),
    ("kkr", Unit.TKR),
    ("tusen", Unit.TKR),
    ("mkr", Unit.MKR),
    ("mnkr", Unit.MKR),
    ("miljon", Unit.MKR),
    ("kr", Unit.KR),
    ("procent", Unit.PERCENT),
    ("%", Unit.PERCENT),
    ("delt", Unit.PERSONS),
    ("pers", Unit.PERSONS),
    ("indiv", Unit.PERSONS),
    ("kvinn", Unit.WOMEN),
    ("män", Unit.MEN),
    ("man", Unit.MEN),
    ("med ann", Unit.OTHER),
    ("annan", Unit.OTHER),
    ("annat", Unit.OTHER),
    ("anonym", Unit.ANONYMOUS),
)
NUMBER_WORDS = {
    word: Decimal(n)
    for n, words in enumerate(
        (  # the rest stand as figures in every report
            *("noll", "en|ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
            *("tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton", "tjugo"),
        )
    )
    for word in words.split("|")
}
ABOUT = r"cirka|ca\.?|omkring|runt|ungefär|närmare"
_HEDGES = ((r"drygt|över|mer än|minst", "over"), (r"knappt|nästan|närmare|strax under", "under"), (ABOUT, "about"))


def roles_in(text: str) -> list[tuple[Role, str]]:
    """The roles a line of headings names, in order, with their words."""
    found = []
    for match in _ROLE.finditer(text):
        index = next(i for i in range(len(_ROLE_WORDS)) if match[f"r{i}"] is not None)
        found.append((_ROLE_WORDS[index][0], match.group()))
    return found


def role_of(heading: str) -> Role:
    """The role of one heading: the first it names, the share before the thing shared."""
    found = [role for role, _ in roles_in(heading)]
    return Role.SHARE if Role.SHARE in found else found[0] if found else Role.UNKNOWN


def row_kind(label: str, *, figures: bool) -> RowKind:
    """What a row is, by its label."""
    if not figures:
        return RowKind.SECTION
    if _MEMO.search(label):
        return RowKind.MEMO
    if _TOTAL.search(label):
        return RowKind.TOTAL
    return RowKind.RESULT if _RESULT.match(label) else RowKind.LINE


def part_of_row_above(label: str) -> bool:
    """A `varav` row, counted in the one above already."""
    return bool(_PART_OF.match(label))


def measure_in(text: str) -> Measure | None:
    """Which participations a text speaks of; None when it speaks of none."""
    if _CARRIED.search(text):
        return Measure.CARRIED_IN if _BEFORE.search(text) else Measure.CARRIED_OUT if _AFTER.search(text) else None
    if _ENDED.search(text):
        return Measure.ENDED
    if _STARTED.search(text):
        return Measure.STARTED
    return Measure.PARTICIPANTS if _PERSONS.search(text) else None


def unit_of(word: str) -> Unit:
    """The unit a word stands for."""
    lowered = word.lower()
    return next(unit for start, unit in _UNITS if lowered.startswith(start))


def money_unit_in(text: str) -> Unit | None:
    """The unit of money a heading or caption names; None for none, or for several."""
    words = re.findall(r"(?<!\w)(tkr|kkr|tusen kronor|mkr|mnkr|miljoner kronor|kronor|kr|sek)(?!\w)", text, re.IGNORECASE)
    units = {Unit.KR if w.lower() == "sek" else unit_of(w) for w in words}
    return units.pop() if len(units) == 1 else None


def hedge_in(text: str) -> str:
    """How a word before a figure loosens it: over, under, about, or an empty text."""
    return next((name for words, name in _HEDGES if re.search(rf"\b(?:{words})\s*$", text, re.IGNORECASE)), "")


def folded(text: str) -> str:
    """A label for comparison: no case, brackets, hyphens, blanks or punctuation."""
    plain = re.sub(r"\([^)]*\)", " ", unicodedata.normalize("NFC", text).casefold())
    return re.sub(r"[\W_]+", "", plain)


def stems(text: str) -> set[str]:
    """The first letters of the long words of a label: enough to see that two labels speak of the same."""
    return {w[:7] for w in re.findall(r"[^\W\d_]{6,}", text.casefold())}
