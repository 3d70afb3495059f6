"""Every figure of the project's own example has its rows."""

from __future__ import annotations

from pathlib import Path

from finsam_pipeline.models.explain import explained_marts
from finsam_pipeline.pipeline.at_hand import open_at_hand, standing_snapshot
from finsam_pipeline_tests.explained import unequal
from finsam_pipeline_tests.workspaces import Office


def test_every_figure_of_the_example_is_what_its_contributions_come_to(demo_home: Path):
    snapshot = standing_snapshot(demo_home)
    (association,) = {s["association"] for s in snapshot.manifest["slices"]}
    with open_at_hand(demo_home, association, snapshot, None).build() as built:
        wrong, counted = unequal(built)
    assert wrong == []
    assert [m for m in explained_marts() if not counted.get(m)] == []


def test_a_printed_figure_leads_to_rows_that_lead_back_to_it(demo_home: Path):
    example = Office(demo_home)
    there = example.finsam("explain", "cost_distribution", "period=2025H1", "category=office", "--json")
    assert there.status == 0, there.err
    rows = [c for c in there.json["contributions"] if c["measure"] == "cost_kr"]
    back = example.finsam("explain", "--row", rows[0]["path"], rows[0]["row"], "--json")
    assert back.status == 0, back.err
    assert [
        f["contribution"]
        for f in back.json["figures"]
        if (f["mart"], f["measure"], f["key"].get("period")) == ("economy/cost_distribution", "cost_kr", "2025H1")
    ] == [rows[0]["contribution"]]


def test_what_a_key_may_be_is_told_in_its_own_order(demo_home: Path):
    said = Office(demo_home).finsam("explain", "income_statement", "line_order=5").err
    orders = [int(word) for word in said.partition("Det finns: ")[2].rstrip(".\n").split(", ")]
    assert orders == sorted(orders)
    assert len({len(str(order)) for order in orders}) > 1
