"""Participant lists for the comparison, their faults known beforehand.

Belongs here: the rows of `deltagaruppfoljning`. Does not: ledgers, files.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.peers import office

HEADER = "Löpnummer;Insats;Kön;Födelseår;Startdatum;Slutdatum;Avslutsorsak;Kommentar"
NAMES = ("participant", "intervention", "gender", "birth_year", "start", "end", "reason", "comment")
GENDERS = ("Kvinna", "kvinna", "K", "Man", "man", "m", "Annan köns-ID")
REASONS = ("Arbete", "anställning", "Studier", "Arbetssökande", "Vård", "UTREDNING", "Flytt", "Annat", "Annan  orsak")
Made = tuple[str, dict[str, pa.Array], list[tuple[int, str, str]]]

# rule, the column a finding names, the cells that are wrong; P007 is a warning and holds nothing
_FAULTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("P001", "participant", {"participant": ""}),
    ("P002", "intervention_id", {"intervention": "Okänd insats"}),
    ("P002", "intervention_id", {"intervention": ""}),
    ("P003", "gender", {"gender": "x"}),
    ("P003", "gender", {"gender": ""}),
    ("P004", "start_date", {"start": "", "end": "", "reason": ""}),
    ("P004", "start_date", {"start": "våren", "end": "", "reason": ""}),
    ("P005", "end_date", {"end": "1995-01-01"}),
    ("P005", "end_date", {"end": "2030-13-01"}),
    ("P006", "end_date", {"end": "", "reason": "Arbete"}),
    ("P007", "", {"end": "2039-12-31", "reason": ""}),
    ("P008", "exit_reason", {"end": "2039-12-31", "reason": "Vet inte"}),
    ("P009", "participant", {}),
    ("P009", "participant", {"birth_year": "1900"}),
    ("P010", "start_date", {"start": "2079-01-01", "end": "", "reason": ""}),
    ("P010", "start_date", {"start": "1989-12-31"}),
)


def participations(year: int, rows: int, years: int, random: np.random.Generator) -> Made:
    """Header, columns and planted faults (row index, rule, column) of one year's list: those who start in it."""
    first = np.datetime64(f"{year}-01-01") + random.integers(0, 365, rows)
    last = first + random.integers(20, 600, rows)
    ended = (last < np.datetime64(f"{office.FIRST_YEAR + years}-01-31")) & (random.random(rows) < 0.9)
    names = [spelling for i in office.INDIVIDUAL for spelling in office.spellings(i)]
    cells = {
        "participant": [f"D{year % 100}{n:06d}" for n in range(rows)],
        "intervention": random.choice(names, rows).tolist(),
        "gender": random.choice(GENDERS, rows).tolist(),
        "birth_year": (year - random.integers(17, 66, rows)).astype(str).tolist(),
        "start": _written(first, year),
        "end": [text if gone else "" for text, gone in zip(_written(last, year), ended, strict=True)],
        "reason": [text if gone else "" for text, gone in zip(random.choice(REASONS, rows), ended, strict=True)],
        "comment": np.where(random.random(rows) < 0.1, "Mötte upp", "").tolist(),
    }
    found = _spoil(cells, rows, years, random)
    return HEADER, {name: pa.array(cells[name], pa.string()) for name in NAMES}, found


def _written(days: np.ndarray, year: int) -> list[str]:
    text = days.astype(str)
    return (text if year % 2 == 0 else np.char.replace(text, "-", "")).tolist()


def _spoil(cells: dict[str, list[str]], rows: int, years: int, random: np.random.Generator) -> list[tuple[int, str, str]]:
    """A fault in about one row of a hundred; a doubled row writes over the one before it."""
    found: list[tuple[int, str, str]] = []
    last_day = f"{office.FIRST_YEAR + years - 1}-12-31"
    chosen = random.choice(np.arange(1, rows // 3), max(len(_FAULTS), rows // 100), replace=False) * 3
    for n, row in enumerate(chosen.tolist()):
        rule, column, wrong = _FAULTS[n % len(_FAULTS)]
        if rule == "P009":
            for name in NAMES:
                cells[name][row] = cells[name][row - 1]
        for name, value in wrong.items():
            cells[name][row] = last_day if value == "2039-12-31" else value
        if rule == "P009" and wrong:
            found.append((row - 1, rule, column))
        if column:
            found.append((row, rule, column))
    return found
