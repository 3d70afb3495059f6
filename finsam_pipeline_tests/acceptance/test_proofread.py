"""The proof-reader on published reports and on the project's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from finsam_pipeline.proofread import proofread, read_report
from finsam_pipeline.register import load_register
from finsam_pipeline.report.formats import draw
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline.report.pdf import render_pdf
from finsam_pipeline.report.word import render_docx
from finsam_pipeline.store.reader import open_snapshot
from finsam_pipeline_tests.command import finsam
from finsam_pipeline_tests.workspaces import Office
from finsam_pipeline_tests.written_reports import half_year_2021

# What stands against what, in print; kr and tkr as printed.
ERRORS_2025 = {
    ("0 tkr", "−37 tkr"),  # Avskrivningar
    ("−259 tkr", "−222 tkr"),  # the sum of its lines
    ("17 avslutade", "14 deltagare"),
    ("68 procent av männen och 32 procent av kvinnorna", "38 personer"),
    ("knappt 1 098 tkr", "−1 096 230 kr"),
}
ROUNDING_2025 = {
    ("444 tkr", "443 tkr"),
    ("−1 916 tkr", "−1 917 tkr"),
    ("0 tkr", "−1 tkr"),
    ("−57 tkr", "−58 tkr"),
    ("16 967 tkr", "16 968 tkr"),
    ("3 914 tkr", "3 916 tkr"),
    ("−491 tkr", "−490 tkr"),
    ("40 781 tkr", "40 782 tkr"),
}
ERRORS_2021 = {
    ("676 deltagare", "571"),
    ("14 281 tkr", "14 488 500 kr"),
    ("905 tkr", "712 000 kr"),
    ("15 186 tkr", "15 200 500 kr"),
    ("2 938 tkr", "−2 952 805 kr"),
    ("226 tkr", "−1 813 tkr"),
    ("2 938 tkr", "900 tkr"),
    ("3 154 tkr", "1 116 tkr"),
    ("underskott drygt 1 100 tkr", "1 100 518 kr under budget"),
    ("Avvikelse = utfall − budget", "Differens = budget − utfall"),
}
FOLLOW_2021 = {  # of the same contradictions: the parts of the total, and differences of budgets that differ
    ("281 kvinnor", "277"),
    ("321 män", "292"),
    ("74 anonyma", "2"),
    ("240 tkr", "−46 925 kr"),
    ("2 698 tkr", "−2 905 880 kr"),
}
ROUNDING_2021 = {
    ("108 tkr", "109 tkr"),
    ("14 286 tkr", "14 287 tkr"),
    ("12 247 tkr", "12 247 695 kr"),
    ("3 028 tkr", "3 029 tkr"),
    ("2 812 tkr", "2 811 tkr"),
    ("216 tkr", "217 tkr"),
    ("2 590 tkr", "2 591 tkr"),
    ("15 059 tkr", "15 060 tkr"),
}


def pairs(findings) -> set[tuple[str, str]]:
    return {(f.printed.text.replace("\u00a0", " "), f.other.text.replace("\u00a0", " ")) for f in findings}


def test_the_published_report_of_2025(shared):
    proof = proofread(read_report(shared / "reports" / "2025H1.txt"))
    assert pairs(proof.errors) == ERRORS_2025
    assert pairs(proof.rounding) == ROUNDING_2025
    assert len(proof.findings) == len(ERRORS_2025) + len(ROUNDING_2025) + 1  # 444 stands twice


def test_a_report_with_the_figures_and_the_layout_of_2021(shared, tmp_path):
    file = tmp_path / "rapport.txt"
    file.write_text(half_year_2021(shared / "golden" / "2021H1"), encoding="utf-8")
    proof = proofread(read_report(file))
    assert pairs(proof.errors) == ERRORS_2021 | FOLLOW_2021
    assert pairs(proof.rounding) == ROUNDING_2021


@pytest.mark.parametrize("period", ["2021H1", "2025H1"])
@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_the_project_s_own_reports_give_nothing(demo_home: Path, tmp_path: Path, period: str, format_: str):
    association = next((demo_home / "config").iterdir())
    document = build_report(open_snapshot(demo_home), load_register(association), period)
    render = {"docx": render_docx, "pdf": render_pdf}[format_]
    file = tmp_path / f"rapport.{format_}"
    file.write_bytes(render(document, draw(document)))
    said = Office(demo_home).finsam("proofread", file, "--association", association.name, "--period", period, "--json")
    assert said.status == 0, said.out
    assert said.json["findings"] == []
    assert said.json["tables"] > 10
    assert said.json["explained"] > 0


def test_what_the_command_says(shared, demo_home):
    said = Office(demo_home).finsam("proofread", shared / "reports" / "2025H1.txt")
    assert said.status == 3
    assert "Stämmer inte (5)" in said.out
    assert "Skillnader som avrundning förklarar (9)" in said.out


def test_against_the_marts(shared, demo_home):
    """The one figure that is wrong in print and right in the marts."""
    association = next((demo_home / "config").iterdir()).name
    report = shared / "reports" / "2025H1.txt"
    said = Office(demo_home).finsam("proofread", report, "--association", association, "--period", "2025H1", "--json")
    against = [f for f in said.json["findings"] if f["kind"] == "mart"]
    assert [(f["printed"]["figure"].replace("\u00a0", " "), "Avskrivningar" in f["printed"]["place"]) for f in against] == [
        ("0 tkr", True)
    ]


def test_wrong_usage(tmp_path, demo_home):
    assert finsam("proofread", tmp_path / "inte.docx").status == 2
    file = tmp_path / "rapport.txt"
    file.write_text("Totalt har 190 deltagare (94 kvinnor och 96 män) avslutats under året.", encoding="utf-8")
    assert finsam("proofread", file, "--association", "a").status == 2
    said = Office(demo_home).finsam("proofread", file, "--association", "finns-inte", "--period", "2025H1", "--json")
    assert (said.status, said.json["error"]) == (2, "usage")
    assert finsam("proofread", file).status == 0
    assert json.loads(finsam("proofread", file, "--json").out)["figures"] == 3
