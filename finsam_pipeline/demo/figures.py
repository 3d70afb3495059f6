"""The figures the example adds up to, and the plan it is filled in by.

Belongs here: reading the demo's own data files. `published/` holds figures printed in the half-year report 2025 of
Samordningsförbundet Stockholms stad (budget and outcome in whole kr: values that print every cell of the report's tables;
women and men per exit reason: a choice that keeps the sums the report states; the fidelity points of the measurement before are
made up). `plan/` and `config/` are the demo's own invention.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from finsam_pipeline.register.periods import Period, parse_period

GENDERS = ("woman", "man", "other")


@dataclass(frozen=True, slots=True)
class Count:
    """Participations of one intervention and gender in the period."""

    intervention: str
    gender: str
    participants: int
    started: int
    ended: int


@dataclass(frozen=True, slots=True)
class Exits:
    """Ended participations by reason; `women` and `men` are None where only the sum is known."""

    intervention: str
    exit_reason: str
    ended: int
    women: int | None
    men: int | None


@dataclass(frozen=True, slots=True)
class Money:
    """Outcome and budget of one line, and of one intervention where it has any, in whole kr with the report's sign."""

    line: str
    intervention: str
    outcome_kr: int
    budget_kr: int


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the demo's data files, for example `plan/accounts.csv`."""
    text = (files("finsam_pipeline.demo") / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def setting(key: str) -> str:
    """One value of `plan/workspace.csv`. KeyError when there is none."""
    return {row["key"]: row["value"] for row in table("plan/workspace.csv")}[key]


def period() -> Period:
    """The period the figures were published for."""
    return parse_period(setting("period"))


def counts() -> list[Count]:
    """Participants, started and ended by intervention and gender."""
    return [
        Count(r["intervention"], r["gender"], int(r["participants"]), int(r["started"]), int(r["ended"]))
        for r in table("published/participants.csv")
    ]


def exits() -> list[Exits]:
    """Exit reasons by intervention, and by gender where known."""
    return [
        Exits(r["intervention"], r["exit_reason"], int(r["ended"]), _maybe(r["women"]), _maybe(r["men"]))
        for r in table("published/exit_reasons.csv")
    ]


def money() -> list[Money]:
    """Outcome and budget of the period."""
    return [Money(r["line"], r["intervention"], int(r["outcome_kr"]), int(r["budget_kr"])) for r in table("published/money.csv")]


def label(code_list: str, code: str) -> str:
    """A code's label in the demo's configuration."""
    return {r["code"]: r["label"] for r in table(f"config/codes/{code_list}.csv")}[code]


def intervention(intervention_id: str) -> dict[str, str]:
    """An intervention's row in the demo's register."""
    return {r["intervention_id"]: r for r in table("config/interventions.csv")}[intervention_id]


def _maybe(text: str) -> int | None:
    return int(text) if text else None
