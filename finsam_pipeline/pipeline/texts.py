"""Texts for the report, taken in like any other delivery: `landing/<association>/texter/`.

Which insats or section a text is about: its first heading, else the file's name. Which period: a line `Period: 2025H1`, else the
file's name or the first heading, else the last period that had ended on the day of delivery. Which one counts: of each insats or
section, period and heading the newest day; of files of one day all; of one path the newest that can be read. Belongs here: that.
Does not: formats (`readers.prose`), where a text stands on the page (`report.own_texts`). A text is kept in the vault only.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.pipeline.outcomes import DeliveryOutcome
from finsam_pipeline.privacy import contains_personnummer, struck_out
from finsam_pipeline.readers.prose import Line, Part, Prose, read_prose
from finsam_pipeline.readers.table import Rejected
from finsam_pipeline.register.model import PeriodKind, Register
from finsam_pipeline.register.periods import parse_period, periods_of
from finsam_pipeline.register.retention import Archive, archive_policy
from finsam_pipeline.report.own_texts import SECTIONS, OwnText, section_names
from finsam_pipeline.store.archive import original, read_original, removals
from finsam_pipeline.store.deliveries import Delivery
from finsam_pipeline.store.workspace import Workspace

_PERIOD_LINE = re.compile(r"^period\s*:\s*(.*)$", re.IGNORECASE)
_PERIOD_WORD = re.compile(r"(?<![\w-])(\d{4}(?:[HTQ]\d)?)(?![\w-])", re.IGNORECASE)
_EDGES = " -–—,.:;()_"
_LEAD = re.compile(r"^insats(?:en)?\s*:\s*", re.IGNORECASE)
_HEAD_LINES = 5  # where a line that states the period may stand


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that counts, for a period."""

    period: str
    text: OwnText


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text delivered: what became of each file, and what counts."""

    deliveries: tuple[DeliveryOutcome, ...] = ()
    kept: tuple[Kept, ...] = ()

    def of(self, period: str) -> tuple[OwnText, ...]:
        """The texts of one period's report, in the order of their files."""
        return tuple(k.text for k in self.kept if k.period == period)


@dataclass(frozen=True, slots=True)
class _About:
    """What a text is about, and its parts; a title that only said so is none of them."""

    place: str
    of_intervention: bool
    period: str
    parts: tuple[Part, ...]


@dataclass(slots=True)
class _Read:
    delivery: Delivery
    about: _About | None = None
    left_out: int = 0
    rejected: Rejected | None = None
    status: str = "accepted"
    reason: str = ""
    kept: list[Kept] = field(default_factory=list)


def read_texts(workspace: Workspace, register: Register, noted: Sequence[Delivery]) -> Texts:
    """Read every delivered text from the archive and decide which count. Nothing of them reaches a message or a log."""
    found = [_Read(d) for d in sorted(noted, key=lambda d: (d.delivered_on, d.id))]
    _pass_by_purged(found, workspace, register)
    for read in (r for r in found if r.status == "accepted"):
        _read(read, workspace, register)
    _replace_by_path(found)
    _mark_duplicates(found)
    _keep_newest(found)
    in_order = sorted(found, key=lambda r: r.delivery.path)
    return Texts(tuple(map(_outcome, found)), tuple(k for r in in_order for k in r.kept))


def texts_with(workspace: Workspace, noted: Sequence[Delivery], number: str) -> list[Delivery]:
    """The delivered texts in which a personnummer (its ten digits) stands, shown or not."""
    found = []
    for d in noted:
        if original(workspace, d.sha256).exists():
            with contextlib.suppress(Rejected):  # what cannot be read is named by the erasure's last look at every file
                scanned = read_prose(read_original(workspace, d.sha256), d.path).scanned
                found += [d] if any(struck_out(text, number) != text for text in scanned) else []
    return found


def _pass_by_purged(found: Sequence[_Read], workspace: Workspace, register: Register) -> None:
    gone = removals(workspace)
    newest = {r.delivery.path: r for r in found}
    hash_only = archive_policy(register.settings) is Archive.HASH_ONLY
    for read in found:
        removed = gone.get(read.delivery.sha256)
        replaced = newest[read.delivery.path] is not read and not original(workspace, read.delivery.sha256).exists()
        if (removed is not None and removed.how == "purged") or (hash_only and replaced):
            read.status, read.reason = "superseded", "purged"


def _read(read: _Read, workspace: Workspace, register: Register) -> None:
    d = read.delivery
    try:
        prose = read_prose(read_original(workspace, d.sha256), d.path)
        _refuse_personnummer(prose)
        read.about, read.left_out = _about(prose, d, register), prose.left_out
    except Rejected as rejected:
        read.rejected, read.status, read.reason = rejected, "rejected", rejected.reason


def _refuse_personnummer(prose: Prose) -> None:
    if any(map(contains_personnummer, prose.scanned)):
        raise Rejected(
            "personnummer",
            "Texten innehåller ett personnummer (regel P012) och visas inte. Ta bort det, också ur kommentarer och sidfot, och lämna"
            " filen på nytt.",
        )


def _about(prose: Prose, d: Delivery, register: Register) -> _About:
    stem = PurePosixPath(d.path).stem.replace("_", " ")
    title = next((part for part in prose.parts if part.heading), None)
    heading = title.heading if title else ""
    place, of_intervention, titled = _place(heading, stem, register)
    parts, stated = _without_period(prose.parts)
    period = stated or _named_period(stem, register) or _named_period(heading, register) or _ended_by(d.delivered_on, register)
    own = tuple(Part("", 0, part.lines) if titled and part.heading == heading else part for part in parts)
    return _About(place, of_intervention, period, own)


def _place(heading: str, stem: str, register: Register) -> tuple[str, bool, bool]:
    """Id, whether it is an insats's, and whether the heading said so. An insats goes before a section of the same name."""
    names = register.intervention_by_name()
    for text in (heading, stem):
        if found := _named(text, names):
            return found, True, text is heading
    for text in (heading, stem):
        if found := _named(text, SECTIONS):
            return found, False, text is heading
    raise Rejected(
        "no_place",
        "Varken filens första rubrik eller filnamnet är namnet på en insats i insatsregistret eller på en del av rapporten"
        f" ({', '.join(section_names())}). Rätta rubriken och lämna filen på nytt.",
    )


def _named(text: str, known: Mapping[str, str]) -> str:
    plain = _LEAD.sub("", text)
    tries = (text, plain, _PERIOD_WORD.sub("", plain).strip(_EDGES))
    return next((known[fold(t)] for t in tries if fold(t) in known), "") if text.strip() else ""


def _without_period(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], str]:
    """The parts without a line that states the period, and the period; a period that is none is refused."""
    seen, out, period = 0, list[Part](), ""
    for part in parts:
        lines = list[Line]()
        for line in part.lines:
            stated = _PERIOD_LINE.match(line.text) if seen < _HEAD_LINES and not period else None
            seen += 1
            if stated:
                period = _parsed(stated[1])
            else:
                lines.append(line)
        out.append(Part(part.heading, part.level, tuple(lines)))
    return tuple(out), period


def _parsed(text: str) -> str:
    try:
        return parse_period(text.strip().upper()).name
    except ValueError:
        raise Rejected(
            "period", "Raden ”Period:” anger ingen period. Skriv till exempel Period: 2025H1 och lämna filen på nytt."
        ) from None


def _named_period(text: str, register: Register) -> str:
    """A period of the association's own kind in a name; a year alone is one only for who reports by the year."""
    for word in _PERIOD_WORD.findall(text):
        if word.isdigit() == (register.period_kind is PeriodKind.YEAR):
            try:
                return parse_period(word.upper()).name
            except ValueError:
                continue
    return ""


def _ended_by(day: dt.date, register: Register) -> str:
    own = periods_of(register.period_kind, day.year - 1, day.year)
    yearly = register.period_kind is PeriodKind.YEAR
    return max(p for p in own if p.last <= day and p.name.isdigit() == yearly).name


def _replace_by_path(found: Sequence[_Read]) -> None:
    """A newer file at the same path takes the older one's place, with every heading of it; an unreadable one only its like."""
    newest = {r.delivery.path: r for r in found if r.status != "superseded"}
    readable = {r.delivery.path: r for r in found if r.about is not None}
    for read in found:
        stands = readable if read.about is not None else newest
        if read.status != "superseded" and stands[read.delivery.path] is not read:
            read.status, read.reason = "superseded", ""


def _mark_duplicates(found: Sequence[_Read]) -> None:
    seen: set[tuple[str, str]] = set()
    for read in (r for r in found if r.status == "accepted" and r.about is not None):
        assert read.about is not None  # noqa: S101 - for the type checker
        key = (read.delivery.sha256, read.about.period)
        read.status = "duplicate" if key in seen else read.status
        seen.add(key)


def _keep_newest(found: Sequence[_Read]) -> None:
    """Of every place, period and heading the newest day; a file nothing is left of has been superseded."""
    standing = [(r, r.about) for r in found if r.status == "accepted" and r.about is not None]
    newest = {_key(about, part): r.delivery.delivered_on for r, about in standing for part in about.parts}
    for read, about in standing:
        mine = [part for part in about.parts if newest[_key(about, part)] == read.delivery.delivered_on]
        read.status = "accepted" if mine else "superseded"
        read.kept = [
            Kept(about.period, OwnText(about.place, part.heading, part.lines, about.of_intervention))
            for part in mine
            if part.lines
        ]


def _key(about: _About, part: Part) -> tuple[str, bool, str, str]:
    return about.place, about.of_intervention, about.period, fold(part.heading)


def _outcome(read: _Read) -> DeliveryOutcome:
    d = read.delivery
    message = read.rejected.message_sv if read.rejected and read.status == "rejected" else ""
    if read.status == "accepted" and read.left_out:
        message = "Bilder i filen tas inte med i rapporten."
    reason = read.reason if read.status != "accepted" else ""
    return DeliveryOutcome(d.association, d.source, d.path, d.sha256, d.delivered_on, read.status, reason=reason, message=message)
