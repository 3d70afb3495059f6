"""Figures as they are printed in Swedish reports, read and written.

Belongs here: blanks between thousands, decimal commas, the minus in its guises, dashes, masked cells. Does not: what a figure means.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from finsam_pipeline.proofread.model import DASH, EMPTY, HIDDEN, Cell, State

NBSP = "\u00a0"
HARD_BLANKS = "\u00a0\u202f\u2007\u2009"
MINUSES = "-\u2212\u2013\u2010\u2011"
DASHES = MINUSES + "\u2014"
NUMBER = rf"(?:\d{{1,3}}(?:[ {HARD_BLANKS}]\d{{3}})+(?!\d)|\d{{1,3}}(?:\.\d{{3}})+(?!\d)|\d+)(?:,\d+)?"
_CELL = re.compile(rf"^(?P<sign>[{MINUSES}+]?)[ {HARD_BLANKS}]?(?P<digits>{NUMBER}|\d+\.\d{{1,2}})$")
_UNIT = re.compile(r"\s*(?:tkr|kkr|mkr|kr|kronor|%|procent|st|personer|deltagare)\.?$", re.IGNORECASE)
_MASKED = re.compile(r"^(?:[.·∙•]{2,3}|…|\*+|x|[<≤]\s*\d+|\d+\s*[–-]\s*\d+|färre än \d+|mindre än \d+|sekretess)$", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"^0\d")


def read_cell(text: str) -> Cell:
    """One cell: a figure with or without its unit, a dash, nothing, or something else (hidden)."""
    plain = text.strip(" \t\n" + HARD_BLANKS)
    if not plain:
        return EMPTY
    if plain in DASHES:
        return DASH
    if _MASKED.match(plain):
        return HIDDEN
    without = _UNIT.sub("", plain)
    if without.startswith("(") and without.endswith(")"):
        without = f"-{without[1:-1]}"
    match = _CELL.match(without)
    return figure(match["digits"], negative=match["sign"] in MINUSES if match["sign"] else False) if match else HIDDEN


def figure(digits: str, *, negative: bool = False) -> Cell:
    """A cell from digits as printed, blanks and decimal mark among them. A number that starts with 0 is no amount."""
    bare = re.sub(rf"[ {HARD_BLANKS}]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", bare):
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    if _LEADING_ZERO.match(bare):
        return HIDDEN
    value = Decimal(bare)
    return Cell(-value if negative else value, State.FIGURE, max(0, -int(value.as_tuple().exponent)))


def written(value: Decimal, places: int | None = None) -> str:
    """As a reader would print it: `−1 096,5`; as many decimals as it has, or `places`."""
    rounded = value if places is None else half_up(value, places)
    own = max(0, -int(rounded.normalize().as_tuple().exponent)) if places is None else places
    text = f"{abs(rounded):,.{own}f}".replace(",", NBSP).replace(".", ",")
    return f"\u2212{text}" if rounded < 0 else text


def half_up(value: Decimal, places: int = 0) -> Decimal:
    """Rounded half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def alike(one: Decimal, other: Decimal) -> bool:
    """Whether one figure could be a slip of the pen for the other: close, one digit off, two swapped, or a shifted decimal mark."""
    a, b = abs(one), abs(other)
    if not a or not b:
        return False
    if abs(a - b) <= max(a, b) / 20 or a in {b * 10, b / 10, b * 1000, b / 1000}:
        return True
    return slip(f"{a.normalize():f}", f"{b.normalize():f}")


def slip(a: str, b: str) -> bool:
    """One digit another, or two digits beside one another swapped, in figures of three digits or more."""
    if len(a) != len(b) or len(a) < 3:  # noqa: PLR2004 - of two digits, one other digit says nothing
        return False
    off = [i for i in range(len(a)) if a[i] != b[i]]
    swapped = len(off) == 2 and off[1] == off[0] + 1 and a[off[0]] == b[off[1]] and a[off[1]] == b[off[0]]  # noqa: PLR2004
    return len(off) == 1 or swapped
