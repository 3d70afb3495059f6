"""Reading and typing large files beside plain libraries reading the same bytes as text. Writes a section of RESULTS.md.

    python benchmarks/readers.py [--ledger 20000] [--participations 5000] [--runs 3]
    python benchmarks/readers.py --ledger 1000000 --participations 200000 --runs 1

The files are made up from a seed. Every measurement is a process of its own: seconds without imports, and peak memory
above what the process held before. The plain libraries stop at text; `read` stops there too, `read and shape` goes on to
typed rows, row numbers, control totals and content hashes. Judging is timed apart, with Great Expectations already imported.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from measuring import machine, median, peak_megabytes, run, table, write_section

FILES = {
    "ledger.csv": "huvudbok",
    "quoted.csv": "huvudbok",  # the same with marks around its texts, and blanks between thousands
    "ledger.se": "huvudbok",
    "participations.xlsx": "deltagaruppfoljning",
}
ACCOUNTS = ("1930", "2440", "3911", "4010", "5010", "6540", "7210")
DAY = dt.date(2025, 12, 31)
_SEED = 20250101


def main() -> int:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--ledger", type=int, default=20_000, help="voucher rows")
    parser.add_argument("--participations", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-write", action="store_true", help="print, but leave RESULTS.md as it is")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one[0], Path(options.one[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="finsam-bench-") as scratch:
        text = measure(Path(scratch), options.ledger, options.participations, options.runs)
    print(text)
    if not options.no_write:
        write_section("readers", text)
    return 0


def measure(folder: Path, ledger: int, participations: int, runs: int) -> str:
    write_files(folder, ledger, participations)
    parts = [
        "## Large files\n",
        machine("pandas", "pyarrow", "duckdb", "openpyxl", "python-calamine", "great-expectations"),
        (
            f"{ledger:,} voucher rows, {participations:,} participations; medians of {runs}. Seconds without imports, memory above the"
            " start's. The plain libraries stop at text, as `read` does; `read and shape` ends with typed, hashed rows.\n"
        ),
    ]
    for name in FILES:
        file = folder / name
        plain = [what for what, (ends, _) in PLAIN.items() if name.endswith(ends)]
        costs = {what: repeated(what, file, runs) for what in ("read", "read and shape", *plain)}
        parts += [f"### {name} ({file.stat().st_size / 1e6:.1f} MB)\n", ratios(costs, plain[0])]
        judged = repeated("judge", file, runs)
        parts.append(f"The suite on these rows: {judged[0]:.2f} s ({judged[1]:.2f} s of processor).\n")
    return "\n".join(parts)


def repeated(what: str, file: Path, runs: int) -> list[float]:
    """Medians of wall seconds, processor seconds and megabytes, each run in a process of its own."""
    command = [sys.executable, __file__, "--one", what, str(file)]
    said = [json.loads(run(command).output) for _ in range(runs)]
    return [median(column) for column in zip(*said, strict=True)]


def ratios(costs: dict[str, list[float]], beside: str) -> str:
    """Each way beside the first plain one."""
    base = costs[beside]
    rows = [
        [what, f"{wall:.2f}", f"{cpu:.2f}", f"{memory:.0f}", f"{cpu / base[1]:.1f}", f"{memory / max(base[2], 1.0):.1f}"]
        for what, (wall, cpu, memory) in costs.items()
    ]
    return table(["way", "wall", "processor", "MB", f"processor, of {beside}", f"MB, of {beside}"], rows)


def one(what: str, file: Path) -> tuple[float, float, float]:
    """Prepare (imports, warming up), then time one piece of work."""
    work = PLAIN[what][1]() if what in PLAIN else OURS[what](file)
    before, wall, cpu = peak_megabytes(), time.perf_counter(), time.process_time()
    kept = work(file)  # held until the memory is read
    cost = time.perf_counter() - wall, time.process_time() - cpu, peak_megabytes() - before
    del kept
    return cost


# --- ours


def reading(_file: Path) -> Callable[[Path], object]:
    from finsam_pipeline.readers import read  # noqa: PLC0415

    return lambda file: read(file.read_bytes(), file.name)


def shaping(file: Path) -> Callable[[Path], object]:
    from finsam_pipeline.contracts.sources import SOURCES  # noqa: PLC0415
    from finsam_pipeline.privacy import Pseudonymiser  # noqa: PLC0415
    from finsam_pipeline.readers import read  # noqa: PLC0415
    from finsam_pipeline.shaping import DeliveryRef, shape  # noqa: PLC0415

    source = FILES[file.name]
    register = example_register(file.parent)
    ref = DeliveryRef(register.id, source, f"landing/{register.id}/{source}/{file.name}", "0" * 64, DAY)
    pseudonymiser = Pseudonymiser(b"a key that protects nobody here")
    return lambda file: shape(read(file.read_bytes(), file.name), SOURCES[source], register, ref, pseudonymiser)


def judging(file: Path) -> Callable[[Path], object]:
    import pandas as pd  # noqa: PLC0415

    from finsam_pipeline.validation import judge  # noqa: PLC0415

    source = FILES[file.name]
    shaped: Any = shaping(file)(file)
    day = pd.Timestamp(DAY).as_unit("s")
    rows = shaped.rows.assign(delivered_on=day, redelivered_changed=False)
    judge({"rows": rows.head(10)}, source)  # imports Great Expectations
    return lambda _file: _sound(judge({"rows": rows}, source))


def _sound(results: list[Any]) -> list[Any]:
    """A verdict that could not be made would be a quick one."""
    errored = [r.rule for r in results if r.errored]
    if errored:
        raise RuntimeError(f"not judged: {', '.join(errored)}")
    return results


OURS: dict[str, Callable[[Path], Callable[[Path], object]]] = {"read": reading, "read and shape": shaping, "judge": judging}


# --- plain libraries, reading text


def pyarrow_csv() -> Callable[[Path], object]:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    def work(file: Path) -> object:
        with file.open(encoding="utf-8") as lines:
            names = lines.readline().strip().split(";")
        options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        return csv.read_csv(file, parse_options=csv.ParseOptions(delimiter=";"), convert_options=options)

    return work


def pandas_csv() -> Callable[[Path], object]:
    import pandas as pd  # noqa: PLC0415

    return lambda file: pd.read_csv(file, sep=";", dtype=str)


def duckdb_csv() -> Callable[[Path], object]:
    import duckdb  # noqa: PLC0415

    def work(file: Path) -> object:
        return duckdb.connect().read_csv(str(file), delimiter=";", header=True, all_varchar=True).to_arrow_table()

    return work


def naive_sie() -> Callable[[Path], object]:
    """The fewest lines that read this file: no encodings, no limits, no control totals, no row numbers."""
    import pandas as pd  # noqa: PLC0415

    def work(file: Path) -> object:
        rows, voucher = [], ["", "", ""]
        for line in file.read_text("cp437").splitlines():
            word = line.lstrip()
            if word.startswith("#VER"):
                voucher = shlex.split(word)[1:4]
            elif word.startswith("#TRANS"):
                head, _, rest = word.partition("{")
                objects, _, tail = rest.partition("}")
                rows.append((*voucher, head.split()[1], objects, tail.split()[0]))
        return pd.DataFrame(rows, dtype="str")

    return work


def openpyxl_rows() -> Callable[[Path], object]:
    from openpyxl import load_workbook  # noqa: PLC0415

    return lambda file: [list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(file, read_only=True).worksheets]


def pandas_calamine() -> Callable[[Path], object]:
    import pandas as pd  # noqa: PLC0415
    import python_calamine  # noqa: F401, PLC0415 - imported before the clock starts

    return lambda file: pd.read_excel(file, sheet_name=None, dtype=str, engine="calamine")


PLAIN: dict[str, tuple[str, Callable[[], Callable[[Path], object]]]] = {
    "pandas.read_csv": (".csv", pandas_csv),
    "pyarrow.csv": (".csv", pyarrow_csv),
    "duckdb": (".csv", duckdb_csv),
    "naive tokenizer": (".se", naive_sie),
    "pandas and calamine": (".xlsx", pandas_calamine),
    "openpyxl, read-only": (".xlsx", openpyxl_rows),
}


# --- the files


def example_register(folder: Path) -> Any:  # noqa: ANN401
    """The register of the example workspace beside the files."""
    from finsam_pipeline.register import list_associations, load_register  # noqa: PLC0415

    config = folder / "home" / "config"
    return load_register(config / list_associations(config)[0])


def write_files(folder: Path, ledger: int, participations: int) -> None:
    from finsam_pipeline.demo import write_demo  # noqa: PLC0415

    write_demo(folder / "home")
    pairs = list(vouchers(ledger, random.Random(_SEED)))  # noqa: S311 - made-up figures
    write_csv(folder / "ledger.csv", pairs)
    write_csv(folder / "quoted.csv", pairs, quote='"', thousands=" ")
    write_sie(folder / "ledger.se", pairs)
    write_workbook(folder / "participations.xlsx", participations, example_register(folder), random.Random(_SEED))  # noqa: S311


Voucher = tuple[int, dt.date, Sequence[tuple[str, str, int]]]


def vouchers(rows: int, chance: random.Random) -> list[Voucher]:
    """Balanced vouchers of two rows: number, day, (account, project, öre) each."""
    made = []
    for number in range(1, rows // 2 + 1):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=number * 364 // (rows // 2))
        ore = chance.randrange(100, 50_000_000)
        debit, credit = chance.sample(ACCOUNTS, 2)
        made.append((number, day, ((debit, "1001", ore), (credit, "", -ore))))
    return made


def kronor(ore: int, mark: str, thousands: str = "") -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100:,}".replace(",", thousands) + f"{mark}{abs(ore) % 100:02d}"


def write_csv(file: Path, made: Sequence[Voucher], quote: str = "", thousands: str = "") -> None:
    with file.open("w", encoding="utf-8", newline="\r\n") as out:
        out.write("Konto;Kontonamn;Serie;Vernr;Datum;Text;Debet;Kredit;Projekt\n")
        for number, day, rows in made:
            for account, project, ore in rows:
                said, name = (f"{quote}{text}{quote}" for text in (f"Händelse {number}", f"Konto {account}"))
                kr = kronor(abs(ore), ",", thousands)
                sides = f"{kr};" if ore > 0 else f";{kr}"
                out.write(f"{account};{name};A;{number};{day};{said};{sides};{project}\n")


def write_sie(file: Path, made: Sequence[Voucher]) -> None:
    with file.open("w", encoding="cp437", newline="\r\n") as out:
        out.write('#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#FNAMN "Exempel"\n#RAR 0 20250101 20251231\n')
        for number, day, rows in made:
            out.write(f'#VER A {number} {day:%Y%m%d} "Händelse {number}"\n{{\n')
            for account, project, ore in rows:
                out.write(f"   #TRANS {account} {{{f'6 {project}' if project else ''}}} {kronor(ore, '.')} {day:%Y%m%d}\n")
            out.write("}\n")


def write_workbook(file: Path, rows: int, register: Any, chance: random.Random) -> None:  # noqa: ANN401
    import xlsxwriter  # noqa: PLC0415

    names = [i.name for i in register.interventions if i.orientation == "individual"]
    reasons = [code.label for code in register.codes["exit_reason"]]
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Deltagare")
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Löpnummer", "Insats", "Kön", "Ålder", "Startdatum", "Slutdatum", "Avslutsorsak", "Kommentar"])
        for row in range(1, rows + 1):
            start = dt.date(2022, 1, 1) + dt.timedelta(days=chance.randrange(1200))
            sheet.write_row(row, 0, [f"L{row}", chance.choice(names), chance.choice(("Kvinna", "Man")), chance.randrange(17, 66)])
            sheet.write_datetime(row, 4, start, day_format)
            if chance.random() < 0.7:  # most have ended
                sheet.write_datetime(row, 5, start + dt.timedelta(days=chance.randrange(1, 200)), day_format)
                sheet.write_string(row, 6, chance.choice(reasons))
            sheet.write_string(row, 7, "en anteckning")


if __name__ == "__main__":
    raise SystemExit(main())
