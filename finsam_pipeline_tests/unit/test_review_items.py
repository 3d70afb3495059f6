from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from sqlalchemy import event as hook

from finsam_pipeline.contracts.rules import RULES
from finsam_pipeline.review.items import Found, Item, find_item, item_id, item_of, list_items, message, occurrences, sync
from finsam_pipeline.review.states import DECIDABLE, TRANSITIONS, Event, Status, TransitionError, after
from finsam_pipeline.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"k" * 32
SOURCE = "deltagaruppfoljning"


def _found(rule: str = "P003", content: str = "c1", severity: str = "E", **place: object) -> Item:
    values = {
        "path": "landing/a/deltagaruppfoljning/x.xlsx",
        "sheet": "Blad1",
        "row": 5,
        "column": "gender",
        "association": "a",
    } | place
    return item_of(Found(source=SOURCE, sha256="5" * 64, rule=rule, severity=severity, content=content, **values), KEY)  # type: ignore[arg-type]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'x.sqlite'}")


def _run(database: Database, *items: Item, **how: object) -> None:
    with database.writing() as connection:
        sync(connection, "a", items, **how)  # type: ignore[arg-type]


def _statuses(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        return {i.rule: i.status for i in list_items(connection, everything=True)}


def test_json_is_what_the_interface_lists():
    assert list(_found().as_json()) == [
        "id", "association", "source", "path", "sheet", "row", "rule", "severity", "column", "message", "status",
    ]  # fmt: skip


def test_an_id_follows_the_content_and_not_the_place():
    assert _found(row=5).id == _found(row=99, path="elsewhere.csv", sheet=None).id
    assert len(_found().id) == 16
    distinct = {_found().id, _found(content="c2").id, _found(rule="P004").id, _found(association="b").id}
    assert len(distinct) == 4
    assert item_id(KEY, "a", SOURCE, "c1", "P003", 2) != item_id(KEY, "a", SOURCE, "c1", "P003", 1)
    assert item_id(b"other", "a", SOURCE, "c1", "P003") != item_id(KEY, "a", SOURCE, "c1", "P003")


def test_parts_of_an_id_do_not_run_together():
    assert item_id(KEY, "ab", "c", "x", "r") != item_id(KEY, "a", "bc", "x", "r")


def test_a_message_names_the_column_as_the_file_does_and_what_to_do():
    words = message("P003", SOURCE, "gender")
    assert RULES["P003"].title_sv in words
    assert "(kolumn Kön)" in words
    assert RULES["P003"].remedy_sv in words
    assert "kolumn" not in message("L001", "huvudbok", "").split(".")[0]


def test_rows_of_one_content_are_numbered_in_order():
    rows = pd.DataFrame({"association": "a", "source": ["s", "s", "t", "s"], "content": ["x", "x", "x", "y"]})
    assert occurrences(rows).tolist() == [1, 2, 1, 1]


def test_open_errors_and_blocking_findings_are_listed_and_the_rest_on_demand(database: Database):
    warned, blocking = _found("P011", severity="W"), _found("P014", severity="B", row=None)
    _run(database, _found(), warned, blocking, _found("P004"), covered={_found("P004").id})
    with database.reading() as connection:
        assert [i.rule for i in list_items(connection)] == ["P014", "P003"]
        assert [i.rule for i in list_items(connection, everything=True)] == ["P014", "P003", "P004", "P011"]
        assert list_items(connection, ["b"]) == []


def test_a_finding_moves_with_its_row_and_closes_when_it_is_gone(database: Database):
    _run(database, _found(row=5), run="r1")
    _run(database, _found(row=8), run="r2")
    with database.reading() as connection:
        (item,) = list_items(connection)
    assert item.row == 8
    _run(database)
    assert _statuses(database) == {}
    with database.reading() as connection:
        closed = find_item(connection, _found().id)
    assert closed is not None
    assert closed.status == "closed"
    _run(database, _found())
    assert _statuses(database) == {"P003": "open"}


def test_a_changed_row_is_asked_again(database: Database):
    _run(database, _found(), covered={_found().id})
    _run(database, _found(content="c2"))
    assert _statuses(database) == {"P003": "open"}


def test_a_corrected_row_stays_decided_while_its_decision_is_applied(database: Database):
    _run(database, _found())
    _run(database, covered={_found().id})
    assert _statuses(database) == {"P003": "decided"}


def test_an_expired_decision_opens_the_item(database: Database):
    _run(database, _found(), covered={_found().id})
    _run(database, _found())
    assert _statuses(database) == {"P003": "open"}


def test_other_associations_and_sources_stand_as_they_stood(database: Database):
    other = _found(association="b")
    with database.writing() as connection:
        sync(connection, "b", [other])
    _run(database, _found())
    _run(database, sources=["huvudbok"])
    with database.reading() as connection:
        assert {i.association for i in list_items(connection)} == {"a", "b"}


def test_many_findings_that_stand_are_not_written_again(database: Database):
    items = [_found("P011", f"c{n}", "W", row=n) for n in range(500)]
    _run(database, *items)
    asked: list[str] = []
    hook.listen(database._engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    _run(database, *items)
    assert [text.split()[0].lower() for text in asked] == ["begin", "select"]


def test_every_state_answers_every_event_but_a_closed_item_takes_no_decision():
    missing = set(itertools.product(Status, Event)) - set(TRANSITIONS)
    assert missing == {(Status.CLOSED, Event.DECIDE)}
    for status, event in missing:
        with pytest.raises(TransitionError):
            after(status, event)


def test_every_severity_of_a_rule_says_what_can_be_decided():
    assert {str(r.severity) for r in RULES.values()} <= set(DECIDABLE)
