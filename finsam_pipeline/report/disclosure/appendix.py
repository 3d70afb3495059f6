"""The section that says which counts a report does not show, and by which policy.

Belongs here: its words. It does not say how many are hidden for being small and how many with them: that would help to tell them
apart.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from finsam_pipeline.report.document import Block, Bullets, Note, Paragraph, Section
from finsam_pipeline.report.numbers import HIDDEN_COUNT, HIDDEN_SHARE, number
from finsam_pipeline.report.traced import HIDDEN_IN_TABLE
from finsam_pipeline.report.wording import listed

if TYPE_CHECKING:
    from finsam_pipeline.register.disclosure import DisclosurePolicy
    from finsam_pipeline.report.document import Document

_JOINED = {
    "interventions": "Insatser med få deltagare är lagda samman.",
    "exit_reasons": "Avslutsorsakerna är lagda samman i grupper.",
}


def with_appendix(
    document: Document, policy: DisclosurePolicy, counts: tuple[int, int], exposed: int, editions: Collection[str]
) -> Document:
    """The document with that section last. `counts`: figures of persons in tables and figures, and how many of them are hidden."""
    if not document.sections:
        return document
    *parts, last = document.sections
    blocks = _masking(policy, counts, exposed, editions) if policy.masks else (Paragraph(_NOTHING),)
    own = Section("sma-tal", "Små tal", blocks, number=f"{last.number}.{len(last.sections) + 1}" if last.number else "")
    return replace(document, sections=(*parts, replace(last, sections=(*last.sections, own))))


_NOTHING = (
    "Förbundet har ingen regel för små tal (disclosure i association.yaml). Alla antal visas som de är, också när de gäller enstaka "
    "personer."
)


def _masking(policy: DisclosurePolicy, counts: tuple[int, int], exposed: int, editions: Collection[str]) -> tuple[Block, ...]:
    figures, hidden = counts
    rule = (
        f"Antal personer från {policy.smallest} till {policy.below - 1} visas inte, och inte heller tal och andelar som de kan "
        f"räknas ut ur. I tabeller och figurer står {HIDDEN_IN_TABLE}, i texten {HIDDEN_COUNT} eller {HIDDEN_SHARE}. "
        + ("Nollor visas." if policy.smallest else "Också nollor är dolda.")
    )
    extent = f"Av {number(figures)} antal och andelar i tabeller och figurer är {number(hidden)} dolda."
    items = [rule, *(_JOINED[group] for group in policy.join), extent]
    if editions:
        items.append(f"Hänsyn är tagen till vad som redan står i {listed(sorted(editions))}.")
    blocks: tuple[Block, ...] = (Bullets(tuple(items)),)
    if exposed:
        text = (
            f"{number(exposed)} av de små talen går att räkna ut ur en tidigare utgåva. De visas inte här, men är inte skyddade."
        )
        blocks += (Note(text, attention=True),)
    return blocks
