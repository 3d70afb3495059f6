"""A valid table of any source, written in any dress, is read back to the cell: through the reader and shaping."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest

from finsam_pipeline.contracts.sources import HUVUDBOK, SOURCES
from finsam_pipeline.contracts.types import Kind, SourceContract
from finsam_pipeline.privacy import Pseudonymiser
from finsam_pipeline.readers import read
from finsam_pipeline.shaping import DeliveryRef, Shaped, shape
from finsam_pipeline_tests.dresses import Row, Written, as_text, as_workbook, register, table

PSEUDONYMS = Pseudonymiser(b"a key of sixteen bytes or more")
LEDGER = ("account", "series", "number", "date", "amount", "account_name", "dim_1", "dim_6")


def shaped(written: Written, contract: SourceContract) -> Shaped:
    ref = DeliveryRef("a", contract.name, f"landing/a/{contract.name}/x", "0" * 64, dt.date(2025, 9, 15))
    return shape(read(written.data, written.filename), contract, register(), ref, PSEUDONYMS)


def compared(contract: SourceContract) -> tuple[str, ...]:
    if contract.name == HUVUDBOK.name:
        return LEDGER
    return tuple(column.name for column in contract.columns if column.kind is not Kind.IGNORED)


def plain(value: object) -> object:
    if isinstance(value, Decimal):
        return value.normalize() + 0
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if pd.isna(value) else value  # type: ignore[call-overload]


def expected(row: Row, name: str, contract: SourceContract) -> object:
    value = row.get(name)
    if name == "participant":
        return PSEUDONYMS.participant("a", contract.name, str(value))
    return plain(value)


def check(seed: int, source: str, write: Callable[..., Written]) -> None:
    rng, contract = random.Random(f"{seed} {source}"), SOURCES[source]  # noqa: S311 - a test case, not a secret
    written = write(rng, contract, table(rng, contract, rng.randint(2, 25)))
    out = shaped(written, contract)
    names = compared(contract)
    places = list(zip((plain(sheet) for sheet in out.rows["sheet"]), out.rows["row"].tolist(), strict=True))
    assert places == [(placed.sheet, placed.row) for placed in written.rows]
    for name in names:
        got = [plain(value) for value in out.rows[name]]
        assert got == [expected(placed.values, name, contract) for placed in written.rows], name
    assert (out.controls["declared"] == out.controls["actual"]).all()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("write", [as_text, as_workbook])
def test_a_table_is_read_back_to_the_cell(source: str, write: Callable[..., Written]):
    for seed in range(6):
        check(seed, source, write)


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("write", [as_text, as_workbook])
def test_hundreds_of_tables_are_read_back_to_the_cell(source: str, write: Callable[..., Written]):
    for seed in range(1000, 1150):
        check(seed, source, write)
