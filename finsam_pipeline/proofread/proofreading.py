"""Every check over one document, and what the report itself already says of its figures.

Belongs here: the order of the checks, what is told twice, what the report explains. Does not: any one check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from finsam_pipeline.proofread.facts import Passage, passages
from finsam_pipeline.proofread.flows import flow_findings, flow_table_findings, more_than_took_part
from finsam_pipeline.proofread.mentions import mention_findings
from finsam_pipeline.proofread.model import Document, Finding, Kind, Sureness
from finsam_pipeline.proofread.money import money_findings
from finsam_pipeline.proofread.repeated import repeated_findings
from finsam_pipeline.proofread.rowwise import row_findings, sign_findings
from finsam_pipeline.proofread.shares import Totals, share_findings, table_share_findings
from finsam_pipeline.proofread.splits import split_findings, splits_in_tables, splits_in_text, total_findings, unlike_findings
from finsam_pipeline.proofread.sums import sum_findings

_EXPLAINED: tuple[tuple[Kind | None, re.Pattern[str]], ...] = (
    (
        None,
        re.compile(
            r"avrund\w+[^.]*(?:för sig|summera|stämmer inte|kan (?:skilja|avvika))|(?:summera|stämm)\w*[^.]*avrund", re.IGNORECASE
        ),
    ),
    (
        Kind.SIGN,
        re.compile(
            r"(?:differens|avvikelse)\w*\s*(?:=|är|räknas som)\s*(?:utfall|budget)\w*\s*(?:−|-|–|minus|mot)\s*(?:utfall|budget)",
            re.IGNORECASE,
        ),
    ),
    (Kind.FLOW, re.compile(r"flöde\w*[^.]*\binte\b[^.]*\bstämma", re.IGNORECASE)),
    (
        Kind.DIFFERENCE,
        re.compile(r"(?:ingår|räknas|finns)\b[^.]*\butfall\w*[^.]*\b(?:inte|ej)\b[^.]*\b(?:differens|avvikelse)", re.IGNORECASE),
    ),
    (Kind.REPEATED, re.compile(r"(?:olika|annan|skilda)\s+(?:versioner? av budgeten|budgetversion\w*|budgetar)", re.IGNORECASE)),
)
_MORE_THAN = re.compile(r"(?P<ended>\d+)\s+(?:avslutade|började)\s+men\s+(?P<part>\d+)\s+deltagare", re.IGNORECASE)
_ORDER = {Sureness.SURE: 0, Sureness.LIKELY: 1, Sureness.POSSIBLE: 2}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found, what the report itself explains, and how much there was to check."""

    findings: tuple[Finding, ...]
    explained: tuple[Finding, ...]
    tables: int
    figures: int

    @property
    def rounding(self) -> tuple[Finding, ...]:
        """Findings that rounding explains."""
        return tuple(f for f in self.findings if f.rounding)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that rounding does not explain."""
        return tuple(f for f in self.findings if not f.rounding)


def proofread(document: Document, more: Sequence[Finding] = ()) -> Proof:
    """Everything in a document that does not hold; `more` are findings made elsewhere, as against published figures."""
    texts = passages(document)
    found = [_judged(f, texts) for f in (*_once(_all(document, texts)), *more)]
    figures = sum(1 for t in document.tables for r in t.rows for c in r.cells if c.given) + sum(len(p.facts) for p in texts)
    open_ = sorted((f for f in found if not f.explained), key=lambda f: (f.rounding, _ORDER[f.sureness]))
    return Proof(tuple(open_), tuple(f for f in found if f.explained), len(document.tables), figures)


def _all(document: Document, texts: Sequence[Passage]) -> Iterator[Finding]:
    tables = document.tables
    in_text, in_tables = splits_in_text(texts), splits_in_tables(tables)
    for table in tables:
        yield from row_findings(table)
        yield from sum_findings(table)
        yield from table_share_findings(table)
    yield from sign_findings(tables)
    yield from repeated_findings(tables)
    yield from more_than_took_part(tables)
    yield from flow_table_findings(tables)
    yield from flow_findings(texts)
    yield from split_findings(in_text)
    yield from unlike_findings(in_text, in_tables)
    yield from total_findings(in_text, texts)
    yield from share_findings(texts, Totals((*in_tables, *in_text)))
    yield from money_findings(texts, tables)
    yield from mention_findings(texts, tables)


def _once(findings: Iterator[Finding]) -> list[Finding]:
    """The same two figures at the same two places are told once."""
    seen: dict[tuple[str, str, str, str], Finding] = {}
    for own in findings:
        seen.setdefault((own.printed.text, own.printed.place, own.other.text, own.other.place), own)
    return list(seen.values())


def _judged(finding: Finding, texts: Sequence[Passage]) -> Finding:
    """Marked as explained when the report says why the figures differ."""
    stated = {kind: any(pattern.search(p.text) for p in texts) for kind, pattern in _EXPLAINED}
    if finding.rounding and stated[None]:
        return replace(finding, explained=True)
    if finding.kind is Kind.FLOW and any(_same_figures(finding, m) for p in texts for m in _MORE_THAN.finditer(p.text)):
        return replace(finding, explained=True)
    if finding.kind is Kind.DIFFERENCE and "lämnas utanför" not in finding.advice:
        return finding
    if finding.kind is Kind.REPEATED and "Samma budget" not in finding.advice:
        return finding
    return replace(finding, explained=stated.get(finding.kind, False))


def _same_figures(finding: Finding, match: re.Match[str]) -> bool:
    return finding.printed.text.startswith(match["ended"]) and finding.other.text.startswith(match["part"])
