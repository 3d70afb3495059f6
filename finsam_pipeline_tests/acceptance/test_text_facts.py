"""Every quantitative statement of the published reports comes out of a mart, or has a reason why no data carry it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline_tests.acceptance.text_facts import CONTRADICTED, MADE, NARROWER, REASONS, Marts

PERIODS = ("2021H1", "2025H1")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "text-facts.md"


class Statement(NamedTuple):
    id: str
    period: str
    metric: str
    dimension: str
    qualifier: str
    value: str
    unit: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.period, self.metric, self.dimension


@pytest.fixture(scope="module")
def statements(shared: Path) -> list[Statement]:
    found = []
    for period in PERIODS:
        with (shared / "golden" / period / "text_facts.csv").open(encoding="utf-8", newline="") as file:
            found += [
                Statement(r["id"], period, r["metric"], r["dimension"], r["qualifier"], r["value"], r["unit"])
                for r in csv.DictReader(file)
            ]
    return found


@pytest.fixture(scope="module")
def marts(demo_home: Path) -> dict[str, Marts]:
    snapshot = open_snapshot(demo_home)
    return {period: Marts(snapshot, period) for period in PERIODS}


def made(statement: Statement) -> bool:
    return statement.metric in MADE and statement.key not in NARROWER


def agrees(statement: Statement, actual: Decimal) -> bool:
    printed = Decimal(statement.value)
    if statement.qualifier in {"drygt", "cirka", "ca"}:
        low = Decimal(1) if statement.qualifier == "drygt" else Decimal("0.95")
        return printed * low <= abs(actual) <= printed * Decimal("1.05")
    return printed == actual


def test_every_statement_has_a_figure_or_a_reason(statements):
    left = sorted({s.metric for s in statements} - set(MADE) - set(REASONS))
    assert left == []


def test_the_table_speaks_of_no_metric_that_is_not_stated(statements):
    assert sorted((set(MADE) | set(REASONS)) - {s.metric for s in statements}) == []
    assert sorted((set(NARROWER) | set(CONTRADICTED)) - {s.key for s in statements}) == []


def test_the_marts_make_every_stated_figure(statements, marts):
    wrong = []
    for statement in filter(made, statements):
        actual = Decimal(MADE[statement.metric](marts[statement.period], statement.dimension))
        if agrees(statement, actual) is (statement.key in CONTRADICTED):
            wrong.append((statement.id, statement.metric, statement.dimension, statement.value, str(actual)))
    assert wrong == []


def test_every_figure_of_persons_money_and_share_is_made(statements):
    """What is left without data are staffing, dates and descriptions, besides what NARROWER names."""
    units = {"participants", "tkr", "percent", "points"}
    without = {s.key for s in statements if s.unit in units and not made(s)}
    allowed = {("2021H1", "staff_share", "Arbetslagshälsan"), ("2025H1", "group_size", "Aktivitetsplatsen")}
    assert without <= allowed


def test_the_published_page_has_the_count(statements):
    """docs/text-facts.md states how many; a statement that moves makes it wrong."""
    page = PAGE.read_text(encoding="utf-8")
    count = Counter((s.period, made(s)) for s in statements)
    for period in PERIODS:
        row = re.search(rf"\| {period} \| (\d+) \| (\d+) \| (\d+) \|", page)
        assert row is not None
        assert tuple(map(int, row.groups())) == (
            count[period, True] + count[period, False],
            count[period, True],
            count[period, False],
        )
