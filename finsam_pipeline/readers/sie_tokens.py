"""SIE 1-4 text to records: a label and its fields, with the line each begins on.

The grammar is that of the 4B text (ledger.md 1.4), read as leniently as real exports need (1.6): tabs, several blanks,
indentation, bare or quoted object lists, a brace on the record's own line, line ends inside a text, a text without its end quote.
Belongs here: lines, quotes, braces. Does not: what a label means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Remark = Callable[[int, str], None]

OPEN, CLOSE = "{", "}"

_STARTS_RECORD = re.compile(r"[ \t]*(?:#[^\W\d_]|[{}][ \t]*$)")
_FIELD = re.compile(
    r"""[ \t]*(?:
        "((?:[^"\\]|\\.)*)"                          # quoted
      | (\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})          # object list
      | ([^ \t"{}][^ \t]*)                           # bare
      | (["{}].*)                                    # a quote or brace that does not end on this line
    )""",
    re.VERBOSE | re.DOTALL,
)
_MOST_JOINED = 50  # lines of one text


class Record(NamedTuple):
    """One record: the `line` it begins on, its `label` as written without `#` (or `{`, `}`), its fields unescaped.

    `plain`: the fields but the object list, in order. `objects`: the words of the object list, None when there is none; it stood
    before plain field number `place`.
    """

    line: int
    label: str
    plain: list[str]
    objects: tuple[str, ...] | None = None
    place: int = 0

    @property
    def words(self) -> list[str]:
        """Every word of the record's fields in order."""
        return [*self.plain[: self.place], *(self.objects or ()), *self.plain[self.place :]]


def records(lines: Sequence[str], remark: Remark, first: int = 1) -> Iterator[Record]:
    """Every record of the lines in order; `remark(line, code)` is told about what was read leniently or passed over.

    Args:
        lines: physical lines without their ends; what follows them, if anything, begins a record.
        remark: takes `text_outside_record`, `newline_in_text`, `missing_end_quote`, `unreadable_record`.
        first: the number of the first line.
    """
    place = 0
    while place < len(lines):
        content, line = lines[place].strip(" \t\x1a\xa0"), first + place
        place += 1
        if not content:
            continue
        if content in {OPEN, CLOSE}:
            yield Record(line, content, [])
        elif not content.startswith("#"):
            remark(line, "text_outside_record")
        else:
            content, place = _whole(content, lines, place, line, remark)
            yield from _record(content, line, remark)


def _whole(content: str, lines: Sequence[str], place: int, first: int, remark: Remark) -> tuple[str, int]:
    """The record with the lines its open text runs on over; a quote that never ends is ended with the text."""
    if content.count('"') % 2 == 0 and "\\" not in content:
        return content, place
    start = place
    while (is_open := _open_quote(content)) and place < len(lines) and place - start < _MOST_JOINED:
        if _STARTS_RECORD.match(lines[place]):
            break
        content = f"{content} {lines[place].strip()}"
        place += 1
    if is_open and _open_quote(content):
        remark(first, "missing_end_quote")
        return f'{content.rstrip().removesuffix(chr(92))}"', place
    if place > start:
        remark(first, "newline_in_text")
    return content, place


def _open_quote(content: str) -> bool:
    fields = _FIELD.findall(content)
    return bool(fields) and '"' in fields[-1][3]


def _record(content: str, line: int, remark: Remark) -> Iterator[Record]:
    plain: list[str] = []
    objects: tuple[str, ...] | None = None
    place, ending = 0, ""
    for quoted, inside, bare, rest in _FIELD.findall(content):
        if bare:
            plain.append(bare)
        elif inside:
            objects, place = list_words(inside[1:-1]), len(plain) - 1
        elif rest:
            ending = rest.strip()
        else:
            plain.append(_unescaped(quoted))
    yield Record(line, plain[0][1:], plain[1:], objects, place)
    if ending in {OPEN, CLOSE}:
        yield Record(line, ending, [])
    elif ending:
        remark(line, "unreadable_record")


def list_words(inside: str) -> tuple[str, ...]:
    """The words of an object list, given what stands between its braces."""
    if not inside or inside.isspace():
        return ()
    return tuple(bare or _unescaped(quoted) for quoted, _, bare, _ in _FIELD.findall(inside))


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\") if "\\" in text else text
