"""The data dictionary's page: everything declared stands there, drawn lineage included, and it asks nobody for anything."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from finsam_pipeline.contracts.marts import MARTS
from finsam_pipeline.models.dictionary_page import main, page
from finsam_pipeline.models.lineage import Lineage, column_lineage
from finsam_pipeline.models.lineage_drawing import drawing, upstream
from finsam_pipeline.models.project import packaged_project

SMALL: Lineage = {
    "stg": {"a": [("accepted.file", "x")], "unused": [("accepted.file", "y")]},
    "mid": {"b": [("stg", "a")]},
    "mart": {"k": [("stg", "a")], "m": [("mid", "b")], "constant": []},
}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def whole() -> tuple[str, Lineage]:
    lineage = column_lineage(packaged_project())
    return page(lineage), lineage


def drawn(lineage: Lineage, model: str) -> ET.Element:
    return ET.fromstring(drawing(lineage, model, "a < b").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))  # noqa: S314 - our own text


def test_upstream_follows_every_column_to_its_source_and_nothing_else():
    assert upstream(SMALL, "mart") == [
        (("accepted.file", "x"), ("stg", "a")),
        (("mid", "b"), ("mart", "m")),
        (("stg", "a"), ("mart", "k")),
        (("stg", "a"), ("mid", "b")),
    ]


def test_sources_stand_left_of_what_is_made_of_them():
    boxes = {g.find(f"{SVG}text").text: float(g.find(f"{SVG}rect").get("x")) for g in drawn(SMALL, "mart").iter(f"{SVG}g")}
    assert boxes["accepted.file"] < boxes["stg"] < boxes["mid"] < boxes["mart"]


def test_a_box_holds_the_columns_on_the_way_and_all_of_the_marts_own():
    boxes = {
        g.find(f"{SVG}text").text: [t.text for t in g.findall(f"{SVG}text")][1:] for g in drawn(SMALL, "mart").iter(f"{SVG}g")
    }
    assert boxes == {"accepted.file": ["x"], "stg": ["a"], "mid": ["b"], "mart": ["k", "m", "constant"]}


def test_no_two_boxes_of_any_mart_overlap(whole: tuple[str, Lineage]):
    for contract in MARTS.values():
        model = next(m.name for m in packaged_project().models if m.mart == contract.path)
        rects = [tuple(float(r.get(k)) for k in ("x", "y", "width", "height")) for r in drawn(whole[1], model).iter(f"{SVG}rect")]
        for n, (x, y, width, height) in enumerate(rects):
            for x2, y2, width2, height2 in rects[n + 1 :]:
                assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y, model


def test_every_column_stands_there_in_both_languages(whole: tuple[str, Lineage]):
    text = unescape(whole[0])
    for contract in MARTS.values():
        assert all(c.description_sv in text and c.description_en in text for c in contract.columns), contract.path
        assert f'id="{contract.path.replace("/", "-")}"' in text
    assert text.count("<svg ") == len(MARTS)


def test_it_asks_nobody_for_anything(whole: tuple[str, Lineage]):
    assert not re.search(r"""href=(?!"#)|src=|url\(|@import|<script|<link|https?:""", whole[0])


def test_it_is_written_where_it_is_asked_for(tmp_path: Path, whole: tuple[str, Lineage]):
    file = tmp_path / "build" / "dictionary.html"
    assert main([str(file)]) == 0
    assert file.read_text(encoding="utf-8") == whole[0]
    assert main([]) == 2
