"""An association's folder of configuration files -> Register.

Belongs here: which files there are and how a row becomes a value. Checks between rows and files stand in checks.py.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from finsam_pipeline.register import checks
from finsam_pipeline.register.association import FILE, AssociationFile, AssociationIn, LayoutIn
from finsam_pipeline.register.charts import OPTIONAL, read_balance_lines, read_cost_kinds
from finsam_pipeline.register.columns import CODES, INTERVENTIONS, LINE_RULES, REPORT_LINES, TARGETS
from finsam_pipeline.register.errors import Problems
from finsam_pipeline.register.model import (
    Code,
    Goals,
    Intervention,
    LineRule,
    Member,
    Register,
    ReportLayout,
    ReportLine,
    TableLayout,
    Target,
)
from finsam_pipeline.register.reporting import logo_fault
from finsam_pipeline.register.tables import Row, read_table

ORIENTATIONS = ("individual", "structural")
COUNT_BASES = ("interval", "event", "started")
LINE_KINDS = ("section", "line", "subtotal", "total", "result", "memo")
COUNTED = ("participants", "started", "ended", "work", "study", "work_or_study", "positive_other")
SHARES = ("work_share", "study_share", "work_or_study_share", "positive_other_share", "ended_share")
MEASURES = (*COUNTED, *SHARES)  # what a yearly target can be of; a share is of the ended, ended_share of the participants


def list_associations(config_root: Path) -> list[str]:
    """The associations' ids: the folders in `config/`, in order. Empty when there is no such folder."""
    if not config_root.is_dir():
        return []
    return sorted(p.name for p in config_root.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))


def load_register(config_dir: Path) -> Register:
    """The configuration in `config_dir` (`config/<association>`), checked (interface 3).

    Raises ConfigurationErrors with every fault found, each with file, line and what to do.
    """
    problems = Problems(config_dir)
    association = AssociationFile(config_dir / FILE, problems)
    lines = _report_lines(config_dir, problems)
    interventions = _interventions(config_dir, problems)
    rules = _line_rules(config_dir, problems)
    targets = _targets(config_dir, problems)
    codes = _codes(config_dir, problems)
    cost_kinds = read_cost_kinds(config_dir, problems)
    balance_lines = read_balance_lines(config_dir, problems)
    checks.check_association(association, config_dir.name, lines)
    logo = _logo(config_dir, association)
    checks.check_interventions(interventions)
    checks.check_report_lines(lines)
    checks.check_line_rules(rules, lines)
    checks.check_targets(targets, interventions)
    checks.check_codes(codes)
    problems.raise_if_any()
    given = association.values
    if given is None:  # a file without values has a fault, so this is never reached
        raise AssertionError
    return Register(
        id=given.id,
        name=given.name,
        organisation_number=given.organisation_number,
        period_kind=given.period_kind,
        chart_of_accounts=given.chart_of_accounts,
        members=tuple(Member(m.id, m.name, m.share) for m in given.members),
        interventions=tuple(sorted((i for _, i in interventions), key=lambda i: i.order)),
        targets=tuple(t for _, t in targets),
        report_lines=tuple(sorted((line for _, line in lines), key=lambda line: (line.valid_from, line.order))),
        line_rules=tuple(sorted((rule for _, rule in rules), key=lambda rule: rule.priority)),
        codes={name: tuple(sorted((c for _, c in listed), key=lambda c: c.order)) for name, listed in codes.items()},
        report_layouts=_layouts(given),
        budget_versions={period: chosen.given() for period, chosen in given.budget_versions.items()},
        counts_from=given.counts_from,
        coverage=dict(given.coverage),
        goals=Goals(given.goals.met, given.goals.near),
        cost_kinds=cost_kinds,
        balance_lines=balance_lines,
        settings=association.settings,
        logo=logo,
        fingerprint=fingerprint(config_dir, given.report.logo),
    )


def fingerprint(config_dir: Path, logo: str | None = None) -> str:
    """SHA-256 over the names and bytes of the files `load_register` reads, in order of name; `logo` names one more."""
    besides = [config_dir / logo] if logo else []
    names = sorted(p.relative_to(config_dir).as_posix() for p in _files(config_dir) + besides)
    digest = hashlib.sha256()
    for name in names:
        content = (config_dir / name).read_bytes()
        digest.update(f"{len(name.encode())} {name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _logo(config_dir: Path, association: AssociationFile) -> bytes:
    """The picture `report.logo` names; a fault at that key when it cannot be printed."""
    name = association.values.report.logo if association.values else None
    if name is None:
        return b""
    if fault := logo_fault(config_dir / name):
        association.fault(("report", "logo"), f"report.logo: {fault}")
        return b""
    return (config_dir / name).read_bytes()


def _files(config_dir: Path) -> list[Path]:
    fixed = [
        config_dir / name for name in (FILE, "interventions.csv", "targets.csv", "report_lines.csv", "line_rules.csv", *OPTIONAL)
    ]
    return [path for path in fixed if path.is_file()] + _code_files(config_dir)


def _code_files(config_dir: Path) -> list[Path]:
    return sorted(p for p in (config_dir / "codes").glob("*.csv") if p.is_file() and not p.name.startswith((".", "~$")))


def _layouts(given: AssociationIn) -> tuple[ReportLayout, ...]:
    in_order = sorted(given.report_layouts, key=lambda layout: layout.valid_from)
    return tuple(ReportLayout(x.valid_from, _layout(x.income_statement), _layout(x.intervention_budget)) for x in in_order)


def _layout(given: LayoutIn) -> TableLayout:
    return TableLayout(given.columns, given.difference, given.unit)


def _interventions(config_dir: Path, problems: Problems) -> list[tuple[Row, Intervention]]:
    name = "interventions.csv"
    rows = read_table(config_dir / name, name, INTERVENTIONS.header, problems)
    return [(row, _intervention(row, position)) for position, row in enumerate(rows, 1)]


def _intervention(row: Row, position: int) -> Intervention:
    full_name = row.needed("name")
    return Intervention(
        id=row.needed("intervention_id"),
        name=full_name,
        short_name=row.text("short_name", full_name),
        aliases=row.values("aliases"),
        orientation=row.one_of("orientation", ORIENTATIONS),
        esf=row.yes_no("esf") or False,
        settled=row.yes_no("settled") or False,
        count_basis=row.one_of("count_basis", COUNT_BASES, "interval"),
        starts_on=row.day("starts_on"),
        ends_on=row.day("ends_on"),
        ledger_objects=row.objects("ledger_objects"),
        order=row.integer("order", position),
    )


def _targets(config_dir: Path, problems: Problems) -> list[tuple[Row, Target]]:
    name = "targets.csv"
    if not (config_dir / name).is_file():
        return []  # an association may have no targets
    rows = read_table(config_dir / name, name, TARGETS.header, problems)
    return [
        (
            row,
            Target(row.integer("year"), row.text("intervention_id"), row.one_of("measure", MEASURES), row.integer("target")),
        )
        for row in rows
    ]


def _report_lines(config_dir: Path, problems: Problems) -> list[tuple[Row, ReportLine]]:
    name = "report_lines.csv"
    return [(row, _report_line(row)) for row in read_table(config_dir / name, name, REPORT_LINES.header, problems)]


def _report_line(row: Row) -> ReportLine:
    if not row.text("valid_from"):
        row.fault("kolumnen valid_from är tom: skriv från vilken dag raden gäller, ÅÅÅÅ-MM-DD.")
    kind = row.one_of("kind", LINE_KINDS)
    return ReportLine(
        valid_from=row.day("valid_from") or checks.FIRST_DAY,
        order=row.integer("order"),
        line_id=row.needed("line_id"),
        label=row.needed("label"),
        kind=kind,
        block=row.needed("block") if kind == "line" else row.text("block"),
        sum_of=tuple((-1, part[1:].strip()) if part[0] in "-−" else (1, part) for part in row.values("sum_of")),
    )


def _line_rules(config_dir: Path, problems: Problems) -> list[tuple[Row, LineRule]]:
    name = "line_rules.csv"
    return [(row, _line_rule(row)) for row in read_table(config_dir / name, name, LINE_RULES.header, problems)]


def _line_rule(row: Row) -> LineRule:
    return LineRule(
        priority=row.integer("priority"),
        line_id=row.needed("line_id"),
        account_from=row.digits("account_from"),
        account_to=row.digits("account_to"),
        objects=row.objects("objects"),
        orientation=row.one_of("orientation", ORIENTATIONS, ""),
        settled=row.yes_no("settled"),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
    )


def _codes(config_dir: Path, problems: Problems) -> dict[str, list[tuple[Row, Code]]]:
    lists: dict[str, list[tuple[Row, Code]]] = {}
    for path in _code_files(config_dir):
        rows = read_table(path, f"codes/{path.name}", CODES.header, problems)
        lists[path.stem] = [(row, _code(path.stem, row, position)) for position, row in enumerate(rows, 1)]
    return lists


def _code(code_list: str, row: Row, position: int) -> Code:
    return Code(
        list=code_list,
        code=row.needed("code"),
        label=row.needed("label"),
        aliases=row.values("aliases"),
        group=row.text("group"),
        order=row.integer("order", position),
    )
