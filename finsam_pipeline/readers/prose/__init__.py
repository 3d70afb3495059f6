"""Texts that people have written, as plain structure: headings, paragraphs, items of lists, and what is set bold.

Markdown (`markdown.py`), Word (`word.py`). Nothing of a file's own markup, styles, links or scripts is left: whoever shows the text
escapes it as any other. Belongs here: bytes to structure. Does not: what a text is about, whether it may be shown.
"""

from __future__ import annotations

from finsam_pipeline.readers.prose.markdown import read_markdown
from finsam_pipeline.readers.prose.structure import MOST_BYTES, Line, Part, Prose, Run
from finsam_pipeline.readers.prose.word import read_word
from finsam_pipeline.readers.table import Rejected

__all__ = ["Line", "Part", "Prose", "Run", "read_prose"]

_TEXT = (".md", ".markdown", ".txt")
_WORD = ".docx"


def read_prose(data: bytes, name: str) -> Prose:
    """A file as delivered; its name's ending says what it is.

    Raises:
        Rejected: `not_a_text`, `oversized`, `empty`, `undecodable`, `encrypted`, `macro` or `truncated`.
    """
    if len(data) > MOST_BYTES:
        raise Rejected(
            "oversized", f"Filen är större än {MOST_BYTES // 1_000_000} MB. Ta bort bilder ur den och lämna den på nytt."
        )
    ending = name[name.rfind(".") :].lower()
    if ending != _WORD and ending not in _TEXT:
        raise Rejected("not_a_text", "En text lämnas som .docx eller .md. Spara om den och lämna den på nytt.")
    prose = read_word(data) if ending == _WORD else read_markdown(data)
    if not prose.parts:
        raise Rejected("empty", "Filen har ingen text. Lämna den på nytt när den är skriven.")
    return prose
