"""The same facts handed over in another way: the marts that must be equal are equal.

`quality/deliveries` speaks of files, so it differs where files do; everything else must not. `registration_lag` speaks of days of delivery,
which stay the same here.
"""

from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from finsam_pipeline_tests.prepared import marts_alone
from finsam_pipeline_tests.trials.disturbed import FAULTY, MORE
from finsam_pipeline_tests.workspaces import (
    BUDGET,
    BUDGET_HEADER,
    DAY,
    LATER,
    LEDGER,
    LEDGER_HEADER,
    PEOPLE,
    PEOPLE_HEADER,
    Office,
)

pytestmark = pytest.mark.usefixtures("marts_alone")
OF_FILES = "quality/deliveries"
CHANGED = ("A2;2025-03-31;5010;11;60000,00;", "A2;2025-03-31;1930;;;60000,00")
TWICE = (
    "3;Verkstan;kvinna;2025-02-03;2025-06-02;Annat",
    "2;Verkstan;kvinna;2025-01-20;;",
)  # equal to a row, and different from one
LEDGER_ROWS = (
    *LEDGER,
    "A5;2025-05-31;5010;12;100,00;",
    "A5;2025-05-31;1930;;;90,00",
    "A7;2025-05-31;5010;12;x;",
    "A7;2025-05-31;1930;;;1,00",
)
Table = tuple[str, str, str, tuple[str, ...]]  # source, name, header, rows
NIGHTS: dict[str, tuple[Table, ...]] = {
    DAY: (
        ("deltagaruppfoljning", "deltagare", PEOPLE_HEADER, (*PEOPLE, FAULTY, *TWICE)),
        ("huvudbok", "huvudbok", LEDGER_HEADER, LEDGER_ROWS),
        ("budget", "budget", BUDGET_HEADER, BUDGET),
    ),
    LATER: (
        ("deltagaruppfoljning", "slussen", PEOPLE_HEADER, (*PEOPLE[3:], *MORE)),
        ("huvudbok", "mer", LEDGER_HEADER, CHANGED),
        (
            "budget",
            "budget",
            BUDGET_HEADER,
            (*BUDGET[:2], "B25;2024-12-01;2025;kansli;;30000", "B26;2025-06-01;2026;kansli;;30000"),
        ),
    ),
}
Writer = Callable[[str, tuple[str, ...], random.Random], tuple[str, bytes]]  # header, rows -> ending, content


def text(header: str, rows: tuple[str, ...], *, ends: str = "\r\n", code: str = "utf-8-sig", between: str = ";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=between, lineterminator=ends).writerows(row.split(";") for row in (header, *rows))
    return out.getvalue().encode(code)


def plain(header: str, rows: tuple[str, ...], _chance: random.Random) -> tuple[str, bytes]:
    return ".csv", text(header, rows)


def shuffled(header: str, rows: tuple[str, ...], chance: random.Random) -> tuple[str, bytes]:
    return ".csv", text(header, tuple(chance.sample(rows, len(rows))))


def columns_moved(header: str, rows: tuple[str, ...], chance: random.Random) -> tuple[str, bytes]:
    order = chance.sample(range(header.count(";") + 1), header.count(";") + 1)
    moved = [";".join(row.split(";")[n] for n in order) for row in (header, *rows)]
    return ".csv", text(moved[0], tuple(moved[1:]))


def old_windows(header: str, rows: tuple[str, ...], _chance: random.Random) -> tuple[str, bytes]:
    return ".txt", text(header, rows, ends="\n", code="cp1252", between="\t")


def unicode_16(header: str, rows: tuple[str, ...], _chance: random.Random) -> tuple[str, bytes]:
    return ".csv", text(header, rows, ends="\r", code="utf-16", between=",")


def titled(header: str, rows: tuple[str, ...], _chance: random.Random) -> tuple[str, bytes]:
    return ".csv", b"\xef\xbb\xbfUtdrag ur systemet\r\n\r\n" + text(header, rows, code="utf-8").replace(b"\r\n", b"\r\n\r\n")


def as_workbook(header: str, rows: tuple[str, ...], _chance: random.Random) -> tuple[str, bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        for number, row in enumerate((header, *rows)):
            sheet.write_row(number, 0, row.split(";"))
    return ".xlsx", out.getvalue()


def hand_over(home: Path, write: Writer, seed: int = 0, *, renamed: bool = False, split: bool = False) -> Office:
    office, chance = Office.start(home), random.Random(seed)  # noqa: S311 - a test case, not a secret
    for day, tables in NIGHTS.items():
        for source, name, header, rows in tables:
            for part, some in enumerate(_parts(source, rows) if split else (rows,)):
                ending, content = write(header, some, chance)
                stem = f"{chance.randrange(10**6)} {part}" if renamed else f"{name}{part or ''}"
                office.put(source, f"{stem}{ending}", content, day)
    return office


def _parts(source: str, rows: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Two files of one day; a voucher is not torn apart."""
    if source != "huvudbok":
        return rows[::2], rows[1::2]
    vouchers = sorted({row.partition(";")[0] for row in rows})
    first = set(vouchers[::2])
    parts = tuple(r for r in rows if r.partition(";")[0] in first), tuple(r for r in rows if r.partition(";")[0] not in first)
    return tuple(p for p in parts if p)


def marts(office: Office, *but: str) -> dict[str, list[dict[str, object]]]:
    snapshot = office.snapshot()
    return {name: snapshot.table(name).to_pylist() for name in snapshot.marts if name not in but}


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = hand_over(tmp_path_factory.mktemp("som-det-ar") / "home", plain)
    with marts_alone():
        assert office.run().status == 3
    return office


SHORT: dict[str, tuple[Writer, dict[str, bool]]] = {
    "renamed": (plain, {"renamed": True}),
    "shuffled": (shuffled, {}),
    "split": (plain, {"split": True}),
    "windows": (old_windows, {}),
    "workbook": (as_workbook, {}),
}
LONG: dict[str, tuple[Writer, dict[str, bool]]] = {
    "columns": (columns_moved, {}),
    "utf16": (unicode_16, {}),
    "titled": (titled, {}),
    "shuffled split renamed": (shuffled, {"renamed": True, "split": True}),
}
FORMS = [*SHORT, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3))])
@pytest.mark.parametrize("form", FORMS)
def test_the_same_facts_in_other_files_give_the_same_marts(as_it_is: Office, tmp_path: Path, form: str, seed: int):
    write, how = (SHORT | LONG)[form]
    other = hand_over(tmp_path / "home", write, seed, **how)
    assert other.run().status == 3
    assert marts(other, OF_FILES) == marts(as_it_is, OF_FILES)
    counted = [
        sum(r[n] for r in o.mart(OF_FILES)) for o in (as_it_is, other) for n in ("rows", "accepted", "quarantined", "superseded")
    ]
    assert counted[:4] == counted[4:]


def test_touched_files_are_nothing_new(as_it_is: Office, tmp_path: Path):
    touched = as_it_is.copy_to(tmp_path / "home")
    for file in (f for f in touched.home.glob("landing/**/*") if f.is_file()):
        os.utime(file, (10**9, 10**9))
    said = touched.run()
    assert (said.status, said.json["changed"]) == (3, False)
    assert said.json["snapshot_id"] == as_it_is.snapshot().id


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 8))])
def test_the_order_of_arrival_does_not_matter(as_it_is: Office, tmp_path: Path, seed: int):
    """Files one after another with a run between, the later day perhaps first, against all at once; also what speaks of files."""
    whole = hand_over(tmp_path / "allt", plain)
    files = sorted(f.relative_to(whole.home) for f in whole.home.glob("landing/**/*.csv"))
    office = Office.start(tmp_path / "home")
    order = random.Random(seed).sample(files, len(files))  # noqa: S311 - as above
    for some in (order[:2], order[2:4], order[4:]):
        for file in some:
            (office.home / file).parent.mkdir(parents=True, exist_ok=True)
            (office.home / file).write_bytes((whole.home / file).read_bytes())
        office.run()
    assert marts(office) == marts(as_it_is)
