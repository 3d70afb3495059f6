"""Project leaders' answers in the example: the same few words as Markdown and as a Word document.

Belongs here: the two forms. The words stand in `plan/<period>/texts/`.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from importlib.resources import files as package_files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from finsam_pipeline.report.word_parts import same_every_time

if TYPE_CHECKING:
    from docx.document import Document as Word

    from finsam_pipeline.demo.figures import Report

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a document's properties have no zone
_BOLD, _EMPHASIS = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"^\*([^*]+)\*$")


def answers(report: Report) -> dict[str, bytes]:
    """File name -> content of every answer of the report; a name that ends in .docx is a Word document."""
    folder = package_files("finsam_pipeline.demo") / "plan" / report.name / "texts"
    found = {row["file"]: (folder / row["text"]).read_bytes() for row in report.plan("texts")}
    return {
        name: _word(content.decode()) if PurePosixPath(name).suffix == ".docx" else content for name, content in found.items()
    }


def _word(text: str) -> bytes:
    """The same words in Word's own styles; the same bytes every time."""
    import docx  # noqa: PLC0415 - slow to import, and only a demo writes one

    word = docx.Document()
    word.core_properties.created = word.core_properties.modified = _MADE
    word.core_properties.author = "Exempel"
    for block in text.strip().split("\n\n"):
        _block(word, block)
    out = io.BytesIO()
    word.save(out)
    return same_every_time(out.getvalue())


def _block(word: Word, block: str) -> None:
    marks, _, words = block.partition(" ")
    if marks.strip("#") == "":
        word.add_heading(words, len(marks))
        return
    for line in block.splitlines():
        item = line.startswith("- ")
        paragraph = word.add_paragraph(style="List Bullet" if item else None)
        for n, letters in enumerate(_BOLD.split(_EMPHASIS.sub(r"\1", line.removeprefix("- ")))):
            paragraph.add_run(letters).bold = bool(n % 2) or None
