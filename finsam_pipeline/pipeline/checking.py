"""`finsam check`: one file, judged as it would be on its own. Changes nothing, writes nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.contracts.sources import HUVUDBOK, SOURCES, canonical_name
from finsam_pipeline.contracts.types import Severity
from finsam_pipeline.pipeline.judging import Waivers, place_findings
from finsam_pipeline.pipeline.outcomes import DeliveryOutcome, remarks_of
from finsam_pipeline.pipeline.summary import ExitStatus
from finsam_pipeline.privacy import Pseudonymiser, mask
from finsam_pipeline.readers import read
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.register import load_register
from finsam_pipeline.shaping import DeliveryRef, Shaped, shape
from finsam_pipeline.validation import judge


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row that fails one rule: where, and what the rule says; never the value."""

    rule: str
    severity: str
    sheet: str | None
    row: int | None
    column: str
    message: str

    def as_row(self) -> tuple[object, ...]:
        """For a table on the terminal."""
        return (self.rule, self.severity, self.sheet or "", self.row or "", self.column, self.message)


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The verdict on one file."""

    delivery: DeliveryOutcome
    findings: tuple[FoundRow, ...] = ()

    @property
    def exit_status(self) -> ExitStatus:
        """4 with a blocking finding, 3 with quarantined rows or a rejection, else 0."""
        severities = {f.severity for f in self.findings}
        if Severity.BLOCKING.value in severities:
            return ExitStatus.HELD
        if Severity.ERROR.value in severities or self.delivery.status == "rejected":
            return ExitStatus.FINDINGS
        return ExitStatus.CLEAN

    def to_json(self) -> dict[str, Any]:
        """The object `finsam check --json` prints."""
        d = self.delivery
        return {
            "association": d.association,
            "source": d.source,
            "path": d.path,
            "sha256": d.sha256,
            "status": d.status,
            "reason": d.reason,
            "message": d.message,
            "rows": d.rows,
            "accepted": d.accepted,
            "quarantined": d.quarantined,
            "drift": list(d.drift),
            "not_data": d.not_data,
            "remarks": [r.to_json() for r in d.remarks],
            "findings": [asdict(f) for f in self.findings],
            "exit_status": int(self.exit_status),
        }


def check_file(home: Path, file: Path, association: str, source: str, today: dt.date | None = None) -> FileCheck:
    """Read, type and judge one file as if it were delivered now, alone.

    Args:
        home: the workspace whose configuration counts.
        file: any file, in landing or not.
        association: whose.
        source: as what.
        today: the day of delivery it is judged by; a folder named YYYY-MM-DD above the file says it first.

    Raises:
        ConfigurationErrors.
    """
    register = load_register(home / "config" / association)
    data = file.read_bytes()
    day = next((d for d in map(_day, (p.name for p in file.absolute().parents)) if d), today or dt.date.today())  # noqa: DTZ011
    ref = DeliveryRef(association, source, mask(file.name), hashlib.sha256(data).hexdigest(), day)
    base = (association, source, ref.path, ref.sha256, day)
    try:
        shaped = shape(read(data, file.name), SOURCES[source], register, ref, Pseudonymiser(secrets.token_bytes(32)))
    except Rejected as rejected:
        return FileCheck(DeliveryOutcome(*base, "rejected", reason=rejected.reason, message=rejected.message_sv))
    findings = _findings(shaped, source)
    held = findings[findings["severity"].eq("E") & findings["batch"].eq("rows")]["row_id"].nunique()
    counted = shaped.rows["kind"].eq("transaction").sum() if shaped.facts.get("format") == "sie" else len(shaped.rows)
    status = "accepted_with_quarantine" if held else "accepted"
    delivery = DeliveryOutcome(
        *base,
        status,
        int(counted),
        int(counted) - int(held),
        int(held),
        drift=tuple(shaped.drift),
        remarks=remarks_of(shaped.remarks),
        not_data=shaped.facts.get("not_data", {}),
    )
    return FileCheck(delivery, tuple(_found(f, source) for f in findings.itertuples(index=False)))


def _findings(shaped: Shaped, source: str) -> pd.DataFrame:
    rows = shaped.rows
    if source == HUVUDBOK.name:
        rows = rows.assign(redelivered_changed=False)
    controls = shaped.controls.assign(content="", about=shaped.controls["label"])
    frames = {batch: f for batch, f in {"rows": rows, "controls": controls}.items() if not f.empty}
    found = place_findings(judge(frames, source), frames, Waivers())
    return found.sort_values(["sheet", "row", "rule"], na_position="first", ignore_index=True)


def _found(f: Any, source: str) -> FoundRow:  # noqa: ANN401 - a row of itertuples
    sheet = None if pd.isna(f.sheet) else str(f.sheet)
    row = None if pd.isna(f.row) else int(f.row)
    return FoundRow(f.rule, f.severity, sheet, row, canonical_name(source, str(f.column)), RULES[f.rule].title_sv)


def _day(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name) if len(name) == len("2025-01-01") else None
    except ValueError:
        return None
