"""What a command says should be done next can be pasted as it stands, also where the workspace's path has a blank."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Answer, Office, people

pytestmark = pytest.mark.usefixtures("drafts_alone")
NAMED = re.compile(r"finsam (?:review )?[a-z]+(?: (?:'[^']*'|[^\s()]+))*")


def hints(*answers: Answer) -> list[list[str]]:
    """Every command that is shown, split as a shell would."""
    shown = [found.group() for answer in answers for found in NAMED.finditer(answer.out + answer.err)]
    return [shlex.split(text) for text in shown]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.start(tmp_path / "min arbetsyta")


def assert_pasteable(office: Office, *answers: Answer) -> list[list[str]]:
    found = hints(*answers)
    assert found
    for words in found:
        assert words[words.index("--home") + 1] == str(office.home), words
    return found


def test_what_status_says_can_be_pasted(office: Office):
    (office.home / "landing" / "okant").mkdir()
    empty = office.finsam("status")
    office.hand_over()
    new = office.finsam("status")
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE, "7;Verkstan;qvinna;2025-02-10;;"))
    assert office.run().status == 3
    waiting = office.finsam("status")
    assert {tuple(w[1:3]) for w in assert_pasteable(office, empty, new, waiting)} == {
        ("run", "--home"), ("init", "--home"), ("review", "list"),
    }  # fmt: skip
    # And what is pasted does what was said.
    listed = next(w for w in hints(waiting) if w[1:3] == ["review", "list"])
    assert office.finsam(*(w for w in listed[1:] if w not in ("--home", str(office.home)))).status == 0


def test_what_other_commands_say_can_be_pasted(office: Office):
    nowhere = Office(office.home.with_name("ingen yta"))
    assert_pasteable(nowhere, nowhere.finsam("run"), nowhere.finsam("status"))
    assert_pasteable(office, office.finsam("run", "--association", "annat"))
    assert_pasteable(office, office.finsam("run"))  # no files yet
    assert_pasteable(office, office.finsam("report", "--association", "dalen", "--period", "2025H1"))
    assert_pasteable(office, office.finsam("explain", "participant_flow", "period=2025H1"))
    office.hand_over()
    office.run()
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    office.run()
    assert_pasteable(office, office.finsam("rollback", "0123456789abcdef", "--by", "Ada", "--reason", "x"))
    earlier = next(s["id"] for s in office.finsam("rollback", "--json").json["snapshots"] if not s["current"])
    assert_pasteable(office, office.finsam("rollback", earlier, "--by", "Ada", "--reason", "x"), office.finsam("status"))
    assert_pasteable(office, office.finsam("rollback", "--release", "--by", "Ada"))
