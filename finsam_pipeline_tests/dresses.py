"""Random valid tables of every tabular source, and every way the same table is written down.

`table` makes rows of typed values; `as_text` and `as_workbook` write them in a random dress and say which row stands where. All
randomness comes from the `random.Random` handed in, so that a seed is a test case.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

import xlsxwriter

from finsam_pipeline.contracts.sources import HUVUDBOK, SOURCES
from finsam_pipeline.contracts.types import AGE_GROUPS, Column, Kind, SourceContract
from finsam_pipeline.register.model import Code, Intervention, PeriodKind, Register, ReportLine

Row = dict[str, object]

WORDS = ("Åre", "Östra ön", "Mölndal", "Team 2", "söder om ån", "EU-medel", "samverkan", "Årsta–Älvsjö")
AWKWARD = ('sa "ja"', "a;b", "a,b", "tab\tbed", "två\nrader", "=1+1", "'citat", "snedstreck\\")
_GENDERS = {"woman": ("kvinna", "k"), "man": ("man", "m"), "other": ("annan", "annan köns-ID")}
_FIXED: dict[object, tuple[str, ...]] = {True: ("ja", "x"), False: ("nej", "n"), "60-": ("60+", "60-", "60 och äldre")}
TITLES = ("Samordningsförbundet Dalen", "Uppgifter för januari–juni", "Rapport 4711", "Sammanställd av kansliet")
NOTE = "Uppgifterna är preliminära än så länge"
HEADER = -1  # the line that holds no row but the header
LEDGER_TEXT = ("account_name", "dim_1", "dim_6")


@cache
def register() -> Register:
    """One association with names that hold every letter, two codes a list."""
    names = ("Team Norr", "Åter på väg", "Insats för personer med långvarig smärta", "MGT-samverkan")
    lists = {column.code_list for contract in SOURCES.values() for column in contract.columns if column.code_list}
    codes = {
        name: (Code(name, "ett", "Första Koden", ("nummer ett", "1:a"), "", 1), Code(name, "tva", "Övrig/annan", (), "", 2))
        for name in lists
    }
    interventions = tuple(
        Intervention(f"i{n}", name, f"I{n} kort", (f"alias {n}",), "individual", False, False, "interval", None, None, (), n)
        for n, name in enumerate(names)
    )
    lines = (ReportLine(dt.date(2000, 1, 1), 1, "hyra", "Hyra och lokal", "line", "office", ()),)
    return Register("a", "A", "", PeriodKind.HALF_YEAR, "bas", (), interventions, (), lines, (), codes, (), {}, (), {})


@dataclass(frozen=True)
class Placed:
    """A row and where it was written: sheet, row number as the user sees it."""

    sheet: str | None
    row: int
    values: Row


@dataclass(frozen=True)
class Written:
    """A file. `lines`: of a text file its records and which row each holds: None for none, HEADER for the header."""

    data: bytes
    filename: str
    rows: list[Placed]
    lines: list[tuple[str, int | None]] = field(default_factory=list)
    end: str = "\n"
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Style:
    """How one sheet writes: which columns under which header in which order, decimals, thousands, dates, ids."""

    columns: list[Column]
    headers: list[str]
    decimal: str
    thousands: str
    dates: str
    named_by: str  # column | title | sheet
    signs: str


def table(rng: random.Random, contract: SourceContract, size: int) -> list[Row]:
    """Rows of typed values, null where a cell may be blank."""
    if contract.name == HUVUDBOK.name:
        return list(_vouchers(rng, size))
    return [{column.name: _value(rng, contract, column) for column in contract.columns} for _ in range(size)]


def _vouchers(rng: random.Random, size: int) -> Iterator[Row]:
    number = 0
    while size > 0:
        number += rng.randint(1, 3)
        day = dt.date(2025, 1, 1) + dt.timedelta(days=rng.randrange(365))
        amounts = [_amount(rng) for _ in range(rng.randint(1, 3))]
        for amount in (*amounts, -sum(amounts, Decimal(0))):
            yield {
                "account": str(rng.randint(1000, 8990)), "account_name": rng.choice((None, *WORDS)), "series": rng.choice("AB"),
                "number": str(number), "date": day, "amount": amount, "dim_1": rng.choice((None, "910", "Nord")),
                "dim_6": rng.choice((None, "1001", "P 7")),
            }  # fmt: skip
            size -= 1


def _amount(rng: random.Random) -> Decimal:
    return Decimal(rng.randint(-(10 ** rng.randint(1, 11)), 10 ** rng.randint(1, 11)) or 1) / 100


_VALUES: dict[Kind, Callable[[random.Random], object]] = {
    Kind.DATE: lambda rng: dt.date(1995, 1, 1) + dt.timedelta(days=rng.randrange(12_000)),
    Kind.INTEGER: lambda rng: rng.choice((0, rng.randrange(100), rng.randrange(100_000))),
    Kind.AMOUNT: _amount,
    Kind.DECIMAL: lambda rng: Decimal(rng.randint(-(10**6), 10**6)) / 100,
    Kind.YES_NO: lambda rng: rng.random() < 0.5,
    Kind.GENDER: lambda rng: rng.choice(tuple(_GENDERS)),
    Kind.INTERVENTION: lambda rng: f"i{rng.randrange(4)}",
    Kind.CODE: lambda rng: rng.choice(("ett", "tva")),
    Kind.AGE_GROUP: lambda rng: rng.choice(AGE_GROUPS),
    Kind.PERIOD: lambda rng: rng.choice(("2025H1", "2024T3", "2025Q2", "2025-03", "2023")),
    Kind.ACCOUNT: lambda rng: str(rng.randint(1000, 999_999)),
    Kind.PARTICIPANT: lambda rng: rng.choice(("{}", "A-{}", "00{}", "MGT {}")).format(rng.randrange(10_000)),
}


def _value(rng: random.Random, contract: SourceContract, column: Column) -> object:
    needed = column.required or column.name == "intervention_id" or any(column.name in group for group in contract.needs_any)
    if not needed and rng.random() < 0.3:
        return None
    if column.kind is Kind.CHOICE:
        return rng.choice(column.choices)[1]
    if column.name == "line_id":
        return "hyra"
    return _VALUES[column.kind](rng) if column.kind in _VALUES else rng.choice(WORDS)


def as_text(rng: random.Random, contract: SourceContract, rows: Sequence[Row]) -> Written:
    """The rows as a delimited file."""
    delimiter, end = rng.choice(";;\t,"), rng.choice(("\n", "\r\n", "\r"))
    style = _style(rng, contract, rows, book=False)
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    width = len(style.headers) if rng.random() < 0.5 else 0
    records = _records(rng, contract, style, rows)
    lines = [(_line([_text(cell, style) for cell in cells], width, delimiter, quoting), holds) for cells, holds in records]
    if rng.random() < 0.1:
        lines.insert(0, (f"sep={delimiter}", None))
    placed, at = [], 1
    for text, holds in lines:
        if holds is not None and holds != HEADER:
            placed.append(Placed(None, at, _kept(style, contract, rows[holds])))
        at += text.count("\n") + 1
    body = end.join(text for text, _ in lines) + rng.choice(("", end))
    encoding = rng.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
    if encoding == "cp1252" and "−" in body:
        encoding = "utf-8"
    return Written(body.encode(encoding), rng.choice(("x.csv", "x.txt")), placed, lines, end, encoding)


def _line(texts: list[str], width: int, delimiter: str, quoting: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(texts + [""] * (width - len(texts)) or [""])
    return out.getvalue().removesuffix("\n")


def _text(cell: object, style: Style) -> str:
    if isinstance(cell, dt.date):
        return written_date(cell, style)
    return written_number(cell, style) if isinstance(cell, (Decimal, int)) else str(cell or "")


def as_workbook(rng: random.Random, contract: SourceContract, rows: Sequence[Row]) -> Written:
    """The rows over one to three sheets of a workbook, among sheets that hold no table."""
    epoch = rng.choice((dt.date(1899, 12, 30), dt.date(1904, 1, 1)))
    out = io.BytesIO()
    options = {"in_memory": True, "date_1904": epoch.year > 1900, "strings_to_formulas": False}
    placed: list[Placed] = []
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": dt.datetime(2025, 1, 1)})  # noqa: DTZ001 - the same bytes for a seed whenever it is tried
        day_format = book.add_format({"num_format": rng.choice(("yyyy-mm-dd", "d mmm yy", "dd/mm/yyyy"))})
        if rng.random() < 0.3:
            book.add_worksheet("Instruktion").write_string(0, 0, "Så här fyller du i")
        for n, piece in enumerate(_pieces(rng, contract, rows)):
            style = _style(rng, contract, piece, book=True)
            name = _named(piece)[:31] if style.named_by == "sheet" else f"Blad{n}"
            if name in book.sheetnames:
                style, name = replace(style, named_by="title"), f"Blad{n}"
            sheet = book.add_worksheet(name)
            if n and rng.random() < 0.2:
                sheet.hide()
            at = rng.choice((0, 0, 3))
            for cells, holds in _records(rng, contract, style, piece):
                for place, cell in enumerate(cells):
                    _write(rng, sheet, at, place, cell, epoch, day_format, style)
                if holds is not None and holds != HEADER:
                    placed.append(Placed(name, at + 1, _kept(style, contract, piece[holds])))
                    if rng.random() < 0.1:
                        sheet.set_row(at, None, None, {"hidden": True})
                at += 1
    return Written(out.getvalue(), "x.xlsx", placed)


def _named(rows: Sequence[Row]) -> str:
    """The name of the intervention these rows are of."""
    return next(i.name for i in register().interventions if i.id == rows[0]["intervention_id"])


def _pieces(rng: random.Random, contract: SourceContract, rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows of each sheet: by intervention, or cut at random; a voucher stays whole."""
    if contract.name == HUVUDBOK.name:
        return [rows]
    if any(column.kind is Kind.INTERVENTION for column in contract.columns) and rng.random() < 0.5:
        named = sorted({str(row["intervention_id"]) for row in rows})
        return [[row for row in rows if row["intervention_id"] == name] for name in named]
    cuts = sorted(rng.sample(range(1, len(rows)), min(rng.randint(0, 2), len(rows) - 1)))
    return [rows[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]


def _style(rng: random.Random, contract: SourceContract, rows: Sequence[Row], *, book: bool) -> Style:
    one = len({row.get("intervention_id") for row in rows}) == 1
    named_by = rng.choice(("column", "title", "sheet")) if one and "intervention_id" in rows[0] else "column"
    if named_by == "sheet" and not book:
        named_by = "title"
    columns = [column for column in _used(rng, contract) if column.name != "intervention_id" or named_by == "column"]
    rng.shuffle(columns)
    headers = [_header(rng, rng.choice(column.headers)) for column in columns]
    decimal = rng.choice(",.")
    thousands = rng.choice(("", " ", "\u00a0", "\u202f" if book else "\u00a0", {",": ".", ".": ","}[decimal]))
    dates = rng.choice(("iso", "iso", "compact", "dots", "slashes", "timed", *(("cell", "serial", "cell") if book else ())))
    return Style(columns, headers, decimal, thousands, dates, named_by, rng.choice(("-{}", "−{}", "{}-", "({})")))


def _used(rng: random.Random, contract: SourceContract) -> list[Column]:
    if contract.name == HUVUDBOK.name:
        split = rng.choice((("amount",), ("debit", "credit")))
        names = ("account", "number", "date", *split, *rng.sample(LEDGER_TEXT, 2), *rng.choice((("series",), ())))
        return [contract.column(name) for name in names]
    groups = [rng.choice(group) for group in contract.needs_any]
    return [
        column
        for column in contract.columns
        if column.required or column.name in groups or column.name == "intervention_id" or rng.random() < 0.6
    ]


def _header(rng: random.Random, text: str) -> str:
    return rng.choice(
        (text, text.upper(), text.lower(), f" {text} ", text.replace(" ", "  "), text.replace(" ", "-"), f"{text}.")
    )


def _records(
    rng: random.Random, contract: SourceContract, style: Style, rows: Sequence[Row]
) -> list[tuple[list[object], int | None]]:
    """Every line of one sheet: titles, header, rows, blank lines, a sum, a note."""
    extra = rng.random() < 0.3
    lines: list[tuple[list[object], int | None]] = [([title], None) for title in rng.sample(TITLES, rng.randint(0, 3))]
    if style.named_by == "title":
        lines.append(rng.choice((([f"Insats: {_named(rows)}"], None), (["Insats", _named(rows).upper()], None))))
    lines += [([], None)] * rng.randint(0, 2)
    lines.append(([*style.headers, *(("Eget påhitt",) if extra else ())], HEADER))
    for n, row in enumerate(rows):
        cells = [_cell(rng, contract, column, row, style) for column in style.columns]
        lines.append(([*cells, *((rng.choice((*WORDS, *AWKWARD)),) if extra else ())], n))
        if rng.random() < 0.05:
            lines.append(([], None))
    if contract.counts_total_row and rng.random() < 0.5:
        lines.append((["Summa", str(len(rows))], None))
    elif rng.random() < 0.3:
        lines.append((["Totalt"], None))
    if rng.random() < 0.3 and contract.name != HUVUDBOK.name:
        lines += [([], None), ([NOTE], None)]
    return lines


def _kept(style: Style, contract: SourceContract, row: Row) -> Row:
    """The row as it can be read back: null for columns the sheet leaves out."""
    there = {column.name for column in style.columns} | {"intervention_id"}
    if contract.name == HUVUDBOK.name:
        there |= {"amount", "series"}
    return {name: value if name in there else None for name, value in row.items()}


def _cell(rng: random.Random, contract: SourceContract, column: Column, row: Row, style: Style) -> object:
    """One cell as a number, a day or a text in one of its spellings."""
    value = _of_ledger(rng, column, row, style) if contract.name == HUVUDBOK.name else row.get(column.name)
    if value is None:
        return rng.choice(("", " ", "-")) if column.kind is not Kind.IGNORED else None
    if isinstance(value, (dt.date, Decimal)) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return _cased(rng, column.kind, rng.choice(AWKWARD if column.kind is Kind.IGNORED else _spellings(column, value)))


def _of_ledger(rng: random.Random, column: Column, row: Row, style: Style) -> object:
    """Debit or credit for the amount; series and number in one cell where the series has no column of its own."""
    amount = row["amount"]
    assert isinstance(amount, Decimal)
    if column.name in {"debit", "credit"}:
        return {"debit": amount, "credit": -amount}[column.name] if (amount > 0) == (column.name == "debit") else None
    if column.name == "number" and not any(other.name == "series" for other in style.columns):
        return rng.choice(("{}{}", "{} {}", "{}-{}")).format(row["series"], row["number"])
    return row.get(column.name)


def _spellings(column: Column, value: object) -> Sequence[str]:
    match column.kind:
        case Kind.INTERVENTION:
            known = next(i for i in register().interventions if i.id == value)
            return (known.id, known.name, known.short_name, *known.aliases)
        case Kind.CODE:
            code = next(c for c in register().codes[column.code_list] if c.code == value)
            return (code.code, code.label, *code.aliases)
        case Kind.CHOICE:
            return [text for text, meant in column.choices if meant == value]
        case Kind.GENDER:
            return _GENDERS[str(value)]
        case Kind.YES_NO | Kind.AGE_GROUP:
            return _FIXED.get(value, (str(value), str(value).replace("-", "–"), f"{value} år"))
    return (str(value),)


def _cased(rng: random.Random, kind: Kind, text: str) -> str:
    if kind in {Kind.INTERVENTION, Kind.CODE, Kind.CHOICE, Kind.GENDER, Kind.YES_NO}:
        text = rng.choice((text, text.upper(), text.capitalize(), text.lower()))
    return f" {text}  " if rng.random() < 0.1 else text


def written_number(value: Decimal | int, style: Style) -> str:
    """A number as the sheet writes it; whole amounts keep their decimals where a mark could be taken for another."""
    if isinstance(value, int):
        return str(value)
    whole, decimals = f"{abs(value):,.2f}".split(".")
    if style.thousands != "" and "," in whole:
        whole = whole.replace(",", style.thousands)
    text = whole.replace(",", "") if style.thousands == "" else whole
    text = f"{text}{style.decimal}{decimals}"
    return style.signs.format(text) if value < 0 else text


def written_date(day: dt.date, style: Style) -> str:
    """A day as the sheet writes it."""
    form = {"compact": "%Y%m%d", "dots": "%d.%m.%Y", "slashes": "%d/%m/%Y", "timed": "%Y-%m-%d 00:00:00"}.get(
        style.dates, "%Y-%m-%d"
    )
    return day.strftime(form)


def _write(
    rng: random.Random, sheet: object, row: int, column: int, cell: object, epoch: dt.date, day_format: object, style: Style
) -> None:
    write_number, write_string = sheet.write_number, sheet.write_string  # type: ignore[attr-defined]
    if isinstance(cell, dt.date) and style.dates in {"cell", "serial"}:
        serial = (cell - epoch).days
        write_number(row, column, serial, *((day_format,) if style.dates == "cell" else ()))
    elif isinstance(cell, (Decimal, int)) and rng.random() < 0.7:
        write_number(row, column, float(cell))
    elif isinstance(cell, str) and cell.isascii() and cell.isdigit() and cell[0] != "0" and rng.random() < 0.5:
        write_number(row, column, int(cell))
    elif cell not in {None, ""}:
        write_string(row, column, _text(cell, style))


def as_sie(rng: random.Random, rows: Sequence[Row]) -> Written:
    """Vouchers as a SIE 4E file with balances of the accounts they touch; which line holds which row."""
    lines: list[tuple[str, int | None]] = [
        (text, None) for text in ("#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", "#PROGRAM ÅÄÖ 1", "#RAR 0 20250101 20251231")
    ]
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[str(row["account"])] = sums.get(str(row["account"]), Decimal(0)) + Decimal(str(row["amount"]))
    for account, total in sorted(sums.items()):
        lines.append((f"#UB 0 {account} {total:.2f}" if account < "3" else f"#RES 0 {account} {total:.2f}", None))
    last = None
    for n, row in enumerate(rows):
        voucher = (row["series"], row["number"])
        if voucher != last:
            lines += [("}", None)] * (last is not None)
            lines += [(f'#VER {voucher[0]} {voucher[1]} {row["date"]:%Y%m%d} "Hyra för ån"', None), ("{", None)]
        last = voucher
        tags = " ".join(f'{name[4:]} "{row[name]}"' for name in ("dim_1", "dim_6") if row[name])
        lines.append(
            (f'{rng.choice(("", "   "))}#TRANS {row["account"]} {{{tags}}} {row["amount"]:.2f} "" "{rng.choice(WORDS)}"', n)
        )
    lines.append(("}", None))
    end, encoding = rng.choice(("\n", "\r\n")), rng.choice(("cp437", "utf-8"))
    placed = [Placed(None, at, rows[n]) for at, (_, n) in enumerate(lines, 1) if n is not None]
    data = end.join(text for text, _ in lines).replace("–", "-").encode(encoding)
    return Written(data, "x.se", placed, lines, end, encoding)
