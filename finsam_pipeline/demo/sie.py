"""The ledger as a SIE 4 export: CP437, dimensions 1 and 6, opening and closing balances, corrected rows with their history.

Belongs here: the records of the file. Does not: the bookkeeping.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from finsam_pipeline.demo import figures, ledger
from finsam_pipeline.demo.figures import Report
from finsam_pipeline.demo.ledger import ORE, Posting, Voucher

_CORRECTED = 41  # one voucher in so many had its object put right afterwards
_DIMENSIONS = {"1": "Kostnadsställe", "6": "Projekt"}
_TYPES = {"1": "T", "2": "S", "3": "I"}


def sie_file(report: Report, rng: random.Random) -> bytes:
    """The year so far; the balances run to the last day of the last month booked."""
    vouchers = ledger.vouchers(report, rng)
    records = [*_head(report), *_chart(), *_balances(report, vouchers)]
    for place, voucher in enumerate(vouchers, 1):
        records += _voucher(voucher, corrected=place % _CORRECTED == 0)
    return "".join(f"{record}\r\n" for record in records).encode("cp437")


def _head(report: Report) -> Iterator[str]:
    year = report.period.first.year
    yield "#FLAGGA 0"
    yield '#PROGRAM "Exempelbokföring" 4.1'
    yield "#FORMAT PC8"
    yield f"#GEN {_day(dt.date.fromisoformat(report.setting('delivered')))}"
    yield "#SIETYP 4"
    yield '#FNAMN "Samordningsförbundet, exempeldata"'
    yield f"#RAR 0 {year}0101 {year}1231"
    yield f"#RAR -1 {year - 1}0101 {year - 1}1231"
    yield f"#OMFATTN {_day(_last_day(report))}"
    yield "#KPTYP EUBAS97"


def _chart() -> Iterator[str]:
    for account, name in sorted(ledger.account_names().items()):
        yield f"#KONTO {account} {_quoted(name)}"
        yield f"#KTYP {account} {_TYPES.get(account[0], 'K')}"
    for number, name in _DIMENSIONS.items():
        yield f"#DIM {number} {_quoted(name)}"
    for row in figures.table("plan/cost_centres.csv"):
        yield f"#OBJEKT 1 {_quoted(row['cost_centre'])} {_quoted(row['name'])}"
    for row in figures.table("config/interventions.csv"):
        for carried in filter(None, row["ledger_objects"].split("|")):
            dimension, _, code = carried.partition(":")
            yield f"#OBJEKT {dimension} {_quoted(code)} {_quoted(row['name'])}"


def _balances(report: Report, vouchers: Sequence[Voucher]) -> Iterator[str]:
    opening = {p.account: p.ore for p in ledger.opening(report)}
    closing = Counter(opening)
    for voucher in vouchers:
        for p in voucher.postings:
            closing[p.account] += p.ore
    for account, ore in sorted(opening.items()):
        yield f"#IB 0 {account} {_kronor(ore)}"
    for account, ore in sorted(closing.items()):
        yield f"#{'UB' if account < '3' else 'RES'} 0 {account} {_kronor(ore)}"


def _voucher(voucher: Voucher, *, corrected: bool) -> Iterator[str]:
    """A corrected row is there as it was at first (#BTRANS), as it was added (#RTRANS) and as it counts (#TRANS)."""
    yield f"#VER {voucher.series} {voucher.number} {_day(voucher.day)} {_quoted(voucher.text)}"
    yield "{"
    for p in voucher.postings:
        objects = _objects(p)
        if corrected and objects:
            yield _row("BTRANS", p, "", voucher)
            yield _row("RTRANS", p, objects, voucher)
        yield _row("TRANS", p, objects, voucher)
    yield "}"


def _row(label: str, posting: Posting, objects: str, voucher: Voucher) -> str:
    return f"   #{label} {posting.account} {{{objects}}} {_kronor(posting.ore)} {_day(voucher.day)} {_quoted(voucher.text)}"


def _objects(posting: Posting) -> str:
    carried = (("1", posting.cost_centre), ("6", posting.project))
    return " ".join(f'"{dimension}" "{code}"' for dimension, code in carried if code)


def _last_day(report: Report) -> dt.date:
    year, month = report.period.first.year, int(report.setting("ledger_through_month"))
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def _quoted(text: str) -> str:
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def _kronor(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // ORE}.{abs(ore) % ORE:02d}"


def _day(day: dt.date) -> str:
    return f"{day:%Y%m%d}"
