"""The economy files: voucher list, opening balances, budget and forecast. Each function gives the file's bytes."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence

from finsam_pipeline.demo import figures, files, ledger
from finsam_pipeline.demo.files import Cell
from finsam_pipeline.demo.ledger import ORE, Posting


def voucher_list(rng: random.Random) -> bytes:
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
        [f"Räkenskapsår {figures.period().first.year}"],
        [],
        head,
    ]
    numbers: Counter[str] = Counter()
    turnover = 0
    for voucher in ledger.vouchers(rng):
        numbers[voucher.series] += 1
        for p in voucher.postings:
            turnover += max(p.ore, 0)
            rows.append(
                [
                    voucher.series, numbers[voucher.series], voucher.day, p.account, names[p.account], p.cost_centre, p.project,
                    voucher.text, *_debit_credit(p),
                ]
            )  # fmt: skip
    rows.append(["Summa", *[""] * 7, files.kronor(turnover), files.kronor(turnover)])
    return files.text(rows, encoding="cp1252", end="\r\n")


def opening_balances() -> bytes:
    """The year's opening balances, one row an account."""
    names = ledger.account_names()
    first = dt.date(figures.period().first.year, 1, 1)
    rows: list[Sequence[Cell]] = [["Konto", "Benämning", "Datum", "Text", "Debet", "Kredit"]]
    rows += [[p.account, names[p.account], first, "Ingående balans", *_debit_credit(p)] for p in ledger.opening()]
    return files.text(rows)


def budget() -> bytes:
    """The whole year's budget: twice the period's, which the pipeline spreads evenly over the months again."""
    months = 12 // figures.period().months
    decided = dt.date.fromisoformat(figures.setting("budget_decided"))
    version, year = figures.setting("budget_version"), figures.setting("budget_period")
    rows: list[Sequence[Cell]] = [["Version", "Beslutad", "Period", "Rad", "Projekt", "Belopp"]]
    for m in figures.money():
        project = figures.intervention(m.intervention)["ledger_objects"].partition(":")[2] if m.intervention else ""
        rows.append([version, decided, year, m.line, project, files.kronor(m.budget_kr * months * ORE)])
    return files.text(rows, encoding="utf-8-sig")


def forecast() -> bytes:
    """The twelve-month forecast; the outcome line has no amount."""
    rows: list[Sequence[Cell]] = [["Period", "Ordning", "Rad", "Belopp tkr", "Typ"]]
    rows += [
        [figures.setting("period"), r["order"], r["label"], r["amount_tkr"], r["kind"]]
        for r in figures.table("published/forecast.csv")
    ]
    return files.text(rows)


def _debit_credit(posting: Posting) -> tuple[str, str]:
    amount = files.kronor(abs(posting.ore))
    return (amount, "") if posting.ore > 0 else ("", amount)
