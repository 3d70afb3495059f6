"""Which delivery counts (interface 4), on files as an office hands them over; nothing is judged and nothing published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.pipeline.intake import take_in_new
from finsam_pipeline.pipeline.loading import Loading, load
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.register import load_register
from finsam_pipeline.store.database import Database
from finsam_pipeline.store.deliveries import read_deliveries
from finsam_pipeline.store.workspace import Workspace
from finsam_pipeline_tests.workspaces import PEOPLE, PEOPLE_HEADER, Office, csv_text, ledger, people

SPRING, SUMMER, AUTUMN = "2025-03-10", "2025-07-10", "2025-09-10"
Read = Callable[[str], Loading]


@pytest.fixture
def landing(tmp_path: Path) -> Office:
    return Office.start(tmp_path / "home")


@pytest.fixture
def read(landing: Office) -> Read:
    """Take in what landing holds, and select among all deliveries of one source."""
    workspace = Workspace(landing.home).ensure()
    database = Database.of(workspace)

    def go(source: str) -> Loading:
        take_in_new(workspace, database, [landing.association], dt.datetime(2025, 12, 1, tzinfo=dt.UTC))
        with database.reading() as connection:
            noted = [d for d in read_deliveries(connection, landing.association) if d.source == source]
        register = load_register(workspace.config / landing.association)
        return load(workspace, SOURCES[source], register, noted, Pseudonymiser(b"0123456789abcdef"))

    return go


def states(loading: Loading) -> dict[str, str]:
    """`day/file` → state."""
    return {"/".join(d.delivery.path.split("/")[3:]): d.state for d in loading.deliveries}


def standing(loading: Loading) -> dict[str, list[int]]:
    """`day/file` → the rows of it that count, as the user sees them."""
    rows = loading.standing
    return {"/".join(path.split("/")[3:]): sorted(own["row"]) for path, own in rows.groupby("path")} if len(rows) else {}


class TestParticipants:
    """The latest day that mentions an intervention replaces all earlier rows of that source for it."""

    SOURCE = "deltagaruppfoljning"

    def test_only_interventions_the_later_day_mentions_are_replaced(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "alla.csv", people(*PEOPLE), SPRING)
        landing.put(self.SOURCE, "slussen.csv", people("4;Slussen;man;2025-03-05;;"), SUMMER)
        assert standing(read(self.SOURCE)) == {f"{SPRING}/alla.csv": [2, 3, 4], f"{SUMMER}/slussen.csv": [2]}

    def test_files_of_one_day_count_together(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "a.csv", people(*PEOPLE[:2]), SUMMER)
        landing.put(self.SOURCE, "b.csv", people(*PEOPLE[2:]), SUMMER)
        assert standing(read(self.SOURCE)) == {f"{SUMMER}/a.csv": [2, 3], f"{SUMMER}/b.csv": [2, 3, 4, 5]}

    def test_a_title_row_alone_mentions_an_intervention(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "alla.csv", people(*PEOPLE), SPRING)
        empty = csv_text("Insats: Slussen", PEOPLE_HEADER.replace(";Insats", ""))
        landing.put(self.SOURCE, "slussen.csv", empty, SUMMER)
        assert standing(read(self.SOURCE)) == {f"{SPRING}/alla.csv": [2, 3, 4]}

    def test_rows_without_a_known_intervention_go_with_their_file(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "a.csv", people("1;Verkstan;man;2025-01-01;;", "2;Okänd;man;2025-01-01;;"), SPRING)
        landing.put(self.SOURCE, "b.csv", people("3;Slussen;man;2025-01-01;;", "4;;man;2025-01-01;;"), SPRING)
        landing.put(self.SOURCE, "c.csv", people("1;Verkstan;man;2025-01-01;;"), SUMMER)
        assert standing(read(self.SOURCE)) == {f"{SPRING}/b.csv": [2, 3], f"{SUMMER}/c.csv": [2]}

    def test_with_coverage_by_year_only_the_years_a_file_speaks_of_are_replaced(self, landing: Office, read: Read):
        landing.amend("association.yaml", "members:", "coverage: {deltagaruppfoljning: year}\nmembers:")
        old = (
            "1;Verkstan;man;2023-02-01;2023-11-30;Arbete",
            "2;Verkstan;man;2024-02-01;2025-02-01;Annat",
            "3;Verkstan;man;2025-01-10;;",
        )
        landing.put(self.SOURCE, "alla.csv", people(*old), SPRING)
        landing.put(self.SOURCE, "ny.csv", people(old[1], "4;Verkstan;kvinna;2025-05-01;;"), SUMMER)
        assert standing(read(self.SOURCE)) == {f"{SPRING}/alla.csv": [2], f"{SUMMER}/ny.csv": [2, 3]}

    def test_a_rejected_file_replaces_nothing_not_even_at_its_own_path(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "alla.csv", people(*PEOPLE), SUMMER)
        read(self.SOURCE)
        landing.put(self.SOURCE, "alla.csv", b"<html><body>404</body></html>", SUMMER)
        landing.put(self.SOURCE, "ny.csv", b"", AUTUMN)
        found = read(self.SOURCE)
        assert [d.state for d in found.deliveries] == ["counts", "rejected", "rejected"]
        assert standing(found) == {f"{SUMMER}/alla.csv": [2, 3, 4, 5, 6, 7]}

    def test_a_rejected_file_mended_at_its_path_is_rejected_no_more(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "alla.csv", b"<html><body>404</body></html>", SUMMER)
        read(self.SOURCE)
        landing.put(self.SOURCE, "alla.csv", people(*PEOPLE), SUMMER)
        assert [d.state for d in read(self.SOURCE).deliveries] == ["replaced", "counts"]


class TestDuplicates:
    """Content decides, not name, time or order of arrival."""

    SOURCE = "deltagaruppfoljning"
    X, Y = people(*PEOPLE), people(*PEOPLE[:5])

    @pytest.mark.parametrize("copied_to", [SPRING, SUMMER, AUTUMN])
    def test_a_copy_counts_nowhere_whatever_day_it_is_put_at(self, landing: Office, read: Read, copied_to: str):
        landing.put(self.SOURCE, "x.csv", self.X, SUMMER)
        read(self.SOURCE)
        landing.put(self.SOURCE, "kopia.csv", self.X, copied_to)
        found = read(self.SOURCE)
        assert states(found) == {f"{SUMMER}/x.csv": "counts", f"{copied_to}/kopia.csv": "duplicate"}
        assert standing(found) == {f"{SUMMER}/x.csv": [2, 3, 4, 5, 6, 7]}

    def test_a_copy_at_an_older_day_brings_nothing_back(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "y.csv", self.Y, SPRING)
        landing.put(self.SOURCE, "x.csv", self.X, AUTUMN)
        before = standing(read(self.SOURCE))
        landing.put(self.SOURCE, "kopia.csv", self.X, SPRING)
        assert standing(read(self.SOURCE)) == before == {f"{AUTUMN}/x.csv": [2, 3, 4, 5, 6, 7]}

    def test_superseded_content_counts_again(self, landing: Office, read: Read):
        for day, content in ((SPRING, self.X), (SUMMER, self.Y), (AUTUMN, self.X)):
            landing.put(self.SOURCE, "fil.csv", content, day)
        found = read(self.SOURCE)
        assert list(states(found).values()) == ["counts", "counts", "counts"]
        assert standing(found) == {f"{AUTUMN}/fil.csv": [2, 3, 4, 5, 6, 7]}

    def test_content_that_was_changed_in_place_and_changed_back_counts(self, landing: Office, read: Read):
        for content in (self.X, self.Y, self.X):
            landing.put(self.SOURCE, "fil.csv", content, SUMMER)
            found = read(self.SOURCE)
        assert [d.state for d in found.deliveries] == ["replaced", "replaced", "counts"]
        assert len(found.standing) == len(PEOPLE)

    def test_a_file_replaced_in_place_replaces_nothing_itself(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "x.csv", self.X, SPRING)
        landing.put(self.SOURCE, "fil.csv", people("9;Slussen;man;2025-05-01;;"), SUMMER)
        assert standing(read(self.SOURCE))[f"{SPRING}/x.csv"] == [2, 3, 4]
        landing.put(self.SOURCE, "fil.csv", people("9;Verkstan;man;2025-05-01;;"), SUMMER)
        assert standing(read(self.SOURCE)) == {f"{SPRING}/x.csv": [5, 6, 7], f"{SUMMER}/fil.csv": [2]}

    def test_arrival_in_any_order_gives_the_same_rows(self, landing: Office, read: Read):
        for day, content in ((AUTUMN, self.Y), (SUMMER, people("9;Slussen;man;2025-05-01;;")), (SPRING, self.X)):
            landing.put(self.SOURCE, "fil.csv", content, day)
            late = read(self.SOURCE)
        assert standing(late) == {f"{AUTUMN}/fil.csv": [2, 3, 4, 5, 6]}


def voucher(head: str, kr: int) -> tuple[str, str]:
    """A balanced voucher: number and day, and what came in."""
    return f"{head};1930;;{kr};", f"{head};3911;;;{kr}"


class TestLedger:
    """The latest version of each voucher; the latest opening balance of each account and year."""

    SOURCE = "huvudbok"

    def test_a_voucher_delivered_again_replaces_only_itself_and_is_told(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "h1.csv", ledger(*voucher("A1;2025-01-02", 5), *voucher("A2;2025-01-03", 1)), SPRING)
        landing.put(self.SOURCE, "h2.csv", ledger(*voucher("A1;2025-01-02", 7), *voucher("A3;2025-04-03", 1)), SUMMER)
        found = read(self.SOURCE)
        assert standing(found) == {f"{SPRING}/h1.csv": [4, 5], f"{SUMMER}/h2.csv": [2, 3, 4, 5]}
        changed = found.standing[found.standing["redelivered_changed"]]
        assert set(changed["voucher"]) == {"2025/A/1"}

    def test_the_same_voucher_number_in_two_years_is_two_vouchers(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "24.csv", ledger(*voucher("A1;2024-01-02", 5)), SPRING)
        landing.put(self.SOURCE, "25.csv", ledger(*voucher("A1;2025-01-02", 7)), SUMMER)
        found = read(self.SOURCE)
        assert set(found.standing["voucher"]) == {"2024/A/1", "2025/A/1"}
        assert not found.standing["redelivered_changed"].any()

    def test_the_latest_opening_balance_of_an_account_and_year_counts(self, landing: Office, read: Read):
        header, text = "Konto;Benämning;Datum;Belopp", "Ingående balans;2025-01-01"
        landing.put(self.SOURCE, "ib1.csv", csv_text(header, f"1930;{text};100,00", f"2010;{text};-100,00"), SPRING)
        landing.put(self.SOURCE, "ib2.csv", csv_text(header, f"2010;{text};-90,00"), SUMMER)
        found = read(self.SOURCE)
        assert set(found.rows["kind"]) == {"opening"}
        assert standing(found) == {f"{SPRING}/ib1.csv": [2], f"{SUMMER}/ib2.csv": [2]}

    def test_a_later_month_alone_leaves_the_earlier_ones(self, landing: Office, read: Read):
        landing.put(self.SOURCE, "jan.csv", ledger(*voucher("A1;2025-01-02", 5)), SPRING)
        landing.put(self.SOURCE, "feb.csv", ledger(*voucher("A2;2025-02-02", 5)), SUMMER)
        assert len(read(self.SOURCE).standing) == 4


KEYED = {
    "budget": (
        "Version;Beslutad;Period;Rad;Projekt;Belopp",
        ["B1;2024-12-01;2025;staten;;1", "B2;2024-12-01;2025;staten;;1"],
        "B1;2025-02-01;2025;kansli;;2",
    ),
    "prognos": (
        "Period;Ordning;Rad;Belopp tkr;Typ",
        ["2025H1;1;Kansli;5;kostnad", "2024H2;1;Kansli;5;kostnad"],
        "2025H1;1;Lokal;6;kostnad",
    ),
    "uppfoljning_finsam": (
        "Insats;Från;Till;Kvinnor;Män;Totalt",
        ["Verkstan;2025-01-01;2025-06-30;1;1;2", "Verkstan;2024-07-01;2024-12-31;1;1;2"],
        "Slussen;2025-01-01;2025-06-30;2;2;4",
    ),
    "sus_insatser": (
        "Insats;År;Deltagarregistrering;Kvinnor;Män;Totalt",
        ["Verkstan;2025;Anonym;1;1;2", "Verkstan;2024;Anonym;1;1;2"],
        "Slussen;2025;Anonym;1;1;2",
    ),
    "aktiviteter": (
        "Datum;Aktivitet;Typ;Antal deltagare;Arrangör",
        ["2025-02-01;Möte;Seminarium;10;", "2024-02-01;Möte;Seminarium;10;"],
        "2025-05-01;Dag;Konferens;20;",
    ),
    "nyckeltal": (
        "Period;Insats;Nyckeltal;Värde;Enhet;Källa",
        ["2025H1;;Kö;4;personer;", "2024H2;;Kö;4;personer;"],
        "2025H1;;Platser;9;;",
    ),
    "programtrohet": (
        "Datum;Insats;Poäng;Maxpoäng;Gräns;Andel i aktivitet (procent)",
        ["2025-02-01;Verkstan;90;125;74;", "2025-02-01;Slussen;80;125;74;"],
        "2025-06-01;Verkstan;95;125;74;",
    ),
}


@pytest.mark.parametrize("source", KEYED)
def test_the_newest_day_replaces_all_earlier_rows_of_the_same_key(landing: Office, read: Read, source: str):
    header, old, new = KEYED[source]
    landing.put(source, "gammal.csv", csv_text(header, *old), SPRING)
    landing.put(source, "ny.csv", csv_text(header, new), SUMMER)
    assert standing(read(source)) == {f"{SPRING}/gammal.csv": [3], f"{SUMMER}/ny.csv": [2]}


def test_a_name_that_becomes_known_frees_its_rows_from_the_archive(landing: Office, read: Read):
    landing.put("deltagaruppfoljning", "a.csv", people("1;Bryggan;man;2025-01-01;;"), SPRING)
    assert read("deltagaruppfoljning").rows["intervention_id"].isna().all()
    landing.amend("interventions.csv", "Slussen;Slussen;;", "Slussen;Slussen;Bryggan;")
    rows: pd.DataFrame = read("deltagaruppfoljning").rows
    assert rows["intervention_id"].tolist() == ["slussen"]
