"""The compared input: a workspace of any size, its faults known beforehand.

Belongs here: landing files and what must be found in them (`planted.parquet`). Does not: configuration (`office`), anything that
is measured. The same size gives the same bytes.

    python -m benchmarks.peers.data HOME 5k
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv

from benchmarks.peers import office
from benchmarks.peers.participations import participations

LEDGER_HEADER = "Konto;Serie;Verifikationsnr;Datum;Text;Debet;Kredit;Projekt"
Ints = NDArray[np.int64]
Fault = tuple[str, str, Callable[[dict[str, list[str]], int], None]]


@dataclass(frozen=True, slots=True)
class Size:
    """Files and rows: each association has a ledger and a participant list a year."""

    associations: int
    years: int
    voucher_rows: int
    participations: int

    @property
    def rows(self) -> int:
        """Of all files."""
        return self.associations * self.years * (self.voucher_rows + self.participations)


SIZES = {
    "5k": Size(1, 2, 2_250, 250),
    "1M": Size(1, 10, 90_000, 10_000),
    "1M-many": Size(20, 10, 4_500, 500),
    "5M": Size(5, 10, 90_000, 10_000),
    "20M": Size(20, 10, 90_000, 10_000),
}


def make(home: Path, size: Size) -> Path:
    """Write the workspace; gives the Parquet file of what must be quarantined: association, source, path, row, rule, column."""
    day = f"{office.FIRST_YEAR + size.years}-01-31"
    planted: list[pa.Table] = []
    for n in range(size.associations):
        name = f"peer{n:02d}"
        office.write_configuration(home, name, size.years)
        for year in range(office.FIRST_YEAR, office.FIRST_YEAR + size.years):
            random = np.random.default_rng([n, year])
            for source, (header, columns, faults) in {
                "huvudbok": (LEDGER_HEADER, *_ledger(year, size.voucher_rows, random)),
                "deltagaruppfoljning": participations(year, size.participations, size.years, random),
            }.items():
                path = f"landing/{name}/{source}/{day}/{source}_{year}.csv"
                _write(home / path, header, columns)
                planted.append(_planted(name, source, path, faults))
    found = home.with_name(f"{home.name}.planted.parquet")
    pq.write_table(pa.concat_tables(planted), found)
    return found


def _write(path: Path, header: str, columns: dict[str, pa.Array]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(f"{header}\n".encode())
        csv.write_csv(pa.table(columns), file, csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none"))


def _planted(association: str, source: str, path: str, faults: Sequence[tuple[int, str, str]]) -> pa.Table:
    places = {"association": association, "source": source, "path": path}
    rows = [places | {"row": index + 2, "rule": rule, "column": column} for index, rule, column in faults]
    names = ("association", "source", "path", "row", "rule", "column")
    return pa.Table.from_pylist(rows, pa.schema([(n, pa.int64() if n == "row" else pa.string()) for n in names]))


def _ledger(year: int, rows: int, random: np.random.Generator) -> tuple[dict[str, pa.Array], list[tuple[int, str, str]]]:
    """Vouchers of three rows, the last on the bank account; every thousandth or so has one fault."""
    vouchers = rows // 3
    voucher, place = np.repeat(np.arange(vouchers), 3), np.tile(np.arange(3), vouchers)
    income = random.random(vouchers) < 0.2
    ore = random.integers(100, 25_000_000, (vouchers, 3))
    ore[:, 2] = ore[:, 0] + ore[:, 1]
    either = [random.choice(own, vouchers * 3) for own in (office.INCOME_ACCOUNTS, office.COST_ACCOUNTS)]
    accounts = np.where(income[voucher], *either)
    accounts = np.where(place == 2, office.BALANCE_ACCOUNT, accounts)
    objects = np.array([office.ledger_object(i) for i in (*office.INDIVIDUAL, *office.STRUCTURAL)] + [""] * 3)
    project = np.where(income[voucher] | (place == 2), "", random.choice(objects, vouchers * 3))
    amounts = _written(ore.ravel(), random)
    debit = np.where((place == 2) == income[voucher], amounts, "")
    credit = np.where((place == 2) == income[voucher], "", amounts)
    cells = {
        "account": accounts,
        "series": np.full(vouchers * 3, "A"),
        "number": (voucher + 1).astype(str),
        "date": _days(year, random.integers(0, 365, vouchers))[voucher],
        "text": np.char.add("Affärshändelse ", random.integers(1, 400, vouchers * 3).astype(str)),
        "debit": debit,
        "credit": credit,
        "project": project,
    }
    lists = {name: list(column) for name, column in cells.items()}
    faults = _spoil(lists, vouchers, random)
    return {name: pa.array(column, pa.string()) for name, column in lists.items()}, faults


def _written(ore: Ints, random: np.random.Generator) -> NDArray[np.str_]:
    """Kronor with a decimal comma; one in twenty with a blank between thousands."""
    kronor = pc.cast(pa.array(ore // 100), pa.string())
    text = pc.binary_join_element_wise(kronor, pc.utf8_lpad(pc.cast(pa.array(ore % 100), pa.string()), 2, "0"), ",")
    spaced = pc.replace_substring_regex(text, r"^(\d+)(\d{3}),", r"\1 \2,")
    return np.asarray(pc.if_else(pa.array(random.random(len(ore)) < 0.05), spaced, text).to_pylist())


def _days(year: int, days: Ints) -> NDArray[np.str_]:
    """ISO dates; every other year's export writes them without hyphens."""
    text = (np.datetime64(f"{year}-01-01") + days).astype(str)
    return text if year % 2 == 0 else np.char.replace(text, "-", "")


def _spoil(cells: dict[str, list[str]], vouchers: int, random: np.random.Generator) -> list[tuple[int, str, str]]:
    """One fault in each chosen voucher; its other rows go with it (L001)."""
    found: list[tuple[int, str, str]] = []
    chosen = random.choice(vouchers, max(len(_FAULTS), vouchers // 300), replace=False)
    for n, voucher in enumerate(chosen):
        first = int(voucher) * 3
        rule, column, spoil = _FAULTS[n % len(_FAULTS)]
        spoil(cells, first)
        if rule != "L001":
            found.append((first, rule, column))
        found += [(row, "L001", "amount") for row in range(first, first + 3) if rule == "L001" or row != first]
    return found


def _put(**values: str) -> Callable[[dict[str, list[str]], int], None]:
    def spoil(cells: dict[str, list[str]], row: int) -> None:
        for column, value in values.items():
            cells[column][row] = value

    return spoil


_FAULTS: tuple[Fault, ...] = (
    ("L001", "amount", _put(debit="7,77", credit="")),
    ("L002", "amount", _put(debit="", credit="")),
    ("L002", "amount", _put(debit="12x,50", credit="")),
    ("L002", "amount", _put(debit="100,00", credit="100,00")),
    ("L003", "date", _put(date="")),
    ("L003", "date", _put(date="2030-02-30")),
    ("L004", "account", _put(account="")),
    ("L004", "account", _put(account="40A1")),
)


if __name__ == "__main__":
    make(Path(sys.argv[1]), SIZES[sys.argv[2]])
