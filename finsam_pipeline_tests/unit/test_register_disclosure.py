"""`disclosure:` of association.yaml: what is taken, and where a fault is said to stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from finsam_pipeline.register import ConfigurationErrors, load_register, write_template
from finsam_pipeline.register.disclosure import disclosure_policy


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_template(tmp_path / "config", "prov")


def append(config: Path, text: str) -> int:
    file = config / "association.yaml"
    already = file.read_text("utf-8")
    file.write_text(already + text, "utf-8")
    return len(already.splitlines())


def test_nothing_is_hidden_where_nothing_is_said(config: Path):
    assert not disclosure_policy(load_register(config).settings).masks


def test_the_whole_setting_is_read(config: Path):
    append(config, "disclosure: {method: coarser, below: 7, zeros: masked, join: [exit_reasons], open: [Medarbetare]}\n")
    policy = disclosure_policy(load_register(config).settings)
    assert (policy.masks, policy.below, policy.smallest, policy.width) == (True, 7, 0, 6)
    assert (policy.join, policy.open) == (("exit_reasons",), ("Medarbetare",))


def test_a_shown_zero_leaves_one_value_less_under_the_mark(config: Path):
    append(config, "disclosure: {method: mask}\n")
    policy = disclosure_policy(load_register(config).settings)
    assert (policy.below, policy.smallest, policy.width) == (5, 1, 3)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  below: 2", "minst 3"),
        ("  below: 200", "högst 100"),
        ("  below: fem", "heltal"),
        ("  method: mosaik", "'none', 'mask' eller 'coarser'"),
        ("  belowe: 5", "okänd nyckel"),
        ("  join: [team]", "otillåtet värde"),
        ("  join: [exit_reasons]", "bara då"),
    ],
)
def test_a_fault_is_said_with_its_line(config: Path, line: str, said: str):
    before = append(config, f"disclosure:\n{line}\n" if "method" in line else f"disclosure:\n{line}\n  method: mask\n")
    with pytest.raises(ConfigurationErrors) as caught:
        load_register(config)
    (fault,) = caught.value.errors
    assert said in fault.message_sv
    assert (fault.line or 0) - before in ({1} if "bara då" in said else {2})
