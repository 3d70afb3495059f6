"""A masked report read as its reader does: every figure on its pages as an equation, told by label and heading alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from finsam_pipeline.report.document import Bullets, Document, Figure, Note, Paragraph, Table
from finsam_pipeline_tests.attacker import Attacker, Sum, recovered

MARK = "··"
Cells = dict[str, dict[str, Any]]  # row label -> column heading -> cell
GENDERS = {"Kvinnor": "woman", "Män": "man", "Annan köns-ID": "other", "Anonyma": "anonymous"}


def all_tables(document: Document) -> Iterator[Table]:
    for block in document.blocks():
        if isinstance(block, Table | Figure):
            yield block if isinstance(block, Table) else block.table


def table(document: Document, id_: str) -> dict[str, dict[str, Any]]:
    """Row label -> column heading -> cell."""
    found = next(t for t in all_tables(document) if t.id == id_)
    return {str(r.cells[0]): dict(zip([c.heading for c in found.columns[1:]], r.cells[1:], strict=True)) for r in found.rows}


def said(document: Document) -> str:
    texts = [document.title]
    for block in document.blocks():
        texts += [block.text] if isinstance(block, Paragraph | Note) else list(block.items) if isinstance(block, Bullets) else []
        texts += [block.alt, block.caption] if isinstance(block, Figure) else []
    return " ".join(texts).replace("\u00a0", " ")


class Reader:
    """All equations a reader finds on the page. Unknowns: in, new and (by reason) out, by intervention and gender."""

    def __init__(self, open_: Document, closed: Document, below: int, means: Callable[[Sum], Sum] = lambda terms: terms) -> None:
        self.below, self.means = below, means
        self.attacker, self.secrets = Attacker(), {}
        self.short = [c.heading for c in next(t for t in all_tables(open_) if t.id == "avslutsorsaker").columns[1:-1]]
        self.names = [r for r in table(open_, "per-insats-participants") if r != "Totalt"]
        self.reasons = [r for r in table(open_, "avslutsorsaker") if r != "Totalt avslutade"]
        self.genders = [GENDERS[h] for h in table(open_, "per-insats-participants")["Totalt"] if h != "Totalt"]
        for id_, told in (
            ("per-insats-participants", self.present), ("per-insats-started", self.new), ("per-insats-ended", self.gone),
        ):  # fmt: skip
            self.read(table(open_, id_), table(closed, id_), lambda r, c, told=told: told(self.named(r), self.gender(c)))
        self.read(table(open_, "avslutsorsaker"), table(closed, "avslutsorsaker"), self.by_reason)
        self.read(table(open_, "avslutsorsaker-kon-tal"), table(closed, "avslutsorsaker-kon-tal"), self.by_reason_and_gender)
        self.read(table(open_, "flode-tal"), table(closed, "flode-tal"), self.through)
        self.sentence(said(open_), said(closed))

    def named(self, row: str) -> list[str]:
        return self.names if row == "Totalt" else [row]

    def gender(self, column: str) -> list[str]:
        return self.genders if column == "Totalt" else [GENDERS[column]]

    def present(self, names: list[str], genders: list[str]) -> Sum:
        return tuple((f"{what} {i} {g}", 1) for what in ("in", "new") for i in names for g in genders)

    def new(self, names: list[str], genders: list[str]) -> Sum:
        return tuple((f"new {i} {g}", 1) for i in names for g in genders)

    def gone(self, names: list[str], genders: list[str], reasons: list[str] | None = None) -> Sum:
        return tuple((f"out {i} {g} {r}", 1) for i in names for g in genders for r in reasons or self.reasons)

    def by_reason(self, row: str, column: str) -> Sum:
        names = self.names if column == "Totalt" else [self.names[self.short.index(column)]]
        return self.gone(names, self.genders, None if row == "Totalt avslutade" else [row])

    def by_reason_and_gender(self, row: str, column: str) -> Sum:
        return self.gone(self.names, self.gender(column), [row])

    def through(self, row: str, _: str) -> Sum:
        here = self.present(self.names, self.genders), self.new(self.names, self.genders), self.gone(self.names, self.genders)
        carried = tuple((c, 1) for c, _ in here[0] if c.startswith("in "))
        out = (*here[0], *((c, -1) for c, _ in here[2]))
        return {"Kvar från": carried, "Började": here[1], "Avslutade": here[2], "Kvar efter": out}[" ".join(row.split()[:2])]

    def read(self, open_: Cells, closed: Cells, told: Callable[[str, str], Sum]) -> None:
        for row, cells in closed.items():
            for column, cell in cells.items():
                self.know(told(row, column), cell, open_[row][column])

    def know(self, terms: Sum, cell: object, truth: int) -> None:
        terms = self.means(terms)
        if cell != MARK and not (isinstance(cell, str) and "dolt" in cell):
            self.attacker.equations.append((terms, truth))
            return
        if truth >= 0:
            self.attacker.at_least.append((terms, min(1, truth)))
        if 1 <= truth < self.below:
            self.secrets[terms] = truth

    def sentence(self, open_: str, closed: str) -> None:
        """Till arbete eller studier avslutades 5 av 14 (36 procent): 2 av de 6 avslutade kvinnorna (…) och 3 av de …"""
        found = [re.search(r"avslutades (\d+|ett dolt antal) av.*?: (\d+|ett dolt antal) av.*? och (\d+|ett dolt antal) av", t)
                 for t in (open_, closed)]  # fmt: skip
        labels = re.search(r"Till ([^.]*?) avslutades", open_)
        if not labels or not all(found):
            return
        worked = [r for r in self.reasons if r.lower() in labels[1]]
        for n, genders in enumerate((self.genders, ["woman"], ["man"]), 1):
            self.know(self.gone(self.names, genders, worked), found[1][n], int(found[0][n]))


def nothing_recovered(open_: Document, closed: Document, below: int = 5) -> int:
    """How many small counts the closed report hides; none of them can be told more closely than its mark says."""
    reader = Reader(open_, closed, below)
    assert not recovered(reader.attacker, reader.secrets, below - 2)
    return len(reader.secrets)
