"""What each step of the way says about itself: counts, rules, files and row numbers, never a value.

These travel to the command line, to Dagster's metadata and to the marts `quality/*`; all three therefore say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from finsam_pipeline.contracts.remarks import REMARKS_SV

REMARK_ROWS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: file (relative to the workspace), sheet, row as the user sees it, column.

    `item`: id of the review item that waits for a decision, empty where none does.
    """

    path: str
    sheet: str | None
    row: int | None
    column: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One rule on one source. `places` holds the first PLACES_SHOWN places, `failed_rows` counts them all.

    `about`: what the findings are about, with counts, for rules that speak of something else than a cell (account and object).
    `errored`: the expectation itself failed to run and counts as failed. `open_rows`: failed rows no decision waives.
    """

    rule: str
    source: str
    severity: str
    passed: bool
    failed_rows: int
    open_rows: int
    errored: bool = False
    places: tuple[Place, ...] = ()
    about: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`huvudbok/L001`: the check's name on the command line and in the Dagster UI."""
        return f"{self.source}/{self.rule}"


@dataclass(frozen=True, slots=True)
class Remark:
    """A deviation a reader read past: its code (docs/sie-checks.md), how often, and the first rows it stands on."""

    code: str
    count: int
    rows: tuple[int, ...] = ()

    @property
    def message(self) -> str:
        """What the code says, in Swedish."""
        return REMARKS_SV[self.code]

    def to_json(self) -> dict[str, object]:
        """As `check --json` and `run --json` print it."""
        return {"code": self.code, "count": self.count, "rows": list(self.rows), "message": self.message}


def remarks_of(found: Iterable[tuple[int | None, str]]) -> tuple[Remark, ...]:
    """A reader's (row, code) pairs, one remark a code, with its first REMARK_ROWS rows."""
    rows: dict[str, list[int | None]] = {}
    for row, code in found:
        rows.setdefault(code, []).append(row)
    return tuple(
        Remark(code, len(places), tuple(sorted(r for r in places if r is not None)[:REMARK_ROWS]))
        for code, places in sorted(rows.items())
    )


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """One delivery and what became of its rows: rows = accepted + quarantined + superseded.

    `not_data`: records that are no rows of their own, by class: titles and sums, parts of a budget already counted, history.
    """

    association: str
    source: str
    path: str
    sha256: str
    delivered_on: dt.date
    status: str  # accepted | accepted_with_quarantine | superseded | rejected | duplicate
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    superseded: int = 0
    reason: str = ""  # a rejected file's reason code
    message: str = ""  # in Swedish, what to do
    drift: tuple[str, ...] = ()  # unknown headers, masked
    remarks: tuple[Remark, ...] = ()  # what the reader read past
    covers_to: dt.date | None = None
    not_data: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """One source of one association, judged.

    `state`: what the run that last came past it depended on; `rests_on`: what the source's own part of it was when it was judged.
    """

    source: str
    deliveries: tuple[DeliveryOutcome, ...]
    checks: tuple[CheckOutcome, ...]
    columns: tuple[tuple[str, str, str], ...] = ()  # name, type, description of the accepted table
    seconds: float = 0.0
    state: str = ""
    rests_on: str = ""

    @property
    def rows(self) -> int:
        """Rows read from every delivery."""
        return sum(d.rows for d in self.deliveries)

    @property
    def accepted(self) -> int:
        """Rows that went into the models."""
        return sum(d.accepted for d in self.deliveries)

    @property
    def quarantined(self) -> int:
        """Rows that wait for a steward."""
        return sum(d.quarantined for d in self.deliveries)

    @property
    def superseded(self) -> int:
        """Rows a newer delivery replaced."""
        return sum(d.superseded for d in self.deliveries)


@dataclass(frozen=True, slots=True)
class ModelTest:
    """One dbt test on one model; `severity` as dbt says it, `error` or `warn`."""

    model: str
    test: str
    passed: bool
    failing_rows: int
    severity: str = "error"

    @property
    def blocks(self) -> bool:
        """Whether it holds the slices back that rest on its model."""
        return not self.passed and self.severity != "warn"


@dataclass(frozen=True, slots=True)
class ModelOutcome:
    """One SQL model, built. `family` is the marts' family it belongs to; empty for models every mart rests on."""

    model: str
    rows: int
    seconds: float
    tests: tuple[ModelTest, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """All models of one association, and the rules that are judged on them (`pipeline.model_frames`); `state` as above."""

    models: tuple[ModelOutcome, ...]
    checks: tuple[CheckOutcome, ...]
    seconds: float = 0.0
    state: str = ""


@dataclass(frozen=True, slots=True)
class SliceOutcome:
    """One slice: published, or held back with reasons (rule ids, `model:<name>`, `source:<name>`)."""

    association: str
    family: str
    published: bool
    reasons: tuple[str, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)  # mart name -> rows


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The snapshot that stands after this association's publication, and the drafts remade from it."""

    snapshot_id: str
    changed: bool
    slices: tuple[SliceOutcome, ...]
    reports: tuple[str, ...] = ()  # paths relative to the workspace
    seconds: float = 0.0
