"""Whose report it is: colours, logo, diary number, day of decision, whom to ask.

Belongs here: these as plain values, and the words they are printed with, the same in every format. Does not: reading them
(`register.reporting`), how a format places them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from finsam_pipeline.register.reporting import ReportSettings, report_settings

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Register
    from finsam_pipeline.report.document import Document

_PNG = b"\x89PNG"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`. The association's own: `accent` (headings, first series), `second`, `third`, from dark to light."""

    accent: str = "#17455c"
    second: str = "#79aebb"
    third: str = "#ecd9a0"
    ink: str = "#1c2b33"
    soft: str = "#52646e"
    line: str = "#d5dde1"
    wash: str = "#f3f6f7"
    warn: str = "#563600"
    warn_wash: str = "#fdf5e3"


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands on the report besides what it says."""

    organisation_number: str = ""
    settings: ReportSettings = field(default_factory=ReportSettings)
    logo: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, register: Register) -> Identity:
        """What the association's configuration says."""
        return cls(register.organisation_number, report_settings(register.settings), register.logo)

    @property
    def palette(self) -> Palette:
        """The report's colours."""
        own = self.settings.colours
        return Palette(own.accent, own.second, own.third)

    @property
    def logo_type(self) -> str:
        """The logo's media type."""
        return "image/png" if self.logo.startswith(_PNG) else "image/jpeg"

    @property
    def contact(self) -> tuple[str, ...]:
        """Whom to ask, one line each; nothing when nobody is named."""
        own = self.settings.contact
        return tuple(text for text in (own.name, own.address, own.phone, own.email, own.web) if text)


def particulars(document: Document) -> tuple[tuple[str, str], ...]:
    """Label and value of what stands on the title page, in order; what is not set is left out."""
    from finsam_pipeline.report import wording  # noqa: PLC0415 - wording knows documents

    own = document.identity.settings.of(document.period)
    given = (
        ("Organisationsnummer", document.identity.organisation_number),
        ("Diarienummer", own.diary_number),
        ("Styrelsens beslut", wording.day(own.decided_on) if own.decided_on else ""),
        ("Uppgifterna som de stod", wording.day(document.as_of) if document.as_of else ""),
        ("Ögonblicksbild", document.snapshot_id),
    )
    return tuple((label, value) for label, value in given if value)
