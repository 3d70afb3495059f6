"""A budget row that names an account is known when a line rule takes it; otherwise it would vanish on the way to the statement."""

from __future__ import annotations

import dataclasses
import datetime as dt

from finsam_pipeline.contracts.sources import SOURCES
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers.table import ReadResult
from finsam_pipeline.register.model import LineRule
from finsam_pipeline.shaping import DeliveryRef, shape
from finsam_pipeline_tests.shaping_tables import KEY, register, table


def known(rows: str, *rules: LineRule) -> list[bool]:
    text = table("Version;Beslutad;Period;Rad;Konto;Projekt;Belopp\n" + rows)
    ref = DeliveryRef("a", "budget", "x", "0" * 64, dt.date(2025, 9, 15))
    own = dataclasses.replace(register(), line_rules=rules)
    return shape(ReadResult([text]), SOURCES["budget"], own, ref, Pseudonymiser(KEY)).rows["line_known"].tolist()


def rule(first: str, last: str, objects: tuple[str, ...] = (), orientation: str = "", *, settled: bool | None = None) -> LineRule:
    return LineRule(1, "hyra", first, last, objects, orientation, settled, None, None)


def test_an_account_inside_a_rules_bounds_is_known_and_one_outside_is_not():
    assert known("v;;2025;;5010;;1\nv;;2025;;5110;;1", rule("50", "50")) == [True, False]


def test_a_rule_for_objects_takes_only_those():
    assert known("v;;2025;;5010;1001;1\nv;;2025;;5010;;1", rule("5000", "5999", ("6:1001",))) == [True, False]


def test_a_rule_for_individual_interventions_takes_only_their_objects():
    assert known("v;;2025;;5010;1001;1\nv;;2025;;5010;;1", rule("5000", "5999", (), "individual")) == [True, False]


def test_what_belongs_to_no_intervention_is_not_settled():
    assert known("v;;2025;;5010;;1", rule("5000", "5999", settled=False)) == [True]
    assert known("v;;2025;;5010;;1", rule("5000", "5999", settled=True)) == [False]
