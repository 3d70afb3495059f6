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


class WiderReader(Reader):
    """The same with every chosen table of a report, each read as told by its headings.

    `reasons`: what an exit reason led to, by its label (work, study, or closer to work). Ages and the like are unknown of each
    intervention and gender, and make all who took part; classes of time and states make all who ended.
    """

    def __init__(self, open_: Document, closed: Document, below: int, reasons: dict[str, str]) -> None:
        super().__init__(open_, closed, below)
        self.led = {to: [r for r in self.reasons if reasons.get(r) == to] for to in ("Arbete", "Studier", "Närmare arbete")}
        self.led["Arbete eller studier"] = [*self.led["Arbete"], *self.led["Studier"]]
        both = {t.id for t in all_tables(open_)}
        told = {
            "resultat-tabell": lambda r, c: self.result(self.names, self.gender(r), c),
            "resultat-insats-tabell": lambda r, c: self.result(self.named(r), self.genders, c),
            "genomstromning-tabell": self.through_put,
            "tid-tabell": lambda r, c: self.spread("tid", r, "Alla avslutade", self.those(c)),
            **{f"bakgrund-{d}": lambda r, c, d=d: self.spread(d, r, "Totalt", self.who(d, c)) for d in BACKGROUND},
            **{f"fore-efter-{d}": lambda r, c, d=d: self.state(d, r, c) for d in ("occupation_status", "income")},
        }
        self.lines = {id_: [r for r in table(open_, id_) if r not in SUMS] for id_ in told if id_ in both}
        for id_ in self.lines:
            self.read(table(open_, id_), table(closed, id_), told[id_])
        self.wholes()

    def those(self, column: str) -> list[tuple[list[str], list[str]]]:
        return [(self.names, [g]) for g in self.gender(column)]

    def who(self, dimension: str, column: str) -> list[tuple[str, str]]:
        if dimension == "referrer":
            names = self.names if column == "Totalt" else [self.names[self.short.index(column)]]
            return [(i, g) for i in names for g in self.genders]
        return [(i, g) for i in self.names for g in self.gender(column)]

    def result(self, names: list[str], genders: list[str], column: str) -> Sum:
        genders = [g for g in genders if g != "anonymous"]
        return self.gone(names, genders) if column == "Avslutade" else self.gone(names, genders, self.led[column] or ["nobody"])

    def through_put(self, row: str, column: str) -> Sum:
        return (self.gone if column == "Avslutade" else self.present)(self.named(row), self.genders)

    def spread(self, what: str, row: str, total: str, cells: list[tuple[Any, Any]]) -> Sum:
        lines = self.lines["tid-tabell" if what == "tid" else f"bakgrund-{what}"] if row == total else [row]
        return tuple((f"{what} {line} {own}", 1) for line in lines for own in cells)

    def state(self, dimension: str, row: str, column: str) -> Sum:
        lines = self.lines[f"fore-efter-{dimension}"] if row == "Alla avslutade" else [row]
        sides = {"Vid start": ((1, "start"),), "Vid avslut": ((1, "end"),), "Förändring": ((1, "end"), (-1, "start"))}
        return tuple((f"{dimension} {line} {side}", sign) for line in lines for sign, side in sides[column])

    def read(self, open_: Cells, closed: Cells, told: Callable[[str, str], Sum]) -> None:
        shares = ("Andel", "Könets del")  # shown where both of its counts are
        kept = {
            row: {c: v for c, v in cells.items() if v is not None and not c.startswith(shares)} for row, cells in closed.items()
        }
        super().read(open_, kept, told)

    def wholes(self) -> None:
        def same(parts: Sum, whole: Sum) -> None:
            self.attacker.equations.append(((*parts, *((cell, -n) for cell, n in whole)), 0))

        for d in BACKGROUND:
            for i, g in self.who(d, "Totalt") if f"bakgrund-{d}" in self.lines else ():
                same(self.spread(d, "Totalt", "Totalt", [(i, g)]), self.present([i], [g]))
        for names, genders in self.those("Totalt") if "tid-tabell" in self.lines else ():
            same(self.spread("tid", "Alla avslutade", "Alla avslutade", [(names, genders)]), self.gone(names, genders))
        for d in ("occupation_status", "income"):
            for side in ("Vid start", "Vid avslut") if f"fore-efter-{d}" in self.lines else ():
                same(self.state(d, "Alla avslutade", side), self.gone(self.names, self.genders))


BACKGROUND = ("age_group", "education", "months_in_public_support", "referrer")
SUMS = ("Totalt", "Alla avslutade")


def nothing_recovered(open_: Document, closed: Document, below: int = 5, reasons: dict[str, str] | None = None) -> int:
    """How many small counts the closed report hides; none of them can be told more closely than its mark says."""
    reader = Reader(open_, closed, below) if reasons is None else WiderReader(open_, closed, below, reasons)
    assert not recovered(reader.attacker, reader.secrets, below - 2)
    return len(reader.secrets)
