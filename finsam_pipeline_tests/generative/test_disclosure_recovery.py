"""Nothing hidden in random tables can be worked out: an attacker of another make tries (attacker.py)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from finsam_pipeline.register.disclosure import DisclosurePolicy
from finsam_pipeline.report.disclosure.record import Record, together
from finsam_pipeline.report.disclosure.suppression import Suppression, suppress
from finsam_pipeline.report.disclosure.system import Cell, Published
from finsam_pipeline_tests import disclosure_tables as tables
from finsam_pipeline_tests.attacker import Attacker, Sum, recovered

SHORT, LONG = 100, 3_400  # of each of the three makes: 300, and more than 10 000 in all
POLICIES = (
    DisclosurePolicy(method="mask"),
    DisclosurePolicy(method="mask", below=3),
    DisclosurePolicy(method="mask", below=10),
    DisclosurePolicy(method="mask", zeros="masked"),
)
Make = Callable[[np.random.Generator], tuple[dict[str, int], list[Sum]]]


def value(terms: Sum, values: dict[str, int]) -> int:
    return sum(values[c] * n for c, n in terms)


def published(values: dict[str, int], sums: list[Sum]) -> Published:
    return Published(values, {frozenset(s): Cell() for s in sums}, floors={frozenset(s) for s in sums})


def attacker_of(values: dict[str, int], sums: list[Sum], hidden: Suppression, policy: DisclosurePolicy) -> Attacker:
    """What stands on the page: a number, or a mark that is known to stand for no less than the policy's smallest."""
    attacker = Attacker()
    for s in sums:
        if frozenset(s) in hidden.hidden:
            attacker.at_least.append((s, min(policy.smallest, value(s, values))))
        else:
            attacker.equations.append((s, value(s, values)))
    return attacker


def tried(make: Make, seed: int) -> None:
    random = np.random.default_rng(seed)
    policy = POLICIES[seed % len(POLICIES)]
    values, sums = make(random)
    hidden = suppress(published(values, sums), policy)
    secrets = {s: v for s in sums if policy.smallest <= (v := value(s, values)) < policy.below}
    assert {frozenset(s) for s in secrets} == hidden.small
    assert not hidden.exposed
    assert not recovered(attacker_of(values, sums, hidden, policy), secrets, policy.below - 1 - policy.smallest), f"seed {seed}"


@pytest.mark.parametrize("make", [tables.one_table, tables.cube, tables.linked])
def test_no_hidden_figure_of_a_random_table_can_be_worked_out(make: Make):
    for seed in range(SHORT):
        tried(make, seed)


@pytest.mark.long
@pytest.mark.parametrize("first", range(SHORT, LONG, 300))
@pytest.mark.parametrize("make", [tables.one_table, tables.cube, tables.linked])
def test_no_hidden_figure_of_ten_thousand_random_tables_can_be_worked_out(make: Make, first: int):
    for seed in range(first, first + 300):
        tried(make, seed)


def test_the_attacker_finds_what_is_only_hidden_itself():
    """Without secondary suppression most tables give their secrets away; an attacker that never succeeds proves nothing."""
    policy, caught = POLICIES[0], 0
    for seed in range(40):
        values, sums = tables.one_table(np.random.default_rng(seed))
        small = frozenset(frozenset(s) for s in sums if 1 <= value(s, values) < policy.below)
        secrets = {s: value(s, values) for s in sums if frozenset(s) in small}
        bare = Suppression(small, frozenset(), frozenset())
        caught += bool(recovered(attacker_of(values, sums, bare, policy), secrets, policy.width))
    assert caught > 20


@pytest.mark.parametrize("seed", range(30))
def test_an_edition_does_not_tell_what_the_one_before_hid(seed: int):
    """Two editions of one period, some figures changed between them; whoever has both knows which have changed."""
    random = np.random.default_rng(seed)
    policy = POLICIES[0]
    old, sums = (tables.one_table, tables.linked)[seed % 2](random)
    first = suppress(published(old, sums), policy)
    now = {cell: n + int(random.integers(1, 6)) if random.random() < 0.15 else n for cell, n in old.items()}
    record = Record(
        "", values=old, masked=first.hidden, protected=first.small, floors=frozenset(map(frozenset, sums)),
        shown=frozenset(map(frozenset, sums)) - first.hidden,
    )  # fmt: skip
    both = suppress(together(published(now, sums), (record,)), policy)
    assert not both.exposed
    named = [tuple((f"{c}\t={values[c]}", n) for c, n in s) for values in (old, now) for s in sums]
    values = {c: v for s, v in ((n, of) for of in (old, now) for n in of) for c, v in [(f"{s}\t={v[s]}", v[s])]}
    kept = {frozenset((f"{c}\t={old[c]}", n) for c, n in s) for s in first.hidden}
    before, after = named[: len(sums)], named[len(sums) :]
    attacker = attacker_of(values, before, Suppression(frozenset(kept), frozenset(), frozenset()), policy)
    later = attacker_of(values, after, both, policy)
    attacker.equations += later.equations
    attacker.at_least += later.at_least
    secrets = {s: value(s, values) for s in named if policy.smallest <= value(s, values) < policy.below}
    assert not recovered(attacker, secrets, policy.width)


def test_the_edition_before_makes_a_difference():
    """The second edition alone would hide less than it must beside the first."""
    more = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        old, sums = tables.one_table(random)
        first = suppress(published(old, sums), POLICIES[0])
        now = {cell: n + 5 if n in {1, 2} else n for cell, n in old.items()}
        shown = frozenset(map(frozenset, sums)) - first.hidden
        record = Record("", values=old, masked=first.hidden, protected=first.small, shown=shown)
        alone = suppress(published(now, sums), POLICIES[0])
        beside = suppress(together(published(now, sums), (record,)), POLICIES[0])
        more += len(beside.hidden) > len(alone.hidden)
    assert more > 5


def test_the_same_figures_hide_the_same():
    values, sums = tables.linked(np.random.default_rng(7))
    again = [suppress(published(dict(reversed(values.items())), sums), POLICIES[0]) for _ in range(2)]
    assert again[0] == again[1] == suppress(published(values, sums), POLICIES[0])
