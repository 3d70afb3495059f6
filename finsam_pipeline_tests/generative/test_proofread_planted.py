"""Random reports with errors planted in them: every one is found, and nothing else.

The reports come in both conventions of sign, with columns in any order, in tkr or kr, in several dresses of text and in Word.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import docx
import pytest

from finsam_pipeline.proofread import Document, Finding, Proof, proofread
from finsam_pipeline.proofread.flattened import blocks_of
from finsam_pipeline.proofread.read_docx import read_docx
from finsam_pipeline.proofread.reading import lines_of
from finsam_pipeline_tests.written_reports import cell_a_line, row_a_line, spaced, tabbed

NAMES = [
    "Kompassen",
    "Språkspåret",
    "Balans i vardagen",
    "Nya vägar",
    "Steget",
    "Arbetslots Väst",
    "Unga in",
    "Hälsoteamet",
    "Fyren",
    "Bryggan",
]
LINES = ["Bidrag från staten", "Bidrag från regionen", "Kommunernas bidrag", "Övriga ersättningar"]
COSTS = ["Insatser för unga", "Insatser för vuxna", "Stöd till samverkan", "Utvärderingar"]
OFFICE = ["Styrelsens arvoden", "Revisorer", "Lokaler", "Löner och avgifter", "IT och telefoni", "Resor"]
DRESSES = {"row_a_line": row_a_line, "spaced": spaced, "tabbed": tabbed, "cell_a_line": cell_a_line}

Grid = list[list[str]]


@dataclass
class Report:
    """A report's tables and paragraphs, and what is planted: the figures a finding has to name."""

    parts: list[tuple[str, Grid] | str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)

    def document(self, dress: str) -> Document:
        if dress == "docx":
            return read_docx(self.word())
        texts = [p if isinstance(p, str) else f"{p[0]}\n\n{DRESSES[dress](p[1])}\n" for p in self.parts]
        return Document(tuple(blocks_of(lines_of("\n\n".join(texts)))))

    def word(self) -> bytes:
        made = docx.Document()
        for part in self.parts:
            if isinstance(part, str):
                made.add_paragraph(part)
                continue
            made.add_paragraph(part[0])
            width = max(map(len, part[1]))
            table = made.add_table(rows=len(part[1]), cols=width)
            for i, row in enumerate(part[1]):
                for j, text in enumerate(row):
                    table.cell(i, j).text = text
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def number(value: int, minus: str = "-", blank: str = " ") -> str:
    text = f"{abs(value):,}".replace(",", blank)
    return f"{minus}{text}" if value < 0 else text


class Maker:
    """One random report; `wrong` how many errors are planted in it."""

    def __init__(self, seed: int, wrong: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same reports every time
        self.minus = self.random.choice("-−–")
        self.report = Report()
        self.wrong = wrong

    def make(self) -> Report:
        places = self.random.sample(range(4), k=min(self.wrong, 4))
        self.persons(plant=0 in places)
        self.statement(plant=1 in places)
        self.per_intervention(plant=2 in places)
        self.forecast(plant=3 in places)
        return self.report

    def off(self, value: int) -> int:
        """Another figure, off by what a slip makes of it and too far for rounding."""
        step = self.random.choice([7, 9, 11, 18, 27, 90])
        return value + step if self.random.random() < 0.5 or value - step < 0 else value - step

    def persons(self, *, plant: bool) -> None:
        names = self.random.sample(NAMES, k=self.random.randint(3, 7))
        rows = [[self.random.randint(11, 90), self.random.randint(11, 90), self.random.randint(0, 4)] for _ in names]
        sums = [sum(c) for c in zip(*rows, strict=True)]
        figures = [[*r, sum(r)] for r in rows] + [[*sums, sum(sums)]]
        women, men, other, total = figures[-1]
        if plant and self.random.random() < 0.3:
            wrong = self.off(men)
            self.sentence(total, women, wrong, other)
            self.report.planted.append(str(women + wrong + other))
        else:
            self.sentence(total, women, men, other)
            if plant:
                i, j = self.random.randrange(len(figures)), self.random.randrange(2)
                figures[i][j] = self.off(figures[i][j])
                self.report.planted.append(number(figures[i][3]))
        head = ["Insats", "Kvinnor", "Män", "Annan könsidentitet", "Totalt"]
        zero = self.random.choice(["0", "-"])
        body = [[n, *(number(v) if v else zero for v in r)] for n, r in zip([*names, "Totalt"], figures, strict=True)]
        self.report.parts.append(("Tabell 1. Deltagare per insats och kön", [head, *body]))

    def sentence(self, total: int, women: int, men: int, other: int) -> None:
        self.report.parts.append(
            f"Under perioden har {total} deltagare ({women} kvinnor, {men} män och {other} annan könsidentitet) tagit del av "
            "insatserna, och många av dem har kommit vidare mot arbete eller studier."
        )

    def statement(self, *, plant: bool) -> None:
        """Income, two groups of cost, sums, result; figures exact, so that nothing is off but what is planted."""
        sign = self.random.choice([1, -1])
        self.order = self.random.choice([("Utfall", "Budget"), ("Budget", "Utfall")])
        rows: list[tuple[str, int, int]] = []
        groups = [("Summa intäkter", LINES), ("Summa insatser", COSTS), ("Summa kansli", OFFICE)]
        sums = []
        for label, lines in groups:
            own = [(n, self.random.randint(20, 4000), self.random.randint(20, 4000)) for n in lines]
            total = (label, sum(r[1] for r in own), sum(r[2] for r in own))
            sums.append(total)
            rows += [*own, total]
        cost = ("Summa kostnader", sums[1][1] + sums[2][1], sums[1][2] + sums[2][2])
        rows += [cost, ("Periodens resultat", sums[0][1] - cost[1], sums[0][2] - cost[2])]
        figures = {label: {"Utfall": o, "Budget": b, "Differens": sign * (o - b)} for label, o, b in rows}
        if plant:
            label = self.random.choice(list(figures))
            column = self.random.choice(["Utfall", "Budget", "Differens"])
            figures[label][column] = self.off(figures[label][column])
            self.report.planted.append(number(figures[label]["Differens"], "−", "\u00a0"))
        columns = [*self.order, "Differens"]
        grid = [["tkr", *columns]] + [[label, *(number(own[c], self.minus) for c in columns)] for label, own in figures.items()]
        self.report.parts.append(("Tabell 2. Resultaträkning", grid))
        self.sign = sign

    def per_intervention(self, *, plant: bool) -> None:
        names = self.random.sample(NAMES, k=self.random.randint(3, 7))
        figures = [[self.random.randint(30_000, 5_000_000), self.random.randint(30_000, 5_000_000)] for _ in names]
        figures.append([sum(c) for c in zip(*figures, strict=True)])
        rows = [[o, b, self.sign * (o - b)] for o, b in figures]
        if plant:
            i, j = self.random.randrange(len(rows)), self.random.randrange(3)
            rows[i][j] += self.random.choice([1000, -3000, 9000, 27_000, 9 * rows[i][j]])
            self.report.planted.append(number(rows[i][2], "−", "\u00a0"))
        swap = self.order[0] == "Budget"
        head = ["Insats", *self.order, "Avvikelse kr"]
        body = [
            [n, *(number(v, self.minus) for v in ((r[1], r[0], r[2]) if swap else r))]
            for n, r in zip([*names, "Summa"], rows, strict=True)
        ]
        self.report.parts.append(("Tabell 3. Utfall och budget per insats", [head, *body]))

    def forecast(self, *, plant: bool) -> None:
        labels = ["Insatser under hösten", "Kansli under hösten", "Utfall under våren"]
        values = [self.random.randint(900, 20_000) for _ in labels]
        total = sum(values)
        if plant:
            total += self.random.choice([-30, 90, 400, 1000])
            self.report.planted.append(number(total, "−", "\u00a0"))
        rows = [[label, number(v)] for label, v in zip([*labels, "Summa kostnader helår"], [*values, total], strict=True)]
        self.report.parts.append(("Tabell 4. Prognos", [["Post", "Belopp tkr"], *rows]))


def names(finding: Finding) -> str:
    printed, other = finding.printed, finding.other
    return f"{printed.text} | {printed.place} | {other.text} | {other.place}".replace("\u00a0", " ")


def missed(proof: Proof, planted: Sequence[str]) -> list[str]:
    told = [names(f) for f in proof.findings]
    return [p for p in planted if not any(p.replace("\u00a0", " ") in t for t in told)]


def measured(dress: str, seeds: range) -> dict[str, Decimal | int | list[int]]:
    """Recall and precision: errors planted and told, reports without any error that give a finding."""
    planted = found = 0
    false: list[int] = []
    lost: list[int] = []
    for seed in seeds:
        clean = Maker(seed, 0).make()
        if proofread(clean.document(dress)).findings:
            false.append(seed)
        report = Maker(seed, 1 + seed % 4).make()
        gone = missed(proofread(report.document(dress)), report.planted)
        planted += len(report.planted)
        found += len(report.planted) - len(gone)
        lost += [seed] if gone else []
    return {"planted": planted, "found": found, "false": false, "lost": lost}


ALL = [*DRESSES, "docx"]


@pytest.mark.parametrize("dress", ALL)
def test_a_right_report_gives_nothing_and_a_planted_error_is_found(dress):
    result = measured(dress, range(8 if dress == "docx" else 40))
    assert result["false"] == []
    assert result["found"] == result["planted"], result["lost"]


@pytest.mark.long
@pytest.mark.parametrize("dress", ALL)
def test_thousands_of_reports(dress):
    result = measured(dress, range(1000, 2000))
    assert len(result["false"]) <= 2
    assert result["found"] >= Decimal("0.995") * result["planted"], result["lost"]
