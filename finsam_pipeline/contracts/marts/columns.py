"""How a mart's columns are declared, and the columns that many marts share.

Belongs here: short ways to say a column. Does not: any mart.
"""

from __future__ import annotations

from finsam_pipeline.contracts.types import MartColumn


def text(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    """A column of text."""
    return MartColumn(name, "string", sv, en, nullable=nullable)


def day(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    """A column of days."""
    return MartColumn(name, "date", sv, en, nullable=nullable)


def flag(name: str, sv: str, en: str) -> MartColumn:
    """A column of yes and no."""
    return MartColumn(name, "bool", sv, en)


def count(name: str, sv: str, en: str, unit: str = "deltagare", *, nullable: bool = False) -> MartColumn:
    """A column of whole numbers."""
    return MartColumn(name, "int64", sv, en, unit, nullable)


def kr(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    """A column of money in kr."""
    return MartColumn(name, "money", sv, en, "kr", nullable)


def tkr(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    """A column of whole thousands of kr."""
    return MartColumn(name, "int64", sv, en, "tkr", nullable)


def percent(name: str, sv: str, en: str, *, nullable: bool = False) -> MartColumn:
    """A column of percent with one decimal."""
    return MartColumn(name, "percent", sv, en, "procent", nullable)


ASSOCIATION = text("association", "Samordningsförbundets id", "Id of the association")
PERIOD = text("period", "Perioden: 2025H1, 2025T1, 2025Q1 eller 2025", "The period: 2025H1, 2025T1, 2025Q1 or 2025")
YEAR = count("year", "Kalenderår", "Calendar year", "år")
INTERVENTION = text("intervention_id", "Insatsens id i insatsregistret", "Id of the intervention in the register")
GENDER = text(
    "gender",
    "Kön: woman, man, other (annan köns-ID) eller anonymous",
    "Gender: woman, man, other (registered otherwise) or anonymous",
)
LINE_ORDER = count("line_order", "Radens plats", "Place of the line", "ordning")

INTERVENTION_OR_ALL = text(
    "intervention_id",
    "Insatsens id i insatsregistret; tomt när raden gäller alla individinriktade insatser",
    "Id of the intervention in the register; null where the row is about all individual interventions",
    nullable=True,
)
GENDER_OR_TOTAL = text(
    "gender",
    "Kön: woman, man, other (annan köns-ID) eller total (alla)",
    "Gender: woman, man, other (registered otherwise) or total (all)",
)
GENDER_ANONYMOUS_OR_TOTAL = text(
    "gender",
    "Kön: woman, man, other (annan köns-ID), anonymous eller total (alla)",
    "Gender: woman, man, other (registered otherwise), anonymous or total (all)",
)
YEAR_BEFORE = text("year_before", "Samma period året före", "The same period a year before")
OF_ENDED = count("of_ended", "Alla avslutade i gruppen (nämnare)", "All who ended in the group (denominator)")
