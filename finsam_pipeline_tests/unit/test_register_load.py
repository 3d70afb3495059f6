"""What the loader takes, what it refuses, and that it says where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from finsam_pipeline.register import ConfigurationErrors, list_associations, load_register, write_template
from finsam_pipeline.register.load import MEASURES

INTERVENTIONS = """\
intervention_id;name;short_name;aliases;orientation;esf;settled;count_basis;starts_on;ends_on;ledger_objects;order
norr;Gruppen i norr;Norr;Nord|N-gruppen;individual;yes;no;event;2020-01-01;2024-12-31;06:77|1:5;2
syd;Dialoger;;;structural;;;;;;;1
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = write_template(tmp_path / "config", "prov")
    (folder / "interventions.csv").write_text(INTERVENTIONS, encoding="utf-8")
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def append(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def faults(folder: Path) -> list[tuple[str, int | None, str]]:
    with pytest.raises(ConfigurationErrors) as caught:
        load_register(folder)
    return [(e.file.removeprefix("config/prov/"), e.line, e.message_sv) for e in caught.value.errors]


def test_cells_become_typed_values(config: Path) -> None:
    register = load_register(config)
    dialogues, group = register.interventions  # in order of their column, not of the file
    assert (group.aliases, group.ledger_objects, group.esf, group.settled) == (
        ("Nord", "N-gruppen"),
        ("6:77", "1:5"),
        True,
        False,
    )
    assert (group.starts_on, group.ends_on, group.count_basis) == (dt.date(2020, 1, 1), dt.date(2024, 12, 31), "event")
    assert (dialogues.short_name, dialogues.count_basis, dialogues.starts_on) == ("Dialoger", "interval", None)
    assert [m.share for m in register.members] == [Decimal("0.50"), Decimal("0.25"), Decimal("0.25")]
    result = next(line for line in register.report_lines if line.kind == "result")
    assert result.sum_of == ((1, "intakter"), (-1, "kostnader"))
    assert register.counts_from == ("deltagaruppfoljning", "sus_deltagare")
    assert register.coverage == {}


def test_rules_stand_in_order_of_priority(config: Path) -> None:
    append(config, "line_rules.csv", "5;fk;39;39;22:FK|22:AF;;yes;2020-01-01;2020-12-31")
    first = load_register(config).line_rules[0]
    assert (first.priority, first.objects, first.settled, first.valid_to) == (5, ("22:FK", "22:AF"), True, dt.date(2020, 12, 31))


def test_byte_order_mark_windows_line_ends_and_trailing_semicolons_are_taken(config: Path) -> None:
    before = load_register(config).interventions
    lines = [line + ";;" for line in INTERVENTIONS.splitlines()]
    (config / "interventions.csv").write_bytes(("\r\n".join([*lines, ";;;", ""])).encode("utf-8-sig"))
    assert load_register(config).interventions == before


def test_label_may_hold_commas_and_quoted_semicolons(config: Path) -> None:
    change(config, "report_lines.csv", ";Personal;", ';"Löner; avgifter, pension m.m";')
    labels = {line.line_id: line.label for line in load_register(config).report_lines}
    assert labels["personal"] == "Löner; avgifter, pension m.m"


def test_fingerprint_follows_content_and_not_place(config: Path, tmp_path: Path) -> None:
    before = load_register(config).fingerprint
    moved = tmp_path / "elsewhere" / "prov"
    moved.parent.mkdir()
    config.rename(moved)
    (moved / "anteckningar.txt").write_text("läses inte")
    assert load_register(moved).fingerprint == before
    append(moved, "targets.csv", "2024;norr;started;12")
    assert load_register(moved).fingerprint != before


def test_settings_pass_through_as_yaml_gives_them(config: Path) -> None:
    append(
        config,
        "association.yaml",
        "report:\n  periods: {2025H1: {diary_number: 0017}}\nbudget_versions:\n  2024: {income_statement: 001}",
    )
    register = load_register(config)
    assert register.settings == {"report": {"periods": {"2025H1": {"diary_number": "0017"}}}}  # as written, not octal
    assert register.budget_versions == {"2024": {"income_statement": "001"}}


def test_layout_has_a_default(config: Path) -> None:
    text = (config / "association.yaml").read_text(encoding="utf-8")
    start, end = text.index("report_layouts:"), text.index("# Vilken budgetversion")
    (config / "association.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    (layout,) = load_register(config).report_layouts
    assert (layout.income_statement.unit, layout.intervention_budget.unit) == ("tkr", "kr")
    assert layout.income_statement.columns == ("outcome", "budget", "difference")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "said"),
    [
        ("interventions.csv", "norr;", ";", 2, "intervention_id är tom"),
        ("interventions.csv", "syd;Dialoger", "norr;Dialoger", 3, "”norr” finns redan på rad 2"),
        ("interventions.csv", "syd;Dialoger;;", "syd;Dialoger;;n-GRUPPEN", 3, "”n-GRUPPEN” används redan av ”norr” på rad 2"),
        ("interventions.csv", "structural;;;;;;;1", "structural;;;;;;6:77;1", 3, "”6:77” används redan av ”norr”"),
        ("interventions.csv", "structural", "båda", 3, "individual eller structural"),
        ("interventions.csv", "yes;no;event", "kanske;no;event", 2, "esf ska vara yes eller no"),
        ("interventions.csv", ";event;", ";varje;", 2, "count_basis"),
        ("interventions.csv", "2020-01-01", "2020-02-30", 2, "ÅÅÅÅ-MM-DD"),
        ("interventions.csv", "2024-12-31", "2019-12-31", 2, "ends_on ligger före starts_on"),
        ("interventions.csv", "06:77", "77", 2, "dimension:objekt"),
        ("interventions.csv", ";;;;;;;1", ";;;;;;;först", 3, "order ska vara ett heltal"),
        ("interventions.csv", ";;;;;;;1", ";;;;;;;1;mer", 3, "fler värden än rubriker"),
        ("interventions.csv", "short_name", "kortnamn", 1, "okänd kolumn kortnamn"),
        ("interventions.csv", "orientation;", "", 1, "saknar kolumnen orientation"),
        ("report_lines.csv", "fk|region|kommun", "fk|region|stad", 7, "”stad” som inte finns"),
        ("report_lines.csv", "insatser|kansli", "insatser|kostnader", 15, "sum_of leder tillbaka"),
        ("report_lines.csv", "individinsatser|strukturinsatser", "kostnader|strukturinsatser", 11, "sum_of leder tillbaka"),
        ("report_lines.csv", "subtotal;office;personal|ovrigt_kansli", "subtotal;office;", 14, "behöver sum_of"),
        ("report_lines.csv", "fk|region|kommun", "rubrik_intakter|region|kommun", 7, "en rubrik har inget belopp"),
        ("report_lines.csv", "90;strukturinsatser", "90;individinsatser", 10, "finns redan på rad 9"),
        ("report_lines.csv", "resultat;Periodens resultat;result", "resultat;Periodens resultat;summa", 16, "kolumnen kind"),
        ("report_lines.csv", "Personal;line;office", "Personal;line;", 12, "block är tom"),
        ("report_lines.csv", "2020-01-01;20;fk", ";20;fk", 3, "valid_from är tom"),
        ("line_rules.csv", "30;fk", "30;fkk", 4, "”fkk” finns inte i report_lines.csv"),
        ("line_rules.csv", "30;fk", "30;intakter", 4, "line eller memo"),
        ("line_rules.csv", "10;individinsatser;4;7", "10;individinsatser;7;4", 2, "större än account_to"),
        ("line_rules.csv", "70;76", "70x;76", 8, "1–6 siffror"),
        ("line_rules.csv", "10;individ", "hög;individ", 2, "priority ska vara ett heltal"),
        ("codes/education.csv", "grundskola;Grundskola", "gymnasium;Grundskola", 4, "code ”gymnasium” finns redan på rad 3"),
        ("codes/education.csv", "Gymnasieutbildning", "GRUNDSKOLA ", 4, "benämningen ”GRUNDSKOLA” används redan"),
        ("codes/exit_reason.csv", "avbrott;", "uppgift_saknas;", 9, "välj en annan kod"),
        ("association.yaml", "period_kind: half_year ", "period_kind: veckovis ", 8, "'quarter' eller 'year'"),
        ("association.yaml", "chart_of_accounts: bas", "kontoplan: bas", 9, "kontoplan: okänd nyckel"),
        ("association.yaml", "share: 0.50", "share: 0.40", 13, "summerar till 0.90"),
        ("association.yaml", "share: 0.50", "share: hälften", 14, "ett tal med decimalpunkt"),
        ("association.yaml", "id: fk", "id: sjuk", 14, "ingen rad (kind line)"),
        ("association.yaml", "id: region", "id: fk", 15, "står två gånger"),
        ("association.yaml", "id: prov", "id: annan", 4, "mappen heter ”prov”"),
        (
            "association.yaml",
            "[outcome, budget, difference], difference: outcome_minus_budget, unit: tkr",
            "[outcome, outcome]",
            21,
            "en gång",
        ),
        ("association.yaml", "\n# Vilken budget", "  - valid_from: 2020-01-01\n# Vilken budget", 23, "samma dag"),
        ("association.yaml", "valid_from: 2020-01-01", "valid_from: i fjol", 20, "ÅÅÅÅ-MM-DD"),
        ("association.yaml", "unit: tkr", "unit: mkr", 21, "tillåtna är"),
        (
            "association.yaml",
            "# counts_from: [deltagaruppfoljning, sus_deltagare]",
            "counts_from: [sus]",
            29,
            "okänd källa ”sus”",
        ),
        ("association.yaml", "# coverage: {deltagaruppfoljning: year}", "coverage: {sus_deltagare: month}", 32, "year"),
        ("association.yaml", "# budget_versions:", "budget_versions: {2025H3: {income_statement: a}}", 25, "ingen period"),
        ("association.yaml", "members:", "members: [", 14, "YAML"),
        ("association.yaml", "chart_of_accounts: bas", "name: igen\nchart_of_accounts: bas", 9, "står två gånger"),
    ],
)
def test_fault_is_told_with_file_and_line(config: Path, name: str, old: str, new: str, line: int, said: str) -> None:
    change(config, name, old, new)
    assert [f for f in faults(config) if f[0] == name and f[1] == line and said in f[2]], faults(config)


def test_targets_name_existing_interventions_and_measures(config: Path) -> None:
    for line in ("2024;norr;started;5", "2024;norr;started;6", "2024;öst;started;5", "2024;syd;mötta;5", "2024;syd;ended;-5"):
        append(config, "targets.csv", line)
    assert [(line, text.split(":")[0]) for _, line, text in faults(config)] == [
        (3, "målet ”2024 norr started” finns redan på rad 2"),
        (4, "insatsen ”öst” finns inte i interventions.csv"),
        (5, f"kolumnen measure ska vara {' eller '.join(MEASURES)}; det står ”mötta”."),
        (6, "kolumnen target är negativ"),
    ]


def test_all_faults_are_told_at_once_in_order(config: Path) -> None:
    change(config, "association.yaml", "chart_of_accounts: bas", "chart_of_accounts: eu")
    change(config, "interventions.csv", "structural", "x")
    change(config, "line_rules.csv", "30;fk", "x;y")
    assert [(name, line) for name, line, _ in faults(config)] == [
        ("association.yaml", 9),
        ("interventions.csv", 3),
        ("line_rules.csv", 4),
        ("line_rules.csv", 4),
    ]


def test_missing_files_and_other_encodings_are_told(config: Path) -> None:
    (config / "report_lines.csv").unlink()
    (config / "codes" / "income.csv").write_bytes("code;label\nlon;Lön\n".encode("cp1252"))
    told = faults(config)
    assert ("report_lines.csv", None, "filen saknas: lägg den i förbundets konfigurationsmapp.") in told
    assert any(name == "codes/income.csv" and line == 2 and "UTF-8" in text for name, line, text in told)


def test_folder_without_yaml_is_told_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "config" / "prov").mkdir(parents=True)
    assert list_associations(tmp_path / "config") == ["prov"]
    assert ("association.yaml", None) in {(name, line) for name, line, _ in faults(tmp_path / "config" / "prov")}


def test_associations_are_the_folders(tmp_path: Path) -> None:
    assert list_associations(tmp_path / "config") == []
    for name in ("b", "a", ".git", "_mall"):
        (tmp_path / "config" / name).mkdir(parents=True)
    (tmp_path / "config" / "fil.txt").touch()
    assert list_associations(tmp_path / "config") == ["a", "b"]
