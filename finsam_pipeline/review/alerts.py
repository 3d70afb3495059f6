"""What an alert says: the matters that stand, which of them nobody has been told of yet, and the Swedish text about them.

Belongs here: matters and words. Does not: where matters are found (`pipeline`), how a message travels (`channels`). A message
holds counts, rules, files and row numbers, never a value; a personnummer in a file's name is masked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from finsam_pipeline.privacy import mask
from finsam_pipeline.register.alerting import Topic

REMIND_AFTER = dt.timedelta(days=7)
_FILES_SHOWN, _ROWS_SHOWN = 5, 8
# A row that waits stands in the list until someone decides; the others are states of the workspace that only somebody can end.
_REMINDED = frozenset({Topic.HELD, Topic.LATE, Topic.FAILED})
_HEADINGS = {
    Topic.FAILED: "Körningen avbröts",
    Topic.HELD: "Hålls tillbaka (den senaste goda versionen står kvar)",
    Topic.LATE: "Försenade leveranser",
    Topic.FINDINGS: "Nytt att granska",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing somebody may need to hear of.

    `key` is the same as long as it is the same matter. `text` is a Swedish sentence without values; matters of one text are
    told together, each with its `file` (relative to the workspace) and `row`.
    """

    topic: Topic
    key: str
    text: str
    file: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: the association's name, the standing snapshot, and lines that say where to look."""

    association: str
    name: str
    snapshot_id: str | None
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one channel."""

    association: str
    subject: str
    text: str
    snapshot_id: str | None = None
    counts: dict[str, int] = field(default_factory=dict)  # topic -> matters


Told = Mapping[str, dt.date]  # key of a matter -> the day it was last told


def news(matters: Iterable[Matter], told: Told, topics: Collection[Topic], today: dt.date) -> list[Matter]:
    """What has not been told, and states told a week ago that still stand; in the order a person should read them."""
    wanted = [m for m in matters if m.topic in topics and _due(m, told.get(m.key), today)]
    order = list(_HEADINGS)
    return sorted(wanted, key=lambda m: order.index(m.topic))


def still_told(matters: Iterable[Matter], told: Told, sent: Iterable[Matter], today: dt.date) -> dict[str, dt.date]:
    """What has been told once `sent` has arrived. A matter that is over is forgotten: it is news when it comes back."""
    now = {m.key: today for m in sent}
    return {m.key: now.get(m.key) or told[m.key] for m in matters if m.key in now or m.key in told}


def message(about: About, matters: Sequence[Matter], told: Told) -> Message:
    """The one message about these matters. `told`: what had been told before, so that a reminder says that it is one."""
    parts = [_part(topic, [m for m in matters if m.topic is topic], told) for topic in _HEADINGS]
    text = "\n\n".join([about.name, *(p for p in parts if p), "\n".join(about.where)])
    counts = {str(topic): sum(m.topic is topic for m in matters) for topic in _HEADINGS}
    subject = f"{about.name}: {_headline(matters, told)}"
    return Message(about.association, mask(" ".join(subject.split())), mask(text).rstrip() + "\n", about.snapshot_id, counts)


def _due(matter: Matter, told_on: dt.date | None, today: dt.date) -> bool:
    return told_on is None or (matter.topic in _REMINDED and today - told_on >= REMIND_AFTER)


def _headline(matters: Sequence[Matter], told: Told) -> str:
    counts = {topic: sum(m.topic is topic for m in matters) for topic in _HEADINGS}
    words = [
        "körningen avbröts" if counts[Topic.FAILED] else "",
        "publicering hålls tillbaka" if counts[Topic.HELD] else "",
        _counted(counts[Topic.LATE], "försenad leverans", "försenade leveranser"),
        _counted(counts[Topic.FINDINGS], "ny att granska", "nya att granska"),
    ]
    said = ", ".join(w for w in words if w)
    return f"påminnelse: {said}" if all(m.key in told for m in matters) else said


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _part(topic: Topic, matters: Sequence[Matter], told: Told) -> str:
    if not matters:
        return ""
    lines = [_HEADINGS[topic] + ":"]
    for text in dict.fromkeys(m.text for m in matters):
        alike = [m for m in matters if m.text == text]
        reminder = " (påminnelse)" if all(m.key in told for m in alike) else ""
        lines += [f"- {text}{_times(alike)}{reminder}", *_places(alike)]
    return "\n".join(lines)


def _times(alike: Sequence[Matter]) -> str:
    return f" {len(alike)} st." if len(alike) > 1 else ""


def _places(alike: Sequence[Matter]) -> list[str]:
    files = list(dict.fromkeys(m.file for m in alike if m.file))
    lines = [f"    {file}{_rows([m.row for m in alike if m.file == file and m.row])}" for file in files[:_FILES_SHOWN]]
    more = len(files) - _FILES_SHOWN
    return [*lines, f"    … och {_counted(more, 'fil', 'filer')} till"] if more > 0 else lines


def _rows(rows: Sequence[int | None]) -> str:
    if not rows:
        return ""
    more = len(rows) - _ROWS_SHOWN
    shown = ", ".join(str(r) for r in rows[:_ROWS_SHOWN])
    return f", rad {shown}" + (f" … och {more} till" if more > 0 else "")
