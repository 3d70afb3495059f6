"""`report:` of association.yaml: diary number and day of decision of each report, logo, colours, whom to ask, wider tables.

Belongs here: the shape of the setting and what is wrong with it. Does not: how a format shows it (`report/`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

LOGO_BYTES = 1_000_000  # a logo larger than this would be most of every report
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_LOGO_NAME = re.compile(r"[^/\\]+\.(?:png|jpe?g)", re.IGNORECASE)
_LOGO_BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_WASH = "#f3f6f7"  # the palest ground that text in the accent colour stands on
_TEXT_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
_STEP = 1.3  # two neighbouring fills this far apart are told apart in black and white

WIDER_TABLES = (
    "results",
    "results_by_intervention",
    "throughput",
    "duration",
    "before_and_after",
    "background",
    "year_before",
    "goals",
    "statement_year_before",
    "cost_kinds",
    "balance_sheet",
)
"""What a report can show besides its usual tables, in the order it stands there."""
FORMATS = ("html", "docx", "xlsx", "pdf")
"""What a report can be made as."""
COMPARISONS = ("year_before", "statement_year_before")
"""Those that are shown where there is a year before and nothing is set."""


def contrast(one: str, other: str) -> float:
    """The contrast between two colours `#rrggbb` as WCAG 2.1 defines it, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)  # noqa: PLR2004 - sRGB's own
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _fault(advice_sv: str) -> PydanticCustomError:
    return PydanticCustomError("advice", "{advice}", {"advice": advice_sv})


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise _fault('ska vara en färg skriven "#rrggbb" inom citattecken, till exempel "#17455c".')
    return text.lower()


def _accent(text: str) -> str:
    if contrast(text, _WASH) < _TEXT_CONTRAST:
        raise _fault(
            f"är för ljus för text: kontrasten mot rapportens ljusa bakgrund är {contrast(text, _WASH):.1f}".replace(".", ",")
            + " och ska vara minst 4,5. Välj en mörkare färg."
        )
    return text


def _logo_name(text: str) -> str:
    if not _LOGO_NAME.fullmatch(text):
        raise _fault("ska vara namnet på en PNG- eller JPEG-fil i samma mapp som association.yaml.")
    return text


def _table(name: str) -> str:
    if name not in WIDER_TABLES:
        raise _fault(f"”{name}” är ingen tabell som kan väljas. Välj bland {', '.join(WIDER_TABLES)}.")
    return name


def _format(name: str) -> str:
    if name not in FORMATS:
        raise _fault(f"”{name}” är inget format en rapport kan göras i. Välj bland {', '.join(FORMATS)}.")
    return name


Colour = Annotated[str, AfterValidator(_colour)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ReportColours(_Strict):
    """The association's colours: headings and first series, second series, third series; dark, middle, light."""

    accent: Annotated[Colour, AfterValidator(_accent)] = Field(
        default="#17455c", description="Rubriker och första serien; mörkast."
    )
    second: Colour = Field(default="#79aebb", description="Andra serien.")
    third: Colour = Field(default="#ecd9a0", description="Tredje serien; ljusast.")

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        """Bars must be told apart on a black-and-white print, so each colour is clearly lighter than the one before."""
        steps = (self.accent, self.second, self.third, "#ffffff")
        lightness = [_luminance(c) for c in steps]
        if lightness != sorted(lightness) or any(contrast(a, b) < _STEP for a, b in pairwise(steps)):
            raise _fault(
                "accent, second och third ska gå från mörk till ljus med tydliga steg, annars går staplarna inte att skilja åt i "
                "svartvitt. Ändra second eller third."
            )
        return self


class ReportContact(_Strict):
    """Whom a reader may ask. Roles and shared addresses last longer than names."""

    name: str = Field(default="", description="Vem läsaren kan fråga; hellre en roll än en person.")
    email: str = Field(default="", description="E-postadress.")
    phone: str = Field(default="", description="Telefon.")
    web: str = Field(default="", description="Webbplats.")
    address: str = Field(default="", description="Postadress.")


class ReportOf(_Strict):
    """What belongs to the report on one period."""

    diary_number: str = Field(default="", description="Diarienummer.")
    decided_on: dt.date | None = Field(default=None, description="Beslutsdag, inte före periodens slut.")


class ReportSettings(_Strict):
    """The whole of `report:`."""

    logo: Annotated[str, AfterValidator(_logo_name)] | None = Field(
        default=None, description="PNG- eller JPEG-fil i samma mapp, högst 1 MB."
    )
    colours: ReportColours = Field(default=ReportColours(), description="Rapportens färger, från mörk till ljus.")
    contact: ReportContact = Field(default=ReportContact(), description="Kontaktuppgifter.")
    tables: tuple[Annotated[str, AfterValidator(_table)], ...] | None = Field(
        default=None,
        description=f"Fler tabeller, under Fördjupning: `{'`, `'.join(WIDER_TABLES)}`. Utan inställning: `{'`, `'.join(COMPARISONS)}`, "
        "när det finns uppgifter om året före.",
    )
    formats: tuple[Annotated[str, AfterValidator(_format)], ...] = Field(
        default=FORMATS,
        min_length=1,
        description=f"I vilka format nattens utkast görs: `{'`, `'.join(FORMATS)}`. En utgåva görs i dem som begärs, utan val i alla.",
    )
    periods: dict[str, ReportOf] = Field(default_factory=dict, description="Uppgifter om en periods rapport.")

    @property
    def chosen(self) -> tuple[str, ...]:
        """The wider tables in the order of the report, whatever the order they are named in."""
        wanted = COMPARISONS if self.tables is None else self.tables
        return tuple(name for name in WIDER_TABLES if name in wanted)

    def of(self, period: str) -> ReportOf:
        """What is set for the report on that period."""
        return self.periods.get(period, ReportOf())


def report_settings(settings: Mapping[str, Any]) -> ReportSettings:
    """The settings of a loaded configuration (`Register.settings`), the defaults where there are none.

    Raises:
        pydantic.ValidationError: they are wrong; loading a register says so first, with file and line.
    """
    return ReportSettings.model_validate(settings.get("report") or {})


def logo_fault(path: Path) -> str | None:
    """What is wrong with the logo's file, in Swedish; None when it can be printed."""
    if not path.is_file():
        return f"filen {path.name} finns inte i förbundets konfigurationsmapp: lägg den där eller ta bort raden."
    if path.stat().st_size > LOGO_BYTES:
        return f"filen {path.name} är större än 1 MB: spara logotypen i mindre storlek."
    with path.open("rb") as stream:
        if not stream.read(8).startswith(_LOGO_BEGINS):
            return f"filen {path.name} är ingen PNG- eller JPEG-bild: spara om logotypen."
    return None
