"""A workspace in which made-up people stand everywhere a file can hold them, beside files that are in order.

The made-up association's files are the ones in order; what is added names its numbers in ids, free text, headers, sheets, files
and folders, in files that are read, files that are quarantined and files that cannot be read at all.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from finsam_pipeline.demo import files
from finsam_pipeline.demo.files import Sheet
from finsam_pipeline_tests.leaks.people import made_up, notation
from finsam_pipeline_tests.leaks.scanner import Planted
from finsam_pipeline_tests.workspaces import DAY, Office

FREE_TEXT = "qzfritextqz"  # stands in every comment and every ledger text
_ID = "QZID-{:05d}"
_IDS = 200
_LIST = ["Löpnummer", "Insats", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak", "Kommentar"]
_SUS = ["Personnummer", "Insats", "Kön", "Födelseår", "Inregistreringsdatum", "Utregistreringsdatum", "Avslutsanledning"]
_LEDGER = ["Serie", "Vernr", "Datum", "Konto", "Kontonamn", "Projekt", "Motpart", "Text", "Debet", "Kredit"]
_DAY = dt.date(2025, 3, 3)
_NAMES = ("Verkstan", "Slussen")
_PERIOD = "2025H1"


@dataclass
class Supply:
    """Hands out the numbers one after another, each time in its next notation; every one of them is used."""

    numbers: list[str]
    _turns: itertools.count[int] = field(default_factory=itertools.count)

    def one(self) -> str:
        """The next number as somebody writes it."""
        turn = next(self._turns)
        return notation(self.numbers[turn % len(self.numbers)], turn)

    def digits(self) -> str:
        """The next number as digits only, as a spreadsheet's number cell holds it."""
        return "".join(c for c in self.one() if c.isdigit())


@dataclass(frozen=True)
class Trial:
    """A planted workspace. `planted`: what may stand in its landing and vault and nowhere else."""

    home: Path
    association: str
    planted: Planted
    supply: Supply

    def folder(self, source: str, *more: str) -> Path:
        """A folder of deliveries, made."""
        made = self.home / "landing" / self.association / source / DAY
        made = made.joinpath(*more)
        made.mkdir(parents=True, exist_ok=True)
        return made


def plant(home: Path, count: int, seed: str) -> Trial:
    """Write the workspace with that many numbers, each of them in landing at least once."""
    office = Office.start(home).in_every_format().hand_over()
    numbers = made_up(count, seed)
    ids = tuple(_ID.format(n) for n in range(_IDS))
    trial = Trial(home, office.association, Planted(tuple(numbers), (*ids, FREE_TEXT)), Supply(numbers))
    _participant_lists(trial, ids)
    _registrations(trial)
    _other_sources(trial)
    _ledgers(trial)
    _named_after_people(trial)
    _broken(trial)
    return trial


def _participant(number: str, intervention: str, comment: str = "") -> list[str]:
    return [number, intervention, "kvinna", _DAY.isoformat(), "", "", f"{FREE_TEXT} {comment}"]


def _participant_lists(trial: Trial, ids: Sequence[str]) -> None:
    """Every number once as an id and once in free text, in text files of three encodings, and beside ids that are in order."""
    supply, names = trial.supply, itertools.cycle(_NAMES)
    rows = [_participant(supply.one(), next(names)) for _ in supply.numbers]
    rows += [_participant(f"L{n}", next(names), f"ring {supply.one()}.") for n, _ in enumerate(supply.numbers)]
    rows += [_participant(identity, next(names)) for identity in ids]
    rows += [[f"M{n}", next(names), supply.one(), supply.one(), "", "", ""] for n in range(20)]
    head = [*_LIST[:-1], "Kommentar", f"Vän till {supply.one()}"]
    rows = [[*row, supply.one() if n % 7 == 0 else ""] for n, row in enumerate(rows)]
    folder = trial.folder("deltagaruppfoljning")
    for part, encoding in enumerate(("utf-8", "utf-16", "cp1252")):
        (folder / f"lista {part}.csv").write_bytes(files.text([head, *rows[part::3]], encoding=encoding))
    sheets = [
        Sheet(
            f"{supply.digits()[-10:]} {n}",
            [[f"Insats: {name}"], _LIST, *([whose, name, "man", _DAY] for whose in (int(supply.digits()), ids[1]))],
        )
        for n, name in enumerate(_NAMES)
    ]
    twins = [Sheet(supply.one(), [_LIST, [supply.one(), next(names), "man", _DAY, None, None, supply.one()]]) for _ in range(2)]
    (folder / "blad.xlsx").write_bytes(files.workbook([*sheets, *twins]))


def _registrations(trial: Trial) -> None:
    """The one place where a personnummer may stand, and the cells beside it where it may not."""
    supply, names = trial.supply, itertools.cycle(_NAMES)
    rows = [[supply.one(), next(names), "kvinna", "1980", _DAY.isoformat(), "", ""] for _ in supply.numbers]
    rows += [[supply.one(), next(names), "man", supply.digits(), _DAY.isoformat(), "", supply.one()] for _ in range(20)]
    (trial.folder("sus_deltagare") / "registreringar.csv").write_bytes(files.text([_SUS, *rows]))


def _other_sources(trial: Trial) -> None:
    """Numbers in the text cells of every other source that reaches a mart."""
    one, digits, name = trial.supply.one, trial.supply.digits, _NAMES[0]
    tables = {
        "nyckeltal": [["Period", "Insats", "Nyckeltal", "Värde", "Enhet", "Källa"], [_PERIOD, name, one(), "3", one(), one()]],
        "aktiviteter": [["Aktivitet", "Typ", "Datum", "Antal deltagare", "Arrangör"], [one(), one(), _DAY, "7", one()]],
        "prognos": [["Period", "Ordning", "Rad", "Belopp tkr", "Typ"], ["2025H2", "1", one(), one(), "kostnad"]],
        "budget": [["Version", "Beslutad", "Period", "Rad", "Projekt", "Belopp"], [one(), _DAY, "2025", one(), one(), "100"]],
        "programtrohet": [["Insats", "Datum", "Poäng", "Maxpoäng", "Gräns", one()], [one(), _DAY, digits(), "125", "100", one()]],
        "uppfoljning_finsam": [
            ["Insats", "Från", "Till", "Kvinnor", "Män", "Totalt"],
            [name, *(one() for _ in range(4)), digits()],
        ],
        "sus_insatser": [["Insats", "År", "Deltagarregistrering", "Totalt", "Män"], [name, "2025", one(), digits(), one()]],
    }
    for source, rows in tables.items():
        (trial.folder(source) / f"tillägg {one()}.csv").write_bytes(files.text(rows))


def _ledgers(trial: Trial) -> None:
    """Numbers in texts, names, objects and voucher numbers of a list and of a SIE file, in rows that count and rows that do not."""
    one = trial.supply.one
    balanced = [["X", str(n), _DAY, account, one(), "", one(), f"{FREE_TEXT} {one()}", *amounts]
                for n in range(1, 6) for account, amounts in (("6110", ["10,00", ""]), ("1930", ["", "10,00"]))]  # fmt: skip
    odd = [
        ["X", one(), one(), one(), one(), one(), one(), one(), one(), ""],
        ["Y", "1", _DAY, "6110", "", "", "", one(), "5,00", ""],
    ]
    (trial.folder("huvudbok") / "lista.csv").write_bytes(files.text([[*_LEDGER, one()], *balanced, *odd]))
    sie = [
        "#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", f'#PROGRAM "{one()}" 1', f'#FNAMN "{one()}"', "#RAR 0 20250101 20251231",
        f'#KONTO 6110 "{one()}"', f'#OBJEKT 6 "{one()}" "{one()}"',
        f'#VER Z 1 20250303 "{one()} {FREE_TEXT}"', "{", f'#TRANS 6110 {{6 "{one()}"}} 7.00 20250303 "{one()}"',
        "#TRANS 1930 {} -7.00", "}", f'#VER Z "{one()}" 20250304', "{", f"#TRANS 6110 {{}} {trial.supply.digits()}", "}",
    ]  # fmt: skip
    (trial.folder("huvudbok") / f"export {one()}.se").write_text("\r\n".join(sie), encoding="cp437", errors="replace")


def _named_after_people(trial: Trial) -> None:
    """Files that differ in nothing but the person they are named after, and a folder named after one."""
    supply, name = trial.supply, _NAMES[1]
    folder = trial.folder("deltagaruppfoljning", f"ärende {supply.one()}")
    for n in range(4):
        (folder / f"{supply.one()}.csv").write_bytes(files.text([_LIST, _participant(f"N{n}", name)]))
    same = supply.numbers[0]
    for n in range(4):  # one person, written four ways: four files
        (folder / f"{notation(same, n)}.csv").write_bytes(files.text([_LIST, _participant(f"O{n}", name)]))


def _broken(trial: Trial) -> None:
    """What cannot be read, or lies where nothing is read."""
    one, folder = trial.supply.one, trial.folder("deltagaruppfoljning")
    head = f"Löpnummer;Insats;{one()}\n{one()};{one()};{one()}\n"
    (folder / f"utan kolumn {one()}.csv").write_text(head, encoding="utf-8")
    (folder / f"trasig {one()}.xlsx").write_bytes(b"PK\x03\x04" + head.encode())
    (folder / f"inte text {one()}.csv").write_bytes(head.encode() + bytes(range(256)))
    (folder / f"avhuggen {one()}.csv").write_text(f'Löpnummer;Insats;Kön;Startdatum\n"{one()};{one()}', encoding="utf-8")
    (folder / f"tom {one()}.csv").write_bytes(b"")
    (trial.folder("huvudbok") / f"ny {one()}.sie").write_text(f'<?xml version="1.0"?><Sie name="{one()}"/>', encoding="utf-8")
    landing = trial.home / "landing"
    for stranger in (
        landing / trial.association / f"okänd {one()}",
        landing / f"förbund {one()}",
        landing / trial.association / "beslut",
    ):
        stranger.mkdir(parents=True)
        (stranger / f"beslut {one()}.xlsx").write_bytes(files.workbook([Sheet(one(), [["Post-id", "Beslut"], [one(), one()]])]))
    (landing / trial.association / f"lös {one()}.csv").write_text(head, encoding="utf-8")


def plant_unmapped(trial: Trial) -> None:
    """A voucher on accounts that no line rule knows, its texts about somebody: the economy slice is held back.

    A number in a cell would send the row to quarantine instead (P012); the file is named after one.
    """
    one = trial.supply.one
    rows = [["W", "1", _DAY, account, FREE_TEXT, "77", "M1", FREE_TEXT, *amounts]
            for account, amounts in (("8995", ["10,00", ""]), ("1930", ["", "10,00"]))]  # fmt: skip
    (trial.folder("huvudbok") / f"utan rad {one()}.csv").write_bytes(files.text([_LEDGER, *rows]))
