"""Reports with every wider table: of a workspace, as its files lead to them, and told from its marts alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from finsam_pipeline import open_snapshot
from finsam_pipeline.register import load_register
from finsam_pipeline.register.model import Register
from finsam_pipeline.register.reporting import WIDER_TABLES
from finsam_pipeline.report.document import Document, Section, Table
from finsam_pipeline.store.reader import Snapshot
from finsam_pipeline_tests.masked_pages import all_tables


def with_tables(register: Register, tables: tuple[str, ...] | None = WIDER_TABLES, **settings: Any) -> Register:  # noqa: ANN401
    """The register with these tables chosen; None: nothing set."""
    report = {} if tables is None else {"tables": list(tables)}
    return replace(register, settings=register.settings | {"report": report} | settings)


def of_workspace(home: Path, tables: tuple[str, ...] | None = WIDER_TABLES, **settings: Any) -> tuple[Snapshot, Register]:  # noqa: ANN401
    """Its snapshot, and its one register with these tables chosen."""
    (config,) = (home / "config").iterdir()
    return open_snapshot(home), with_tables(load_register(config), tables, **settings)


def printed(document: Document, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table, as they stand."""
    return [row.cells for row in found(document, table).rows]


def found(document: Document, table: str) -> Table:
    return next(t for t in all_tables(document) if t.id == table)


def part(document: Document) -> Section | None:
    """The part of the chosen tables."""
    return next((s for s in document.sections if s.id == "fordjupning"), None)
