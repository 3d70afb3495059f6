"""The participant files, each kept by a different hand.

Belongs here: what each hand calls its columns and how it writes dates, ages and genders. Each function gives the file's bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from finsam_pipeline.demo import figures, files
from finsam_pipeline.demo.figures import Report
from finsam_pipeline.demo.files import Cell, Sheet
from finsam_pipeline.demo.participants import Participation

Column = tuple[str, Callable[[Participation], Cell]]
Kept = Mapping[str, Sequence[Participation]]  # intervention -> its rows; the hands that keep one intervention take the first


def team_meetings(kept: Kept) -> bytes:
    """A workbook with an Insats column, Excel dates, age and follow-up columns; comments are read past."""
    (intervention, rows), *_ = kept.items()
    named = figures.intervention(intervention)
    columns: tuple[Column, ...] = (
        ("Deltagarnummer", lambda p: p.number),
        ("Insats", lambda p: named["short_name"] if int(p.number[-2:]) % 3 else named["name"]),
        ("Team", lambda p: f"Team {int(p.number[-2:]) % 3 + 1}"),
        ("Kön", lambda p: {"woman": "Kvinna", "man": "Man", "other": "Annan köns-ID"}[p.gender]),
        ("Ålder", lambda p: p.age),
        ("Anmälande part", lambda p: figures.label("referrer", p.referrer)),
        ("Utbildning", lambda p: figures.label("education", p.education)),
        ("Startdatum", lambda p: p.start),
        ("Uppföljning 3 mån", lambda p: "klar" if p.end else None),
        ("Uppföljning 6 mån", lambda p: "klar" if p.end else None),
        ("Uppföljning 12 mån", lambda p: "klar" if p.end else None),
        ("Slutdatum", lambda p: p.end),
        ("Avslutsorsak", _exit_label),
        *_before_after("Sysselsättning", "occupation"),
        *_before_after("Försörjning", "income"),
        ("Kommentar", lambda p: "återkoppling till handläggare" if p.end and p.age % 7 == 0 else None),
    )
    return files.workbook([Sheet("Teammöten", _table(columns, rows))])


def title_rows(kept: Kept) -> bytes:
    """A workbook that names the insats in a title row, with text dates, birth years and a Summa row."""
    places = ("Liljeholmen", "Sköndal", "Järva")
    (intervention, rows), *_ = kept.items()
    named = figures.intervention(intervention)["name"]
    columns: tuple[Column, ...] = (
        ("Nr", lambda p: p.number),
        ("Ort", lambda p: places[int(p.number[-2:]) % 3]),
        ("KÖN", lambda p: {"woman": "kvinna", "man": "man", "other": "annan"}[p.gender]),
        ("Födelseår", lambda p: p.start.year - p.age),
        ("Anvisande part", lambda p: figures.label("referrer", p.referrer)),
        ("Utbildningsnivå", lambda p: figures.label("education", p.education)),
        ("Inskriven", lambda p: f"{p.start:%d.%m.%Y}"),
        ("Utskriven", lambda p: f"{p.end:%d.%m.%Y}" if p.end else None),
        ("Avslutsorsak", _exit_label),
        *_before_after("Försörjning", "income"),
        *_before_after("Sysselsättning", "occupation"),
    )
    title: list[list[Cell]] = [["Uppföljning av deltagare"], [f"Insats: {named}"], []]
    total: list[list[Cell]] = [[], ["Summa", len(rows)]]
    return files.workbook([Sheet("Lista", [*title, *_table(columns, rows), *total])])


def sheet_each(kept: Kept) -> bytes:
    """A workbook with a sheet an intervention, named by the sheet, after a sheet of instructions."""
    columns: tuple[Column, ...] = (
        ("Lnr", lambda p: p.number),
        ("Kön", lambda p: {"woman": "K", "man": "M", "other": "Annan"}[p.gender]),
        ("Ålder", lambda p: p.age),
        ("Start", lambda p: p.start),
        ("Avslutad", lambda p: p.end),
        ("Remittent", lambda p: figures.label("referrer", p.referrer)),
        ("Utbildning", lambda p: figures.label("education", p.education)),
        *_before_after("Sysselsättning", "occupation"),
        *_before_after("Försörjning", "income"),
        ("Avslutsorsak", _exit_label),
    )
    sheets = [Sheet("Anvisning", [["Fyll i ett blad för varje insats."], ["Skriv aldrig personnummer."]])]
    for intervention, rows in kept.items():
        sheets.append(Sheet(figures.intervention(intervention)["short_name"], _table(columns, rows)))
    return files.workbook(sheets)


def system_export(kept: Kept) -> bytes:
    """A Windows-1252 text file with dates as YYYYMMDD and age groups."""
    (intervention, rows), *_ = kept.items()
    named = figures.intervention(intervention)["name"]
    columns: tuple[Column, ...] = (
        ("Deltagar-ID", lambda p: p.number),
        ("Insats", lambda _: f"{named} (ESF)"),
        ("Startdatum", lambda p: f"{p.start:%Y%m%d}"),
        ("Slutdatum", lambda p: f"{p.end:%Y%m%d}" if p.end else None),
        ("Avslutsorsak", _exit_label),
        ("Kön", lambda p: {"woman": "KVINNA", "man": "MAN", "other": "ANNAN KÖNS-ID"}[p.gender]),
        ("Åldersgrupp", lambda p: "16-19" if p.age < 20 else "20-29"),  # noqa: PLR2004 - the group's bound
        ("Utbildningsnivå", lambda p: figures.label("education", p.education)),
        ("Remittent", lambda p: figures.label("referrer", p.referrer)),
        *_before_after("Försörjning", "income"),
        *_before_after("Sysselsättning", "occupation"),
    )
    return files.text(_table(columns, rows), encoding="cp1252", end="\r\n")


def agency_counts(report: Report) -> bytes:
    """Uppföljning Finsam: counts an insats, no column for other genders.

    The first insats of those with `other` persons has them left out, so that its total differs from the local list; in
    the rest they are counted among the men, so that only the genders differ.
    """
    period = report.period
    head: list[Cell] = [
        "Insats",
        "Inriktning",
        "ESF-finansiering",
        "Från",
        "Till",
        "Kvinnor",
        "Män",
        "Totalt",
        "Budgeterat antal deltagare",
    ]
    year = str(period.first.year)
    targets = {r["intervention_id"]: int(r["target"]) for r in figures.table("config/targets.csv") if r["year"] == year}
    counted = {(c.intervention, c.gender): c.participants for c in report.counts()}
    left_out = max(targets, key=lambda i: counted[i, "other"])
    rows: list[list[Cell]] = [["Uppföljning Finsam"], ["Antal deltagare", period.first, period.last], [], head]
    for intervention, target in targets.items():
        named = figures.intervention(intervention)
        women, men = counted[intervention, "woman"], counted[intervention, "man"]
        men += 0 if intervention == left_out else counted[intervention, "other"]
        esf = "Ja" if named["esf"] == "yes" else "Nej"
        rows.append([named["name"], "Individinriktad", esf, period.first, period.last, women, men, women + men, target])
    return files.workbook([Sheet("Antal", rows)])


def _before_after(header: str, code_list: str) -> tuple[Column, Column]:
    def told(attribute: str) -> Callable[[Participation], Cell]:
        def cell(p: Participation) -> Cell:
            code = getattr(p, attribute)
            return figures.label(code_list, code) if code else None

        return cell

    return (f"{header} vid start", told(f"{code_list}_before")), (f"{header} vid avslut", told(f"{code_list}_after"))


def _exit_label(p: Participation) -> Cell:
    return figures.label("exit_reason", p.exit_reason) if p.exit_reason else None


def _table(columns: Sequence[Column], rows: Sequence[Participation]) -> list[list[Cell]]:
    return [[header for header, _ in columns], *([cell(p) for _, cell in columns] for p in rows)]


HANDS: dict[str, Callable[[Kept], bytes]] = {
    "team_meetings": team_meetings,
    "title_rows": title_rows,
    "sheet_each": sheet_each,
    "system_export": system_export,
}
