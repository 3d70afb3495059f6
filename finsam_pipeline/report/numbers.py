"""Figures in Swedish print, and the report's few divisions.

Thousands are parted by a no-break space, the decimal mark is a comma, the minus sign is U+2212, and nothing is ever `-0`.
Rounding is half up (away from zero on a tie) on Decimal, once, from the exact figure.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from finsam_pipeline.report.document import Format, Value
from finsam_pipeline.report.said import told
from finsam_pipeline.report.traced import Share, marked

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "–"
HIDDEN_COUNT, HIDDEN_SHARE = "ett dolt antal", "en dold andel"
_PLACES = {Format.COUNT: 0, Format.AMOUNT: 0, Format.PERCENT: 0, Format.PERCENT_1: 1}


def half_up(value: Decimal, places: int = 0) -> Decimal:
    """`value` rounded half up to `places` decimals; a zero has no sign."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def tkr(kronor: Decimal | None) -> int | None:
    """Kronor as whole thousands, rounded half up."""
    return None if kronor is None else int(half_up(kronor / 1000))


def kr(kronor: Decimal | None) -> int | None:
    """Kronor without öre, rounded half up."""
    return None if kronor is None else int(half_up(kronor))


def percent(part: int | Decimal, whole: int | Decimal, places: int = 0) -> Decimal | None:
    """100 × part ÷ whole, rounded half up; None when there is nothing to divide by."""
    if not whole:
        return None
    return Share.of(half_up(Decimal(part) * 100 / Decimal(whole), places), (part, whole))


def number(value: int | Decimal, places: int = 0) -> str:
    """1234567.5 with one place -> `1 234 567,5` with no-break spaces."""
    rounded = half_up(Decimal(value), places)
    text = f"{abs(rounded):,.{places}f}".replace(",", NBSP).replace(".", ",")
    return marked(value, told(value, f"{MINUS}{text}" if rounded < 0 else text), HIDDEN_COUNT)


def decimal(value: int | Decimal) -> str:
    """At most two decimals and no trailing zeros: 95 -> `95`, 47.50 -> `47,5`."""
    rounded = half_up(Decimal(value), 2)
    places = max(0, -int(rounded.normalize().as_tuple().exponent))
    return marked(value, number(rounded, places), HIDDEN_COUNT)


def percent_text(value: Decimal | None, places: int = 0) -> str:
    """`50 procent`, or a dash when there is no share."""
    return MISSING if value is None else marked(value, told(value, f"{number(+value, places)}{NBSP}procent"), HIDDEN_SHARE)


def printed(value: Value, style: Format, blank: str = MISSING) -> str:
    """One cell as a reader sees it. A str stands as it is; None is `blank`."""
    if value is None:
        return blank
    if isinstance(value, str):
        return value
    if style in _PLACES:
        return number(value, _PLACES[style])
    return decimal(value)
