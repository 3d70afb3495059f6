"""Coarser groups: interventions and exit reasons put together before anything is hidden, so that less has to be.

Belongs here: which are put together and what they are then called. Does not: hiding. Money is never put together: its tables
show every intervention, since they count nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import NO_EXIT_REASON
from finsam_pipeline.register.model import Code, Intervention, Register
from finsam_pipeline.report.wording import listed

if TYPE_CHECKING:
    from finsam_pipeline.register.disclosure import DisclosurePolicy

Row = dict[str, Any]
SMALL_INTERVENTIONS = "Övriga insatser"
OTHER_REASONS = "Övriga avslutsorsaker"
GOALS = "participants/goals"
_MEASURES = ("participants", "started", "ended")


@dataclass(frozen=True)
class Joined:
    """intervention_id and exit reason → what it is part of, and the register in which those groups have names."""

    register: Register
    interventions: Mapping[str, str]
    reasons: Mapping[str, str]

    @classmethod
    def of(cls, register: Register, policy: DisclosurePolicy, flow: Sequence[Row]) -> Joined:
        """The groups the policy asks for; `flow` holds the period's rows of participants/participant_flow."""
        interventions = _small(register, policy, flow) if "interventions" in policy.join else []
        reasons = _reason_groups(register) if "exit_reasons" in policy.join else {}
        changed = _with_group(register, interventions)
        if reasons:
            changed = replace(changed, codes=changed.codes | {"exit_reason": tuple(dict.fromkeys(reasons.values()))})
        own = {code: group.code for code, group in reasons.items()}
        return cls(changed, {i.id: _group_id(register) for i in interventions}, own)

    def rows(self, mart: str, rows: list[Row]) -> list[Row]:
        """The rows with those of one group added up; rows of a mart that is about neither are as they were."""
        contract = MARTS.get(mart)
        if contract is None or contract.family != "participants" or not (self.interventions or self.reasons):
            return rows
        if mart == GOALS:  # a share of one intervention and a share of another make no goal for both
            return [row for row in rows if row["intervention_id"] not in self.interventions]
        measures = [c.name for c in contract.columns if c.arrow == "int64" and c.name not in contract.key]
        found: dict[tuple[object, ...], Row] = {}
        for row in map(self._renamed, rows):
            key = tuple(row[k] for k in contract.key)
            found[key] = _added(found[key], row, measures) if key in found else row
        return list(found.values())

    def _renamed(self, row: Row) -> Row:
        named = {"intervention_id": self.interventions, "exit_reason": self.reasons}
        return row | {c: groups.get(row[c], row[c]) for c, groups in named.items() if c in row}


def _added(one: Row, other: Row, measures: Iterable[str]) -> Row:
    """Two rows of one group; a figure that is missing in either is missing in both."""
    return one | {m: None if one[m] is None or other[m] is None else one[m] + other[m] for m in measures}


def _small(register: Register, policy: DisclosurePolicy, flow: Sequence[Row]) -> list[Intervention]:
    """Interventions with a small count, and the smallest besides when that is only one."""
    counts = {
        i.id: [sum(r[m] or 0 for r in flow if r["intervention_id"] == i.id) for m in _MEASURES]
        for i in register.interventions
        if i.orientation == "individual"
    }
    present = sorted((i for i in register.interventions if any(counts.get(i.id, ()))), key=lambda i: (counts[i.id], i.id))
    small = [i for i in present if any(0 < n < policy.below for n in counts[i.id])]
    if len(small) == 1:
        small += [i for i in present if i not in small][:1]
    return small if len(small) > 1 else []


def _with_group(register: Register, small: Sequence[Intervention]) -> Register:
    if not small:
        return register
    basis = {i.count_basis for i in small}
    group = replace(
        small[0], id=_group_id(register), name=SMALL_INTERVENTIONS, short_name="Övriga", aliases=(), ledger_objects=(),
        count_basis=basis.pop() if len(basis) == 1 else "", starts_on=None, ends_on=None,
        order=max(i.order for i in register.interventions) + 1,
    )  # fmt: skip
    # What is part of the group has no row of its own among the participants, and no note that it had nobody.
    rest = (replace(i, orientation="") if i in small else i for i in register.interventions)
    return replace(register, interventions=(*rest, group))


def _group_id(register: Register) -> str:
    """An id that no intervention has."""
    taken, name = {i.id for i in register.interventions}, "ovriga"
    while name in taken:
        name += "_"
    return name


def _reason_groups(register: Register) -> dict[str, Code]:
    """Exit reason -> its group as a code; "Uppgift saknas" stays alone."""
    groups: dict[str, list[Code]] = {}
    for code in sorted(register.codes.get("exit_reason", ()), key=lambda c: (c.order, c.code)):
        if code.code != NO_EXIT_REASON:
            groups.setdefault(code.group, []).append(code)
    made = {
        name: Code("exit_reason", f"group {name}", _group_label(name, own), (), name, own[0].order)
        for name, own in groups.items()
    }
    return {code.code: made[name] for name, own in groups.items() for code in own}


def _group_label(name: str, own: Sequence[Code]) -> str:
    return OTHER_REASONS if not name else listed((c.label for c in own), "eller")
