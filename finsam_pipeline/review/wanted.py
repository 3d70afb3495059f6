"""What a person may decide: the decision as they make it, and whether every part of it is allowed.

Belongs here: who, why, column, value and expiry. Does not: what else has been decided (`decisions`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.folding import fold_header
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.contracts.types import Kind as CellKind
from finsam_pipeline.privacy import contains_personnummer
from finsam_pipeline.review.states import DECIDABLE, Kind

if TYPE_CHECKING:
    import datetime as dt

    from finsam_pipeline.review.items import Item

REASONS: dict[str, str] = {
    "confirmed": "Kontrollerat med den som lämnade uppgiften",
    "misspelled": "Skrivfel i underlaget",
    "duplicate": "Dubblett",
    "not_ours": "Hör inte till förbundet",
    "known_change": "Känd och avsiktlig ändring",
    "incomplete": "Uppgiften går inte att få fram",
    "other": "Annat skäl",
}
_LONGEST_NAME = 80


class DecisionError(Exception):
    """The decision cannot be taken; `message_sv` says why and what to do, without any value."""

    def __init__(self, message_sv: str) -> None:
        super().__init__(message_sv)
        self.message_sv = message_sv


class UnknownItem(DecisionError):  # noqa: N818 - an outcome
    """No item of that id waits for a decision."""


class DecisionConflict(DecisionError):  # noqa: N818 - an outcome
    """Another decision in force says something else about the same row."""


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """One decision as a person makes it.

    `column` (canonical or as a header) and `value` for `correct` only; an empty value clears the cell. `reason_code` is one of
    REASONS, `reason` free text; one of them is needed. `expires_on`, the last day it holds, for `accept` only. `sheet` and `row`
    say where in a workbook it stood.
    """

    item_id: str
    kind: str
    by: str
    reason: str = field(default="", repr=False)
    reason_code: str = ""
    column: str = ""
    value: str | None = field(default=None, repr=False)
    expires_on: dt.date | None = None
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Sound:
    """A decision whose every part is allowed, before it is held against those that stand."""

    item: Item
    kind: Kind
    column: str
    code: str
    value: str | None = field(repr=False)
    expires_on: dt.date | None


def correctable(source: str) -> dict[str, str]:
    """Canonical name -> header of every column of a source that a decision may correct. Empty for an unknown source."""
    contract = SOURCES.get(source)
    return {c.name: c.headers[0] for c in contract.columns if c.kind is not CellKind.IGNORED} if contract else {}


def who(by: str) -> str:
    """The name a person gives as their own, without blanks around. DecisionError when it is none: it is logged for ever."""
    name = by.strip()
    if not name:
        raise DecisionError("Ange vem som beslutar.")
    if contains_personnummer(name):
        raise DecisionError("Ange vem som beslutar med namn eller signatur, inte med personnummer.")
    if len(name) > _LONGEST_NAME or "\n" in name:
        raise DecisionError(f"Ange bara vem som beslutar, med högst {_LONGEST_NAME} tecken på en rad.")
    return name


def validated(wanted: DecisionInput, item: Item, today: dt.date) -> Sound:
    """The decision with its parts in their canonical form. DecisionError when one is missing or not allowed."""
    allowed = DECIDABLE.get(item.severity, ())
    if wanted.kind not in {str(k) for k in allowed}:
        raise DecisionError(f"Beslutet går inte att fatta om regel {item.rule}; möjliga: {', '.join(allowed) or 'inga'}.")
    who(wanted.by)
    code = wanted.reason_code or ("other" if wanted.reason.strip() else "")
    if not code:
        raise DecisionError("Ange skäl.")
    if code not in REASONS:
        raise DecisionError(f"Skälet finns inte i listan: {', '.join(REASONS)}.")
    kind = Kind(wanted.kind)
    _check_expiry(kind, wanted.expires_on, today)
    column = _corrected_column(kind, wanted, item.source)
    return Sound(item, kind, column, code, wanted.value if kind is Kind.CORRECT else None, wanted.expires_on)


def _check_expiry(kind: Kind, expires_on: dt.date | None, today: dt.date) -> None:
    if expires_on is None:
        return
    if kind is not Kind.ACCEPT:
        raise DecisionError("Bara ett godkännande kan ha en sista dag.")
    if expires_on < today:
        raise DecisionError("Sista dagen har redan passerat.")


def _corrected_column(kind: Kind, wanted: DecisionInput, source: str) -> str:
    if kind is not Kind.CORRECT:
        if wanted.column or wanted.value:
            raise DecisionError("Kolumn och nytt värde hör bara till en rättelse.")
        return ""
    columns = correctable(source)
    contract = SOURCES.get(source)
    by_header = {
        fold_header(h): c.name for c in (contract.columns if contract else ()) for h in (*c.headers, c.canonical, c.name)
    }
    name = by_header.get(fold_header(wanted.column), "")
    if name not in columns:
        raise DecisionError(f"Ange kolumnen som rättas, en av: {', '.join(columns.values())}.")
    if wanted.value is None:
        raise DecisionError("Ange det nya värdet.")
    return name
