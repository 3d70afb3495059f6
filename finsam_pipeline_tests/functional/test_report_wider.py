"""The chosen tables of a report, told from small marts: what is there, what is not, and what is said of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finsam_pipeline.register.reporting import COMPARISONS, WIDER_TABLES, report_settings
from finsam_pipeline.report.disclosure.cells import Cells
from finsam_pipeline.report.disclosure.wider import WiderCells
from finsam_pipeline.report.document import Document
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline.report.traced import Trace, summed
from finsam_pipeline.report.wider import TABLES
from finsam_pipeline_tests import report_marts as made
from finsam_pipeline_tests.masked_pages import all_tables
from finsam_pipeline_tests.report_marts import Fixed, register, rows
from finsam_pipeline_tests.wider_report import part, printed, with_tables


def test_every_name_of_the_setting_is_a_table():
    assert tuple(TABLES) == WIDER_TABLES
    assert set(COMPARISONS) < set(WIDER_TABLES)


def report(tables: tuple[str, ...] | None, more: made.Rows, **settings: Any) -> Document:  # noqa: ANN401
    return build_report(Fixed(rows() | more), with_tables(register(), tables, **settings), made.PERIOD)


def compared(before: int | None) -> made.Rows:
    return {
        "participants/period_comparison": [
            {**made.HERE, "intervention_id": None, "gender": "total", "measure": m, "year_before": "2030H1", "value": n,
             "value_year_before": before, "change": None if before is None else n - before}
            for m, n in (("participants", 31), ("started", 18))
        ]
    }  # fmt: skip


def statement(before: str | None) -> made.Rows:
    value = None if before is None else Decimal(before)
    change = None if value is None else Decimal(1000) - value
    return {
        "economy/period_comparison": [
            {**made.HERE, "line_order": 1, "line_id": "stat", "label": "Staten", "kind": "line", "year_before": "2030H1",
             "outcome_kr": Decimal(1000), "year_before_kr": value, "change_kr": change, "outcome_tkr": 1,
             "year_before_tkr": made.tkr(value), "change_tkr": made.tkr(change)}
        ]
    }  # fmt: skip


def goals(*given: tuple[str | None, str, int, int, int | None, str, str]) -> made.Rows:
    return {
        "participants/goals": [
            {**made.HERE, "year": 2031, "intervention_id": i, "measure": m, "unit": "percent" if d else "participants",
             "target": t, "numerator": n, "denominator": d, "outcome_percent": Decimal("25.0") if d else None,
             "of_target_percent": Decimal(p), "status": s}
            for i, m, t, n, d, p, s in given
        ]
    }  # fmt: skip


def test_the_year_before_is_shown_by_itself_where_there_is_one():
    assert part(report(None, compared(None) | statement(None))) is None
    there = part(report(None, compared(20) | statement("400")))
    assert [s.title for s in there.sections] == [
        "Deltagare jämfört med första halvåret 2030", "Resultaträkning jämförd med första halvåret 2030"
    ]  # fmt: skip
    assert printed(report(None, compared(20)), "aret-fore-tabell")[0] == ("Deltagare", 31, 20, 11, Decimal(55))


def test_a_chosen_table_without_figures_is_said_to_be_missing():
    said = str(part(report(("balance_sheet", "duration"), {})).blocks)
    assert "Det finns inga uppgifter för första halvåret 2031 om tid i insatsen och balansräkning." in said


def test_the_table_of_goals_takes_the_place_of_the_usual_one():
    more = goals(
        (None, "work_or_study_share", 40, 3, 12, "62.5", "not_met"), ("bron", "participants", 32, 21, None, "65.6", "near")
    )
    document = report(("goals",), more)
    assert "mal-utfall" not in {t.id for t in all_tables(document)}
    assert printed(document, "mal-tabell") == [
        ("Alla individinriktade insatser", "Andel till arbete eller studier av avslutade", 40, Decimal("25.0"), "3 av 12",
         Decimal("62.5"), "Inte\u00a0nått\u00a0än"),
        ("Bron", "Deltagare", 32, 21, "", Decimal("65.6"), "Nära"),
    ]  # fmt: skip


def test_a_balance_sheet_that_does_not_balance_says_so():
    def line(n: int, side: str, closing: str) -> dict[str, Any]:
        money = {"opening_kr": Decimal(0), "change_kr": Decimal(closing), "closing_kr": Decimal(closing)}
        return {**made.HERE, "line_order": n, "line_id": f"l{n}", "label": f"Rad {n}", "side": side, **money}

    held = [line(1, "asset", "100.40"), line(2, "equity", "60.40"), line(3, "liability", "40.00")]
    even = report(("balance_sheet",), {"economy/balance_sheet": held})
    assert "Tillgångarna är" not in str(part(even))
    assert printed(even, "balans-tabell")[-1] == ("Summa eget kapital och skulder", 0, 100, 100)
    odd = report(("balance_sheet",), {"economy/balance_sheet": [*held, line(4, "asset", "0.05")]})
    assert "Tillgångarna är 0,05 kr mer än eget kapital och skulder" in str(part(odd))


def test_the_order_of_the_setting_is_that_of_the_report():
    assert report_settings({"report": {"tables": ["goals", "results"]}}).chosen == ("results", "goals")


def test_the_year_before_is_told_by_the_counts_that_year_was_told_by():
    """So that an edition of that year and one of this cannot tell on each other."""
    marts = rows() | compared(20)
    earlier = [r | {"period": "2030H1"} for r in marts["participants/participant_flow"]]
    marts["participants/period_comparison"][0]["value_year_before"] = sum(r["participants"] for r in earlier)
    every = marts | {"participants/participant_flow": [*marts["participants/participant_flow"], *earlier]}
    cells = Cells(Trace(), lambda mart: every.get(mart, []), frozenset())
    row = WiderCells(cells, {}).rows("participants/period_comparison", every["participants/period_comparison"])[0]
    told = (cells.flow("2030H1", i, g, "participants") for _, i, g in cells.who("2030H1", None, "total"))
    assert row["value_year_before"].terms == summed((terms, 1) for terms in told)


def test_goals_of_insatser_put_together_are_not_shown():
    more = goals(("bron", "participants", 32, 21, None, "65.6", "not_met"), (None, "started", 40, 18, None, "45.0", "not_met"))
    policy = {"method": "coarser", "below": 12, "join": ["interventions"]}
    assert [row[0] for row in printed(report(("goals",), more, disclosure=policy), "mal-tabell")] == [
        "Alla individinriktade insatser"
    ]
