"""`retention:` and `archive:`: what is removed, when, and that nothing is without a setting."""

from __future__ import annotations

import datetime as dt

import pytest

from finsam_pipeline.pipeline.retention import due, remove_due
from finsam_pipeline_tests.workspaces import LATER, PEOPLE, Office, people

pytestmark = pytest.mark.usefixtures("states_alone")
FAR = dt.date(2045, 1, 1)


def keep(office: Office, text: str) -> None:
    path = office.home / "config" / office.association / "association.yaml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def originals(office: Office) -> int:
    return len(list((office.home / "vault" / "archive").glob("*/*")))


def test_without_a_setting_nothing_is_ever_due(office: Office):
    assert due(office.home, FAR) == []
    assert remove_due(office.home, FAR) == []
    assert "dalen" in office.finsam("status", "--json").json["without_retention"]


def test_landing_is_emptied_of_what_was_taken_in_and_the_marts_stand(office: Office):
    office.put("okand_mapp", "fel.csv", people(*PEOPLE))  # rejected: it waits for somebody
    keep(office, "retention: {landing_days: 30}\n")
    office.run()
    assert office.finsam("retention", "--today", "2045-01-01", "--json").json["removed"] is False
    assert len(list((office.home / "landing").rglob("*.csv"))) == 4
    said = office.finsam("retention", "--apply", "--today", "2045-01-01")
    assert said.status == 0
    assert [p.name for p in (office.home / "landing").rglob("*.csv")] == ["fel.csv"]
    count = office.participants("2025H1", "verkstan")
    assert office.run().json["changed"] is False
    assert office.participants("2025H1", "verkstan") == count == 3


def test_an_original_too_old_leaves_with_its_rows(office: Office):
    office.put("deltagaruppfoljning", "ny.csv", people("9;Slussen;man;2026-01-05;;"), "2026-02-01")
    keep(office, "retention: {originals_years: 2}\n")
    office.run()
    assert due(office.home, dt.date(2027, 12, 31)) == []  # two whole years after the year of delivery
    gone = remove_due(office.home, dt.date(2028, 1, 1))
    assert {o.kind for o in gone} == {"original"}
    assert len(gone) == 3  # all of 2025; the one of 2026 stays
    said = office.run().json
    assert said["changed"]
    states = {d["path"].rpartition("/")[2]: (d["status"], d["rows"], d["superseded"]) for d in said["deliveries"]}
    assert states["deltagare.csv"] == ("superseded", 6, 6)
    assert office.participants("2026H1", "slussen") == 1
    assert office.mart("participants/participant_flow", period="2025H1", intervention_id="verkstan") == []


def test_originals_can_be_kept_only_until_newer_ones_have_replaced_them(office: Office):
    keep(office, "archive: until_superseded\n")
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    before = originals(office)
    assert office.run().status == 0
    assert originals(office) == before + 1 - 1  # the new one came, the replaced one went
    count = office.participants("2025H1", "verkstan")
    again = office.run()
    assert again.status == 0
    assert office.participants("2025H1", "verkstan") == count == 4
    settled = office.run()
    assert settled.json["changed"] is False


def test_only_hashes_are_kept_and_landing_is_read_again(office: Office):
    keep(office, "archive: hash_only\n")
    assert office.run().status == 0
    assert originals(office) == 0
    assert office.run().json["changed"] is False
    office.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"))
    assert office.run().status == 0
    assert office.participants("2025H1", "verkstan") == 4
    assert originals(office) == 0


def test_with_only_hashes_a_missing_file_is_named_and_nothing_is_published_without_it(office: Office):
    keep(office, "archive: hash_only\n")
    assert office.run().status == 0
    standing = office.snapshot().id
    (office.home / "landing/dalen/huvudbok/2025-07-10/huvudbok.csv").unlink()
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE), LATER)
    said = office.run()
    assert said.status == 10
    assert "hash_only" in said.err
    assert office.snapshot().id == standing


def test_old_snapshots_and_errors_go_when_every_association_has_decided(office: Office):
    keep(office, "retention: {snapshots_days: 10, errors_days: 10}\n")
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    office.run()
    (office.home / "vault" / "errors" / "abc").write_text("x")
    assert len(list((office.home / "marts" / "snapshots").iterdir())) == 2
    other = Office.start(office.home, "berget")
    other.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE))
    other.run()
    assert due(office.home, FAR) == []
    keep(other, "retention: {snapshots_days: 20, errors_days: 5}\n")
    other.run()
    standing = office.snapshot().id
    assert {o.kind for o in remove_due(office.home, FAR)} == {"snapshot", "error"}
    assert [p.name for p in (office.home / "marts" / "snapshots").iterdir()] == [standing]


def test_a_snapshot_that_stood_long_is_kept_when_a_new_one_comes(office: Office):
    """Somebody may be reading it at this very moment; its days count from when it was replaced."""
    keep(office, "retention: {snapshots_days: 10}\n")
    manifest = office.home / "marts" / "current" / "manifest.json"
    old = office.snapshot()
    manifest.write_text(manifest.read_text("utf-8").replace(old.manifest["created_at"], "2020-01-01T00:00:00+00:00"), "utf-8")
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    assert office.run().status == 0
    assert old.damaged() == []
    today = dt.datetime.now().astimezone().date()
    assert remove_due(office.home, today + dt.timedelta(days=10)) == []
    assert [o.what for o in remove_due(office.home, today + dt.timedelta(days=12))] == [old.id]


def test_a_snapshot_that_stood_again_is_kept_from_when_it_was_replaced_again(office: Office):
    """Made long ago, but current until a moment ago: its readers have their days."""
    keep(office, "retention: {snapshots_days: 10}\n")
    old = office.snapshot()
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    assert office.run().status == 0
    for snapshot in (old, office.snapshot()):  # both as if made long ago
        manifest = snapshot.path / "manifest.json"
        text = manifest.read_text("utf-8")
        manifest.write_text(text.replace(snapshot.manifest["created_at"], "2020-01-01T00:00:00+00:00"), "utf-8")
    assert office.finsam("rollback", old.id, "--by", "Ada", "--reason", "x").status == 0
    assert office.finsam("rollback", "--release", "--by", "Ada").status == 0
    assert office.run().status == 0
    assert old.damaged() == []
    shelf = {s["id"]: s["replaced_at"] for s in office.finsam("rollback", "--json").json["snapshots"]}
    assert shelf[old.id] > "2025"
    assert shelf[office.snapshot().id] is None


def test_states_on_the_way_of_one_run_are_kept_for_a_day_only(office: Office):
    """Three associations with something new are three switches; the first two are nobody's night."""
    keep(office, "retention: {snapshots_days: 100}\n")
    before = office.snapshot().id
    for name in ("berget", "kusten"):
        other = Office.start(office.home, name)
        other.put("deltagaruppfoljning", "deltagare.csv", people(*PEOPLE))
        keep(other, "retention: {snapshots_days: 100}\n")
    office.put("deltagaruppfoljning", "ny.csv", people(*PEOPLE, "9;Verkstan;man;2025-06-10;;"), LATER)
    assert office.run().status == 0
    shelf = {s["id"]: s["passing"] for s in office.finsam("rollback", "--json").json["snapshots"]}
    assert len(shelf) == 4
    passing = {name for name, passed in shelf.items() if passed}
    assert len(passing) == 2
    assert not passing & {before, office.snapshot().id}
    today = dt.datetime.now(dt.UTC).date()
    assert due(office.home, today + dt.timedelta(days=1)) == []
    assert {o.what for o in due(office.home, today + dt.timedelta(days=2))} == passing
    assert {o.what for o in remove_due(office.home, today + dt.timedelta(days=2))} == passing
    assert {s["id"] for s in office.finsam("rollback", "--json").json["snapshots"]} == {before, office.snapshot().id}


@pytest.mark.parametrize(
    ("text", "line_says"),
    [
        ("retention: {landing_days: 0}\n", "minst 1"),
        ("retention: {landing_dagar: 5}\n", "okänd nyckel"),
        ("archive: sometimes\n", "archive"),
        ("archive: hash_only\nretention: {landing_days: 5}\n", "hash_only"),
    ],
)
def test_a_wrong_setting_is_refused(office: Office, text: str, line_says: str):
    keep(office, text)
    said = office.run()
    assert said.status == 2
    assert "association.yaml" in said.err
    assert line_says in said.err
