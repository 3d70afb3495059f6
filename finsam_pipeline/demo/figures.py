"""The figures the example adds up to, and the plans they are filled in by.

Belongs here: reading the demo's own data files. `published/<period>/` holds figures printed in the half-year reports 2021 and
2025 of Samordningsförbundet Stockholms stad: budget and outcome in whole kr, values that print every cell of the reports'
tables. Where a report prints only a sum, the parts are a choice that keeps it:

- 2025: women and men per exit reason; the fidelity points of the measurement before.
- 2021: started and ended per insats (printed are the sums, and what began in FINSAM-team, MIA Vidare and Arbetsträning); the
  4 women, 29 men and 72 anonymous persons of the total that no insats of the text has stand on an insats of their own; women
  and men among the anonymous; the budget per insats of the first version where it differs from the revised one.

`plan/` and `config/` are the demo's own invention.
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
    """Outcome of one line, and of one intervention where it has any, in whole kr with the report's sign."""

    line: str
    intervention: str
    outcome_kr: int


@dataclass(frozen=True, slots=True)
class Report:
    """One published report, named by its period: the figures it prints and the plan of the data behind them."""

    name: str

    @property
    def period(self) -> Period:
        """The period the figures were published for."""
        return parse_period(self.name)

    def published(self, name: str) -> tuple[dict[str, str], ...]:
        """The rows of one file of printed figures."""
        return table(f"published/{self.name}/{name}.csv")

    def plan(self, name: str) -> tuple[dict[str, str], ...]:
        """The rows of one file of the report's plan."""
        return table(f"plan/{self.name}/{name}.csv")

    def setting(self, key: str) -> str:
        """One value of the plan's settings. KeyError when there is none."""
        return {row["key"]: row["value"] for row in self.plan("settings")}[key]

    def counts(self) -> list[Count]:
        """Participants, started and ended by intervention and gender."""
        return [
            Count(r["intervention"], r["gender"], int(r["participants"]), int(r["started"]), int(r["ended"]))
            for r in self.published("participants")
        ]

    def exits(self) -> list[Exits]:
        """Exit reasons by intervention, and by gender where known; none where the report has none."""
        return [
            Exits(r["intervention"], r["exit_reason"], int(r["ended"]), _maybe(r["women"]), _maybe(r["men"]))
            for r in self.published("exit_reasons")
        ]

    def money(self) -> list[Money]:
        """Outcome of the period."""
        return [Money(r["line"], r["intervention"], int(r["outcome_kr"])) for r in self.published("money")]

    def budget(self, column: str = "budget_kr") -> dict[tuple[str, str], int]:
        """(line, intervention) -> budget of the period in whole kr, of one version; what the version leaves out is not there."""
        return {(r["line"], r["intervention"]): int(r[column]) for r in self.published("money") if r[column]}


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the demo's data files, for example `plan/accounts.csv`."""
    text = (files("finsam_pipeline.demo") / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def setting(key: str) -> str:
    """One value of `plan/workspace.csv`. KeyError when there is none."""
    return {row["key"]: row["value"] for row in table("plan/workspace.csv")}[key]


def reports() -> list[Report]:
    """The published reports, in order of time."""
    return [Report(name) for name in setting("reports").split("|")]


def label(code_list: str, code: str) -> str:
    """A code's label in the demo's configuration."""
    return {r["code"]: r["label"] for r in table(f"config/codes/{code_list}.csv")}[code]


def intervention(intervention_id: str) -> dict[str, str]:
    """An intervention's row in the demo's register."""
    return {r["intervention_id"]: r for r in table("config/interventions.csv")}[intervention_id]


def project(intervention_id: str) -> str:
    """The first project an intervention is booked on; empty for none."""
    objects = intervention(intervention_id)["ledger_objects"] if intervention_id else ""
    return objects.partition("|")[0].partition(":")[2]


def _maybe(text: str) -> int | None:
    return int(text) if text else None
