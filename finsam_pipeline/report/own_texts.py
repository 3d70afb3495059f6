"""The office's and the project leaders' own texts in the report: where each stands, and where one is missing.

Nothing of a text is changed, and nothing is added to it. Belongs here: the places and their names. Does not: reading files
(`readers.prose`), which text counts (`pipeline.texts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.readers.prose import Line
from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.report.document import Note, Section, Written

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Intervention, Register
    from finsam_pipeline.report.document import Block

INTRODUCTION, SUMMARY, INTERVENTIONS = "inledning", "sammanfattning", "insatserna"
# What a section of the report may be called in a file -> its id. The ids are those of the report's chapters.
SECTIONS: Mapping[str, str] = {
    "inledning": INTRODUCTION,
    "sammanfattning": SUMMARY,
    "individinriktade insatser": "deltagare",
    "deltagare": "deltagare",
    "insatserna": INTERVENTIONS,
    "verksamhetsutveckling": "verksamhet",
    "verksamhetsutveckling och strukturella insatser": "verksamhet",
    "strukturella insatser": "verksamhet",
    "ekonomi": "ekonomi",
}


@dataclass(frozen=True, slots=True)
class OwnText:
    """One part of a text: `place` is an intervention's id or a section's, `heading` empty for what stands straight under it."""

    place: str
    heading: str
    lines: tuple[Line, ...]
    of_intervention: bool

    def __repr__(self) -> str:
        return f"OwnText({self.place})"


@dataclass(frozen=True)
class OwnTexts:
    """The texts of one report, and who should have written."""

    register: Register
    period: str
    texts: tuple[OwnText, ...] = ()

    def beside(self, section: Section) -> Section:
        """The section with the office's text first, its own headings last."""
        blocks, sections = self._of(section.id, of_intervention=False)
        return replace(section, blocks=(*blocks, *section.blocks), sections=(*section.sections, *sections))

    def introduction(self) -> Section:
        """The office's words before everything else; empty when there are none."""
        return self.beside(Section(INTRODUCTION, "Inledning"))

    def interventions(self, *, draft: bool) -> Section:
        """One part an insats active in the period; in a draft those without a text say where to put it."""
        parts = (self._intervention(i, n, draft=draft) for n, i in enumerate(self._active(), 1))
        chapter = Section(INTERVENTIONS, "Från insatserna", (), tuple(part for part in parts if not part.empty))
        return self.beside(chapter)

    def _active(self) -> list[Intervention]:
        period = parse_period(self.period)
        active = (i for i in self.register.interventions if i.active_in(period.first, period.last))
        return sorted(active, key=lambda i: (i.orientation != "individual", i.order, i.id))

    def _intervention(self, intervention: Intervention, n: int, *, draft: bool) -> Section:
        blocks, sections = self._of(intervention.id, of_intervention=True)
        if draft and not blocks and not sections:
            blocks = (Note(missing(self.register.id, intervention.name)),)
        return Section(f"insats-{n}", intervention.name, blocks, sections)

    def _of(self, place: str, *, of_intervention: bool) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
        own = [t for t in self.texts if t.place == place and t.of_intervention == of_intervention]
        blocks = tuple(Written(t.lines) for t in own if not t.heading)
        under: dict[str, list[OwnText]] = {}
        for text in own:
            if text.heading:
                under.setdefault(fold(text.heading), []).append(text)
        prefix = f"text-{'insats' if of_intervention else 'del'}-{fold(place)}"
        sections = tuple(
            Section(_anchor(prefix, n), told[0].heading, tuple(Written(t.lines) for t in told), plain=True)
            for n, told in enumerate(under.values(), 1)
        )
        return blocks, sections


def missing(association: str, name: str) -> str:
    """What a draft says where an insats's text should stand."""
    return f"Text från insatsen saknas: lägg en fil i landing/{association}/texter (.docx eller .md) med rubriken ”{name}”."


def section_names() -> Iterable[str]:
    """What the report's sections are called, for whoever names none of them."""
    return dict.fromkeys(name[:1].upper() + name[1:] for name in SECTIONS)


def _anchor(prefix: str, n: int) -> str:
    return f"{''.join(c if c.isalnum() else '-' for c in prefix)}-{n}"
