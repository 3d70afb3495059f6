"""The period and object budgets of a SIE file (#PBUDGET) as a budget table, one row an account, month and project.

Belongs here: what counts once (ledger.md 1.9), the signs a report prints, the version's name. Does not: typing the table, which is
done like any other budget's. Why a SIE budget has no day of decision stands in docs/adr/0010-sie-budgets.md.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from finsam_pipeline.readers.sie_controls import is_result
from finsam_pipeline.readers.sie_head import year_index
from finsam_pipeline.readers.table import ReadResult, Rejected, TextTable
from finsam_pipeline.shaping.cells import parse_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from finsam_pipeline.register.model import Register

_HEADERS = ("Version", "Period", "Konto", "Projekt", "Belopp")
_PROJECT = "6:"
_INCOME_CLASS = "3"
_CURRENT_AND_LAST = (0, -1)


class _Budget(NamedTuple):
    """One #PBUDGET: `kr` is None when `text` cannot be read."""

    line: int
    year: int
    account: str
    period: str
    project: str  # object of dimension 6, empty for none
    tagged: int  # how many objects the record names
    kr: Decimal | None
    text: str


def budget_table(read: ReadResult, register: Register) -> ReadResult:
    """The SIE file as a budget: one table with the headers of the source, rows numbered by the lines of their records.

    Facts: `not_data`: `part` for records that break down an amount already counted, `balance_budget` for balance accounts,
    `other_year` for years but the current and the last; with the rows they are all #PBUDGET records.

    Raises:
        Rejected: `wrong_source` when the file holds no budget.
    """
    every = [record for table in read.tables if "balance" in table.frame.columns for record in _records(table.frame)]
    records = [record for record in every if record.year in _CURRENT_AND_LAST]
    if not every:
        raise Rejected(
            "wrong_source",
            "SIE-filen har ingen budget (#PBUDGET). Hör den hemma i mappen huvudbok? Ta annars med periodbudgeten i exporten.",
        )
    of_result = [record for record in records if is_result(record.account, "") or parse_account(record.account) is None]
    verdicts = read.facts.get("period_balances") or {}
    kept = sorted(row for group in _groups(of_result) for row in _counted_once(group, verdicts))
    left = {
        "balance_budget": len(records) - len(of_result),
        "other_year": len(every) - len(records),
        "part": len(of_result) - len(kept),
    }
    facts = {
        "format": "sie_budget",
        "encoding": read.facts.get("encoding"),
        "not_data": {name: count for name, count in left.items() if count > 0},
    }
    years = {index: first.year for index, (first, _) in (read.facts.get("fiscal_years") or {}).items()}
    remarks = [remark for remark in read.remarks if remark[1] != "no_vouchers"]  # a budget needs none
    return ReadResult([_as_table(kept, years, _prints_as_income(register))], facts=facts, remarks=remarks)


def _records(balances: pd.DataFrame) -> Iterator[_Budget]:
    budgets = balances[balances["balance"] == "PBUDGET"]
    for line, _, year, account, period, objects, amount in budgets.itertuples():
        index = year_index(year)
        pairs = [pair for pair in objects.split("|") if pair]
        project = next((pair.removeprefix(_PROJECT) for pair in pairs if pair.startswith(_PROJECT)), "")
        yield _Budget(line, index or 0, account, period, project, len(pairs), _kr(amount), amount)


def _kr(amount: str) -> Decimal | None:
    try:
        return Decimal(amount)
    except ArithmeticError:
        return None


def _groups(records: Iterable[_Budget]) -> Iterable[list[_Budget]]:
    found: defaultdict[tuple[int, str, str], list[_Budget]] = defaultdict(list)
    for record in records:
        found[record.year, record.account, record.period].append(record)
    return found.values()


def _counted_once(group: list[_Budget], verdicts: dict[tuple[int, str], str]) -> list[_Budget]:
    """The rows that add up to one account's month, by project as far as the file says.

    By rule the record without objects is the whole and the others break it down, once for each dimension: then the projects are
    taken, and what is left of the whole. Where #PSALDO shows that the exporter writes only the untagged rest there, all records
    count. What cannot be read stands for itself, beside the whole.
    """
    verdict = verdicts.get((group[0].year, group[0].account), "total")
    unreadable = [record for record in group if record.kr is None]
    whole = [record for record in group if not record.tagged]
    if verdict == "rows" or unreadable or verdict == "rejected":
        return group if verdict == "rows" else [*whole, *(record for record in unreadable if record.tagged)]
    projects = [record for record in group if record.project]
    alone = [record for record in projects if record.tagged == 1]
    projects = alone or projects
    if not whole:
        return projects or group
    rest = sum((row.kr or Decimal(0) for row in whole), Decimal(0)) - sum((row.kr or Decimal(0) for row in projects), Decimal(0))
    return [*projects, whole[0]._replace(kr=rest, text=f"{rest:.2f}")] if rest or not projects else projects


def _prints_as_income(register: Register) -> Callable[[str], bool]:
    """Whether a report prints an account's credit balances as positive figures: those on lines of the income block.

    By the line rules where they place the account on such lines only, or on none; else by its class, 3 in both charts of accounts.
    """
    blocks = {line.line_id: line.block for line in register.report_lines}

    def is_income(account: str) -> bool:
        found = {
            blocks.get(rule.line_id) == "income"
            for rule in register.line_rules
            if account[: len(rule.account_from)] >= rule.account_from and account[: len(rule.account_to)] <= rule.account_to
        }
        return found.pop() if len(found) == 1 else account.startswith(_INCOME_CLASS)

    return is_income


def _as_table(kept: list[_Budget], years: dict[int, int], is_income: Callable[[str], bool]) -> TextTable:
    rows: list[tuple[Any, ...]] = [_HEADERS]
    for record in kept:
        sign = -1 if is_income(record.account) else 1
        amount = record.text if record.kr is None else f"{sign * record.kr:.2f}"
        year = years.get(record.year, record.period[:4])
        rows.append((f"SIE {year}", record.period, record.account, record.project or None, amount))
    return TextTable(
        None, pd.DataFrame(rows, index=[0, *(record.line for record in kept)], columns=range(len(_HEADERS)), dtype="str")
    )
