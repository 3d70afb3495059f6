"""What paper needs: the numbers behind the figures, and columns in which no word is broken."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from finsam_pipeline.register.reporting import contrast
from finsam_pipeline.report.document import Column, Document, Format, Row, RowKind, Section, Table
from finsam_pipeline.report.identity import Palette
from finsam_pipeline.report.paper import LETTERS, column_shares, for_paper, picture_width
from finsam_pipeline_tests.report_settings import report


def table(*heads: Column, rows: tuple[Row, ...]) -> Table:
    return Table("t", "T", heads, rows)


def test_numbers_that_stand_in_a_figure_only_get_a_table_of_their_own():
    document = report()
    appendix = for_paper(document).sections[-1]
    assert (appendix.title, int(appendix.number)) == ("Talen i figurerna", int(document.sections[-1].number) + 1)
    captions = [block.caption for block in appendix.blocks if isinstance(block, Table)]
    assert [c.partition(":")[0] for c in captions] == ["Figur 1", "Figur 4", "Figur 5"]
    assert all(isinstance(b, Table) and not b.label for b in appendix.blocks[1:])  # no second "Tabell 1"


def test_a_figure_drawn_from_a_printed_table_needs_none():
    without = {figure.id for figure in report().figures_without_table()}
    assert "per-insats-participants-figur" not in without
    assert "flode" in without


def test_columns_share_the_whole_width_and_no_word_is_broken():
    for printed in for_paper(report()).tables():
        shares = column_shares(printed)
        assert sum(shares) == pytest.approx(1)
        for n, share in enumerate(shares):
            cells = [str(r.cells[n]) for r in printed.rows if r.kind is not RowKind.SECTION]
            longest = max(
                len(word) for text in (printed.columns[n].heading, *cells) for word in text.replace("-", "- ").split(" ")
            )
            assert share * LETTERS >= longest


def test_a_long_text_takes_what_is_left_and_figures_what_they_need():
    found = column_shares(
        table(Column("A", Format.TEXT), Column("B"), Column("C", Format.TEXT), rows=(Row(("kort", 12, "ord " * 40)),))
    )
    assert found[1] * LETTERS < 8
    assert found[2] * LETTERS == pytest.approx(46, abs=4)


def wide(columns: int, label: str = "Tabell 4") -> Document:
    heads = (Column("Insats", Format.TEXT), *(Column(f"Kolumnrubrik{n}") for n in range(columns)))
    made = Table("bred", "Bred", heads, (Row(("Namn", *range(columns))),), label, ("Not.",))
    return replace(report(), sections=(Section("s", "S", (made,)),))


def test_a_table_wider_than_the_page_stands_in_even_parts_each_with_its_labels():
    parts = for_paper(wide(14)).tables()
    assert [len(p.columns) for p in parts] == [4, 5, 4, 5]
    assert [p.label for p in parts] == ["Tabell 4", "", "", ""]  # one number
    assert [p.caption for p in parts[:2]] == ["Bred (del 1 av 4)", "Tabell 4, fortsättning. Bred (del 2 av 4)"]
    assert len({p.id for p in parts}) == 4
    assert [p.notes for p in parts] == [(), (), (), ("Not.",)]
    assert {p.rows[0].cells[0] for p in parts} == {"Namn"}
    assert [c for p in parts for c in p.rows[0].cells[1:]] == list(range(14))


def test_a_table_that_fits_or_cannot_be_helped_stays_whole():
    assert for_paper(wide(3)).tables() == wide(3).tables()
    endless = Table("t", "T", (Column("Insats", Format.TEXT),), (Row(("x" * 200,)),))
    document = replace(report(), sections=(Section("s", "S", (endless,)),))
    assert for_paper(document).tables() == [endless]


def test_a_high_figure_is_set_narrower_so_that_it_stays_on_its_page():
    assert picture_width('<svg viewBox="0 0 374.4 187.2">', 116.0) == 116.0
    assert picture_width('<svg viewBox="0 0 374.4 748.8">', 116.0) == pytest.approx(107.5)


def test_text_can_be_read_on_every_ground_and_bars_told_apart_without_colour():
    colours = Palette()
    for ground in ("#ffffff", colours.wash):
        assert all(contrast(ink, ground) >= 4.5 for ink in (colours.ink, colours.soft, colours.accent))
    assert contrast(colours.warn, colours.warn_wash) >= 4.5
    fills = (colours.accent, colours.second, colours.third, "#ffffff")
    assert all(contrast(a, b) > 1.3 for a, b in pairwise(fills))
    assert contrast(colours.ink, "#ffffff") >= 3  # every bar has an edge of ink
