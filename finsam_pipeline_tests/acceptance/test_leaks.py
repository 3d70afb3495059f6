"""Made-up people everywhere a delivery can hold them; afterwards nothing but landing and vault knows any of them.

The short form runs in CI; the long one takes a thousand numbers and a fault in every step.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import sqlite3
import stat
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Self

import docx
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typst
import xlsxwriter

from finsam_pipeline.privacy import contains_personnummer
from finsam_pipeline.store.workspace import DECISIONS_SOURCE
from finsam_pipeline_tests.leaks import faults
from finsam_pipeline_tests.leaks.people import made_up, notation, notations
from finsam_pipeline_tests.leaks.planting import FREE_TEXT, Trial, plant, plant_unmapped
from finsam_pipeline_tests.leaks.scanner import Planted, scan_bytes, scan_folder

PROTECTED = ("vault", "landing")
NUMBER = made_up(1, "one")[0]
ONE = Planted((NUMBER,), ("QZID-00001",))


# What the trial is worth: the scanner finds a number however it is packed.


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def workbook(text: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, text)
    return out.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


def database(folder: Path, text: str, *, delete: bool) -> bytes:
    file = folder / "made.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma secure_delete=off")
        connection.execute("create table t (x)")
        connection.execute("insert into t values (?)", (text,))
        connection.commit()
        if delete:
            connection.execute("delete from t")
        connection.commit()
    return file.read_bytes()


def word(text: str) -> bytes:
    """A document in which one text stands in two runs, as Word writes what somebody has corrected."""
    out, document = io.BytesIO(), docx.Document()
    paragraph = document.add_paragraph(text[:5])
    paragraph.add_run(text[5:]).bold = True
    document.save(out)
    return out.getvalue()


def duck(folder: Path, text: str) -> bytes:
    """Compressed: no value stands there as it is written."""
    file = folder / "made.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute("create table t as select md5(i::varchar) || $1 as x from range(50_000) as r(i)", [text])
        connection.execute("checkpoint")
    return file.read_bytes()


PACKINGS: dict[str, Callable[[str, Path], bytes]] = {
    "text": lambda text, _: text.encode(),
    "Windows-1252": lambda text, _: f"å {text}".encode("cp1252"),
    "UTF-16 little end first": lambda text, _: text.encode("utf-16-le"),
    "UTF-16 big end first": lambda text, _: b"x" + text.encode("utf-16-be"),
    "HTML entities": lambda text, _: html.escape(text).replace(" ", "&#32;").replace("-", "&#45;").encode(),
    "JSON": lambda text, _: json.dumps({"a": [json.dumps({"b": f"å {text}"})]}).encode(),
    "JSON name": lambda text, _: json.dumps({text: 1}).encode(),
    "a data address": lambda text, _: b"src=data:x;base64," + base64.b64encode(f"<svg>{text}{'x' * 40}</svg>".encode()),
    "an address": lambda text, _: text.replace("-", "%2D").replace(" ", "%20").encode(),
    "Parquet cells": lambda text, _: parquet(pa.table({"x": ["a", text, None]})),
    "Parquet field": lambda text, _: parquet(pa.table({text: [1]})),
    "Parquet metadata": lambda text, _: parquet(pa.table({"x": [1]}).replace_schema_metadata({"k": text})),
    "Parquet statistics": lambda text, _: parquet(pa.table({"x": pa.array([text] * 9).dictionary_encode()})),
    "SQLite": lambda text, folder: database(folder, text, delete=False),
    "a deleted SQLite row": lambda text, folder: database(folder, text, delete=True),
    "a workbook": lambda text, _: workbook(text),
    "a file in a zip in a zip": lambda text, _: zipped("a.zip", zipped("b.txt", text.encode())),
    "a name in a zip": lambda text, _: zipped(f"{text}.txt", b""),
    "a PDF stream": lambda text, _: b"%PDF-1.7\nstream\n" + zlib.compress(text.encode()) + b"\nendstream",
    "a PDF page": lambda text, _: typst.compile(f"#text({json.dumps(text)})".encode()),
    "a PDF's title": lambda text, _: typst.compile(f"#set document(title: {json.dumps(text)})\nx".encode()),
    "a Word document": lambda text, _: word(text),
    "markup around parts": lambda text, _: f"<p>{text[:4]}<b>{text[4:]}</b></p>".encode(),
    "DuckDB": lambda text, folder: duck(folder, text),
    "a plain SHA-256": lambda text, _: hashlib.sha256(text.encode()).hexdigest().encode(),
    "a plain MD5": lambda text, _: b"x" + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper().encode(),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("written", [*notations(NUMBER), "QZID-00001"])
def test_the_scanner_finds_it(packing: str, written: str, tmp_path: Path):
    leaks = scan_bytes(PACKINGS[packing](written, tmp_path), ONE, "x")
    assert {leak.what for leak in leaks} == {NUMBER if written[0].isdigit() else written}


def test_the_scanner_finds_whole_numbers_in_parquet_and_sqlite(tmp_path: Path):
    assert scan_bytes(parquet(pa.table({"x": [int(NUMBER)]})), ONE, "x")
    file = tmp_path / "n.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("create table t (x integer)")
        connection.execute("insert into t values (?)", (int(NUMBER),))
        connection.commit()
    assert scan_bytes(file.read_bytes(), ONE, "x")


def test_the_scanner_finds_what_stands_in_a_log_only_and_in_names(tmp_path: Path):
    file = tmp_path / "live.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma journal_mode=wal")
        connection.execute("create table t (x)")
        connection.execute("insert into t values (?)", (int(NUMBER),))
        connection.commit()
        assert "live.db (t[0])" in {leak.place for leak in scan_folder(tmp_path, ONE)}
    (tmp_path / f"dir {NUMBER}").mkdir()
    assert any(leak.place.startswith("name of") for leak in scan_folder(tmp_path, ONE))
    assert not scan_folder(tmp_path, ONE, leave_out=("live.db", "live.db-wal", "live.db-shm", f"dir {NUMBER}"))


def test_the_scanner_is_silent_about_others():
    others = " ".join(way for number in made_up(50, "others") for way in notations(number))
    assert not scan_bytes(others.encode(), ONE, "x")
    assert not scan_bytes(PACKINGS["a plain SHA-256"]("QZID-00002", Path()), ONE, "x")


def test_the_made_up_numbers_are_numbers():
    numbers = made_up(300, "check")
    assert len({n[2:] for n in numbers}) == 300
    assert all(contains_personnummer(way) for number in numbers for way in notations(number))
    assert any(int(number[6:8]) > 60 for number in numbers)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of modules the library imports
@pytest.mark.parametrize("fault", faults.FAULTS)
def test_every_fault_still_has_its_place(fault: str):
    assert callable(resolve_name(faults.FAULTS[fault]))


# The trial itself.


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    status: int
    out: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


class Commands:
    """A process that runs commands as they are given, so that they share what is imported. A context: it ends with the block."""

    def __init__(self, folder: Path) -> None:
        self._errors = folder / "stderr"
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-W", "default", faults.__file__],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder,
            )  # fmt: skip

    def run(self, wanted: Sequence[dict[str, Any]]) -> str:
        """What they wrote to standard output, with an exit status and `faults.ENDED` after each."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(wanted)}\n")
        self._process.stdin.flush()
        lines: list[str] = []
        while (line := self._process.stdout.readline()) != faults.ENDED:
            assert line, self.errors()
            lines.append(line)
        return "".join(lines)

    def errors(self) -> str:
        """All that was written to standard error until now."""
        return self._errors.read_text("utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        out, _ = self._process.communicate(timeout=60)
        assert (self._process.returncode, out) == (0, ""), self.errors()


@dataclass
class Ran:
    """A planted workspace, and everything that was printed over it."""

    trial: Trial
    commands: Commands
    printed: list[str] = field(default_factory=list)

    def finsam(self, *commands: Sequence[object], faults_in: Sequence[str] = (), typed: Sequence[str] = ()) -> list[Said]:
        """Run commands one after another, each on this workspace, the first ones with these faults set.

        `typed`: what the first ones find on their standard input.
        """
        text = f"{self.trial.supply.one()} {FREE_TEXT}"
        wanted: list[dict[str, Any]] = [
            {"words": [*map(str, words), "--home", str(self.trial.home)], "fault": fault, "text": text, "typed": line}
            for words, fault, line in zip_longest(commands, faults_in, typed, fillvalue="")
        ]
        out = self.commands.run(wanted)
        self.printed.append(out)
        parts = [part.rpartition("\n") for part in out.split(faults.ENDED)[:-1]]
        return [Said(int(status), out.strip()) for out, _, status in parts]

    @property
    def export(self) -> Path:
        """The stewards' workbook: values by purpose, and not in the workspace."""
        return self.trial.home.parent / f"granskning {notation(self.trial.planted.numbers[0], 3)}.xlsx"

    def do_everything(self, failing: Sequence[str], one_file_in: int) -> None:
        """Success, every look at it, decisions, faults, a slice held back, and the same files again."""
        first, items, self.again, *self.looks = self.finsam(
            ("run", "--json"), ("review", "list", "--all", "--json"), ("run", "--json"), *self._looks(one_file_in)
        )
        self.first, self.items = first.json, items.json["items"]
        plant_unmapped(self.trial)
        decisions = self._decisions()
        said = self.finsam(*map(self._failing, failing), *decisions, ("run", "--json"), ("status",), ("run",), faults_in=failing)
        self.failed, self.decided = said[: len(failing)], said[len(failing) : -3]
        self.held = said[-3].json
        self.errors = [p for p in (self.trial.home / "vault" / "errors").iterdir() if FREE_TEXT in p.read_text(encoding="utf-8")]
        self.erased = self.finsam(self._erasing, self._erasing, typed=[f"{whom}\n" for whom in self._erased()])

    def _looks(self, one_file_in: int) -> list[tuple[object, ...]]:
        own = ("--association", self.trial.association)
        checks = [
            ("check", file, *own, "--source", self.source(file), *(["--json"] * (n % 2))) for n, file in enumerate(self.landed)
        ]
        return [
            ("run",), ("status",), ("status", "--json"), ("review", "list", "--all"),
            ("review", "export", self.export), ("review", "export", self.export, "--json"),
            ("report", *own, "--period", "2025H1", "--draft"), *checks[::one_file_in],
            ("report", *own, "--period", "2025H1", "--draft", "--edition", "styrelsen"), ("processing", *own), ("rollback",),
            ("explain", "participant_flow", "period=2025H1", "intervention_id=verkstan", "gender=woman"),
            ("explain", "ledger_month", "month=2025-03", "--json"), ("explain", "--row", self.landed[0], 2),
            ("explain", "--row", self.landed[0], 2, "--json"), ("retention",), ("proofread", self.landed[0]),
            ("export", "--to", f"sqlite:///{self.trial.home / 'marts.sqlite'}"),
            ("check", f"{self.trial.supply.one()}.csv", *own, "--source", "budget"),
            ("report", *own, "--period", "2025H1", "--edition", self.trial.planted.numbers[1]),
        ]  # fmt: skip

    def _erased(self) -> tuple[str, str]:
        """One person by the number in a list, one by the personnummer of a registration."""
        return self.trial.planted.words[3], notation(self.erased_number, 1)

    @property
    def erased_number(self) -> str:
        """Of the registration that is erased."""
        return self.trial.planted.numbers[7]

    @property
    def _erasing(self) -> tuple[object, ...]:
        said = ("--by", "AB", "--reason", "begäran", "--keep-landing")  # what was planted is to stay where it may stand
        return ("erase", "--association", self.trial.association, *said)

    def _decisions(self) -> list[tuple[object, ...]]:
        one = self.trial.supply.one
        held = [i["id"] for i in self.items if i["rule"] == "P012" and i["source"] == "deltagaruppfoljning"]
        said = ("--reason", f"{FREE_TEXT} enligt {one()}")
        return [
            ("review", "decide", held[0], "--decision", "drop", "--by", "AB", *said),
            ("review", "decide", held[1], "--decision", "correct", "--set", f"participant={one()}", "--by", "AB", *said),
            ("review", "decide", held[2], "--decision", "drop", "--by", one(), *said),
            ("review", "decide", held[2], "--decision", "correct", "--set", f"{one()}=1", "--by", "AB", *said),
            ("review", "import", self.export),
        ]

    def _failing(self, fault: str) -> tuple[object, ...]:
        """The command in which a fault shows."""
        check = ("check", self.landed[0], "--association", self.trial.association, "--source", self.source(self.landed[0]))
        return {"status": ("status",), "list": ("review", "list"), "check": check}.get(fault, ("run",))

    @property
    def landed(self) -> list[Path]:
        """The association's files in landing."""
        return sorted(p for p in (self.trial.home / "landing" / self.trial.association).rglob("*") if p.is_file())

    def source(self, file: Path) -> str:
        """The folder under the association in which a file of landing lies."""
        return file.relative_to(self.trial.home / "landing" / self.trial.association).parts[0]


SHORT = ("judging", "list")
LONG = tuple(f for f in faults.FAULTS if f != "expectation")


@pytest.fixture(
    scope="module",
    params=[pytest.param((60, SHORT, 5), id="60"), pytest.param((1000, LONG, 1), id="1000", marks=pytest.mark.long)],
)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    count, failing, one_file_in = request.param
    trial = plant(tmp_path_factory.mktemp("leaks") / "home", count, f"leaks {count}")
    with Commands(trial.home.parent) as commands:
        done = Ran(trial, commands)
        done.do_everything(failing, one_file_in)
    done.printed.append(commands.errors())
    return done


def test_every_number_was_there_to_leak(ran: Ran):
    everywhere = {leak.what for leak in scan_folder(ran.trial.home / "landing", ran.trial.planted)}
    assert everywhere == {*ran.trial.planted.numbers, *ran.trial.planted.words}
    kept = {leak.what for leak in scan_folder(ran.trial.home / "vault", ran.trial.planted)}
    assert kept >= {n for n in ran.trial.planted.numbers if n != ran.erased_number}


def test_nothing_outside_landing_and_vault_knows_anyone(ran: Ran):
    assert scan_folder(ran.trial.home, ran.trial.planted, leave_out=PROTECTED) == []


def test_nothing_printed_knows_anyone(ran: Ran):
    for text in ran.printed:
        assert ran.trial.planted.in_text(text) == set()


def test_the_paths_were_taken(ran: Ran):
    """Success, quarantine, rejection, faults and a slice held back: none of them was missed."""
    reasons = {d["reason"] for d in ran.first["deliveries"] if d["status"] == "rejected"}
    assert reasons >= {"missing_column", "truncated", "undecodable", "empty", "unknown_source", "sie5"}
    assert ran.first["published"]
    assert ran.first["exit_status"] == 3
    assert {i["source"] for i in ran.items if i["rule"] == "P012"} >= {
        "deltagaruppfoljning",
        "sus_deltagare",
        "nyckeltal",
        "budget",
    }
    assert ran.held["exit_status"] == 4
    assert {said.status for said in ran.looks} >= {0, 2, 3}
    assert [said.status for said in ran.decided][:4] == [0, 0, 2, 2]
    assert {said.status for said in ran.failed} == {10}
    assert len(ran.errors) >= len(ran.failed)
    assert {said.status for said in ran.erased} <= {0, 3, 4}
    assert len(list((ran.trial.home / "vault" / "removed" / "receipts").iterdir())) == len(ran.erased)
    made = {p.suffix for p in (ran.trial.home / "reports").rglob("halvarsrapport.*")}
    assert made == {".html", ".docx", ".xlsx", ".pdf"}
    assert list((ran.trial.home / "reports").glob("*/*/editions/styrelsen/*"))
    assert (ran.trial.home / "marts.sqlite").stat().st_size > 10_000


def test_files_named_after_people_stay_apart_and_keep_their_names(ran: Ran):
    landed = [file for file in ran.landed if ran.source(file) != DECISIONS_SOURCE]
    paths = [d["path"] for d in ran.first["deliveries"] if d["source"] != DECISIONS_SOURCE]
    assert len(paths) == len(set(paths)) == len(landed) - 1  # one came afterwards
    assert sum("[personnummer-" in path for path in paths) > 15
    assert not ran.again.json["changed"]
    assert set(paths) < {d["path"] for d in ran.held["deliveries"]}
    assert sum(d["status"] == "superseded" for d in ran.held["deliveries"]) == 0


def test_sheets_named_after_people_stay_apart(ran: Ran):
    sheets = {
        (i["sheet"], i["row"]) for i in ran.items if i["path"].endswith("blad.xlsx") and i["sheet"].startswith("[personnummer-")
    }
    names = {sheet for sheet, _ in sheets}
    assert sum(name.endswith("]") for name in names) == 2
    assert len(names) > 2


def test_the_stewards_workbook_is_for_one_pair_of_eyes(ran: Ran):
    assert stat.S_IMODE(ran.export.stat().st_mode) == 0o600
    inside = [p for p in ran.trial.home.rglob("granskning*") if p.suffix == ".xlsx"]
    assert inside
    assert all(p.is_relative_to(ran.trial.home / "vault") and stat.S_IMODE(p.stat().st_mode) == 0o600 for p in inside)


@pytest.mark.long
def test_a_fault_inside_an_expectation_says_nothing(tmp_path: Path):
    """The library catches it, logs it and keeps a traceback; the rule counts as failed."""
    trial = plant(tmp_path / "home", 12, "expectation")
    with Commands(tmp_path) as commands:
        ran = Ran(trial, commands)
        (said,) = ran.finsam(("run", "--json"), faults_in=("expectation",))
    ran.printed.append(commands.errors())
    assert said.status in {3, 4}
    assert not all(check["passed"] for check in said.json["checks"] if check["severity"] != "W")
    assert scan_folder(ran.trial.home, ran.trial.planted, leave_out=PROTECTED) == []
    assert all(ran.trial.planted.in_text(text) == set() for text in ran.printed)
