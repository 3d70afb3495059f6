"""Marts to a report: a document of sections, tables and figures, and the formats it is rendered in.

Knows labels, sentences and looks; never where the marts come from, and writes no file.
"""

from finsam_pipeline.report.facts import Marts
from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline.report.html import render_html

__all__ = ["Marts", "build_report", "render_html"]
