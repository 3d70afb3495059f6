"""A report that hides small counts: nowhere a hidden figure, nothing it can be worked out from, everything else as it was."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.register.model import Register
from finsam_pipeline.report import disclosure
from finsam_pipeline.report.disclosure import read_record
from finsam_pipeline.report.disclosure.cells import OPEN, PERSONS
from finsam_pipeline.report.disclosure.suppression import Suppression
from finsam_pipeline.report.disclosure.system import Published
from finsam_pipeline.report.document import Document, Figure
from finsam_pipeline.report.halfyear import build_report, publishable
from finsam_pipeline.report.html import render_html
from finsam_pipeline_tests import report_marts as made
from finsam_pipeline_tests.masked_pages import MARK, all_tables, nothing_recovered, said, table
from finsam_pipeline_tests.report_marts import Fixed, register, rows
from finsam_pipeline_tests.workspaces import Office

MASK = {"method": "mask", "below": 5}
UNIT = 7919  # a prime: every count made of it, and every sum of such, is a multiple


def with_policy(policy: dict[str, Any] | None, of: Register | None = None) -> Register:
    of = of or register()
    return replace(
        of, settings={k: v for k, v in of.settings.items() if k != "disclosure"} | ({"disclosure": policy} if policy else {})
    )


def report(policy: dict[str, Any] | None = MASK, changed: made.Rows | None = None) -> Document:
    return build_report(Fixed(changed or rows()), with_policy(policy), made.PERIOD)


def test_without_a_policy_everything_is_shown_and_the_report_says_so():
    found = report(None)
    assert table(found, "per-insats-participants")["Bron"] == {"Kvinnor": 15, "Män": 5, "Annan köns-ID": 1, "Totalt": 21}
    assert "Förbundet har ingen regel för små tal" in said(found)
    assert all(type(cell) in {int, str} for t in all_tables(found) for r in t.rows for cell in r.cells[:1])


def test_a_small_count_and_what_would_give_it_away_are_marks():
    found = table(report(), "per-insats-participants")
    assert found["Bron"]["Annan köns-ID"] == MARK
    assert list(found["Bron"].values()).count(MARK) >= 2
    assert [column["Annan köns-ID"] for column in found.values()].count(MARK) >= 2
    assert found["Möten"]["Annan köns-ID"] == 0  # zeros are shown


def test_the_mark_is_explained_under_each_table_that_has_one():
    for found in all_tables(report()):
        marked = any(MARK in row.cells for row in found.rows)
        assert marked == any(note.startswith(f"{MARK} = visas inte: 1–4 personer") for note in found.notes)
    assert "Antal personer från 1 till 4 visas inte" in said(report())


def test_sentences_go_on_without_the_figure():
    text = said(report())
    assert "ett dolt antal" in text
    assert "1 med annan köns-ID" not in text
    assert MARK not in said(report()).replace(f"står {MARK}, i texten", "")


def test_a_figure_says_that_bars_are_missing():
    for block in report().blocks():
        if isinstance(block, Figure):
            assert ("har ingen stapel" in block.alt) == any(MARK in row.cells for row in block.table.rows)


def large(unit: int = UNIT) -> made.Rows:
    """The same marts with every count of persons so many times as large."""
    out = rows()
    for mart, own in out.items():
        counts = [c.name for c in MARTS[mart].columns if c.unit in PERSONS and c.name not in OPEN.get(mart, ())]
        for row in own:
            row.update({c: row[c] * unit for c in counts if row[c] is not None})
    out["participants/background"] = [
        {**made.HERE, "intervention_id": i, "gender": g, "dimension": "age_group", "value": "16-19", "participants": (c + s) * unit,
         "started": s * unit} for i, genders in made.FLOWS.items() for g, (c, s, _) in genders.items()
    ]  # fmt: skip
    return out


def test_hiding_all_leaves_no_count_of_persons_anywhere(monkeypatch: pytest.MonkeyPatch):
    def everything(published: Published, _: object) -> Suppression:
        return Suppression(frozenset(published.cells), frozenset(), frozenset())

    def counts(document: Document) -> set[int]:
        text = render_html(document).replace("\u00a0", "")  # attributes, too: what a screen reader reads
        return {int(n) for n in re.findall(r"\d+", text) if int(n) and int(n) % UNIT == 0}

    assert len(counts(report(None, large()))) > 15
    monkeypatch.setattr(disclosure, "suppress", everything)
    hidden = report(MASK, large())
    assert counts(hidden) == set()
    assert not re.search(r"\d procent", re.sub(r"\d+ procent individ", "", said(hidden)))


def test_hiding_nothing_is_the_report_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disclosure, "suppress", lambda *_: Suppression(frozenset(), frozenset(), frozenset()))
    assert [t.rows for t in all_tables(report())] == [t.rows for t in all_tables(report(None))]


def test_a_mart_that_nobody_has_declared_is_never_shown():
    document, _ = publishable(Fixed(rows()), with_policy(MASK), made.PERIOD)
    cells = disclosure.Cells(disclosure.Trace(), lambda _: [], frozenset())
    row = {**made.HERE, "delivered_on": None, "measure": "started", "value": 400}
    (traced,) = cells.rows("participants/registration_lag", [row])
    assert traced["value"].terms & {(cell, 1) for cell in cells.untold}
    assert document


def test_coarser_groups_put_exit_reasons_together():
    found = table(report({"method": "coarser", "join": ["exit_reasons"]}), "avslutsorsaker")
    assert list(found) == ["Arbete eller Studier", "Annat", "Totalt avslutade"]


def test_coarser_groups_put_interventions_with_few_together():
    found = report({"method": "coarser", "below": 12, "join": ["interventions"]})
    assert list(table(found, "per-insats-participants")) == ["Övriga insatser", "Totalt"]
    assert table(found, "per-insats-participants")["Totalt"]["Totalt"] == 31
    assert "Utan deltagare under perioden: Viloår." in str(found)


def test_a_record_is_read_as_it_was_written():
    _, told = publishable(Fixed(rows()), with_policy(MASK), made.PERIOD)
    assert read_record(told.bytes(), "") == told
    assert "Bron" not in repr(told)


def test_the_same_edition_again_hides_the_same():
    first, told = publishable(Fixed(rows()), with_policy(MASK), made.PERIOD)
    again, _ = publishable(Fixed(rows()), with_policy(MASK), made.PERIOD, earlier=[replace(told, edition="maj (2031H1)")])
    assert [t.rows for t in all_tables(again)] == [t.rows for t in all_tables(first)]
    assert "maj (2031H1)" in said(again)


def test_an_edition_that_showed_everything_is_said_to_have_done_so():
    _, told = publishable(Fixed(rows()), with_policy(None), made.PERIOD)
    again, _ = publishable(Fixed(rows()), with_policy(MASK), made.PERIOD, earlier=[told])
    assert "går att räkna ut ur en tidigare utgåva" in said(again)
    assert table(again, "per-insats-participants")["Bron"]["Annan köns-ID"] == MARK


def test_a_reader_of_all_tables_and_sentences_cannot_work_a_hidden_count_out():
    assert nothing_recovered(report(None), report()) > 10


def test_hiding_the_small_ones_alone_would_give_them_away(monkeypatch: pytest.MonkeyPatch):
    found = disclosure.suppress
    monkeypatch.setattr(disclosure, "suppress", lambda *given: replace(found(*given), others=frozenset()))
    with pytest.raises(AssertionError):
        nothing_recovered(report(None), report())


def test_a_hand_kept_number_of_participants_is_hidden_when_small_unless_said_to_be_others():
    changed = rows()
    changed["participants/key_figures"] = [
        {**made.HERE, "intervention_id": "bron", "key": key, "value": Decimal(value), "unit": unit}
        for key, value, unit in (("Kö", 3, "personer"), ("Medarbetare", 4, "personer"), ("Platser", 4, "platser"))
    ]
    found = table(report(MASK | {"open": ["medarbetare"]}, changed), "nyckeltal-tabell")
    assert [row["Värde"] for row in found.values()] == [MARK, 4, 4]


def test_an_edition_keeps_what_it_told_and_the_next_one_reckons_with_it(office: Office):
    office.configure("association.yaml", (office.home / "config" / office.association / "association.yaml").read_text("utf-8")
                     + "disclosure: {method: mask}\n")  # fmt: skip
    office.run()
    period = next(p["period"] for p in office.mart("reference/periods") if p["period"] == "2025H1")
    for name in ("forsta", "andra"):
        said_ = office.finsam("report", "--association", office.association, "--period", period, "--edition", name)
        assert said_.status == 0, said_.out + said_.err
    folder = office.home / "reports" / office.association / period / "editions"
    first, second = ((folder / name / "halvarsrapport.html").read_text("utf-8") for name in ("forsta", "andra"))
    assert "Hänsyn är tagen" not in first
    assert f"Hänsyn är tagen till vad som redan står i forsta ({period})." in second
    told = read_record((folder / "forsta" / "figures" / "disclosure.json").read_bytes(), "forsta")
    assert told.period == period
    assert told.shown
