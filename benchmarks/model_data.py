"""Seeded random inputs of the models: registers of many associations, and accepted tables of any size.

Belongs here: data that is plausible for the models and full of what they must tell apart (every count basis and kind of period,
settled and structural interventions, objects of several interventions on one row, rules and lines that change, two budget
versions, anonymous counts, misregistered rows). Does not: landing files, rules, anything that is measured.
The same seed and sizes give the same tables. Used by `benchmarks/models.py` and by the test against dbt.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.model_registers import (
    ACCOUNTS,
    BALANCE_ACCOUNTS,
    CODES,
    FIRST_YEAR,
    INTERVENTIONS,
    LINE_IDS,
    LOCAL,
    SUS,
    Size,
    association,
    make_register,
)
from finsam_pipeline import models
from finsam_pipeline.contracts.types import GENDERS
from finsam_pipeline.models.inputs import ACCEPTED, SOURCE_SCHEMAS
from finsam_pipeline.register.periods import periods_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from finsam_pipeline.register.model import Register

    Ints = NDArray[np.int64]


def make_inputs(size: Size, seed: int = 1) -> dict[str, pa.Table]:
    """`accepted.<name>` and `register.<name>` -> table, every name of `SOURCE_SCHEMAS`."""
    random = np.random.default_rng(seed)
    registers = [make_register(n, size, random) for n in range(size.associations)]
    made = models.merge(models.register_tables(r, size.last_day, FIRST_YEAR, size.last_year) for r in registers)
    stays = _stays(size, random)
    made |= {
        "accepted.deltagaruppfoljning": _of_source(stays, LOCAL),
        "accepted.sus_deltagare": _of_source(stays, SUS),
        "accepted.participation_history": _history(stays, size),
        "accepted.huvudbok": pa.concat_tables([_ledger(size, random), _openings(size, random)]),
        "accepted.budget": _budget(size, random),
        "accepted.deliveries": _deliveries(size),
        "accepted.rule_counts": _rule_counts(size, random),
        **_counts(registers, size, random),
        **_small(registers, size, random),
    }
    return {name: made.get(name, schema.empty_table()) for name, schema in SOURCE_SCHEMAS.items()}


def write_inputs(inputs: dict[str, pa.Table], folder: Path) -> dict[str, Path]:
    """Each table as `<schema>/<table>.parquet`, the folder dbt reads its sources from."""
    paths = {name: folder / f"{name.replace('.', '/')}.parquet" for name in inputs}
    for name, table in inputs.items():
        paths[name].parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, paths[name])
    return paths


def _text(values: Sequence[str | None], places: Ints) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(values, pa.string())).cast(pa.string())


def _days(days: Ints, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(days.astype("datetime64[D]"), pa.date32(), mask=missing)


def _ore(values: Ints) -> pa.Array:
    """Whole öre as kronor: a decimal's 128 bits are its öre and their sign, so no Python object a row is needed."""
    bits = np.ascontiguousarray(np.stack([values, values >> 63], axis=1))
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(values), [None, pa.py_buffer(bits)])


def _day(day: dt.date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _accepted(source: str, rows: int, owner: Ints, /, **columns: pa.Array) -> pa.Table:
    """A table of the source's schema: provenance made up here, columns nobody gives null."""
    names = [association(n) for n in range(int(owner.max(initial=0)) + 1)]
    given = {
        "association": _text(names, owner),
        "source": pa.repeat(source, rows),
        "path": _text([f"landing/{name}/{source}/file.csv" for name in names], owner),
        "sha256": _text([f"{n:064x}" for n in range(len(names))], owner),
        "delivered_on": pa.repeat(pa.scalar(dt.date(FIRST_YEAR, 1, 1), pa.date32()), rows),
        "row": pa.array(np.arange(2, rows + 2)),
        **columns,
    }
    schema = ACCEPTED[source]
    return pa.table([given[f.name].cast(f.type) if f.name in given else pa.nulls(rows, f.type) for f in schema], schema=schema)


def _stays(size: Size, random: np.random.Generator) -> pa.Table:
    """Participations of both sources with the columns of both, in `source` order."""
    rows = size.participations
    first, last = _day(dt.date(FIRST_YEAR, 1, 1)) - 200, _day(size.last_day)
    start = random.integers(first, last + 1, rows)
    # A third start on the first or last day of a month, where periods turn.
    months = start.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    start = np.where(random.random(rows) < 0.33, np.maximum(months - random.integers(0, 2, rows), first), start)
    end = np.where(random.random(rows) < 0.08, start, start + random.integers(0, 500, rows))
    going_on = (random.random(rows) < 0.12) | (end > last)
    intervention = random.integers(0, INTERVENTIONS, rows)
    columns = {
        "intervention_id": _text([f"i{i}" for i in range(INTERVENTIONS)], intervention),
        "gender": _text(GENDERS, random.choice(3, rows, p=[0.52, 0.46, 0.02])),
        "age": pa.array(random.integers(14, 70, rows), mask=random.random(rows) < 0.4),
        "age_group": _text(["20-29", "30-39", None], random.integers(0, 3, rows)),
        "birth_year": pa.array(random.integers(FIRST_YEAR - 60, FIRST_YEAR - 18, rows), mask=random.random(rows) < 0.2),
        "months_in_public_support": pa.array(random.integers(0, 90, rows), mask=random.random(rows) < 0.2),
        "start_date": _days(start),
        "end_date": _days(end, going_on),
        "exit_cause": _text(["misregistered", None], (random.random(rows) > 0.03).astype(np.int64)),
        "exit_reason": _code("exit_reason", going_on, random),
    }
    for name in ("education", "referrer"):
        columns[name] = _code(name, random.random(rows) < 0.1, random)
    for name in ("income", "occupation"):
        columns[f"{name}_before"] = _code(name, random.random(rows) < 0.1, random)
        columns[f"{name}_after"] = _code(name, going_on, random)
    owner = random.integers(0, size.associations, rows)
    # Some interventions are in one source alone, some in both.
    local = np.where(intervention % 4 == 0, random.random(rows) < 0.5, intervention % 4 != 1)
    table = pa.table({**columns, "owner": owner, "local": local, "start": start, "end": np.where(going_on, last + 1, end)})
    return table.sort_by([("owner", "ascending"), ("intervention_id", "ascending")])


def _code(name: str, missing: NDArray[np.bool_], random: np.random.Generator) -> pa.Array:
    values = [f"c{k}" for k in range(1, CODES[name])]
    return _text([*values, None], np.where(missing, len(values), random.integers(0, len(values), len(missing))))


def _of_source(stays: pa.Table, source: str) -> pa.Table:
    local = stays.column("local")
    own = stays.filter(local if source == LOCAL else pc.invert(local))
    wanted = set(ACCEPTED[source].names) & set(own.column_names)
    return _accepted(source, own.num_rows, own.column("owner").to_numpy(), **{name: own.column(name) for name in wanted})


def _history(stays: pa.Table, size: Size) -> pa.Table:
    """Each participation as the half-yearly deliveries gave it: from the first after its start to the one after its end, three at most."""
    ends = np.array([_day(dt.date(y, m, d)) for y in range(FIRST_YEAR, size.last_year + 1) for m, d in ((6, 30), (12, 31))])
    start, end = stays.column("start").to_numpy(), stays.column("end").to_numpy()
    first = np.searchsorted(ends, start)
    parts: list[pa.Table] = []
    for n in range(3):
        place = first + n
        known = (place < len(ends)) & ((n == 0) | (ends[np.minimum(place, len(ends)) - 1] < end))
        own, place = stays.filter(pa.array(known)), place[known]
        stands = n == 2  # the third is not replaced
        later = np.minimum(place + 1, len(ends) - 1)
        columns = {name: own.column(name) for name in ("intervention_id", "gender", "exit_cause")}
        columns |= {
            "source": pc.if_else(own.column("local"), LOCAL, SUS),
            "start_date": own.column("start_date"),
            "end_date": _days(end[known], end[known] > ends[place]),
            "valid_from": _days(ends[place]),
            "valid_to": _days(ends[later], np.full(len(place), stands) | (place + 1 >= len(ends))),
        }
        parts.append(_accepted("participation_history", own.num_rows, own.column("owner").to_numpy(), **columns))
    return pa.concat_tables(parts)


def _objects() -> list[str]:
    own = [f"|6:{100 + i}|" for i in range(INTERVENTIONS)]
    both = [f"|1:{900 + i}|6:{100 + i}|" for i in range(INTERVENTIONS)]
    torn = ["|1:901|6:102|", "|1:903|6:999|", "|6:100|6:101|", "|1:950|", "|6:777|", "|6:10|"]
    return ["", "", "", "", *own, *both, *torn]


def _ledger(size: Size, random: np.random.Generator) -> pa.Table:
    rows, objects = size.voucher_rows, _objects()
    first = _day(dt.date(FIRST_YEAR, 1, 1))
    day = random.integers(first, _day(size.last_day) + 1, rows)
    owner = np.sort(random.integers(0, size.associations, rows))
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return _accepted(
        "huvudbok",
        rows,
        owner,
        kind=pa.repeat("transaction", rows),
        account=_text(ACCOUNTS, random.integers(0, len(ACCOUNTS), rows)),
        date=_days(day),
        fiscal_year=pa.array(year),
        year_from=_days((year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)),
        series=pa.repeat("A", rows),
        number=pa.array(np.arange(rows) // 3).cast(pa.string()),
        amount=_ore(random.integers(-5_000_000, 5_000_000, rows)),
        objects=_text(objects, random.integers(0, len(objects), rows)),
    )


def _openings(size: Size, random: np.random.Generator) -> pa.Table:
    """Opening balances, delivered twice in some years; one association in five has none."""
    rows = [
        (n, year, account, delivered)
        for n in range(size.associations)
        if n % 5 != 4
        for year in range(FIRST_YEAR, size.last_year + 1)
        for account in BALANCE_ACCOUNTS
        for delivered in ((1, 3) if year % 3 == 0 else (1,))
    ]
    owner, year, account, delivered = (list(column) for column in zip(*rows, strict=True))
    return _accepted(
        "huvudbok",
        len(rows),
        np.array(owner),
        kind=pa.repeat("opening", len(rows)),
        account=pa.array(account),
        date=pa.array([dt.date(y, 1, 1) for y in year]),
        fiscal_year=pa.array(year),
        year_from=pa.array([dt.date(y, 1, 1) for y in year]),
        delivered_on=pa.array([dt.date(y, m, 15) for y, m in zip(year, delivered, strict=True)]),
        amount=_ore(random.integers(-90_000_000, 90_000_000, len(rows))),
        objects=pa.repeat("", len(rows)),
    )


def _budget(size: Size, random: np.random.Generator) -> pa.Table:
    """Two versions a year, by line or by account, for a year, a half or a month."""
    rows: list[dict[str, object]] = []
    for n in range(size.associations):
        for year in range(FIRST_YEAR, size.last_year + 1):
            if random.random() < 0.1:
                continue
            rows += [_budget_row(n, year, version, random) for version in ("v1", "v2") for _ in range(40)]
    columns = {name: pa.array([r[name] for r in rows]) for name in rows[0] if name not in ("owner", "ore")}
    owner = np.array([r["owner"] for r in rows])
    return _accepted("budget", len(rows), owner, amount=_ore(np.array([r["ore"] for r in rows])), **columns)


def _budget_row(n: int, year: int, version: str, random: np.random.Generator) -> dict[str, object]:
    first, last = ((1, 12), (1, 6), (7, 12), (3, 3))[int(random.integers(0, 4))]
    by_line = random.random() < 0.7
    project = int(random.integers(0, INTERVENTIONS)) if random.random() < 0.6 else None
    end = dt.date(year, 12, 31) if last == 12 else dt.date(year, last + 1, 1) - dt.timedelta(days=1)
    decided = None if version == "v2" and n % 3 == 1 else dt.date(year - (version == "v1"), 11, 20)
    return {
        "owner": n,
        "version": version,
        "decided_on": decided,
        "period_from": dt.date(year, first, 1),
        "period_to": end,
        "line_id": str(random.choice(LINE_IDS)) if by_line else None,
        "account": None if by_line else str(random.choice(ACCOUNTS[:13])),
        "object": None if project is None else str(100 + project),
        "intervention_id": None if project is None else f"i{project}",
        "ore": int(random.integers(-100_000, 200_000_000)),
    }


def _counts(registers: Sequence[Register], size: Size, random: np.random.Generator) -> dict[str, pa.Table]:
    """Anonymous and volume counts of SUS, and what was reported to Uppföljning Finsam."""
    sus, reported = [], []
    for n, register in enumerate(registers):
        for period in periods_of(register.period_kind, FIRST_YEAR, size.last_year):
            for i in range(INTERVENTIONS):
                women, men = (int(x) for x in random.integers(0, 30, 2))
                given = {"association": association(n), "intervention_id": f"i{i}", "women": women, "men": men}
                if period.name.isdigit() and random.random() < 0.3:
                    sus.append(given | {"year": period.first.year, "registration": str(random.choice(["anonymous", "volume"]))})
                if random.random() < 0.3:
                    days = {"period_from": period.first, "period_to": period.last}
                    other = int(random.integers(0, 2)) if random.random() < 0.5 else None
                    reported.append(given | days | {"other": other, "total": women + men + (other or 0)})
    return {
        "accepted.sus_insatser": _listed("sus_insatser", sus),
        "accepted.uppfoljning_finsam": _listed("uppfoljning_finsam", reported),
    }


def _small(registers: Sequence[Register], size: Size, random: np.random.Generator) -> dict[str, pa.Table]:
    """Forecasts, events, hand-kept figures and fidelity."""
    rows: dict[str, list[dict[str, object]]] = {"prognos": [], "aktiviteter": [], "nyckeltal": [], "programtrohet": []}
    for register in registers:
        own = {"association": register.id}
        for period in periods_of(register.period_kind, FIRST_YEAR, size.last_year):
            for place, kind in enumerate(("income", "cost", "outcome", "cost"), 1):
                amount = None if kind == "outcome" else int(random.integers(-5, 900))
                rows["prognos"].append(
                    own | {"period": period.name, "line_order": place, "label": kind, "kind": kind, "amount_tkr": amount}
                )
            rows["aktiviteter"].append(
                own | {"date": period.last, "name": "x", "type": "course", "attendees": int(random.integers(0, 60))}
            )
            value = Decimal(int(random.integers(0, 10**6))) / 10000
            rows["nyckeltal"].append(
                own | {"period": period.name, "intervention_id": "i1", "key": "queue", "value": value, "unit": "st"}
            )
            rows["programtrohet"].append(
                own | {"date": period.last, "intervention_id": "i1", "points": value, "max_points": Decimal(125)}
            )
    return {f"accepted.{source}": _listed(source, given) for source, given in rows.items()}


def _listed(source: str, rows: list[dict[str, object]]) -> pa.Table:
    place = {"source": source, "path": f"landing/{source}.csv", "sha256": "f" * 64, "delivered_on": dt.date(FIRST_YEAR, 1, 1)}
    return pa.Table.from_pylist([{**place, "row": n, **row} for n, row in enumerate(rows, 2)], schema=ACCEPTED[source])


def _deliveries(size: Size) -> pa.Table:
    rows = [
        {
            "association": association(n), "source": source, "path": f"landing/{association(n)}/{source}/file.csv",
            "sha256": f"{n:064x}", "delivered_on": size.last_day - dt.timedelta(days=int(n)), "rows": 1, "accepted": 1,
            "quarantined": 0, "superseded": 0, "status": "accepted",
            "covers_to": dt.date(size.last_year, 9, 30) if source == "huvudbok" and n % 2 else None,
        }
        for n in range(size.associations)
        for source in (LOCAL, SUS, "huvudbok")
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=ACCEPTED["deliveries"])


def _rule_counts(size: Size, random: np.random.Generator) -> pa.Table:
    rows = [
        {
            "association": association(n),
            "source": LOCAL,
            "rule": f"P{k:03d}",
            "severity": "EWB"[k % 3],
            "failed_rows": int(random.integers(9)),
        }
        for n in range(size.associations)
        for k in range(1, 15)
    ]
    return pa.Table.from_pylist(rows, schema=ACCEPTED["rule_counts"])
