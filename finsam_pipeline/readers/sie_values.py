"""SIE fields as values: amounts, dates, object lists (ledger.md 1.3, 1.4, 1.6).

Belongs here: how one field is read. Does not: records, balances.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache

_STRICT = re.compile(r"-?\d{1,16}(?:\.\d{1,2})?", re.ASCII)
_LENIENT = re.compile(
    r"(-?)(?:(\d{1,3}(?:\.\d{3})+),(\d{1,2})|(\d{1,3}(?:,\d{3})+)\.(\d{1,2})|(\d{1,16})(?:,(\d{1,2})|\.(\d{0,2})0*)?)", re.ASCII
)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)|(\d\d)(\d\d)(\d\d)", re.ASCII)
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]")
_DIGITS = 16  # before the decimal mark: decimal128(18, 2)
UNREADABLE = " (oläsligt)"


@lru_cache(maxsize=65_536)
def amount_of(raw: str) -> tuple[Decimal | None, bool]:
    """(kr, strictly written) of an amount; kr is None when it cannot be read for certain.

    Strict is `-123.45`. Lenient are a plus sign, the Unicode minus, a minus behind, blanks, thousands marks and a decimal comma.
    `1,234` is neither: it may be a thousand or a decimal, and a third decimal would have to be rounded.
    """
    if _STRICT.fullmatch(raw):
        return Decimal(raw), True
    text = _BLANKS.sub("", raw).replace("−", "-").removeprefix("+")
    if text.endswith("-") and not text.startswith("-"):
        text = f"-{text[:-1]}"
    match = _LENIENT.fullmatch(text)
    if not match:
        return None, False
    sign, *parts = match.groups()
    whole = re.sub(r"[.,]", "", parts[0] or parts[2] or parts[4])
    if len(whole) > _DIGITS:
        return None, False
    return Decimal(f"{sign}{whole}.{parts[1] or parts[3] or parts[5] or parts[6] or '0'}"), False


def amount_text(raw: str, value: Decimal | None) -> str:
    """The amount as text that only reads one way: two decimals and a point; what cannot be read is marked so."""
    if value is not None:
        return f"{value:.2f}"
    return f"{raw}{UNREADABLE}" if raw.strip() else ""


@lru_cache(maxsize=8_192)
def date_of(raw: str) -> tuple[dt.date | None, bool]:
    """(day, strictly written) of a date; None when it is none. Strict is YYYYMMDD; `2025-06-13` and `250613` are read too."""
    match = _DATE.fullmatch(raw.strip())
    if not match:
        return None, False
    year, month, day = (int(part) for part in (match.groups()[:3] if match[1] else match.groups()[3:]))
    try:
        return dt.date(year if match[1] else 2000 + year, month, day), len(raw) == len("20250613") and "-" not in raw
    except ValueError:
        return None, False


def date_text(raw: str) -> str:
    """The date in ISO form, or the field as it stands when it is no date."""
    day = date_of(raw)[0]
    return day.isoformat() if day else raw.strip()


@lru_cache(maxsize=65_536)
def objects_text(words: tuple[str, ...]) -> tuple[str, bool]:
    """(`|1:910|6:1001|`, even number of words) of an object list; dimension `06` is 6, pairs stand in order of dimension.

    A pair without an object is left out; an empty list is the empty string.
    """
    pairs = {(dimension_of(dim), code.strip()) for dim, code in zip(words[::2], words[1::2], strict=False) if code.strip()}
    ordered = sorted(pairs, key=lambda pair: (len(pair[0]), pair))
    return ("|" + "|".join(f"{dim}:{code}" for dim, code in ordered) + "|" if ordered else ""), len(words) % 2 == 0


def dimension_of(text: str) -> str:
    """A dimension number without leading zeros or blanks."""
    return text.strip().lstrip("0") or "0"
