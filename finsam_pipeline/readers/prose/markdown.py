"""Markdown, as much of it as an office writes: headings, paragraphs, lists, bold.

A link becomes its text and its address in brackets, emphasis its letters, a picture is left out. HTML is text like any other:
whoever shows it escapes it. Belongs here: that reading. Does not: tables or code, whose lines are read as they stand.
"""

from __future__ import annotations

import re

from finsam_pipeline.readers.decoding import decode_delimited
from finsam_pipeline.readers.prose.structure import Prose, Run, Writing
from finsam_pipeline.readers.table import Rejected

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+(.*)$")
_QUOTE = re.compile(r"^ {0,3}>[ \t]?")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\(<?([^()\s<>]+)>?(?:[ \t]+[^()\n]*)?\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\w*_])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HELD = 0xF000  # an escaped mark waits in the private use area, where no mark is; it is put back before anything is cleaned away


def read_markdown(data: bytes) -> Prose:
    """The text of a Markdown or plain text file: UTF-8, UTF-16 with BOM, Windows-1252.

    Raises:
        Rejected: `undecodable`, `oversized`.
    """
    try:
        text, _ = decode_delimited(data)
    except Rejected:
        raise Rejected(
            "undecodable", "Filens teckenkodning går inte att läsa. Spara den som UTF-8 och lämna den på nytt."
        ) from None
    writing, waiting, in_item = Writing(), list[str](), False

    def flush() -> None:
        if waiting:
            writing.line(_runs(" ".join(waiting)), item=in_item)
            waiting.clear()

    for raw in text.splitlines():
        line = _QUOTE.sub("", raw)
        if waiting and not in_item and (under := _UNDERLINE.match(line)):
            writing.heading(_plain(" ".join(waiting)), 1 if under[1].startswith("=") else 2)
            waiting.clear()
        elif heading := _HEADING.match(line):
            flush()
            writing.heading(_plain(heading[2]), len(heading[1]))
        elif not line.strip() or _RULE.match(line):
            flush()
            in_item = False
        elif item := _ITEM.match(line):
            flush()
            in_item, waiting = True, [item[1]]
        else:
            waiting.append(line.strip())
    flush()
    return Prose(writing.parts(), len(_PICTURE.findall(text)), (text,))


def _runs(text: str) -> list[Run]:
    """Bold and not; what else marks up a text is taken away."""
    marked = _without_marks(text)
    runs, place = list[Run](), 0
    for bold in _BOLD.finditer(marked):
        runs += [Run(_let_go(marked[place : bold.start()])), Run(_let_go(bold[2]), bold=True)]
        place = bold.end()
    return [*runs, Run(_let_go(marked[place:]))]


def _plain(text: str) -> str:
    return "".join(run.text for run in _runs(text))


def _without_marks(text: str) -> str:
    held = _ESCAPED.sub(lambda m: chr(_HELD + ord(m[1])), _cleared(text))
    linked = _LINK.sub(lambda m: m[1] if m[1] == m[2] else f"{m[1]} ({m[2]})", _PICTURE.sub("", held))
    return linked.replace("`", "")


def _cleared(text: str) -> str:
    return re.sub("[\ue000-\uf8ff]", "", text)


def _let_go(text: str) -> str:
    plain = _EMPHASIS.sub(r"\2", text)
    return "".join(chr(ord(c) - _HELD) if _HELD <= ord(c) < _HELD + 0x80 else c for c in plain)
