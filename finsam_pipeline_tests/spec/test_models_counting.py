"""How participations are counted (interface 7, Counting)."""

from __future__ import annotations

import datetime as dt

import pytest

from finsam_pipeline import models
from finsam_pipeline.register.model import Code, Target
from finsam_pipeline_tests.model_tables import HOME, built, intervention, register, rows, stay, table

FLOW = ("carried_in", "started", "participants", "ended", "carried_out")


def flow_of(start: str, end: str | None, basis: str = "interval") -> tuple[int, ...]:
    """The first half of 2025 of an intervention with one woman in it."""
    with built(register(intervention("one", count_basis=basis)), table("deltagaruppfoljning", stay(start, end))) as result:
        return rows(result, "participants/participant_flow", *FLOW, period="2025H1", gender="woman")[0]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-12-31", "2025-01-01", (1, 0, 1, 1, 0)),  # the first day belongs to the period
        ("2024-12-01", "2024-12-31", (0, 0, 0, 0, 0)),  # the day before does not
        ("2025-06-30", None, (0, 1, 1, 0, 1)),  # nor is the last day left out
        ("2025-07-01", None, (0, 0, 0, 0, 0)),
        ("2025-03-03", "2025-03-03", (0, 1, 1, 1, 0)),  # in and out on one day
        ("2020-01-01", None, (1, 0, 1, 0, 1)),  # an open end goes on
        ("2025-06-30", "2025-07-01", (0, 1, 1, 0, 1)),  # ended after the period is still in it at its end
    ],
)
def test_in_an_interval_intervention_whoever_is_in_it_any_day_takes_part(start: str, end: str | None, expected: tuple[int, ...]):
    assert flow_of(start, end) == expected


def test_in_an_event_intervention_only_those_who_started_take_part_and_more_may_end_than_take_part():
    assert flow_of("2024-05-01", "2025-05-01", "event") == (0, 0, 0, 1, -1)
    assert flow_of("2025-05-01", None, "event") == (0, 1, 1, 0, 1)


def test_in_a_started_intervention_nothing_but_starts_is_counted():
    assert flow_of("2025-02-01", "2025-03-01", "started") == (0, 1, 1, 0, 0)
    assert flow_of("2024-02-01", "2025-03-01", "started") == (0, 0, 0, 0, 0)


def test_the_grid_holds_every_active_individual_intervention_and_every_gender_and_nothing_else():
    config = register(
        intervention("one"),
        intervention("later", starts_on=dt.date(2025, 7, 1)),
        intervention("over", ends_on=dt.date(2025, 1, 1)),
        intervention("wide", orientation="structural"),
    )
    with built(config) as result:
        names = rows(result, "participants/participant_flow", "intervention_id", "gender", period="2025H1")
    assert names == [(i, g) for i in ("one", "over") for g in ("anonymous", "man", "other", "woman")]


def test_a_period_is_counted_from_the_first_source_with_rows_for_it():
    local = table("deltagaruppfoljning", stay("2025-08-01"))
    sus = table("sus_deltagare", stay("2025-02-01", "2025-03-01"), stay("2025-02-01"), stay("2025-08-02"))
    with built(register(), local, sus) as result:
        counts = rows(result, "participants/participant_flow", "period", "participants", gender="woman")
    assert counts == [("2025", 1), ("2025H1", 2), ("2025H2", 1)]


def test_misregistered_rows_are_in_no_count_and_exits_of_sus_have_no_reason():
    sus = table("sus_deltagare", stay("2025-02-01", "2025-03-01"), stay("2025-02-01", "2025-03-01", exit_cause="misregistered"))
    with built(register(), sus) as result:
        reasons = rows(result, "participants/exit_reasons", "exit_reason", "ended", period="2025H1", gender="woman")
    assert reasons == [("moved", 0), ("uppgift_saknas", 1), ("work", 0)]


def test_anonymous_participants_count_in_every_period_of_their_year_and_never_in_the_flow():
    counts = table("sus_insatser", {"intervention_id": "one", "year": 2025, "registration": "anonymous", "total": 7})
    with built(register(), counts, years=(2025, 2026)) as result:
        flow = rows(result, "participants/participant_flow", "period", *FLOW, gender="anonymous")
    assert flow[:3] == [(p, 0, 0, 7, 0, 0) for p in ("2025", "2025H1", "2025H2")]
    assert {row[3] for row in flow[3:]} == {0}


def test_a_volume_has_women_and_men_only_where_every_delivery_says_them():
    def volume(name: str, **counts: int) -> dict[str, object]:
        return {"intervention_id": name, "year": 2025, "registration": "volume", **counts}

    some = [
        volume("one", women=2, men=3, total=5),
        volume("one", total=40),
        volume("two", women=2),
        volume("two", women=1, men=4),
    ]
    with built(register(intervention("one"), intervention("two")), table("sus_insatser", *some)) as result:
        assert rows(result, "participants/volume", "intervention_id", "women", "men", "total") == [
            ("one", None, None, 45),
            ("two", 3, None, 7),
        ]


def test_a_volume_stands_in_its_own_mart_alone():
    counts = table(
        "sus_insatser", {"intervention_id": "one", "year": 2025, "registration": "volume", "women": 2, "men": 3, "total": 5}
    )
    with built(register(), counts) as result:
        assert rows(result, "participants/volume", "year", "women", "men", "total") == [(2025, 2, 3, 5)]
        assert sum(r[0] for r in rows(result, "participants/participant_flow", "participants")) == 0


def test_a_target_is_followed_up_from_new_year_to_the_end_of_the_period():
    config = register(targets=(Target(2025, "one", "started", 10), Target(2025, "one", "participants", 20)))
    local = table("deltagaruppfoljning", stay("2024-02-01"), stay("2025-02-01", "2025-03-01"), stay("2025-08-01"))
    with built(config, local) as result:
        actual = rows(result, "participants/targets", "period", "measure", "target", "actual")
    assert actual == [
        ("2025", "participants", 20, 3),
        ("2025", "started", 10, 2),
        ("2025H1", "participants", 20, 2),
        ("2025H1", "started", 10, 1),
        ("2025H2", "participants", 20, 3),
        ("2025H2", "started", 10, 2),
    ]


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        ({"age": 16}, "16-19"),
        ({"age": 15}, "unknown"),
        ({"age": 29}, "20-29"),
        ({"age": 71}, "60-"),
        ({"birth_year": 1985}, "40-49"),  # the year it started less the year of birth
        ({"age_group": "50-59"}, "50-59"),
        ({}, "unknown"),
    ],
)
def test_the_age_group_comes_from_age_or_year_of_birth_or_the_group_given(facts: dict[str, object], group: str):
    with built(register(), table("deltagaruppfoljning", stay("2025-02-01", **facts))) as result:
        ages = dict(
            rows(
                result, "participants/background", "value", "participants", period="2025H1", gender="woman", dimension="age_group"
            )
        )
    assert {value for value, n in ages.items() if n} == {group}
    assert len(ages) == 7


def test_progression_shows_where_those_who_ended_came_from_and_went():
    codes = {"income": tuple(Code("income", c, c, (), "", n) for n, c in enumerate(("wage", "benefit")))}
    local = table(
        "deltagaruppfoljning",
        stay("2025-02-01", "2025-05-01", income_before="benefit", income_after="wage"),
        stay("2025-02-01", income_before="benefit"),
    )
    with built(register(codes=codes), local) as result:
        moves = rows(
            result, "participants/progression", "before", "after", "ended", period="2025H1", gender="woman", dimension="income"
        )
    assert len(moves) == 9
    assert [m for m in moves if m[2]] == [("benefit", "wage", 1)]


def test_registration_lag_shows_what_was_known_after_each_delivery():
    early, late = dt.date(2025, 7, 1), dt.date(2025, 9, 1)
    history = table(
        "participation_history",
        {**stay("2025-02-01"), "source": "deltagaruppfoljning", "valid_from": early, "valid_to": late},
        {**stay("2025-02-01", "2025-06-30"), "source": "deltagaruppfoljning", "valid_from": late},
        {**stay("2025-06-01"), "source": "deltagaruppfoljning", "valid_from": late},
    )
    inputs = models.register_tables(register(), late, 2025, 2025) | {"accepted.participation_history": history}
    with models.build(inputs, threads=1) as result:
        lag = rows(result, "participants/registration_lag", "delivered_on", "measure", "value", period="2025H1")
    assert lag == [
        (early, "ended", 0),
        (early, "participants", 1),
        (early, "started", 1),
        (late, "ended", 1),
        (late, "participants", 2),
        (late, "started", 2),
    ]


def test_a_report_to_the_authority_is_compared_only_when_its_days_are_the_periods():
    spans = {"period_from": dt.date(2025, 1, 1), "period_to": dt.date(2025, 6, 30)}
    reported = table(
        "uppfoljning_finsam",
        {"intervention_id": "one", **spans, "women": 3, "men": 0, "total": 3},
        {"intervention_id": "one", **spans, "period_to": dt.date(2025, 3, 31), "women": 9, "men": 9, "total": 18},
    )
    with built(register(), reported, table("deltagaruppfoljning", stay("2025-02-01"))) as result:
        sides = rows(result, "participants/reconciliation", "gender", "left_value", "right_value", "difference")
    assert sides == [("man", 0, 0, 0), ("other", None, 0, None), ("total", 3, 1, 2), ("woman", 3, 1, 2)]


def test_associations_are_kept_apart():
    here, there = register(), register(id="south")
    local = [
        t.set_column(0, "association", [[a]])
        for a, t in ((h.id, table("deltagaruppfoljning", stay("2025-02-01"))) for h in (here, there))
    ]
    inputs = models.merge([models.register_tables(c, dt.date(2025, 7, 1), 2025, 2025) for c in (here, there)])
    inputs |= models.merge([{"accepted.deltagaruppfoljning": t} for t in local])
    with models.build(inputs, threads=1) as result:
        counts = rows(result, "participants/participant_flow", "association", "participants", period="2025H1", gender="woman")
    assert counts == [(HOME, 1), ("south", 1)]
