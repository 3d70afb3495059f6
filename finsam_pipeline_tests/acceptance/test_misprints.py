"""What the published reports got wrong: each third figure is what the example's marts say, and the page shows them all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from finsam_pipeline.demo.figures import table
from finsam_pipeline.demo.misprints import asked, misprints
from finsam_pipeline.register import load_register
from finsam_pipeline.store.reader import open_snapshot

ROWS = table("published/misprints.csv")


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['period']} {r['place']}" for r in ROWS])
def test_the_marts_say_what_the_page_says_they_do(demo_home: Path, row: dict[str, str]):
    marts = open_snapshot(demo_home).path / "marts.duckdb"
    with duckdb.connect(str(marts), read_only=True) as connection:
        assert asked(connection, row["query"]) == int(row["computed"])


def test_an_artefact_of_rounding_is_reproduced_and_a_mistake_is_not():
    for row in ROWS:
        if row["kind"] == "avrundning":
            assert abs(int(row["printed"])) == abs(int(row["computed"])), row["place"]
    mistakes = {r["place"] for r in ROWS if r["kind"] == "fel" and r["printed"] != r["computed"]}
    assert any("Avskrivningar" in place for place in mistakes)


def test_the_page_holds_every_row(demo_home: Path):
    register = load_register(demo_home / "config" / "stockholm")
    document = misprints(open_snapshot(demo_home), register)
    assert sum(len(t.rows) for t in document.tables()) == len(ROWS)
    page = (demo_home / "reports" / "stockholm" / "tryckta-rapporter.html").read_text("utf-8")
    assert all(t.caption in page for t in document.tables())


def test_a_query_that_gives_no_one_figure_is_refused():
    with duckdb.connect() as connection, pytest.raises(ValueError, match="not one figure"):
        asked(connection, "select 1 where false")
