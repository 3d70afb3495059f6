"""One participant out of a workspace five years old, the person in every delivery of two sources, waiting, decided, told.

The long form has ten deliveries, an edition a year and runs as every night has them; the short one half of that, without Dagster between.
"""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pyarrow.parquet as pq
import pytest

from finsam_pipeline.cli import keeping
from finsam_pipeline_tests.leaks.scanner import Planted, scan_folder
from finsam_pipeline_tests.workspaces import PEOPLE_HEADER, Office, csv_text, ledger

NUMBER = "19640823-3234"  # Skatteverket's own example person
WHOLE = "196408233234"
WORD = "QZID-00009"
YEARS = range(2021, 2026)
SUS = "Personnummer;Insats;Kön;Inregistreringsdatum;Utregistreringsdatum"
KEPT = "removed"  # of the vault: receipts, and by keyed pseudonym what is left out of files that come again


def hand_over(office: Office, day: str, year: int, *, unclear: bool) -> None:
    """All who took part so far; the person is among them, now and then with a gender nobody can read."""
    others = [f"{n};Verkstan;kvinna;{first}-02-01;{first}-11-30;Arbete;" for n, first in enumerate(YEARS, 1) if first < year]
    gender = "?" if unclear else "man"
    rows = (*others, f"{WORD};Verkstan;{gender};2021-01-11;;;ringde i går")
    office.put("deltagaruppfoljning", "lista.csv", csv_text(f"{PEOPLE_HEADER};Kommentar", *rows), day)
    registered = (f"{NUMBER};Slussen;man;2021-01-12;", "19121212-1212;Slussen;kvinna;2021-01-12;")
    office.put("sus_deltagare", "sus.csv", csv_text(SUS, *registered), day)
    booked = [f"A{n};{year}-{when};{row}" for n, when in ((1, "06-30"), (2, "12-31")) for row in ("6110;;1,00;", "1930;;;1,00")]
    office.put("huvudbok", "huvudbok.csv", ledger(*booked), day)


def lived(office: Office, *, nightly: bool) -> None:
    """Five years: a delivery each half, a correction where the row waits, an edition each year; half of them in the short form."""
    run = office.finsam_with_dagster if nightly else office.finsam
    for year in YEARS:
        for half, day in ((1, f"{year}-07-10"), (2, f"{year + 1}-01-10"))[0 if nightly else year % 2 :][: 2 if nightly else 1]:
            hand_over(office, day, year, unclear=half == 2)
            assert run("run", "--json").status in (0, 3)
            for item in office.items():
                assert office.decide(item, "correct", "--set", "gender=man").status == 0
        if nightly or year == YEARS[-1]:
            assert (
                office.finsam("report", "--association", "dalen", "--period", f"{year}H1", "--edition", "styrelsen").status == 0
            )


def erase(office: Office, identity: str) -> None:
    with mock.patch.object(keeping, "identity_asked", return_value=identity):
        said = office.finsam("erase", "--association", "dalen", "--by", "Ada", "--reason", "begäran", "--json")
    assert said.status in (0, 3), said.err
    assert said.json["still_held"] == []


def pseudonyms(home: Path) -> set[str]:
    """Of the person, by the days nobody else began on."""
    found = set()
    for source, day in (("deltagaruppfoljning", "2021-01-11"), ("sus_deltagare", "2021-01-12")):
        rows = pq.read_table(home / "vault" / "work" / "dalen" / "accepted" / f"{source}.parquet").to_pylist()
        found |= {str(r["participant"]) for r in rows if str(r["start_date"]) == day and r["gender"] == "man"}
    return found


@pytest.mark.parametrize("nightly", [False, pytest.param(True, marks=pytest.mark.long)], ids=["steps", "nights"])
def test_nothing_of_the_person_stays_after_five_years(tmp_path: Path, nightly: bool):
    office = Office.start(tmp_path / "home")
    lived(office, nightly=nightly)
    assert office.participants("2025H1", "verkstan") > 0
    person = Planted((WHOLE,), (WORD,))
    assert {leak.what for leak in scan_folder(office.home, person)} == {WHOLE, WORD}
    assert not scan_folder(office.home, person, leave_out=("vault", "landing"))
    known = pseudonyms(office.home)
    assert len(known) == 2
    editions = {p: p.read_bytes() for p in (office.home / "reports").rglob("editions/**/*") if p.is_file()}
    assert len({p.relative_to(office.home).parts[2] for p in editions}) == (len(YEARS) if nightly else 1)
    for identity in (WORD, NUMBER):
        erase(office, identity)
    assert not scan_folder(office.home, person)
    traces = scan_folder(office.home, Planted((), tuple(known)))
    assert {leak.place for leak in traces if not leak.place.startswith(f"vault/{KEPT}/")} == set()
    assert {p: p.read_bytes() for p in editions} == editions
    assert office.finsam("status", "--json").json["audit"]["broken_at"] is None
    assert office.participants("2021H1", "slussen") == 1  # the other one of the register
