"""The stewards' work from the command line: listed, decided, applied by the next run, asked again when the row changes (interface 6)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from finsam_pipeline_tests.prepared import marts_alone
from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Office, people

pytestmark = pytest.mark.usefixtures("states_alone")
# 1 of each: no gender, a start after the day of delivery, an unknown reason.
FAULTY = (
    "11;Verkstan;;2025-05-01;;",
    "12;Verkstan;man;2025-12-24;;",
    "13;Verkstan;kvinna;2025-04-01;2025-05-01;Rymden",
)


@pytest.fixture(scope="module")
def waiting(run_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three rows wait for a decision; not to be changed."""
    office = run_office.copy_to(tmp_path_factory.mktemp("review") / "home")
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, *FAULTY), LATER)
    with marts_alone(tested=False):
        assert office.run().status == 3
    return office


@pytest.fixture
def desk(waiting: Office, tmp_path: Path) -> Office:
    return waiting.copy_to(tmp_path / "home")


def by_rule(office: Office, *words: str) -> dict[str, dict[str, Any]]:
    return {item["rule"]: item for item in office.items(*words)}


def test_open_findings_are_listed_without_any_value(desk: Office):
    items = by_rule(desk)
    assert {rule: (i["row"], i["severity"], i["status"]) for rule, i in items.items()} == {
        "P003": (8, "E", "open"),
        "P010": (9, "E", "open"),
        "P008": (10, "E", "open"),
    }
    shown = desk.finsam("review", "list")
    assert shown.status == 0
    assert all(i["id"] in shown.out for i in items.values())
    assert "Rymden" not in shown.out + str(items)


def test_decisions_make_the_next_run_clean_and_belong_to_the_row(desk: Office):
    items = by_rule(desk)
    assert desk.decide(items["P003"], "correct", "--set", "Kön=kvinna").status == 0
    assert desk.decide(items["P010"], "drop").status == 0
    assert desk.decide(items["P008"], "correct", "--set", "Avslutsorsak=Arbete").status == 0
    said = desk.run()
    assert said.status == 0
    assert desk.items() == []
    assert desk.participants("2025H1", "verkstan") == 5  # three from before, two mended; the dropped one never
    own = next(d for d in said.json["deliveries"] if d["path"].endswith("ny.csv"))
    assert (own["rows"], own["accepted"], own["quarantined"]) == (9, 8, 1)

    changed = (FAULTY[0].replace("2025-05-01", "2025-05-02"), *FAULTY[1:])
    desk.put("deltagaruppfoljning", "nyast.csv", people(*PEOPLE, *changed), "2025-10-10")
    again = desk.run()
    assert again.status == 3
    assert [(i["rule"], i["row"]) for i in desk.items()] == [("P003", 8)]  # the row that changed, and no other


def test_a_decision_is_listed_where_its_row_stands_and_not_when_it_stands_nowhere(desk: Office):
    items = by_rule(desk)
    assert desk.decide(items["P003"], "correct", "--set", "gender=kvinna").status == 0
    assert desk.decide(items["P010"], "drop").status == 0
    assert desk.decide(items["P008"], "correct", "--set", "exit_reason=Arbete").status == 0
    desk.put("deltagaruppfoljning", "flyttad.csv", people(*FAULTY, *PEOPLE), "2025-10-10")
    assert desk.run().status == 0
    moved = by_rule(desk, "--all")
    assert {rule: (Path(i["path"]).name, i["row"], i["id"]) for rule, i in moved.items()} == {
        rule: ("flyttad.csv", n, items[rule]["id"]) for n, rule in enumerate(("P003", "P010", "P008"), 2)
    }
    desk.put("deltagaruppfoljning", "utan.csv", people(*PEOPLE), "2025-11-10")
    assert desk.run().status == 0
    assert desk.items("--all") == []
    desk.put("deltagaruppfoljning", "åter.csv", people(*PEOPLE, FAULTY[1]), "2025-12-10")
    assert desk.run().status == 0
    assert {rule: i["status"] for rule, i in by_rule(desk, "--all").items()} == {"P010": "decided"}


def test_columns_are_named_as_the_sources_page_names_them(desk: Office):
    desk.put("deltagaruppfoljning", "okänd.csv", people("21;Okänd;man;2025-05-01;;", ";Slussen;man;2025-05-01;;"), LATER)
    assert desk.run().status == 3
    items = by_rule(desk)
    assert (items["P001"]["column"], items["P002"]["column"]) == ("participant_no", "intervention")
    for rule, answer in (("P001", "participant_no=21"), ("P002", "intervention=Slussen")):
        assert desk.decide(items[rule], "correct", "--set", answer).status == 0
    assert desk.run().status == 3
    assert {"P001", "P002"}.isdisjoint(by_rule(desk))
    decided = by_rule(desk, "--all")
    assert {decided[r]["decision"]["column"] for r in ("P001", "P002")} == {"participant_no", "intervention"}


def test_an_accepted_row_counts_until_its_day_has_passed(desk: Office):
    items = by_rule(desk)
    for rule in ("P003", "P008"):
        desk.decide(items[rule], "drop")
    # The clock of a figure is the data's newest day, 10 September; the decision is made before it and holds to the 30th.
    desk.decide_on("2025-09-10", items["P010"], "accept", expires_on=dt.date(2025, 9, 30))
    assert desk.run().status == 0
    assert desk.participants("2025H2", "verkstan") == 2
    desk.put(
        "aktiviteter",
        "a.csv",
        "Datum;Aktivitet;Typ;Antal deltagare;Arrangör\n2025-09-01;Dag;Konferens;9;\n".encode(),
        "2025-10-10",
    )
    assert desk.run().status == 3
    assert list(by_rule(desk)) == ["P010"]


def test_a_decision_that_contradicts_another_or_names_nothing_is_refused(desk: Office):
    item = by_rule(desk)["P003"]
    assert desk.decide(item, "correct", "--set", "Kön=kvinna").status == 0
    for words in (("correct", "--set", "Kön=man"), ("drop",)):
        refused = desk.decide(item, *words)
        assert refused.status == 2
        assert "Ta tillbaka" in refused.err
    assert desk.decide({"id": "0" * 16}, "drop").status == 2
    assert desk.decide(item, "correct", "--set", "Skostorlek=43").status == 2
    assert desk.decide(item, "förkasta").status == 2
    told = desk.finsam("review", "decide", "0" * 16, "--decision", "drop", "--by", "Ada", "--reason", "x", "--json")
    assert (told.status, told.json["exit_status"], told.json["error"]) == (2, 2, "usage")


def entries(office: Office) -> int:
    """How long the audit log is."""
    count: int = office.finsam("status", "--json").json["audit"]["entries"]
    return count


def fill_in(workbook: Path) -> None:
    """Decide every row of an exported workbook: never count it."""
    book = openpyxl.load_workbook(workbook)
    for sheet in book.worksheets:
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            if "Post-id" in columns and sheet.cell(row, columns["Post-id"]).value:
                for title, value in (("Beslut", "stryk"), ("Vem", "Ada"), ("Skäl", "dubblett")):
                    sheet.cell(row, columns[title]).value = value
    book.save(workbook)


@pytest.mark.parametrize("way", ["import", "landing"])
def test_a_workbook_goes_out_with_values_and_comes_back_with_decisions(desk: Office, tmp_path: Path, way: str):
    workbook, before = tmp_path / "granskning.xlsx", entries(desk)
    assert desk.finsam("review", "export", workbook).status == 0
    assert workbook.stat().st_mode & 0o077 == 0
    cells = {str(c.value) for s in openpyxl.load_workbook(workbook).worksheets for r in s.iter_rows() for c in r}
    assert "2025-12-24" in " ".join(cells)
    fill_in(workbook)
    if way == "import":
        told = desk.finsam("review", "import", workbook)
        assert told.status == 0, told.err
        assert desk.finsam("review", "import", workbook).status == 0  # the same once more changes nothing
    else:
        desk.put("beslut", "svar.xlsx", workbook.read_bytes(), None)
    said = desk.run()
    assert said.status == 0
    assert desk.participants("2025H1", "verkstan") == 3
    assert {i["status"] for i in desk.items("--all") if i["severity"] == "E"} == {"decided"}
    desk.run()
    assert entries(desk) == before + 5  # three decisions, out and in; each once


def test_a_workbook_that_cannot_be_written_is_told_and_not_logged(desk: Office, tmp_path: Path):
    before = entries(desk)
    (tmp_path / "fil").write_text("")
    for place, why in (("fil/ut.xlsx", "ingen sådan mapp"), ("mapp.xlsx", "det är en mapp")):
        (tmp_path / "mapp.xlsx").mkdir(exist_ok=True)
        told = desk.finsam("review", "export", tmp_path / place)
        assert told.status == 2
        assert why in told.err
    assert entries(desk) == before


def test_a_workbook_that_cannot_be_taken_in_is_told(desk: Office):
    desk.put("beslut", "svar.xlsx", b"inget paket", None)
    said = desk.run()
    assert said.status == 3
    lost = [d for d in said.json["deliveries"] if d["source"] == "beslut"]
    assert [(d["status"], bool(d["message"])) for d in lost] == [("rejected", True)]


def test_the_audit_log_holds_every_decision_and_export(desk: Office, tmp_path: Path):
    assert entries(desk) == 1  # the run that found something left its workbook in the vault
    assert desk.finsam("review", "export", tmp_path / "ut.xlsx").status == 0
    desk.decide(by_rule(desk)["P003"], "drop")
    status = desk.finsam("status", "--json").json
    assert status["audit"] == {"entries": 3, "broken_at": None}
    assert status["open_items"] == {"dalen": 2}
