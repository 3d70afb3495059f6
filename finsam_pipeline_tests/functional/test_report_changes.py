"""What a report says has changed since the last edition: figures of both, by table, row and column, and never a hidden one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from finsam_pipeline.pipeline.editions import last_edition
from finsam_pipeline.report.changes import Printed, printed_of, read_printed, with_changes
from finsam_pipeline.report.document import Document
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests import report_marts as made
from finsam_pipeline_tests.masked_pages import MARK, all_tables, said, table
from finsam_pipeline_tests.report_marts import Fixed, register, rows
from finsam_pipeline_tests.wider_report import with_tables
from finsam_pipeline_tests.workspaces import Office


def report(changed: made.Rows | None = None, **settings: Any) -> Document:  # noqa: ANN401
    return build_report(Fixed(changed or rows()), with_tables(register(), **settings), made.PERIOD)


def edition(document: Document) -> Printed:
    return read_printed(printed_of(document, 1), "maj")


def told(document: Document, since: Printed) -> list[tuple[Any, ...]]:
    changed = with_changes(document, since)
    return [row.cells for t in all_tables(changed) if t.id == "andrat-tabell" for row in t.rows]


def one_more() -> made.Rows:
    """One more woman began in Bron, and the office cost 1 000 kr more."""
    changed = rows()
    woman = next(r for r in changed["participants/participant_flow"] if (r["intervention_id"], r["gender"]) == ("bron", "woman"))
    woman.update({m: woman[m] + 1 for m in ("started", "participants", "carried_out")})
    office = next(r for r in changed["economy/income_statement"] if r["line_id"] == "kansli")
    office.update(outcome_kr=Decimal(701000), outcome_tkr=701, difference_kr=Decimal(51000), difference_tkr=51)
    return changed


def test_nothing_is_said_where_nothing_has_changed():
    assert with_changes(report(), edition(report())) == report()
    assert with_changes(report(), None) == report()


def test_each_changed_figure_is_told_with_its_place():
    lines = told(report(one_more()), edition(report()))
    assert ("Tabell 1", "Bron", "Kvinnor", Decimal(15), 16) in lines
    assert ("Tabell 1", "Totalt", "Totalt", Decimal(31), 32) in lines
    assert ("Tabell 5", "Kansli", "Utfall jan–juni, tkr", Decimal(700), 701) in lines
    assert not any(row == "Möten" for _, row, *_ in lines)
    assert "Sedan utgåvan maj, med uppgifterna som de stod 15 augusti 2031, har" in said(
        with_changes(report(one_more()), edition(report()))
    )


def test_a_row_that_is_new_or_gone_is_told_with_what_it_had():
    fewer = rows()
    fewer["economy/full_year_forecast"] = [r for r in fewer["economy/full_year_forecast"] if r["label"] != "Hösten"]
    assert told(report(fewer), edition(report())) == [
        ("Prognos för 12 månader, helåret 2031", "Hösten", "Belopp, tkr", Decimal(1900), None)
    ]


def test_what_the_figures_say_of_themselves_is_not_compared():
    later = rows()
    later["quality/deliveries"][0]["rows"] += 5
    assert told(report(later), edition(report())) == []


@pytest.mark.parametrize("policy", [{"method": "mask"}, {"method": "mask", "below": 10}, {"method": "mask", "zeros": "masked"}])
def test_no_hidden_figure_of_either_report_is_told(policy: dict[str, Any]):
    before, now = report(disclosure=policy), report(one_more(), disclosure=policy)
    shown: list[set[tuple[str, str, str]]] = [
        {(t.id, row, column) for t in all_tables(d) for row, cells in table(d, t.id).items() for column, cell in cells.items()
         if cell != MARK} for d in (before, now)
    ]  # fmt: skip
    names = {t.label or t.caption: t.id for t in all_tables(now)} | {f.label: f.table.id for f in now.figures()}
    lines = told(now, edition(before))
    assert lines
    for name, row, column, *_ in lines:
        assert (names[name], row, re.sub(", (tkr|kr|procent)$", "", column)) in shown[0] & shown[1]


def test_an_edition_remembers_what_it_printed_and_the_draft_says_what_has_changed(office: Office):
    period = "2025H1"

    def make(*more: str) -> str:
        answer = office.finsam("report", "--association", office.association, "--period", period, *more)
        assert answer.status == 0, answer.out + answer.err
        folder = office.home / "reports" / office.association / period
        name = f"editions/{more[1]}" if more else "draft"
        return (folder / name / "halvarsrapport.html").read_text("utf-8")

    assert "Ändrat sedan förra utgåvan" not in make("--edition", "augusti")
    assert "Ändrat sedan förra utgåvan" not in make()
    assert "Ändrat sedan förra utgåvan" not in make("--edition", "april")
    last = last_edition(Workspace(office.home), office.association, period)
    assert last is not None
    assert (last.edition, last.order) == ("april", 2)
