"""The demo's older files, as saved from SUS and a bookkeeping system, recounted with other tools than the pipeline's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.demo import figures, write_demo
from finsam_pipeline.register import Register, load_register

REPORT = figures.Report("2021H1")
FIRST, LAST = dt.date(2021, 1, 1), dt.date(2021, 6, 30)
GENDERS = {"Kvinna": "woman", "Man": "man"}
ROW = re.compile(r'#(TRANS|BTRANS|RTRANS) (\d{4}) \{(.*?)\} (-?\d+\.\d\d) (\d{8}) "')


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo(path)
    return path


@pytest.fixture(scope="module")
def register(home: Path) -> Register:
    return load_register(home / "config" / "stockholm")


@pytest.fixture(scope="module")
def rows(home: Path, register: Register) -> list[dict[str, Any]]:
    """The participants' export, row by row."""
    (path,) = home.glob("landing/stockholm/sus_deltagare/*/*.xlsx")
    lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    start = next(n for n, line in enumerate(lines) if line[0] == "Deltagar-ID")
    found = [dict(zip(map(str, lines[start]), line, strict=True)) for line in lines[start + 1 : -2]]
    assert lines[-1][:2] == ("Summa", len(found))
    for row in found:
        row["insats"] = register.intervention_by_name()[fold(row["Insats"])]
        row["gender"] = GENDERS[row["Kön"]]
        row["start"] = row["Inregistreringsdatum"].date()
        row["end"] = row["Utregistreringsdatum"].date()  # everybody is out: the system is closed
    return found


@pytest.fixture(scope="module")
def ledger(home: Path) -> str:
    (path,) = home.glob("landing/stockholm/huvudbok/2021*/*.se")
    return path.read_bytes().decode("cp437")


def vouchers(ledger: str) -> list[list[tuple[str, str, str, Decimal, str]]]:
    return [
        [(label, account, objects, Decimal(amount), day) for label, account, objects, amount, day in ROW.findall(block)]
        for block in ledger.split("#VER")[1:]
    ]


def test_registrations_add_up_to_the_figure_tables(rows: list[dict[str, Any]], register: Register):
    basis = {i.id: i.count_basis for i in register.interventions}
    counted = [r for r in rows if r["Avslutsanledning"] != "Felregistrering"]
    started = Counter((r["insats"], r["gender"]) for r in counted if FIRST <= r["start"] <= LAST)
    during = Counter((r["insats"], r["gender"]) for r in counted if r["start"] <= LAST and r["end"] >= FIRST)
    ended = Counter((r["insats"], r["gender"]) for r in counted if FIRST <= r["end"] <= LAST)
    for c in REPORT.counts():
        key = (c.intervention, c.gender)
        only_starts = basis[c.intervention] == "started"
        found = (started[key] if only_starts else during[key], started[key], 0 if only_starts else ended[key])
        assert found == (c.participants, c.started, c.ended), key
    assert started.total() == 215


def test_misregistered_rows_would_change_the_counts(rows: list[dict[str, Any]]):
    slips = [r for r in rows if r["Avslutsanledning"] == "Felregistrering"]
    assert len(slips) == int(REPORT.setting("misregistered"))
    assert all(FIRST <= r["start"] <= LAST for r in slips)


def test_persons_come_back_and_are_never_twice_in_one_insats(rows: list[dict[str, Any]]):
    stays: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["Avslutsanledning"] != "Felregistrering":
            stays[row["Deltagar-ID"]].append(row)
    assert sum(len(own) > 1 for own in stays.values()) > 20
    assert any(len({r["insats"] for r in own}) < len(own) for own in stays.values()), "nobody comes back to the same insats"
    for own in stays.values():
        assert len({(r["Kön"], r["Födelseår"], r["Utbildningsnivå"]) for r in own}) == 1
        own.sort(key=lambda r: r["start"])
        assert all(a["end"] < b["start"] for a, b in pairwise(own))


def test_registrations_lie_inside_their_insats(rows: list[dict[str, Any]], register: Register):
    by_id = {i.id: i for i in register.interventions}
    for row in rows:
        own = by_id[row["insats"]]
        assert row["start"] <= row["end"] <= (own.ends_on or dt.date(2023, 4, 27))
        assert 16 <= row["start"].year - row["Födelseår"] <= 67


def test_anonymous_and_volume_counts(home: Path):
    (path,) = home.glob("landing/stockholm/sus_insatser/*/*.txt")
    raw = path.read_bytes()
    assert raw[:2] == b"\xff\xfe"
    counts = list(csv.DictReader(io.StringIO(raw.decode("utf-16")), delimiter="\t"))
    anonymous = [r for r in counts if r["Deltagarregistrering"] == "Anonym"]
    assert sum(int(r["Totalt"]) for r in anonymous) == 74
    assert all(int(r["Kvinnor"]) + int(r["Män"]) == int(r["Totalt"]) for r in anonymous)
    assert {r["År"] for r in counts} == {"2021"}


def test_vouchers_balance_and_their_history_is_told_beside_them(ledger: str):
    everything = vouchers(ledger)
    for voucher in everything:
        assert sum(amount for label, *_, amount, _ in voucher if label == "TRANS") == 0
        for struck, added, counted in zip(voucher, voucher[1:], voucher[2:], strict=False):
            if struck[0] == "BTRANS":
                assert (added[0], counted[0]) == ("RTRANS", "TRANS")
                assert added[1:] == counted[1:] != struck[1:]
    labels = Counter(row[0] for voucher in everything for row in voucher)
    assert labels["BTRANS"] == labels["RTRANS"] > 3
    assert {row[4][:6] for voucher in everything for row in voucher} == {f"2021{month:02d}" for month in range(1, 9)}


def test_outcome_of_every_project_adds_up_to_the_ore(ledger: str, register: Register):
    by_object = register.intervention_by_object()
    costs: Counter[str] = Counter()
    settled: Counter[str] = Counter()
    for label, account, objects, amount, day in (row for voucher in vouchers(ledger) for row in voucher):
        carried = re.search(r'"6" "(\d+)"', objects)
        if label != "TRANS" or account < "3":
            continue
        intervention = by_object.get(f"6:{carried[1]}", "") if carried else ""
        if intervention == "rsfm":
            settled[day[:6]] += int(amount * 100)
        if day <= "20210630" and account >= "4":
            costs[intervention] += int(amount * 100)
    wanted: Counter[str] = Counter()
    for m in REPORT.money():
        wanted[m.intervention] += 0 if (m.line, m.intervention) == ("projekt_intakter", "rsfm") else m.outcome_kr * 100
    assert {i: costs[i] for i in wanted if i} == {i: kr for i, kr in wanted.items() if i}
    assert set(settled.values()) == {0}, "the settled project costs what it brings in, month by month"


def test_balances_hold_and_open_with_the_printed_equity(ledger: str):
    stated: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for label, account, amount in re.findall(r"#(IB|UB|RES) 0 (\d{4}) (-?\d+\.\d\d)", ledger):
        stated[label][account] = Decimal(amount)
    assert sum(stated["IB"].values()) == 0
    assert sum(kr for account, kr in stated["IB"].items() if account.startswith("20")) == -7_730_000
    moved: Counter[str] = Counter()
    for label, account, _, amount, _ in (row for voucher in vouchers(ledger) for row in voucher):
        moved[account] += amount if label == "TRANS" else 0
    assert stated["UB"] == {a: stated["IB"].get(a, Decimal(0)) + moved[a] for a in stated["UB"]}
    assert stated["RES"] == {a: moved[a] for a in moved if a >= "3"}
    assert "#OMFATTN 20210831\r\n" in ledger


def test_the_two_budgets_hold_the_year_and_differ_where_the_printed_tables_do(home: Path, register: Register):
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path in home.glob("landing/stockholm/budget/202[01]-*/*.csv"):
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"):
            assert row["Period"] == "2021"
            found[row["Version"]][row["Rad"]] += Decimal(row["Belopp"].replace("\xa0", "").replace(",", "."))
    plan, revised = found["verksamhetsplan-2021"], found["revidering-2021"]
    assert plan["individinriktade_insatser"] == 2 * 14_031_000
    assert revised["individinriktade_insatser"] == 2 * 14_238_500
    assert {line for line in plan if plan[line] != revised[line]} == {"individinriktade_insatser", "strukturella_insatser"}
    assert register.budget_versions == {
        "2021H1": {"income_statement": "verksamhetsplan-2021", "intervention_budget": "revidering-2021"}
    }
