"""Made-up reports for the proof-reader: text as it comes out of a page, built from figures handed in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

Rows = list[dict[str, str]]


def grouped(value: str, minus: str = "-") -> str:
    """`-1100518` -> `-1 100 518`, as a page prints it."""
    number = Decimal(value)
    text = f"{abs(number):,f}".replace(",", " ").replace(".", ",")
    return f"{minus}{text}" if number < 0 else text


def golden(folder: Path, name: str) -> Rows:
    """The rows of one CSV of published figures."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def half_year_2021(folder: Path) -> str:
    """A half-year report in other words than the published one, with its figures, in the layout of its year.

    The income statement is in thousands, budget first, difference = budget − outcome; the table per insats in kronor, outcome first and
    the other sign. Labels and one outcome are broken over lines, dashes stand for nothing, a settled project has no difference.
    """
    return "\n".join([*_participants(folder), *_statement(folder), *_costs(folder), *_per_insats(folder), *_forecast(folder)])


def _participants(folder: Path) -> list[str]:
    flow = {r["kind"]: r for r in golden(folder, "participant_flow")}
    served, started, ended = flow["served"], flow["started"], flow["ended"]
    per = [r for r in golden(folder, "participants_by_insats_gender") if r["row_kind"] == "line"]
    lines = [
        "Delårsrapport",
        "2021-09-21 Dnr 2021/49",
        "1 Inledning",
        f"Under halvåret bedrevs åtta individinriktade insatser med sammanlagt {served['total']}",
        "deltagare. Arbetet har i stor utsträckning skett på distans och flera möten har varit digitala.",
        "",
        "2 Individinriktade insatser",
        f"Det är totalt {served['total']} deltagare som har varit inskrivna, fördelat på {served['women']} kvinnor",
        f"och {served['men']} män och {served['anonymous']} anonyma personer. Under våren kom {started['total']} nya deltagare",
        f"({started['women']} kvinnor och {started['men']} män) och {ended['total']} deltagare har avslutats",
        f"({ended['women']} kvinnor och {ended['men']} män).",
        "",
        "2.1 Insats för insats",
    ]
    for r in per:
        parts = f"({r['women']} kvinnor och {r['men']} män)"
        if r["anonymous"]:
            parts = f"({r['women']} kvinnor, {r['men']} män, {r['anonymous']} anonyma)"
        lines += [
            "",
            r["insats"],
            f"Insatsen har under perioden haft {r['total']} deltagare {parts} och verksamheten har",
            "löpt enligt plan.",
        ]
    return lines


def _statement(folder: Path) -> list[str]:
    lines = [
        "",
        "4.1 Resultat för halvåret",
        "Tabell 1. Halvårsresultat",
        "",
        "tkr Budget Utfall  Differens",
        "",
        "Jan-",
        "juni",
        "",
    ]
    for r in golden(folder, "income_statement"):
        cells = [
            r["budget_printed"] or _given(r["budget_tkr"]),
            _given(r["outcome_tkr"]),
            r["difference_printed"] or _given(r["difference_tkr"]),
        ]
        label = r["label"]
        if label.startswith("Försäkringskassan"):
            lines.append("Försäkringskassan inkl")
            label = "Arbetsförmedlingen".lower()
        lines += [" ".join([label, *[c for c in cells if c]]), ""]
    return lines


def _costs(folder: Path) -> list[str]:
    *parts, total = golden(folder, "cost_distribution")
    texts = [f"{r['label']} {grouped(r['amount_tkr'])} tkr ({r['share_percent'].replace('.', ',')} procent)" for r in parts]
    return [
        "",
        f"Totala kostnader uppgick till {grouped(total['amount_tkr'])} tkr. Kostnaden för de {texts[0]}, för de",
        f"{texts[1]} och för {texts[2]} av de totala kostnaderna.",
        "",
        "Aktivitetsplatsen",
        "Insatsen har bytt lokaler under våren. Budgetunderskottet för insatsen är drygt 1 100 tkr och beror på",
        "att tjänster inte har tillsatts.",
        "",
    ]


def _per_insats(folder: Path) -> list[str]:
    lines = ["Tabell 2. Varje insats för sig", "", "Insats Utfall jan-juni Budget jan-juni Avvikelse", ""]
    for r in golden(folder, "insats_budget"):
        cells = [grouped(r[c]) for c in ("outcome_kr", "budget_kr", "variance_kr") if r[c]]
        if r["row_kind"] in {"subtotal", "total"} and len(r["outcome_kr"]) == 8:
            head, rest = cells[0].rsplit(" ", 1)
            lines += [f"{r['label']} {head}", f"{rest} {' '.join(cells[1:])}", ""]
        else:
            lines += [" ".join([r["label"], *cells]), ""]
    return lines


def _forecast(folder: Path) -> list[str]:
    rows = [f"{r['label']}  {grouped(r['amount_tkr'])}" for r in golden(folder, "forecast")]
    return [
        "4.2 Prognos för helåret",
        "12-månaders prognos (i tkr)",
        *rows,
        "",
        "Intäkterna för året väntas bli 35 752 tkr. Resultatet beräknas bli 2 336 tkr (35 752-33 416) vid årets slut.",
    ]


def _given(value: str) -> str:
    return grouped(value) if value else ""


Dress = Callable[[Sequence[Sequence[str]]], str]


def row_a_line(table: Sequence[Sequence[str]]) -> str:
    """A row a line, cells parted by one blank, empty ones gone."""
    return "\n".join(" ".join(c for c in row if c) for row in table)


def spaced(table: Sequence[Sequence[str]]) -> str:
    """A row a line with an empty line after each, cells parted by several blanks."""
    return "\n\n".join("   ".join(c for c in row if c) for row in table)


def tabbed(table: Sequence[Sequence[str]]) -> str:
    """A row a line, cells parted by tabs, empty ones kept."""
    return "\n".join("\t".join(row) for row in table)


def cell_a_line(table: Sequence[Sequence[str]]) -> str:
    """A cell a line, empty ones gone."""
    return "\n".join(c for row in table for c in row if c)
