"""Alerts of the command a user gives: one message a run, no value in it, nothing repeated, no mail server can stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.register import write_template
from finsam_pipeline_tests.command import finsam
from finsam_pipeline_tests.local_servers import mail_server
from finsam_pipeline_tests.workspaces import Office

if TYPE_CHECKING:
    from pathlib import Path

ASSOCIATION = "prov"
PERSONNUMMER = "19121212-1212"
BAD_ROWS = (
    "Datum;Aktivitet;Typ;Antal deltagare;Arrangör\n"
    f"2025-03-01;Träff med {PERSONNUMMER};Frukost;12;Kansliet\n"
    "2025-03-02;Öppet hus;Frukost;9;Kansliet\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_template(tmp_path / "home" / "config", ASSOCIATION)
    return tmp_path / "home"


def configure(home: Path, port: int) -> None:
    alerts = f"alerts: {{email: {{to: [a@exempel.se], from: f@exempel.se, smtp: '127.0.0.1:{port}', starttls: false}}}}\n"
    with (home / "config" / ASSOCIATION / "association.yaml").open("a", encoding="utf-8") as stream:
        stream.write(alerts)


def test_one_mail_for_what_a_run_found_and_none_for_what_is_known(home: Path):
    with mail_server() as box:
        configure(home, box.port)
        landed = home / "landing" / ASSOCIATION / "aktiviteter" / "2025-12-01" / f"{PERSONNUMMER}.csv"
        landed.parent.mkdir(parents=True)
        landed.write_text(BAD_ROWS, encoding="utf-8")
        box.refuse.add("data")
        assert finsam("run", "--home", home, "--json").status == 3
        again = Office(home, ASSOCIATION)
        assert "kommer inte fram med e-post" in again.finsam("status").out
        box.refuse.clear()
        assert again.run().status == 3  # nothing new, but the mail still waits
        assert again.run().status == 3
    (mail,) = box.mails
    text = mail.get_content()
    assert "aktiviteter, regel P012" in text
    assert ".csv, rad 2" in text
    assert f"{home}/reports/{ASSOCIATION}/" in text
    everything = mail.as_string() + text
    assert not [n for n in (PERSONNUMMER, PERSONNUMMER[2:], PERSONNUMMER.replace("-", ""), "Träff", "Frukost") if n in everything]
