"""association.yaml: its shape, and where in the file a fault stands.

Belongs here: the YAML file alone. Does not: checks against the CSV files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from finsam_pipeline.register.alerting import AlertSettings, DayOfYear
from finsam_pipeline.register.disclosure import DisclosurePolicy
from finsam_pipeline.register.errors import Problems
from finsam_pipeline.register.model import PeriodKind
from finsam_pipeline.register.reporting import ReportSettings
from finsam_pipeline.register.retention import Archive, Retention
from finsam_pipeline.register.tables import read_text

FILE = "association.yaml"
# Their shapes belong to the rooms that use them; they pass through as YAML gives them, or as written where YAML would guess.
SETTINGS = ("expected", "retention", "archive", "disclosure", "report", "alerts")
_AS_WRITTEN = ("alerts", "report")  # YAML takes the key `on` for a yes, and a diary number for a number or a date

_ADVICE = {
    "missing": "nyckeln saknas: lägg till den.",
    "extra_forbidden": "okänd nyckel: rätta stavningen eller ta bort den.",
    "literal_error": "otillåtet värde; tillåtna är {expected}.",
    "enum": "otillåtet värde; tillåtna är {expected}.",
    "date_parsing": "ska vara ett datum skrivet ÅÅÅÅ-MM-DD.",
    "date_from_datetime_inexact": "ska vara ett datum skrivet ÅÅÅÅ-MM-DD.",
    "date_from_datetime_parsing": "ska vara ett datum skrivet ÅÅÅÅ-MM-DD.",
    "decimal_parsing": "ska vara ett tal med decimalpunkt, till exempel 0.25.",
    "list_type": "ska vara en lista.",
    "tuple_type": "ska vara en lista.",
    "dict_type": "ska vara nycklar med värden.",
    "model_type": "ska vara nycklar med värden.",
    "string_too_short": "får inte vara tom.",
    "too_short": "får inte vara tom.",
    "int_parsing": "ska vara ett heltal.",
    "greater_than_equal": "ska vara minst {ge}.",
    "less_than_equal": "får vara högst {le}.",
    "bool_parsing": "ska vara true eller false.",
    "advice": "{advice}",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class MemberIn(_Strict):
    """A member as written in the file."""

    id: str = Field(min_length=1, description="Medlemmens id: samma som `line_id` för medlemmens bidragsrad i report_lines.csv.")
    name: str = Field(min_length=1, description="Medlemmens namn.")
    share: Decimal = Field(description="Avtalad andel av bidragen, 0–1 med decimalpunkt. Tillsammans ska de bli 1.")


class LayoutIn(_Strict):
    """A printed table's layout as written in the file."""

    columns: tuple[Literal["outcome", "budget", "difference"], ...] = Field(
        default=("outcome", "budget", "difference"), description="Vilka kolumner tabellen har, i ordning."
    )
    difference: Literal["outcome_minus_budget", "budget_minus_outcome"] = Field(
        default="outcome_minus_budget", description="Vad som dras från vad i kolumnen differens."
    )
    unit: Literal["tkr", "kr"] = Field(default="kr", description="Enhet. Sägs inget alls om resultatrapporten står den i tkr.")


class ReportLayoutIn(_Strict):
    """The layouts in force from a day, as written in the file."""

    valid_from: dt.date = Field(default=dt.date(1900, 1, 1), description="Från vilken dag uppställningen gäller.")
    income_statement: LayoutIn = Field(default=LayoutIn(unit="tkr"), description="Resultatrapporten.")
    intervention_budget: LayoutIn = Field(default=LayoutIn(), description="Tabellen per insats.")


class BudgetVersionsIn(_Strict):
    """Which budget version each table of one period uses."""

    income_statement: str = Field(default="", description="Budgetversion i resultatrapporten, som den heter i budgetfilen.")
    intervention_budget: str = Field(default="", description="Budgetversion i tabellen per insats.")

    def given(self) -> dict[str, str]:
        """Table -> version, only for the tables that name one."""
        return {table: version for table, version in self.model_dump().items() if version}


class GoalsIn(_Strict):
    """From how many percent of its target a goal is met, and from how many it is near."""

    met: int = Field(default=100, ge=0, description="Från hur många procent av målet det är nått.")
    near: int = Field(default=90, ge=0, description="Från hur många procent det är nära.")

    @model_validator(mode="after")
    def near_comes_before_met(self) -> Self:
        """A goal that is met is not merely near."""
        if self.near > self.met:
            raise PydanticCustomError("advice", "{advice}", {"advice": "near får inte vara högre än met."})
        return self


class AssociationIn(_Strict):
    """association.yaml. Required: id, name, period_kind, chart_of_accounts, members (interface 3)."""

    id: str = Field(min_length=1, description="Samma som mappens namn.")
    name: str = Field(min_length=1, description="Förbundets fulla namn, som på rapporten.")
    organisation_number: str = Field(default="", description="Organisationsnummer.")
    period_kind: PeriodKind = Field(
        description="Hur ofta förbundet rapporterar: halvår, tertial, kvartal eller år. Hela år finns alltid."
    )
    chart_of_accounts: Literal["bas", "kommun-bas"] = Field(
        description="Kontoplanen: avgör bokslutskonton, kostnadsslag och balansrader."
    )
    members: tuple[MemberIn, ...] = Field(description="Medlemmarna.")
    budget_versions: dict[str, BudgetVersionsIn] = Field(
        default_factory=dict,
        description="Vilken budgetversion en period jämförs med. Utan inställning: den senast beslutade vid periodens slut.",
    )
    report_layouts: tuple[ReportLayoutIn, ...] = Field(
        default=(ReportLayoutIn(),), description="Hur de två ekonomitabellerna ser ut, från en viss dag."
    )
    counts_from: tuple[str, ...] = Field(
        default=("deltagaruppfoljning", "sus_deltagare"),
        description="Vilken källa deltagarna räknas ur: den första som har rader för insatsen och perioden. Den andra stäms bara av.",
    )
    coverage: dict[str, str] = Field(
        default_factory=dict,
        description="`källa: year`: en ny leverans ersätter bara deltaganden i de år den talar om. Utan inställning ersätter den allt "
        "tidigare om samma insats.",
    )
    expected: dict[str, tuple[DayOfYear, ...]] = Field(
        default_factory=dict,
        description="`källa: [MM-DD, …]`: dagar på året då källan senast ska ha kommit. Den som är sen syns i `finsam status`.",
    )
    alerts: AlertSettings | None = Field(default=None, description="Vem som får veta, på vilken väg och om vad.")
    goals: GoalsIn = Field(default=GoalsIn(), description="När ett mål i targets.csv är nått.")
    retention: Retention | None = Field(
        default=None,
        description="Hur länge filer sparas. Utan inställning tas inget bort. Se [personuppgifter.md](personuppgifter.md).",
    )
    archive: Archive = Field(
        default=Archive.KEEP,
        description="Vad som händer med original i arkivet: behålls, tas bort när alla rader är ersatta, eller sparas aldrig.",
    )
    disclosure: DisclosurePolicy = Field(
        default=DisclosurePolicy(), description="Små antal personer i rapporter. Se [disclosure.md](disclosure.md)."
    )
    report: ReportSettings = Field(
        default=ReportSettings(), description="Vad som står på rapporten. Se [rapport.md](rapport.md)."
    )

    @model_validator(mode="after")
    def landing_is_not_the_only_copy(self) -> Self:
        """Files that are kept nowhere else must not be removed from landing."""
        if self.archive is Archive.HASH_ONLY and self.retention and self.retention.landing_days:
            advice = "retention.landing_days går inte ihop med archive: hash_only, för då är landing det enda som finns kvar."
            raise PydanticCustomError("advice", "{advice}", {"advice": advice})
        return self


class AssociationFile:
    """The file read: its text as values, and the line of every key."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self._problems = problems
        self._root: yaml.Node | None = None
        self.settings: dict[str, Any] = {}
        self.values: AssociationIn | None = None
        if not path.is_file():
            problems.add(FILE, None, "filen saknas: lägg den i förbundets konfigurationsmapp.")
            return
        text = read_text(path, FILE, problems)
        if text is not None:
            self._parse(text)

    def fault(self, loc: tuple[str | int, ...], message_sv: str) -> None:
        """Notes a fault at the key that `loc` leads to, or at the nearest key above it."""
        self._problems.add(FILE, self._line(loc), message_sv)

    def _parse(self, text: str) -> None:
        try:
            self._root = yaml.compose(text, Loader=yaml.SafeLoader)
            given = yaml.safe_load(text)
            # Every scalar as written: 0.50 stays exact and version 001 is not octal.
            written = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text only
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            self._problems.add(FILE, mark.line + 1 if mark else None, "går inte att läsa som YAML: kontrollera indrag och kolon.")
            return
        if not isinstance(given, dict):
            self._problems.add(FILE, 1, "filen ska bestå av nycklar med värden: se mallen från finsam init.")
            return
        for key, node in _repeated(self._root):
            self._problems.add(FILE, node.start_mark.line + 1, f"nyckeln {key} står två gånger: ta bort den ena.")
        self.settings = {key: given[key] for key in SETTINGS if given.get(key) is not None}
        self.settings |= {key: written[key] for key in _AS_WRITTEN if key in self.settings}
        kept = {k: v for k, v in written.items() if given.get(k, v) is not None}
        self._validate(kept)

    def _validate(self, written: dict[str, Any]) -> None:
        try:
            self.values = AssociationIn.model_validate(written)
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                advice = _ADVICE.get(error["type"], "ogiltigt värde.").format(**_swedish(error.get("ctx", {})))
                self.fault(error["loc"], f"{'.'.join(str(part) for part in error['loc'])}: {advice}")

    def _line(self, loc: tuple[str | int, ...]) -> int | None:
        node, line = self._root, 1
        for part in loc:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line


def _swedish(context: dict[str, Any]) -> dict[str, str]:
    return {key: str(value).replace(" or ", " eller ") for key, value in context.items()}


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _repeated(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key
            seen.add(key.value)
            yield from _repeated(value)
