"""What participation led to, and how it compares: the marts of shares, goals and years beside each other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from finsam_pipeline import models
from finsam_pipeline.models import Built
from finsam_pipeline.register.model import Goals, Target
from finsam_pipeline_tests.model_tables import CODES, booked, built, intervention, register, rows, stay, table

LOCAL, SUS = "deltagaruppfoljning", "sus_deltagare"
CONFIG = register(intervention("one"), intervention("two"), intervention("net", orientation="structural"), codes=CODES)


def left(exit_reason: str, gender: str = "woman", **facts: str) -> dict[str, object]:
    """A participation that ended in the first half-year, for a reason of the local list."""
    return stay("2025-01-10", "2025-03-10", gender=gender, exit_reason=exit_reason, **facts)


def registered(before: str | None, after: str | None) -> dict[str, object]:
    """A participation of SUS that ended in the first half-year, with its occupations."""
    return stay("2025-01-10", "2025-03-10", occupation_before=before, occupation_after=after)


def results(result: Built, *columns: str, **where: object) -> list[tuple[object, ...]]:
    return rows(result, "participants/results", *columns, period="2025H1", **where)


def test_an_exit_counts_as_its_reason_is_grouped_and_worded():
    stays = [left(code) for code in ("work", "school", "either", "closer", "moved")]
    with built(CONFIG, table(LOCAL, *stays)) as result:
        found = results(
            result, "basis", "ended", "work", "study", "work_or_study", "positive_other", intervention_id="one", gender="woman"
        )
    assert found == [("exit_reason", 5, 1, 1, 3, 1)]


def test_the_share_of_a_gender_and_the_split_between_genders_have_each_their_denominator():
    stays = [left("work", "man"), left("moved", "man"), left("moved", "man"), left("work"), left("school"), left("work")]
    with built(CONFIG, table(LOCAL, *stays)) as result:
        columns = (
            "gender",
            "work_or_study",
            "ended",
            "share_of_ended_percent",
            "work_or_study_all_genders",
            "gender_split_percent",
        )
        found = results(result, *columns, intervention_id=None)
    assert found == [
        ("man", 1, 3, Decimal("33.3"), 4, Decimal("25.0")),
        ("other", 0, 0, None, 4, Decimal("0.0")),
        ("total", 4, 6, Decimal("66.7"), 4, Decimal("100.0")),
        ("woman", 3, 3, Decimal("100.0"), 4, Decimal("75.0")),
    ]


@pytest.mark.parametrize(
    ("before", "after", "work", "study", "either"),
    [
        ("none", "full", 1, 0, 1),
        ("seeks", "school", 0, 1, 1),
        ("school", "half", 1, 0, 1),
        ("half", "full", 1, 0, 1),  # more of the same
        ("full", "half", 0, 0, 0),
        ("full", "full", 0, 0, 0),
        ("none", "either", 0, 0, 1),
        ("half", "either", 0, 0, 0),  # it may be the work that was there
        ("either", "full", 0, 0, 0),
        ("full", "none", 0, 0, 0),
        (None, "full", 0, 0, 0),  # nobody knows what it was before
        ("none", None, 0, 0, 0),
    ],
)
def test_in_sus_work_or_study_was_started_or_increased(before: str | None, after: str | None, work: int, study: int, either: int):
    with built(CONFIG, table(SUS, registered(before, after))) as result:
        columns = ("basis", "ended", "work", "study", "work_or_study", "started_or_increased")
        found = results(result, *columns, intervention_id="one", gender="total")
    assert found == [("occupation", 1, work, study, either, either)]


def test_all_together_are_the_active_individual_interventions_judged_each_in_its_way():
    local = table(LOCAL, left("work"), {**left("work"), "intervention_id": "net"})
    other = table(SUS, {**registered("none", "full"), "intervention_id": "two"})
    with built(CONFIG, local, other) as result:
        assert results(result, "intervention_id", "basis", "ended", "work", gender="total") == [
            ("one", "exit_reason", 1, 1),
            ("two", "occupation", 1, 1),
            (None, "mixed", 2, 2),
        ]


def test_throughput_is_of_all_participants_anonymous_ones_too():
    anonymous = table("sus_insatser", {"intervention_id": "one", "year": 2025, "registration": "anonymous", "total": 1})
    with built(CONFIG, table(LOCAL, left("work"), stay("2025-02-01")), anonymous) as result:
        columns = ("gender", "ended", "participants", "ended_percent")
        found = rows(result, "participants/throughput", *columns, period="2025H1", intervention_id=None)
    assert found == [
        ("anonymous", 0, 1, Decimal("0.0")),
        ("man", 0, 0, None),
        ("other", 0, 0, None),
        ("total", 1, 3, Decimal("33.3")),
        ("woman", 1, 2, Decimal("50.0")),
    ]


def test_time_in_the_intervention_counts_first_and_last_day():
    ends = ("2025-01-01", "2025-03-31", "2025-04-01", "2025-06-30")
    with built(CONFIG, table(LOCAL, *(stay("2025-01-01", end) for end in ends))) as result:
        columns = ("days_class", "ended", "of_ended", "share_percent", "mean_days_of_ended")
        found = rows(result, "participants/duration", *columns, period="2025H1", intervention_id="one", gender="total")
    mean = Decimal("90.75")  # 1, 90, 91 and 181 days
    assert found == [
        ("1-90", 2, 4, Decimal("50.0"), mean),
        ("91-180", 1, 4, Decimal("25.0"), mean),
        ("181-365", 1, 4, Decimal("25.0"), mean),
        ("366-730", 0, 4, Decimal("0.0"), mean),
        ("731-", 0, 4, Decimal("0.0"), mean),
    ]


def test_shares_of_a_background_are_of_all_and_of_those_known():
    stays = [stay("2025-01-01", age=20), stay("2025-01-01", age=30), stay("2025-01-01", age=30), stay("2025-01-01")]
    with built(CONFIG, table(LOCAL, *stays)) as result:
        columns = ("value", "participants", "of_participants", "of_known", "share_percent", "share_of_known_percent")
        where = {"period": "2025H1", "intervention_id": None, "gender": "total", "dimension": "age_group"}
        found = rows(result, "participants/background_shares", *columns, **where)
    assert found == [
        ("20-29", 1, 4, 3, Decimal("25.0"), Decimal("33.3")),
        ("30-39", 2, 4, 3, Decimal("50.0"), Decimal("66.7")),
        ("unknown", 1, 4, 3, Decimal("25.0"), None),
    ]


def test_states_before_and_after_stand_in_the_status_groups_of_sus_too():
    stays = [registered("none", "full"), registered("half", "school"), registered("seeks", None)]
    with built(CONFIG, table(SUS, *stays)) as result:
        columns = ("value", "at_start", "at_end", "change", "of_ended", "at_end_percent")
        where = {"period": "2025H1", "intervention_id": None, "gender": "total", "dimension": "occupation_status"}
        found = rows(result, "participants/before_and_after", *columns, **where)
    assert found == [
        ("job_seeking", 1, 0, -1, 3, Decimal("0.0")),
        ("other", 1, 0, -1, 3, Decimal("0.0")),
        ("study", 0, 1, 1, 3, Decimal("33.3")),
        ("unknown", 0, 1, 1, 3, Decimal("33.3")),
        ("work", 1, 1, 0, 3, Decimal("33.3")),
    ]


def test_the_year_before_is_empty_where_nobody_was_counted_or_the_intervention_was_not_there():
    late = intervention("two", starts_on=stay("2025-01-01")["start_date"])
    config = register(intervention("one"), late, codes=CODES)
    stays = [stay("2024-02-01", "2024-03-01"), stay("2025-02-01", name="two"), stay("2025-02-01"), stay("2025-02-01")]
    with built(config, table(LOCAL, *stays), years=(2023, 2025)) as result:
        columns = ("period", "intervention_id", "year_before", "value", "value_year_before", "change")
        found = rows(result, "participants/period_comparison", *columns, gender="total", measure="started")
    assert [f for f in found if f[0] in ("2024H1", "2025H1")] == [
        ("2024H1", "one", "2023H1", 1, None, None),
        ("2024H1", None, "2023H1", 1, None, None),
        ("2025H1", "one", "2024H1", 2, 1, 1),
        ("2025H1", "two", "2024H1", 1, None, None),
        ("2025H1", None, "2024H1", 3, 1, 2),
    ]


def goal(result: Built, **where: object) -> list[tuple[object, ...]]:
    columns = ("numerator", "denominator", "outcome_percent", "of_target_percent", "status")
    return rows(result, "participants/goals", *columns, **where)


@pytest.mark.parametrize(("target", "reached", "status"), [(4, "75.0", "not_met"), (3, "100.0", "met"), (0, None, "met")])
def test_a_goal_that_is_a_count_is_measured_against_the_whole_year(target: int, reached: str | None, status: str):
    config = replace(CONFIG, targets=(Target(2025, "one", "started", target),))
    with built(config, table(LOCAL, *(stay(f"2025-0{m}-01") for m in (1, 6, 7)))) as result:
        assert goal(result, period="2025")[0][3:] == (reached and Decimal(reached), status)
        assert [g[0] for g in goal(result, period="2025H1")] == [2]


def test_a_goal_that_is_a_share_has_its_denominator_and_may_be_of_all_interventions():
    targets = (Target(2025, "", "work_or_study_share", 50), Target(2025, "two", "ended_share", 50))
    config = replace(CONFIG, targets=targets, goals=Goals(met=100, near=80))
    stays = [left("work"), left("school"), *(left("moved") for _ in range(3)), {**left("work"), "intervention_id": "net"}]
    with built(config, table(LOCAL, *stays)) as result:
        assert goal(result, period="2025H1", intervention_id=None) == [(2, 5, Decimal("40.0"), Decimal("80.0"), "near")]
        assert goal(result, period="2025H1", intervention_id="two") == [(0, 0, None, None, None)]  # nothing to measure
        assert rows(result, "participants/targets", "measure") == []  # the fixed mart speaks of counts alone


def test_the_models_own_tests_hold_on_everything_at_once():
    stays = [left(code, gender) for code in ("work", "school", "closer", "moved") for gender in ("woman", "man", "other")]
    other = [{**registered("none", "full"), "intervention_id": "two"}]
    config = replace(CONFIG, targets=(Target(2025, "one", "started", 4),))
    cost = table("huvudbok", booked("2025-02-01", "4010", "10", "one"))
    with built(config, table(LOCAL, *stays), table(SUS, *other), cost) as result:
        assert [t for t in models.run_tests(result) if not t.passed] == []
        for broken, test in BREAKS.items():
            result.connection.execute("begin")
            result.connection.execute(broken)
            assert test in {t.test for t in models.run_tests(result) if not t.passed}, broken
            result.connection.execute("rollback")


BREAKS = {
    "update results set work_or_study = work_or_study + 1 where gender = 'woman'": "results_add_up",
    "update cost_per_participant set work_or_study = 99": "results_agree_with_exit_reasons",
    "update throughput set ended = ended + 1 where gender = 'total'": "throughput_agrees_with_flow",
    "update duration set ended = 0": "duration_adds_up",
    "update background_shares set participants = 0": "background_shares_add_up",
    "update before_and_after set at_end = 0": "before_and_after_adds_up",
    "update goals set numerator = numerator + 1": "goals_agree_with_targets",
    "update participants_period_comparison set value = value + 1": "comparisons_agree",
}
