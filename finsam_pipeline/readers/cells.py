"""A workbook's raw cell values as the text a person would have typed.

Belongs here: numbers, serial dates, number formats, Excel's escapes. Does not: XML, zip, sheets.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum

EPOCH_1900 = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)

_EXCEL_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)  # Excel itself keeps no more
_PLAIN_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_A_FIELD = re.compile(r'"[^"]*"?|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DAY_SECONDS = 86_400
_FALSE_LEAP_DAY = 60  # Excel's 1900 calendar holds a 29 February that never was
_LAST_SERIAL = 2_958_466  # 1 January 10000
_LARGEST_EXPONENT = 308


class Format(StrEnum):
    """What a number format makes of a number."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"  # a time of day without a date
    DURATION = "duration"  # hours past 24 go on counting


_BUILT_IN = (
    dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)), Format.DATE)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), Format.TIME)
    | {46: Format.DURATION}
)  # ECMA-376 18.8.30


def format_of(number_format: int, code: str | None) -> Format:
    """What the number format with that id (and code, when the workbook states one) shows: ECMA-376 18.8.30-31."""
    if code is None:
        return _BUILT_IN.get(number_format, Format.NUMBER)
    fields = _NOT_A_FIELD.sub("", code).split(";")[0].lower()
    if "[" in fields:
        return Format.DURATION
    fields = fields.replace("am/pm", "h").replace("a/p", "h").replace("general", "").replace("standard", "")
    if re.search(r"[dy]", fields) or ("m" in fields and not re.search(r"[hs]", fields)):
        return Format.DATE
    return Format.TIME if re.search(r"[hs]", fields) else Format.NUMBER


def number_text(raw: str) -> str:
    """The shortest exact text of a stored number with at most 15 significant digits: no exponent, no `.0`."""
    if _PLAIN_INTEGER.fullmatch(raw):
        return "0" if raw == "-0" else raw
    try:
        value = _EXCEL_DIGITS.create_decimal(raw)
    except ArithmeticError:
        return raw
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return raw
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def serial_text(raw: str, shown_as: Format, epoch: dt.date) -> str:
    """A serial number as ISO text: `2025-06-13`, `2025-06-13 14:30:00`, `14:30:00`, `26:05:00`.

    A number outside Excel's calendar stays a number.
    """
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return raw
    if not value.is_finite() or not 0 <= value < _LAST_SERIAL:
        return number_text(raw)
    days, seconds = divmod(int((value * _DAY_SECONDS).to_integral_value(ROUND_HALF_UP)), _DAY_SECONDS)
    if shown_as is Format.DURATION or (shown_as is Format.TIME and days == 0):
        return _clock(days * _DAY_SECONDS + seconds)
    day = _day(days, epoch)
    if day is None:
        return number_text(raw)
    return f"{day} {_clock(seconds)}" if seconds else day


def _day(days: int, epoch: dt.date) -> str | None:
    """The ISO date of a whole serial number; None for those that are no day."""
    if epoch == EPOCH_1900:
        if days in (0, _FALSE_LEAP_DAY):
            return None
        days += days < _FALSE_LEAP_DAY
    try:
        return (epoch + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def iso_text(raw: str) -> str:
    """A cell stored as ISO 8601 (type `d`): the date alone at midnight."""
    day, _, clock = raw.rstrip("Z").partition("T")
    clock = clock.partition(".")[0]
    return f"{day} {clock}" if clock.strip("0:") else day


def unescaped(text: str) -> str:
    """Text without Excel's `_x000D_` escapes."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
