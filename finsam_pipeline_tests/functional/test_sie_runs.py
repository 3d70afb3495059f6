"""SIE files on the whole way: ledger and budget of one export, what the reader remarks, what a user is told."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from finsam_pipeline_tests.workspaces import PEOPLE, PEOPLE_HEADER, Answer, Office, csv_text

pytestmark = pytest.mark.usefixtures("marts_alone")
DAY = "2025-07-10"
HEAD = """#FLAGGA 0
#PROGRAM "Ekonomi" 1
#FORMAT PC8
#GEN 20250710
#SIETYP 4
#FNAMN "Förbundet"
#RAR 0 20250101 20251231
#RAR -1 20240101 20241231
"""
VOUCHERS = """#VER A 1 20250115 "Bidrag"
{
#TRANS 1930 {} 400000.00
#TRANS 3911 {} -400000.00
}
#VER A 2 20250331 "Hyra"
{
#BTRANS 5010 {6 11} 50000.00 20250402 "" 0 ada
#RTRANS 5010 {6 11} 50000.50 20250402 "" 0 ada
#TRANS 5010 {6 11} 50000.50 20250331
#TRANS 1930 {} -50000.50
}
#VER A 3 20250630 "Kontor"
{
#TRANS 6110 {} 10000.00 20250701
#TRANS 1930 {} -10000.00
}
"""
BUDGET = "".join(
    f"#PBUDGET 0 2025{month:02} 3911 {{}} -30000.00\n"
    f"#PBUDGET 0 2025{month:02} 5010 {{}} 12000.00\n"
    f'#PBUDGET 0 2025{month:02} 5010 {{"6" "11"}} 10000.00\n'
    f'#PBUDGET 0 2025{month:02} 5010 {{"1" "910"}} 12000.00\n'
    f"#PBUDGET 0 2025{month:02} 1930 {{}} 1.00\n"
    f"#PBUDGET -2 2023{month:02} 5010 {{}} 9.00\n"
    for month in range(1, 13)
)


@pytest.fixture
def empty(tmp_path: Path) -> Office:
    return Office.start(tmp_path / "home")


def sie(*parts: str) -> bytes:
    return "".join(parts).replace("\n", "\r\n").encode("cp437")


def test_one_export_in_both_folders_gives_outcome_and_budget(empty: Office):
    for source in ("huvudbok", "budget"):
        empty.put(source, "bok.se", sie(HEAD, VOUCHERS, BUDGET), DAY)
    said = empty.run()
    assert said.status == 0, said.out + said.err
    ledger, budget = (delivery(said, source) for source in ("huvudbok", "budget"))
    assert (ledger["rows"], ledger["accepted"], ledger["not_data"]) == (6, 6, {"history": 2})
    assert (budget["rows"], budget["accepted"]) == (36, 36)
    assert budget["not_data"] == {"balance_budget": 12, "other_year": 12, "part": 12}
    assert budget["rows"] + sum(budget["not_data"].values()) == BUDGET.count("#PBUDGET")
    lines = {
        row["line_id"]: (row["outcome_kr"], row["budget_kr"]) for row in empty.mart("economy/income_statement", period="2025H1")
    }
    assert {name: lines[name] for name in ("staten", "insatser", "kansli")} == {
        "staten": (Decimal(400000), Decimal(180000)),
        "insatser": (Decimal("50000.50"), Decimal(60000)),
        "kansli": (Decimal(0), Decimal(12000)),
    }
    (own,) = empty.mart("economy/intervention_budget", period="2025H1", intervention_id="verkstan")
    assert (own["outcome_kr"], own["budget_kr"]) == (Decimal("50000.50"), Decimal(60000))


def test_remarks_and_drift_are_told_by_run_and_check(empty: Office):
    book = sie(HEAD, VOUCHERS, BUDGET)
    empty.put("huvudbok", "bok.se", book, DAY)
    empty.put("deltagaruppfoljning", "lista.csv", csv_text(f"{PEOPLE_HEADER};Skor", *(f"{row};42" for row in PEOPLE)), DAY)
    said = empty.run()
    assert {r["code"]: (r["count"], r["rows"]) for r in delivery(said, "huvudbok")["remarks"]} == {
        "budget_elsewhere": (1, [26]),
        "row_in_other_month": (1, [23]),
    }
    assert delivery(said, "deltagaruppfoljning")["drift"] == ["Skor"]
    for_people = empty.finsam("run").out.replace("\n", " ")
    assert "rad med datum i en annan månad än verifikationens (1)" in for_people
    assert "okända kolumner, inte lagrade: Skor" in for_people
    words = ("check", empty.home / "landing/dalen/huvudbok" / DAY / "bok.se", "--association", "dalen", "--source", "huvudbok")
    told = empty.finsam(*words, "--json").json
    assert told["remarks"] == delivery(said, "huvudbok")["remarks"]
    assert told["not_data"] == {"history": 2}
    assert all(remark["message"] for remark in told["remarks"])
    assert "rad med datum i en annan månad" in empty.finsam(*words).out
    words = ("check", empty.home / "landing/dalen/deltagaruppfoljning" / DAY / "lista.csv", "--association", "dalen")
    assert "Okända kolumner, inte lagrade: Skor" in empty.finsam(*words, "--source", "deltagaruppfoljning").out


@pytest.mark.parametrize(
    ("source", "content", "status", "told"),
    [
        ("huvudbok", sie(HEAD, "#IB 0 1930 10.00\n#UB 0 1930 10.00\n"), 0, "inga verifikationer"),
        ("huvudbok", sie("#FLAGGA 0\n#SIETYP 4\n#FNAMN x\n", re.sub(r"A [12]", '"" ""', VOUCHERS)), 0, "6 rader, 6 godkända"),
        ("huvudbok", sie(HEAD, VOUCHERS)[:-3], 3, "slutar mitt i en verifikation"),
        ("huvudbok", b'<?xml version="1.0"?>\n<SieEntry xmlns="http://www.sie.se/sie5"/>', 3, "Filen är SIE 5"),
        ("budget", sie(HEAD, VOUCHERS), 3, "ingen budget (#PBUDGET)"),
        ("budget", sie(HEAD, BUDGET), 0, "36 rader, 36 godkända"),
        ("deltagaruppfoljning", sie(HEAD, VOUCHERS), 3, "hör hemma i mappen huvudbok"),
    ],
    ids=["balances only", "4I without numbers", "cut off", "SIE 5", "no budget", "budget", "wrong folder"],
)  # fmt: skip
def test_check_says_what_a_file_is_worth(run_office: Office, tmp_path: Path, source: str, content: bytes, status: int, told: str):
    (tmp_path / "bok.se").write_bytes(content)
    said = run_office.finsam("check", tmp_path / "bok.se", "--association", "dalen", "--source", source)
    assert (said.status, told in said.out.replace("\n", " ")) == (status, True), said.out


def test_a_correction_is_for_one_row_of_one_file_among_its_like(empty: Office):
    same = "7;Verkstan;Qvinna;2025-02-01;;"
    empty.put("deltagaruppfoljning", "a.csv", csv_text(PEOPLE_HEADER, PEOPLE[0], same), DAY)
    empty.put("deltagaruppfoljning", "b.csv", csv_text(PEOPLE_HEADER, PEOPLE[1], same), DAY)
    assert empty.run().status == 3
    second = next(item for item in empty.items() if item["path"].endswith("b.csv"))
    assert empty.decide(second, "correct", "--set", "Kön=Kvinna").status == 0
    assert held(empty.run()) == {"a.csv": 1, "b.csv": 0}
    assert empty.participants("2025H1", "verkstan") == 3
    (first,) = empty.items()
    assert empty.decide(first, "correct", "--set", "Löpnummer=8").status == 0
    assert held(empty.run()) == {"a.csv": 1, "b.csv": 0}  # its gender is still wrong: the other row's correction is not its own
    assert empty.decide(first, "correct", "--set", "Kön=Man").status == 0
    said = empty.run()
    assert (said.status, held(said)) == (0, {"a.csv": 0, "b.csv": 0})
    assert empty.participants("2025H1", "verkstan") == 4


def delivery(said: Answer, source: str) -> dict:
    return next(d for d in said.json["deliveries"] if d["source"] == source)


def held(said: Answer) -> dict[str, int]:
    return {d["path"].rpartition("/")[2]: d["quarantined"] for d in said.json["deliveries"]}
