"""Telling people what a run found: one message a run, association and channel, and only when something is new.

Belongs here: gathering what stands, remembering what each channel has been told. Does not: words (`review.alerts`), the wire
(`review.channels`). What has been told is kept per channel, so a message that did not arrive is simply news again at the next
run. Nothing here can fail a run. This is the one place of the way that reads the clock; no figure depends on it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.contracts.types import Family
from finsam_pipeline.hints import command
from finsam_pipeline.pipeline.lateness import late
from finsam_pipeline.pipeline.newness import last_summary
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register.alerting import AlertSettings, Topic, alert_settings
from finsam_pipeline.register.association import FILE, AssociationFile
from finsam_pipeline.register.errors import Problems
from finsam_pipeline.review.alerts import About, Matter, Message, message, news, still_told
from finsam_pipeline.review.channels import ChannelError, Send, channels
from finsam_pipeline.review.items import list_items
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.errors import keep_error
from finsam_pipeline.store.workspace import Workspace

STATE = "alerts"
_CHANNELS_SV = {"email": "e-post", "webhook": "webhook"}
_FAMILIES_SV = {Family.PARTICIPANTS.value: "Deltagartabellerna", Family.ECONOMY.value: "Ekonomitabellerna"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that came to no end: in which step, and the error's id in `vault/errors` (empty: its configuration is wrong)."""

    step: str
    error_id: str


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What a channel has been told (matter → day); `problem` and since when, while a message waits for it to work again."""

    told: dict[str, dt.date] = field(default_factory=dict)
    problem: str = ""
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class AlertState:
    """What one association's channels have been told. `problem`: why no message could be made at all."""

    channels: dict[str, ChannelState] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive; the next run tries again. `channel` is empty when it could not even be made."""

    association: str
    channel: str
    since: dt.date | None
    problem: str

    def __str__(self) -> str:
        """A sentence for `finsam status`."""
        how = f" med {_CHANNELS_SV[self.channel]}" if self.channel else ""
        since = f" sedan {self.since}" if self.since else ""
        return f"Meddelanden för {self.association} kommer inte fram{how}{since}: {self.problem}. Nästa körning försöker igen."


def tell(workspace: Workspace, association: str, failure: Failure | None = None, today: dt.date | None = None) -> None:
    """Send what is new to every channel of the association. Never raises; what went wrong is said by `undelivered`.

    Args:
        workspace: as it stands after the run.
        association: its id; without `alerts:` nothing is read, sent or written.
        failure: why the run came to no end; None after one that did.
        today: default: the clock's day.
    """
    work = WorkFiles(workspace, association)
    try:
        _tell(work, failure, today or dt.datetime.now().astimezone().date())
    except Exception as error:  # noqa: BLE001 - an alert must never fail a run
        with contextlib.suppress(Exception):
            identity = keep_error(workspace, error, "alerts")
            before = _read(work)
            work.write_outcome(STATE, replace(before, problem=f"ett oväntat fel, se vault/errors/{identity}"))


def undelivered(workspace: Workspace, association: str) -> list[Undelivered]:
    """Messages that wait for a channel to work again."""
    state = _read(WorkFiles(workspace, association))
    whole = [Undelivered(association, "", None, state.problem)] if state.problem else []
    return whole + [Undelivered(association, n, c.since, c.problem) for n, c in state.channels.items() if c.problem]


@dataclass(frozen=True, slots=True)
class _Telling:
    """What there is to tell today, whichever channel it goes over."""

    workspace: Workspace
    about: About
    matters: Sequence[Matter]
    topics: Collection[Topic]
    today: dt.date

    def over(self, send: Send, state: ChannelState) -> ChannelState:
        """Send what this channel has not been told; its state afterwards."""
        new = news(self.matters, state.told, self.topics, self.today)
        problem = self._sent(send, message(self.about, new, state.told)) if new else ""
        told = still_told(self.matters, state.told, [] if problem else new, self.today)
        return ChannelState(told, problem, (state.since or self.today) if problem else None)

    def _sent(self, send: Send, said: Message) -> str:
        """Empty when the message arrived, else why not."""
        try:
            send(said)
        except ChannelError as refused:
            return refused.message_sv
        except Exception as error:  # noqa: BLE001 - one channel must not silence the other
            return f"ett oväntat fel, se vault/errors/{keep_error(self.workspace, error, 'alerts')}"
        return ""


def _tell(work: WorkFiles, failure: Failure | None, today: dt.date) -> None:
    folder = work.workspace.config / work.association
    file = AssociationFile(folder / FILE, Problems(folder))
    settings = _settings(file)
    if settings is None:
        return
    summary = last_summary(work.workspace.home, work.association) or RunSummary(None, published=False, changed=False)
    about = _about(work, file.values.name if file.values else work.association, summary)
    matters = list(_matters(work, file, summary, failure, today))
    telling = _Telling(work.workspace, about, matters, settings.on, today)
    before = _read(work)
    states = {n: telling.over(send, before.channels.get(n, ChannelState())) for n, send in channels(settings).items()}
    if AlertState(states) != before:
        work.write_outcome(STATE, AlertState(states))


def _settings(file: AssociationFile) -> AlertSettings | None:
    """Also of a file that is wrong elsewhere: that a run could not even begin is worth telling."""
    try:
        return alert_settings(file.settings)
    except ValidationError:
        return None


def _about(work: WorkFiles, name: str, summary: RunSummary) -> About:
    home = work.workspace.home.absolute()
    where = [f"Rapport: {home / report}" for report in summary.reports]
    where += [
        f"Läget: {command(home, 'status')}",
        f"Att granska: {command(home, 'review list', '--association', work.association)}",
    ]
    return About(work.association, name, summary.snapshot_id, tuple(where))


def _matters(
    work: WorkFiles, file: AssociationFile, summary: RunSummary, failure: Failure | None, today: dt.date
) -> Iterator[Matter]:
    if failure:
        kept = f"Steget {failure.step} stannade på ett fel som ligger i vault/errors/{failure.error_id}."
        where = command(work.workspace.home.absolute(), "status")
        text = kept if failure.error_id else f"Konfigurationen är fel. Var det är sägs av: {where}"
        yield Matter(Topic.FAILED, f"failed:{failure.error_id}", text)
    yield from _held(summary)
    for x in late(work.association, file.values.expected if file.values else {}, summary.deliveries, today):
        text = f"{x.source} väntades senast {x.due}; senaste leveransen kom {x.last or 'aldrig'}."
        yield Matter(Topic.LATE, f"late:{x.source}:{x.due}", text)
    for d in summary.deliveries:
        if d.status == "rejected":
            yield Matter(Topic.FINDINGS, f"rejected:{d.sha256[:16]}", f"Avvisad fil, {d.source}: {d.message}", d.path)
    yield from _open_items(work)


def _held(summary: RunSummary) -> Iterator[Matter]:
    for s in summary.slices:
        if not s.published and s.reasons:
            reasons = "; ".join(f"{r} {RULES[r].title_sv.rstrip('.')}" if r in RULES else r for r in s.reasons)
            key = f"held:{s.family}:{','.join(s.reasons)}"
            yield Matter(Topic.HELD, key, f"{_FAMILIES_SV.get(s.family, s.family)}: {reasons}.")


def _open_items(work: WorkFiles) -> Iterator[Matter]:
    with Database.of(work.workspace).reading() as connection:
        items = list_items(connection, [work.association])
    for item in items:
        place = f"{item.path}, blad {item.sheet}" if item.sheet else item.path
        yield Matter(Topic.FINDINGS, item.id, f"{item.source}, regel {item.rule}: {item.message}", place, item.row)


def _read(work: WorkFiles) -> AlertState:
    """What was remembered; a file nobody can read is as none, and is told anew."""
    try:
        return work.read_outcome(STATE, AlertState) or AlertState()
    except ValidationError:
        return AlertState()
