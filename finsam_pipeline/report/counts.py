"""The participant marts of one period, summed.

Belongs here: which interventions, genders and exit reasons a report shows, and their sums (a count mart stores no totals). Does
not: tables, sentences. A person in two interventions counts in both.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.types import NO_EXIT_REASON
from finsam_pipeline.report import wording
from finsam_pipeline.report.origin import origin
from finsam_pipeline.report.traced import known

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Code, Intervention
    from finsam_pipeline.report.facts import Facts

FLOW_MART, EXITS_MART, TARGETS_MART = "participants/participant_flow", "participants/exit_reasons", "participants/targets"
FLOW = ("carried_in", "started", "ended", "carried_out")
WORK_OR_STUDY = "work_or_study"  # the group of the code list, interface 7 cost_per_participant


@dataclass(frozen=True)
class Participants:
    """The participant marts of one report, ready to be summed."""

    facts: Facts

    @cached_property
    def flow(self) -> list[dict[str, Any]]:
        """participants/participant_flow of individual interventions active in the period."""
        return self._individual(FLOW_MART)

    @cached_property
    def exits(self) -> list[dict[str, Any]]:
        """participants/exit_reasons of the same interventions."""
        return self._individual(EXITS_MART)

    def _individual(self, mart: str) -> list[dict[str, Any]]:
        # What no row of a table shows is in no total either.
        ids = {i.id for i in self.facts.individual()}
        return [row for row in self.facts.rows(mart) if row["intervention_id"] in ids]

    @cached_property
    def targets(self) -> list[dict[str, Any]]:
        """participants/targets, those with a target."""
        return [r for r in self.facts.rows(TARGETS_MART) if r["target"] is not None]

    @cached_property
    def shown(self) -> list[Intervention]:
        """Interventions with a row in the tables: those with anybody in them, or with a target to reach."""
        met = {r["intervention_id"] for r in self.flow if any(r[m] for m in (*FLOW, "participants"))}
        met |= {r["intervention_id"] for r in self.targets}
        return [i for i in self.facts.individual() if i.id in met]

    @property
    def attended(self) -> int:
        """How many interventions anybody took part in."""
        return sum(self.total("participants", intervention=i.id) > 0 for i in self.shown)

    @cached_property
    def silent(self) -> list[Intervention]:
        """Individual interventions active in the period without any participant."""
        return [i for i in self.facts.individual() if i not in self.shown]

    @cached_property
    def genders(self) -> tuple[str, ...]:
        """The genders with a column; `anonymous` only when anybody is."""
        anonymous = self.total("participants", gender="anonymous")
        return wording.GENDERS if anonymous else wording.GENDERS[:-1]

    def total(self, measure: str, *, intervention: str | None = None, gender: str | None = None) -> int:
        """A measure of participant_flow summed over what is not named."""
        found: int = sum(
            r[measure] for r in self.flow if intervention in (None, r["intervention_id"]) and gender in (None, r["gender"])
        )
        # In the key's order and with all its values, as a table's own cell has it: one figure has one explanation.
        ids = intervention or [i.id for i in self.shown]
        return known(found, origin(FLOW_MART, measure, intervention_id=ids, gender=gender or self.genders_of(measure)))

    def genders_of(self, measure: str) -> tuple[str, ...]:
        """The genders with a column where one measure is shown: anonymous persons neither begin nor end."""
        return self.genders if measure == "participants" else tuple(g for g in self.genders if g != "anonymous")

    def of_gender(self, measure: str) -> dict[str, int]:
        """By gender the measure over all interventions, for the genders shown."""
        return {g: self.total(measure, gender=g) for g in self.genders_of(measure)}

    @cached_property
    def reasons(self) -> list[Code]:
        """The exit reasons with a row: the list, and "Uppgift saknas" when any ended without one."""
        return self.facts.exit_reasons(r["exit_reason"] for r in self.exits if r["ended"])

    def ended_for(self, key: str) -> Counter[tuple[str, str]]:
        """(exit reason, `key`: intervention_id or gender) -> ended."""
        out: Counter[tuple[str, str]] = Counter()
        for row in self.exits:
            out[row["exit_reason"], row[key]] += row["ended"]
        return out

    def ended_by(self, *reasons: str, gender: str | None = None) -> int:
        """Ended for one of the reasons, and of one gender when it is named."""
        found: int = sum(r["ended"] for r in self.exits if r["exit_reason"] in reasons and gender in (None, r["gender"]))
        own = {"gender": gender} if gender else {}
        where = origin(EXITS_MART, "ended", exit_reason=reasons, intervention_id=[i.id for i in self.shown], **own)
        return known(found, where)

    @property
    def without_reason(self) -> int:
        """Ended without a reason given."""
        return self.ended_by(NO_EXIT_REASON)

    def reached(self) -> tuple[list[str], dict[str, int]]:
        """Labels of the reasons that are work or study, and gender -> ended for one of them."""
        codes = {c.code: c.label for c in self.reasons if c.group == WORK_OR_STUDY}
        return list(codes.values()), {g: self.ended_by(*codes, gender=g) for g in self.genders_of("ended")}
