"""A written report against the standing marts of one association and period.

Belongs here: marts to figures by label. Does not: how the report is read or compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from finsam_pipeline.pipeline.at_hand import NotExplained, standing_snapshot
from finsam_pipeline.proofread.against import Published, against_findings
from finsam_pipeline.proofread.facts import passages
from finsam_pipeline.proofread.model import Document, Finding, Measure, Role
from finsam_pipeline.proofread.splits import splits_in_text
from finsam_pipeline.proofread.vocabulary import folded
from finsam_pipeline.register import load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.store.reader import Snapshot
from finsam_pipeline.store.workspace import Workspace

_GENDERS = {"woman": Role.WOMEN, "man": Role.MEN, "other": Role.OTHER, "anonymous": Role.ANONYMOUS}
_MEASURES = {"participants": Measure.PARTICIPANTS, "started": Measure.STARTED, "ended": Measure.ENDED}
_ROLES = {"outcome_kr": Role.OUTCOME, "budget_kr": Role.BUDGET, "difference_kr": Role.DIFFERENCE}

Counts = dict[Measure, dict[str, dict[Role, int]]]


def against_marts(document: Document, home: Path, association: str, period: str) -> list[Finding]:
    """What in a report is not as the marts have it.

    Raises:
        NotExplained: nothing is published, or nothing of that association and period.
        ConfigurationErrors.
    """
    snapshot = standing_snapshot(home)
    rows = snapshot.table("reference/periods").to_pylist()
    if not any((r["association"], r["period"]) == (association, period) for r in rows):
        known = ", ".join(r["period"] for r in rows if r["association"] == association)
        raise NotExplained(
            f"Det finns inga publicerade siffror för {association} {period}. Perioder med siffror: {known or 'inga'}."
        )
    published = published_figures(snapshot, load_register(Workspace(home).config / association), period)
    return list(against_findings(document, published, splits_in_text(passages(document))))


def published_figures(snapshot: Snapshot, register: Register, period: str) -> Published:
    """The marts' figures by the labels a report may use."""

    def rows(mart: str) -> Iterator[dict[str, Any]]:
        own = (register.id, period)
        return (r for r in snapshot.table(mart).to_pylist() if (r["association"], r["period"]) == own)

    names = {i.id: (i.id, i.name, i.short_name, *i.aliases) for i in register.interventions}
    statement = {folded(r["label"]): _money(r) for r in rows("economy/income_statement")}
    interventions = {
        folded(name): _money(r)
        for r in rows("economy/intervention_budget")
        for name in names.get(r["intervention_id"], ())
        if name
    }
    counts: Counts = {m: defaultdict(lambda: defaultdict(int)) for m in _MEASURES.values()}
    for r in rows("participants/participant_flow"):
        for column, measure in _MEASURES.items():
            for label in {"", *(folded(n) for n in names.get(r["intervention_id"], ()) if n)}:
                counts[measure][label][_GENDERS[r["gender"]]] += r[column]
                counts[measure][label][Role.TOTAL] += r[column]
    return Published((statement, interventions), counts, f"marts {snapshot.id}")


def _money(row: dict[str, Any]) -> dict[Role, Decimal]:
    return {role: row[column] for column, role in _ROLES.items() if row[column] is not None}
