"""Rules on what the models make: what strikes in a workspace, where it is placed and what it is said to be about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from finsam_pipeline_tests.workspaces import LATER, budget, csv_text, ledger, people

if TYPE_CHECKING:
    from finsam_pipeline_tests.workspaces import Answer, Office

pytestmark = pytest.mark.usefixtures("marts_alone")
SUS = "Deltagar-ID;Insats;Kön;Inregistreringsdatum;Utregistreringsdatum"
COUNTS = "Insats;Från;Till;Kvinnor;Män;Totalt"


def struck(answer: Answer, rule: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Source → rows that fail the rule and what they are about, where it struck. Own rules never change the status."""
    found: list[dict[str, Any]] = [c for c in answer.json["checks"] if c["rule"] == rule]
    assert found
    assert not any(c["errored"] for c in found)
    return {c["source"]: (c["failed_rows"], tuple(c["about"])) for c in found if not c["passed"]}


def test_the_good_files_break_none_of_them(run_office: Office) -> None:
    checks = run_office.mart("quality/rules")
    own = {c["rule"]: c["failed_rows"] for c in checks if c["rule"] in ("P016", "P017", "G002", "G003", "U002", "L010")}
    assert own == dict.fromkeys(own, 0)
    assert len(own) == 6


def test_more_ended_than_took_part_is_said_of_the_source_that_is_counted(office: Office) -> None:
    office.put(
        "deltagaruppfoljning",
        "fler.csv",
        people("9;Slussen;man;2024-03-01;2025-02-01;Arbete", "8;Slussen;man;2024-03-02;2025-02-02;Arbete"),
    )
    answer = office.run()
    assert answer.status == 0
    assert struck(answer, "P016") == {"deltagaruppfoljning": (2, ("Slussen 2025, män", "Slussen 2025H1, män"))}
    assert struck(answer, "P017") == {}


def test_a_change_of_system_breaks_the_flow_between_periods(office: Office) -> None:
    """Verkstan has one woman left at the turn of the year; the source that takes over does not know her."""
    office.amend(
        "association.yaml",
        "period_kind: half_year\n",
        "period_kind: half_year\ncounts_from: [sus_deltagare, deltagaruppfoljning]\n",
    )
    office.put("sus_deltagare", "sus.csv", csv_text(SUS, "A1;Verkstan;man;2025-02-01;"))
    answer = office.run()
    assert answer.status == 0
    assert struck(answer, "P017") == {"sus_deltagare": (2, ("Verkstan 2025, kvinnor", "Verkstan 2025H1, kvinnor"))}


def test_u002_stands_at_the_reported_row(office: Office) -> None:
    reported = office.put("uppfoljning_finsam", "uf.csv", csv_text(COUNTS, "Verkstan;2025-01-01;2025-06-30;2;4;6"))
    answer = office.run()
    assert answer.status == 0
    assert struck(answer, "U002") == {"uppfoljning_finsam": (2, ("Verkstan 2025H1, män", "Verkstan 2025H1, totalt"))}
    places = {(i["path"], i["row"], i["column"]) for i in office.items("--all") if i["rule"] == "U002"}
    path = reported.relative_to(office.home).as_posix()
    assert places == {(path, 2, "men"), (path, 2, "total")}


def test_outcome_and_budget_under_different_interventions(office: Office) -> None:
    office.put("huvudbok", "slussen.csv", ledger("A9;2025-04-01;5010;12;700,00;", "A9;2025-04-01;1930;;;700,00"))
    office.put("budget", "budget.csv", budget("B25;2024-12-01;2025;insatser;11;120000", "B25;2024-12-01;2025;insatser;21;500"))
    answer = office.run()
    assert answer.status == 0
    assert struck(answer, "G002") == {"budget": (2, ("Nätverket 2025H1", "Slussen 2025H1"))}


def test_tables_that_follow_budgets_of_different_sums(office: Office) -> None:
    office.put("budget", "andra.csv", budget("C25;2025-02-01;2025;insatser;11;122001", "C25;2025-02-01;2025;kansli;;1"))
    office.amend(
        "association.yaml",
        "chart_of_accounts: bas\n",
        "chart_of_accounts: bas\nbudget_versions: {2025H1: {income_statement: B25, intervention_budget: C25}}\n",
    )
    answer = office.run()
    assert answer.status == 0
    assert struck(answer, "G003") == {
        "budget": (1, ("B25 och C25, 2025H1",))
    }  # 60 000.00 and 61 000.50; the office is not compared


def test_a_personnummer_in_a_voucher_text_holds_the_voucher_and_a_steward_can_let_it_pass(office: Office) -> None:
    head = "Ver;Datum;Konto;Projekt;Text;Debet;Kredit"
    rows = ("P1;2025-04-01;6110;;Taxi 19121212-1212;90,00;", "P1;2025-04-01;1930;;;;90,00")
    office.put("huvudbok", "taxi.csv", csv_text(head, *rows), LATER)
    assert office.run().status == 3
    items = {i["rule"]: i for i in office.items()}
    assert {rule: (i["row"], i["column"]) for rule, i in items.items()} == {"P012": (2, "text"), "L001": (3, "amount")}
    assert office.decide(items["P012"], "accept").status == 0
    assert office.run().status == 0
    accepted = pq.read_table(office.home / "vault" / "work" / office.association / "accepted" / "huvudbok.parquet")
    assert b"19121212" not in str(accepted.to_pylist()).encode()
    assert office.items() == []


def test_a_personnummer_in_a_sie_text_is_found_too(office: Office) -> None:
    lines = (
        "#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", "#RAR 0 20250101 20251231", '#VER S 1 20250303 "Taxi 19121212-1212"', "{",
        "#TRANS 6110 {} 7.00", "#TRANS 1930 {} -7.00", "}",
    )  # fmt: skip
    office.put("huvudbok", "taxi.se", "\r\n".join((*lines, "")).encode("cp437"), LATER)
    assert office.run().status == 3
    assert {(i["rule"], i["row"], i["column"]) for i in office.items()} == {("P012", 7, "text"), ("P012", 8, "text")}
