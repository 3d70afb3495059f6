"""What is news, and how it is said."""

from __future__ import annotations

import datetime as dt

import pytest

from finsam_pipeline.register.alerting import Topic
from finsam_pipeline.review.alerts import About, Matter, message, news, still_told

TODAY = dt.date(2025, 9, 15)
ABOUT = About("norr", "Förbundet i norr", "abc", ("Läget: finsam status",))
ROW = Matter(Topic.FINDINGS, "r1", "huvudbok, regel L002: Beloppet går inte att läsa.", "landing/norr/huvudbok/a.csv", 7)
HELD = Matter(Topic.HELD, "h1", "Ekonomitabellerna: L008 Rader utan rad i rapporten.")
LATE = Matter(Topic.LATE, "l1", "budget väntades senast 2025-08-01; senaste leveransen kom aldrig.")
FAILED = Matter(Topic.FAILED, "f1", "Steget models stannade på ett fel som ligger i vault/errors/0a1b.")
ALL = [ROW, HELD, LATE, FAILED]
PERSONNUMMER = "19121212-1212"


def row(number: int, file: str = "landing/norr/huvudbok/a.csv") -> Matter:
    return Matter(Topic.FINDINGS, f"{file}{number}", ROW.text, file, number)


def test_what_nobody_was_told_is_news_the_worst_first():
    assert news(ALL, {}, tuple(Topic), TODAY) == [FAILED, HELD, LATE, ROW]


def test_what_was_told_is_no_news_the_next_night():
    assert news(ALL, still_told(ALL, {}, ALL, TODAY), tuple(Topic), TODAY + dt.timedelta(days=1)) == []


def test_only_the_topics_somebody_asked_for():
    assert news(ALL, {}, [Topic.LATE], TODAY) == [LATE]


def test_states_are_told_again_after_a_week_rows_are_not():
    told = still_told(ALL, {}, ALL, TODAY)
    assert news(ALL, told, tuple(Topic), TODAY + dt.timedelta(days=6)) == []
    assert news(ALL, told, tuple(Topic), TODAY + dt.timedelta(days=7)) == [FAILED, HELD, LATE]


def test_a_reminder_counts_from_when_it_was_sent():
    week = TODAY + dt.timedelta(days=7)
    told = still_told([HELD, ROW], {"h1": TODAY, "r1": TODAY}, [HELD], week)
    assert told == {"h1": week, "r1": TODAY}


def test_what_is_over_is_forgotten_and_news_when_it_comes_back():
    told = still_told([HELD], {"h1": TODAY, "r1": TODAY}, [], TODAY)
    assert told == {"h1": TODAY}
    assert news(ALL, told, [Topic.FINDINGS], TODAY) == [ROW]


def test_what_did_not_arrive_stays_news():
    assert news(ALL, still_told(ALL, {}, [], TODAY), tuple(Topic), TODAY) == [FAILED, HELD, LATE, ROW]


def test_the_whole_message():
    said = message(ABOUT, [FAILED, HELD, LATE, row(7), row(9)], {})
    assert said.subject == (
        "Förbundet i norr: körningen avbröts, publicering hålls tillbaka, 1 försenad leverans, 2 nya att granska"
    )
    assert said.text == (
        "Förbundet i norr\n\n"
        "Körningen avbröts:\n- Steget models stannade på ett fel som ligger i vault/errors/0a1b.\n\n"
        "Hålls tillbaka (den senaste goda versionen står kvar):\n- Ekonomitabellerna: L008 Rader utan rad i rapporten.\n\n"
        "Försenade leveranser:\n- budget väntades senast 2025-08-01; senaste leveransen kom aldrig.\n\n"
        "Nytt att granska:\n- huvudbok, regel L002: Beloppet går inte att läsa. 2 st.\n"
        "    landing/norr/huvudbok/a.csv, rad 7, 9\n\n"
        "Läget: finsam status\n"
    )
    assert said.counts == {"failed": 1, "held": 1, "late": 1, "findings": 2}
    assert (said.association, said.snapshot_id) == ("norr", "abc")


def test_thousands_of_rows_are_a_short_message():
    said = message(ABOUT, [row(n, f"landing/norr/huvudbok/{f}.csv") for f in range(30) for n in range(2, 400)], {})
    assert "11940 st." in said.text
    assert "rad 2, 3, 4, 5, 6, 7, 8, 9 … och 390 till" in said.text
    assert "… och 25 filer till" in said.text
    assert len(said.text) < 1000


def test_a_reminder_says_that_it_is_one():
    assert message(ABOUT, [HELD], {"h1": TODAY}).subject == "Förbundet i norr: påminnelse: publicering hålls tillbaka"
    mixed = message(ABOUT, [HELD, ROW], {"h1": TODAY})
    assert "påminnelse" not in mixed.subject
    assert "rapporten. (påminnelse)" in mixed.text


@pytest.mark.parametrize("number", [PERSONNUMMER, "191212121212", "121212+1212"])
def test_a_personnummer_in_a_files_name_is_masked(number: str):
    said = message(ABOUT, [row(3, f"landing/norr/huvudbok/{number}.csv")], {})
    assert number not in said.text
    assert "landing/norr/huvudbok/[personnummer].csv, rad 3" in said.text


def test_a_subject_is_one_line():
    about = About("norr", f"Förbundet\ni norr {PERSONNUMMER}", None)
    assert message(about, [HELD], {}).subject == "Förbundet i norr [personnummer]: publicering hålls tillbaka"
