"""The economy files but SIE: voucher list, opening balances, budget, forecast. Each function gives the file's bytes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from finsam_pipeline.demo import figures, files, ledger
from finsam_pipeline.demo.figures import Report
from finsam_pipeline.demo.files import Cell
from finsam_pipeline.demo.ledger import ORE, Posting


def voucher_list(report: Report, rng: random.Random) -> bytes:
    """A Windows-1252 export with a preamble, debit and credit, decimal comma and a Summa row."""
    names = ledger.account_names()
    head: list[Cell] = [
        "Serie",
        "Vernr",
        "Bokf.datum",
        "Konto",
        "Kontonamn",
        "Kst",
        "Projekt",
        "Verifikationstext",
        "Debet",
        "Kredit",
    ]
    rows: list[list[Cell]] = [
        ["Verifikationer"],
        [f"Räkenskapsår {report.period.first.year}"],
        [],
        head,
    ]
    turnover = 0
    for voucher in ledger.vouchers(report, rng):
        for p in voucher.postings:
            turnover += max(p.ore, 0)
            rows.append(
                [
                    voucher.series, voucher.number, voucher.day, p.account, names[p.account], p.cost_centre, p.project,
                    voucher.text, *_debit_credit(p),
                ]
            )  # fmt: skip
    rows.append(["Summa", *[""] * 7, files.kronor(turnover), files.kronor(turnover)])
    return files.text(rows, encoding="cp1252", end="\r\n")


def opening_balances(report: Report) -> bytes:
    """The year's opening balances, one row an account."""
    names = ledger.account_names()
    first = dt.date(report.period.first.year, 1, 1)
    rows: list[Sequence[Cell]] = [["Konto", "Benämning", "Datum", "Text", "Debet", "Kredit"]]
    rows += [[p.account, names[p.account], first, "Ingående balans", *_debit_credit(p)] for p in ledger.opening(report)]
    return files.text(rows)


def budgets(report: Report) -> dict[str, bytes]:
    """`<day of delivery>/<file>` -> one version of the whole year's budget."""
    return {f"{row['delivered']}/{row['file']}": _budget(report, row) for row in report.plan("budgets")}


def _budget(report: Report, row: dict[str, str]) -> bytes:
    """Twice the period's amounts, which the pipeline spreads evenly over the months again."""
    months = 12 // report.period.months
    decided = dt.date.fromisoformat(row["decided"])
    rows: list[Sequence[Cell]] = [["Version", "Beslutad", "Period", "Rad", "Projekt", "Belopp"]]
    for (line, intervention), kr in report.budget(row["column"]).items():
        amount = files.kronor(kr * months * ORE)
        rows.append([row["version"], decided, report.period.first.year, line, figures.project(intervention), amount])
    return files.text(rows, encoding="utf-8-sig")


def forecast(report: Report) -> bytes:
    """The twelve-month forecast; the outcome line has no amount."""
    rows: list[Sequence[Cell]] = [["Period", "Ordning", "Rad", "Belopp tkr", "Typ"]]
    rows += [[report.name, r["order"], r["label"], r["amount_tkr"], r["kind"]] for r in report.published("forecast")]
    return files.text(rows)


def _debit_credit(posting: Posting) -> tuple[str, str]:
    amount = files.kronor(abs(posting.ore))
    return (amount, "") if posting.ore > 0 else ("", amount)
