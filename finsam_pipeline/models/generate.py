"""Writes the marts' schema files from their contracts, so that dbt's documentation and tests say what the contracts say.

Belongs here: contract to YAML, and the check that nothing has drifted. Does not: staging and intermediate models, which are
described by hand. Run as `python -m finsam_pipeline.models.generate [--check]`.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.contracts.types import GENDERS, MartColumn, MartContract
from finsam_pipeline.models.project import project_folder

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = "# Generated from finsam_pipeline/contracts/marts/ by `python -m finsam_pipeline.models.generate`. Do not edit.\n"
_NAMES = Counter(mart.name for mart in MARTS.values())
_ORIENTATIONS = ("individual", "structural")
# Closed lists of values, by mart and column; by column alone where every mart means the same.
_VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "gender"): (*GENDERS, "anonymous"),
    ("reconciliation", "gender"): (*GENDERS, "total"),
    ("", "orientation"): _ORIENTATIONS,
    ("targets", "measure"): ("participants", "started", "ended"),
    ("results", "gender"): (*GENDERS, "total"),
    ("results", "basis"): ("exit_reason", "occupation", "mixed"),
    ("throughput", "gender"): (*GENDERS, "anonymous", "total"),
    ("duration", "gender"): (*GENDERS, "total"),
    ("duration", "days_class"): ("1-90", "91-180", "181-365", "366-730", "731-"),
    ("background_shares", "gender"): (*GENDERS, "anonymous", "total"),
    ("background_shares", "dimension"): ("age_group", "education", "referrer", "months_in_public_support"),
    ("before_and_after", "gender"): (*GENDERS, "total"),
    ("before_and_after", "dimension"): ("occupation", "occupation_status", "income"),
    ("participants_period_comparison", "gender"): (*GENDERS, "anonymous", "total"),
    ("participants_period_comparison", "measure"): ("participants", "started", "ended", "work_or_study"),
    ("goals", "unit"): ("participants", "percent"),
    ("goals", "status"): ("met", "near", "not_met"),
    ("balance_sheet", "side"): ("asset", "equity", "liability"),
    ("registration_lag", "measure"): ("participants", "started", "ended"),
    ("background", "dimension"): ("age_group", "education", "referrer", "months_in_public_support"),
    ("progression", "dimension"): ("occupation", "income"),
    ("income_statement", "kind"): ("section", "line", "subtotal", "total", "result", "memo"),
    ("cost_distribution", "category"): (*_ORIENTATIONS, "office"),
    ("full_year_forecast", "kind"): ("cost", "income", "outcome", "total", "result", "equity"),
    ("interventions", "count_basis"): ("interval", "event", "started"),
    ("rules", "severity"): ("E", "W", "B"),
}


def schema_files(folder: Path) -> dict[Path, str]:
    """Path of each family's `schema.yml` -> the text the contracts give it."""
    families: dict[str, list[MartContract]] = {}
    for mart in MARTS.values():
        families.setdefault(mart.family, []).append(mart)
    return {folder / "models" / "marts" / family / "schema.yml": _text(marts) for family, marts in families.items()}


def drifted(folder: Path | None = None) -> list[Path]:
    """The schema files that do not say what the contracts say."""
    wanted = schema_files(folder or project_folder())
    return [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


def write(folder: Path | None = None) -> list[Path]:
    """Writes the files that have drifted and names them."""
    folder = folder or project_folder()
    stale = drifted(folder)
    texts = schema_files(folder)
    for path in stale:
        path.write_text(texts[path], encoding="utf-8")
    return stale


def model_name(mart: MartContract) -> str:
    """The model behind a mart: reference and quality marts, and marts whose name two families have, carry their family."""
    free = mart.family in ("participants", "economy") and _NAMES[mart.name] == 1
    return mart.name if free else f"{mart.family}_{mart.name}"


def _text(marts: list[MartContract]) -> str:
    return _HEAD + yaml.safe_dump(
        {"version": 2, "models": [_model(m) for m in marts]},
        sort_keys=False,
        allow_unicode=True,
        width=130,
        default_flow_style=False,
    )


def _model(mart: MartContract) -> dict[str, Any]:
    return {
        "name": model_name(mart),
        "description": f"{mart.title_sv}: en rad är {mart.row_sv}. One row is {mart.row_en}.",
        "config": {"meta": {"mart": mart.path, "key": list(mart.key)}},
        "data_tests": [{"unique_combination": {"arguments": {"columns": list(mart.key)}}}],
        "columns": [_column(mart, c) for c in mart.columns],
    }


def _column(mart: MartContract, column: MartColumn) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": column.name, "description": f"{column.description_sv}. {column.description_en}."}
    if column.unit:
        entry["config"] = {"meta": {"unit": column.unit}}
    tests: list[Any] = [] if column.nullable else ["not_null"]
    values = (
        _VALUES.get((model_name(mart), column.name)) or _VALUES.get((mart.name, column.name)) or _VALUES.get(("", column.name))
    )
    if values:
        tests.append({"accepted_values": {"arguments": {"values": list(values)}}})
    if column.name == "intervention_id" and mart.path != "reference/interventions":
        tests.append({"relationships": {"arguments": {"to": "ref('reference_interventions')", "field": "intervention_id"}}})
    return {**entry, "data_tests": tests} if tests else entry


def main(arguments: list[str]) -> int:
    """`--check` names what has drifted and gives 1; without it the files are written."""
    if "--check" in arguments:
        stale = drifted()
        for path in stale:
            sys.stderr.write(f"{path} does not say what finsam_pipeline/contracts/marts/ says; run `python -m {__spec__.name}`\n")
        return 1 if stale else 0
    for path in write():
        sys.stdout.write(f"wrote {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
