"""The periodic report, from marts to a document.

Belongs here: the order of the parts and the title. What stands in a part is made in its own module.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from finsam_pipeline.register.disclosure import disclosure_policy
from finsam_pipeline.report import activities, economy, evidence, participants, wider, wording
from finsam_pipeline.report.disclosure import Record, without_small_counts
from finsam_pipeline.report.document import Bullets, Document, Section
from finsam_pipeline.report.facts import Facts, Marts
from finsam_pipeline.report.identity import Identity
from finsam_pipeline.report.numbering import Numbering
from finsam_pipeline.report.own_texts import OwnText, OwnTexts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from finsam_pipeline.register.model import Register
    from finsam_pipeline.report.origin import Origin


def build_report(marts: Marts, register: Register, period: str, *, draft: bool = True) -> Document:
    """The report of one association on one period of any kind (2025H1, 2025T1, 2025Q1, 2025-03, 2025).

    Reads the marts of interface 7 and nothing else; a mart that is missing or empty becomes a sentence that says so. What the
    association's `disclosure:` hides is hidden. ValueError when `period` is no period. The same marts give the same document.
    """
    return publishable(marts, register, period, draft=draft)[0]


def publishable(
    marts: Marts,
    register: Register,
    period: str,
    *,
    draft: bool = True,
    earlier: Iterable[Record] = (),
    texts: Iterable[OwnText] = (),
) -> tuple[Document, Record]:
    """The same, and what it tells its readers; `earlier` is what they have been told before, `texts` what others have written."""
    policy = disclosure_policy(register.settings)
    own = OwnTexts(register, period, tuple(texts))  # by the register as it is: a policy may have put insatser together
    return without_small_counts(Facts.of(marts, register, period), policy, partial(_document, own=own, draft=draft), earlier)


def figures_of(marts: Marts, register: Register, period: str) -> list[Origin]:
    """Where the figures of such a report come from when it hides nothing, each origin once."""
    return _document(Facts.of(marts, register, period), own=OwnTexts(register, period), draft=True).origins()


def _document(facts: Facts, *, own: OwnTexts, draft: bool) -> Document:
    numbering = Numbering()
    parts = (
        own.introduction(),
        own.beside(participants.section(facts, numbering)),
        own.interventions(draft=draft),
        own.beside(activities.section(facts)),
        own.beside(economy.section(facts, numbering)),
        wider.section(facts, numbering),
        evidence.section(facts),
    )
    document = Document(
        title=wording.report_title(facts.period),
        association_id=facts.register.id,
        association=facts.register.name,
        period=facts.period.name,
        period_words=facts.words,
        draft=draft,
        snapshot_id=str(facts.marts.manifest.get("snapshot_id", "")),
        as_of=facts.as_of,
        identity=Identity.of(facts.register),
        sections=tuple(part for part in parts if not part.empty),
    )
    return document.numbered(before=own.beside(_summary(facts)))


def _summary(facts: Facts) -> Section:
    sentences = [*participants.summary(facts), *activities.summary(facts), *economy.summary(facts)]
    return Section("sammanfattning", "Sammanfattning", (*evidence.stale(facts), Bullets(tuple(s for s in sentences if s))))
