"""The demo's files, recounted with other tools than those that read them in the pipeline."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.demo import figures, write_demo
from finsam_pipeline.readers.prose import read_prose
from finsam_pipeline.register import ConfigurationError, Register, load_register

SHARED = Path(os.environ.get("FINSAM_SHARED", Path(__file__).parents[2].parent / "shared"))
GOLDEN = SHARED / "golden" / "2025H1"
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 6, 30)
GENDERS = {"kvinna": "woman", "k": "woman", "man": "man", "m": "man", "annan": "other", "annan köns-id": "other"}
MEASURES = ("participants", "started", "ended")
REPORT = figures.Report("2025H1")


@dataclass(frozen=True)
class Recounted:
    number: str
    intervention: str
    gender: str
    start: dt.date
    end: dt.date | None
    reason: str
    age: int | None


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo(path)
    return path


@pytest.fixture(scope="module")
def register(home: Path) -> Register:
    return load_register(home / "config" / "stockholm")


@pytest.fixture(scope="module")
def people(home: Path, register: Register) -> list[Recounted]:
    names = register.intervention_by_name()
    reasons = register.code_by_name("exit_reason")
    folder = home / "landing" / "stockholm" / "deltagaruppfoljning" / "2025-09-12"
    rows = [row for path in sorted(folder.iterdir()) for row in (of_csv(path) if path.suffix == ".csv" else of_workbook(path))]
    return [recounted(row, names, reasons) for row in rows]


def of_csv(path: Path) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("cp1252")), delimiter=";"))


def of_workbook(path: Path) -> list[dict[str, Any]]:
    """Rows under the first row that has both a gender and a start column, up to an empty row."""
    found = []
    for sheet in openpyxl.load_workbook(path):
        header, title = [], sheet.title
        for cells in sheet.iter_rows(values_only=True):
            texts = [str(c or "").strip() for c in cells]
            if not header and texts[0].startswith("Insats:"):
                title = texts[0].removeprefix("Insats:").strip()
            if header and not any(texts):
                break
            if header:
                found.append({"Insats": title} | dict(zip(header, cells, strict=True)))
            elif any(fold(t) == "kön" for t in texts):
                header = [t if fold(t) != "kön" else "Kön" for t in texts]
    return found


def recounted(row: dict[str, Any], names: dict[str, str], reasons: dict[str, str]) -> Recounted:
    first = {name: next((row[h] for h in headers if row.get(h)), None) for name, headers in COLUMNS.items()}
    start, end = day(first["start"]), day(first["end"])
    assert start is not None
    age = row.get("Ålder") or (row.get("Födelseår") and start.year - int(row["Födelseår"]))
    return Recounted(
        str(first["number"]), names[fold(row["Insats"])], GENDERS[fold(row["Kön"])], start, end,
        reasons[fold(str(first["reason"]))] if first["reason"] else "", int(age) if age else None,
    )  # fmt: skip


COLUMNS = {
    "number": ("Deltagarnummer", "Nr", "Lnr", "Deltagar-ID"),
    "start": ("Startdatum", "Inskriven", "Start"),
    "end": ("Slutdatum", "Utskriven", "Avslutad"),
    "reason": ("Avslutsorsak",),
}


def day(cell: object) -> dt.date | None:
    if cell is None or isinstance(cell, dt.datetime):
        return cell.date() if cell else None
    for form in ("%Y%m%d", "%d.%m.%Y"):
        if re.fullmatch(r"\d{8}" if form == "%Y%m%d" else r"\d\d\.\d\d\.\d{4}", str(cell)):
            return dt.datetime.strptime(str(cell), form).date()  # noqa: DTZ007
    raise AssertionError("a date in a form the demo should not hold")


def published(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_period(people: list[Recounted], register: Register) -> dict[str, Counter[tuple[str, str]]]:
    """Measure -> (intervention, gender) -> count, by the counting rules."""
    basis = {i.id: i.count_basis for i in register.interventions}
    out: dict[str, Counter[tuple[str, str]]] = {measure: Counter() for measure in MEASURES}
    for p in people:
        started = FIRST <= p.start <= LAST
        during = p.start <= LAST and (p.end is None or p.end >= FIRST)
        key = (p.intervention, p.gender)
        out["started"][key] += started
        out["ended"][key] += p.end is not None and FIRST <= p.end <= LAST
        out["participants"][key] += started if basis[p.intervention] == "event" else during
    return out


def test_participants_add_up_to_the_figure_tables(people: list[Recounted], register: Register) -> None:
    counted = of_period(people, register)
    for c in REPORT.counts():
        key = (c.intervention, c.gender)
        assert [counted[m][key] for m in MEASURES] == [c.participants, c.started, c.ended], key
    assert [sum(counted[m].values()) for m in MEASURES] == [381, 183, 190]


def test_exit_reasons_add_up_to_the_figure_tables(people: list[Recounted]) -> None:
    ended = [p for p in people if p.end and FIRST <= p.end <= LAST]
    assert Counter((p.intervention, p.reason) for p in ended) == Counter(
        {(e.intervention, e.exit_reason): e.ended for e in REPORT.exits()}
    )
    by_gender = Counter((p.reason, p.gender) for p in ended)
    assert (by_gender["jobbtorg_amf", "woman"], by_gender["jobbtorg_amf", "man"]) == (19, 14)
    assert [by_gender["arbete", g] + by_gender["studier", g] for g in ("woman", "man", "other")] == [12, 26, 0]


def test_participations_hold_together(people: list[Recounted], register: Register) -> None:
    assert len({(p.intervention, p.number) for p in people}) == len(people) > 381
    assert all(p.end is None or p.end >= p.start for p in people)
    assert all(bool(p.reason) == (p.end is not None) for p in people)
    assert all(p.age is None or 16 <= p.age <= 67 for p in people)
    assert max(max(p.start, p.end or p.start) for p in people) < dt.date(2025, 9, 12)
    for i in register.interventions:
        mine = [p for p in people if p.intervention == i.id]
        assert not mine or (any(p.end and p.end < FIRST for p in mine) and any(p.start > LAST for p in mine)), i.id


def test_title_row_list_states_how_many_rows_it_holds(home: Path, people: list[Recounted]) -> None:
    (path,) = home.glob("landing/stockholm/deltagaruppfoljning/*/Deltagarlista*.xlsx")
    last = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))[-1]
    assert last[:2] == ("Summa", sum(p.intervention == "aktivitetsplatsen" for p in people))


def test_agency_counts_differ_in_one_insats_total(home: Path, register: Register) -> None:
    (path,) = home.glob("landing/stockholm/uppfoljning_finsam/*/*.xlsx")
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = [str(c) for c in rows[3]]
    assert not any("nnan" in h for h in head)
    local = Counter[str]()
    for c in REPORT.counts():
        local[c.intervention] += c.participants
    totals = {}
    for cells in rows[4:]:
        row = dict(zip(head, cells, strict=True))
        assert row["Kvinnor"] + row["Män"] == row["Totalt"]
        totals[register.intervention_by_name()[fold(row["Insats"])]] = row["Totalt"]
    assert {i: local[i] - total for i, total in totals.items() if local[i] != total} == {"novum": 3}


def ore(text: str) -> int:
    return int(Decimal(text.replace("\xa0", "").replace(",", ".") or "0") * 100)


def voucher_rows(home: Path) -> tuple[list[dict[str, str]], dict[str, str]]:
    (path,) = home.glob("landing/stockholm/huvudbok/2025*/verifikationer.csv")
    lines = path.read_bytes().decode("cp1252").split("\r\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("Serie;"))
    *rows, total = csv.DictReader(lines[start:-1], delimiter=";")
    return rows, total


def test_vouchers_balance_without_gaps_and_match_the_total_row(home: Path) -> None:
    rows, total = voucher_rows(home)
    sums, numbers = Counter[tuple[str, str]](), {}
    for row in rows:
        assert (row["Debet"] == "") != (row["Kredit"] == "")
        sums[row["Serie"], row["Vernr"]] += ore(row["Debet"]) - ore(row["Kredit"])
        numbers.setdefault(row["Serie"], []).append(int(row["Vernr"]))
    assert set(sums.values()) == {0}
    for series, used in numbers.items():
        assert list(dict.fromkeys(used)) == list(range(1, max(used) + 1)), series
    assert total["Serie"] == "Summa"
    assert ore(total["Debet"]) == sum(ore(r["Debet"]) for r in rows) == ore(total["Kredit"])
    assert {r["Bokf.datum"][:7] for r in rows} == {f"2025-{month:02d}" for month in range(1, 9)}
    assert any("," in r["Debet"] and not r["Debet"].endswith(",00") for r in rows)


def line_of(register: Register, row: dict[str, str], orientations: dict[str, str]) -> str:
    objects = {f"1:{row['Kst']}", f"6:{row['Projekt']}"}
    orientation = next((orientations[o] for o in objects if o in orientations), "")
    for rule in register.line_rules:
        low, high = rule.account_from, rule.account_to
        if (
            low <= row["Konto"][: len(low)] and row["Konto"][: len(high)] <= high
            and (not rule.objects or objects & set(rule.objects)) and rule.orientation in ("", orientation)
            and not rule.settled and not rule.valid_to
        ):  # fmt: skip
            return rule.line_id
    raise AssertionError("an unmapped voucher row")


def outcome(home: Path, register: Register) -> Counter[tuple[str, str]]:
    """(line, intervention) -> öre with the report's sign, of the period."""
    orientations = {o: i.orientation for i in register.interventions for o in i.ledger_objects}
    by_object = register.intervention_by_object()
    income = {line.line_id for line in register.report_lines if line.block == "income"}
    sums = Counter[tuple[str, str]]()
    for row in voucher_rows(home)[0]:
        if row["Konto"][0] in "345678":
            line = line_of(register, row, orientations)
            if row["Bokf.datum"] <= "2025-06-30":
                sign = -1 if line in income else 1
                intervention = "" if line in income else by_object.get(f"6:{row['Projekt']}", "")
                sums[line, intervention] += sign * (ore(row["Debet"]) - ore(row["Kredit"]))
    return sums


def test_outcome_adds_up_to_the_ore(home: Path, register: Register) -> None:
    booked = outcome(home, register)
    assert {key: value for key, value in booked.items() if value} == {
        (m.line, m.intervention): m.outcome_kr * 100 for m in REPORT.money() if m.outcome_kr
    }


def test_budget_is_twice_the_period(home: Path, register: Register) -> None:
    (path,) = home.glob("landing/stockholm/budget/2024*/*.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    by_object = register.intervention_by_object()
    assert {(r["Rad"], by_object.get(f"6:{r['Projekt']}", "")): ore(r["Belopp"]) for r in rows} == {
        key: kr * 200 for key, kr in REPORT.budget().items()
    }
    assert {(r["Version"], r["Period"]) for r in rows} == {("verksamhetsplan-2025", "2025")}


def test_opening_balances_sum_to_nothing_and_hold_the_equity(home: Path) -> None:
    (path,) = home.glob("landing/stockholm/huvudbok/*/ingående balanser.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";"))
    balances = {r["Konto"]: ore(r["Debet"]) - ore(r["Kredit"]) for r in rows}
    assert sum(balances.values()) == 0
    assert sum(v for account, v in balances.items() if account.startswith("20")) == -1_752_000_00
    assert {r["Text"] for r in rows} == {"Ingående balans"}


def test_forecast_fidelity_and_events(home: Path) -> None:
    forecast = home.glob("landing/stockholm/prognos/2025*/*.csv").__next__().read_text(encoding="utf-8")
    amounts = [r["Belopp tkr"] for r in csv.DictReader(io.StringIO(forecast), delimiter=";")]
    assert amounts == ["15951", "2672", "1241", "", "40481"]
    fidelity = home.glob("landing/stockholm/programtrohet/*/*.csv").__next__().read_text(encoding="utf-8").splitlines()
    assert fidelity[-1].endswith(";95;125;100;47,5")
    (events,) = home.glob("landing/stockholm/aktiviteter/2025*/*.xlsx")
    rows = list(openpyxl.load_workbook(events).worksheets[0].iter_rows(values_only=True))[1:]
    assert 1000 <= sum(r[3] for r in rows if FIRST <= r[2].date() <= LAST) < 1050


def test_every_header_is_known_to_its_source(home: Path) -> None:
    for path in home.glob("landing/stockholm/*/*/*.csv"):
        known = {fold(h) for c in SOURCES[path.parts[-3]].columns for h in c.headers}
        text = path.read_bytes().decode("cp1252" if path.name in {"verifikationer.csv", "export_deltagare.csv"} else "utf-8-sig")
        header = next(line for line in text.splitlines() if line.count(";") > 3)
        assert {fold(h) for h in header.split(";")} <= known, path.name


def test_the_two_answers_are_read_as_the_same_kind_of_text(home: Path, register: Register) -> None:
    folder = home / "landing" / "stockholm" / "texter" / "2025-09-12"
    texts = {path.suffix: read_prose(path.read_bytes(), path.name) for path in folder.iterdir()}
    assert set(texts) == {".md", ".docx"}
    questions = []
    for prose in texts.values():
        title, *parts = prose.parts
        assert fold(title.heading) in register.intervention_by_name()
        questions.append([part.heading for part in parts])
        assert any(line.item for part in parts for line in part.lines)
        assert any(run.bold for part in parts for line in part.lines for run in line.runs)
        assert not any("*" in line.text for part in prose.parts for line in part.lines)
    assert questions[0] == questions[1]
    assert len(questions[0]) == 3


def test_two_calls_write_the_same_bytes(home: Path, tmp_path: Path) -> None:
    write_demo(tmp_path)
    files = sorted(p.relative_to(home) for p in home.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert all((home / f).read_bytes() == (tmp_path / f).read_bytes() for f in files)
    write_demo(tmp_path)  # again in the same place: nothing to do


def test_other_content_is_never_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "config" / "stockholm" / "targets.csv"
    own.parent.mkdir(parents=True)
    own.write_text("eget")
    with pytest.raises(ConfigurationError, match="finns redan"):
        write_demo(tmp_path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [own]
    assert own.read_text() == "eget"


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the published figures are not beside the repository")
class TestAgainstThePublishedReport:
    @pytest.mark.parametrize("measure", MEASURES)
    def test_counts(self, people: list[Recounted], register: Register, measure: str) -> None:
        counted = of_period(people, register)[measure]
        names = register.intervention_by_name()
        for row in published(f"{measure}_by_insats_gender.csv"):
            if row["row_kind"] == "line":
                insats = names[fold(row["insats"])]
                assert [counted[insats, g] for g in ("woman", "man", "other")] == [
                    int(row[g] or 0) for g in ("women", "men", "other_gender_id")
                ], insats

    def test_exit_reasons(self, people: list[Recounted], register: Register) -> None:
        ended = Counter((p.intervention, p.reason) for p in people if p.end and FIRST <= p.end <= LAST)
        codes = register.code_by_name("exit_reason")
        for row in published("exit_reasons_by_insats.csv"):
            if row["row_kind"] == "line":
                for i in ("mgt", "aktivitetsplatsen", "novum", "ips_psykos", "ips_beroende"):
                    assert ended[i, codes[fold(row["label"])]] == int(row[i]), (row["label"], i)

    def test_insats_budget(self, home: Path, register: Register) -> None:
        booked = Counter[str]()
        for (_, intervention), value in outcome(home, register).items():
            booked[intervention] += value
        budget = {intervention: kr for (_, intervention), kr in REPORT.budget().items()}
        names = register.intervention_by_name()
        for row in published("insats_budget.csv"):
            if row["row_kind"] == "line":
                insats = names[fold(row["label"])]
                assert (booked[insats], budget[insats]) == (int(row["outcome_kr"]) * 100, int(row["budget_kr"])), insats

    def test_income_statement(self, home: Path, register: Register) -> None:
        booked, budget = Counter[str](), Counter[str]()
        for (line, _), value in outcome(home, register).items():
            booked[line] += value
        for (line, _), kr in REPORT.budget().items():
            budget[line] += kr * 100
        by_label = {line.label: line for line in register.report_lines if line.valid_from == FIRST}
        for row in published("income_statement.csv"):
            line = by_label[row["label"]]
            if line.kind in ("line", "subtotal", "total", "result"):
                for sums, column in ((booked, "outcome_tkr"), (budget, "budget_tkr")):
                    assert (total(line.line_id, sums, register) + 50_000) // 100_000 == int(row[column]), (line.line_id, column)

    def test_targets_and_forecast(self, register: Register) -> None:
        names = register.intervention_by_name()
        targets = {t.intervention_id: t.target for t in register.targets}
        assert {names[fold(r["insats"])]: int(r["target_participants"]) for r in published("targets.csv")} == targets
        lines = [r["amount_tkr"] for r in published("forecast.csv") if r["row_kind"] == "line"]
        assert [r["amount_tkr"] or lines[3] for r in REPORT.published("forecast")][:4] == lines


def total(line_id: str, sums: Counter[str], register: Register) -> int:
    parts = next(line.sum_of for line in register.report_lines if line.line_id == line_id and line.valid_from == FIRST)
    return sum(sign * total(part, sums, register) for sign, part in parts) if parts else sums[line_id]


def test_workbooks_do_not_say_when_they_were_made(home: Path) -> None:
    for path in home.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, path.name
            assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml"), path.name
