from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from finsam_pipeline.register.model import PeriodKind, Register
from finsam_pipeline.report import arithmetic
from finsam_pipeline.report.counts import Participants
from finsam_pipeline.report.document import Bullets, Document, Note, Paragraph, RowKind, Table
from finsam_pipeline.report.facts import Facts
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline.report.money import Economy
from finsam_pipeline_tests import report_marts as made
from finsam_pipeline_tests.report_marts import PERIOD, Fixed, register, rows


def report(
    changed: made.Rows | None = None, period: str = PERIOD, the_register: Register | None = None, **manifest: object
) -> Document:
    return build_report(Fixed(changed if changed is not None else rows(), **manifest), the_register or register(), period)


def table(document: Document, id_: str) -> Table:
    return next(t for t in document.tables() if t.id == id_)


def cells(found: Table) -> list[tuple[object, ...]]:
    return [row.cells for row in found.rows]


def said(document: Document) -> str:
    texts = []
    for block in document.blocks():
        texts += [block.text] if isinstance(block, (Paragraph, Note)) else list(block.items) if isinstance(block, Bullets) else []
    return " ".join(texts).replace("\u00a0", " ")


def test_participants_per_intervention_stand_in_register_order_with_their_sums():
    found = table(report(), "per-insats-participants")
    assert [c.heading for c in found.columns] == ["Insats", "Kvinnor", "Män", "Annan köns-ID", "Totalt"]
    assert cells(found) == [("Bron", 15, 5, 1, 21), ("Möten", 6, 4, 0, 10), ("Totalt", 21, 9, 1, 31)]
    assert found.label == "Tabell 1"
    assert found.notes == ("Utan deltagare under perioden: Viloår.",)


def test_anonymous_has_a_column_only_when_somebody_is_and_where_they_are_counted():
    flows = {**made.FLOWS, "bron": {**made.FLOWS["bron"], "anonymous": (9, 0, 0)}}
    found = report(rows() | {"participants/participant_flow": made._flow(flows)})
    assert [c.heading for c in table(found, "per-insats-participants").columns][-2:] == ["Anonyma", "Totalt"]
    for measure in ("started", "ended"):  # nobody who is anonymous begins or ends
        assert [c.heading for c in table(found, f"per-insats-{measure}").columns][-2:] == ["Annan köns-ID", "Totalt"]
    assert "9 anonyma deltagare är räknade för hela kalenderåret" in said(found)


def test_a_structural_intervention_is_never_among_the_participants_even_with_rows():
    changed = rows()
    changed["participants/participant_flow"] += made._flow({"dialog": {"woman": (5, 5, 5)}})
    found = report(changed)
    # Its rows are not counted in the totals of a table that does not show it, nor in the sentences.
    assert cells(table(found, "per-insats-participants"))[-1] == ("Totalt", 21, 9, 1, 31)
    assert "31 deltagare (21 kvinnor" in said(found)


def test_exit_reasons_follow_the_code_list_and_add_up_both_ways():
    found = table(report(), "avslutsorsaker")
    assert cells(found) == [
        ("Arbete", 1, 3, 4),
        ("Studier", 1, 0, 1),
        ("Annat", 3, 6, 9),
        ("Totalt avslutade", 5, 9, 14),
    ]


def test_uppgift_saknas_gets_a_row_when_somebody_ended_without_a_reason():
    changed = rows()
    changed["participants/exit_reasons"][0]["exit_reason"] = "uppgift_saknas"
    assert ("Uppgift saknas", 1, 0, 1) in cells(table(report(changed), "avslutsorsaker"))


def test_reasons_nobody_gave_are_not_counted_as_a_zero_to_work_or_study():
    changed = rows()
    for row in changed["participants/exit_reasons"]:
        row["exit_reason"] = "uppgift_saknas"
    text = said(report(changed))
    assert "Avslutsorsak saknas för alla 14 avslutade." in text
    assert "Till arbete" not in text
    assert "Vanligaste" not in text


def test_a_missing_reason_stays_in_the_denominator_and_is_said():
    changed = rows()
    changed["participants/exit_reasons"][1]["exit_reason"] = "uppgift_saknas"
    text = said(report(changed))
    assert "Till arbete eller studier avslutades 5 av 14 (36 procent)" in text
    assert "Avslutsorsak saknas för 3 av 14 avslutade (21 procent)." in text
    assert "Vanligaste avslutsorsaken var ”Annat”: 6 av 14 avslutade" in text


def test_the_flow_figure_is_drawn_from_the_sums_of_the_marts():
    flow = report().figures()[0]
    assert flow.label == "Figur 1"
    assert [row.cells[1] for row in flow.table.rows] == [13, 18, 14, 17]
    assert flow.table.rows[0].cells[0] == "Kvar från andra halvåret 2030"


def test_a_target_stands_beside_its_outcome_and_the_share_of_it():
    assert cells(table(report(), "mal-utfall")) == [("Bron", "Deltagare", 32, 21, Decimal(66))]


def test_the_income_statement_prints_mart_cells_in_the_layouts_columns():
    found = table(report(), "resultatrakning")
    assert [c.heading for c in found.columns] == ["Post", "Utfall jan–juni", "Budget jan–juni", "Differens"]
    assert [r.kind for r in found.rows][:2] == [RowKind.SECTION, RowKind.LINE]
    assert ("Summa intäkter", 2001, 2000, 1) in cells(found)
    assert found.rows[-1].cells == ("Ingående eget kapital", 900, None, None)
    assert found.rows[-1].blank == ""


def test_a_layout_that_turns_the_sign_and_the_columns_is_followed():
    layout = register().report_layouts[0]
    turned = replace(layout.income_statement, columns=("budget", "outcome", "difference"), difference="budget_minus_outcome")
    newest = replace(layout, income_statement=turned)
    later = replace(layout, valid_from=layout.valid_from.replace(year=2040))
    found = table(report(the_register=register(report_layouts=(later, newest))), "resultatrakning")
    assert ("Kansli", 650, 700, -50) in cells(found)
    assert "budget − utfall" in found.notes[0]


def test_sums_per_insats_are_made_of_ore_and_rounded_once():
    found = table(report(), "insatsbudget")
    assert ("Bron", 1000001, 900000, 100001) in cells(found)
    # 1 000 000,50 + 200 000,50 is 1 200 001 kr; the rounded lines would make 1 200 002.
    assert ("Summa individinriktade insatser", 1200001, 1300000, -99999) in cells(found)
    assert cells(found)[-1] == ("Summa", 1500001, 1600000, -99999)


def with_settled() -> tuple[made.Rows, Register]:
    """Bron settled: 1 000 000 kr of the line Insatser, in the outcome and in no difference."""
    changed = rows()
    changed["economy/intervention_budget"][0] = made.budget_row("bron", "individual", "1000000", "0", settled=True)
    booked = {"association": "provby", "account": "4010", "intervention_id": "bron", "line_id": "insatser", "rows": 1}
    changed["economy/ledger_month"] = [
        {**booked, "month": "2031-02", "amount_kr": Decimal(1000000)},
        {**booked, "month": "2031-07", "amount_kr": Decimal(70)},  # after the period
        {**booked, "month": "2031-03", "intervention_id": "mote", "amount_kr": Decimal(500500)},
    ]
    for row in changed["economy/income_statement"]:
        sign = {"insatser": 1, "alla_ut": 1, "res": -1}.get(row["line_id"])
        if sign:
            row["difference_kr"] -= sign * 1000000
            row["difference_tkr"] = made.tkr(row["difference_kr"])
    known = (made.intervention("bron", "Bron", settled=True), *register().interventions[1:])
    return changed, register(interventions=known)


def test_a_settled_insats_stands_below_the_sum_that_has_a_difference():
    changed, known = with_settled()
    found = table(report(changed, the_register=known), "insatsbudget")
    # What is left is -199 999,50 kr, rounded away from zero.
    assert cells(found)[-4:] == [
        ("Summa", 500001, 700000, -200000),
        ("Avräknade insatser", None, None, None),
        ("Bron", 1000000, None, None),
        ("Summa med avräknade insatser", 1500001, 700000, None),
    ]


def test_a_settled_line_has_a_dash_for_its_budget_and_a_line_without_one_a_zero():
    changed, known = with_settled()
    line = next(r for r in changed["economy/income_statement"] if r["line_id"] == "insatser")
    zero = {"budget_kr": Decimal(0), "budget_tkr": 0}
    line |= zero | {"difference_kr": None, "difference_tkr": None}
    office = next(r for r in changed["economy/income_statement"] if r["line_id"] == "kansli")
    office |= zero | {"difference_kr": office["outcome_kr"], "difference_tkr": office["outcome_tkr"]}
    found = table(report(changed, the_register=known), "resultatrakning")
    assert ("Insatser", 1501, None, None) in cells(found)
    assert ("Kansli", 700, 0, 700) in cells(found)


def test_a_difference_without_the_settled_is_right_and_the_text_says_both_sums():
    changed, known = with_settled()
    document = report(changed, the_register=known)
    assert "Utan avräknade insatser (Bron) var intäkterna 2 001 tkr och kostnaderna 1 201 tkr." in said(document)
    _, found = arithmetic.statement(Economy(Facts.of(Fixed(changed), known, PERIOD)))
    assert all(d.rounding for d in found)
    assert "Utan avräknade" not in said(report())


def test_an_insats_with_neither_outcome_nor_budget_stands_in_a_note():
    changed = rows()
    changed["economy/intervention_budget"].append(made.budget_row("vilan", "individual", "0", "0"))
    found = table(report(changed), "insatsbudget")
    assert "Viloår" not in [row[0] for row in cells(found)]
    assert found.notes[-1] == "Utan utfall och budget under perioden: Viloår."


def test_income_and_cost_are_set_beside_their_budgets():
    assert "Jämfört med budget var intäkterna 1 tkr högre och kostnaderna 50 tkr lägre." in said(report())


def test_exits_without_any_reason_are_a_sentence_and_no_table():
    changed = rows()
    for row in changed["participants/exit_reasons"]:
        row["exit_reason"] = "uppgift_saknas"
    document = report(changed)
    assert "Avslutsorsak saknas för alla 14 avslutade." in said(document)
    assert not [t for t in document.tables() if t.id.startswith("avslutsorsaker")]


def test_without_a_budget_the_cells_are_empty_and_no_word_of_surplus_is_said_of_it():
    changed = rows()
    changed["economy/intervention_budget"] = [made.budget_row("bron", "individual", "5000", None)]
    found = report(changed)
    assert ("Bron", 5000, None, None) in cells(table(found, "insatsbudget"))
    assert "än budget" not in said(found)


def test_costs_stand_in_the_order_individual_structural_office():
    figure = next(f for f in report().figures() if f.id == "kostnadsfordelning")
    assert [row.cells for row in figure.table.rows] == [
        ("Individinriktade insatser", 1200, Decimal("54.5")),
        ("Strukturella insatser", 300, Decimal("13.7")),
        ("Kansli, styrelse med mera", 700, Decimal("31.8")),
    ]


def test_only_measurements_up_to_the_period_are_shown():
    found = table(report(), "programtrohet-tabell")
    assert [row.cells[2] for row in found.rows] == [Decimal("95.00")]
    assert found.rows[0].cells[4] is None


def test_the_summary_says_the_result_by_its_sign():
    first = report().sections[0]
    text = " ".join(b for block in first.blocks if isinstance(block, Bullets) for b in block.items).replace("\u00a0", " ")
    assert "underskott på 200 tkr" in text
    assert "Budgeterat var ett underskott på 250 tkr" in text
    assert "31 deltagare (21 kvinnor, 9 män och 1 med annan köns-ID) tog del av två individinriktade insatser" in text


def test_tables_and_figures_are_numbered_in_reading_order_without_gaps():
    document = report()
    assert [t.label for t in document.tables() if t.label] == [f"Tabell {n}" for n in range(1, 7)]
    assert [f.label for f in document.figures()] == [f"Figur {n}" for n in range(1, 6)]
    assert [s.number for s in document.sections] == ["", "1", "2", "3", "4", "5"]  # with the chapter that waits for texts
    assert document.sections[1].sections[1].number == "1.2"


def test_an_event_insats_with_more_ended_than_took_part_is_said_and_not_hidden():
    text = said(report())
    assert "Möten, män: 7 avslutade men 4 deltagare; −3 kvar efter perioden." in text
    assert "Möten räknar som deltagare de som började under perioden" in text


def test_reasons_that_do_not_add_up_to_the_ended_are_said():
    changed = rows()
    changed["participants/exit_reasons"][0]["ended"] = 2
    facts = Facts.of(Fixed(changed), register(), PERIOD)
    assert arithmetic.exits(Participants(facts)) == ["Bron: 5 avslutade men 6 avslutsorsaker."]


def test_a_rounded_sum_is_told_from_one_that_is_wrong_in_kronor():
    changed = rows()
    facts = Facts.of(Fixed(changed), register(), PERIOD)
    tried, found = arithmetic.statement(Economy(facts))
    assert tried == 3 * 3 + 7
    by_row = {(d.row, d.column): d for d in found}
    rounded = by_row["Summa intäkter", "Utfall"]
    assert (rounded.printed, rounded.of_parts, rounded.rounding) == (2001, 2000, True)

    office = next(r for r in changed["economy/income_statement"] if r["line_id"] == "kansli")
    office |= {"difference_kr": Decimal(0), "difference_tkr": 0}
    _, found = arithmetic.statement(Economy(Facts.of(Fixed(changed), register(), PERIOD)))
    wrong = next(d for d in found if (d.row, d.column) == ("Kansli", "Differens"))
    assert (wrong.printed, wrong.of_parts, wrong.rounding) == (0, 50, False)


def test_costs_that_differ_between_two_tables_are_said():
    changed = rows()
    assert arithmetic.between_tables(Economy(Facts.of(Fixed(changed), register(), PERIOD))) == []
    changed["economy/cost_distribution"][0]["cost_kr"] -= 1000
    assert "1\u00a0000 kr" in arithmetic.between_tables(Economy(Facts.of(Fixed(changed), register(), PERIOD)))[0]


@pytest.mark.parametrize(("paid", "deviates"), [("1000402", False), ("1000406", True)])
def test_contributions_may_be_a_krona_off_the_agreement(paid: str, deviates: bool):
    changed = rows()
    changed["economy/financing"][0]["outcome_kr"] = Decimal(paid)
    found = arithmetic.shares(Economy(Facts.of(Fixed(changed), register(), PERIOD)))
    assert [m.deviates for m in found] == [deviates, deviates]


def test_what_was_held_back_is_counted_per_source_without_naming_a_file():
    document = report()
    assert ("Deltagaruppföljning", 1, "1\u00a0augusti\u00a02031", 40, 37, 3, 0) in cells(table(document, "leveranser"))
    assert "40 rader har lästs ur 2 filer. 3 står i karantän" in said(document)
    assert "1 fil kunde inte läsas" in said(document)
    assert [row.cells[0] for row in table(document, "regler").rows] == ["P005", "P007"]
    assert "hemligt" not in str(document)


def test_sources_that_disagree_are_listed_with_the_gender_that_differs():
    found = table(report(), "avstamning-tabell")
    assert cells(found) == [("Bron", "Män", 7, 5, 2), ("Bron", "Totalt", 22, 21, 1)]


def test_a_slice_held_back_is_said_first_of_all():
    held = [
        {"association": "provby", "family": "economy", "stale": True},
        {"association": "annan", "family": "participants", "stale": True},
    ]
    notes = [b for b in report(slices=held).sections[0].blocks if isinstance(b, Note)]
    assert [n.text.split(" har")[0] for n in notes] == ["De ekonomiska uppgifterna"]


def test_the_day_of_the_figures_is_the_associations_own_when_the_manifest_has_it():
    own = {"provby": {"as_of": "2031-08-01"}, "annan": {"as_of": "2031-08-15"}}
    assert report(associations=own).as_of == dt.date(2031, 8, 1)
    assert report(associations={}).as_of == dt.date(2031, 8, 15)


def test_another_associations_rows_and_another_periods_are_not_read():
    changed = rows()
    for mart, own in list(changed.items()):
        other = [{**row, "association": "annan"} for row in own]
        changed[mart] = [*own, *other, *({**row, "period": "2031H2"} for row in own if "period" in row)]
    assert report(changed) == report()


@pytest.mark.parametrize("marts", [{}, {name: [] for name in rows()}], ids=["absent", "empty"])
def test_a_report_without_any_marts_says_so(marts: made.Rows):
    document = report(marts)
    assert "Uppgifter om deltagare saknas" in said(document)
    assert "Ekonomiska uppgifter saknas" in said(document)
    assert document.tables() == []


@pytest.mark.parametrize(
    ("kind", "period", "title"),
    [
        (PeriodKind.TERTIAL, "2031T2", "Tertialrapport"),
        (PeriodKind.QUARTER, "2031Q3", "Kvartalsrapport"),
        (PeriodKind.YEAR, "2031", "Helårsrapport"),
    ],
)
def test_any_kind_of_period_has_its_report(kind: PeriodKind, period: str, title: str):
    changed = {m: [{**row, "period": period} if "period" in row else row for row in own] for m, own in rows().items()}
    document = report(changed, period, register(period_kind=kind))
    assert document.title == title
    assert document.period_words in document.tables()[0].caption


def test_what_is_no_period_is_refused():
    with pytest.raises(ValueError, match="2025H1"):
        report(period="2031H3")


def test_one_insats_is_not_told_as_several():
    alone = rows() | {
        "participants/participant_flow": made._flow({"bron": made.FLOWS["bron"]}),
        "economy/intervention_budget": rows()["economy/intervention_budget"][:1],
    }
    words = said(report(alone, the_register=register(interventions=register().interventions[:1])))
    assert "flera insatser" not in words
    assert "Bron har högre kostnad än budget: ett underskott på 100 tkr." in words
    assert "tillsammans" not in words
    assert "Störst avvikelse" not in words
    assert "flera insatser" in said(report())
