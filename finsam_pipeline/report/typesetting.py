"""The typesetter: one compiler with its fonts, for pages (PDF) and for pictures (PNG).

The fonts are those that come with typst (Libertinus Serif) and with matplotlib (DejaVu Sans), never the machine's: the same
document gives the same bytes everywhere. Nothing is fetched. Does not belong here: what is set.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typst

PIXELS_PER_INCH = 220
_KEPT_FOR = 10  # compilations
_PICTURES = b"""\
#set page(width: 5.2in, height: auto, margin: 0pt, fill: white)
#for (n, drawing) in json(bytes(sys.inputs.drawings)).enumerate() {
  if n > 0 { pagebreak() }
  image(bytes(drawing), format: "svg", width: 100%)
}
"""


def pdf(source: bytes, data: str, timestamp: int) -> bytes:
    """A PDF/A-2a that is PDF/UA-1 as well. `data` is what the source reads as `sys.inputs.data`; `timestamp` in UNIX seconds.

    typst refuses to write a file that breaks either standard where it can tell: missing title, language, alternative text.
    """
    made = _compiler().compile(
        source, format="pdf", pdf_standards=["a-2a", "ua-1"], sys_inputs={"data": data}, timestamp=timestamp
    )
    assert isinstance(made, bytes)  # noqa: S101 - for the type checker: a PDF is one file
    return made


def pictures(drawings: Sequence[str], face: str = "DejaVu Sans") -> list[bytes]:
    """SVG drawings as PNG on white, each 5.2 inches wide at PIXELS_PER_INCH."""
    if not drawings:
        return []
    data = json.dumps([with_face(drawing, face) for drawing in drawings])
    made = _compiler().compile(_PICTURES, format="png", ppi=PIXELS_PER_INCH, sys_inputs={"drawings": data})
    return list(made) if isinstance(made, list) else [made] if made else []


def forget() -> None:
    """Let go of what earlier documents took: typst keeps every step of a document until ten compilations have not asked for it.

    That is 45 MB a report of a large association, in a process that makes one for each of many associations.
    """
    if _compiler.cache_info().currsize:
        for _ in range(_KEPT_FOR):
            _compiler().compile(b"", format="svg")


def with_face(drawing: str, face: str) -> str:
    """The drawing with its text set in a face of its own, where on a page it takes the page's."""
    return drawing.replace("inherit", f"'{face}'")


@cache
def _compiler() -> typst.Compiler:
    import matplotlib as mpl  # noqa: PLC0415 - slow to import, and only when something is set
    import typst  # noqa: PLC0415

    faces = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[faces]))
