"""The report's part that is chosen table by table (`report: tables:`), after those every report has.

Belongs here: which part each name stands for, their order, and what is said where a chosen one has no figures. Does not: the tables
themselves (results.py, background.py, comparisons.py, accounts.py). They are numbered on after the others, so that a report's usual
tables keep their numbers whatever is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from finsam_pipeline.register.reporting import report_settings
from finsam_pipeline.report import accounts, background, comparisons, results, wording
from finsam_pipeline.report.document import Note, Section
from finsam_pipeline.report.facts import Facts
from finsam_pipeline.report.numbering import Numbering

TABLES: Mapping[str, Callable[[Facts, Numbering], Section]] = {
    "results": results.by_gender,
    "results_by_intervention": results.by_intervention,
    "throughput": results.throughput,
    "duration": results.duration,
    "before_and_after": results.before_and_after,
    "background": background.section,
    "year_before": comparisons.year_before,
    "goals": comparisons.goals,
    "statement_year_before": comparisons.statement_year_before,
    "cost_kinds": accounts.cost_kinds,
    "balance_sheet": accounts.balance_sheet,
}


def section(facts: Facts, numbering: Numbering) -> Section:
    """The chosen tables; empty when nothing is chosen and there is nothing to compare with."""
    settings = report_settings(facts.register.settings)
    parts = [TABLES[name](facts, numbering) for name in settings.chosen]
    # Nobody has asked for the comparisons that are shown by themselves, so nobody misses them.
    missing = [part.title for part in parts if part.empty] if settings.tables is not None else []
    return Section("fordjupning", "Fördjupning", _missing(missing, facts), tuple(part for part in parts if not part.empty))


def _missing(titles: list[str], facts: Facts) -> tuple[Note, ...]:
    if not titles:
        return ()
    return (Note(f"Det finns inga uppgifter för {facts.words} om {wording.listed(title.lower() for title in titles)}."),)
