"""What must hold between rows and between files of one configuration.

Belongs here: checks on values already read. Each notes its faults at the row they stand in; none raises.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from finsam_pipeline.contracts.folding import fold
from finsam_pipeline.contracts.sources import PARTICIPANT_SOURCES, SOURCES
from finsam_pipeline.contracts.types import NO_EXIT_REASON
from finsam_pipeline.register.association import AssociationFile, AssociationIn, LayoutIn, MemberIn
from finsam_pipeline.register.model import Code, Intervention, LineRule, ReportLine, Target
from finsam_pipeline.register.periods import parse_period
from finsam_pipeline.register.tables import Row

FIRST_DAY = dt.date(1900, 1, 1)
_SUMS = ("subtotal", "total", "result")
_BOOKED = ("line", "memo")
# Thirds cannot be written exactly with a few decimals.
_SHARE_SLACK = Decimal("0.001")
_PERIOD_ADVICE = "skriv 2025H1, 2025T1, 2025Q1, 2025-03 eller 2025."


def check_association(file: AssociationFile, folder: str, lines: Sequence[tuple[Row, ReportLine]]) -> None:
    """The YAML file against the folder's name, the report lines, the known sources and the periods."""
    given = file.values
    if given is None:
        return
    if given.id != folder:
        file.fault(("id",), f"id är ”{given.id}” men mappen heter ”{folder}”: de ska vara lika.")
    _check_members(file, given.members, {line.line_id for _, line in lines if line.kind == "line"})
    _check_sources(file, given)
    for period in given.budget_versions:
        if not _is_period(period):
            file.fault(("budget_versions", period), f"”{period}” är ingen period: {_PERIOD_ADVICE}")
    _check_reports(file, given)
    for number, layout in enumerate(given.report_layouts):
        if layout.valid_from in {earlier.valid_from for earlier in given.report_layouts[:number]}:
            file.fault(("report_layouts", number, "valid_from"), "två layouter gäller från samma dag: ändra den ena.")
        for table in ("income_statement", "intervention_budget"):
            _check_layout(file, ("report_layouts", number, table), getattr(layout, table))


def _check_reports(file: AssociationFile, given: AssociationIn) -> None:
    """Reports are set by period, and decided after it."""
    for period, report in given.report.periods.items():
        where = ("report", "periods", period)
        if not _is_period(period):
            file.fault(where, f"”{period}” är ingen period: {_PERIOD_ADVICE}")
        elif report.decided_on and report.decided_on < parse_period(period).last:
            file.fault((*where, "decided_on"), f"decided_on ligger före slutet av {period}: rätta dagen.")


def check_interventions(rows: Sequence[tuple[Row, Intervention]]) -> None:
    """Ids unique; no name, short name or alias claimed twice; no ledger object claimed twice; dates in order."""
    _unique(((row, i.id) for row, i in rows), "intervention_id")
    _claimed(((row, i.id, (i.id, i.name, i.short_name, *i.aliases)) for row, i in rows), fold, "namnet")
    _claimed(((row, i.id, i.ledger_objects) for row, i in rows), str, "objektet")
    for row, i in rows:
        if i.starts_on and i.ends_on and i.ends_on < i.starts_on:
            row.fault("ends_on ligger före starts_on: rätta datumen.")


def check_report_lines(rows: Sequence[tuple[Row, ReportLine]]) -> None:
    """Line ids unique within a valid_from; sums name existing lines, and never themselves."""
    for valid_from in sorted({line.valid_from for _, line in rows}):
        version = [(row, line) for row, line in rows if line.valid_from == valid_from]
        _unique(((row, line.line_id) for row, line in version), "line_id")
        by_id = {line.line_id: line for _, line in version}
        for row, line in version:
            _check_sum(row, line, by_id)


def check_line_rules(rules: Sequence[tuple[Row, LineRule]], lines: Sequence[tuple[Row, ReportLine]]) -> None:
    """Rules name lines that are booked on; account bounds and dates in order."""
    booked = {line.line_id for _, line in lines if line.kind in _BOOKED}
    for row, rule in rules:
        if rule.line_id and lines and rule.line_id not in booked:
            row.fault(f"raden ”{rule.line_id}” finns inte i report_lines.csv med kind line eller memo: rätta line_id.")
        if rule.account_from and rule.account_to and rule.account_from.ljust(6, "0") > rule.account_to.ljust(6, "9"):
            row.fault("account_from är större än account_to: byt plats på dem.")
        if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
            row.fault("valid_to ligger före valid_from: rätta datumen.")


def check_targets(rows: Sequence[tuple[Row, Target]], interventions: Sequence[tuple[Row, Intervention]]) -> None:
    """Targets name existing interventions, once a year and measure, and are not negative."""
    known = {i.id for _, i in interventions}
    _unique(((row, f"{t.year} {t.intervention_id} {t.measure}") for row, t in rows), "målet")
    for row, target in rows:
        if target.intervention_id and target.intervention_id not in known:
            row.fault(f"insatsen ”{target.intervention_id}” finns inte i interventions.csv: rätta intervention_id.")
        if target.target < 0:
            row.fault("kolumnen target är negativ: ett mål är ett antal.")


def check_codes(lists: dict[str, list[tuple[Row, Code]]]) -> None:
    """Codes unique in their list, no label or alias claimed by two codes, the reserved word left alone."""
    for code_list, rows in lists.items():
        _unique(((row, c.code) for row, c in rows), "code")
        _claimed(((row, c.code, (c.code, c.label, *c.aliases)) for row, c in rows), fold, "benämningen")
        for row, code in rows:
            if code_list == "exit_reason" and code.code == NO_EXIT_REASON:
                row.fault(f"koden {NO_EXIT_REASON} används för avslut utan orsak: välj en annan kod.")


def _check_sources(file: AssociationFile, given: AssociationIn) -> None:
    known = ", ".join(PARTICIPANT_SOURCES)
    for source in given.counts_from:
        if source not in PARTICIPANT_SOURCES:
            file.fault(("counts_from",), f"okänd källa ”{source}”; kända är {known}.")
    for source, extent in given.coverage.items():
        if source not in PARTICIPANT_SOURCES or extent != "year":
            file.fault(("coverage", source), f"skriv källa: year, där källan är någon av {known}.")
    for source in given.expected:
        if source not in SOURCES:
            file.fault(("expected", source), f"okänd källa ”{source}”; kända är {', '.join(SOURCES)}.")


def _check_members(file: AssociationFile, members: Sequence[MemberIn], line_ids: set[str]) -> None:
    if not members:
        file.fault(("members",), "inga medlemmar: ange id, name och share för var och en.")
        return
    for number, member in enumerate(members):
        loc = ("members", number)
        if line_ids and member.id not in line_ids:
            file.fault((*loc, "id"), f"”{member.id}” är ingen rad (kind line) i report_lines.csv: ange medlemmens bidragsrad.")
        if member.id in {m.id for m in members[:number]}:
            file.fault((*loc, "id"), f"medlemmen ”{member.id}” står två gånger.")
        if not 0 <= member.share <= 1:
            file.fault((*loc, "share"), "share ska vara mellan 0 och 1, till exempel 0.25.")
    total = sum((m.share for m in members), Decimal(0))
    if abs(total - 1) > _SHARE_SLACK:
        file.fault(("members",), f"medlemmarnas andelar (share) summerar till {total}, inte 1: rätta dem.")


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


def _check_layout(file: AssociationFile, loc: tuple[str | int, ...], layout: LayoutIn) -> None:
    if not layout.columns or len(set(layout.columns)) < len(layout.columns):
        file.fault((*loc, "columns"), "columns ska nämna outcome, budget och difference högst en gång var, minst en av dem.")


def _check_sum(row: Row, line: ReportLine, by_id: dict[str, ReportLine]) -> None:
    if line.kind in _SUMS and not line.sum_of:
        row.fault(f"en rad av sorten {line.kind} behöver sum_of: de line_id som summeras, skilda med |.")
    if line.kind not in _SUMS and line.sum_of:
        row.fault(f"en rad av sorten {line.kind} summerar inget: töm sum_of eller ändra kind.")
    for _, part in line.sum_of:
        if part not in by_id:
            row.fault(f"sum_of nämner ”{part}” som inte finns bland raderna från samma valid_from: rätta line_id.")
        elif by_id[part].kind == "section":
            row.fault(f"sum_of nämner rubriken ”{part}”: en rubrik har inget belopp.")
    if line.line_id in _reached(line, by_id):
        row.fault("sum_of leder tillbaka till raden själv: bryt cirkeln.")


def _reached(line: ReportLine, by_id: dict[str, ReportLine]) -> set[str]:
    """Every line id that the line's sum leads to, directly or through other sums."""
    reached: set[str] = set()
    waiting = [part for _, part in line.sum_of]
    while waiting:
        part = waiting.pop()
        if part not in reached and part in by_id:
            reached.add(part)
            waiting += [p for _, p in by_id[part].sum_of]
    return reached


def _unique(keyed: Iterable[tuple[Row, str]], what: str) -> None:
    seen: dict[str, int] = {}
    for row, key in keyed:
        if key and key in seen:
            row.fault(f"{what} ”{key}” finns redan på rad {seen[key]}: varje rad behöver ett eget.")
        seen.setdefault(key, row.line)


def _claimed(rows: Iterable[tuple[Row, str, Sequence[str]]], key: Callable[[str], str], what: str) -> None:
    """Notes a word that two different owners claim; the same owner may say it twice."""
    owners: dict[str, tuple[str, int]] = {}
    for row, owner, words in rows:
        for word in words:
            first, line = owners.setdefault(key(word), (owner, row.line))
            if word and first != owner:
                row.fault(f"{what} ”{word}” används redan av ”{first}” på rad {line}: det får bara höra till en.")
