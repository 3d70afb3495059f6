"""Lines of text back to tables and paragraphs.

Text taken out of a page has lost its cells: a row is a line, or a line a cell; labels and headings run over several; empty cells are
gone. What the figures must satisfy tells them apart. Belongs here: lines to blocks. Does not: files, the ways to read one line's figures
(`pieces`), what is wrong with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from finsam_pipeline.proofread.grids import captioned
from finsam_pipeline.proofread.model import Block, Heading, Paragraph, Spot, Table
from finsam_pipeline.proofread.pieces import Gap, Piece, tail
from finsam_pipeline.proofread.reconstruct import Logical, tables_of
from finsam_pipeline.proofread.vocabulary import roles_in

CAPTION = re.compile(r"^\s*(Tabell|TABELL)\s+(\d+[a-z]?)\s*(?:[.:–-]\s*|\s+(?=[A-ZÅÄÖ])|$)(.*)$")
_FIGURE_CAPTION = re.compile(r"^\s*(?:Figur|Diagram|Bild)\s+\d+\s*[.:–-]?\s+\S", re.IGNORECASE)
_LINK = re.compile(r"^\s*(?:https?://|www\.)\S+\s*$")
_FURNITURE = re.compile(
    r"^\s*(?:(?:sida|sid\.?|s\.)\s*\d+(?:\s*(?:av|/|\()\s*\d+\)?)?|\d+\s*\(\d+\)"
    r"|.{0,60}\b(?:dnr|diarienr|diarienummer)\b.{0,40})\s*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÅÄÖ]")
_BULLET = re.compile(r"^\s*[•▪◦*·–-]\s+")
_LONG = 68
_MANY_WORDS = 9
_BROKEN = re.compile(r"[^\W\d_]-$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file and where it stands."""

    text: str
    number: int
    page: int | None = None


class Class(StrEnum):
    """What a line is."""

    BLANK = "blank"
    CAPTION = "caption"
    NUMBERED = "numbered"  # a heading with its number
    PROSE = "prose"
    TEXT = "text"  # short: a label, a heading, a piece of either
    ROW = "row"  # a label and figures
    FIGURES = "figures"  # figures alone


@dataclass(slots=True)
class _Read:
    line: Line
    kind: Class
    label: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(slots=True)
class _State:
    """What has been gathered so far."""

    blocks: list[Block] = field(default_factory=list)
    region: list[_Read] = field(default_factory=list)
    prose: list[_Read] = field(default_factory=list)
    captions: list[tuple[int, str, str]] = field(default_factory=list)  # how many blocks stand before it, name, words
    heading: str = ""


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """Paragraphs, headings and tables of a text, in reading order."""
    state = _State()
    for read in _classified(lines):
        if read.kind is Class.CAPTION:
            _close(state)
            match = CAPTION.match(read.line.text)
            if match:
                state.captions.append((len(state.blocks), f"{match[1].capitalize()} {match[2]}", match[3].strip()))
        elif read.kind is Class.NUMBERED:
            _close(state)
            state.prose.append(read)
            _close_prose(state)
        elif read.kind is Class.PROSE:
            _close_region(state)
            state.prose.append(read)
        elif read.kind is Class.BLANK:
            _close_prose(state)
        else:
            _close_prose(state)
            state.region.append(read)
    _close(state)
    _name(state)
    return state.blocks


def _name(state: _State) -> None:
    """Captions to tables, in order. Of several captions on one another, without as many tables after them, the last ones count."""
    waiting: list[tuple[str, str]] = []
    for n, (at, name, words) in enumerate(state.captions):
        waiting.append((name, words))
        end = state.captions[n + 1][0] if n + 1 < len(state.captions) else len(state.blocks)
        tables = [i for i in range(at, end) if isinstance(state.blocks[i], Table)]
        for i, (own, text) in zip(tables, waiting[-len(tables) :] if tables else [], strict=False):
            table = state.blocks[i]
            if isinstance(table, Table):
                state.blocks[i] = captioned(table, own, text)
        if tables:
            waiting = []


def _classified(lines: Sequence[Line]) -> Iterator[_Read]:
    """Each line's class; whether a line is running text depends on the one before."""
    before: _Read | None = None
    for i, line in enumerate(lines):
        read = _class_of(line, before, lines[i + 1].text if i + 1 < len(lines) else "")
        yield read
        before = read


def _class_of(line: Line, before: _Read | None, following: str) -> _Read:
    """What a line is, by itself where that is plain, else by its figures and the line before."""
    text = line.text.strip()
    if not text or _LINK.match(text) or _FURNITURE.match(text):
        return _Read(line, Class.BLANK)
    if CAPTION.match(text):
        return _Read(line, Class.CAPTION)
    if _NUMBERED.match(text) and text[-1] not in ".,;:-" and len(text) < 2 * _LONG and len(tail(line.text)[1]) < 2:  # noqa: PLR2004
        return _Read(line, Class.NUMBERED)
    return _by_figures(line, text, before, following)


def _by_figures(line: Line, text: str, before: _Read | None, following: str) -> _Read:
    """A row, figures alone, running text, or a label."""
    label, pieces = tail(line.text)
    running = before is not None and before.kind is Class.PROSE and _goes_on(before)
    if pieces and not re.search(r"[^\W\d_]", label):
        own = tail(label)[1] if label else ()
        return _Read(line, Class.FIGURES, "", own + pieces) if not running else _Read(line, Class.PROSE)
    if pieces and not _prose_row(label, pieces, following, running=running):
        return _Read(line, Class.ROW, label, pieces)
    if running or _is_prose(text) or _figure_caption(text):
        return _Read(line, Class.PROSE, text)
    return _Read(line, Class.TEXT, text)


def _goes_on(before: _Read) -> bool:
    """Whether a paragraph's line leaves its sentence open."""
    text = before.line.text.rstrip()
    return len(text) > _LONG // 2 and not re.search(r"[.!?:]$", text)


def _is_prose(text: str) -> bool:
    plain = not re.search(r"[.!?,;]$|,|\d", re.sub(r"\b(?:19|20)\d\d\b", "", text))
    if plain and len({role for role, _ in roles_in(text)}) > 1:
        return False  # a row of headings may be long
    words = text.split()
    return bool(_BULLET.match(text)) or len(text) > _LONG or len(words) > _MANY_WORDS or _ends(text)


def _ends(text: str) -> bool:
    """Whether a short line ends as a sentence does; a name may have an exclamation mark."""
    return len(text.split()) > 3 and (text[-1] in ".;," or (text[-1] in "!?" and len(text.split()) > _MANY_WORDS // 2 + 1))  # noqa: PLR2004


def _figure_caption(text: str) -> bool:
    return bool(_FIGURE_CAPTION.match(text))


def _prose_row(label: str, pieces: Sequence[Piece], following: str, *, running: bool) -> bool:
    """A line of running text that happens to end with a figure."""
    if any(p.gap is Gap.WIDE for p in pieces[1:]):
        return False
    if running or len(label.split()) > 2 * _MANY_WORDS or re.search(r"[.!?]\s+[A-ZÅÄÖ]", label):
        return True
    alone = len(pieces) == 1 and pieces[0].gap is not Gap.WIDE
    goes_on = bool(re.match(r"^\s*[a-zåäö]", following)) and len(label) > _LONG // 2
    return alone and (len(label) > _LONG or goes_on)


def _close(state: _State) -> None:
    _close_prose(state)
    _close_region(state)


def _close_prose(state: _State) -> None:
    if not state.prose:
        return
    texts = [r.line.text.strip() for r in state.prose]
    first = state.prose[0].line
    text = joined(texts)
    if len(texts) == 1 and (_NUMBERED.match(text) or _figure_caption(text)) and not text.endswith("."):
        state.heading = state.heading if _figure_caption(text) else text
        state.blocks.append(Heading(text, Spot(first.page, first.number, state.heading)))
    else:
        state.blocks.append(Paragraph(text, Spot(first.page, first.number, state.heading)))
    state.prose.clear()


def _close_region(state: _State) -> None:
    """Lines that are no running text: tables where figures stand under one another, headings otherwise."""
    if not state.region:
        return
    logical = list(_logical(state.region))
    found = tables_of(logical)
    if found:
        state.blocks.extend(found)
    else:
        for read in state.region:
            _lone(state, read)
    state.region.clear()
    last = logical[-1] if logical else None
    if found and last is not None and not last.pieces:
        state.heading = last.label
        state.blocks.append(Heading(last.label, Spot(last.spot.page, last.spot.line, last.label)))


def _lone(state: _State, read: _Read) -> None:
    text = read.line.text.strip()
    spot = Spot(read.line.page, read.line.number, text if read.kind is Class.TEXT else state.heading)
    if read.kind is Class.TEXT:
        state.heading = text
        state.blocks.append(Heading(text, spot))
    elif read.kind is Class.ROW:
        state.blocks.append(Paragraph(text, spot))


def _logical(region: Sequence[_Read]) -> Iterator[Logical]:
    """Lines to rows: figures alone go to the label before them; a label broken over lines is joined."""
    held: list[_Read] = []
    out: list[Logical] = []
    for read in region:
        if read.kind is Class.TEXT:
            if not held and out and out[-1].pieces and _belongs_above(out[-1], read):
                out[-1] = Logical(joined([out[-1].label, read.label]), out[-1].pieces, _spot(read), cellwise=out[-1].cellwise)
            else:
                held.append(read)
            continue
        if read.kind is Class.ROW:
            label = read.label
            while held and _continues(held[-1], label, read.line.number):
                label = joined([held.pop().label, label])
            out.extend(_labels(held))
            out.append(Logical(label, read.pieces, _spot(read)))
        elif held:
            *above, own = _rejoined(held)
            out.extend(above)
            out.append(Logical(own.label, _after_line(read.pieces), own.spot, cellwise=True))
        elif out and out[-1].pieces and _may_go_on(out[-1], read.pieces):
            out[-1] = Logical(out[-1].label, out[-1].pieces + _after_line(read.pieces), out[-1].spot, cellwise=out[-1].cellwise)
        held = []
    yield from out
    yield from _labels(held)


def _may_go_on(row: Logical, pieces: Sequence[Piece]) -> bool:
    """Whether figures alone belong to the row above; a page number does not."""
    return row.cellwise or len(pieces) > 1 or bool(re.fullmatch(r"\d{3}", pieces[0].text))


def _labels(held: Sequence[_Read]) -> list[Logical]:
    return [Logical(r.label, (), _spot(r)) for r in held]


def _rejoined(held: Sequence[_Read]) -> list[Logical]:
    out: list[Logical] = []
    for read in held:
        if out and re.match(r"^[a-zåäö]", read.label) and not roles_in(read.label):
            out[-1] = Logical(joined([out[-1].label, read.label]), (), out[-1].spot)
        else:
            out.append(Logical(read.label, (), _spot(read)))
    return out


def _continues(above: _Read, label: str, line: int) -> bool:
    """Whether a label goes on from the line right above."""
    if line - above.line.number > 1 or len({role for role, _ in roles_in(above.label)}) > 1:
        return False
    return bool(re.match(r"^[a-zåäö]", label)) or bool(re.search(r"(?:[-,/&]|\b(?:och|med|för|av|i|till|inkl\.?))$", above.label))


def _belongs_above(row: Logical, below: _Read) -> bool:
    """Whether a line right below a row is the rest of its label."""
    adjacent = row.spot.line is not None and below.line.number - row.spot.line == 1 and not row.cellwise
    return adjacent and bool(re.match(r"^[a-zåäö(]", below.label)) and len({role for role, _ in roles_in(below.label)}) < 2  # noqa: PLR2004


def _after_line(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(Piece(p.text, Gap.LINE if i == 0 else p.gap) for i, p in enumerate(pieces))


def _spot(read: _Read) -> Spot:
    return Spot(read.line.page, read.line.number)


def joined(texts: Sequence[str]) -> str:
    """Lines of one paragraph: a word broken at a line end is made whole, unless what follows shows that the hyphen belongs."""
    whole = ""
    for text in texts:
        if _BROKEN.search(whole) and re.match(r"^[a-zåäö]", text) and not re.match(r"^(?:och|eller|samt)\b", text):
            whole = whole[:-1] + text
        else:
            whole = f"{whole} {text}" if whole else text
    return whole
