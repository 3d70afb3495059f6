"""A register whose `report:` says everything it can, and the report made with it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from finsam_pipeline.report.halfyear import build_report
from finsam_pipeline_tests.report_marts import PERIOD, Fixed, register, rows

if TYPE_CHECKING:
    from finsam_pipeline.register.model import Register
    from finsam_pipeline.report.document import Document

ACCENT, SECOND, THIRD = "#7a143c", "#c9788f", "#f3dfc1"
SETTINGS = {
    "logo": "logotyp.png",
    "colours": {"accent": ACCENT, "second": SECOND, "third": THIRD},
    "contact": {"name": "Kansliet & co", "email": "kansli@exempel.se", "phone": "08-123"},
    "periods": {PERIOD: {"diary_number": "FS 2031/0017", "decided_on": "2031-09-12"}},
}


def logo(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (120, 60), ACCENT).save(out, kind)
    return out.getvalue()


def dressed_register() -> Register:
    return replace(register(), organisation_number="222000-0000", settings={"report": SETTINGS}, logo=logo())


def report(*, dressed: bool = True, draft: bool = True) -> Document:
    return build_report(Fixed(rows()), dressed_register() if dressed else register(), PERIOD, draft=draft)
