"""Who is told what after a run: message counts, no repetition, retries, and that nothing of it can fail a run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from finsam_pipeline.cli import running
from finsam_pipeline.cli.say import Voice
from finsam_pipeline.pipeline.alerting import STATE, Failure, tell, undelivered
from finsam_pipeline.pipeline.outcomes import DeliveryOutcome, SliceOutcome
from finsam_pipeline.pipeline.publishing import SUMMARY
from finsam_pipeline.pipeline.standing import standing_status
from finsam_pipeline.pipeline.summary import RunSummary
from finsam_pipeline.pipeline.workfiles import WorkFiles
from finsam_pipeline.register import write_template
from finsam_pipeline.review.items import Found, item_of, sync
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.local_servers import Hook, Mailbox, mail_server, web_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = dt.date(2025, 9, 15)
PERSONNUMMER = "19121212-1212"
KEY = b"k" * 32
HELD = SliceOutcome("prov", "economy", published=False, reasons=("L008",))
GOOD = SliceOutcome("prov", "economy", published=True)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


class Prov:
    """A small workspace that looks as after a run."""

    def __init__(self, home: Path) -> None:
        self.workspace = Workspace(home).ensure()
        self.folder = write_template(self.workspace.config, "prov")
        self.work = WorkFiles(self.workspace, "prov")

    def configure(self, **settings: Any) -> None:  # noqa: ANN401
        with (self.folder / "association.yaml").open("a", encoding="utf-8") as stream:
            stream.writelines(f"{name}: {json.dumps(value)}\n" for name, value in settings.items())

    def found(self, *rows: int, severity: str = "E", path: str = "landing/prov/deltagaruppfoljning/a.csv") -> None:
        source, rule = "deltagaruppfoljning", "P004" if severity == "E" else "P007"
        items = [
            item_of(Found("prov", source, path, "5" * 64, None, row, rule, severity, "start_date", f"c{row}"), KEY)
            for row in rows
        ]
        with Database.of(self.workspace).writing() as connection:
            sync(connection, "prov", items)

    def said(self, *slices: SliceOutcome, deliveries: tuple[DeliveryOutcome, ...] = ()) -> None:
        summary = RunSummary(
            "abc", published=True, changed=True, slices=slices, deliveries=deliveries, reports=("reports/u.html",)
        )
        self.work.write_outcome(SUMMARY, summary)

    def tell(self, day: int = 0, failure: Failure | None = None) -> None:
        tell(self.workspace, "prov", failure, TODAY + dt.timedelta(days=day))

    def state_file(self) -> Path:
        return self.work.folder / f"{STATE}.json"


@pytest.fixture
def prov(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prov:
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    return Prov(tmp_path)


def email(box: Mailbox) -> dict[str, Any]:
    return {"to": ["a@exempel.se"], "from": "f@exempel.se", "smtp": f"127.0.0.1:{box.port}", "starttls": False}


@pytest.fixture
def both(prov: Prov, box: Mailbox, hook: Hook) -> Prov:
    """Mail and webhook."""
    prov.configure(alerts={"email": email(box), "webhook": {"url": hook.url}})
    return prov


def test_without_the_setting_nothing_is_sent_or_written(prov: Prov):
    before = sorted(prov.workspace.home.rglob("*"))
    prov.tell(failure=Failure("models", "0a1b"))
    assert sorted(prov.workspace.home.rglob("*")) == before


def test_one_message_a_channel_for_everything_new(both: Prov, box: Mailbox, hook: Hook):
    both.found(4, 5)
    both.said(HELD)
    both.tell()
    assert (len(box.mails), len(hook.bodies)) == (1, 1)
    text = box.mails[0].get_content()
    assert "landing/prov/deltagaruppfoljning/a.csv, rad 4, 5" in text
    assert "Ekonomitabellerna: L008" in text
    assert f"{both.workspace.home}/reports/u.html" in text
    assert "finsam status --home" in text
    assert hook.bodies[0]["counts"] == {"failed": 0, "held": 1, "late": 0, "findings": 2}
    assert hook.bodies[0]["text"] == text.replace("\r\n", "\n")


def test_the_same_findings_are_told_once(both: Prov, box: Mailbox, hook: Hook):
    both.found(4, 5)
    both.tell()
    both.tell(1)
    both.found(4, 5, 6)
    both.tell(2)
    assert (len(box.mails), len(hook.bodies)) == (2, 2)
    assert "rad 6" in box.mails[1].get_content()
    assert "rad 4" not in box.mails[1].get_content()


def test_a_warning_is_no_news(both: Prov, box: Mailbox):
    both.found(4, severity="W")
    both.tell()
    assert box.mails == []


def test_a_rejected_file_is_news_once(both: Prov, box: Mailbox):
    path = f"landing/prov/budget/{PERSONNUMMER}.csv"
    both.said(deliveries=(DeliveryOutcome("prov", "budget", path, "7" * 64, TODAY, "rejected", message="Rubrikraden saknas."),))
    both.tell()
    both.tell(1)
    (mail,) = box.mails
    assert "Avvisad fil, budget: Rubrikraden saknas." in mail.get_content()
    assert PERSONNUMMER not in mail.as_string() + mail.get_content()


def test_a_held_slice_is_told_again_after_a_week_and_when_the_reason_changes(both: Prov, box: Mailbox):
    both.said(HELD)
    for day in range(8):
        both.tell(day)
    assert [m["Subject"].endswith("påminnelse: publicering hålls tillbaka") for m in box.mails] == [False, True]
    both.said(dataclasses.replace(HELD, reasons=("L007", "L008")))
    both.tell(8)
    assert len(box.mails) == 3
    both.said(GOOD)
    both.tell(9)
    both.said(HELD)
    both.tell(10)
    assert len(box.mails) == 4


def test_what_is_late_is_told_without_a_new_file(both: Prov, box: Mailbox):
    both.configure(expected={"huvudbok": ["09-15"]})
    both.said(deliveries=(DeliveryOutcome("prov", "huvudbok", "landing/a.csv", "7" * 64, dt.date(2024, 9, 10), "accepted"),))
    both.tell(0)
    assert box.mails == []
    both.tell(1)
    both.tell(2)
    assert len(box.mails) == 1
    assert "huvudbok väntades senast 2025-09-15; senaste leveransen kom 2024-09-10." in box.mails[0].get_content()


def test_a_failure_is_told_once_until_a_run_has_ended_well(both: Prov, box: Mailbox):
    failure = Failure("models", "0a1b2c3d4e5f")
    both.tell(0, failure)
    both.tell(1, failure)
    assert len(box.mails) == 1
    assert "vault/errors/0a1b2c3d4e5f" in box.mails[0].get_content()
    both.tell(2)
    both.tell(3, failure)
    assert len(box.mails) == 2


def test_only_the_topics_somebody_asked_for(prov: Prov, hook: Hook):
    prov.configure(alerts={"webhook": {"url": hook.url}, "on": ["held"]})
    prov.found(4)
    prov.tell()
    assert hook.bodies == []
    prov.said(HELD)
    prov.tell()
    assert hook.bodies[0]["counts"] == {"failed": 0, "held": 1, "late": 0, "findings": 0}


def test_a_message_that_did_not_arrive_is_part_of_the_next_one(both: Prov, box: Mailbox, hook: Hook):
    box.refuse.add("data")
    both.found(4)
    both.tell(0)
    (waiting,) = undelivered(both.workspace, "prov")
    assert (waiting.channel, waiting.since) == ("email", TODAY)
    both.tell(1)
    assert undelivered(both.workspace, "prov")[0].since == TODAY
    assert sum(line == "DATA" for line in map(str.upper, box.lines)) == 2  # once a run, no more
    box.refuse.clear()
    both.found(4, 5)
    both.tell(2)
    assert undelivered(both.workspace, "prov") == []
    assert "rad 4, 5" in box.mails[0].get_content()
    assert (len(box.mails), len(hook.bodies)) == (1, 2)  # the webhook had worked all along


def test_what_was_settled_before_it_could_be_told_is_not_told(both: Prov, box: Mailbox):
    box.refuse.add("mail")
    both.found(4)
    both.tell(0)
    box.refuse.clear()
    both.found()
    both.tell(1)
    assert box.mails == []
    assert undelivered(both.workspace, "prov") == []


def test_status_says_that_a_message_did_not_arrive(both: Prov, box: Mailbox):
    box.refuse.add("rcpt")
    both.found(4)
    both.tell()
    status = standing_status(both.workspace.home)
    (sentence,) = [s for s in status.sentences() if s.startswith("Meddelanden")]
    assert "prov kommer inte fram med e-post sedan 2025-09-15: servern tog inte emot någon av mottagarna." in sentence
    assert status.to_json()["undelivered_alerts"][0]["channel"] == "email"


def test_nothing_new_writes_nothing(both: Prov):
    both.found(4)
    both.tell()
    before = both.state_file().stat().st_mtime_ns
    both.tell(1)
    assert both.state_file().stat().st_mtime_ns == before


def test_a_broken_store_fails_no_run_and_is_said(both: Prov, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError(PERSONNUMMER)

    monkeypatch.setattr("finsam_pipeline.pipeline.alerting.list_items", broken)
    both.tell()
    (problem,) = undelivered(both.workspace, "prov")
    assert PERSONNUMMER not in str(problem)
    error_id = problem.problem.rpartition("/")[2]
    assert PERSONNUMMER in (both.workspace.errors / error_id).read_text()
    monkeypatch.undo()
    both.tell(1)
    assert undelivered(both.workspace, "prov") == []


def test_one_channels_unexpected_error_does_not_silence_the_other(both: Prov, hook: Hook, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError(PERSONNUMMER)

    monkeypatch.setattr("finsam_pipeline.review.channels.send_email", broken)
    both.found(4)
    both.tell()
    assert len(hook.bodies) == 1
    assert [u.channel for u in undelivered(both.workspace, "prov")] == ["email"]


def test_a_state_nobody_can_read_is_told_anew(both: Prov, box: Mailbox):
    both.found(4)
    both.tell()
    both.state_file().write_text("{]")
    both.tell(1)
    assert len(box.mails) == 2


def test_a_configuration_that_is_wrong_elsewhere_is_told(both: Prov, box: Mailbox):
    both.configure(no_such_key=1)
    both.tell(0, Failure("source/huvudbok", ""))
    assert "Konfigurationen är fel" in box.mails[0].get_content()


def test_the_state_holds_ids_and_days_only_and_lies_in_the_vault(both: Prov):
    both.found(4)
    both.said(HELD)
    both.tell()
    assert both.state_file().is_relative_to(both.workspace.vault)
    assert both.state_file().stat().st_mode & 0o777 == 0o600
    state = json.loads(both.state_file().read_text())
    assert {day for channel in state["channels"].values() for day in channel["told"].values()} == {TODAY.isoformat()}


def test_a_run_with_nothing_new_still_tells_what_is_late(both: Prov, box: Mailbox, monkeypatch: pytest.MonkeyPatch):
    both.configure(expected={"huvudbok": ["01-15"]})
    monkeypatch.setattr(running, "new_and_faulty", lambda _home, _names, _as_of: ([], {}))
    home = both.workspace.home
    assert running.run(home, "prov", dt.date(2025, 9, 1), Voice(json=True)) == 0  # a look back tells nobody
    assert box.mails == []
    running.run(home, "prov", None, Voice(json=True))
    running.run(home, "prov", None, Voice(json=True))
    assert len(box.mails) == 1
