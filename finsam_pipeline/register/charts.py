"""What accounts and codes mean where an association has said nothing of its own: by chart of accounts, and by the words of SUS.

Belongs here: the packaged files in `charts/`, and the two optional files of the same form, `cost_kinds.csv` and
`balance_lines.csv`. Does not: which line of the income statement an account lands on (line_rules.csv).
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.register.columns import BALANCE_LINES, COST_KINDS
from finsam_pipeline.register.model import BalanceLine, Code, CostKind
from finsam_pipeline.register.tables import Row, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from finsam_pipeline.register.columns import TableFile
    from finsam_pipeline.register.errors import Problems

OPTIONAL = (COST_KINDS.name, BALANCE_LINES.name)
SIDES = ("asset", "equity", "liability")
WORK, STUDY, WORK_OR_STUDY, JOB_SEEKING, OTHER = STATUSES = ("work", "study", "work_or_study", "job_seeking", "other")

_OWN_LINES = ("result", "prior_result", "unsorted_assets", "unsorted_liabilities")  # what the models add
_EXTENT = re.compile(r"[\s,(]*\b(\d{1,3})\s*(?:%|procent)\)?", re.IGNORECASE)


def read_cost_kinds(config_dir: Path, problems: Problems) -> tuple[CostKind, ...]:
    """The association's own kinds of cost, in order of the file; empty without a file: those of its chart apply."""
    rows = _rows(config_dir, COST_KINDS, problems)
    _same_words(rows, "kind")
    return tuple(CostKind(r.needed("kind"), r.needed("label"), r.digits("account_from"), r.digits("account_to")) for r in rows)


def read_balance_lines(config_dir: Path, problems: Problems) -> tuple[BalanceLine, ...]:
    """The association's own lines of the balance sheet, in order of the file; empty without a file: those of its chart apply."""
    rows = _rows(config_dir, BALANCE_LINES, problems)
    _same_words(rows, "line_id")
    for row in rows:
        if row.text("line_id") in _OWN_LINES:
            row.fault(f"line_id ”{row.text('line_id')}” använder pipelinen själv: välj ett annat.")
    return tuple(
        BalanceLine(
            r.needed("line_id"), r.needed("label"), r.one_of("side", SIDES), r.digits("account_from"), r.digits("account_to")
        )
        for r in rows
    )


@lru_cache
def cost_kinds_of(chart: str) -> tuple[CostKind, ...]:
    """The kinds of cost by the groups of a chart of accounts, `bas` or `kommun-bas`."""
    return tuple(CostKind(**row) for row in _packaged(f"{chart}.{COST_KINDS.name}"))


@lru_cache
def balance_lines_of(chart: str) -> tuple[BalanceLine, ...]:
    """The lines of the balance sheet by the groups of a chart of accounts, `bas` or `kommun-bas`."""
    return tuple(BalanceLine(**row) for row in _packaged(f"{chart}.{BALANCE_LINES.name}"))


def status_of(code: Code) -> str | None:
    """Work, study or another of SUS's status groups, for a code of the lists `occupation` and `exit_reason`; else None.

    The code's group decides where it is one of these words. Within `work_or_study`, and for occupations without such a group, the words
    of SUS decide; an exit reason outside those groups has no status, since its label may only name whom the person was handed to.
    """
    said = _status_by_words(code)
    if code.list not in ("occupation", "exit_reason"):
        return None
    if code.group in (WORK, STUDY):
        return code.group
    if code.group == WORK_OR_STUDY:
        return said if said in (WORK, STUDY) else WORK_OR_STUDY
    if code.list == "exit_reason":
        return None
    return code.group if code.group == JOB_SEEKING else said or OTHER


def extent_of(code: Code) -> int | None:
    """The extent of an occupation in percent where its label or code says one (`Arbetar 50 %`), else None."""
    found = _EXTENT.search(code.label) or _EXTENT.search(code.code)
    return int(found[1]) if found and code.list == "occupation" else None


def _status_by_words(code: Code) -> str | None:
    words = _words()
    return next((s for text in (code.label, code.code, *code.aliases) if (s := words.get(fold(_EXTENT.sub("", text))))), None)


@lru_cache
def _words() -> dict[str, str]:
    return {fold(row["word"]): row["status"] for row in _packaged("statuses.csv")}


def _packaged(name: str) -> list[dict[str, str]]:
    text = (files("finsam_pipeline.register") / "charts" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def _rows(config_dir: Path, table: TableFile, problems: Problems) -> list[Row]:
    path = config_dir / table.name
    return read_table(path, table.name, table.header, problems) if path.is_file() else []


def _same_words(rows: list[Row], column: str) -> None:
    """An id on several rows has several ranges of accounts, but one label and one side."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.text(column), row)
        if (other.text("label"), other.text("side")) != (row.text("label"), row.text("side")):
            row.fault(f"”{row.text(column)}” står redan på rad {other.line} med annan text: skriv samma på båda raderna.")
