"""The half-years and the year, published one after another: whoever has all three cannot work a hidden count out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from finsam_pipeline.report.disclosure import Record
from finsam_pipeline.report.document import Document
from finsam_pipeline.report.halfyear import publishable
from finsam_pipeline_tests import report_marts as made
from finsam_pipeline_tests.attacker import Attacker, Sum, recovered
from finsam_pipeline_tests.masked_pages import Reader

INTERVENTIONS = {"bron": "Bron", "mote": "Möten", "vilan": "Viloår"}
GENDERS = ("woman", "man", "other")
REASONS = {"arbete": "Arbete", "studier": "Studier", "annat": "Annat"}
FIRST, SECOND, YEAR = "2031H1", "2031H2", "2031"
Counts = dict[str, int]  # "in|new|out intervention gender [reason]" -> persons, by the names on the page


def a_year(random: np.random.Generator) -> dict[str, Counts]:
    """Two half-years and their year, nobody leaving who was not there."""
    first: Counts = {}
    second: Counts = {}
    for i in INTERVENTIONS.values():
        for g, mean in zip(GENDERS, (8, 5, 1), strict=True):
            out = {r: random.poisson(mean / 3, 2) for r in REASONS.values()}
            left = [sum(int(out[r][h]) for r in out) for h in (0, 1)]
            new = [int(n) for n in random.poisson(mean, 2)]
            start = max(0, left[0] - new[0], sum(left) - sum(new)) + int(random.poisson(mean / 2))
            first |= {f"in {i} {g}": start, f"new {i} {g}": new[0]} | {f"out {i} {g} {r}": int(n[0]) for r, n in out.items()}
            second |= {f"in {i} {g}": start + new[0] - left[0], f"new {i} {g}": new[1]}
            second |= {f"out {i} {g} {r}": int(n[1]) for r, n in out.items()}
    whole = {k: first[k] if k.startswith("in ") else first[k] + second[k] for k in first}
    return {FIRST: first, SECOND: second, YEAR: whole}


def marts(year: dict[str, Counts]) -> made.Fixed:
    flow: list[dict[str, Any]] = []
    exits: list[dict[str, Any]] = []
    for period, n in year.items():
        for id_, name in INTERVENTIONS.items():
            for g in GENDERS:
                keys = {"association": "provby", "period": period, "intervention_id": id_, "gender": g}
                gone = {code: n[f"out {name} {g} {label}"] for code, label in REASONS.items()}
                exits += [{**keys, "exit_reason": code, "ended": ended} for code, ended in gone.items()]
                here = {"carried_in": n[f"in {name} {g}"], "started": n[f"new {name} {g}"]}
                participants, ended = sum(here.values()), sum(gone.values())
                told = {"participants": participants, "ended": ended, "carried_out": participants - ended}
                flow.append(keys | here | told)
    return made.Fixed({"participants/participant_flow": flow, "participants/exit_reasons": exits})


def register(policy: dict[str, Any]):
    of = made.register()
    named = tuple(replace(i, count_basis="interval") for i in of.interventions)
    return replace(of, interventions=named, settings={"disclosure": policy})


def means(period: str):
    """A figure of a period in what happened in the two half-years."""

    def one(name: str) -> Sum:
        kind, rest = name.split(" ", 1)
        if kind == "in":
            before = ((f"in {rest}", 1),)
            gone = tuple((f"{FIRST} out {rest} {r}", -1) for r in REASONS.values())
            return (*before, (f"{FIRST} new {rest}", 1), *gone) if period == SECOND else before
        return tuple((f"{p} {name}", 1) for p in ((FIRST, SECOND) if period == YEAR else (period,)))

    return lambda terms: tuple((cell, n * count) for name, count in terms for cell, n in one(name))


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(n, marks=pytest.mark.long) for n in range(3, 40))])
def test_what_one_edition_hides_no_other_tells(seed: int):
    random = np.random.default_rng(seed)
    year = a_year(random)
    snapshot, masking, frank = marts(year), register({"method": "mask"}), register({})
    attacker, secrets, told = Attacker(), {}, []
    for period in (FIRST, SECOND, YEAR):
        closed, record = publishable(snapshot, masking, str(period), draft=False, earlier=told)
        told.append(replace(record, edition=str(period)))
        assert "går att räkna ut ur en tidigare utgåva" not in str(closed)
        read(snapshot, frank, closed, str(period), attacker, secrets)
    carried = means(SECOND)
    # Whoever was left is no fewer than nobody.
    attacker.at_least += [(carried(((name, 1),)), 0) for name in year[SECOND] if name.startswith("in ")]
    assert len(secrets) > 20
    assert not recovered(attacker, secrets, 3)


def read(snapshot: made.Fixed, frank: Any, closed: Document, period: str, into: Attacker, secrets: dict[Sum, int]) -> None:  # noqa: ANN401 - a register
    reader = Reader(publishable(snapshot, frank, period)[0], closed, 5, means(period))
    into.equations += reader.attacker.equations
    into.at_least += reader.attacker.at_least
    secrets |= reader.secrets


def test_without_a_memory_the_editions_tell_on_each_other():
    """Each edition masked for itself: the three together give counts away, so the records are needed."""
    caught = 0
    for seed in range(2):
        snapshot = marts(a_year(np.random.default_rng(seed)))
        attacker, secrets = Attacker(), {}
        for period in (FIRST, SECOND, YEAR):
            closed, _ = publishable(snapshot, register({"method": "mask"}), period)
            read(snapshot, register({}), closed, period, attacker, secrets)
        caught += bool(recovered(attacker, secrets, 3))
    assert caught


def test_an_edition_kept_as_a_file_protects_as_well():
    snapshot, masking = marts(a_year(np.random.default_rng(3))), register({"method": "mask"})
    _, first = publishable(snapshot, masking, FIRST)
    kept = Record(**{f: getattr(first, f) for f in ("period", "edition", "values", "shown", "masked", "protected", "floors")})
    assert publishable(snapshot, masking, YEAR, earlier=[first]) == publishable(snapshot, masking, YEAR, earlier=[kept])
