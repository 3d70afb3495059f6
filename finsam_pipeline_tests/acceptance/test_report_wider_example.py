"""The chosen tables in the example's report: every figure is one of a mart, at its place, and the usual tables are as they were."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finsam_pipeline import open_snapshot
from finsam_pipeline.proofread import proofread, read_report
from finsam_pipeline.report import disclosure
from finsam_pipeline.report.disclosure.suppression import Suppression
from finsam_pipeline.report.document import Document, Figure, Paragraph, Table
from finsam_pipeline.report.formats import render
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline_tests.wider_report import found, of_workspace, part, printed

PERIOD = "2025H1"
PEOPLE = (
    "results",
    "results_by_intervention",
    "throughput",
    "duration",
    "before_and_after",
    "background",
    "year_before",
    "goals",
)


@pytest.fixture(scope="module")
def whole(demo_home: Path) -> Document:
    return build_report(*of_workspace(demo_home), PERIOD)


def mart(home: Path, name: str, **where: object) -> list[dict[str, Any]]:
    own = (r for r in open_snapshot(home).table(name).to_pylist() if r["period"] == PERIOD)
    return [r for r in own if all(r[k] == v for k, v in where.items())]


def test_results_are_those_of_the_mart(whole: Document, demo_home: Path):
    own = {r["gender"]: r for r in mart(demo_home, "participants/results", intervention_id=None)}
    measures = ("ended", "work", "study", "work_or_study", "share_of_ended_percent", "gender_split_percent", "positive_other")
    assert own["total"]["ended"]
    genders = ("woman", "man", "other", "total")
    assert [row[1:] for row in printed(whole, "resultat-tabell")] == [tuple(own[g][m] for m in measures) for g in genders]


def test_results_and_throughput_of_each_intervention_are_those_of_the_mart(whole: Document, demo_home: Path):
    for table, name, measures in (
        ("resultat-insats-tabell", "results",
         ("ended", "work", "study", "work_or_study", "share_of_ended_percent", "positive_other")),
        ("genomstromning-tabell", "throughput", ("ended", "participants", "ended_percent")),
    ):  # fmt: skip
        own = [
            r for r in mart(demo_home, f"participants/{name}", gender="total") if r[measures[1 if name == "throughput" else 0]]
        ]
        assert sorted(r[1:] for r in printed(whole, table)) == sorted(tuple(r[m] for m in measures) for r in own)
        assert printed(whole, table)[-1][0] == "Totalt"


def test_time_in_the_intervention_is_that_of_the_mart(whole: Document, demo_home: Path):
    own = mart(demo_home, "participants/duration", intervention_id=None)
    table = found(whole, "tid-tabell")
    genders = {"Kvinnor": "woman", "Män": "man", "Annan köns-ID": "other", "Totalt": "total"}
    for n, column in enumerate(table.columns[1:-1], 1):
        of_gender = sorted((r for r in own if r["gender"] == genders[column.heading]), key=lambda r: r["class_order"])
        assert [row.cells[n] for row in table.rows] == [*(r["ended"] for r in of_gender), of_gender[0]["of_ended"]]
    total = sorted((r for r in own if r["gender"] == "total"), key=lambda r: r["class_order"])
    assert [row.cells[-1] for row in table.rows][:-1] == [r["share_percent"] for r in total]
    mean = int((total[0]["mean_days_of_ended"] + Decimal("0.5")) // 1)
    assert f"Medeltiden för avslutade var {mean} dagar" in str(part(whole))


@pytest.mark.parametrize("dimension", ["occupation_status", "income"])
def test_states_before_and_after_are_those_of_the_mart(whole: Document, demo_home: Path, dimension: str):
    own = mart(demo_home, "participants/before_and_after", intervention_id=None, gender="total", dimension=dimension)
    measures = ("at_start", "at_end", "change", "at_start_percent", "at_end_percent")
    lines = printed(whole, f"fore-efter-{dimension}")
    assert sorted(row[1:] for row in lines[:-1]) == sorted(tuple(r[m] for m in measures) for r in own)
    assert lines[-1][1:3] == (own[0]["of_ended"],) * 2


@pytest.mark.parametrize("dimension", ["age_group", "education"])
def test_backgrounds_are_those_of_the_mart(whole: Document, demo_home: Path, dimension: str):
    own = mart(demo_home, "participants/background_shares", intervention_id=None, gender="total", dimension=dimension)
    assert {r[-2:] for r in printed(whole, f"bakgrund-{dimension}")[:-1] if r[-2]} == {
        (r["participants"], r["share_percent"]) for r in own
    }
    women = mart(demo_home, "participants/background_shares", intervention_id=None, gender="woman", dimension=dimension)
    assert sorted(r[1] for r in printed(whole, f"bakgrund-{dimension}")[:-1] if r[1]) == sorted(r["participants"] for r in women)


def test_who_referred_is_told_by_intervention(whole: Document, demo_home: Path):
    own = mart(demo_home, "participants/background_shares", gender="total", dimension="referrer")
    cells = [cell for row in printed(whole, "bakgrund-referrer")[:-1] for cell in row[1:] if cell]
    assert sorted(cells) == sorted(r["participants"] for r in own)


def test_the_year_before_stands_beside_the_period(whole: Document, demo_home: Path):
    own = {r["measure"]: r for r in mart(demo_home, "participants/period_comparison", intervention_id=None, gender="total")}
    lines = [own[m] for m in ("participants", "started", "ended", "work_or_study")]
    assert [row[1:4] for row in printed(whole, "aret-fore-tabell")] == [
        (r["value"], r["value_year_before"], r["change"]) for r in lines
    ]


def test_kinds_of_cost_add_up_to_the_mart(whole: Document, demo_home: Path):
    own = mart(demo_home, "economy/cost_kinds")
    table = found(whole, "kostnadsslag-tabell")
    assert sum(row.kind == "line" for row in table.rows) == len(own)
    assert table.rows[-1].cells[1] == int((sum(r["outcome_kr"] for r in own) + Decimal("0.5")) // 1)


def test_every_figure_says_where_it_comes_from(whole: Document):
    for section in part(whole).sections:
        for table in (b for b in section.blocks if isinstance(b, Table)):
            lines = [row for row in table.rows if row.kind == "line"]
            assert all(row.origins for row in lines), table.id


def test_usual_tables_keep_their_numbers_and_the_chosen_ones_go_on(whole: Document, demo_home: Path):
    plain = build_report(*of_workspace(demo_home, ()), PERIOD)
    assert part(plain) is None

    def numbers(document: Document) -> dict[str, str]:
        blocks = (b for b in document.blocks() if isinstance(b, Table | Figure))
        return {b.id: b.label for b in blocks if b.label}

    usual, chosen = numbers(plain), numbers(whole)
    assert usual.items() <= chosen.items()
    tables = [label for label in chosen.values() if label.startswith("Tabell")]
    assert tables == [f"Tabell {n}" for n in range(1, len(tables) + 1)]
    assert len(tables) > len(usual)


def test_shares_name_what_they_are_shares_of(whole: Document):
    for section in part(whole).sections:
        for table in (b for b in section.blocks if isinstance(b, Table)):
            shares = [c for c in table.columns if c.unit == "procent" and c.heading != "Del av målet"]
            assert not shares or any(" av " in note for note in table.notes), table.id


def test_what_a_masked_report_hides_of_them_is_a_mark(demo_home: Path):
    closed = build_report(*of_workspace(demo_home, disclosure={"method": "mask"}), PERIOD)
    ages = found(closed, "bakgrund-age_group")
    assert "\u00b7\u00b7" in {cell for row in ages.rows for cell in row.cells}
    assert any("visas inte" in note for note in ages.notes)


@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_the_proof_reader_finds_nothing_in_a_report_with_every_table(whole: Document, tmp_path: Path, format_: str):
    file = tmp_path / f"rapport.{format_}"
    file.write_bytes(render(whole, [format_])[format_])
    proof = proofread(read_report(file))
    assert proof.tables > 25
    assert not proof.findings


def test_hiding_all_leaves_no_count_of_persons_in_them(demo_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        disclosure, "suppress", lambda published, _: Suppression(frozenset(published.cells), frozenset(), frozenset())
    )
    closed = build_report(*of_workspace(demo_home, PEOPLE, disclosure={"method": "mask"}), PERIOD)
    for section in part(closed).sections:
        for table in (b.table if isinstance(b, Figure) else b for b in section.blocks if isinstance(b, Table | Figure)):
            told = {"Årets mål"}
            cells = [
                cell
                for row in table.rows
                for column, cell in zip(table.columns, row.cells, strict=True)
                if column.numeric and column.heading not in told
            ]
            assert set(cells) <= {"\u00b7\u00b7", None}, table.id
        texts = [b.text for b in section.blocks if isinstance(b, Paragraph)]
        texts += [note for b in section.blocks if isinstance(b, Table) for note in b.notes]
        assert not re.search(r"\d+\s(deltagare|avslutade|dagar)", " ".join(texts)), section.id
