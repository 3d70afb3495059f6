"""A damaged file is read or rejected: no row is lost, no cell shifted, nothing crashes."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from finsam_pipeline.contracts.sources import HUVUDBOK, SOURCES
from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.readers import Rejected, read
from finsam_pipeline.readers.table import ReadResult
from finsam_pipeline.shaping import DeliveryRef, Shaped, shape
from finsam_pipeline.shaping.headers import find_header
from finsam_pipeline_tests.damage import Damaged, any_bytes, sheet_xml, text_lines
from finsam_pipeline_tests.dresses import Row, as_sie, as_text, as_workbook, register, table
from finsam_pipeline_tests.generative.test_every_dress import PSEUDONYMS, compared, expected, plain

# What a damaged line elsewhere may take away from a sound one: a title names interventions, a column's cells decide its mark.
LOSABLE = (Kind.AMOUNT, Kind.DECIMAL, Kind.INTEGER, Kind.INTERVENTION)


def attempt(damaged: Damaged, contract: SourceContract) -> tuple[ReadResult, Shaped] | None:
    """What is read of it; None when it is rejected."""
    ref = DeliveryRef("a", contract.name, f"landing/a/{contract.name}/x", "0" * 64, dt.date(2025, 9, 15))
    with contextlib.suppress(Rejected):
        found = read(damaged.data, damaged.filename)
        return found, shape(found, contract, register(), ref, PSEUDONYMS)
    return None


def assert_every_line_is_accounted_for(found: ReadResult, out: Shaped, contract: SourceContract) -> None:
    tables = [(table.frame, find_header(table.frame, contract)) for table in found.tables]
    below = sum(len(frame) - header.position - 1 for frame, header in tables if header is not None)
    assert out.physical_rows == len(out.rows)
    assert out.physical_rows + sum(out.facts["not_data"].values()) == below


def assert_sound_rows_are_as_they_were(out: Shaped, damaged: Damaged, contract: SourceContract) -> None:
    if damaged.whole is None:
        return
    places = list(zip((plain(sheet) for sheet in out.rows["sheet"]), out.rows["row"].tolist(), strict=True))
    assert len(set(places)) == len(places)
    lost = damaged.whole.keys() - set(places)
    assert not lost
    for name in compared(contract):
        kind = next((c.kind for c in contract.columns if c.name == name), None)
        for place, value in zip(places, (plain(v) for v in out.rows[name]), strict=True):
            if place in damaged.whole:
                wanted = expected(damaged.whole[place], name, contract)  # type: ignore[index]
                losable = kind in LOSABLE or not damaged.header or contract.name == HUVUDBOK.name
                assert value == wanted or (losable and value is None), (name, place)


def cases(seeds: range) -> Iterator[tuple[random.Random, SourceContract]]:
    for seed in seeds:
        rng = random.Random(seed)  # noqa: S311 - a test case, not a secret
        yield rng, rng.choice(list(SOURCES.values()))


def run(seeds: range, write: Callable[[random.Random, SourceContract, list[Row]], Damaged]) -> None:
    for n, (rng, contract) in zip(seeds, cases(seeds), strict=True):
        damaged = write(rng, contract, table(rng, contract, rng.randint(2, 15)))
        try:
            got = attempt(damaged, contract)
            if got is not None:
                assert_every_line_is_accounted_for(*got, contract)
                assert_sound_rows_are_as_they_were(got[1], damaged, contract)
        except Exception as error:
            raise AssertionError(f"seed {n}, {contract.name}") from error


def damaged_lines(rng: random.Random, contract: SourceContract, rows: list[Row]) -> Damaged:
    return text_lines(rng, as_text(rng, contract, rows))


def damaged_text(rng: random.Random, contract: SourceContract, rows: list[Row]) -> Damaged:
    return any_bytes(rng, as_text(rng, contract, rows).data, "x.csv")


def damaged_package(rng: random.Random, contract: SourceContract, rows: list[Row]) -> Damaged:
    return any_bytes(rng, as_workbook(rng, contract, rows).data, "x.xlsx")


def damaged_sheet(rng: random.Random, contract: SourceContract, rows: list[Row]) -> Damaged:
    return sheet_xml(rng, as_workbook(rng, contract, rows))


WAYS = (damaged_lines, damaged_text, damaged_package, damaged_sheet)


@pytest.mark.parametrize("way", WAYS)
def test_damaged_tables(way: Callable[[random.Random, SourceContract, list[Row]], Damaged]):
    run(range(25), way)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_thousand_damaged_tables(way: Callable[[random.Random, SourceContract, list[Row]], Damaged]):
    run(range(1000, 2000), way)


def run_sie(seeds: range) -> None:
    for seed in seeds:
        rng = random.Random(seed)  # noqa: S311 - a test case, not a secret
        written = as_sie(rng, table(rng, HUVUDBOK, rng.randint(2, 20)))
        damaged = text_lines(rng, written) if rng.random() < 0.7 else any_bytes(rng, written.data, "x.se")
        try:
            got = attempt(damaged, HUVUDBOK)
            if got is not None:
                assert_sie(damaged, got[1])
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def assert_sie(damaged: Damaged, out: Shaped) -> None:
    """As many rows as there are #TRANS records, and those on sound lines with their own account, amount and objects."""
    rows = out.rows[out.rows["kind"].eq("transaction")]
    if damaged.whole is None:
        return
    records = re.findall(rb"(?m)^[ \t]*#TRANS(?=[ \t]|$)", damaged.data.replace(b"\r", b"\n"))
    assert len(rows) == len(records)
    found = {row: (account, amount, objects) for row, account, amount, objects in zip(
        rows["row"], rows["account"], rows["amount"], rows["objects"], strict=True)}  # fmt: skip
    for (_, line), values in damaged.whole.items():
        tags = "".join(f"{name[4:]}:{values[name]}|" for name in ("dim_1", "dim_6") if values[name])
        assert found[line] == (values["account"], Decimal(str(values["amount"])), f"|{tags}" if tags else "")


def test_damaged_sie():
    run_sie(range(60))


@pytest.mark.long
def test_a_thousand_damaged_sie():
    run_sie(range(1000, 2000))
