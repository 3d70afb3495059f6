"""Files that cannot be read as their source: rejected whole, told in Swedish, and no good figure lost (interface 5)."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from finsam_pipeline_tests.workspaces import LATER, LEDGER, PEOPLE, PEOPLE_HEADER, Office, csv_text, ledger, people, statuses

pytestmark = pytest.mark.usefixtures("marts_alone")


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (PEOPLE_HEADER, *PEOPLE[:2]):
        sheet.append(row.split(";"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_macro(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return out.getvalue()


HTML = b"<!DOCTYPE html><html><body><table><tr><td>L\xc3\xb6pnummer</td></tr></table></body></html>"
SIE5 = b'<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5"><FileInfo/></Sie>'
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
BANK = csv_text("Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta", "2025/06/30;-100,00;1;2;X;Y;900,00;SEK")
NO_START = csv_text("Löpnummer;Insats;Kön;Slutdatum;Avslutsorsak", "1;Verkstan;kvinna;;")
SIE = (
    b'#FLAGGA 0\r\n#PROGRAM "P" 1\r\n#FORMAT PC8\r\n#SIETYP 4\r\n#RAR 0 20250101 20251231\r\n'
    b"#VER A 1 20250102\r\n{\r\n#TRANS 1930 {} 1\r\n}\r\n"
)
REJECTED = [
    ("deltagaruppfoljning", "utan start.csv", NO_START, "missing_column", "Startdatum"),
    ("deltagaruppfoljning", "trasig.xlsx", workbook()[:900], None, "på nytt"),
    ("deltagaruppfoljning", "låst.xlsx", ENCRYPTED, "encrypted", "lösenord"),
    ("deltagaruppfoljning", "makro.xlsm", with_macro(workbook()), None, "makro"),
    ("deltagaruppfoljning", "tom.csv", b"", "empty", "tom"),
    ("deltagaruppfoljning", "bara blanka.csv", b"\xef\xbb\xbf\r\n\r\n", "empty", "tom|inga rader"),
    ("deltagaruppfoljning", "webb.csv", HTML, "not_a_table", "webbsida"),
    ("deltagaruppfoljning", "huvudbok.csv", ledger(*LEDGER), None, ""),
    ("deltagaruppfoljning", "bok.se", SIE, "wrong_source", "huvudbok"),
    ("huvudbok", "kontoutdrag.csv", BANK, None, ""),
    ("huvudbok", "bok.sie", SIE5, "sie5", "SIE typ 4"),
    ("huvudbok", "lista.csv", people(*PEOPLE), None, ""),
    ("budget", "lista.csv", people(*PEOPLE), None, ""),
]


@pytest.fixture(scope="module")
def told(run_office: Office, tmp_path_factory: pytest.TempPathFactory):
    """All of them handed over on one later day."""
    office = run_office.copy_to(tmp_path_factory.mktemp("rejected") / "home")
    for source, name, content, _, _ in REJECTED:
        office.put(source, name, content, LATER)
    return office, office.run()


def test_every_unreadable_file_is_rejected_and_the_status_is_3(told):
    _, said = told
    assert said.status == 3
    own = {(d["source"], d["path"].rpartition("/")[2]): d["status"] for d in said.json["deliveries"]}
    assert {key: status for key, status in own.items() if status != "rejected"} == {
        ("deltagaruppfoljning", "deltagare.csv"): "accepted",
        ("huvudbok", "huvudbok.csv"): "accepted",
        ("budget", "budget.csv"): "accepted",
    }
    assert len(own) == len(REJECTED) + 3


@pytest.mark.parametrize(("source", "name", "reason", "words"), [(s, n, r, w) for s, n, _, r, w in REJECTED])
def test_the_reason_says_in_swedish_what_to_do(told, source: str, name: str, reason: str | None, words: str):
    _, said = told
    found = next(d for d in said.json["deliveries"] if (d["source"], d["path"].rpartition("/")[2]) == (source, name))
    assert reason in (None, found["reason"])
    assert found["message"].endswith(".")
    assert any(part.lower() in found["message"].lower() for part in words.split("|"))
    assert any(letter in found["message"] for letter in "åäö"), found["message"]
    assert (found["rows"], found["accepted"], found["quarantined"], found["superseded"]) == (0, 0, 0, 0)


def test_the_good_deliveries_keep_counting(told, run_office: Office):
    office, said = told
    assert all(s["published"] for s in said.json["slices"])
    for mart in ("participants/participant_flow", "economy/income_statement", "economy/intervention_budget"):
        assert office.mart(mart) == run_office.mart(mart)


def test_the_run_tells_a_person_which_file_and_why(told):
    office, _ = told
    said = office.finsam("run")
    assert said.status == 3
    assert "deltagaruppfoljning/2025-09-10/låst.xlsx: Filen är krypterad" in said.out


def test_a_rejected_file_that_is_taken_away_is_settled(office: Office):
    first = office.snapshot().id
    lost = [
        office.put("deltagaruppfoljning", "ny.csv", NO_START, LATER),
        office.put("bokföring", "h.csv", ledger(*LEDGER), LATER),
    ]
    assert office.run().status == 3
    for file in lost:
        file.unlink()
    said = office.run()
    assert (said.status, said.json["snapshot_id"]) == (0, first)
    assert [d["status"] for d in said.json["deliveries"]] == ["accepted", "accepted", "accepted"]


def test_a_row_in_an_unknown_intervention_waits_and_the_others_count(office: Office):
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "8;Bryggan;man;2025-06-09;;"), LATER)
    said = office.run()
    assert (said.status, statuses(said)["ny.csv"]) == (3, "accepted_with_quarantine")
    [item] = office.items()
    assert (item["rule"], item["row"], item["column"], item["status"]) == ("P002", 8, "intervention", "open")
    assert "Bryggan" not in said.out
    assert "Bryggan" not in item["message"]
    assert office.participants("2025H1", "verkstan") == 3
    office.amend("interventions.csv", "Slussen;Slussen;;", "Slussen;Slussen;Bryggan;")
    assert office.run().status == 0
    assert office.items() == []
    assert office.participants("2025H1", "slussen") == 3


def test_every_row_read_is_accepted_quarantined_or_superseded(office: Office):
    rows = (*PEOPLE, "8;Bryggan;man;2025-06-09;;", "9;Verkstan;man;2030-01-01;;")
    office.put("deltagaruppfoljning", "ny.csv", people(*rows), LATER)
    office.put(
        "huvudbok",
        "ny.csv",
        ledger("A3;2025-06-30;6110;;11000,00;", "A3;2025-06-30;1930;;;11000,00", "A4;2025-06-30;1930;;1;"),
        LATER,
    )
    said = office.run()
    for d in said.json["deliveries"]:
        assert d["rows"] == d["accepted"] + d["quarantined"] + d["superseded"], d
    mart = {r["sha256"]: r for r in office.mart("quality/deliveries")}
    assert {
        d["sha256"]: [d[k] for k in ("rows", "accepted", "quarantined", "superseded", "status")] for d in said.json["deliveries"]
    } == {sha: [r[k] for k in ("rows", "accepted", "quarantined", "superseded", "status")] for sha, r in mart.items()}
    counts = {
        (d["source"], d["path"].rpartition("/")[2]): (d["rows"], d["quarantined"], d["superseded"])
        for d in said.json["deliveries"]
    }
    assert counts["deltagaruppfoljning", "deltagare.csv"] == (6, 0, 6)
    assert counts["deltagaruppfoljning", "ny.csv"] == (8, 2, 0)
    assert counts["huvudbok", "huvudbok.csv"] == (8, 0, 2)
    assert counts["huvudbok", "ny.csv"] == (3, 1, 0)
    rules = {(r["source"], r["rule"]): r["failed_rows"] for r in office.mart("quality/rules")}
    assert {(c["source"], c["rule"]): c["failed_rows"] for c in said.json["checks"]} == rules
