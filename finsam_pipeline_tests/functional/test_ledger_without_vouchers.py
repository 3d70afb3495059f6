"""A ledger file that holds balances only gives no outcome, and the run says so (L011), unless another file has the year's vouchers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline_tests.workspaces import DAY, LATER, Answer, Office

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("marts_alone")
HEAD = "Serie;Vernr;Datum;Konto;Projekt;Text;Debet;Kredit"


def type_one(year: int, *records: str) -> bytes:
    """A SIE file of type 1: year balances."""
    head = ("#FLAGGA 0", "#FORMAT PC8", "#SIETYP 1", '#PROGRAM "x" 1', '#FNAMN "x"', f"#RAR 0 {year}0101 {year}1231")
    return "\r\n".join((*head, *records, "")).encode("cp437")


BALANCES = ("#IB 0 1930 100.00", "#IB 0 2010 -100.00", "#UB 0 1930 80.00", "#UB 0 2010 -100.00", "#RES 0 5010 20.00")
OPENINGS = b"Konto;Text;Datum;Belopp\n1930;Ing\xc3\xa5ende balans;2024-01-01;5,00\n2010;Ing\xc3\xa5ende balans;2024-01-01;-5,00\n"


def l011(answer: Answer) -> dict[str, Any]:
    (check,) = (c for c in answer.json["checks"] if c["name"].endswith("L011"))
    return check


@pytest.mark.parametrize(
    "file", [("a.se", type_one(2024, *BALANCES)), ("b.se", type_one(2024)), ("c.csv", OPENINGS)], ids=["balances", "bare", "list"]
)
def test_a_year_of_balances_only_is_told_and_holds_nothing(office: Office, file: tuple[str, bytes]) -> None:
    assert l011(office.run())["passed"]
    name, data = file
    office.put("huvudbok", name, data)
    answer = office.run()
    assert (answer.status, answer.json["published"]) == (0, True), answer.err
    found = l011(answer)
    assert (found["passed"], found["severity"], found["failed_rows"]) == (False, "W", 1)
    (item,) = (i for i in office.items("--all") if i["rule"] == "L011")
    assert (item["path"].rpartition("/")[2], item["row"]) == (name, None)
    assert "räkenskapsår 2024" in item["message"]
    rules = {(r["source"], r["rule"]): r["failed_rows"] for r in office.mart("quality/rules")}
    assert rules["huvudbok", "L011"] == 1


def test_balances_beside_the_vouchers_of_the_year_are_in_order(office: Office) -> None:
    office.put("huvudbok", "balanser.se", type_one(2025, "#IB 0 1930 100.00", "#IB 0 2010 -100.00"))
    assert l011(office.run())["passed"]


def test_the_ledger_that_comes_later_settles_it(office: Office) -> None:
    office.put("huvudbok", "balanser.se", type_one(2024, *BALANCES))
    assert not l011(office.run())["passed"]
    rows = "V;1;2024-03-01;5010;;hyra;20,00;\nV;1;2024-03-01;1930;;hyra;;20,00\n"
    office.put("huvudbok", "huvudbok-2024.csv", f"{HEAD}\n{rows}".encode(), LATER)
    assert l011(office.run())["passed"]


def test_balances_that_a_later_file_replaced_say_nothing(tmp_path: Path) -> None:
    office = Office.start(tmp_path / "home")
    office.put("huvudbok", "tidigare.se", type_one(2024, *BALANCES), DAY)
    office.put("huvudbok", "senare.se", type_one(2024, *BALANCES, "#IB 0 1510 0.00"), LATER)
    found = l011(office.run())
    assert found["failed_rows"] == 1
