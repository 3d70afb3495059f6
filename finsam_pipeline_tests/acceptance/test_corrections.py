"""A steward corrects one faulty row of each source on the command line; the next run counts it as corrected."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from finsam_pipeline_tests.workspaces import Office

CONFIG = {
    "association.yaml": """
id: dalen
name: Samordningsförbundet Dalen
period_kind: half_year
chart_of_accounts: bas
members:
  - {id: stat, name: Staten, share: 0.50}
  - {id: region, name: Regionen, share: 0.50}
""",
    "interventions.csv": """
intervention_id;name;short_name;aliases;orientation;esf;settled;count_basis;starts_on;ends_on;ledger_objects;order
bryggan;Bryggan;;;individual;no;no;interval;2020-01-01;;6:100;1
""",
    "targets.csv": "year;intervention_id;measure;target\n",
    "report_lines.csv": """
valid_from;order;line_id;label;kind;block;sum_of
2020-01-01;1;stat;Staten;line;income;
2020-01-01;2;region;Regionen;line;income;
2020-01-01;3;insatser;Insatser;line;activities;
2020-01-01;4;kansli;Kansli;line;office;
""",
    "line_rules.csv": """
priority;line_id;account_from;account_to;objects;orientation;settled;valid_from;valid_to
1;stat;3985;3985;;;;;
2;region;3989;3989;;;;;
3;insatser;4000;7999;6:100;;;;
4;kansli;4000;7999;;;;;
""",
    "codes/exit_reason.csv": "code;label;aliases;group;order\narbete;Arbete;;;1\n",
}
DELIVERED = {
    "deltagaruppfoljning/lista.csv": """
Löpnummer;Insats;Kön;Startdatum;Slutdatum;Avslutsorsak
1;Bryggan;Kvinna;2025-01-10;2025-03-01;Arbete
2;Bryggan;Qvinna;2025-02-01;;
""",
    "sus_insatser/sus.csv": "Insats;År;Deltagarregistrering;Kvinnor;Män;Totalt\nBryggan;2025;Anonym;2;1;4\n",
    "budget/budget.csv": """
Version;Beslutad;Period;Rad;Projekt;Belopp
Mål;2024-12-01;2025H1;kansli;;600
Mål;2024-12-01;2025H1;insatser;100;5 hundra
""",
    "huvudbok/lista.csv": """
Ver;Datum;Konto;Projekt;Belopp
A1;2025-01-20;3985;;-500
A1;2025-01-20;3989;;-500
A1;2025-01-20;1930;;1000
A2;2025-06-30;5010;;1OO
A2;2025-06-30;1930;;-100
A3;2025-13-01;5010;;7
A3;2025-03-01;1930;;-7
""",
    "huvudbok/lista.se": """
#FLAGGA 0
#SIETYP 4
#RAR 0 20250101 20251231
#VER B 1 20250215
{
#TRANS 50 {6 100} 40.00
#TRANS 1930 {} -40.00
}
""",
}
DECISIONS = {  # rule -> what the steward puts in; a voucher that does not sum follows its corrected row
    ("deltagaruppfoljning", "P003"): "Kön=Kvinna",
    ("sus_insatser", "U001"): "Totalt=3",
    ("budget", "G001"): "amount=500,00",
    ("huvudbok", "L002"): "Belopp=100",
    ("huvudbok", "L003"): "Datum=2025-03-01",
    ("huvudbok", "L004"): "account=5010",
}


pytestmark = pytest.mark.usefixtures("marts_alone")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    for name, text in CONFIG.items():
        write(tmp_path / "config" / "dalen" / name, text)
    for name, text in DELIVERED.items():
        source, file = name.split("/")
        write(tmp_path / "landing" / "dalen" / source / "2025-07-01" / file, text)
    return Office(tmp_path)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.lstrip("\n"), encoding="utf-8")


def test_a_corrected_row_of_every_kind_is_clean_in_the_next_run(office: Office):
    assert office.run().status == 3
    by_rule = {(item["source"], item["rule"]): item for item in office.items() if item["rule"] != "L001"}
    assert by_rule.keys() == DECISIONS.keys()
    for key, value in DECISIONS.items():
        said = office.decide(by_rule[key], "correct", "--set", value)
        assert said.status == 0, said.err
    again = office.run()
    assert again.status == 0, again.err
    assert [d["quarantined"] for d in again.json["deliveries"]] == [0] * len(DELIVERED)
    assert office.items() == []
    assert figures(office) == {
        "women": 2,
        "anonymous": 3,
        "kansli": (Decimal("107.00"), Decimal("600.00")),
        "insatser": (Decimal("40.00"), Decimal("500.00")),
        "intervention": (Decimal("40.00"), Decimal("500.00")),
    }


def figures(office: Office) -> dict[str, object]:
    snapshot = office.snapshot()
    half = [row for row in snapshot.table("participants/participant_flow").to_pylist() if row["period"] == "2025H1"]
    lines = snapshot.table("economy/income_statement").to_pylist()
    found = {row["line_id"]: (row["outcome_kr"], row["budget_kr"]) for row in lines if row["period"] == "2025H1"}
    by_intervention = snapshot.table("economy/intervention_budget").to_pylist()
    (own,) = (row for row in by_intervention if (row["period"], row["intervention_id"]) == ("2025H1", "bryggan"))
    return {
        "women": next(row["participants"] for row in half if row["gender"] == "woman"),
        "anonymous": next(row["participants"] for row in half if row["gender"] == "anonymous"),
        "kansli": found["kansli"],
        "insatser": found["insatser"],
        "intervention": (own["outcome_kr"], own["budget_kr"]),
    }
