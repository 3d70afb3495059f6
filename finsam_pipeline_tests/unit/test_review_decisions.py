from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from finsam_pipeline.review import audit
from finsam_pipeline.review.decided import Decision, covered_by, fingerprint, in_force, read_decisions, secret_of
from finsam_pipeline.review.decisions import DecisionConflict, DecisionError, DecisionInput, UnknownItem, record, withdraw
from finsam_pipeline.review.items import Found, find_item, item_of, sync
from finsam_pipeline.review.states import Kind
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"k" * 32
Decide = Callable[..., Decision]
SOURCE = "deltagaruppfoljning"
NOW = dt.datetime(2025, 9, 15, 12, tzinfo=dt.UTC)
SECRET_VALUE, SECRET_REASON = "1987-05-04", "ringde handläggaren"

ITEMS = {
    rule: item_of(Found("a", SOURCE, "landing/a/x.csv", "5" * 64, None, 5, rule, severity, "gender", content), KEY)
    for rule, severity, content in (
        ("P003", "E", "c1"),
        ("P005", "E", "c1"),
        ("P004", "E", "c2"),
        ("P014", "B", "k"),
        ("P011", "W", "c3"),
    )
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("FINSAM_DATABASE_URL", raising=False)
    return Workspace(tmp_path).ensure()


@pytest.fixture
def database(workspace: Workspace) -> Database:
    database = Database.of(workspace)
    with database.writing() as connection:
        sync(connection, "a", ITEMS.values())
    return database


def _wanted(rule: str = "P003", kind: str = "drop", **more: object) -> DecisionInput:
    return DecisionInput(**({"item_id": ITEMS[rule].id, "kind": kind, "by": "Anna", "reason": SECRET_REASON} | more))  # type: ignore[arg-type]


def _correct(rule: str, column: str, value: str | None) -> DecisionInput:
    return _wanted(rule, "correct", column=column, value=value)


@pytest.fixture
def decide(workspace: Workspace, database: Database):
    def decides(wanted: DecisionInput, now: dt.datetime = NOW) -> Decision:
        with database.writing() as connection:
            return record(connection, workspace, wanted, now)

    return decides


def test_a_decision_is_recorded_with_who_and_why_and_the_item_is_decided(
    workspace: Workspace, database: Database, decide: Decide
):
    decision = decide(_correct("P005", "Startdatum", SECRET_VALUE))
    assert (decision.kind, decision.column, decision.by, decision.reason_code) == (Kind.CORRECT, "start_date", "Anna", "other")
    assert decision.decided_on == dt.date(2025, 9, 15)
    assert secret_of(workspace, decision).value == SECRET_VALUE
    assert secret_of(workspace, decision).reason == SECRET_REASON
    with database.reading() as connection:
        item = find_item(connection, ITEMS["P005"].id)
        assert item is not None
        assert item.status == "decided"
        assert read_decisions(connection, "a") == [decision]
        assert read_decisions(connection, "b") == []
        assert audit.head(connection).seq == 1


def test_value_and_free_text_stand_in_the_vault_and_nowhere_else(workspace: Workspace, decide: Decide):
    decision = decide(_correct("P005", "start_date", SECRET_VALUE))
    holding = {
        p.relative_to(workspace.home).parts[0]
        for p in workspace.home.rglob("*")
        if p.is_file() and any(s.encode() in p.read_bytes() for s in (SECRET_VALUE, SECRET_REASON))
    }
    assert holding == {"vault"}
    assert stat.S_IMODE((workspace.vault / decision.value_ref).stat().st_mode) == 0o600
    texts = (repr(decision), repr(_correct("P005", "start_date", SECRET_VALUE)), repr(secret_of(workspace, decision)))
    assert not any(s in text for text in texts for s in (SECRET_VALUE, SECRET_REASON))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (_wanted(by=" "), "vem"),
        (_wanted(reason=" "), "skäl"),
        (_wanted(reason_code="because"), "listan"),
        (_wanted(kind="forgive"), "correct, accept, drop"),
        (_correct("P005", "Skostorlek", "42"), "Startdatum"),
        (_correct("P005", "comment", "x"), "kolumnen"),
        (_correct("P005", "start_date", None), "värdet"),
        (_wanted(value="x"), "rättelse"),
        (_wanted(expires_on=dt.date(2026, 1, 1)), "godkännande"),
        (_wanted(kind="accept", expires_on=dt.date(2025, 9, 14)), "passerat"),
        (_wanted("P014", "drop"), "accept"),
        (_wanted("P011", "accept"), "inga"),
    ],
)
def test_what_may_not_be_decided_is_refused_with_a_word_on_what_to_do(
    database: Database, decide: Decide, wanted: DecisionInput, says: str
):
    with pytest.raises(DecisionError, match=says) as refused:
        decide(wanted)
    assert SECRET_REASON not in str(refused.value)
    with database.reading() as connection:
        assert read_decisions(connection) == []


def test_a_closed_or_unknown_item_takes_no_decision(database: Database, decide: Decide):
    with database.writing() as connection:
        sync(connection, "a", [])
    for wanted in (_wanted(), _wanted(item_id="0" * 16)):
        with pytest.raises(UnknownItem):
            decide(wanted)


def test_a_blocking_finding_can_be_accepted_until_a_day(decide: Decide):
    assert decide(_wanted("P014", "accept", expires_on=dt.date(2025, 12, 31))).expires_on == dt.date(2025, 12, 31)


def test_a_reason_from_the_list_is_enough(decide: Decide):
    assert decide(_wanted(reason="", reason_code="duplicate")).reason_code == "duplicate"


def test_the_same_decision_again_is_the_one_that_stands(database: Database, decide: Decide):
    wanted = _correct("P005", "start_date", SECRET_VALUE)
    assert decide(wanted) == decide(replace(wanted, by="Bo", column="Start"))
    with database.reading() as connection:
        assert len(read_decisions(connection)) == 1
        assert audit.head(connection).seq == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_wanted("P003", "drop"), _wanted("P003", "accept")),
        (_wanted("P003", "accept"), _correct("P003", "gender", "kvinna")),
        (_correct("P003", "gender", "kvinna"), _correct("P003", "gender", "man")),
        (_correct("P003", "gender", "kvinna"), _correct("P005", "gender", "man")),
        (_wanted("P003", "accept"), _wanted("P003", "accept", expires_on=dt.date(2026, 1, 1))),
    ],
)
def test_a_decision_against_one_that_stands_is_refused(decide: Decide, first: DecisionInput, second: DecisionInput):
    decide(first)
    with pytest.raises(DecisionConflict, match="Ta tillbaka") as refused:
        decide(second)
    assert "kvinna" not in str(refused.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_correct("P005", "start_date", "2025-01-01"), _correct("P005", "end_date", "2025-02-01")),
        (_correct("P003", "gender", "man"), _correct("P005", "end_date", "2025-02-01")),
        (_wanted("P003", "drop"), _wanted("P004", "accept")),
        (_wanted("P003", "accept"), _wanted("P005", "accept")),
    ],
)
def test_decisions_about_other_cells_or_rows_stand_together(
    database: Database, decide: Decide, first: DecisionInput, second: DecisionInput
):
    decide(first)
    decide(second)
    with database.reading() as connection:
        assert len(in_force(read_decisions(connection))) == 2


def test_an_expired_decision_no_longer_stands_in_the_way(decide: Decide):
    decide(_wanted(kind="accept", expires_on=dt.date(2025, 10, 1)))
    assert decide(_wanted(kind="drop"), NOW + dt.timedelta(days=60)).kind is Kind.DROP


def test_a_decision_taken_back_opens_the_item_and_is_kept(database: Database, decide: Decide):
    decision = decide(_wanted())
    with database.writing() as connection:
        withdraw(connection, decision.id, "Bo", NOW + dt.timedelta(days=1))
        item = find_item(connection, decision.item_id)
        (kept,) = read_decisions(connection)
        assert audit.head(connection).seq == 2
    assert item is not None
    assert item.status == "open"
    assert (kept.withdrawn_by, kept.withdrawn_on) == ("Bo", dt.date(2025, 9, 16))
    assert in_force([kept]) == []
    assert in_force([kept], as_of=dt.date(2025, 9, 15)) == [kept]
    assert in_force([kept], as_of=dt.date(2025, 9, 16)) == []
    for identity, by in ((decision.id, "Bo"), ("none", "Bo"), (decision.id, " ")):
        with pytest.raises(DecisionError), database.writing() as connection:
            withdraw(connection, identity, by)


def test_an_item_stays_decided_while_another_of_its_corrections_stands(database: Database, decide: Decide):
    first = decide(_correct("P005", "start_date", "2025-01-01"))
    decide(_correct("P005", "end_date", "2025-02-01"))
    with database.writing() as connection:
        withdraw(connection, first.id, "Bo", NOW)
        item = find_item(connection, first.item_id)
    assert item is not None
    assert item.status == "decided"


def test_as_of_sees_neither_later_decisions_nor_expired_ones(decide: Decide):
    decision = decide(_wanted(kind="accept", expires_on=dt.date(2025, 12, 31)))
    day = dt.date
    assert in_force([decision], day(2025, 9, 14)) == []
    assert in_force([decision], day(2025, 12, 31)) == [decision]
    assert in_force([decision], day(2026, 1, 1)) == []
    assert in_force([decision]) == [decision]
    assert in_force([decision], None, day(2026, 1, 1)) == []


def test_the_fingerprint_follows_what_is_decided_and_not_who_when_or_why(
    workspace: Workspace, database: Database, decide: Decide
):
    assert fingerprint(workspace, [], KEY) == ""
    one = decide(_correct("P003", "gender", "man"))
    two = decide(_correct("P005", "end_date", "2025-02-01"))
    both = fingerprint(workspace, [one, two], KEY)
    assert fingerprint(workspace, [two, one], KEY) == both
    assert fingerprint(workspace, [one], KEY) != both
    assert fingerprint(workspace, [one, two], b"other") != both
    with database.writing() as connection:
        withdraw(connection, one.id, "Bo", NOW)
    again = decide(replace(_correct("P003", "gender", "man"), by="Cilla", reason="annat"), NOW + dt.timedelta(days=3))
    assert fingerprint(workspace, [again, two], KEY) == both
    other = decide(_correct("P004", "gender", "man"))
    assert fingerprint(workspace, [other, two], KEY) != both


def test_a_waived_row_is_settled_although_its_rule_fails_and_a_corrected_one_is_not(decide: Decide):
    waived, corrected, helped = (
        decide(_wanted("P004", "accept")),
        decide(_correct("P003", "gender", "man")),
        decide(_correct("P005", "end_date", "")),
    )
    found = {waived.item_id, corrected.item_id}
    standing = {waived.item_id, corrected.item_id, helped.item_id}
    assert covered_by([waived, corrected, helped], found, standing) == {waived.item_id, helped.item_id}


def test_nothing_is_settled_where_no_row_stands_and_no_rule_fails(decide: Decide):
    waived, helped = decide(_wanted("P004", "accept")), decide(_correct("P005", "end_date", ""))
    assert covered_by([waived, helped], set(), set()) == set()
    assert covered_by([waived, helped], {waived.item_id}, set()) == {waived.item_id}


def test_a_correction_that_did_not_help_is_replaced_by_the_next_decision(database: Database, decide: Decide):
    first = decide(_correct("P003", "gender", "knivna"))
    with database.writing() as connection:
        sync(connection, "a", ITEMS.values())
    second = decide(_correct("P003", "gender", "kvinna"))
    with database.reading() as connection:
        assert in_force(read_decisions(connection)) == [second]
        assert {d.id for d in read_decisions(connection)} == {first.id, second.id}


def test_a_transaction_that_fails_leaves_no_decision(workspace: Workspace, database: Database):
    def fail_after() -> None:
        with database.writing() as connection:
            record(connection, workspace, _wanted(), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after()
    with database.reading() as connection:
        assert read_decisions(connection) == []
        assert audit.head(connection).seq == 0
